"""The runner: takes a checkout from wherever it stands to its end, one recorded step after the other.

The webhook, the visitor's return and the sweep all call `run(key)`; it does not matter which of them comes first, or twice, or at
the same moment. What makes a sale right is this: the intent is written before a call and the result after it; every call carries
our own reference, so that doing it again is doing it once; and a step that nobody finished is due again by itself.

Steps that ask nobody outside, at our own inventory and the sandbox, are done together: one commit for all of them.

A newcomer's trap: a result is written on the version that was read. Who finds another version there throws its result away and
looks again: somebody else was first, and with the same references they got the same.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from msgspec.structs import replace

from etalage.model.checkout import ARROWS, FINAL, GOING_BACK, UNSETTLED, Alert, Checkout, Part, Share, Shown, State
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Payment, PaymentState, Refunded, Request
from etalage.model.payment import Share as MoneyShare
from etalage.model.sale import Hold, Line, OrderState, Paid
from etalage.ports.payment import Payments
from etalage.ports.records import ABSENT, Put, Record, Records
from etalage.ports.ticketing import Ticketing
from etalage.sales import alarm, codes
from etalage.sales.letters import announce
from etalage.sales.queues import is_here
from etalage.sales.shares import (
    doubt_in,
    doubt_of,
    each,
    ended,
    is_asked,
    is_silent,
    lasting,
    look_at,
    moved,
    on_its_way,
    pays,
    returning,
    without,
)

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
LATE = timedelta(hours=1)
"""So often it is looked whether money came for what was undone."""
KEPT, AFTERWARDS = timedelta(days=365), timedelta(days=60)
"""An order, with who bought it, goes a year after its last change, but not before two months after its last date."""
CALLED_OFF = "called_off"
"""The code of a sale that staff called off: money that comes all the same goes back."""

Known = tuple[Checkout, int]
"""A checkout, and the version of what was read or written."""

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
        return Put(
            kind=CHECKOUT, id=checkout.key, value=value, expect=ABSENT, due=self._soon(), expires=self._end(checkout)
        )

    def start(self, begin: Callable[[], str]) -> Checkout:
        """Begin a checkout, whose key `begin` gives, and go on with it: as far as nobody outside is asked in the same commit."""
        known, over = self.records.together(lambda: self._walk(self._read(begin()), ours=True))
        return known[0] if over else self._walk(known)[0][0]

    def read(self, key: str) -> Checkout:
        """A checkout; refuses `checkout_unknown`."""
        return self._read(key)[0]

    def run(self, key: str) -> Checkout:
        """Go on as far as one can now. Never raises for a house or a provider: what is left is due later."""
        known, over = self._read(key), False
        if self._is_quiet(known[0]):
            return known[0]
        if known[0].state not in FINAL and self._is_ours(known[0]):
            known, over = self.records.together(lambda: self._walk(known, ours=True))
        return known[0] if over else self._walk(known)[0][0]

    def sweep(self, limit: int = 100) -> list[str]:
        """Go on with every checkout that is due; their keys."""
        swept: list[str] = []
        broken: list[Exception] = []
        for record in self.records.due(CHECKOUT, self.clock(), limit):
            try:
                self.run(record.id)
                self._look_again(record)
                swept.append(record.id)
            except Exception as error:  # one that is broken does not stop the others; all are told below
                if isinstance(error, Unavailable) and error.code == "checkout_foreign":
                    self._leave(record)
                else:
                    broken.append(error)
        if broken:
            raise ExceptionGroup("checkouts that could not go on", broken)
        return swept

    def withdraw(self, key: str) -> Checkout:
        """The visitor wants something else: undo what is not paid, and give it as it is then; what is paid stands. Twice is once."""
        while True:
            checkout, version = self._read(key)
            if State.UNDOING not in ARROWS[checkout.state]:
                return self.run(key)
            after = replace(ended(checkout, "basket_changed", "You changed your basket."), pay_url="")
            with suppress(Stale):
                self._go(after, version, State.UNDOING)
                return self.run(key)

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
            after = each(checkout, lambda share: share if houses and share.house not in houses else returning(share))
            if after == checkout:
                return self.run(key)
            after = replace(after, tries=0, alert="")  # staff have looked
            with suppress(Stale):
                if checkout.state is State.DONE:
                    self._go(after, version, State.CONFIRMING)
                else:
                    self._write(after, version)
                return self.run(key)

    def move(self, key: str, house: str, lines: tuple[Line, ...], shown: Mapping[str, Shown]) -> Checkout:
        """Ask a house for other places for its share (etalage/sales/moves.py chooses them). Twice is once.

        Refused by the house it stays as it was, and the share says why. Refuses `not_sold` what is not sold and settled.
        """
        while True:
            checkout, version = self._read(key)
            share = checkout.share(house)
            if lines in (share.wanted, share.lines):
                return self.run(key)
            if checkout.state is not State.DONE or share.state is not Part.CONFIRMED:
                raise Refused("not_sold", "There is nothing sold here that could be moved now.", where=key)
            moving = on_its_way(share, lines)
            shares = tuple(moving if one.house == house else one for one in checkout.shares)
            after = replace(checkout, shares=shares, tries=0, alert="", shown={**checkout.shown, **shown})
            with suppress(Stale):
                self._go(after, version, State.CONFIRMING)
                return self.run(key)

    def call_off(self, key: str) -> Checkout:
        """Cancel an order wherever it stands: undo it before it is paid, give all of it back after. Twice is once."""
        while True:
            checkout, version = self._read(key)
            if checkout.state in (State.CONFIRMING, State.DONE):
                return self.give_back(key)
            if checkout.code == CALLED_OFF:
                return self.run(key)
            after = replace(ended(checkout, "called_off", "The house has cancelled this order."), pay_url="")
            with suppress(Stale):
                if State.UNDOING in ARROWS[checkout.state]:
                    self._go(after, version, State.UNDOING)
                else:
                    self._write(after, version)
                return self.run(key)

    # --- steps -----------------------------------------------------------------------------------------------------

    def _walk(self, known: Known, *, ours: bool = False) -> tuple[Known, bool]:
        """Take step after step, `ours` only; where it stands then, and whether nothing is left to do now."""
        while True:
            checkout, version = known
            if ours and not self._is_ours(checkout):
                return known, False
            if checkout.state in FINAL:
                return (self._look_back(checkout, version), version), True
            try:
                after = _STEPS[checkout.state](self, checkout, version)
            except Stale:
                known = self._read(checkout.key)
                continue
            except (Unavailable, Refused):  # a refusal that no step foresees drops nothing either
                return self._later(checkout.key), True
            if after is None:  # there is nothing to do but wait
                return self._read(checkout.key), True
            known = after

    def _is_quiet(self, checkout: Checkout) -> bool:
        """Whether it waits for our own provider's page, and all is well. Who looks every second costs one read, and no writer."""
        if (
            checkout.state is not State.AWAITING
            or checkout.tries
            or checkout.alert
            or not self._provider(checkout).ours
        ):
            return False
        try:
            payment = self._provider(checkout).status(checkout.payment)
        except (Unavailable, Refused):  # the step itself knows what to do then
            return False
        return not self._is_over(checkout) and payment.state is PaymentState.OPEN

    def _is_ours(self, checkout: Checkout) -> bool:
        """Whether its next step asks nobody outside."""
        state = checkout.state
        going_back = any(share.state in GOING_BACK for share in checkout.shares)
        pays = state in (State.PAYING, State.AWAITING) or (going_back if state is State.CONFIRMING else checkout.asked)
        if pays and not self._provider(checkout).ours:
            return False
        if state not in (State.HOLDING, State.CONFIRMING, State.UNDOING):
            return True
        try:
            return all(is_here(self.pool(share.house)) for share in checkout.shares)
        except Refused:  # its settings are wrong now
            return False

    def _hold(self, checkout: Checkout, version: int) -> Known | None:
        """Hold at every house at once."""
        if all(share.state is not Part.WANTED for share in checkout.shares):
            return self._priced(checkout, version)
        open_shares = [share for share in checkout.shares if share.state is Part.WANTED]
        told = self._together(open_shares, self._hold_one)
        after = each(checkout, lambda share: told.get(share.house, share))
        refused = next((share for share in after.shares if share.state is Part.REFUSED), None)
        if refused is not None:
            after = replace(after, code=refused.code, say=refused.say, detail=refused.detail)
            return self._go(after, version, State.UNDOING)
        if any(share.state is Part.WANTED for share in after.shares):
            if checkout.tries + 1 >= PATIENCE:
                after = ended(after, "house_silent", "One of the houses does not answer. Try again in a while.")
                alert = doubt_of(after)
                after = replace(after, alert="" if alert == Alert.HOUSE_SILENT else alert)
                return self._go(after, version, State.UNDOING)
            self._wait(after, version)
            return None
        return self._priced(after, version)

    def _hold_one(self, share: Share) -> Share:
        house = self.houses(share.house)
        self.crossing(f"hold {share.house}")
        try:
            hold = house.hold(share.reference, share.lines, WINDOW)
        except (Refused, Unavailable) as error:
            return without(share, error, Part.REFUSED)
        finally:
            self.crossing(f"held {share.house}")
        return replace(share, state=Part.HELD, hold=hold, amount=hold.amount, doubt="")

    def _priced(self, checkout: Checkout, version: int) -> Known:
        """All is held: what it costs is what the houses will book, and the first hold to lapse says until when one may pay."""
        if not all(share.hold and is_asked(share.lines, share.hold.lines) for share in checkout.shares):
            after = ended(checkout, "house_differs", "One of the houses has other places than you asked for.")
            return self._go(replace(after, alert=Alert.HOUSE_DIFFERS.value), version, State.UNDOING)
        total = Money(sum(share.amount.cents for share in checkout.shares))
        if checkout.total != total:
            after = ended(checkout, "price_changed", "The price has changed. Look at your basket again.")
            return self._go(after, version, State.UNDOING)
        first = min(share.hold.expires for share in checkout.shares if share.hold)
        window = min(first - MARGIN, self.clock() + WINDOW - MARGIN)
        after = replace(checkout, total=total, window=window, asked=bool(total.cents))
        return self._go(after, version, State.PAYING)

    def _ask(self, checkout: Checkout, version: int) -> Known | None:
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
                after = ended(checkout, "payment_silent", "Paying does not work now. Try again in a while.")
                return self._go(after, version, State.UNDOING)
            raise
        self.crossing("paying")
        after = replace(checkout, payment=payment.id, pay_url=payment.url)
        known = self._go(after, version, State.AWAITING, wait=self._until(checkout))
        return None if payment.state is PaymentState.OPEN else known  # nobody has been on its page yet

    def _await(self, checkout: Checkout, version: int) -> Known | None:
        """See whether it is paid; the pivot is here."""
        payment, over = self._status(checkout), self._is_over(checkout)
        if payment is not None and payment.state is PaymentState.PAID:
            if pays(checkout, payment):
                return self._pivot(checkout, version, payment)
            checkout = replace(checkout, alert=Alert.AMOUNT_DIFFERS.value)  # no ticket for it: somebody has to look
            if over:
                after = replace(ended(checkout, "amount_wrong", "What was paid is not what this costs."), pay_url="")
                return self._go(after, version, State.UNDOING)
            self._write(checkout, version, wait=SLOWEST)
            return None
        if payment is None or payment.state is not PaymentState.OPEN:
            after = replace(ended(checkout, "not_paid", "It was not paid, so nothing was bought."), pay_url="")
            return self._go(after, version, State.UNDOING)
        if over:
            self.crossing("cancel payment")
            payment = self._provider(checkout).cancel(payment.id)
            if payment.state is not PaymentState.OPEN:
                return self._await(checkout, version)
        after = replace(checkout, tries=0, alert=lasting(checkout))
        if after != checkout:  # who looks ten times while somebody pays writes nothing
            self._write(after, version, wait=self._until(checkout))
        return None

    def _confirm(self, checkout: Checkout, version: int) -> Known | None:
        """After the pivot: every house confirms or its share goes back; nobody waits for another."""
        if checkout.late:
            return self._hold_again(checkout, version)
        waiting = [share for share in checkout.shares if share.state in UNSETTLED]
        if not waiting:
            return self._go(checkout, version, State.DONE)
        told = self._together(waiting, lambda share: self._settle_one(checkout, share))
        after = each(checkout, lambda share: told.get(share.house, share))
        if all(share.state is checkout.share(share.house).state for share in after.shares):  # nobody answered
            self._wait(after, version)
            return None
        after = moved(checkout, replace(after, tries=0, alert=look_at(after)))
        if any(share.state in UNSETTLED for share in after.shares):
            return self._write(after, version)
        return self._go(after, version, State.DONE)

    def _settle_one(self, checkout: Checkout, share: Share) -> Share:
        """Confirm one house's part, move it, or give its share back."""
        try:
            if share.state is Part.MOVING:
                return self._move_one(share)
            return self._confirm_one(checkout, share) if share.state is Part.HELD else self._give_back(checkout, share)
        except (Refused, Unavailable) as error:
            return replace(share, doubt=doubt_in(error))

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
        except (Refused, Unavailable) as error:
            return without(share, error, Part.LOST, checkout.buyer.name)
        finally:
            self.crossing(f"confirmed {share.house}")
        if order.state is not OrderState.CONFIRMED:
            return replace(share, state=Part.LOST, code="hold_gone", say="There are not so many places left.")
        if not is_asked(share.lines, order.tickets):  # a sale of something else is none
            say = "One of the houses has other places than you asked for."
            return replace(share, state=Part.LOST, code="house_differs", say=say)
        return replace(share, state=Part.CONFIRMED, tickets=order.tickets, doubt="")

    def _move_one(self, share: Share) -> Share:
        """Exchange a share's places; a house that refuses leaves it as it was."""
        house = self.houses(share.house)
        stays = {line.key for line in share.lines if line in share.wanted}
        worn = [ticket.code for ticket in share.tickets if ticket.line not in stays]
        self.crossing(f"move {share.house}")
        try:
            order = house.move(share.reference, share.wanted, worn)
        except (Refused, Unavailable) as error:
            told = without(share, error, Part.CONFIRMED)
            return told if told.state is Part.MOVING else replace(told, wanted=())
        finally:
            self.crossing(f"moved {share.house}")
        if order.state is not OrderState.CONFIRMED or not is_asked(share.wanted, order.tickets):
            return replace(share, doubt=Alert.HOUSE_DIFFERS.value)
        return replace(share, state=Part.CONFIRMED, lines=share.wanted, wanted=(), tickets=order.tickets, doubt="")

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
        return replace(share, state=Part.REFUNDED, tickets=void, doubt="")

    def _hold_again(self, checkout: Checkout, version: int) -> Known | None:
        """Money that came when all was undone: the places are held again where they still are, else the share goes back."""
        away = [share for share in checkout.shares if share.state in (Part.RELEASED, Part.REFUSED, Part.WANTED)]
        told = self._together(away, self._again_one)
        after = each(checkout, lambda share: told.get(share.house, share))
        if any(share.state in (Part.RELEASED, Part.REFUSED, Part.WANTED) for share in after.shares):
            self._wait(after, version)
            return None
        return self._write(replace(after, late=False, tries=0, alert=lasting(after)), version)

    def _again_one(self, share: Share) -> Share:
        self.crossing(f"again {share.house}")
        try:
            hold = self.houses(share.house).hold(f"{share.reference}-again", share.lines, WINDOW)
        except (Refused, Unavailable) as error:
            return without(share, error, Part.LOST)
        finally:
            self.crossing(f"held again {share.house}")
        share = replace(share, hold=hold, reference=f"{share.reference}-again", doubt="")
        if hold.amount != share.amount:  # the house is told under its new name that nothing comes of it
            return replace(
                share, state=Part.LOST, code="price_changed", say="The price has changed. Look at your basket again."
            )
        return replace(share, state=Part.HELD)

    def _undo(self, checkout: Checkout, version: int) -> Known | None:
        """Let go of all that was begun, the payment first: it may have half happened."""
        payment = self._status(checkout)
        if payment is not None and payment.state is PaymentState.OPEN:
            self.crossing("cancel payment")
            payment = self._provider(checkout).cancel(payment.id)
            self.crossing("cancelled payment")
        if payment is not None and payment.state is PaymentState.PAID:
            if pays(checkout, payment):
                return self._pivot(checkout, version, payment)
            checkout = replace(checkout, alert=Alert.AMOUNT_DIFFERS.value)
        if payment is not None and payment.state is PaymentState.OPEN:
            raise Unavailable("payment_open", "the payment could not be cancelled yet")
        held = [share for share in checkout.shares if share.state in (Part.WANTED, Part.HELD)]
        told = self._together(held, self._release_one)
        after = each(checkout, lambda share: told.get(share.house, share))
        if any(share.state in (Part.WANTED, Part.HELD) for share in after.shares):
            self._wait(after, version)
            return None
        return self._go(after, version, State.UNDONE)

    def _release_one(self, share: Share) -> Share:
        house = self.houses(share.house)
        self.crossing(f"release {share.house}")
        try:
            hold = share.hold or self._lost_hold(house, share)
            if hold is not None:
                house.release(hold)
        except (Refused, Unavailable) as error:
            if is_silent(error):
                return replace(share, doubt=doubt_in(error))
        finally:
            self.crossing(f"released {share.house}")
        return replace(share, state=Part.RELEASED, doubt="")

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
            except (Unavailable, Refused):
                return checkout
            if payment is not None and payment.state is PaymentState.PAID:
                if pays(checkout, payment):
                    with suppress(Stale):
                        self._pivot(checkout, version, payment)
                    return self.run(checkout.key)
                checkout = self._tell_staff(checkout, version, Alert.AMOUNT_DIFFERS)
        return checkout

    def _pivot(self, checkout: Checkout, version: int, payment: Payment) -> Known:
        """It is paid. From here on nothing is undone by itself."""
        late = checkout.state is not State.AWAITING
        after = replace(checkout, payment=payment.id, paid_at=payment.paid_at or self.clock(), late=late, pay_url="")
        if checkout.code == CALLED_OFF:  # staff said no before the money came
            after = each(replace(after, late=False), returning)
        return self._go(after, version, State.CONFIRMING)

    # --- what is written ------------------------------------------------------------------------------------------

    def _read(self, key: str) -> Known:
        found = self.records.get(CHECKOUT, key)
        if found is None:
            raise Refused("checkout_unknown", "There is no such order here.")
        return read(found), found.version

    def _leave(self, record: Record) -> None:
        """A checkout of another version stays as it is, to the byte, and waits for who can read it; staff hear of it."""
        with suppress(Stale):
            self._keep(record, self.clock() + SLOWEST)
            alarm.strange(record.id)

    def _look_again(self, record: Record) -> None:
        """When nothing was new about a checkout that was due, it is due again later; else it was written meanwhile."""
        with suppress(Stale):
            checkout = read(record)
            self._keep(record, self._due(checkout, self._until(checkout)))

    def _keep(self, record: Record, due: datetime | None) -> None:
        self.records.put(CHECKOUT, record.id, record.value, expect=record.version, due=due, expires=record.expires)

    def _due(self, checkout: Checkout, wait: timedelta) -> datetime | None:
        """When to look at it again, if nobody does before."""
        if checkout.state is State.UNDONE:  # money may still come for what was asked
            return self.clock() + LATE if checkout.asked and self._young(checkout) else None
        return None if checkout.state is State.DONE else self.clock() + wait

    def _write(self, checkout: Checkout, version: int, wait: timedelta | None = None) -> Known:
        self.crossing(f"write {checkout.state}")
        more: list[Put] = []
        if checkout.state is State.DONE:  # what the buyer is to be told is owed from now on, in the same commit
            checkout, more = announce(checkout, self.clock())
        due = self._due(checkout, wait or LEASE)
        news = checkout.alert if checkout.alert != checkout.told else ""
        written = replace(checkout, told=checkout.alert)
        end = self._end(written)
        if checkout.state in (State.CONFIRMING, State.DONE):
            more += codes.notes(written, end)
        put = Put(kind=CHECKOUT, id=checkout.key, value=_encode(written), expect=version, due=due, expires=end)
        version = self.records.transact([put, *more])[0] if more else self._put(put)
        self.crossing(f"written {checkout.state}")
        if news:
            alarm.sound(Alert(news), checkout)
        return written, version

    def _put(self, one: Put) -> int:
        return self.records.put(one.kind, one.id, one.value, expect=one.expect, due=one.due, expires=one.expires)

    def _go(self, checkout: Checkout, version: int, state: State, wait: timedelta | None = None) -> Known:
        if state not in ARROWS[checkout.state]:
            raise AssertionError(f"no arrow from {checkout.state} to {state}")
        return self._write(replace(checkout, state=state, tries=0), version, wait)

    def _later(self, key: str) -> Known:
        """The provider is silent: the step is due again, later each time."""
        while True:
            checkout, version = self._read(key)
            if checkout.state in FINAL:
                return checkout, version
            with suppress(Stale):
                return self._wait(checkout, version)

    def _wait(self, checkout: Checkout, version: int) -> Known:
        """Somebody is silent: what is missing is asked for later, and when it is long after the pivot staff are told."""
        after = replace(checkout, tries=checkout.tries + 1)
        if checkout.tries >= PATIENCE and checkout.state in (State.CONFIRMING, State.AWAITING):
            known = checkout.alert if checkout.alert != Alert.NOT_COMPLETED else ""  # that its share hangs is more
            after = replace(after, alert=known or doubt_of(checkout))
        return self._write(after, version, wait=_back_off(checkout.tries))

    def _tell_staff(self, checkout: Checkout, version: int, alert: Alert) -> Checkout:
        """Write once what staff should look at."""
        if checkout.alert == alert:
            return checkout
        after = replace(checkout, alert=alert.value)
        with suppress(Stale):
            self._write(after, version)
        return after

    def _together(self, shares: Sequence[Share], ask: Callable[[Share], Share]) -> dict[str, Share]:
        """Ask each house in its own threads, all at once; one that cannot be asked, full or out of order, is silent."""
        told: dict[str, Share] = {}
        jobs: dict[str, Future[Share]] = {}
        for share in shares:
            try:
                jobs[share.house] = self.pool(share.house).submit(ask, share)
            except (Refused, Unavailable) as error:
                told[share.house] = replace(share, doubt=doubt_in(error))
        return told | {house: job.result() for house, job in jobs.items()}

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
            shares=tuple(MoneyShare(share.house, share.amount, share.reference) for share in checkout.shares if share.amount.cents),
            description={"nl": "Tickets", "fr": "Billets", "en": "Tickets", "de": "Tickets"}, expires=checkout.window or self.clock(),
        )  # fmt: skip

    def _until(self, checkout: Checkout) -> timedelta:
        """When to look whether it was paid without anybody telling us."""
        left = (checkout.window or self.clock()) + MARGIN - self.clock()
        return max(timedelta(seconds=10), min(left, timedelta(minutes=2)))

    def _is_over(self, checkout: Checkout) -> bool:
        """Whether nobody can pay any more."""
        return checkout.window is not None and self.clock() >= checkout.window + MARGIN

    def _young(self, checkout: Checkout) -> bool:
        return self.clock() - checkout.made < timedelta(days=4)

    def _soon(self) -> datetime:
        return self.clock() + LEASE

    def _end(self, checkout: Checkout) -> datetime:
        return max(
            [self.clock() + KEPT, *(last + AFTERWARDS for shown in checkout.shown.values() if (last := shown.last))]
        )


_STEPS: Mapping[State, Callable[[Saga, Checkout, int], Known | None]] = {
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


def _back_off(tries: int) -> timedelta:
    """2, 4, 8 … seconds, five minutes at most."""
    return min(SLOWEST, timedelta(seconds=2 ** min(tries + 1, 9)))
