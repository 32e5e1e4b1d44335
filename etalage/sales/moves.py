"""To which places an order can be moved: another date of the same house, with the same tariffs, for the same money.

What costs more or less is no move: that is a refund and a new sale.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from etalage.model import extras
from etalage.model.basket import house_of
from etalage.model.checkout import Checkout, Part, Share, Shown
from etalage.model.errors import Refused
from etalage.model.sale import Line, Seat, SeatState, Tariff
from etalage.model.seating import best, labels
from etalage.ports.ticketing import Cap, Ticketing


@dataclass(frozen=True, slots=True)
class Move:
    """What the saga is asked: the share's lines as they should be, and what is shown of the date that is new in it."""

    house: str
    lines: tuple[Line, ...]
    shown: Mapping[str, Shown]


def plan(order: Checkout, old: str, new: str, houses: Callable[[str], Ticketing], shown: Shown) -> Move:
    """Where the tickets of a date go on another one; numbered seats are the best that are free. `shown`: the new date as its site shows it.

    Refuses `move_elsewhere`, `move_impossible`, `not_sold`, `price_differs`, `sale_closed`, `tariff_unknown`, `sold_out`, and
    `extra_alone` when what goes with the ticket would stay behind.
    """
    house = house_of(new)
    if house_of(old) != house or old == new:
        raise Refused("move_elsewhere", "Tickets can be moved to another date of the same house.", where=new)
    share = next((one for one in order.shares if one.house == house), None)
    if share is None:
        raise Refused("share_unknown", "This house has no part in that order.", where=house)
    for lines in (share.wanted, share.lines):  # asked before
        dates = {line.performance for line in lines if line.key not in share.gone}
        if new in dates and old not in dates:
            return Move(house, lines, {})
    moving = [line for line in share.lines if line.performance == old and line.key not in share.gone]
    if share.state is not Part.CONFIRMED or not moving:
        raise Refused("not_sold", "There is nothing sold here that could be moved now.", where=old)
    if old in order.participants:
        raise Refused(
            "move_impossible", "Who enrolled answered for that course. Refund it, and let them enrol anew.", where=old
        )
    ticketing = houses(house)
    if Cap.MOVE not in ticketing.caps:
        raise Refused(
            "move_impossible",
            "The system of this house cannot move tickets. Refund them, and sell new ones.",
            where=house,
        )
    tariffs = {one.id: one for one in ticketing.tariffs(new)}
    if not tariffs:
        raise Refused("sale_closed", "This performance is not on sale now.", where=new)
    prices = _prices(order, share, old, moving, ticketing)
    _examine(moving, prices, tariffs)
    is_seated = any(tariffs[line.tariff].seated for line in moving)
    plan_of = ticketing.seatmap(new) if is_seated else ()
    was = {seat.id: seat for seat in ticketing.seatmap(old)} if is_seated else {}
    seats = _seats(moving, tariffs, plan_of, was)
    lines = tuple(
        replace(line, performance=new, seat=seats.get(line.key, "")) if line in moving else line for line in share.lines
    )
    extras.examine([extras.Row(line.performance, 1, _extra(line, ticketing)) for line in lines])
    names = labels(plan_of)
    here = {line.seat: names[line.seat] for line in lines if line.performance == new and line.seat}
    before, known = order.shown.get(old, Shown()), order.shown.get(new, shown)
    told = replace(
        known, seats={**known.seats, **here}, tariffs={**known.tariffs, **before.tariffs},
        prices={**known.prices, **{line.tariff: tariffs[line.tariff].price.cents for line in moving}},
        vat={**known.vat, **{line.tariff: rate for line in moving if (rate := tariffs[line.tariff].vat) is not None}},
    )  # fmt: skip
    return Move(house, lines, {new: told})


def _extra(line: Line, house: Ticketing) -> extras.Extra | None:
    """What a place goes with, as far as it is still on sale."""
    return next((one.extra for one in house.tariffs(line.performance) if one.id == line.tariff), None)


def _prices(order: Checkout, share: Share, old: str, moving: Sequence[Line], ticketing: Ticketing) -> Mapping[str, int]:
    """Tariff → what a place cost when it was sold; else what the house asks now; else, of one tariff alone, what was paid."""
    known = order.shown.get(old, Shown()).prices
    if all(line.tariff in known for line in moving):
        return known
    asked = {one.id: one.price.cents for one in ticketing.tariffs(old)}
    if all(line.tariff in asked for line in moving):
        return asked
    if len(moving) == len(share.lines) and len({line.tariff for line in moving}) == 1:
        return {moving[0].tariff: share.amount.cents // len(moving)}
    raise Refused("price_differs", "What these tickets cost is not known any more, so they cannot be moved.", where=old)


def _examine(moving: Sequence[Line], prices: Mapping[str, int], tariffs: Mapping[str, Tariff]) -> None:
    for line in moving:
        if line.price is not None or line.tariff not in tariffs:
            raise Refused("tariff_unknown", "This price is not there on the other date.", where=line.tariff)
        there, here = tariffs[line.tariff].price.cents, prices[line.tariff]
        if there != here:
            say = "It cost %(here)s, and costs %(there)s on the other date. Refund it, and sell it anew."
            detail = {"here": f"{here / 100:.2f}", "there": f"{there / 100:.2f}"}
            raise Refused("price_differs", say, where=line.tariff, detail=detail)


def _seats(
    moving: Sequence[Line], tariffs: Mapping[str, Tariff], hall: Sequence[Seat], was: Mapping[str, Seat]
) -> dict[str, str]:
    """Key of a line → its seat: the best that are free; who had a wheelchair's place, or sat beside it, has one again."""
    groups: dict[tuple[str, bool, bool], list[str]] = {}
    for line in moving:
        if tariffs[line.tariff].seated:
            seat = was.get(line.seat, Seat(id=""))
            groups.setdefault((line.tariff, seat.wheelchair, seat.companion), []).append(line.key)
    found: dict[str, str] = {}
    for (tariff, wheelchair, companion), keys in groups.items():
        free = [seat for seat in hall if seat.state is SeatState.FREE and seat.id not in found.values()]
        if wheelchair or companion:
            alike = [seat.id for seat in free if (seat.wheelchair, seat.companion) == (wheelchair, companion)]
            if len(alike) < len(keys):
                raise Refused("sold_out", "There are not so many places left.", where=tariff)
            chosen: Sequence[str] = alike[: len(keys)]
        else:
            chosen = best(
                [seat if seat in free else replace(seat, state=SeatState.TAKEN) for seat in hall], len(keys), tariff
            )
        found |= dict(zip(keys, chosen, strict=True))
    return found
