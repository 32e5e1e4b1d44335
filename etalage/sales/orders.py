"""The orders as staff see them: found, listed, and what an order is worth a look for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalage.model.checkout import Checkout
from etalage.model.errors import Unavailable
from etalage.ports.records import Records
from etalage.sales.saga import read
from etalage.sales.terms import CHECKOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which orders: at a house, in a state, only those with an alert, begun since. Empty: all."""

    house: str = ""
    state: str = ""
    alerts: bool = False
    since: datetime | None = None

    def meets(self, checkout: Checkout) -> bool:
        """Whether an order is one of these."""
        return (
            (not self.house or any(share.house == self.house for share in checkout.shares))
            and self.state in ("", checkout.state.value)
            and (not self.alerts or bool(checkout.alert))
            and (self.since is None or checkout.made >= self.since)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Orders, the newest first; and the keys of those that another version of us wrote, which count as alerts."""

    orders: Sequence[Checkout]
    foreign: Sequence[str]


class Orders:
    """All that is in the records. It reads every one of them: for a desk, not for visitors."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def find(self, wanted: Wanted) -> Found:
        """Those that are wanted."""
        orders, foreign = [], []
        for record in self.records.walk(CHECKOUT):
            try:
                checkout = read(record)
            except Unavailable:
                foreign.append(record.id)
                continue
            if wanted.meets(checkout):
                orders.append(checkout)
        orders.sort(key=lambda one: (one.made, one.key), reverse=True)
        return Found(orders, sorted(foreign))


def summary(checkout: Checkout) -> dict[str, object]:
    """An order for a list: nothing of who bought it, and no ticket code."""
    return {
        "order": checkout.key, "made": checkout.made.isoformat(timespec="seconds"), "site": checkout.site, "state": checkout.state.value,
        "alert": checkout.alert, "code": checkout.code, "total": checkout.total.cents, "refunded": checkout.refunded.cents,
        "currency": checkout.total.currency,
        "shares": [
            {"house": share.house, "state": share.state.value, "places": len(share.lines), "amount": share.amount.cents}
            for share in checkout.shares
        ],
    }  # fmt: skip


def whole(checkout: Checkout) -> dict[str, object]:
    """An order with who bought it and what: for the one member of staff who asked for this one."""
    return summary(checkout) | {
        "buyer": {"name": checkout.buyer.name, "email": checkout.buyer.email, "language": checkout.buyer.language},
        "provider": checkout.provider, "payment": checkout.payment, "tries": checkout.tries,
        "paid_at": checkout.paid_at and checkout.paid_at.isoformat(timespec="seconds"),
        "elsewhere": checkout.elsewhere.cents,
        "backs": [
            {"house": share.house, "reference": back.name, "amount": back.amount.cents, "tickets": len(back.lines), "way": back.way.value,
             "made": back.made.isoformat(timespec="seconds"), "tries": back.tries, "why": back.why}
            for share in checkout.shares for back in share.backs
        ],
        "tickets": [
            {"house": share.house, "performance": ticket.performance, "tariff": ticket.tariff, "seat": ticket.seat,
             "code": ticket.code, "cancelled": ticket.cancelled}
            for share in checkout.shares for ticket in share.tickets
        ],
    }  # fmt: skip
