"""What goes with a ticket, and an expo's time slots: dates that a page of one date offers beside it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from starlette.requests import Request

from etalage.model.extras import is_of
from etalage.model.sale import Availability, Tariff
from etalage.model.shelf import Item, Shelf
from functions import shelves
from functions.sale import is_coming, sale_of
from functions.shelves import Voice

MOST = 6
"""So many dates of one thing that goes with a ticket are proposed."""


class Slot(msgspec.Struct, frozen=True):
    """A time slot of an expo on the day that is shown. `left`: what is said of its places."""

    id: str
    time: str
    start: str
    left: str
    sold_out: bool
    here: bool


class Slots(msgspec.Struct, frozen=True):
    """The slots of one day, and the other days: the first slot of each, and the day in words."""

    day: str
    today: Sequence[Slot]
    days: Sequence[tuple[str, str, bool]]


def dates_of(request: Request, shelf: Shelf, names: Iterable[str], near: Item) -> dict[str, Item]:
    """The dates to come that are meant by these names, as the agenda has them: those of the same day, where there are any.

    Never one at the same time: nobody is in two places.
    """
    wanted, now = tuple(names), sale_of(request).saga.clock()
    if not wanted:
        return {}
    others = (
        shelves.of(request).shelf(site, shelf.language) for site in shelves.of(request).sites() if site != shelf.site
    )
    known: dict[str, Item] = {}
    for each in (shelf, *others):
        found = {
            id: item
            for id, item in each.items.items()
            if item.start and is_of(id, wanted) and is_coming(item, each.timezone, now)
        }
        known = found | known
    free = {id: item for id, item in known.items() if not _at_once(item, near)}
    same_day = {id: item for id, item in free.items() if item.start[:10] == near.start[:10]}
    chosen = sorted((same_day or free).items(), key=lambda one: (one[1].start, one[0]))
    return dict(chosen[:MOST])


def shows_of(tariffs: Sequence[Tariff]) -> tuple[str, ...]:
    """What all of these prices go with; () when one of them can be had alone."""
    if not tariffs or any(one.extra is None for one in tariffs):
        return ()
    return tuple(dict.fromkeys(name for one in tariffs if one.extra for name in one.extra.shows))


def day_of(shelf: Shelf, id: str) -> list[str]:
    """The slots of the same expo on the same day; nothing of what is no time slot."""
    here = shelf.items[id].start[:10] if id in shelf.items else ""
    return [one for one in shelf.beside(id) if one in shelf.items and shelf.items[one].start[:10] == here]


def slots_of(request: Request, shelf: Shelf, id: str, left: Mapping[str, Availability]) -> Slots | None:
    """An expo's slots as the page of one of them shows them; None of what is no time slot."""
    now, voice = sale_of(request).saga.clock(), Voice(shelf)
    coming = [
        one for one in shelf.beside(id) if one in shelf.items and is_coming(shelf.items[one], shelf.timezone, now)
    ]
    if id not in coming or len(coming) < 2:
        return None
    here, days = shelf.items[id].start[:10], dict[str, str]()
    for one in coming:
        days.setdefault(shelf.items[one].start[:10], one)
    today = [
        _slot(shelf.items[one], left.get(one), voice, here=one == id)
        for one in coming
        if shelf.items[one].start[:10] == here
    ]
    return Slots(
        day=_day(shelf.items[id]), today=today, days=[(first, _day(shelf.items[first]), day == here) for day, first in days.items()]
    )  # fmt: skip


def _slot(item: Item, left: Availability | None, voice: Voice, *, here: bool) -> Slot:
    free = left.free if left else None
    said = (
        ""
        if free is None
        else voice.count("%(num)s place left", "%(num)s places left", free)
        if free
        else voice.say("Sold out")
    )
    return Slot(
        id=item.id, time=item.when.rpartition(", ")[2], start=item.start, left=said, sold_out=free == 0, here=here
    )


def _at_once(one: Item, other: Item) -> bool:
    """Whether they overlap, as far as the hours are known."""
    if not (one.end and other.end and len(one.start) > len("2026-12-20") < len(other.start)):
        return False
    begins, ends = (datetime.fromisoformat(text) for text in (one.start, one.end))
    return begins < datetime.fromisoformat(other.end) and datetime.fromisoformat(other.start) < ends


def _day(item: Item) -> str:
    return item.when.rpartition(", ")[0] or item.when
