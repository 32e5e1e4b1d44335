"""A shared wishlist: which dates, until when, and who would join. Pure rules; nothing here knows where it is kept.

It holds no personal data of its maker. A friend who ticks a date may leave a first name and nothing else.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from etalage.model.errors import Refused

LONGEST = 60
"""Dates on one list."""
LONGEST_ID = 200
"""Letters of an id."""
LONGEST_NAME = 30
"""Letters of a first name: the longest in the Belgian register of first names are well below."""
MOST_JOINS = 50
"""Friends on one list."""
KEPT = timedelta(days=60)
"""How long a list stays after its last date, or after it was made."""

_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]{1,2}[^\W\d_]+){0,2}\.?")


class Join(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody who would come along. `key` is a digest of the secret with which they can change or withdraw it."""

    key: str
    performances: tuple[str, ...]
    name: str = ""


class Wishlist(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A list as it was shared. `performances`: ids of dates, or of productions without one; `secret` is a digest."""

    site: str
    performances: tuple[str, ...]
    made: datetime
    expires: datetime
    secret: str
    joins: tuple[Join, ...] = ()


def encode(wishlist: Wishlist) -> bytes:
    """The list as a document."""
    return msgspec.json.encode(wishlist)


def decode(value: bytes) -> Wishlist:
    """The list in a document."""
    return msgspec.json.decode(value, type=Wishlist)


def snapshot(ids: Iterable[str]) -> tuple[str, ...]:
    """The ids in their order, each once; refuses `list_empty`, `list_too_long`, `performance_unknown`."""
    found = tuple(dict.fromkeys(ids))
    if not found:
        raise Refused("list_empty", "There is nothing on this list yet.")
    if len(found) > LONGEST:
        raise Refused("list_too_long", "A list has room for %(most)s dates.", detail={"most": str(LONGEST)})
    if any(not 0 < len(one) <= LONGEST_ID for one in found):
        raise Refused("performance_unknown", "One of these dates is not in our agenda.")
    return found


def expiry(now: datetime, dates: Sequence[datetime]) -> datetime:
    """Until when a list is kept."""
    return max([now, *dates]) + KEPT


def first_name(text: str) -> str:
    """A first name as we show it, or ""; refuses `name_refused` what is more, or no name.

    Signs that are not seen, or that turn the direction of what follows, are taken away before it is judged.
    """
    seen = "".join(
        " " if sign.isspace() else sign for sign in text if unicodedata.category(sign)[0] != "C" or sign.isspace()
    )
    name = " ".join(unicodedata.normalize("NFC", seen).split())
    if not name:
        return ""
    # A letter may carry marks of its own (Vietnamese has two); a pile of them is no name.
    letters = [sign for sign in unicodedata.normalize("NFD", name) if unicodedata.category(sign) != "Mn"]
    marks = len(unicodedata.normalize("NFD", name)) - len(letters)
    if len(name) > LONGEST_NAME or marks > 2 * len(letters) or not _NAME.fullmatch("".join(letters)):
        raise Refused(
            "name_refused", "A first name only, please: letters, and no more than %(most)s of them.",
            detail={"most": str(LONGEST_NAME)},
        )  # fmt: skip
    return name


def with_join(wishlist: Wishlist, key: str, performances: Iterable[str], name: str) -> Wishlist:
    """The list with this friend on it, in place of what they said before; refuses `join_empty`, `list_full`."""
    mine = tuple(one for one in dict.fromkeys(performances) if one in wishlist.performances)
    if not mine:
        raise Refused("join_empty", "Tick at least one date that you would join.")
    others = without_join(wishlist, key).joins
    if len(others) >= MOST_JOINS:
        raise Refused("list_full", "This list has no room for more names.")
    return msgspec.structs.replace(wishlist, joins=(*others, Join(key, mine, first_name(name))))


def without_join(wishlist: Wishlist, key: str) -> Wishlist:
    """The list without this friend; the same when they are not on it."""
    return msgspec.structs.replace(wishlist, joins=tuple(join for join in wishlist.joins if join.key != key))
