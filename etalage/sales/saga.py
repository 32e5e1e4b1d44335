"""The runner: takes a checkout from wherever it stands to its end, one recorded step after the other.

The webhook, the visitor's return and the sweep all call `run(key)`; it does not matter which of them comes first, or twice, or at
the same moment. What makes a sale right is this: the intent is written before a call and the result after it; every call carries
our own reference, so that doing it again is doing it once; and a step that nobody finished is due again by itself.

A newcomer's trap: a result is written on the version that was read. Who finds another version there throws its result away and
looks again: somebody else was first, and with the same references they got the same.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from msgspec.structs import replace

from etalage.model.checkout import ARROWS, FINAL, GOING_BACK, Alert, Checkout, Part, Share, State
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Payment, PaymentState, Refunded, Request
from etalage.model.payment import Share as MoneyShare
from etalage.model.sale import Hold, OrderState, Paid
from etalage.ports.payment import Payments
from etalage.ports.records import ABSENT, Put, Record, Records
from etalage.ports.ticketing import Ticketing
from etalage.sales import alarm
from etalage.sales.discretion import for_visitors

CHECKOUT = "checkout"
WINDOW = timedelta(minutes=40)
"""For how long places are held for who is paying; a provider's page is open for at least half an hour."""
MARGIN = timedelta(minutes=5)
"""So much before the first hold lapses nobody can pay any more."""
LEASE = timedelta(seconds=40)
"""A step that was begun is left to who began it for so long."""
PATIENCE = 6
"""Before the pivot a house or a provider that is silent is asked so often; then all is undone."""
SLOWEST = timedelta(minutes=5)
KEPT = timedelta(days=400)
CALLED_OFF = "called_off"
"""The code of a sale that staff called off: money that comes all the same goes back."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Checkout).decode


class Crossroads(Protocol):
    """Where a test may stop a process: before and after every outside call and every own write. In a shop it does nothing."""

    def __call__(self, place: str) -> None:
        """Pass."""
        ...


class Saga:
    """Runs checkouts. `houses` gives a house's ticketing, `pool` the threads it may be asked in, `providers` who takes money."""

    def __init__(
        self, records: Records, houses: Callable[[str], Ticketing], providers: Mapping[str, Payments], clock: Callable[[], datetime],
        pool: Callable[[str], Executor], crossing: Crossroads = lambda _: None,
    ) -> None:  # fmt: skip
        self.records, self.houses, self.providers, self.clock = records, houses, providers, clock
        self.pool, self.crossing = pool, crossing

    def begin(self, checkout: Checkout) -> None:
        """Write down a new checkout, before anything is done for it."""
        self.crossing("begin")
        self.records.transact([self.fresh(checkout)])
        self.crossing("begun")

    def fresh(self, checkout: Checkout) -> Put:
        """What is written to begin, for who writes something else with it."""
        value = _encode(checkout)
        return Put(kind=CHECKOUT, id=checkout.key, value=value, expect=ABSENT, due=self._soon(), expires=self._end())

    def read(self, key: str) -> Checkout:
        """A checkout; refuses `checkout_unknown`."""
        return self._read(key)[0]

    def run(self, key: str) -> Checkout:
        """Go on as far as one can now. Never raises for a house or a provider: what is left is due later."""
        while True:
            checkout, version = self._read(key)
            if checkout.state in FINAL:
                return self._look_back(checkout, version)
            try:
                after = self._step(checkout, version)
            except Stale:
                continue
            except Unavailable:
                return self._later(key)
            if after is None:
                return self._read(key)[0]

    def sweep(self, limit: int = 100) -> list[str]:
        """Go on with every checkout that is due; their keys."""
        swept = []
        for record in self.records.due(CHECKOUT, self.clock(), limit):
            try:
                self.run(record.id)
            except Unavailable as no:
                if no.code != "checkout_foreign":
                    raise
                self._leave(record)
            else:
                swept.append(record.id)
        return swept

    # --- staff -----------------------------------------------------------------------------------------------------

    def give_back(self, key: str, houses: Sequence[str] = ()) -> Checkout:
        """Give the shares of these houses back (all without any): the money goes back, the places too. Twice is once.

        Refuses `not_paid` before the pivot, `share_unknown` for a house that has no part in it.
        """
        while True:
            checkout, version = self._read(key)
            if strange := set(houses) - {share.house for share in checkout.shares}:
                raise Refused("share_unknown", "This house has no part in that order.", where=min(strange))
            if checkout.state not in (State.CONFIRMING, State.DONE):
                raise Refused(
                    "not_paid", "This order is not paid, so nothing can go back. It can be cancelled.", where=key
                )
            after = _each(checkout, lambda share: share if houses and share.house not in houses else _returning(share))
            if after == checkout:
                return self.run(key)
            after = replace(after, tries=0, alert="")  # staff have looked
            with suppress(Stale):
                if checkout.state is State.DONE:
                    self._go(after, version, State.CONFIRMING)
                else:
                    self._write(after, version)
                return self.run(key)

    def call_off(self, key: str) -> Checkout:
        """Cancel an order wherever it stands: undo it before it is paid, give all of it back after. Twice is once."""
        while True:
            checkout, version = self._read(key)
            if checkout.state in (State.CONFIRMING, State.DONE):
                return self.give_back(key)
            if checkout.code == CALLED_OFF:
                return self.run(key)
            after = replace(_ended(checkout, "called_off", "The house has cancelled this order."), pay_url="")
            with suppress(Stale):
                if State.UNDOING in ARROWS[checkout.state]:
                    self._go(after, version, State.UNDOING)
                else:
                    self._write(after, version)
                return self.run(key)

    # --- steps -----------------------------------------------------------------------------------------------------

    def _step(self, checkout: Checkout, version: int) -> int | None:
        """Do the next thing and write it down; None when there is nothing to do but wait."""
        return _STEPS[checkout.state](self, checkout, version)

    def _hold(self, checkout: Checkout, version: int) -> int | None:
        """Hold at every house at once."""
        if all(share.state is not Part.WANTED for share in checkout.shares):
            return self._priced(checkout, version)
        open_shares = [share for share in checkout.shares if share.state is Part.WANTED]
        told = self._together(open_shares, self._hold_one)
        after = _each(checkout, lambda share: told.get(share.house, share))
        refused = next((share for share in after.shares if share.state is Part.REFUSED), None)
        if refused is not None:
            after = replace(after, code=refused.code, say=refused.say, detail=refused.detail)
            return self._go(after, version, State.UNDOING)
        if any(share.state is Part.WANTED for share in after.shares):
            if checkout.tries + 1 >= PATIENCE:
                after = _ended(after, "house_silent", "One of the houses does not answer. Try again in a while.")
                return self._go(after, version, State.UNDOING)
            self._write(replace(after, tries=checkout.tries + 1), version, wait=_back_off(checkout.tries))
            return None
        return self._priced(after, version)

    def _hold_one(self, share: Share) -> Share:
        house = self.houses(share.house)
        self.crossing(f"hold {share.house}")
        try:
            hold = house.hold(share.reference, share.lines, WINDOW)
        except Refused as no:
            return _refused(share, no, Part.REFUSED)
        except Unavailable:
            return share
        finally:
            self.crossing(f"held {share.house}")
        return replace(share, state=Part.HELD, hold=hold, amount=hold.amount)

    def _priced(self, checkout: Checkout, version: int) -> int:
        """All is held: what it costs is what the houses will book, and the first hold to lapse says until when one may pay."""
        total = Money(sum(share.amount.cents for share in checkout.shares))
        if checkout.total != total:
            after = _ended(checkout, "price_changed", "The price has changed. Look at your basket again.")
            return self._go(after, version, State.UNDOING)
        first = min(share.hold.expires for share in checkout.shares if share.hold)
        window = min(first - MARGIN, self.clock() + WINDOW - MARGIN)
        after = replace(checkout, total=total, window=window, asked=bool(total.cents))
        return self._go(after, version, State.PAYING)

    def _ask(self, checkout: Checkout, version: int) -> int | None:
        """Ask the provider for a payment; that we would was written with the price."""
        if not checkout.total.cents:
            return self._go(replace(checkout, paid_at=self.clock()), version, State.CONFIRMING)
        self.crossing("pay")
        try:
            payment = self._provider(checkout).start(self._request(checkout))
        except Refused as no:
            return self._go(replace(checkout, code=no.code, say=no.say, detail=no.detail), version, State.UNDOING)
        except Unavailable:
            if checkout.tries + 1 >= PATIENCE:
                after = _ended(checkout, "payment_silent", "Paying does not work now. Try again in a while.")
                return self._go(after, version, State.UNDOING)
            raise
        self.crossing("paying")
        after = replace(checkout, payment=payment.id, pay_url=payment.url)
        return self._go(after, version, State.AWAITING, wait=self._until(checkout))

    def _await(self, checkout: Checkout, version: int) -> int | None:
        """See whether it is paid; the pivot is here."""
        payment = self._status(checkout)
        if payment is not None and payment.state is PaymentState.PAID:
            return self._pivot(checkout, version, payment)
        if payment is None or payment.state is not PaymentState.OPEN:
            after = replace(_ended(checkout, "not_paid", "It was not paid, so nothing was bought."), pay_url="")
            return self._go(after, version, State.UNDOING)
        if checkout.window and self.clock() >= checkout.window + MARGIN:
            self.crossing("cancel payment")
            payment = self._provider(checkout).cancel(payment.id)
            if payment.state is not PaymentState.OPEN:
                return self._await(checkout, version)
        self._write(checkout, version, wait=self._until(checkout))
        return None

    def _confirm(self, checkout: Checkout, version: int) -> int | None:
        """After the pivot: every house confirms or its share goes back; nobody waits for another."""
        if checkout.late:
            return self._hold_again(checkout, version)
        waiting = [share for share in checkout.shares if share.state is Part.HELD or share.state in GOING_BACK]
        if not waiting:
            return self._go(checkout, version, State.DONE)
        told = self._together(waiting, lambda share: self._settle_one(checkout, share))
        after = _each(checkout, lambda share: told.get(share.house, share))
        if after == checkout:  # nobody answered
            raise Unavailable("houses_silent", "no house has answered")
        lost = any(share.state is Part.LOST for share in after.shares)
        alert = Alert.NOT_COMPLETED.value if lost else checkout.alert if checkout.alert in _LASTING else ""
        after = replace(after, tries=0, alert=alert)
        waits = any(share.state in (Part.HELD, *GOING_BACK) for share in after.shares)
        version = self._write(after, version) if waits else self._go(after, version, State.DONE)
        if lost:
            self._sound(after, Alert.NOT_COMPLETED)
        return version

    def _settle_one(self, checkout: Checkout, share: Share) -> Share:
        """Confirm one house's part, or give its share back."""
        try:
            return self._confirm_one(checkout, share) if share.state is Part.HELD else self._give_back(checkout, share)
        except Unavailable:
            return share

    def _confirm_one(self, checkout: Checkout, share: Share) -> Share:
        house = self.houses(share.house)
        paid = Paid(
            provider=checkout.provider, id=checkout.payment or checkout.key, amount=share.amount,
            at=checkout.paid_at or self.clock(),
        )  # fmt: skip
        if share.hold is None:
            return replace(share, state=Part.LOST)
        self.crossing(f"confirm {share.house}")
        try:
            order = house.confirm(share.hold, checkout.buyer, paid)
        except Refused as no:
            return _refused(share, no, Part.LOST, checkout.buyer.name)
        finally:
            self.crossing(f"confirmed {share.house}")
        if order.state is not OrderState.CONFIRMED:
            return replace(share, state=Part.LOST, code=order.state.value, say="There are not so many places left.")
        return replace(share, state=Part.CONFIRMED, tickets=order.tickets)

    def _give_back(self, checkout: Checkout, share: Share) -> Share:
        """A house that refuses after the pivot, or whose part staff take back: its share goes back, and it cancels what it has."""
        if share.amount.cents and checkout.payment:
            self.crossing(f"refund {share.house}")
            reference = f"{share.reference}-back"
            try:
                made = self._provider(checkout).refund(checkout.payment, reference, share.amount, share.house)
            except Refused as no:  # somebody gave back by hand what is left of it: staff have to look
                raise Unavailable("refund_failed", f"the provider refuses to give the money back: {no.code}") from no
            self.crossing(f"refunded {share.house}")
            if made.state is Refunded.FAILED:
                raise Unavailable("refund_failed", "the provider could not give the money back")
        house = self.houses(share.house)
        self.crossing(f"cancel {share.house}")
        order = house.lookup(share.reference)
        if order.paid.cents > order.refunded.cents:
            back = Paid(provider=checkout.provider, id=f"{share.reference}-back", amount=order.paid, at=self.clock())
            house.record_refund(share.reference, back)
        if order.state not in (OrderState.ABSENT, OrderState.CANCELLED, OrderState.EXPIRED):
            house.cancel(share.reference)
        self.crossing(f"cancelled {share.house}")
        void = tuple(replace(ticket, cancelled=True) for ticket in share.tickets)
        return replace(share, state=Part.REFUNDED, tickets=void)

    def _hold_again(self, checkout: Checkout, version: int) -> int | None:
        """Money that came when all was undone: the places are held again where they still are, else the share goes back."""
        away = [share for share in checkout.shares if share.state in (Part.RELEASED, Part.REFUSED, Part.WANTED)]
        told = self._together(away, self._again_one)
        after = _each(checkout, lambda share: told.get(share.house, share))
        if any(share.state in (Part.RELEASED, Part.REFUSED, Part.WANTED) for share in after.shares):
            raise Unavailable("houses_silent", "a house has not answered")
        return self._write(replace(after, late=False, tries=0), version)

    def _again_one(self, share: Share) -> Share:
        self.crossing(f"again {share.house}")
        try:
            hold = self.houses(share.house).hold(f"{share.reference}-again", share.lines, WINDOW)
        except Refused as no:
            return _refused(share, no, Part.LOST)
        except Unavailable:
            return share
        finally:
            self.crossing(f"held again {share.house}")
        if hold.amount != share.amount:
            return replace(
                share, state=Part.LOST, code="price_changed", say="The price has changed. Look at your basket again."
            )
        return replace(share, state=Part.HELD, hold=hold, reference=f"{share.reference}-again")

    def _undo(self, checkout: Checkout, version: int) -> int | None:
        """Let go of all that was begun, the payment first: it may have half happened."""
        payment = self._status(checkout)
        if payment is not None and payment.state is PaymentState.OPEN:
            self.crossing("cancel payment")
            payment = self._provider(checkout).cancel(payment.id)
            self.crossing("cancelled payment")
        if payment is not None and payment.state is PaymentState.PAID:
            return self._pivot(checkout, version, payment)
        if payment is not None and payment.state is PaymentState.OPEN:
            raise Unavailable("payment_open", "the payment could not be cancelled yet")
        held = [share for share in checkout.shares if share.state in (Part.WANTED, Part.HELD)]
        told = self._together(held, self._release_one)
        after = _each(checkout, lambda share: told.get(share.house, share))
        if any(share.state in (Part.WANTED, Part.HELD) for share in after.shares):
            self._write(replace(after, tries=checkout.tries + 1), version, wait=_back_off(checkout.tries))
            return None
        return self._go(after, version, State.UNDONE)

    def _release_one(self, share: Share) -> Share:
        house = self.houses(share.house)
        self.crossing(f"release {share.house}")
        try:
            hold = share.hold or self._lost_hold(house, share)
            if hold is not None:
                house.release(hold)
        except Unavailable:
            return share
        finally:
            self.crossing(f"released {share.house}")
        return replace(share, state=Part.RELEASED)

    def _lost_hold(self, house: Ticketing, share: Share) -> Hold | None:
        """The hold of a reference whose answer we never had."""
        if house.lookup(share.reference).state is not OrderState.HELD:
            return None
        return house.hold(share.reference, share.lines, WINDOW)

    def _look_back(self, checkout: Checkout, version: int) -> Checkout:
        """Look whether money came after all for a checkout that was over."""
        if checkout.state is State.UNDONE and checkout.asked:
            try:
                payment = self._status(checkout)
            except Unavailable:
                return checkout
            if payment is not None and payment.state is PaymentState.PAID:
                with suppress(Stale):
                    if self._pivot(checkout, version, payment) is None:
                        return self._read(checkout.key)[0]
                return self.run(checkout.key)
        return checkout

    def _pivot(self, checkout: Checkout, version: int, payment: Payment) -> int | None:
        """It is paid. From here on nothing is undone by itself. For another amount than was asked there is no ticket."""
        if payment.amount != checkout.total:  # somebody has to look
            self._write(replace(checkout, alert=Alert.AMOUNT_DIFFERS.value), version, wait=SLOWEST)
            self._sound(checkout, Alert.AMOUNT_DIFFERS)
            return None
        late = checkout.state is not State.AWAITING
        after = replace(checkout, payment=payment.id, paid_at=payment.paid_at or self.clock(), late=late, pay_url="")
        if checkout.code == CALLED_OFF:  # staff said no before the money came
            after = _each(replace(after, late=False), _returning)
        return self._go(after, version, State.CONFIRMING)

    # --- what is written ------------------------------------------------------------------------------------------

    def _read(self, key: str) -> tuple[Checkout, int]:
        found = self.records.get(CHECKOUT, key)
        if found is None:
            raise Refused("checkout_unknown", "There is no such order here.")
        return read(found), found.version

    def _leave(self, record: Record) -> None:
        """A checkout of another version stays as it is, to the byte, and waits for who can read it; staff hear of it."""
        with suppress(Stale):
            self.records.put(
                CHECKOUT,
                record.id,
                record.value,
                expect=record.version,
                due=self.clock() + SLOWEST,
                expires=record.expires,
            )
            alarm.strange(record.id)

    def _sound(self, checkout: Checkout, alert: Alert) -> None:
        """Tell staff, if they did not know yet."""
        if checkout.alert != alert:
            alarm.sound(alert, checkout)

    def _write(self, checkout: Checkout, version: int, wait: timedelta | None = None) -> int:
        self.crossing(f"write {checkout.state}")
        due = None if checkout.state is State.DONE else self.clock() + (wait or LEASE)
        if checkout.state is State.UNDONE:  # money may still come for what was asked
            due = self.clock() + timedelta(hours=1) if checkout.asked and self._young(checkout) else None
        version = self.records.put(
            CHECKOUT, checkout.key, _encode(checkout), expect=version, due=due, expires=self._end()
        )
        self.crossing(f"written {checkout.state}")
        return version

    def _go(self, checkout: Checkout, version: int, state: State, wait: timedelta | None = None) -> int:
        if state not in ARROWS[checkout.state]:
            raise AssertionError(f"no arrow from {checkout.state} to {state}")
        return self._write(replace(checkout, state=state, tries=0), version, wait)

    def _later(self, key: str) -> Checkout:
        """Somebody is silent: the step is due again, later each time."""
        while True:
            checkout, version = self._read(key)
            if checkout.state in FINAL:
                return checkout
            alert = _stuck(checkout)
            after = replace(checkout, tries=checkout.tries + 1, alert=alert or checkout.alert)
            try:
                self._write(after, version, wait=_back_off(checkout.tries))
            except Stale:
                continue
            if alert:
                self._sound(checkout, alert)
            return after

    def _together(self, shares: Sequence[Share], ask: Callable[[Share], Share]) -> dict[str, Share]:
        """Ask each house in its own threads, all at once."""
        if len(shares) == 1:
            return {shares[0].house: ask(shares[0])}
        jobs = {share.house: self.pool(share.house).submit(ask, share) for share in shares}
        return {house: job.result() for house, job in jobs.items()}

    def _status(self, checkout: Checkout) -> Payment | None:
        """The payment as it is now; None when none was ever asked for."""
        if not checkout.asked:
            return None
        provider = self._provider(checkout)
        self.crossing("status")
        return provider.status(checkout.payment) if checkout.payment else provider.find(checkout.key)

    def _provider(self, checkout: Checkout) -> Payments:
        return self.providers[checkout.provider]

    def _request(self, checkout: Checkout) -> Request:
        return Request(
            reference=checkout.key, amount=checkout.total, back=checkout.back, hook=checkout.hook, language=checkout.buyer.language,
            shares=tuple(MoneyShare(share.house, share.amount) for share in checkout.shares if share.amount.cents),
            description={"nl": "Tickets", "fr": "Billets", "en": "Tickets", "de": "Tickets"}, expires=checkout.window or self.clock(),
        )  # fmt: skip

    def _until(self, checkout: Checkout) -> timedelta:
        """When to look whether it was paid without anybody telling us."""
        left = (checkout.window or self.clock()) + MARGIN - self.clock()
        return max(timedelta(seconds=10), min(left, timedelta(minutes=2)))

    def _young(self, checkout: Checkout) -> bool:
        return self.clock() - checkout.made < timedelta(days=4)

    def _soon(self) -> datetime:
        return self.clock() + LEASE

    def _end(self) -> datetime:
        return self.clock() + KEPT


