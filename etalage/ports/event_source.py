"""Where a programme comes from."""

from collections.abc import Sequence
from typing import Protocol

from etalage.model.record import Changes, Problem


class EventSource(Protocol):
    """A house's programme, read and never written.

    Laws (tests/laws/event_source.py holds every adapter to them):

    1. `changes_since(None)` gives everything there is, with `complete` true.
    2. What was read before plus `changes_since(cursor)` equals a fresh full read, record by record.
    3. With nothing changed, a read since the cursor brings only records equal to those we have, or none, and none gone.
    4. Ids are the same at every read, unique, begin with `id` and hold only `a-z A-Z 0-9 . _ : / -` without `..`.
    5. A record that cannot be used is a Problem with source, record, field and reason; the other records are there.
    6. A source that is silent, or answers with something else than it should (a web page, half a document), raises
       `Unavailable`; it never returns part of the programme as if it were all.
    7. Every moment is aware; no end lies before its start; amounts are 0 cents or more; plain text holds no control
       characters and no bidirectional overrides; descriptions hold allow-listed HTML only; addresses are http or https.
    8. The same data gives the same records in the same order.
    9. A change made while we read is in this read or in the next: the cursor is taken before the reading starts.
    10. `examine` never raises: it says in sentences what would keep a read from succeeding, and nothing when all is well.
    """

    id: str
    """`system:house`, or `system:house.name` for a house's second source of one kind; every record id begins with it."""

    def changes_since(self, cursor: str | None) -> Changes:
        """Read what is new, changed or gone since `cursor` (opaque; None for everything)."""
        ...

    def examine(self) -> Sequence[Problem]:
        """Say what is wrong with the connection or the settings, and what to do; weight "record" when nothing can be read."""
        ...
