"""Checkout for people: who the tickets are for, and on to the payment page. E-mail and name, nothing else is asked; of a house
that wants it also the postcode, which one need not give.

Who enrols for a course is also asked, of each participant, what its house wrote down (functions/enrolling.py).
"""

from collections.abc import Mapping
from functools import partial

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from etalage.model import headers
from etalage.model.basket import Basket, house_of
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.sale import Buyer
from etalage.sales.counter import Place as Where
from functions import basket, checkout, clocks, cookies, enrolling, frames, letterbox, waiting
from functions.answers import PRIVATE, explain
from functions.frames import Place
from functions.letterbox import Mistake
from functions.links import FORM, foreign
from functions.sale import base_of, count, in_agenda, sale_of, shown
from functions.serving import serve
from functions.shelves import Voice

MOST = 60


class Form(msgspec.Struct, forbid_unknown_fields=True):
    """What is filled in. `form` says that the form is ours; `consent`: houses that may send news; `q`: answers of participants."""

    form: str
    email: str = ""
    name: str = ""
    postcode: str = ""
    consent: tuple[str, ...] = ()
    q: dict[str, str] = {}


async def show(request: Request) -> Response:
    """GET /checkout: the form; an empty basket leads to the basket."""
    place = frames.place_of(request)
    known = await _basket(request, place)
    if known is None:
        return RedirectResponse(place.way("basket"), 303, headers=PRIVATE)
    if stop := await waiting.admitted(request, [wish.performance for wish in known.wishes]):
        return stop
    return await page(request, place, known, Form(form=""))


async def act(request: Request) -> Response:
    """POST /checkout: take the basket, and on to where it is paid. Pressed twice it is one order."""
    letterbox.from_our_page(request)
    count(request, "checkout", MOST)
    form = await letterbox.read_form(request, Form)
    place, sale, token = frames.place_of(request), sale_of(request), cookies.basket_of(request)
    known = await _basket(request, place)
    if known is None:
        return RedirectResponse(place.way("basket"), 303, headers=PRIVATE)
    if sale.links.read_form(form.form) != known.id:
        raise foreign()
    if stop := await waiting.admitted(request, [wish.performance for wish in known.wishes]):
        return stop
    language = place.shelf.language
    enrolments = enrolling.of(request, (wish.performance for wish in known.wishes), language)
    if _mistakes(form, place) or _asked(request, place, known, form, judged=True)[1]:
        return await page(request, place, known, form, judged=True, status=422)
    buyer = Buyer(email=checkout.email(form.email), name=checkout.name(form.name), language=checkout.language(language))
    items = in_agenda(request, (wish.performance for wish in known.wishes), language)
    what = await run_in_threadpool(shown, sale, items, known.wishes)
    here = f"{request.url.scheme}://{request.url.netloc}"
    where = Where(
        site=place.shelf.site, back=f"{here}{place.way('order/{token}')}", provider=sale.provider_at(place.shelf.site), shown=what,
        participants=enrolling.read(enrolments, known.wishes, form.q), postcode=checkout.postcode(form.postcode, sale, items),
        hook=f"{base_of(request)}api/payments/{{provider}}/webhook", each=sale.each(place.shelf.site, known.wishes),
    )  # fmt: skip
    houses = {house_of(wish.performance) for wish in known.wishes}
    consent = tuple(house for house in form.consent if house in houses)
    try:
        take = partial(sale.baskets.take, token, place.shelf.site, buyer, consent, where)
        order, taken = await serve(sale.saga.records, take)
    except EtalageError as no:
        status = 503 if isinstance(no, Unavailable) else 409
        return await basket.page(request, place, problem=explain(no, Voice(place.shelf)), status=status)
    return RedirectResponse(taken.pay_url or place.way(f"order/{order}"), 303, headers=PRIVATE)


async def page(
    request: Request, place: Place, known: Basket, form: Form, *, judged: bool = False, status: int = 200
) -> Response:  # fmt: skip
    """The form with what was filled in; `judged`, also with what is wrong with it."""
    sale, voice = sale_of(request), Voice(place.shelf)
    seen = await basket.look(request, place, known)
    if seen.problem:
        return await basket.page(request, place, problem=seen.problem, status=status)
    now = sale.saga.clock()
    sheets, doubts = _asked(request, place, known, form, judged=judged)
    site = place.shelf.site
    takers = sorted({*sale.each(site, known.wishes).values()}) or [sale.provider_at(site)]
    policy = {
        "content-security-policy": headers.leading_to(*(page for one in takers for page in sale.providers[one].pages))
    }
    own, houses = _mistakes(form, place) if judged else [], _houses(request, place, known)
    return frames.page(
        request, place, "checkout.html", status, PRIVATE | policy, heading=voice.say("Checkout"), seen=seen, given=form,
        sheets=sheets, mistakes=[*doubts, *own], wrong={"email": "", "name": ""} | {one.field: one.words for one in own}, houses=houses,
        curious=[name for id, name in houses.items() if id in sale.postcodes],
        form=sale.links.sign(FORM, known.id), kept=known.is_kept(now), until=clocks.time_of(known.until, place),
        left=clocks.seconds(known.until, now),
    )  # fmt: skip


async def _basket(request: Request, place: Place) -> Basket | None:
    """What is in the visitor's basket; None when there is nothing in it."""
    token = cookies.basket_of(request)
    known = await run_in_threadpool(sale_of(request).baskets.show, token, place.shelf.site) if token else None
    return known if known and known.wishes else None


def _mistakes(form: Form, place: Place) -> list[Mistake]:
    """What must be mended, each with its field."""
    found, voice = [], Voice(place.shelf)
    for field, read, given in (("email", checkout.email, form.email), ("name", checkout.name, form.name)):
        try:
            read(given)
        except Refused as no:
            found.append(Mistake(field, voice.say(no.say)))
    return found


def _asked(
    request: Request, place: Place, known: Basket, form: Form, *, judged: bool
) -> tuple[list[enrolling.Sheet], list[Mistake]]:  # fmt: skip
    """What is asked of who enrols, and what is wrong with it; nothing of who buys tickets."""
    language = place.shelf.language
    items = in_agenda(request, (wish.performance for wish in known.wishes), language)
    enrolments = enrolling.of(request, items, language)
    return enrolling.sheets(enrolments, known.wishes, items, form.q, place, judged=judged)


def _houses(request: Request, place: Place, known: Basket) -> Mapping[str, str]:
    """The houses of a basket by id, with their names."""
    items = in_agenda(request, (wish.performance for wish in known.wishes), place.shelf.language)
    return {house_of(id): item.house or place.shelf.name for id, item in items.items()}


def routes(folder: str) -> list[Route]:
    """The page under a folder."""
    return [
        Route(f"{folder}/checkout", show, methods=["GET"]),
        Route(f"{folder}/checkout", act, methods=["POST"]),
    ]
