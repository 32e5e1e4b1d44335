"""The audit: our orders beside the books of the payment providers, a few times a day, in the background.

It mends what the sale mends by itself (money that came, a refund that failed), and tells staff the rest: money that we never heard
of, another amount, a refund that somebody made by hand. It moves no money for what it does not know: another shop of yours
may use the same account. After a restore, staff reconcile instead (etalage/sales/reconciliation.py).
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from etalage.model.checkout import Alert, Checkout, State
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.model.payment import Payment, PaymentState
from etalage.ports.payment import Payments
from etalage.ports.records import ABSENT
from etalage.sales import alarm
from etalage.sales.saga import Saga

AUDIT = "audit"
EVERY, RECENT = timedelta(hours=6), timedelta(days=2)
"""So often the payments are looked at that were begun so lately."""
WEEKLY, ALL = timedelta(days=7), timedelta(days=60)
"""And so often those of so long: a refund by hand may come weeks after the payment."""
MOST = 10_000
"""Payments in one look, so that it ends."""


class Done(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """When a provider's books were looked at, and `whole` when all of them; `told`: payments of which staff heard."""

    at: datetime
    whole: datetime
    told: tuple[str, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Done).decode


class Auditor:
    """Looks when it is time, whichever process asks first."""

    def __init__(self, saga: Saga) -> None:
        self.saga, self.records, self.clock = saga, saga.records, saga.clock
        self._next: datetime | None = None

    def look(self) -> Sequence[str]:
        """Compare the books of each provider outside, if it is time; the references that were not as they should be.

        Raises Unavailable when a provider is silent; the next look is hours later.
        """
        now = self.clock()
        if self._next and now < self._next:
            return ()
        self._next = now + EVERY
        found: list[str] = []
        for name, provider in self.saga.providers.items():
            if not provider.ours:  # our own sandbox keeps its books in these very records
                found += self._at(name, provider, now)
        return found

    def _at(self, name: str, provider: Payments, now: datetime) -> Sequence[str]:
        kept = self.records.get(AUDIT, name)
        done = _decode(kept.value) if kept else Done(at=now - EVERY, whole=now - WEEKLY)
        if now - done.at < EVERY:
            self._next = min(self._next or now, done.at + EVERY)
            return ()
        whole = now - done.whole >= WEEKLY
        begun = Done(at=now, whole=now if whole else done.whole, told=done.told)
        try:
            version = self.records.put(AUDIT, name, _encode(begun), expect=kept.version if kept else ABSENT)
        except Stale:  # another process looks just now
            return ()
        found, strange = [], []
        for payment in self._payments(provider, now - (ALL if whole else RECENT)):
            said = self._compare(payment)
            if said == Alert.UNMATCHED:
                strange.append(payment)
            if said:
                found.append(payment.reference)
        self._tell(name, begun, version, strange)
        return found

    def _payments(self, provider: Payments, since: datetime) -> Iterator[Payment]:
        """Those that are ours: others may use the account too."""
        return (one for one in islice(provider.since(since), MOST) if one.shares and one.reference)

    def _compare(self, payment: Payment) -> str:
        """Put an order beside its payment; what was not as it should be, "" when all is well."""
        try:
            order = self.saga.read(payment.reference)
        except Refused:
            return Alert.UNMATCHED.value if payment.paid_at else ""
        except Unavailable:  # another version of us wrote it
            return ""
        if payment.state is not PaymentState.PAID:
            return ""
        with suppress(Unavailable, Stale):  # the sweep goes on with it
            after = self._beside(order, payment)
            return "" if after == order else after.alert or after.state.value
        return ""

    def _beside(self, order: Checkout, payment: Payment) -> Checkout:
        if order.state not in (State.CONFIRMING, State.DONE):  # it was paid, and nobody told us
            return self.saga.run(order.key)
        if payment.amount != order.total:
            return self.saga.tell(order.key, Alert.AMOUNT_DIFFERS)
        news = payment.refunds or payment.chargebacks or (payment.fee, order.fee) != (None, order.fee)
        return self.saga.hear(payment) if news else order

    def _tell(self, name: str, begun: Done, version: int, strange: Sequence[Payment]) -> None:
        """Tell staff of money that we never heard of, each once."""
        new = [payment for payment in strange if payment.reference not in begun.told]
        if not new:
            return
        told = (*begun.told, *(payment.reference for payment in new))[-1000:]
        with suppress(Stale):
            self.records.put(AUDIT, name, _encode(msgspec.structs.replace(begun, told=told)), expect=version)
            for payment in new:
                alarm.unmatched(name, payment)
