"""The runner: takes a checkout from wherever it stands to its end, one recorded step after the other.

The webhook, the visitor's return and the sweep all call `run(key)`; it does not matter which of them comes first, or twice, or at
the same moment. What makes a sale right is this: the intent is written before a call and the result after it; every call carries
our own reference, so that doing it again is doing it once; and a step that nobody finished is due again by itself. The steps stand in
holding.py, settling.py and undoing.py; how long one waits for whom in terms.py.

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

from etalage.model.checkout import (
    ARROWS,
    FINAL,
    GOING_BACK,
    UNSETTLED,
    Alert,
    Checkout,
    Part,
    Share,
    Shown,
    State,
)
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.model.payment import Payment, PaymentState, Request
from etalage.model.payment import Share as MoneyShare
from etalage.model.sale import Line
from etalage.ports.payment import Payments
from etalage.ports.records import ABSENT, Change, Put, Record, Records
from etalage.ports.ticketing import Ticketing
from etalage.sales import alarm, codes, holding, ledger, onwards, refunds, registering, settling, undoing
from etalage.sales.letters import announce, warn
from etalage.sales.passes import Passes, nobody
from etalage.sales.queues import Outside, ask, is_here, is_hurried
from etalage.sales.returns import Pieces
from etalage.sales.shares import (
    doubt_in,
    doubt_of,
    each,
    ended,
    on_its_way,
    returning,
)
from etalage.sales.terms import (
    AFTERWARDS,
    CALLED_OFF,
    CHANGED,
    CHECKOUT,
    KEPT,
    LATE,
    LEASE,
    MARGIN,
    PATIENCE,
    SELDOM,
    SLOWEST,
    Known,
)

FIRST = frozenset({State.HOLDING, State.REGISTERING})
"""Before anybody is asked to pay."""

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
        pool: Callable[[str], Executor], crossing: Crossroads = lambda _: None, passes: Passes | None = None,
    ) -> None:  # fmt: skip
        self.records, self.houses, self.providers, self.clock = records, houses, providers, clock
        self.pool, self.crossing = pool, crossing
        self.passes = passes or nobody(records, clock)
        self._asked: Mapping[str, datetime] = {}

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

    def known(self, key: str) -> Known:
        """A checkout with the version of its record; refuses `checkout_unknown`."""
        return self._read(key)

    def run(self, key: str, *, seldom: bool = False) -> Checkout:
        """Go on as far as one can now. Never raises for a house or a provider: what is left is due later.

        `seldom`: for who only looks; a provider elsewhere is asked once in a few seconds, however many look at the order.
        """
        known, over = self._read(key), False
        if self._is_quiet(known[0]) or (seldom and self._was_asked(known[0])):
            return known[0]
        if known[0].state not in FINAL and self._is_ours(known[0]):
            known, over = self.records.together(lambda: self._walk(known, ours=True))
        after = known[0] if over else self._walk(known)[0][0]
        if seldom:
            self._note_asked(after)
        return after

    def hold(self, key: str) -> Checkout:
        """Go on until its places are held, and no further: nobody is asked to pay before those beside it hold theirs (rounds.py)."""
        known = self._read(key)
        return self._walk(known, until=State.PAYING)[0][0] if known[0].state in FIRST else known[0]

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

    def withdraw(self, key: str, *, off: bool = False) -> Checkout:
        """The visitor wants something else, or a date is `off`: undo what is not paid, and give it as it is then; what is paid stands.

        Twice is once.
        """
        while True:
            checkout, version = self._read(key)
            if State.UNDOING not in ARROWS[checkout.state]:
                return self.run(key)
            if off:
                after = ended(checkout, "performance_off", "One of these dates is cancelled. Choose again.")
            else:
                after = ended(checkout, CHANGED, "You changed your basket.")
            after = replace(after, pay_url="")
            with suppress(Stale):
                self.go(after, version, State.UNDOING)
                return self.run(key)

    # --- staff -----------------------------------------------------------------------------------------------------

    def give_back(
        self, key: str, houses: Sequence[str] = (), *, go_on: bool = True, elsewhere: bool = False
    ) -> Checkout:
        """Give the shares of these houses back (all without any): the money goes back, the places too. Twice is once.

        Without `go_on` it is only written down, and the sweep does the rest. `elsewhere`: the money went back in another way, so that the
        provider is not asked. Refuses `not_paid` before the pivot, `share_unknown` for a house that has no part in it.
        """
        while True:
            checkout, version = self._read(key)
            if strange := set(houses) - {share.house for share in checkout.shares}:
                raise Refused("share_unknown", "This house has no part in that order.", where=min(strange))
            if checkout.state not in (State.CONFIRMING, State.DONE):
                raise Refused(
                    "not_paid", "This order is not paid, so nothing can go back. It can be cancelled.", where=key
                )
            after = refunds.by_bank(refunds.returned(checkout, houses, self.clock()), self.clock())
            if elsewhere:
                after = refunds.elsewhere(after, houses, self.clock())
            if self._took_back(checkout, after, version):
                return self.run(key) if go_on else self.read(key)

    def give_tickets(self, key: str, pieces: Pieces, *, go_on: bool = True, elsewhere: bool = False) -> Checkout:
        """Give single tickets back (etalage/sales/returns.py chooses them): their money, and their places. Twice is once.

        The rest as above. Refuses `not_paid`, `not_sold`, `refund_too_large`.
        """
        while True:
            checkout, version = self._read(key)
            if checkout.state not in (State.CONFIRMING, State.DONE):
                raise Refused("not_paid", "This order is not paid, so nothing can go back. It can be cancelled.", where=key)  # fmt: skip
            after = refunds.by_bank(refunds.without(checkout, pieces, self.clock()), self.clock())
            if elsewhere:
                after = refunds.elsewhere(after, list(pieces), self.clock())
            if self._took_back(checkout, after, version):
                return self.run(key) if go_on else self.read(key)

    def _took_back(self, checkout: Checkout, after: Checkout, version: int) -> bool:
        """Write what staff take back; no when somebody else wrote meanwhile."""
        if after == checkout:
            return True
        going = any(share.state in UNSETTLED for share in after.shares)
        after = replace(after, tries=0, alert="")  # staff have looked
        with suppress(Stale):
            if checkout.state is State.DONE and going:
                self.go(after, version, State.CONFIRMING)
            else:
                self.write(after, version)
            return True
        return False

    def tell(self, key: str, alert: Alert) -> Checkout:
        """Whoever compares the books found something in an order that is over: staff are told, once."""
        return self.tell_staff(*self._read(key), alert)

    def adopt(self, key: str, shares: Mapping[str, Share]) -> Checkout:
        """Take these shares, by house, as those who kept their books say that they are. Raises Stale when the order goes on just now."""
        checkout, version = self._read(key)
        return self.write(each(checkout, lambda share: shares.get(share.house, share)), version)[0]

    def hear(self, payment: Payment) -> Checkout:
        """A payment as its provider has it now, who said that something happened: go on with its order, refunds too."""
        self.run(payment.reference)
        return refunds.hear(self, *self._read(payment.reference), payment)

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
                self.go(after, version, State.CONFIRMING)
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
                    self.go(after, version, State.UNDOING)
                else:
                    self.write(after, version)
                return self.run(key)

    # --- steps -----------------------------------------------------------------------------------------------------

    def _walk(self, known: Known, *, ours: bool = False, until: State | None = None) -> tuple[Known, bool]:
        """Take step after step, `ours` only, or `until` a state; where it stands then, and whether nothing is left to do now."""
        while True:
            checkout, version = known
            if checkout.state is until or (ours and not self._is_ours(checkout)):
                return known, False
            if checkout.state in FINAL:
                checkout, version = registering.look_after(self, checkout, version)
                look = refunds.look_after if checkout.state is State.DONE else undoing.look_back
                return (look(self, checkout, version), version), True
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
        if checkout.state is not State.AWAITING or checkout.tries or checkout.alert or not self._pays_here(checkout):
            return False
        try:
            payment = self.provider(checkout).status(checkout.payment)
        except (Unavailable, Refused):  # the step itself knows what to do then
            return False
        return not self.is_over(checkout) and payment.state is PaymentState.OPEN

    def _was_asked(self, checkout: Checkout) -> bool:
        """Whether its provider elsewhere told a moment ago, to somebody who looked, that nobody paid."""
        now = self.clock()
        return self._waits(checkout) and now - self._asked.get(checkout.key, now - SELDOM) < SELDOM

    def _note_asked(self, checkout: Checkout) -> None:
        """Remember that it was asked about just now; an answer that could not be written down was none."""
        if not self._waits(checkout):
            return
        now = self.clock()
        recent = {key: at for key, at in list(self._asked.items()) if now - at < SELDOM}
        self._asked = {**recent, checkout.key: now}

    def _waits(self, checkout: Checkout) -> bool:
        """Whether nothing more is known of it than that a provider elsewhere has seen no money yet."""
        waiting = checkout.state in (State.AWAITING, State.UNDONE) and not checkout.tries
        return waiting and not self._pays_here(checkout)

    def _is_ours(self, checkout: Checkout) -> bool:
        """Whether its next step asks nobody outside."""
        state = checkout.state
        if state is State.REGISTERING or (state in FINAL and registering.due(checkout, self.clock())):
            return False
        going_back = any(share.state in (*GOING_BACK, Part.PARTLY) for share in checkout.shares)
        pays = state in (State.PAYING, State.AWAITING) or (going_back if state is State.CONFIRMING else checkout.asked)
        if pays and not self._pays_here(checkout):
            return False
        if state not in (State.HOLDING, State.CONFIRMING, State.UNDOING):
            return True
        try:
            return all(is_here(self.pool(share.house)) for share in checkout.shares)
        except Refused:  # its settings are wrong now
            return False

    def pivot(self, checkout: Checkout, version: int, payment: Payment) -> Known:
        """It is paid. From here on nothing is undone by itself."""
        late = checkout.state is not State.AWAITING
        after = replace(
            checkout,
            payment=payment.id,
            paid_at=payment.paid_at or self.clock(),
            late=late,
            pay_url="",
            fee=payment.fee,
        )
        if checkout.code == CALLED_OFF:  # staff said no before the money came
            after = each(replace(after, late=False), lambda share: returning(share, self.clock()))
        return self.go(after, version, State.CONFIRMING)

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
            self._keep(record, self._due(checkout, self.until(checkout)))

    def _keep(self, record: Record, due: datetime | None) -> None:
        self.records.put(CHECKOUT, record.id, record.value, expect=record.version, due=due, expires=record.expires)

    def _due(self, checkout: Checkout, wait: timedelta) -> datetime | None:
        """When to look at it again, if nobody does before."""
        now = self.clock()
        if checkout.state not in FINAL:
            return now + wait
        if checkout.state is State.UNDONE:  # money may still come for what was asked
            money = now + LATE if checkout.asked and self._young(checkout) else None
        else:
            money = refunds.due(checkout)
        return min(filter(None, (money, registering.due(checkout, now))), default=None)

    def write(self, checkout: Checkout, version: int, wait: timedelta | None = None) -> Known:
        self.crossing(f"write {checkout.state}")
        more: list[Change] = []
        if checkout.state is State.DONE:  # what the buyer is to be told is owed from now on, in the same commit
            checkout, letters = announce(self._with_onwards(checkout), self.clock())
            more += letters
        checkout, entries = ledger.book(self.records, checkout, self.clock())
        more += entries
        due = self._due(checkout, wait or LEASE)
        news = checkout.alert if checkout.alert != checkout.told else ""
        written = replace(checkout, told=checkout.alert)
        end = self._end(written)
        written, sales = registering.settled(written, self.passes.notes, end)
        more += sales
        if news:
            more.append(warn(checkout, news, self.clock()))
        if checkout.state in (State.CONFIRMING, State.DONE):
            more += codes.notes(written, end)
        put = Put(kind=CHECKOUT, id=checkout.key, value=_encode(written), expect=version, due=due, expires=end)
        version = self.records.transact([put, *more])[0] if more else self._put(put)
        self.crossing(f"written {checkout.state}")
        if news:
            alarm.sound(Alert(news), checkout)
        return written, version

    def _with_onwards(self, checkout: Checkout) -> Checkout:
        """An order that is done, with what its provider is to pass on to the houses."""
        known = self.providers.get(checkout.provider)
        return onwards.decide(checkout, known, self.clock()) if known else checkout

    def _put(self, one: Put) -> int:
        return self.records.put(one.kind, one.id, one.value, expect=one.expect, due=one.due, expires=one.expires)

    def go(self, checkout: Checkout, version: int, state: State, wait: timedelta | None = None) -> Known:
        if state not in ARROWS[checkout.state]:
            raise AssertionError(f"no arrow from {checkout.state} to {state}")
        return self.write(replace(checkout, state=state, tries=0), version, wait)

    def _later(self, key: str) -> Known:
        """The provider is silent: the step is due again, later each time."""
        while True:
            checkout, version = self._read(key)
            if checkout.state in FINAL:
                return checkout, version
            with suppress(Stale):
                return self.wait(checkout, version)

    def wait(self, checkout: Checkout, version: int) -> Known:
        """Somebody is silent: what is missing is asked for later, and when it is long after the pivot staff are told."""
        after = replace(checkout, tries=checkout.tries + 1)
        if checkout.tries >= PATIENCE and checkout.state in (State.CONFIRMING, State.AWAITING):
            known = checkout.alert if checkout.alert != Alert.NOT_COMPLETED else ""  # that its share hangs is more
            after = replace(after, alert=known or doubt_of(checkout))
        return self.write(after, version, wait=_back_off(checkout.tries))

    def tell_staff(self, checkout: Checkout, version: int, alert: Alert) -> Checkout:
        """Write once what staff should look at."""
        if checkout.alert == alert:
            return checkout
        after = replace(checkout, alert=alert.value)
        with suppress(Stale):
            self.write(after, version)
        return after

    def together(self, shares: Sequence[Share], question: Callable[[Share], Share]) -> dict[str, Share]:
        """Ask each house in its own threads, all at once; one that cannot be asked, full or out of order, is silent."""
        told: dict[str, Share] = {}
        jobs: dict[str, Future[Share]] = {}
        for share in shares:
            try:
                jobs[share.house] = ask(self.pool(share.house), question, share)
            except (Refused, Unavailable) as error:
                told[share.house] = replace(share, doubt=doubt_in(error))
        return told | {house: job.result() for house, job in jobs.items()}

    def status(self, checkout: Checkout) -> Payment | None:
        """The payment as it is now; None when none was ever asked for."""
        if not checkout.asked:
            return None
        provider = self.provider(checkout)
        self.crossing("status")
        return provider.status(checkout.payment) if checkout.payment else provider.find(checkout.key, checkout.made)

    def provider(self, checkout: Checkout) -> Payments:
        """Who takes its money; Unavailable `payment_busy` while no account goes by that name here. Raises Outside in a hurry."""
        found = self._provider(checkout)
        if not found.ours and is_hurried():
            raise Outside
        return found

    def _provider(self, checkout: Checkout) -> Payments:
        if checkout.provider not in self.providers:
            raise Unavailable("payment_busy", f"no account here is called {checkout.provider}", where=checkout.key)
        return self.providers[checkout.provider]

    def _pays_here(self, checkout: Checkout) -> bool:
        """Whether its provider lives in our own records."""
        return checkout.provider in self.providers and self._provider(checkout).ours

    def request(self, checkout: Checkout) -> Request:
        """What is asked of the provider, the same each time. Its page may have to be open for longer than we wait: then we close it."""
        window, shortest = checkout.window or self.clock(), self.provider(checkout).shortest
        return Request(
            reference=checkout.key, amount=checkout.total, back=checkout.back, hook=checkout.hook, language=checkout.buyer.language,
            shares=tuple(MoneyShare(share.house, share.amount, share.reference) for share in checkout.shares if share.amount.cents),
            description={"nl": "Tickets", "fr": "Billets", "en": "Tickets", "de": "Tickets"}, expires=max(window, checkout.made + shortest + MARGIN),
        )  # fmt: skip

    def until(self, checkout: Checkout) -> timedelta:
        """When to look whether it was paid without anybody telling us."""
        left = (checkout.window or self.clock()) + MARGIN - self.clock()
        return max(timedelta(seconds=10), min(left, timedelta(minutes=2)))

    def is_over(self, checkout: Checkout) -> bool:
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
    State.HOLDING: holding.hold,
    State.REGISTERING: registering.register,
    State.PAYING: holding.ask_to_pay,
    State.AWAITING: holding.await_money,
    State.CONFIRMING: settling.settle,
    State.UNDOING: undoing.undo,
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
