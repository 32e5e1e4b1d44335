"""Time as a page tells it: until when, how long still, and when a date is over."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from etalage.model import moments
from etalage.model.shelf import Item

if TYPE_CHECKING:
    from functions.frames import Place


def time_of(moment: datetime | None, place: "Place") -> str:
    """A moment of today as a clock shows it there; "" for none."""
    return f"{moment.astimezone(ZoneInfo(place.shelf.timezone)):%H:%M}" if moment else ""


def seconds(until: datetime | None, now: datetime) -> int:
    """Whole seconds that are left."""
    return max(0, int((until - now).total_seconds())) if until else 0


def last_moment(item: Item, zone: str) -> datetime | None:
    """When an item is over: its end, else its start; a day counts to its last minute."""
    text = item.end or item.start
    if not text:
        return None
    if len(text) > 10:
        return datetime.fromisoformat(text)
    return moments.at(date.fromisoformat(text), datetime.max.time().replace(microsecond=0), zone)
