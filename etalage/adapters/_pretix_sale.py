"""What pretix says of carts and orders, and what that means for a sale (pretix 2026.8).

What a newcomer would get wrong: a paid order is not one whose payment is confirmed. pretix books late money on an order that
stays expired, and answers 201 or 400 as it pleases; only `status` says whether there are tickets.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from operator import itemgetter
from typing import TypeVar

import msgspec

from etalage.adapters._pretix_answers import Moment
from etalage.adapters._pretix_offer import cents
from etalage.model.money import Money
from etalage.model.sale import Line, Order, OrderState, Ticket

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
"""What an order code may consist of: no I and no O (api/serializers/order.py, validate_code)."""
CODE = 15
"""Signs of a code that come from the reference, 76 bits; one more says which part of the sale it is. pretix takes 16."""
MARK = "Etalage: "
"""How the comment of a refund of ours begins."""
BOOKED = frozenset({"confirmed", "refunded"})
RETURNED = frozenset({"created", "transit", "done"})
"""States of refunds that pretix counts as money gone (base/models/orders.py, payment_refund_sum)."""

T = TypeVar("T")


class SeatName(msgspec.Struct, frozen=True):
    """A seat as it stands in a position."""

    seat_guid: str


class CartPosition(msgspec.Struct, frozen=True, kw_only=True):
    """A place out of sale until `expires`."""

    id: int
    cart_id: str
    datetime: Moment
    expires: Moment


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place in an order. `secret` is what the door reads, and is valid once the order is paid."""

    id: int
    positionid: int
    item: int
    variation: int | None = None
    subevent: int | None = None
    seat: SeatName | None = None
    secret: str
    canceled: bool = False

    @property
    def tariff(self) -> str:
        """As the tariff is called at the counter."""
        return f"{self.item}/{self.variation}" if self.variation else str(self.item)


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Money in; `local_id` counts within the order."""

    local_id: int
    state: str
    amount: Decimal


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Money back; `comment` holds our own mark."""

    local_id: int
    state: str
    amount: Decimal
    comment: str | None = None

    @property
    def is_begun(self) -> bool:
        """Ours, and only the first of its two steps was taken."""
        return self.state == "created" and (self.comment or "").startswith(MARK)


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What we write in an order's `api_meta`: whose it is, which part of how many, and place and key of each line."""

    reference: str = ""
    part: int = 0
    parts: int = 1
    lines: tuple[tuple[int, str], ...] = ()
    paid: str = ""


class Metas(msgspec.Struct, frozen=True):
    """All that stands in `api_meta`; others may write there too."""

    etalage: Meta = Meta()


class PretixOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order with all of its positions. `status`: n pending, p paid, e expired, c cancelled."""

    code: str
    event: str
    status: str
    expires: Moment
    total: Decimal
    email: str | None = None
    api_meta: Metas = Metas()
    positions: tuple[Position, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()

    @property
    def paid(self) -> Decimal:
        """What pretix booked as paid."""
        return sum((one.amount for one in self.payments if one.state in BOOKED), Decimal(0))

    @property
    def refunded(self) -> Decimal:
        """What pretix booked as gone back; what we entered and did not carry out yet has not, or nobody would go on with it."""
        gone = (one.amount for one in self.refunds if one.state in RETURNED and not one.is_begun)
        return sum(gone, Decimal(0))

    @property
    def too_much(self) -> Decimal:
        """What it has of money for places that were taken back, and nothing else."""
        return max(Decimal(0), self.paid - self.refunded - (0 if self.status == "c" else self.total))

    def state(self, now: datetime) -> OrderState:
        """What became of it. Money without places is never just an expired order.

        A pending order keeps its places, also for the moment between its payment's being booked and its being paid.
        """
        if self.status == "p":
            return OrderState.CONFIRMED
        if self.status == "c":
            return OrderState.CANCELLED
        if self.status == "n" and self.expires > now:
            return OrderState.HELD
        return OrderState.PAID_NOT_ISSUED if self.paid > self.refunded else OrderState.EXPIRED

    def keys(self) -> dict[int, tuple[int, str]]:
        """Place in the sale and key of the line, by the position's number; the number itself where nothing was noted."""
        noted = self.api_meta.etalage.lines
        return {
            one.positionid: noted[one.positionid - 1] if one.positionid <= len(noted) else (999, str(one.positionid))
            for one in self.positions
        }

    def named(self) -> dict[int, str]:
        """The key of its line, by the position's id."""
        keys = self.keys()
        return {one.id: keys[one.positionid][1] for one in self.positions}


def code_of(reference: str, part: int) -> str:
    """The order code of a part of a reference: the same for ever, so that pretix itself refuses a second one."""
    number = int.from_bytes(sha256(reference.encode()).digest(), "big")
    signs = []
    for _ in range(CODE):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return "".join(signs) + SIGNS[part]


def together(states: Iterable[OrderState]) -> OrderState:
    """What the parts of a sale come to. A part that was taken back does not count beside one that stands."""
    found = set(states)
    if len(found) > 1:
        found.discard(OrderState.CANCELLED)
    if len(found) == 1:
        return found.pop()
    if OrderState.PAID_NOT_ISSUED in found:
        return OrderState.PAID_NOT_ISSUED
    if OrderState.CONFIRMED in found:
        return OrderState.HELD if found == {OrderState.CONFIRMED, OrderState.HELD} else OrderState.PAID_NOT_ISSUED
    return OrderState.EXPIRED if found else OrderState.ABSENT


def order_of(
    reference: str, orders: Sequence[PretixOrder], states: Iterable[OrderState], name: Callable[[str, int | None], str]
) -> Order:
    """The sale that these orders are; `name` gives the performance of an event and a date."""
    state = together(states)
    lines: list[tuple[int, Line]] = []
    tickets: list[tuple[int, Ticket]] = []
    for order in orders:
        keys = order.keys()
        for one in order.positions:
            place, key = keys[one.positionid]
            seat, where = one.seat.seat_guid if one.seat else "", name(order.event, one.subevent)
            lines.append((place, Line(key=key, performance=where, tariff=one.tariff, seat=seat)))
            if order.status in "pc":
                gone = one.canceled or order.status == "c"
                ticket = Ticket(
                    line=key, code=one.secret, performance=where, tariff=one.tariff, seat=seat, cancelled=gone
                )
                tickets.append((place, ticket))
    return Order(
        reference=reference, state=state, id=" ".join(order.code for order in orders), lines=_sorted(lines),
        tickets=_sorted(tickets) if state in (OrderState.CONFIRMED, OrderState.CANCELLED) else (),
        amount=_sum(order.total for order in orders), paid=_sum(order.paid for order in orders),
        refunded=_sum(order.refunded for order in orders),
        expires=min((order.expires for order in orders if order.status == "n"), default=None),
    )  # fmt: skip


def errors_of(body: Mapping[str, object], size: int) -> tuple[list[set[str]], set[str]]:
    """The fields that pretix found wrong: of each position, and of the order itself."""
    wrong = body.get("positions")
    found = wrong if isinstance(wrong, list) and all(isinstance(one, dict) for one in wrong) else []
    of_positions = [set(one) for one in found] + [set[str]() for _ in range(size - len(found))]
    return of_positions, {field for field in body if field != "positions" or not found}


def _sorted(pairs: list[tuple[int, T]]) -> tuple[T, ...]:
    return tuple(thing for _, thing in sorted(pairs, key=itemgetter(0)))


def _sum(amounts: Iterable[Decimal]) -> Money:
    return cents(sum(amounts, Decimal(0)))
