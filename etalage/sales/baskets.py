"""Baskets: what a visitor has chosen is kept at the houses from the moment that it is put in, and becomes one checkout.

Each house keeps its part under one reference. What changes is held anew before the old hold goes, so that nobody loses the
places they had; only where there is no room for both the old goes first, and comes back when the new cannot be had.

A newcomer's trap: nothing here needs to survive a crash. A hold whose basket was never written lapses by itself, and what is paid
for is the checkout's business, which takes the holds over in the same write that gives the basket its `order`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from etalage.model.basket import Basket, Quote, Wish, house_of, lines_of
from etalage.model.checkout import Checkout, Part, Share, State
from etalage.model.enrolment import Participant
from etalage.model.errors import EtalageError, Refused, Stale
from etalage.model.sale import Buyer, Hold, Line
from etalage.ports.records import ABSENT, Change, Put, Record
from etalage.ports.ticketing import Ticketing
from etalage.sales import rounds
from etalage.sales.counter import Counter, Place
from etalage.sales.rounds import Round
from etalage.sales.terms import CHECKOUT, WINDOW

KIND = "basket"
HELD = timedelta(minutes=20)
"""So long a house keeps what is in a basket; who wants may ask for as much again."""
LONGEST = timedelta(minutes=60)
"""So long at most by asking for more time; who chooses something else begins anew."""
KEPT = timedelta(days=1)
"""So long we remember what was in it, when the places are free again."""
PATIENCE = 2.0
"""Seconds to wait for a house that lets go of places."""

Held = tuple[str, Hold]
"""A house, and what it keeps."""
_T = TypeVar("_T")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Basket).decode


class Found(NamedTuple):
    """A basket as it was read, and the version of its record."""

    basket: Basket
    version: int


class Exchange(NamedTuple):
    """A basket after the houses were asked, the holds it has no use for, and why it is not what was wanted."""

    basket: Basket
    gone: Sequence[Held]
    no: EtalageError | None = None


class Baskets:
    """What visitors have chosen, over what the counter works with."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.records, self.quotes = counter, counter.records, counter.quotes
        self.clock, self.rng = counter.clock, counter.rng

    def new(self) -> str:
        """A token that nobody can guess. Nothing is written before something is put in."""
        return self.rng(16).hex()

    def show(self, token: str, site: str) -> Basket:
        """What is in it; an empty one when there is nothing under this token."""
        return self._find(token, site).basket

    def fill(self, token: str, site: str, wishes: Sequence[Wish]) -> Basket:
        """Let these be in it, and nothing else.

        Refuses what a house does not sell (as a quote does), `sold_out`, and `already_paid`; then what was in it still is.
        Raises Unavailable for a house that is silent.
        """
        wanted = _by_house(self.quotes.quote(wishes) if wishes else None)
        return self._settle(token, site, tuple(wishes), lambda _: wanted)

    def leave(self, token: str, site: str, wishes: Sequence[Wish]) -> Basket:
        """Let only these stay, of what is in it. No house can refuse that or hold it up.

        What a house does not sell now, or does not tell of, stays in the basket; where another line of that house goes it is not
        kept any more, since nobody could hold it anew. Refuses `already_paid`.
        """
        priced = _by_house(self.quotes.known(wishes))

        def wanted(known: Basket) -> Mapping[str, tuple[Line, ...]]:
            now = self.clock()
            same = (house for house in known.holds if _of(house, known.wishes) == _of(house, wishes))
            return {**priced, **{name: known.holds[name].lines for name in same if known.holds[name].expires > now}}

        return self._settle(token, site, tuple(wishes), wanted, forgiving=True)

    def extend(self, token: str, site: str) -> Basket:
        """Keep everything for longer; refuses `basket_lapsed` when it is over, and `kept_long_enough`."""
        known, version = self._find(token, site)
        now, end = self.clock(), (known.since or self.clock()) + LONGEST
        if not known.is_kept(now) or known.order:
            raise Refused("basket_lapsed", "Your places are free again. Look whether they are still there.")
        if known.until and known.until >= end - timedelta(minutes=1):
            raise Refused("kept_long_enough", "Your places cannot be kept for longer.")
        ttl = min(HELD, end - now)
        jobs = {house: self._ask(house, _extending(hold, ttl)) for house, hold in known.holds.items()}
        after = replace(known, holds={house: job.result() for house, job in jobs.items()})
        with suppress(Stale):
            self._write(token, after, version)
        return after

    def take(
        self, token: str, site: str, buyer: Buyer, consent: tuple[str, ...], place: Place
    ) -> tuple[str, Checkout]:  # fmt: skip
        """Make one order of it, however often it is asked; gives the link's token and the checkout, as `Counter.take` does."""
        saga = self.counter.saga
        while True:
            known, version = self._find(token, site)
            try:
                if known.order:
                    found = rounds.run(saga, known.order)
                    says = (buyer, set(consent), place.participants, place.postcode)
                    if all(one.state is State.AWAITING for one in found) and _said(found) != says:
                        found = rounds.withdraw(saga, known.order)  # who went back filled in something else
                    if any(one.state is not State.UNDONE for one in found):
                        return self.counter.told(found, known.wishes)
                    self._write(token, replace(known, order="", holds={}, since=None), version)
                    continue
                made = self._become(token, known, version, buyer, consent, place)
                return self.counter.told(made, known.wishes)
            except Stale:
                continue

    def drop(self, token: str, orders: Collection[str]) -> bool:
        """Forget a basket that became one of these orders; whether it did."""
        found = self.records.get(KIND, _digest(token))
        if found is None or _decode(found.value).order not in orders:
            return False
        with suppress(Stale):
            self.records.put(KIND, found.id, found.value, expect=found.version, expires=self.clock())
        return True

    def _settle(
        self, token: str, site: str, wishes: tuple[Wish, ...], wanted: Callable[[Basket], Mapping[str, tuple[Line, ...]]], *,
        forgiving: bool = False,
    ) -> Basket:  # fmt: skip
        """Hold what is `wanted` by house, write it down, and let go of the rest; whatever other tabs do meanwhile."""
        while True:
            known, version = self._open(token, site)
            after, gone, no = self._exchange(known, wishes, wanted(known), forgiving=forgiving)
            try:
                self._write(token, after, version)
            except Stale:  # another tab was first
                made = [(house, hold) for house, hold in after.holds.items() if hold != known.holds.get(house)]
                self._let_go([*made, *(gone if no else ())])
                continue
            self._let_go(gone)
            if no:
                raise no
            return after

    # --- what is held -----------------------------------------------------------------------------------------------

    def _exchange(
        self, known: Basket, wishes: tuple[Wish, ...], wanted: Mapping[str, tuple[Line, ...]], *, forgiving: bool
    ) -> Exchange:
        """Hold what is new, and keep what is still wanted; `forgiving`: what cannot be had is not kept, and that is all."""
        now = self.clock()
        kept = {
            house: hold
            for house, hold in known.holds.items()
            if hold.expires > now and house in wanted and _same(hold.lines, wanted[house])
        }
        fresh: dict[str, Hold] = {}
        left = dict(known.holds)
        for house in (name for name in wanted if name not in kept):
            try:
                fresh[house] = self._hold(known, house, wanted[house], left)
            except EtalageError as no:
                if forgiving:
                    continue
                for other in [name for name in fresh if name in known.holds and name not in left]:
                    self._let_go([(other, fresh.pop(other))])
                    self._hold_again(known, other, left)
                return Exchange(replace(known, holds=left), list(fresh.items()), no)
        since = known.since if kept and known.since else now
        after = replace(known, wishes=wishes, holds=kept | fresh, since=since if wishes else None)
        gone = [(house, hold) for house, hold in known.holds.items() if house not in kept]
        again = [(house, hold) for house, hold in left.items() if hold != known.holds[house]]  # taken back in vain
        return Exchange(after, [*gone, *again])

    def _hold(self, known: Basket, house: str, lines: tuple[Line, ...], left: dict[str, Hold]) -> Hold:
        """Hold at one house. Where the basket's own hold stands in the way it goes first; in vain, and it is held again.

        `left`: what the houses still keep of before.
        """
        old = left.get(house)
        try:
            return self._ask(house, _holding(self._name(known, house), lines)).result()
        except Refused as no:
            if no.code != "sold_out" or old is None or old.expires <= self.clock():
                raise
        self._ask(house, _releasing(old)).result()
        del left[house]
        try:
            return self._ask(house, _holding(self._name(known, house), lines)).result()
        except EtalageError:
            self._hold_again(known, house, left)
            raise

    def _hold_again(self, known: Basket, house: str, left: dict[str, Hold]) -> None:
        """Keep what was let go of; where somebody else has it by now the basket claims nothing."""
        with suppress(EtalageError):
            left[house] = self._ask(house, _holding(self._name(known, house), known.holds[house].lines)).result()

    def _shares(self, known: Basket, quote: Quote) -> tuple[Share, ...]:
        """A share per house, held for as long as paying may take; one whose hold has lapsed is wanted anew."""
        wanted = _by_house(quote)
        jobs = {house: self._ask(house, _lengthening(known.holds.get(house))) for house in wanted}
        shares = []
        for house, lines in wanted.items():
            hold = jobs[house].result()
            if hold is None or not _same(hold.lines, lines):
                shares.append(Share(house=house, reference=self._name(known, house), lines=lines))
            else:
                shares.append(
                    Share(house=house, reference=hold.reference, lines=hold.lines, state=Part.HELD, hold=hold, amount=hold.amount)
                )  # fmt: skip
        return tuple(shares)

    def _let_go(self, holds: Iterable[Held]) -> None:
        """Give places back; what does not work now, or is slow, lapses by itself."""
        jobs: list[Future[None]] = []
        for house, hold in holds:
            with suppress(EtalageError):
                jobs.append(self._ask(house, _releasing(hold)))
        for job in jobs:
            with suppress(EtalageError, TimeoutError):
                job.result(PATIENCE)

    def _ask(self, house: str, ask: Callable[[Ticketing], _T]) -> Future[_T]:
        return self.quotes.ask(house, ask)

    def _name(self, known: Basket, house: str) -> str:
        """A reference that was never used."""
        return f"{known.id}-{self.rng(4).hex()}-{house}"

    # --- what is written --------------------------------------------------------------------------------------------

    def _become(
        self, token: str, known: Basket, version: int, buyer: Buyer, consent: tuple[str, ...], place: Place
    ) -> Round:  # fmt: skip
        """Begin what it becomes with the basket's holds; the same write says so in the basket."""
        if not known.wishes:
            raise Refused("basket_empty", "There is nothing in your basket.")
        self.counter.saga.passes.refresh(known.wishes)
        quote = self.quotes.quote(known.wishes)
        made = self.counter.draft(quote, self._shares(known, quote), buyer, consent, place)
        mine, saga = _digest(token), self.counter.saga

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], str]:
            if found[0] is None or found[0].version != version:
                raise Stale("basket_stale", "another tab was first", where=known.id)
            after = replace(known, order=made[0].key)
            return [*map(saga.fresh, made), self._put(mine, after, version)], made[0].key

        keys = [(KIND, mine), *((CHECKOUT, one.key) for one in made)]
        return rounds.start(saga, made, lambda: self.records.change(keys, decide))

    def _find(self, token: str, site: str) -> Found:
        found = self.records.get(KIND, _digest(token))
        basket = _decode(found.value) if found else None
        if found is None or basket is None or basket.site != site:
            return Found(Basket(id=self.rng(16).hex(), site=site), ABSENT)
        return Found(basket, found.version)

    def _open(self, token: str, site: str) -> Found:
        """A basket that may be changed: what it was about to become is undone first; refuses `already_paid`.

        Where one pays in turn and a house is paid, what was in it of that house is not in it any more.
        """
        known, version = self._find(token, site)
        if not known.order:
            return Found(known, version)
        ended = rounds.withdraw(self.counter.saga, known.order)
        standing = [one for one in ended if one.state is not State.UNDONE]
        paid = {share.house for one in standing for share in one.shares}
        left = tuple(wish for wish in known.wishes if house_of(wish.performance) not in paid)
        after = replace(known, wishes=left, order="", holds={}, since=None)
        if not standing:
            return Found(after, version)
        if left and all(one.state in rounds.PAID for one in standing):
            with suppress(Stale):
                self._write(token, after, version)
            raise Refused(
                "already_paid", "One of the houses is paid, and is not in your basket any more. Look at what is left."
            )
        raise Refused("already_paid", "This basket is paid. What you choose now goes in a new one.")

    def _write(self, token: str, basket: Basket, version: int) -> None:
        put = self._put(_digest(token), basket, version)
        self.records.transact([put])

    def _put(self, id: str, basket: Basket, version: int) -> Put:
        return Put(kind=KIND, id=id, value=_encode(basket), expect=version, expires=self.clock() + KEPT)


