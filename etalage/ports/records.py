"""What must be remembered for certain: shared wishlists now, holds and sales later. Small documents, written on condition.

A newcomer's trap: a version is a name, not a count. Compare it for equality only, and hand back the one that was read.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Final, Protocol, TypeVar

import msgspec

ANY: Final = -1
"""Write whatever is there: only for what one alone writes."""
ABSENT: Final = 0
"""Write only when there is nothing, or nothing that has not expired."""

MOST_CHANGES: Final = 100
"""Changes in one transaction, and documents in one `change` (DynamoDB's TransactWriteItems takes no more)."""
LARGEST: Final = 350_000
"""Bytes of a value (a DynamoDB item, with its names, holds 400 kB)."""
HEAVIEST: Final = 3_000_000
"""Bytes of all values in one transaction (TransactWriteItems takes 4 MB, names and numbers included)."""
LONGEST_ID: Final = 500
"""Letters of a kind or an id."""


class Record(msgspec.Struct, frozen=True):
    """A document as it was read. `due`: when somebody should look at it; `expires`: from when on it counts as gone."""

    kind: str
    id: str
    value: bytes
    version: int
    due: datetime | None = None
    expires: datetime | None = None


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """Write a document. `expect`: the version that must be there, or ABSENT, or ANY."""

    kind: str
    id: str
    value: bytes
    expect: int
    due: datetime | None = None
    expires: datetime | None = None


class Drop(msgspec.Struct, frozen=True, kw_only=True):
    """Take a document away; with ANY, one that is not there is no error."""

    kind: str
    id: str
    expect: int


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """Write nothing, but let the transaction fail unless this version (or ABSENT) is there."""

    kind: str
    id: str
    expect: int


Change = Put | Drop | Check
Key = tuple[str, str]
"""Kind and id."""


T = TypeVar("T")
Decide = Callable[[Sequence[Record | None]], tuple[Sequence[Change], T]]
"""From the documents as they are to what changes, and an answer. Pure: it may be asked several times. `expect` is ANY."""


class Records(Protocol):
    """Documents by kind and id.

    Laws:

    1. `get` gives what was written last under that kind and id: the same bytes and moments; None when there is nothing.
    2. Every write gives the document a version that this kind and id never had before, also not before it was dropped.
    3. A change whose `expect` is not what is there fails with Stale `record_stale`, and nothing is changed.
    4. `transact` does all of its changes or none. It gives the new version of each Put, and 0 for the others, in their order.
    5. Of two writers that expect the same version one wins and the other is told: between threads, and between processes.
    6. When a write was answered it stays, also when the process is killed at once; whoever opens the store then sees it.
    7. `due(kind, before)` gives the documents whose `due` is not after `before`, the longest waiting first, at most `limit`.
       A Put without `due` takes a document off that list.
    8. What has expired is not there: not for `get`, `due` or `expect`. The store's own clock decides, and expiry may be seen
       before the bytes are gone.
    9. Kinds do not see each other. Kinds and ids are text of 1 to 500 letters, of any script, without NUL.
    10. Refused with `record_wrong`, nothing changed: more than 100 changes or none, more than 100 documents in one
        `change`, one document twice in a transaction, a value of more than 350,000 bytes, values of more than 3,000,000 bytes
        together, a moment without time zone, a kind or id that is not as in law 9.
    11. A store that cannot write (full, read-only, locked for too long) says Unavailable `records_unavailable`, and what it
        did not confirm is either there in full or not at all.
    12. `change` is as if nobody else wrote between what `decide` saw and what it changed; it changes only documents it was
        given. What `decide` raises goes on to the caller, and nothing is changed. Its last answer is given back. Who cannot
        come between for too long hears Unavailable `records_busy`, and nothing is changed.
    13. `several` gives what `get` would, in the order of the keys, each as it was at some moment during the call.
    14. `walk` gives every document of a kind that was there all the while, once, in no particular order; one that came, changed
        or went meanwhile may be given as it was or as it is. It reads in pages, whatever the number: for staff, not for visitors.
    15. `together` does what it is given, and what is done inside sees what was done there before. A store that can puts all
        of it in one commit; another does one thing after the other. So nothing more is promised than without it: after a stop,
        or an error that went through, the first part may be there and the rest not. Inside, nobody else is asked or waited for.
    16. `promise` is `together` for who does something else meanwhile: at once it gives a future of the answer, or of what was raised. A
        promise that is cancelled in time is not begun.
    17. `inside` tells whether this thread is in the middle of either, in a store where all others wait for that, and where nothing is changed
        when it raises.
    """

    def get(self, kind: str, id: str) -> Record | None:
        """The document, or None."""
        ...

    def put(
        self,
        kind: str,
        id: str,
        value: bytes,
        *,
        expect: int,
        due: datetime | None = None,
        expires: datetime | None = None,
    ) -> int:
        """Write one document; give its new version."""
        ...

    def several(self, keys: Sequence[Key]) -> Sequence[Record | None]:
        """These documents, None where there is none."""
        ...

    def transact(self, changes: Sequence[Change]) -> tuple[int, ...]:
        """Do all changes or none."""
        ...

    def change(self, keys: Sequence[Key], decide: Decide[T]) -> T:
        """Read these documents, ask what changes, and do all of it or nothing, as one."""
        ...

    def due(self, kind: str, before: datetime, limit: int = 100) -> Sequence[Record]:
        """What should be looked at by now."""
        ...

    def together(self, work: Callable[[], T]) -> T:
        """Do several things at the cost of one, where the store can."""
        ...

    def promise(self, work: Callable[[], T]) -> Future[T]:
        """Do several things at the cost of one, and tell later."""
        ...

    def inside(self) -> bool:
        """Whether all others wait for what is being done here."""
        ...

    def walk(self, kind: str) -> Iterator[Record]:
        """All documents of a kind, one after the other."""
        ...
