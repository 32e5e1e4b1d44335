"""What we remember ourselves of a sale at pretix, between wanting places and having an order.

pretix finds an order by our own code, but no cart by anything: not by its id, and not across events. So what a reference
wants is noted before pretix hears of it. What a newcomer would get wrong: the note never says what is true, only where to ask.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from etalage.model.errors import Stale
from etalage.model.sale import Line
from etalage.ports.records import ABSENT, ANY, Drop, Records

NOTE = "pretix-sale"
KEEP = timedelta(days=30)
"""How long a note is kept: pretix forgets a cart 14 days after it lapsed; of an order it keeps our lines itself (`api_meta`)."""


class Part(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is wanted of one pretix event. `lines`: places in the sale's lines; `cents`: what pretix said each costs."""

    event: str
    code: str
    lines: tuple[int, ...]
    cents: tuple[int, ...] = ()
    carts: tuple[int, ...] = ()
    """pretix' numbers of the positions; () is: not known whether there are any."""

    @property
    def cart(self) -> str:
        """The id of its cart; pretix lets the API see only those that end like this."""
        return f"etalage-{self.code}@api"


class Note(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a reference stands for. `over`: "released" or "cancelled" while it was only a hold."""

    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    begun: datetime
    over: str = ""


class Notes:
    """The notes of one house."""

    def __init__(self, records: Records, house: str, clock: Callable[[], datetime]) -> None:
        self.records, self.house, self.clock = records, house, clock

    def read(self, reference: str) -> Note | None:
        """The note of a reference."""
        found = self.records.get(NOTE, self._id(reference))
        return msgspec.msgpack.decode(found.value, type=Note) if found else None

    def begin(self, reference: str, note: Note) -> bool:
        """Note it, unless somebody was first."""
        try:
            self._put(reference, note, ABSENT)
        except Stale:
            return False
        return True

    def write(self, reference: str, note: Note) -> None:
        """Note it anew."""
        self._put(reference, note, ANY)

    def drop(self, reference: str) -> None:
        """Forget it: nothing came of it."""
        self.records.transact([Drop(kind=NOTE, id=self._id(reference), expect=ANY)])

    def _put(self, reference: str, note: Note, expect: int) -> None:
        value = msgspec.msgpack.encode(note)
        self.records.put(NOTE, self._id(reference), value, expect=expect, expires=self.clock() + KEEP)

    def _id(self, reference: str) -> str:
        return f"{self.house}/{reference}"
