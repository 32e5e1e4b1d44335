"""The basket for people: what is in it, until when the houses keep it, and every change of it. Works without JavaScript."""

from collections.abc import Mapping, Sequence
from functools import partial

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from etalage.model.basket import Basket, Priced, Wish, house_of
from etalage.model.errors import EtalageError, Unavailable
from etalage.model.shelf import Item
from etalage.sales import rounds
from etalage.sales.passes import event_of
from etalage.sales.quote import total
from functions import choose, cookies, extras, frames, letterbox, waiting
from functions.answers import PRIVATE, explain
from functions.clocks import seconds, time_of
from functions.frames import Place
from functions.pressed import Form, change, unsold
from functions.quote import name_of
from functions.sale import count, in_agenda, sale_of, seat_names
from functions.serving import serve
from functions.shelves import Voice
from functions.sums import euros

MOST_CHANGES = 120
MOST_BESIDE = 3
"""So many dates of what goes with a ticket are named in the basket."""


class Line(msgspec.Struct, frozen=True):
    """A line as the page shows it."""

    number: int
    item: Item
    tariff: str
    seats: str
    quantity: int
    numbers: Sequence[int]
    price: str
    sum: str
    extras: Sequence[Item] = ()
    """What goes with it and is not in the basket yet."""
    why: str = ""
    """Why it cannot be bought now."""
    takes: str = ""
    """What kind of passes its house takes: "uitpas", "card"; "" for none, or where nothing can be reduced."""
    given: str = ""
    """The tariff that a pass reduces, as forms name it."""
    reduced: bool = False


class Stall(msgspec.Struct, frozen=True):
    """What is in the basket of one house."""

    name: str
    lines: Sequence[Line]


async def show(request: Request) -> Response:
    """GET /basket."""
    return await page(request, frames.place_of(request))


async def act(request: Request) -> Response:
    """POST /basket: change it, and go on to where it was asked."""
    letterbox.from_our_page(request)
    count(request, "basket", MOST_CHANGES)
    form = await letterbox.read_form(request, Form)
    place, sale = frames.place_of(request), sale_of(request)
    left = await run_in_threadpool(unsold, sale, form.order) if form.act == "again" else ()
    wants = [*form.p, *form.xp] if form.act == "add" else [wish.performance for wish in left]
    if stop := await waiting.admitted(request, wants):
        return stop
    token = cookies.basket_of(request) or sale.baskets.new()
    try:
        basket = await serve(sale.saga.records, partial(change, request, place, token, form, left))
    except EtalageError as no:
        return await _refused(request, place, form, no)
    ways = {"checkout": "checkout", "choose": f"choose?p={form.p[0]}" if form.p else "basket"}
    answer = RedirectResponse(place.way(ways.get(form.then, "basket")), 303, headers=PRIVATE)
    cookies.remember(answer, request, place, token, basket.places)
    return answer


async def page(
    request: Request, place: Place, *, problem: str = "", status: int = 200
) -> Response:  # fmt: skip
    """The basket as it is now."""
    sale, voice, token = sale_of(request), Voice(place.shelf), cookies.basket_of(request)
    basket = await run_in_threadpool(sale.baskets.show, token, place.shelf.site) if token else None
    seen = await look(request, place, basket) if basket and basket.wishes else None
    heading = voice.say("Basket")
    if basket is None or seen is None:
        answer = frames.page(request, place, "empty.html", status, PRIVATE, heading=heading, problem=problem)
        if token:
            cookies.forget(answer, place)
        return answer
    now = sale.saga.clock()
    answer = frames.page(
        request, place, "basket.html", status, PRIVATE, heading=heading, problem=problem or ("" if seen.mixed else seen.problem), seen=seen,
        kept=basket.is_kept(now), until=time_of(basket.until, place), left=seconds(basket.until, now), waiting=bool(basket.order),
    )  # fmt: skip
    cookies.remember(answer, request, place, token, basket.places)
    return answer


class Due(msgspec.Struct, frozen=True):
    """One of several payments of a basket. `free`: the houses whose places cost nothing and come with it."""

    house: str
    sum: str
    free: Sequence[str]


class Seen(msgspec.Struct, frozen=True):
    """A basket with its words and sums. `problem`: why it cannot be bought as it is; then there is no `total`.

    `mixed`: some of it could be bought without the rest. `dues`: the payments, where there are several.
    """

    stalls: Sequence[Stall]
    total: str
    cents: int
    problem: str = ""
    mixed: bool = False
    dues: Sequence[Due] = ()


