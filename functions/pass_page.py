"""A pass, for people: its number is typed beside a line of the basket, what it may have is shown, one of it is chosen or nothing.

The number comes in the body of a form, and stands on no page: who has to type it again does so.
"""

from collections.abc import Sequence

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from etalage.model.basket import Basket, Priced, Wish, house_of, reduce
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.house import Contact
from functions import basket, cookies, frames, letterbox, passes
from functions.answers import PRIVATE, explain
from functions.frames import Place
from functions.passes import Offer
from functions.pressed import read_number
from functions.quote import name_of
from functions.sale import Sale, count, in_agenda, sale_of
from functions.shelves import Voice
from functions.sums import euros

MOST_CHOICES = 60


class Form(msgspec.Struct, forbid_unknown_fields=True):
    """What is pressed. `act`: ask with a `number`, take an `entitlement` of a `quote` for `n` places, or none.

    `line` is the line of the basket, `p` and `t` what stood there: another tab may have changed it since.
    """

    act: str
    line: str
    p: str
    t: str
    number: str = ""
    quote: str = ""
    entitlement: str = ""
    n: str = "1"


class Choice(msgspec.Struct, frozen=True):
    """What may be chosen instead of the regular price; `most`: for so many tickets."""

    id: str
    name: str
    price: str
    most: int


async def act(request: Request) -> Response:
    """POST /pass."""
    letterbox.from_our_page(request)
    form = await letterbox.read_form(request, Form)
    place, sale, token = frames.place_of(request), sale_of(request), cookies.basket_of(request)
    known = await run_in_threadpool(sale.baskets.show, token, place.shelf.site) if token else None
    at = read_number(form.line, 99)
    wishes = known.wishes if known else ()
    if known is None or at >= len(wishes) or (wishes[at].performance, wishes[at].tariff) != (form.p, form.t):
        return RedirectResponse(place.way("basket"), 303, headers=PRIVATE)
    if form.act == "ask":
        count(request, "pass", passes.MOST)
        return await _ask(request, place, known, at, form)
    count(request, "pass-choice", MOST_CHOICES)
    try:
        after = await run_in_threadpool(_change, sale, place, token, at, form)
    except EtalageError as no:
        status = 503 if isinstance(no, Unavailable) else 409
        return await basket.page(request, place, problem=explain(no, Voice(place.shelf)), status=status)
    answer = RedirectResponse(place.way("basket"), 303, headers=PRIVATE)
    cookies.remember(answer, request, place, token, after.places)
    return answer


async def _ask(request: Request, place: Place, known: Basket, at: int, form: Form) -> Response:
    """Ask the pass's own system; the page says what it may have, or why there is nothing to choose and what one can do."""
    sale, voice, wish = sale_of(request), Voice(place.shelf), known.wishes[at]
    plain = msgspec.structs.replace(wish, quote="", entitlement="")
    items = in_agenda(request, [wish.performance], place.shelf.language)
    offer, problem, silent, status = Offer("", (), ""), "", False, 200
    try:
        offer = await passes.ask(sale, plain, items, form.number, place.shelf.language)
    except Unavailable as no:
        silent, status = True, 503
        problem = voice.say("The system of the passes does not answer now.") if _is_of_pass(no) else explain(no, voice)
    except Refused as no:
        problem, status = explain(no, voice), 409 if no.code == "discount_refused" else 422
    found = await run_in_threadpool(sale.quotes.each, [plain])
    line = found[0] if isinstance(found[0], Priced) else None
    tariff = next((one for one in line.tariffs if one.id == line.tariff), None) if line else None
    language = place.shelf.language
    return frames.page(
        request, place, "pass.html", status, PRIVATE, heading=voice.say("Your pass"), problem=problem, silent=silent, offer=offer,
        item=items[wish.performance], wish=wish, line=at, choices=_choices(offer, language), numbers=_numbers(offer, wish), regular=euros(line.price, language) if line else "",
        tariff=name_of(tariff, language) if tariff else "", desk=_desk(sale, wish),
    )  # fmt: skip


def _is_of_pass(no: Unavailable) -> bool:
    return no.code.startswith("discount_")


def _choices(offer: Offer, language: str) -> list[Choice]:
    return [Choice(one.id, one.name, euros(one.price.cents, language), one.remaining) for one in offer.entitlements]


def _numbers(offer: Offer, wish: Wish) -> Sequence[int]:
    """For how many tickets of a line one may choose."""
    most = max((one.remaining for one in offer.entitlements), default=0)
    return range(1, min(most, wish.number) + 1)


def _desk(sale: Sale, wish: Wish) -> Contact | None:
    """Where one may reserve at the house of a line, to pay at its desk."""
    return sale.desks.get(house_of(wish.performance))


def _change(sale: Sale, place: Place, token: str, at: int, form: Form) -> Basket:
    """The basket with what was chosen for a line."""
    site = place.shelf.site
    wishes = sale.baskets.show(token, site).wishes
    others = [*wishes[:at], *wishes[at + 1 :]]
    if form.act == "take" and form.entitlement:
        left = sale.passes.left(form.quote, form.entitlement, others)
        number = max(1, min(read_number(form.n, 50), wishes[at].number, left))
        wish = msgspec.structs.replace(reduce(wishes, at, number, form.quote, form.entitlement)[at], quantity=number)
        chosen = sale.passes.chosen(msgspec.structs.replace(wish, seats=(), quantity=number), others)
        return sale.baskets.fill(token, site, reduce(wishes, at, number, chosen.quote, chosen.entitlement))
    return sale.baskets.fill(token, site, reduce(wishes, at, 0, "", ""))


def routes(folder: str) -> list[Route]:
    """The page under a folder."""
    return [Route(f"{folder}/pass", act, methods=["POST"])]
