"""What can go wrong, in three kinds; everything else is a bug and fails loudly.

    EtalageError
    ├── Refused        the business or the data says no: code, the visitor's or the staff's words, where
    ├── Unavailable    the other side is silent or talks nonsense: nothing was learnt, try again later
    └── Stale          somebody was first: read again

Codes are permanent, lower snake case, listed in docs/reference/problems.md.
"""

from collections.abc import Mapping


class EtalageError(Exception):
    """A failure with a permanent `code`, a sentence to `say`, and `where` it happened."""

    def __init__(self, code: str, say: str, *, where: str = "", detail: Mapping[str, str] | None = None) -> None:
        self.code = code
        self.say = say
        self.where = where
        self.detail = dict(detail or {})
        super().__init__(f"{where}: {say}" if where else say)


class Refused(EtalageError):
    """The answer is no, and asking again will not change it."""


class Unavailable(EtalageError):
    """The other side gave no usable answer; what we had stays valid and a retry may succeed."""


class Stale(EtalageError):
    """The record changed since it was read."""
