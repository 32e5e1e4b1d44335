"""When a performance is: a day and clocks apart, or whole moments, as a source happens to write them.

An hour that cannot be read leaves the day standing: the page then shows the day alone. A day that cannot be read leaves nothing.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from etalage.adapters import _when
from etalage.adapters._memo import Memo
from etalage.model.errors import Refused

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


class TimeTable:
    """Reads times for one zone. Dates come again and again (a house has the same hours all year): each is read once.

    `rolls_over`: an end before its start is after midnight; else it is a mistake.
    """

    def __init__(self, zone: str, *, rolls_over: bool) -> None:
        self.zone, self.rolls_over = zone, rolls_over
        self._known = Memo(self._read)

    def read(self, given: dict[str, Any]) -> Times:
        """Read a draft's `date`, `start`, `end`, `end_date` and `doors`. Refuses `date_missing` and the like."""
        get = given.get
        try:
            found: Times = self._known[get("date"), get("start"), get("end"), get("end_date"), get("doors")]
        except TypeError:
            raise Refused("date_unreadable", "a date is a text, not a list or a table; write 2026-10-12") from None
        return found

    def _read(self, given: tuple[Any, ...]) -> Times:
        when, clock, end, last, doors = given
        complaints: list[tuple[str, Refused]] = []
        start, timed = _start(when, clock, self.zone, complaints)
        ends = opens = None
        try:
            ends = _end(end, last, start, timed, self.zone, self.rolls_over)
        except Refused as refusal:
            complaints.append(("end", refusal))
        try:
            opens = _doors(doors, start, self.zone) if timed else None
        except Refused as refusal:
            complaints.append(("doors", refusal))
        name = start.strftime("%Y-%m-%d-%H%M" if timed else "%Y-%m-%d")
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
        return _when.at(day, _when.clock(clock), zone), True
    except Refused as refusal:
        complaints.append(("start", refusal))
        return _when.at(day, time(), zone), False


def _end(written: Any, last: Any, start: datetime, timed: bool, zone: str, rolls_over: bool) -> datetime | None:
    if _empty(written) and _empty(last):
        return None
    whole = not _empty(written) and not _is_clock(written)
    if whole:
        end, clocked = _when.moment(written, zone)
    else:
        clocked = timed and not _empty(written)
        clock = _when.clock(written) if clocked else LAST_MINUTE
        end = _when.at(start.date() if _empty(last) else _when.day(last), clock, zone)
    if not timed or not clocked:
        end = _when.at(end.date(), LAST_MINUTE, zone)
        if end.date() == start.date():
            return None
    if end < start and rolls_over and _empty(last) and end.date() == start.date():
        end = _when.at(end.date() + timedelta(days=1), end.time(), zone)
    if end < start:
        say = (
            f"it ends at {end:%Y-%m-%d %H:%M}, before it starts; mend it, or set end_rolls_over for ends after midnight"
        )
        raise Refused("end_before_start", say)
    return None if end == start else end


def _doors(written: Any, start: datetime, zone: str) -> datetime | None:
    if _empty(written):
        return None
    doors = _when.at(start.date(), _when.clock(written), zone) if _is_clock(written) else _when.moment(written, zone)[0]
    if doors > start:
        raise Refused("doors_after_start", f"the doors open at {doors:%H:%M}, after the start; mend the hour")
    return doors


def _is_clock(given: Any) -> bool:
    if isinstance(given, str):
        return _when.clock_in(given) is not None
    return not isinstance(given, datetime | date)


def _empty(given: Any) -> bool:
    return given is None or given == ""
