"""POST /api/checkout: take a basket, once per Idempotency-Key, and say where to pay."""

import re
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.basket import house_of
from etalage.model.checkout import Checkout
from etalage.model.enrolment import Participant
from etalage.model.errors import Refused
from etalage.model.sale import Buyer
from etalage.sales import rounds
from etalage.sales.counter import Order, Place
from functions import enrolling, letterbox, turns, waiting
from functions.answers import PRIVATE
from functions.contract import LineSent
from functions.sale import Sale, base_of, count, in_agenda, origin, sale_of, shown
from functions.serving import serve

MOST = 60
_ADDRESS = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190}\.[^@\s.\x00-\x1f]{2,60}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Who(msgspec.Struct, forbid_unknown_fields=True):
    """Who buys: no more is asked than the tickets need."""

    email: str
    name: str
    postcode: str = ""


class CheckoutBody(msgspec.Struct, forbid_unknown_fields=True):
    """What is sent to buy. `participants`: performance → who enrols for it, one for each place; `aware`: of another age all the same."""

    lines: list[LineSent]
    buyer: Who
    consent: list[str] = []
    language: str = "nl"
    participants: dict[str, list[Participant]] = {}
    aware: bool = False


async def checkout(request: Request) -> Response:
    """201 with the order's token and the page to pay on; "" when there is nothing to pay."""
    letterbox.from_our_page(request)
    count(request, "checkout", MOST)
    body = await letterbox.read_json(request, CheckoutBody)
    buyer = Buyer(email=email(body.buyer.email), name=name(body.buyer.name), language=language(body.language))
    sale = sale_of(request)
    wishes = tuple(line.wish() for line in body.lines)
    if any(wish.quote for wish in wishes):
        wishes = await run_in_threadpool(sale.passes.read, wishes)
    order = Order(lines=wishes, buyer=buyer, language=body.language, consent=tuple(body.consent))
    items = in_agenda(request, (line.performance for line in body.lines), body.language)
    if wait := await waiting.admitted(request, items):
        return wait
    who = {performance: tuple(people) for performance, people in body.participants.items()}
    enrolling.examine(enrolling.of(request, items, body.language), wishes, who, aware=body.aware)
    here = origin(request)
    site = request.path_params.get("site", "")
    place = Place(
        site=site, back=f"{here}order/{{token}}", provider=sale.provider_at(site), hook=f"{base_of(request)}api/payments/{{provider}}/webhook",
        each=sale.each(site, wishes), participants=who, postcode=postcode(body.buyer.postcode, sale, items),
    )  # fmt: skip

    def take() -> tuple[str, Checkout, rounds.Round]:
        where = replace(place, shown=shown(sale, items, wishes))
        token, taken = sale.counter.take(order, where, request.headers.get("idempotency-key", ""))
        return token, taken, rounds.show(sale.saga, taken)

    token, taken, found = await serve(sale.saga.records, take)
    return JSONResponse(
        answer(token, taken) | turns.told(sale, found), 201, {**PRIVATE, "location": f"{here}api/orders/{token}"}
    )


def answer(token: str, taken: Checkout) -> dict[str, object]:
    """What a buyer is told."""
    return {
        "order": token, "pay_url": taken.pay_url, "expires": taken.window.isoformat() if taken.window else None,
        "total": taken.total.cents, "currency": taken.total.currency, "state": taken.state.value,
    }  # fmt: skip


def email(given: str) -> str:
    """Read where the tickets go; refuses `email_wrong`."""
    if not _ADDRESS.fullmatch(given := given.strip()):
        raise Refused("email_wrong", "This is no e-mail address. The tickets go there.")
    return given


def name(given: str) -> str:
    """Read who buys; refuses `name_missing`."""
    given = " ".join(given.split())
    if not given or len(given) > 120 or _CONTROL.search(given):
        raise Refused("name_missing", "Write your name, as it may stand on a ticket.")
    return given


def postcode(given: str, sale: Sale, performances: Iterable[str]) -> str:
    """Read where the buyer lives, where a house asks that; what is no postcode is left out, for it keeps nobody from buying."""
    plain = "".join(given.split()).upper()
    asked = any(house_of(one) in sale.postcodes for one in performances)
    return plain if asked and plain.isascii() and plain.isalnum() and 3 <= len(plain) <= 8 else ""


def language(given: str) -> str:
    """Read in what language we write; refuses `language_unknown`."""
    if given not in ("nl", "fr", "en", "de"):
        raise Refused("language_unknown", "We write nl, fr, en and de.")
    return given