def _said(found: Round) -> tuple[Buyer, set[str], Mapping[str, tuple[Participant, ...]], str]:
    """What was filled in for these."""
    consent = {house for one in found for house in one.consent}
    participants = {id: who for one in found for id, who in one.participants.items()}
    return found[0].buyer, consent, participants, found[0].postcode


def _digest(token: str) -> str:
    """What we keep of a token: a stolen copy of the records opens no basket."""
    return sha256(token.encode()).hexdigest()


def _by_house(quote: Quote | None) -> Mapping[str, tuple[Line, ...]]:
    names = dict.fromkeys(line.house for line in quote.lines) if quote else ()
    return {house: lines_of(quote, house) for house in names if quote}


def _of(house: str, wishes: Sequence[Wish]) -> list[Wish]:
    return [wish for wish in wishes if house_of(wish.performance) == house]


def _same(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether these are the same places, whatever their keys."""
    return sorted(map(_place, one)) == sorted(map(_place, other))


def _place(line: Line) -> tuple[str, str, str, int]:
    return line.performance, line.tariff, line.seat, -1 if line.price is None else line.price.cents


def _holding(name: str, lines: tuple[Line, ...]) -> Callable[[Ticketing], Hold]:
    return lambda house: house.hold(name, lines, HELD)


def _releasing(hold: Hold) -> Callable[[Ticketing], None]:
    return lambda house: house.release(hold)


def _extending(hold: Hold, ttl: timedelta) -> Callable[[Ticketing], Hold]:
    return lambda house: house.extend(hold, ttl)


def _lengthening(hold: Hold | None) -> Callable[[Ticketing], Hold | None]:
    """A hold for as long as paying may take; None when it is over."""

    def ask(house: Ticketing) -> Hold | None:
        try:
            return house.extend(hold, WINDOW) if hold else None
        except Refused:
            return None

    return ask
