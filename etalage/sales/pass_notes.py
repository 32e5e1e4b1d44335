"""What a pass was told of a place, for a short while: under a name that nobody can guess, and with its number sealed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from etalage.model.basket import Priced, Wish
from etalage.model.discount import Entitlement
from etalage.model.errors import EtalageError, Refused
from etalage.model.money import Money
from etalage.model.words import Words
from etalage.ports.records import ANY, Drop, Records

NOTE = "pass-note"
KEPT = timedelta(hours=1)
"""So long it is known what a pass was told; a basket is kept no longer."""

_encode = msgspec.json.Encoder().encode


class Note(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a pass was told of a tariff of a performance. `event`: what the system calls it; `regular`: what the tariff costs.

    `mark` is the same for one pass, and tells nothing of it. `over`: its system said no since, with that message.
    """

    house: str
    system: str
    performance: str
    tariff: str
    event: str
    regular: Money
    label: str
    entitlements: tuple[Entitlement, ...]
    asked: datetime
    sealed: str
    mark: str
    message: Words = {}
    over: bool = False

    def entitlement(self, id: str) -> Entitlement | None:
        """One of them."""
        return next((one for one in self.entitlements if one.id == id), None)


_decode = msgspec.json.Decoder(Note).decode


class Notes:
    """What passes were told, under names that nobody can guess."""

    def __init__(self, records: Records, clock: Callable[[], datetime]) -> None:
        self.records, self.clock = records, clock

    def read(self, name: str) -> Note | None:
        """A note; None when there is none any more."""
        found = self.records.get(NOTE, _digest(name)) if name else None
        return _decode(found.value) if found else None

    def write(self, name: str, note: Note) -> None:
        """Write it down, for a short while."""
        until = note.asked + KEPT
        self.records.put(NOTE, _digest(name), _encode(note), expect=ANY, expires=until)

    def gone(self, names: Sequence[str]) -> list[Drop]:
        """What takes these notes away, for who writes something else with it."""
        return [Drop(kind=NOTE, id=_digest(name), expect=ANY) for name in dict.fromkeys(names)]

    def reduce(self, wish: Wish, line: Priced) -> Priced | EtalageError:
        """A line at the price of its pass; why not, when its system said no since, or nobody knows any more what it told."""
        note = self.read(wish.quote)
        given = note.entitlement(wish.entitlement) if note else None
        if note and note.over:
            return refused(note.message, line.performance)
        fits = note and (note.performance, note.tariff, note.regular.cents) == (
            line.performance,
            line.tariff,
            line.price,
        )
        if not fits or given is None:
            return discount_over(line.performance)
        return replace(
            line, price=given.price.cents, regular=line.price, quote=wish.quote, entitlement=wish.entitlement
        )


def refused(words: Words, performance: str) -> Refused:
    """No, in the words of the pass's own system; in ours when it has none."""
    return Refused(
        "discount_refused", "This pass gives no reduction here any more. Choose another price.", where=performance, detail=words
    )  # fmt: skip


def discount_over(performance: str) -> Refused:
    """Nobody knows any more what a pass was told."""
    return Refused(
        "discount_over", "Type the number of your pass again: its price has to be asked anew.", where=performance
    )  # fmt: skip


def _digest(name: str) -> str:
    """What we keep of a note's name: a stolen copy of the records opens no note."""
    return sha256(name.encode()).hexdigest()
