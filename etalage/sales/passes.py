"""Passes: what a pass may have of a place is asked at its own system, noted for a short while, and never computed.

The number goes into a note sealed, so that a stolen copy of the records tells nothing; a page gets the note's name, which nobody can
guess, and the note is gone when the order is made or an hour has passed.

A newcomer's trap: who sells without a pass never comes here. A system that hangs holds up who has its pass, in threads of its own, and
after a few times in vain nobody waits for it for a while.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace

from etalage.model.basket import Priced, Quote, Wish, house_of
from etalage.model.checkout import Share
from etalage.model.discount import Batch, Claim, Entitlement, Piece, Told
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.sale import Line
from etalage.ports.discounts import Discounts
from etalage.ports.records import Records
from etalage.ports.seal import Seal
from etalage.sales import alarm, queues
from etalage.sales.breakers import Breaker
from etalage.sales.pass_notes import Note, Notes, discount_over, refused

FRESH = timedelta(minutes=5)
"""What was told before that is asked again when the order is made."""

T = TypeVar("T")


class Passes:
    """`systems`: house → those whose passes it takes, by their names, in the order in which a number is tried."""

    def __init__(
        self, notes: Notes, systems: Mapping[str, Mapping[str, Discounts]], seal: Seal, rng: Callable[[int], bytes],
        pool: Callable[[str, str], Executor] = lambda *_: queues.Here(),
    ) -> None:  # fmt: skip
        self.notes, self.systems, self.seal, self.rng, self.pool = notes, systems, seal, rng, pool
        self._breakers = {(house, name): Breaker(notes.clock) for house, known in systems.items() for name in known}

    def at(self, house: str, system: str) -> Discounts:
        """A system of a house; Unavailable `discount_busy` while it has none by that name: its settings are wrong now."""
        try:
            return self.systems[house][system]
        except KeyError as error:
            raise Unavailable("discount_busy", f"{house} has no {system} here now", where=house) from error

    def ask(self, house: str, system: str, question: Callable[[Discounts], T]) -> T:
        """Ask a system something, in its own threads, unless it did not answer a few times just now."""
        asked, breaker = self.at(house, system), self._breakers[house, system]
        breaker.look(house)
        try:
            job = queues.ask(self.pool(house, system), lambda: question(asked))
        except Unavailable as full:  # nobody was asked, so nobody was silent
            raise Unavailable("discount_busy", full.say, where=house, detail=full.detail) from full
        with breaker.closed():
            try:
                return job.result()
            except Refused as no:
                if no.code != "discount_locked":
                    raise
                alarm.locked(house, system, no.say)
                raise Unavailable("discount_busy", "it does not let us in", where=house) from no

    def look(self, line: Priced, label: str, keys: Mapping[str, str], number: str) -> tuple[str, Told]:
        """What a pass may have of one place of a line: the name of the note, "" when it may have nothing, and what its system said.

        `label`: what the tariff is called; `keys`: what others call the performance. Refuses `pass_unreadable` a number of no system of
        this house, `discount_not_here` where it does not reduce this, and `discount_refused`. Raises Unavailable for a system that is silent.
        """
        house = house_of(line.performance)
        known = self.systems.get(house, {})
        name, plain = next(((name, plain) for name, one in known.items() if (plain := one.reads(number))), ("", ""))
        if not name:
            raise Refused(
                "pass_unreadable", "This is no number of a pass that counts here. Look whether it is typed right."
            )
        event = event_of(known[name], line.performance, keys)
        if not event or not line.full:
            raise Refused("discount_not_here", "There is no reduction with this pass for this date.", where=line.performance)  # fmt: skip
        told = self.ask(house, name, lambda one: one.entitlements(event, Money(line.full), plain))
        if not told.entitlements:
            return "", told
        note = Note(
            house=house, system=name, performance=line.performance, tariff=line.tariff, event=event, regular=Money(line.full), label=label,
            entitlements=told.entitlements, message=told.message, asked=self.notes.clock(), sealed=self.seal.close(plain),
            mark=self.seal.mark(plain),
        )  # fmt: skip
        quote = self.rng(16).hex()
        self.notes.write(quote, note)
        return quote, told

    def chosen(self, wish: Wish, others: Sequence[Wish]) -> Wish:
        """A wish with what it names of its `quote`: an entitlement, or the house's tariff as it is.

        `others`: what else is in the basket. Refuses `discount_over`, and `discount_used` when that is more than the pass may have.
        """
        note = self.notes.read(wish.quote)
        if note is None or note.over or note.performance != wish.performance:
            raise discount_over(wish.performance)
        given = note.entitlement(wish.entitlement or wish.tariff)
        if given is None and wish.tariff in ("", note.tariff) and not wish.entitlement:
            return replace(wish, tariff=note.tariff, quote="")
        if given is None:
            raise Refused("tariff_unknown", "This price is not there any more. Choose another one.", where=wish.performance)  # fmt: skip
        if wish.number > self._left(note, given, others):
            raise Refused(
                "discount_used", "This pass may have at most %(number)s tickets at this price here.", where=wish.performance,
                detail={"number": str(given.remaining)},
            )  # fmt: skip
        return replace(wish, tariff=note.tariff, entitlement=given.id)

    def left(self, quote: str, entitlement: str, others: Sequence[Wish]) -> int:
        """For how many places more a pass may have an entitlement, beside what else is in the basket; 0 when nobody knows any more."""
        note = self.notes.read(quote)
        given = note.entitlement(entitlement) if note and not note.over else None
        return max(0, self._left(note, given, others)) if note and given else 0

    def read(self, wishes: Sequence[Wish]) -> tuple[Wish, ...]:
        """Wishes as a script sends them, where `tariff` is that of a quote, with what they mean. Refuses as `chosen` does."""
        read: list[Wish] = []
        for wish in wishes:
            read.append(self.chosen(wish, read) if wish.quote else wish)
        return tuple(read)

    def refresh(self, wishes: Sequence[Wish]) -> None:
        """Ask again what was told a while ago, before an order is made of it.

        Refuses `discount_refused` when a pass may not have it any more, and `discount_changed` when its price is another one.
        """
        for wish in wishes:
            note = self.notes.read(wish.quote) if wish.entitlement else None
            if note is None or note.over or self.notes.clock() - note.asked < FRESH:
                continue
            told = self.told_again(wish.quote, note)
            before, now = note.entitlement(wish.entitlement), told.entitlement(wish.entitlement)
            if told.over or now is None:
                raise refused(told.message, wish.performance)
            if before and before.price != now.price:
                raise Refused(
                    "discount_changed", "The price with your pass has changed. Look at your basket again.", where=wish.performance
                )  # fmt: skip

    def why(self, wishes: Sequence[Wish]) -> Refused:
        """Why a sale of these was refused, in the words of the first pass's system that said no."""
        notes = ((wish, self.notes.read(wish.quote)) for wish in wishes if wish.quote)
        return next(
            (refused(note.message, wish.performance) for wish, note in notes if note and note.over), refused({}, "")
        )

    def told_again(self, name: str, note: Note) -> Note:
        """A note after its system was asked once more."""
        number = self.seal.open(note.sealed)
        try:
            told = self.ask(note.house, note.system, lambda one: one.entitlements(note.event, note.regular, number))
        except Refused as no:
            told = Told(message=no.detail)
        after = replace(
            note, entitlements=told.entitlements or note.entitlements, message=told.message, over=not told.entitlements,
            asked=self.notes.clock(),
        )  # fmt: skip
        self.notes.write(name, after)
        return after

    def batches(self, quote: Quote, shares: Sequence[Share]) -> tuple[Batch, ...]:
        """What is to be booked for these shares of a basket; a piece for each of their lines that has the price of a pass."""
        pieces: dict[tuple[str, str], list[Piece]] = {}
        there = {share.house: list(share.lines) for share in shares}
        for row in (one for one in quote.lines if one.quote and one.house in there):
            note = self.notes.read(row.quote)
            if note is None:
                raise discount_over(row.performance)
            for place in range(row.quantity):
                seat = row.seats[place] if row.seats else ""
                line = next(line for line in there[row.house] if _is_of(line, row, seat))
                there[row.house].remove(line)
                piece = Piece(
                    line=line.key, event=note.event, price=Money(row.price), regular=note.regular, label=note.label,
                    entitlement=row.entitlement, quote=row.quote, sealed=note.sealed,
                )  # fmt: skip
                pieces.setdefault((row.house, note.system), []).append(piece)
        return tuple(Batch(house=house, system=name, pieces=tuple(found)) for (house, name), found in pieces.items())

    def claims(self, pieces: Sequence[Piece]) -> list[Claim]:
        """Pieces as their system has to know them."""
        return [
            Claim(
                event=one.event, entitlement=one.entitlement, regular=one.regular, label=one.label, number=self.seal.open(one.sealed)
            )
            for one in pieces
        ]  # fmt: skip

    def _left(self, note: Note, given: Entitlement, others: Sequence[Wish]) -> int:
        return given.remaining - sum(other.number for other in others if self._is_same(other, note, given.id))

    def _is_same(self, other: Wish, note: Note, entitlement: str) -> bool:
        """Whether another line uses the same of the same pass."""
        known = self.notes.read(other.quote) if other.entitlement == entitlement else None
        return known is not None and (known.mark, known.event) == (note.mark, note.event)


def _is_of(line: Line, row: Priced, seat: str) -> bool:
    price = line.price.cents if line.price else 0
    return (line.performance, line.tariff, line.seat, price) == (row.performance, row.tariff, seat, row.price)


def event_of(system: Discounts, performance: str, keys: Mapping[str, str]) -> str:
    """What a system calls a performance; "" when it does not know it. `keys`: what others call it."""
    return keys.get(system.key, "") if system.key else performance


class Unsealed:
    """No seal at all, for where nobody takes passes."""

    def close(self, number: str) -> str:
        """Refuses: there is nothing to keep a number with."""
        del number
        say = "no passes are taken here"
        raise Refused("seal_missing", say)

    open = close
    mark = close


def nobody(records: Records, clock: Callable[[], datetime]) -> Passes:
    """Where nobody takes passes."""
    return Passes(Notes(records, clock), {}, Unsealed(), bytes)
