"""A sale as one house knows it: what is wanted, what is held, what was sold.

Every write at a house carries our own `reference`, unique for ever and the same on every retry, so that after any doubt the
house can be asked what became of it (docs/explanation/how-a-ticket-is-sold.md).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from etalage.model.extras import Extra
from etalage.model.money import Money
from etalage.model.offer import Stock, TariffKind
from etalage.model.words import Words


class Tariff(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One price a buyer can choose at a performance now. `id` names category and tariff together and is the house's own.

    `least` and `most`: so many in one order, 0 is without limit; with the tariffs that have the same `shared`, in all. `together`: so many of
    all tariffs of this performance. `seated`: a seat must be chosen. `extra`: it is to be had only with
    a ticket of something else; `extras`: what goes with a ticket of this performance, each as its dates, or "…/*" for all that begin so.
    """

    id: str
    price: Money
    name: Words = {}
    category: Words = {}
    kind: TariffKind = TariffKind.STANDARD
    least: int = 1
    most: int = 0
    shared: str = ""
    together: int = 0
    seated: bool = False
    note: Words = {}
    extra: Extra | None = None
    extras: tuple[tuple[str, ...], ...] = ()
    vat: int | None = None
    """The VAT rate that is in the price, in hundredths of a percent: 600 is 6 %. None where the house does not tell."""


class Availability(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is left of a performance, as of a moment. `free`: places, None when the house does not tell."""

    state: Stock
    as_of: datetime
    free: int | None = None
    per_tariff: Mapping[str, int | None] = {}


class SeatState(StrEnum):
    """Whether a seat can be had."""

    FREE = "free"
    TAKEN = "taken"
    BLOCKED = "blocked"


class Seat(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A numbered place. `x` and `y`: where it is drawn, in the plan's own units. `tariffs`: which can be had there, () is all.

    `wheelchair`: the place of a wheelchair; `companion`: the seat beside it, of who comes along. `note`: what one should know of it
    before choosing, such as a pillar.
    """

    id: str
    zone: str = ""
    row: str = ""
    number: str = ""
    state: SeatState = SeatState.FREE
    tariffs: tuple[str, ...] = ()
    x: float | None = None
    y: float | None = None
    wheelchair: bool = False
    companion: bool = False
    note: Words = {}


class Line(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """One place that is wanted: `key` is ours and the same on every retry. `price` only where a discount gave another one."""

    key: str
    performance: str
    tariff: str
    seat: str = ""
    price: Money | None = None


class Hold(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """Places out of sale until `expires`. `amount`: what the house will book. `handles`: the adapter's own notes, opaque."""

    reference: str
    lines: tuple[Line, ...]
    expires: datetime
    amount: Money
    handles: Mapping[str, str] = {}


class Buyer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who gets the tickets. Never logged, never in an address."""

    email: str
    name: str
    language: str = "nl"


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """What a payment provider took, or gave back, for this house's share."""

    provider: str
    id: str
    amount: Money
    at: datetime


class OrderState(StrEnum):
    """What became of a reference at a house."""

    ABSENT = "absent"
    HELD = "held"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    PAID_NOT_ISSUED = "paid_not_issued"
    """The money is booked and there are no places: its share goes back, then it is cancelled."""


class Ticket(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """Right of entry, one place. `code`: what the door reads. `line`: the key of the line it came of."""

    line: str
    code: str
    performance: str
    tariff: str
    seat: str = ""
    cancelled: bool = False


class Order(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A sale at one house. `id`: the house's own name for it. `paid` and `refunded`: what the house has booked."""

    reference: str
    state: OrderState
    id: str = ""
    lines: tuple[Line, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    amount: Money = Money(0)
    paid: Money = Money(0)
    refunded: Money = Money(0)
    expires: datetime | None = None
