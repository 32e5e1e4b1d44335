"""Which tickets of an order can be given back, with what goes with them, and what was paid for each."""

from collections.abc import Callable, Collection, Mapping

from etalage.model import extras
from etalage.model.checkout import Checkout, Part, Share, Shown
from etalage.model.errors import Refused
from etalage.model.money import parts_of
from etalage.model.sale import Line
from etalage.ports.ticketing import Cap, Ticketing

Pieces = Mapping[str, Mapping[str, int]]
"""House → key of a line → its cents: what is to go back of each share."""


def of_tickets(order: Checkout, codes: Collection[str], houses: Callable[[str], Ticketing]) -> Pieces:
    """What goes back for the tickets with these codes; nothing for those that went back already.

    Refuses `ticket_unknown`, and as `of_lines` does.
    """
    named = {ticket.code: (share, ticket.line) for share in order.shares for ticket in share.tickets}
    if strange := sorted(set(codes) - named.keys()):
        raise Refused("ticket_unknown", "There is no such ticket in this order.", where=order.key, detail={"code": strange[0]})  # fmt: skip
    wanted: dict[str, set[str]] = {}
    for share, line in (named[code] for code in codes):
        wanted.setdefault(share.house, set()).add(line)
    return of_lines(order, wanted, houses)


def of_performance(order: Checkout, performance: str) -> dict[str, set[str]]:
    """House → its lines for a performance that are not given back yet."""
    found = {
        share.house: {line.key for line in living(share) if line.performance == performance} for share in order.shares
    }
    return {house: lines for house, lines in found.items() if lines}


def of_lines(order: Checkout, wanted: Mapping[str, Collection[str]], houses: Callable[[str], Ticketing]) -> Pieces:
    """What goes back for these lines of each house, and for what went with them.

    Refuses `not_sold` while a share is not settled, `refund_part_impossible` where a house takes back whole orders only, and
    `price_unknown`.
    """
    found = {house: _of_share(order, order.share(house), lines, houses) for house, lines in wanted.items()}
    return {house: cents for house, cents in found.items() if cents}


def _of_share(
    order: Checkout, share: Share, lines: Collection[str], houses: Callable[[str], Ticketing]
) -> Mapping[str, int]:
    left = {line.key for line in living(share)}
    gone = set(lines) & left
    if not gone:
        return {}
    if share.state not in (Part.CONFIRMED, Part.PARTLY):
        raise Refused("not_sold", "These tickets are not settled, so they cannot go back one by one now.", where=order.key)  # fmt: skip
    if gone != left:
        gone |= _alone(share, gone, houses(share.house))
    if gone == left:  # all that is left of it, whatever each cost
        return dict.fromkeys(sorted(gone), 0)
    if Cap.CANCEL_LINE not in houses(share.house).caps:
        raise Refused(
            "refund_part_impossible",
            "The system of this house takes back whole orders only. Refund its whole share.",
            where=share.house,
        )
    costs = prices(order, share, lambda: houses(share.house))
    return {key: costs[key] for key in sorted(gone)}


def living(share: Share) -> list[Line]:
    """The lines of a share that are not given back, nor taken back by the house."""
    void = {ticket.line for ticket in share.tickets if ticket.cancelled} | share.gone
    return [] if share.state is Part.REFUNDED else [line for line in share.lines if line.key not in void]


def prices(order: Checkout, share: Share, house: Callable[[], Ticketing]) -> dict[str, int]:
    """Line → what of the share's amount was paid for it; together exactly that amount.

    It is the price that was shown. Where a fee or a discount makes the share another sum, each line has its part of that, to the cent.
    """
    parts = parts_of(share.amount.cents, _weights(order, share, house))
    return {line.key: cents for line, cents in zip(share.lines, parts, strict=True)}


def _weights(order: Checkout, share: Share, house: Callable[[], Ticketing]) -> list[int]:
    """What each line cost as it was sold; else what the house asks now; else, of one tariff alone, the same."""
    known = [_sold_for(order, line) for line in share.lines]
    if None not in known:
        return [cents for cents in known if cents is not None]
    if len({(line.tariff, line.price) for line in share.lines}) == 1:
        return [1] * len(share.lines)
    asked: dict[str, Mapping[str, int]] = {}
    for performance in {line.performance for line in share.lines}:
        asked[performance] = {one.id: one.price.cents for one in house().tariffs(performance)}
    now = [asked[line.performance].get(line.tariff) for line in share.lines]
    found = [before if before is not None else cents for before, cents in zip(known, now, strict=True)]
    if None in found:
        raise Refused(
            "price_unknown",
            "What these tickets cost is not known any more. Refund the whole share of the house.",
            where=share.house,
        )
    return [cents for cents in found if cents is not None]


def _sold_for(order: Checkout, line: Line) -> int | None:
    if line.price is not None:
        return line.price.cents
    return order.shown.get(line.performance, Shown()).prices.get(line.tariff)


def _alone(share: Share, gone: Collection[str], house: Ticketing) -> set[str]:
    """What stays of a share and went with a ticket that is `gone`, as far as what the house sells now tells."""
    kept = [line for line in living(share) if line.key not in gone]
    extra = {
        (performance, tariff.id): tariff.extra
        for performance in {line.performance for line in kept}
        for tariff in house.tariffs(performance)
    }
    rows = [extras.Row(line.performance, 1, extra.get((line.performance, line.tariff))) for line in kept]
    return {line.key for line, number in zip(kept, extras.fitting(rows), strict=True) if not number}


def total(pieces: Pieces, order: Checkout) -> int:
    """The cents of these pieces; what empties a share is all that is left of it."""
    return sum(
        order.share(house).rest.cents if is_rest(order.share(house), lines) else sum(lines.values())
        for house, lines in pieces.items()
    )


def is_rest(share: Share, lines: Collection[str]) -> bool:
    """Whether nothing of a share stays without these lines."""
    return {line.key for line in living(share)} <= set(lines)
