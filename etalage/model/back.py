"""Money of an order that goes back: for which places, how much, and how far it has come."""

import re
from datetime import datetime
from enum import StrEnum

import msgspec

from etalage.model.money import Money

_NAME = re.compile(r"(.+-(?:back(?:-\d+)?|on))(?:-again-(\d+))?")


class Way(StrEnum):
    """How far money that goes back has come."""

    WANTED = "wanted"
    """It is to go; the provider is asked, or will be again."""
    SENT = "sent"
    """The provider has it, and has not said yet that it is done."""
    DONE = "done"
    FAILED = "failed"
    """The provider tried more than once in vain: staff have to look."""


ELSEWHERE = "elsewhere"
"""Why the provider was not asked: staff say that the money went back in another way."""
BANK = "bank"
"""Why it was not asked: the buyer's bank took that money already, and no provider gives back what it has lost."""


class Back(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """Money of a house's share that goes back, with the places it was paid for: `lines` are their keys.

    `reference`: ours, unique for ever; the house books the money under it. `made`: when it was decided; `at`: when its way last
    changed; `due`: when to ask the provider about it, None when it is over. `tries`: how often the provider failed at it.
    """

    reference: str
    lines: tuple[str, ...]
    amount: Money
    made: datetime
    at: datetime
    due: datetime | None = None
    way: Way = Way.WANTED
    tries: int = 0
    why: str = ""
    """Why the provider did not do it the last time, as a code."""
    onward: str = ""
    """The transfer that it comes out of, by its reference, where the house had its money already."""

    @property
    def name(self) -> str:
        """What the provider knows it by: a new name after each failure, for under an old one it only repeats itself."""
        return f"{self.reference}-again-{self.tries}" if self.tries else self.reference

    @property
    def is_over(self) -> bool:
        """Whether nobody needs to look at it any more."""
        return self.way in (Way.DONE, Way.FAILED)

    @property
    def is_sent(self) -> bool:
        """Whether the money has left."""
        return self.way in (Way.SENT, Way.DONE)


def read_name(name: str) -> tuple[str, int]:
    """The reference of a refund or transfer, and its try, from the name that its provider has; one that is not ours is its own reference."""
    found = _NAME.fullmatch(name)
    return (found[1], int(found[2] or 0)) if found else (name, 0)
