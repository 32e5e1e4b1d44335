"""When a performance is: a day and clocks apart, or whole moments, as a source happens to write them.

An hour that cannot be read leaves the day standing: the page then shows the day alone. A day that cannot be read leaves nothing.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from etalage.adapters import _when
from etalage.model import moments
from etalage.model.errors import Refused

FIELDS = ("date", "start", "end", "end_date", "doors")
LAST_MINUTE = time(23, 59)
"""The end of a last day of which no hour is known: until then it is not over."""


class Times(NamedTuple):
    """Aware moments with the local offset; `timed` is false when only the day is known; `name` is the start as part of an id."""

    start: datetime
    timed: bool
    end: datetime | None
    doors: datetime | None
    name: str
    complaints: tuple[tuple[str, Refused], ...]
    """Fields that could not be read, and why."""


def read(given: dict[str, Any], zone: str, rolls_over: bool) -> Times:
    """Read a draft's `date`, `start`, `end`, `end_date` and `doors`. Refuses `date_missing` and the like.

    `rolls_over`: an end before its start is after midnight; else it is a mistake.
    """
    get = given.get
    try:
        return _read(get("date"), get("start"), get("end"), get("end_date"), get("doors"), zone, rolls_over)
    except TypeError:
        raise Refused("date_unreadable", "a date is a text, not a list or a table; write 2026-10-12") from None


@lru_cache(maxsize=50_000)
def _read(when: Any, clock: Any, end: Any, last: Any, doors: Any, zone: str, rolls_over: bool) -> Times:
    complaints: list[tuple[str, Refused]] = []
    start, timed = _start(when, clock, zone, complaints)
    ends = opens = None
    try:
        ends = _end(end, last, start, timed, zone, rolls_over)
    except Refused as refusal:
        complaints.append(("end", refusal))
    try:
        opens = _doors(doors, start, zone) if timed else None
    except Refused as refusal:
        complaints.append(("doors", refusal))
    name = f"{start:%Y-%m-%d-%H%M}" if timed else f"{start:%Y-%m-%d}"
    return Times(start, timed, ends, opens, name, tuple(complaints))


def _start(when: Any, clock: Any, zone: str, complaints: list[tuple[str, Refused]]) -> tuple[datetime, bool]:
    if _empty(when):
        if _empty(clock):
            raise Refused("date_missing", "there is no date; write one like 2026-10-12")
        return _when.moment(clock, zone)
    if _empty(clock):
        return _when.moment(when, zone)
    day = _when.day(when)
    try:
        return moments.at(day, _when.clock(clock), zone), True
    except Refused as refusal:
        complaints.append(("start", refusal))
        return moments.at(day, time(), zone), False


def _end(written: Any, last: Any, start: datetime, timed: bool, zone: str, rolls_over: bool) -> datetime | None:
    if _empty(written) and _empty(last):
        return None
    last_day = start.date() if _empty(last) else _when.day(last)
    if not _empty(written) and not _is_clock(written):
        end, clocked = _when.moment(written, zone)
        last_day, written = end.date(), end.time() if clocked else None
    if not timed or _empty(written):
        if last_day < start.date():
            raise Refused("end_before_start", f"it ends on {last_day}, before it starts; mend the date")
        return None if last_day == start.date() else moments.at(last_day, LAST_MINUTE, zone)
    end = moments.at(last_day, _when.clock(written), zone)
    if end < start and rolls_over and last_day == start.date():
        end = moments.at(last_day + timedelta(days=1), _when.clock(written), zone)
    if end < start:
        say = (
            f"it ends at {end:%Y-%m-%d %H:%M}, before it starts; mend it, or set end_rolls_over for ends after midnight"
        )
        raise Refused("end_before_start", say)
    return None if end == start else end


def _doors(written: Any, start: datetime, zone: str) -> datetime | None:
    if _empty(written):
        return None
    if _is_clock(written):
        doors = moments.at(start.date(), _when.clock(written), zone)
    else:
        doors = _when.moment(written, zone)[0]
    if doors > start:
        raise Refused("doors_after_start", f"the doors open at {doors:%H:%M}, after the start; mend the hour")
    return doors


def _is_clock(given: Any) -> bool:
    if isinstance(given, datetime | date):
        return False
    if not isinstance(given, str):
        return True
    try:
        _when.clock(given)
    except Refused:
        return False
    return True


def _empty(given: Any) -> bool:
    return given is None or given == ""