_LASTING = frozenset({Alert.NOT_COMPLETED, Alert.UNMATCHED})
"""Alerts that stand until staff act."""

_STEPS: Mapping[State, Callable[[Saga, Checkout, int], int | None]] = {
    State.HOLDING: Saga._hold,  # noqa: SLF001 - the table is the class's own
    State.PAYING: Saga._ask,  # noqa: SLF001
    State.AWAITING: Saga._await,  # noqa: SLF001
    State.CONFIRMING: Saga._confirm,  # noqa: SLF001
    State.UNDOING: Saga._undo,  # noqa: SLF001
}


def read(record: Record) -> Checkout:
    """The checkout in a record; Unavailable `checkout_foreign` when another version of us wrote it and this one cannot read it."""
    try:
        return _decode(record.value)
    except msgspec.ValidationError as error:
        raise Unavailable("checkout_foreign", "another version of us wrote this order", where=record.id) from error


def _ended(checkout: Checkout, code: str, say: str) -> Checkout:
    """Why it ends without a sale, in the visitor's words."""
    return replace(checkout, code=code, say=say)


def _refused(share: Share, no: Refused, state: Part, name: str = "") -> Share:
    """A house's no, in words for the visitor."""
    said = for_visitors(no, share.house, name)
    return replace(share, state=state, code=said.code, say=said.say, detail=said.detail)


def _stuck(checkout: Checkout) -> Alert | None:
    """What staff should look at when a paid order does not go on."""
    if checkout.state is not State.CONFIRMING or checkout.tries < PATIENCE:
        return None
    open_parts = {share.state for share in checkout.shares} - {Part.CONFIRMED, Part.REFUNDED}
    return Alert.REFUND_STUCK if open_parts <= GOING_BACK else Alert.HOUSE_SILENT


def _returning(share: Share) -> Share:
    """A share that staff take back, unless it goes back already."""
    return share if share.state is Part.REFUNDED or share.state in GOING_BACK else replace(share, state=Part.RETURNING)


def _each(checkout: Checkout, change: Callable[[Share], Share]) -> Checkout:
    return replace(checkout, shares=tuple(change(share) for share in checkout.shares))


def _back_off(tries: int) -> timedelta:
    """2, 4, 8 … seconds, five minutes at most."""
    return min(SLOWEST, timedelta(seconds=2 ** min(tries + 1, 9)))
