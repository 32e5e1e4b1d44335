"""The dates of a season that is always about to happen.

A season's texts write when in weeks counted from the Monday of this week, so that a Friday stays a Friday:

    w2 fri 20:15-21:30        Friday in two weeks; an end before the start is on the next day
    w1..w10 tue 19:30-22:00   ten Tuesdays
    w6 mon..fri 09:00-16:00   five days, each its own date
    w6 mon 09:00 to w6 fri 16:00   one date of five days
    w13 sun                   the hour is not known yet
    +10 12:00                 ten days from today
    dst 00:30-04:00           the next night that the clocks change
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from etalage.model import moments

ZONE = "Europe/Brussels"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKS = re.compile(r"w(-?\d+)(?:\.\.w(-?\d+))? ([a-z]{3})(?:\.\.([a-z]{3}))?")
_AFTER = re.compile(r"\+(\d+)")
_WHEN = re.compile(r"(.+?)(?: (\d\d:\d\d)(?:-(\d\d:\d\d))?)?")


class Slot(NamedTuple):
    """One date: when it starts, when it ends if known, and whether its hour is known."""

    start: datetime
    end: datetime | None
    timed: bool


def slots(text: str, today: date) -> list[Slot]:
    """Every date that one line of the season stands for."""
    first, _, last = text.partition(" to ")
    found = _WHEN.fullmatch(first)
    if not found:
        raise ValueError(f"{text!r}: write w2 fri 20:15-21:30")
    return [_slot(day, found[2], found[3], moment(last, today) if last else None) for day in days(found[1], today)]


def moment(text: str, today: date) -> datetime:
    """One moment: `w3 sat 10:00`."""
    return slots(text, today)[0].start


def days(text: str, today: date) -> Iterator[date]:
    """The days of `w2 fri`, `w1..w4 tue`, `w6 mon..fri`, `+10` or `dst`."""
    if text == "dst":
        yield next_change(today)
    elif found := _AFTER.fullmatch(text):
        yield today + timedelta(days=int(found[1]))
    elif found := _WEEKS.fullmatch(text):
        monday = today - timedelta(days=today.weekday())
        for week in range(int(found[1]), int(found[2] or found[1]) + 1):
            for weekday in weekdays(found[3], found[4]):
                yield monday + timedelta(weeks=week, days=weekday)
    else:
        raise ValueError(f"{text!r}: write w2 fri, w1..w10 tue, w6 mon..fri, +10 or dst")


def weekdays(first: str, last: str | None = None) -> range:
    """Monday is 0: ("wed", "fri") gives 2, 3 and 4."""
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def clock(text: str) -> time:
    """A time of day, `20:15`."""
    return time.fromisoformat(text)


def next_change(today: date) -> date:
    """The next day, today included, that has 23 or 25 hours."""
    zone = moments.zone(ZONE)
    for ahead in range(366):
        day = today + timedelta(days=ahead)
        midnights = (datetime.combine(d, time(), zone).astimezone(UTC) for d in (day, day + timedelta(days=1)))
        if -(next(midnights) - next(midnights)) != timedelta(days=1):
            return day
    raise ValueError(f"the clocks of {ZONE} do not change any more")


def _slot(day: date, opens: str | None, closes: str | None, end: datetime | None) -> Slot:
    start = moments.at(day, clock(opens or "00:00"), ZONE)
    if opens and closes:
        later = day + timedelta(days=1) if closes <= opens else day
        end = moments.at(later, clock(closes), ZONE)
    return Slot(start, end, opens is not None)


def at(text: str, slot: Slot) -> datetime:
    """A time of day on the day of a slot."""
    return moments.at(slot.start.date(), clock(text), ZONE)
