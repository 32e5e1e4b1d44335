"""A payment as we know it: one for a whole basket, with each house's share of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from etalage.model.money import Money


class PaymentState(StrEnum):
    """Where a payment stands at its provider. Only `open` can still change, but for money that goes back."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Share(msgspec.Struct, frozen=True):
    """What of a payment is for which house, and our reference there."""

    house: str
    amount: Money
    reference: str = ""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A payment to ask for. `reference` is ours and the same on every retry; `expires`: who has not paid by then no longer can.

    `back`: where the visitor comes back; `hook`: where the provider tells us that something happened. Neither holds anything
    personal. The shares add up to the amount.
    """

    reference: str
    amount: Money
    shares: tuple[Share, ...]
    description: Mapping[str, str]
    back: str
    hook: str
    expires: datetime
    language: str = "nl"


def is_loopback(url: str) -> bool:
    """Whether an address is on the machine itself, where no provider can call."""
    return (urlsplit(url).hostname or "localhost") in ("localhost", "127.0.0.1", "::1")


class Refunded(StrEnum):
    """Where a refund stands."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Money on its way back, in whole or in part; `reference` is ours, `house` whose share it comes from."""

    reference: str
    id: str
    amount: Money
    house: str
    state: Refunded


class Transfer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Money of a payment that was passed on to a house's own account at the provider; `reference` is ours.

    `back`: what of it was taken back, because it goes back to the buyer.
    """

    reference: str
    id: str
    amount: Money
    house: str
    back: Money = Money(0)


class Chargeback(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Money that the visitor's bank took back, `at` a moment. `returned`: and gave again, when that was decided for us.

    `fee`: what the provider asks for it, nothing where it does not say.
    """

    id: str
    amount: Money
    at: datetime
    returned: bool = False
    fee: Money = Money(0)


class Payment(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A payment as its provider has it. `url`: where the visitor pays, "" when there is nothing to pay there any more.

    `shares`: what of it was asked for which house, and `made` when: kept at the provider, so that it outlives our own records.
    `fee`: what the provider kept of what was paid, None when it does not say so (yet).
    """

    id: str
    reference: str
    state: PaymentState
    amount: Money
    url: str = ""
    paid_at: datetime | None = None
    refunds: tuple[Refund, ...] = ()
    shares: tuple[Share, ...] = ()
    made: datetime | None = None
    fee: Money | None = None
    transfers: tuple[Transfer, ...] = ()
    chargebacks: tuple[Chargeback, ...] = ()

    @property
    def back(self) -> Money:
        """How much went back, or is on its way."""
        return Money(sum(one.amount.cents for one in self.refunds if one.state is not Refunded.FAILED))


class Hint(msgspec.Struct, frozen=True):
    """What a provider's call says: this payment, look again. Nothing else in it is believed."""

    id: str
    reference: str = ""


class Act(StrEnum):
    """What a visitor can do on the sandbox's page."""

    PAY = "pay"
    FAIL = "fail"
    CANCEL = "cancel"
    EXPIRE = "expire"
    PAY_LATE = "pay_late"
    """Pay although it expired or was cancelled: real money does that."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A payment with what was asked for."""

    payment: Payment
    request: Request
