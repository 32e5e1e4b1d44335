"""A letter to who bought: what is owed, and what is sent.

What is owed holds nothing personal: it names an order and the kind of letter. It is drafted when it is sent, from the order as it
is then, so that nobody gets a ticket that is not valid any more.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class What(StrEnum):
    """The kind of a letter."""

    ORDER = "order"
    """It is bought: the tickets, and what went back because a house had no places."""
    REFUND = "refund"
    """A part of it went back, or all."""
    MOVED = "moved"
    """It is for another date now: the new tickets."""
    AGAIN = "again"
    """The tickets once more, because somebody with the order's link asked."""
    ALERT = "alert"
    """For staff: an order wants a look."""
    BEFORE = "before"
    """Tomorrow is the day: when and where."""
    ASKED = "asked"
    """To a teacher: your request has come in."""
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    """To a teacher: what the house answers, and that it is agreed."""
    HOUSE = "house"
    """To a house: a school asks for places."""


OF_SCHOOLS = frozenset({What.ASKED, What.PROPOSED, What.CONFIRMED, What.DECLINED, What.HOUSE})
"""Letters about a school's request; the others are about an order."""


class Owed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """A letter that is to be written. `order`: the key of the order or the request. `since` when; `about`: the performance of a
    letter before a visit, of how many shares a refund tells that they went back, which move it tells, or the step of a request.

    `begun` was written before a try and is gone after it, unless we stopped in between. One of `sent`, `void` (there was nothing to
    say any more) and `failed` (a code) ends it. `told`: staff know that it hangs.
    """

    order: str
    what: What
    since: datetime
    about: str = ""
    tries: int = 0
    begun: datetime | None = None
    sent: datetime | None = None
    void: bool = False
    failed: str = ""
    told: bool = False


class Enclosure(msgspec.Struct, frozen=True, kw_only=True):
    """A file that goes with a letter. `kind`: its media type, "application/pdf"."""

    name: str
    kind: str
    content: bytes


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter, ready to be sent: to one address, in plain text and in HTML.

    `sender` and `reply` are who it is from as people read it, and where an answer goes ("": nowhere). `written`: the date on it,
    the same on every try.
    """

    to: str
    subject: str
    text: str
    html: str
    written: datetime
    sender: str = ""
    reply: str = ""
    language: str = ""
    enclosures: tuple[Enclosure, ...] = ()
