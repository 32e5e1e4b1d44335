"""What we read of Mollie's objects, and what it means to us. What we do not name is ignored: new fields, methods and words are no news."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from etalage.model.errors import Unavailable
from etalage.model.money import Money
from etalage.model.payment import Chargeback, Payment, PaymentState, Refund, Refunded, Request, Share

EMBEDDED = "refunds,chargebacks"
LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "de": "de_DE", "en": "en_GB"}
STATES = {
    "paid": PaymentState.PAID, "canceled": PaymentState.CANCELLED, "expired": PaymentState.EXPIRED, "failed": PaymentState.FAILED,
}  # fmt: skip
"""All else is open: `open`, `pending` (at the bank), `authorized`, and words that Mollie has not thought of yet."""
BACKS = {"refunded": Refunded.DONE, "failed": Refunded.FAILED, "canceled": Refunded.FAILED}
"""All else is on its way: `queued` until there is money on the balance, `pending`, `processing`."""


class Amount(msgspec.Struct, frozen=True):
    """An amount, as text with two decimals."""

    value: str
    currency: str


class Link(msgspec.Struct, frozen=True):
    """Where something is."""

    href: str


class Links(msgspec.Struct, frozen=True):
    """A payment has a page while somebody can pay there."""

    checkout: Link | None = None


class Back(msgspec.Struct, frozen=True):
    """A refund."""

    id: str
    amount: Amount
    status: str = ""
    metadata: Any = None

    @property
    def onward(self) -> str:
        """Out of which transfer it took its amount, "" when out of none."""
        return "" if self.status == "canceled" else text(self.metadata, "onward")  # then nothing moved at all


class Taken(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Money that a bank took back."""

    id: str
    amount: Amount
    created_at: datetime
    reversed_at: str | None = None


class Organization(msgspec.Struct, frozen=True, rename="camel"):
    """Where a route leads."""

    organization_id: str = ""


class Route(msgspec.Struct, frozen=True):
    """A part of a payment that was passed on. It has no metadata: its description is our reference."""

    id: str
    amount: Amount
    destination: Organization
    description: str = ""


class Backs(msgspec.Struct, frozen=True):
    """What was asked for with a payment."""

    refunds: tuple[Back, ...] = ()
    chargebacks: tuple[Taken, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A payment."""

    id: str
    mode: str
    status: str
    amount: Amount
    created_at: datetime
    metadata: Any = None
    paid_at: datetime | None = None
    is_cancelable: bool | None = None
    links: Links = msgspec.field(default=Links(), name="_links")
    embedded: Backs = msgspec.field(default=Backs(), name="_embedded")

    @property
    def reference(self) -> str:
        """Ours, "" when this payment is somebody else's."""
        return text(self.metadata, "reference")


def euros(money: Money) -> dict[str, str]:
    """An amount as Mollie writes it."""
    return {"currency": "EUR", "value": f"{money.cents // 100}.{money.cents % 100:02d}"}


def cents(amount: Amount) -> Money:
    """An amount as ours; one in another currency is worth nothing here, so that nobody gets a ticket for it."""
    whole, dot, part = amount.value.partition(".")
    if amount.currency != "EUR":
        return Money(0)
    if not (dot and len(part) == 2 and (whole + part).isascii() and (whole + part).isdigit()):
        raise Unavailable("payment_unknown", "Mollie's answer cannot be read", detail={"why": "unreadable"})
    return Money(int(whole + part))


def asked(request: Request, hook: str) -> dict[str, object]:
    """What Mollie is asked for: nothing in it is about the visitor."""
    words = request.description.get(request.language) or next(iter(request.description.values()), "Tickets")
    shares = [f"{share.house}:{share.amount.cents}:{share.reference}" for share in request.shares]
    told: dict[str, object] = {"webhookUrl": hook} if hook else {}
    return told | {
        "amount": euros(request.amount),
        "description": f"{words} {request.reference}",
        "redirectUrl": request.back,
        "cancelUrl": request.back,
        "locale": LOCALES.get(request.language),
        "metadata": {"reference": request.reference, "shares": shares},
    }


def payment(row: Row) -> Payment:
    """A payment as ours. What it cost stands on Mollie's invoice, not here."""
    known = [refund(one) for one in reversed(row.embedded.refunds)]  # it tells the newest first
    taken = [chargeback(one) for one in reversed(row.embedded.chargebacks)]
    state = STATES.get(row.status, PaymentState.OPEN)
    return Payment(
        id=row.id, reference=row.reference, state=state, amount=cents(row.amount), shares=tuple(_shares(row.metadata)), made=row.created_at,
        url=row.links.checkout.href if row.links.checkout and state is PaymentState.OPEN else "",
        paid_at=(row.paid_at or row.created_at) if state is PaymentState.PAID else None, refunds=tuple(known),
        chargebacks=tuple(taken),
    )  # fmt: skip


def refund(one: Back) -> Refund:
    """A refund; one that staff made by hand at Mollie has its own id for a reference, and no house."""
    return Refund(
        reference=text(one.metadata, "reference") or one.id, id=one.id, amount=cents(one.amount), house=text(one.metadata, "house"),
        state=BACKS.get(one.status, Refunded.PENDING),
    )  # fmt: skip


def chargeback(one: Taken) -> Chargeback:
    """Money that the visitor's bank took back. What Mollie asks for it stands on its invoice."""
    return Chargeback(id=one.id, amount=cents(one.amount), at=one.created_at, returned=bool(one.reversed_at))


def text(metadata: Any, name: str) -> str:
    """A word that we gave with something, "" where it is not ours."""
    found = metadata.get(name) if isinstance(metadata, Mapping) else None
    return found if isinstance(found, str) else ""


def _shares(metadata: Any) -> Iterator[Share]:
    told = metadata.get("shares") if isinstance(metadata, Mapping) else None
    for one in told if isinstance(told, list) else ():
        house, _, rest = str(one).partition(":")
        amount, _, reference = rest.partition(":")
        if house and amount.isascii() and amount.isdigit():
            yield Share(house, Money(int(amount)), reference)
