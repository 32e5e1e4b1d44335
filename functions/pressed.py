"""What is pressed on the pages of the counter, the places that it means, and what it changes in a basket."""

from collections.abc import Callable, Collection, Sequence

import msgspec
from starlette.requests import Request

from etalage.model import seating
from etalage.model.basket import Basket, Wish, add, house_of
from etalage.model.errors import Refused
from etalage.model.sale import Seat, SeatState
from etalage.ports.ticketing import Ticketing
from etalage.sales import rounds
from functions.frames import Place
from functions.links import ORDER
from functions.sale import Sale, in_agenda, sale_of


class Form(msgspec.Struct, forbid_unknown_fields=True):
    """What is pressed. `act`: add, again, change, remove, extend, keep, empty; `then`: where to go on.

    `again` is what was not sold of the round of an `order`, as its page has its token.
    `add` with one `p` has tariffs `t` with their numbers `n`, and perhaps seats; with several it means one place each.
    What goes with it comes as `xp`, `xt`, `xn`: its date, tariff and number. `change` and `remove` name a line by its number in `line`.
    """

    act: str
    then: str = ""
    line: str = ""
    p: tuple[str, ...] = ()
    t: tuple[str, ...] = ()
    n: tuple[str, ...] = ()
    seat: tuple[str, ...] = ()
    xp: tuple[str, ...] = ()
    xt: tuple[str, ...] = ()
    xn: tuple[str, ...] = ()
    order: str = ""


def wanted(sale: Sale, form: Form) -> list[Wish]:
    """What is to be put in; refuses `nothing_chosen`, `seats_differ`."""
    if not form.t:
        return [Wish(performance=one) for one in dict.fromkeys(form.p)]
    if len(form.p) != 1 or len(form.t) != len(form.n):
        raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": "p, t, n"})
    numbers = {tariff: read_number(number, 50) for tariff, number in zip(form.t, form.n, strict=True)}
    chosen = {tariff: number for tariff, number in numbers.items() if number}
    beside = _beside(form)
    if not chosen and not beside:
        raise Refused("nothing_chosen", "Choose how many tickets you want.")
    id = form.p[0]
    seated, plan = sale.quotes.ask(house_of(id), _hall(id, chosen)).result()
    places = sum(number for tariff, number in chosen.items() if tariff in seated)
    if form.seat and len(form.seat) != places:
        raise Refused("seats_differ", "You chose %(tickets)s tickets and %(seats)s seats. Choose as many of both.", detail={"tickets": str(places), "seats": str(len(form.seat))})  # fmt: skip
    seats, wanted = list(form.seat), []
    for tariff, number in chosen.items():
        if tariff not in seated:
            wanted.append(Wish(performance=id, tariff=tariff, quantity=number))
            continue
        mine = tuple(seats[:number]) if seats else seating.best(_without(plan, wanted), number, tariff)
        del seats[:number]
        wanted.append(Wish(performance=id, tariff=tariff, seats=mine))
    return [*wanted, *beside]


def unsold(sale: Sale, token: str) -> tuple[Wish, ...]:
    """What was not sold of the orders that were paid in turn with this one; refuses `order_unknown`."""
    try:
        known = sale.counter.show(sale.links.read(ORDER, token))
    except Refused as no:
        raise Refused("order_unknown", "This order is not here.") from no
    return rounds.again(rounds.show(sale.saga, known))


def change(request: Request, place: Place, token: str, form: Form, left: tuple[Wish, ...]) -> Basket:
    """Do what was pressed with the basket of a token; `left`: what is to be had again."""
    baskets, quotes, site = sale_of(request).baskets, sale_of(request).quotes, place.shelf.site
    if form.act == "extend":
        return baskets.extend(token, site)
    known = baskets.show(token, site).wishes
    if form.act == "empty":
        return baskets.fill(token, site, ())
    if form.act == "keep":
        return baskets.fill(token, site, known)
    if form.act == "again":
        there = {wish.performance for wish in known}
        chosen = [wish for wish in left if wish.performance not in there]
        in_agenda(request, (wish.performance for wish in chosen), place.shelf.language)
        return baskets.fill(token, site, (*known, *chosen))
    if form.act == "add":
        chosen = wanted(sale_of(request), form)
        in_agenda(request, (wish.performance for wish in chosen), place.shelf.language)
        return baskets.fill(token, site, add(known, chosen))
    at = read_number(form.line, len(known) - 1)
    if form.act == "remove":
        return baskets.leave(token, site, quotes.fit([*known[:at], *known[at + 1 :]]))
    if form.act == "change" and form.n:
        changed = msgspec.structs.replace(known[at], quantity=max(1, read_number(form.n[0], 50)))
        return baskets.fill(token, site, quotes.fit([*known[:at], changed, *known[at + 1 :]]))
    raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": "act"})


def _beside(form: Form) -> list[Wish]:
    """What was chosen to go with it."""
    if not len(form.xp) == len(form.xt) == len(form.xn):
        raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": "xp, xt, xn"})
    found = [
        (id, tariff, read_number(number, 50)) for id, tariff, number in zip(form.xp, form.xt, form.xn, strict=True)
    ]
    return [Wish(performance=id, tariff=tariff, quantity=number) for id, tariff, number in found if number]


def _hall(id: str, chosen: Collection[str]) -> Callable[[Ticketing], tuple[set[str], Sequence[Seat]]]:
    """What a house is asked: which of its tariffs are for numbered seats, and the plan where one of them is chosen."""

    def ask(house: Ticketing) -> tuple[set[str], Sequence[Seat]]:
        seated = {one.id for one in house.tariffs(id) if one.seated}
        return seated, house.seatmap(id) if seated.intersection(chosen) else ()

    return ask


def _without(plan: Sequence[Seat], wanted: Sequence[Wish]) -> list[Seat]:
    """The plan as if these were sold."""
    gone = {seat for wish in wanted for seat in wish.seats}
    return [msgspec.structs.replace(seat, state=SeatState.TAKEN) if seat.id in gone else seat for seat in plan]


def read_number(text: str, most: int) -> int:
    """A whole number of `most` at most; refuses `body_wrong`."""
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= most):
        raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": "a number"})
    return int(text)