async def look(request: Request, place: Place, basket: Basket) -> Seen:
    """Ask the houses what is in it costs now."""
    sale, voice = sale_of(request), Voice(place.shelf)
    items, past = _items(request, basket, place)
    answers = await run_in_threadpool(sale.quotes.each, basket.wishes)
    lines = [past.get(wish.performance, answer) for wish, answer in zip(basket.wishes, answers, strict=True)]
    seats = await run_in_threadpool(seat_names, sale, basket.wishes)
    stalls = _stalls(request, lines, basket, items, seats, place)
    priced = [line for line in lines if isinstance(line, Priced)]
    try:
        for line in lines:
            if isinstance(line, EtalageError):
                raise line
        quote = total(priced)
    except EtalageError as no:
        return Seen(stalls, "", 0, explain(no, voice), 0 < len(priced) < len(lines))
    language = place.shelf.language
    portions = rounds.portions(quote, sale.each(place.shelf.site, basket.wishes))
    names = {house_of(id): item.house or place.shelf.name for id, item in items.items()}
    dues = [
        Due(
            names[one.house],
            euros(one.total.cents, language),
            [names[house] for house in one.houses if house != one.house],
        )
        for one in portions
    ]
    return Seen(stalls, euros(quote.total.cents, language), quote.total.cents, dues=dues if len(dues) > 1 else ())


def _items(request: Request, basket: Basket, place: Place) -> tuple[dict[str, Item], dict[str, EtalageError]]:
    """The dates in it as the site shows them, and why not of those that it does not show as a date to come."""
    items, past = dict[str, Item](), dict[str, EtalageError]()
    for one in dict.fromkeys(wish.performance for wish in basket.wishes):
        try:
            items |= in_agenda(request, [one], place.shelf.language)
        except EtalageError as no:
            title = Voice(place.shelf).say("A date that is not in our agenda any more")
            items[one], past[one] = place.shelf.items.get(one, Item(id=one, title=title, url="")), no
    return items, past


def _stalls(
    request: Request, lines: Sequence[Priced | EtalageError], basket: Basket, items: Mapping[str, Item],
    names: Mapping[str, Mapping[str, str]], place: Place,
) -> list[Stall]:  # fmt: skip
    language, stalls = place.shelf.language, dict[str, list[Line]]()
    offered = {*items}
    for number, (priced, wish) in enumerate(zip(lines, basket.wishes, strict=True)):
        item = items[wish.performance]
        stall = stalls.setdefault(item.house or place.shelf.name, [])
        if isinstance(priced, EtalageError):  # to be taken out, so that the rest can be bought
            why = explain(priced, Voice(place.shelf))
            takes = _takes(request, wish, item) if wish.entitlement else ""
            stall.append(Line(number, item, "", "", wish.number, (), "", "", why=why, takes=takes, given=wish.tariff))
            continue
        tariff = next(one for one in priced.tariffs if one.id == priced.tariff)
        most = max(choose.MOST, wish.number)
        fresh = []
        for beside in (extras.dates_of(request, place.shelf, dates, item) for dates in sorted(tariff.extras, key=len)):
            if offered.isdisjoint(beside):
                fresh += [*beside.values()][:MOST_BESIDE]
            offered |= beside.keys()
        line = Line(
            number=number, item=item, tariff=name_of(tariff, language), seats=", ".join(names.get(wish.performance, {}).get(seat, seat) for seat in wish.seats), quantity=wish.number,
            numbers=() if wish.seats or wish.entitlement else range(1, most + 1), price=euros(priced.price, language),
            sum=euros(priced.price * wish.number, language), extras=fresh, given=wish.tariff,
            takes=_takes(request, wish, item) if priced.full else "", reduced=bool(wish.entitlement),
        )  # fmt: skip
        stall.append(line)
    return [Stall(name, found) for name, found in stalls.items()]


def _takes(request: Request, wish: Wish, item: Item) -> str:
    """Which passes reduce a line; "" where none does."""
    known = sale_of(request).passes.systems.get(house_of(wish.performance), {})
    return next((name for name, one in known.items() if event_of(one, wish.performance, item.keys)), "")


async def _refused(request: Request, place: Place, form: Form, no: EtalageError) -> Response:
    """The page where it was pressed, with why it cannot be."""
    problem = explain(no, Voice(place.shelf))
    status = (
        503 if isinstance(no, Unavailable) else 409 if no.code in ("sold_out", "sale_closed", "already_paid") else 422
    )
    if form.act == "add" and len(form.p) == 1 and form.t:
        given = (
            *((form.p[0], *one) for one in zip(form.t, form.n, strict=False)),
            *zip(form.xp, form.xt, form.xn, strict=False),
        )
        chosen = {
            f"{id} {tariff}": int(number)
            for id, tariff, number in given
            if number.isascii() and number.isdigit() and len(number) < 4
        }
        return await choose.page(request, place, form.p[0], problem=problem, status=status, chosen=chosen)
    return await page(request, place, problem=problem, status=status)


def routes(folder: str) -> list[Route]:
    """The pages under a folder."""
    return [
        Route(f"{folder}/choose", choose.choose, methods=["GET"]),
        Route(f"{folder}/basket", show, methods=["GET"]),
        Route(f"{folder}/basket", act, methods=["POST"]),
    ]
