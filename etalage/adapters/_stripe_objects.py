"""What we read of Stripe's objects, and what it means to us. All that we do not name is ignored: new fields and new methods of payment are no news.

A Checkout Session is our payment; its id is the payment's. Who pays lives in the Session, where we never look.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from etalage.model.money import Money
from etalage.model.payment import Chargeback, Payment, PaymentState, Refund, Refunded, Request, Share, Transfer

SHARE = "share_"
EXPANDED = ("payment_intent.latest_charge.refunds", "payment_intent.latest_charge.balance_transaction")
"""What is asked for with a Session. Four levels are the most that Stripe unfolds, and in a list the list is one of them."""


class Back(msgspec.Struct, frozen=True):
    """A refund."""

    id: str
    amount: int
    status: str | None = None
    metadata: Mapping[str, str] | None = None


class Backs(msgspec.Struct, frozen=True):
    """The first refunds of a charge, the newest first."""

    data: tuple[Back, ...]
    has_more: bool = False


class Booking(msgspec.Struct, frozen=True):
    """What a charge or a dispute did to the balance, in cents; a dispute's `amount` is below nothing, until it is won."""

    amount: int
    fee: int
    currency: str


class Passed(msgspec.Struct, frozen=True):
    """A transfer to an account of a house."""

    id: str
    amount: int
    amount_reversed: int
    destination: str
    metadata: Mapping[str, str] | None = None


class Reversal(msgspec.Struct, frozen=True):
    """What of a transfer was taken back."""

    id: str
    metadata: Mapping[str, str] | None = None


class Dispute(msgspec.Struct, frozen=True):
    """A visitor's bank does not agree with a charge. It has bookings from when money was taken, and one more when it was given again."""

    id: str
    amount: int
    created: int
    balance_transactions: tuple[Booking, ...] = ()


class Charge(msgspec.Struct, frozen=True):
    """Money that came."""

    id: str
    created: int
    refunds: Backs | None = None
    balance_transaction: Booking | str | None = None
    disputed: bool = False


class Intent(msgspec.Struct, frozen=True):
    """A visitor's try to pay; a Session has one from when somebody tries."""

    id: str
    status: str
    latest_charge: Charge | str | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A page to pay on."""

    id: str
    created: int
    expires_at: int
    livemode: bool
    payment_status: str
    status: str | None = None
    amount_total: int | None = None
    currency: str | None = None
    client_reference_id: str | None = None
    metadata: Mapping[str, str] | None = None
    payment_intent: Intent | str | None = None
    url: str | None = None

    @property
    def intent(self) -> Intent | None:
        """The try to pay, where it was asked for with the Session."""
        return self.payment_intent if isinstance(self.payment_intent, Intent) else None

    @property
    def charge(self) -> Charge | None:
        """The money that came."""
        found = self.intent.latest_charge if self.intent else None
        return found if isinstance(found, Charge) else None


def asked(request: Request) -> dict[str, object]:
    """What Stripe is asked for: nothing in it is about the visitor.

    `transfer_group` lets the shares be passed on to the houses later. The price is in our currency for everybody: with another one
    the amounts could not be held against each other.
    """
    words = request.description.get(request.language) or next(iter(request.description.values()), "Tickets")
    shares = {
        f"{SHARE}{number}": f"{share.house}:{share.amount.cents}:{share.reference}"
        for number, share in enumerate(request.shares, 1)
    }
    price = {"currency": "eur", "unit_amount": request.amount.cents, "product_data": {"name": words}}
    return {
        "mode": "payment",
        "client_reference_id": request.reference,
        "line_items": [{"quantity": 1, "price_data": price}],
        "adaptive_pricing": {"enabled": False},
        "locale": request.language if request.language in ("nl", "fr", "de", "en") else "auto",
        "success_url": request.back,
        "cancel_url": request.back,
        "expires_at": int(request.expires.timestamp()),
        "metadata": shares,
        "payment_intent_data": {
            "description": f"{words} {request.reference}",
            "metadata": {"reference": request.reference},
            "transfer_group": request.reference,
        },
    }


def payment(session: Session, now: datetime) -> Payment:
    """A Session as our payment. One in another currency is worth nothing here, so that nobody gets a ticket for it."""
    charge, paid = session.charge, session.payment_status == "paid"
    transaction = charge.balance_transaction if charge else None
    in_euro = session.currency == "eur"
    return Payment(
        id=session.id,
        reference=session.client_reference_id or "",
        state=_state(session, now),
        amount=Money((session.amount_total or 0) if in_euro else 0),
        url=(session.url or "") if session.status == "open" else "",
        paid_at=_moment(charge.created if charge else session.created) if paid else None,
        refunds=tuple(refund(one) for one in reversed(charge.refunds.data)) if charge and charge.refunds else (),
        shares=_shares(session.metadata or {}),
        made=_moment(session.created),
        fee=Money(transaction.fee) if isinstance(transaction, Booking) and transaction.currency == "eur" else None,
    )


def refund(one: Back) -> Refund:
    """A refund; one that staff made by hand at Stripe has its own id for a reference, and no house."""
    about = one.metadata or {}
    states = {"succeeded": Refunded.DONE, "failed": Refunded.FAILED, "canceled": Refunded.FAILED}
    return Refund(
        reference=about.get("reference", one.id),
        id=one.id,
        amount=Money(one.amount),
        house=about.get("house", ""),
        state=states.get(one.status or "", Refunded.PENDING),
    )


def transfer(one: Passed) -> Transfer:
    """A transfer; one that staff made by hand at Stripe has its own id for a reference, and no house."""
    about = one.metadata or {}
    return Transfer(
        reference=about.get("reference", one.id), id=one.id, amount=Money(one.amount), house=about.get("house", ""),
        back=Money(one.amount_reversed),
    )  # fmt: skip


def chargeback(one: Dispute) -> Chargeback | None:
    """Money that a bank took; None where it only asks a question, and all is still ours."""
    booked = [book for book in one.balance_transactions if book.currency == "eur"]
    if not booked:
        return None
    return Chargeback(
        id=one.id, amount=Money(one.amount), at=_moment(one.created), returned=sum(book.amount for book in booked) >= 0,
        fee=Money(sum(book.fee for book in booked)),
    )  # fmt: skip


def _state(session: Session, now: datetime) -> PaymentState:
    """Where it stands. A page that closed before its time was closed by us: Stripe has one word for both."""
    if session.payment_status == "paid":
        return PaymentState.PAID
    if session.status == "expired":
        return PaymentState.CANCELLED if _moment(session.expires_at) > now else PaymentState.EXPIRED
    if session.status == "complete" and session.intent and session.intent.status in _OVER:
        return PaymentState.FAILED
    return PaymentState.OPEN  # also when the money is on its way, which takes days with some methods


_OVER = ("requires_payment_method", "canceled")


def _shares(metadata: Mapping[str, str]) -> tuple[Share, ...]:
    found: list[Share] = []
    for number in range(1, len(metadata) + 1):
        house, _, rest = metadata.get(f"{SHARE}{number}", "").partition(":")
        cents, _, reference = rest.partition(":")
        if house and cents.isascii() and cents.isdigit():
            found.append(Share(house, Money(int(cents)), reference))
    return tuple(found)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
