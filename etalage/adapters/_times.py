"""When a performance is: a day and clocks apart, or whole moments, as a source happens to write them.

An hour that cannot be read leaves the day standing: the page then shows the day alone. A day that cannot be read leaves nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from etalage.adapters import _when
from etalage.model import moments
from etalage.model.errors import Refused

Report = Callable[[str, Refused], None]
LAST_MINUTE = time(23, 59)
"""The end of a last day of which no hour is known: until then it is not over."""


class Times(NamedTuple):
    """Aware moments with the local offset; `timed` is false when only the day is known."""

    start: datetime
    timed: bool
    end: datetime | None
    doors: datetime | None

    @property
    def name(self) -> str:
        """The start as a part of an id: 2026-10-12-2015, or 2026-10-12 without an hour."""
        return f"{self.start:%Y-%m-%d-%H%M}" if self.timed else f"{self.start:%Y-%m-%d}"


def read(given: Mapping[str, Any], zone: str, rolls_over: bool, report: Report) -> Times:
    """Read `date`, `start`, `end`, `end_date` and `doors`; `report` hears of a field left out. Refuses `date_missing` and the like.

    `rolls_over`: an end before its start is after midnight; else it is a mistake.
    """
    start, timed = _start(given, zone, report)
    end = doors = None
    try:
        end = _end(given, start, timed, zone, rolls_over)
    except Refused as refusal:
        report("end", refusal)
    try:
        doors = _doors(given, start, zone) if timed else None
    except Refused as refusal:
        report("doors", refusal)
    return Times(start, timed, end, doors)


def _start(given: Mapping[str, Any], zone: str, report: Report) -> tuple[datetime, bool]:
    when, clock = given.get("date"), given.get("start")
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
        report("start", refusal)
        return moments.at(day, time(), zone), False


def _end(
    given: Mapping[str, Any], start: datetime, timed: bool, zone: str, rolls_over: bool
) -> datetime | None:
    written, last = given.get("end"), given.get("end_date")
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
    if end < start and rolls_over and _empty(last) and last_day == start.date():
        end = moments.at(last_day + timedelta(days=1), end.time(), zone)
    if end < start:
        raise Refused(
            "end_before_start",
            f"it ends at {end:%Y-%m-%d %H:%M}, before it starts; mend it, or set end_rolls_over for ends after midnight",
        )
    return None if end == start else end


def _doors(given: Mapping[str, Any], start: datetime, zone: str) -> datetime | None:
    written = given.get("doors")
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
