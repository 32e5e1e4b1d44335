"""Days, clocks, durations and opening hours as people write them in a sheet or a feed.

Nothing is guessed: 10/25/2026 is no day here (day comes first), and what is not clear is refused with what to write.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any

from etalage.model import moments
from etalage.model.errors import Refused
from etalage.model.programme import Opening

_MONTHS = (
    "jan januari janv janvier january januar jänner",
    "feb februari fév févr février february februar",
    "mrt maart mars mar march märz mär",
    "apr april avr avril",
    "mei mai may",
    "jun juni juin june",
    "jul juli juil juillet july",
    "aug augustus août aout august",
    "sep sept september septembre",
    "okt oktober oct octobre october",
    "nov november novembre",
    "dec december déc décembre dez dezember",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_WEEKDAYS = (
    "ma maandag lu lun lundi mon monday mo montag",
    "di dinsdag mardi tue tuesday dienstag",
    "wo woensdag me mer mercredi wed wednesday mi mittwoch",
    "do donderdag je jeu jeudi thu thursday donnerstag",
    "vr vrijdag ve ven vendredi fri friday fr freitag",
    "za zaterdag sam samedi sat saturday sa samstag",
    "zo zondag dim dimanche sun sunday so sonntag",
)
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_DAILY = frozenset({"dagelijks", "elke dag", "daily", "every day", "tous les jours", "täglich"})
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?")
_NUMBERED_DAY = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})")
_NAMED_DAY = re.compile(r"(\d{1,2})(?:\.|e|er|st|nd|rd|th)?\s+([a-zäéèû]+)\.?\s+(\d{4})")
_WEEKDAY_FIRST = re.compile(rf"^(?:{'|'.join(_WEEKDAY)})\.?,?\s+(?=\d)")
_CLOCK = re.compile(
    r"(\d{1,2})(?:\s*[:.uh]\s*(\d{2})?(?::(\d{2})(?:\.0+)?)?)?\s*(?:uur|u|h|heures?)?\s*(?:([ap])\.?m\.?)?"
)
_DAY_AND_CLOCK = re.compile(r"(.+?)(?:\s*,\s*|\s+(?:om\s+|at\s+|à\s+|um\s+|-\s+)?)(\d{1,2}\s*[:.uh].*|\d{1,2}\s*[ap]m)")
_MINUTES = re.compile(
    r"(?:ca\.?\s*|±\s*|\+/-\s*)?(?:(\d+(?:[.,]\d+)?)\s*(?:u|uur|uren|h|hours?|heures?|std)(?![a-z])\.?\s*(?:en\s*)?|(\d+):(?=\d\d$))?"
    r"(?:(\d+)\s*(?:m|min|minuten|minutes?|'|′)?\.?)?"
)
_MIDNIGHT = datetime(1900, 1, 1, tzinfo=UTC)
_NONE = frozenset(
    {
        "geen",
        "nee",
        "neen",
        "zonder",
        "no",
        "none",
        "non",
        "sans",
        "keine",
        "nein",
        "zonder pauze",
        "geen pauze",
    }
)
_HOURS = re.compile(r"(.+?)\s*:?\s+(\d{1,2}\S*)\s*(?:-|–|tot|à|to)\s*(\d{1,2}\S*)(?:\s*uur)?")


def day(given: Any) -> date:
    """Read a day: 2026-10-12, 12/10/2026, 12.10.26, "ma 12 oktober 2026". Refuses `date_unreadable`."""
    if isinstance(given, datetime):
        return _plausible(given.date())
    return _plausible(given if isinstance(given, date) else _day(str(given)))


def _plausible(given: date) -> date:
    """Years that no agenda has are a mistake, and trouble for time zones."""
    if 1900 <= given.year < 2200:
        return given
    raise Refused("date_unreadable", f"{given} lies in no year of an agenda; mend it")


@lru_cache(maxsize=20_000)
def _day(text: str) -> date:
    plain = _WEEKDAY_FIRST.sub("", " ".join(text.casefold().split()))
    try:
        if found := _ISO_DAY.fullmatch(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMBERED_DAY.fullmatch(plain):
            year = int(found[3])
            return date(year if year > 99 else 2000 + year, int(found[2]), int(found[1]))
        if (found := _NAMED_DAY.fullmatch(plain)) and found[2] in _MONTH:
            return date(int(found[3]), _MONTH[found[2]], int(found[1]))
    except ValueError:
        pass
    raise Refused("date_unreadable", f"{text[:40]!r} is no day; write 2026-10-12 or 12/10/2026")


def clock(given: Any) -> time:
    """Read a time of day: 20:15, 20u15, 20.15 uur, 8 pm; a spreadsheet's fraction of a day. Refuses `time_unreadable`."""
    if isinstance(given, datetime):
        return given.time()
    if isinstance(given, time):
        return given
    if isinstance(given, timedelta) and given < timedelta(days=1):
        return (_MIDNIGHT + given).time()
    if isinstance(given, float) and 0 <= given < 1:
        return (_MIDNIGHT + timedelta(seconds=round(given * 86_400))).time()
    return _clock(str(given))


def _clock(text: str) -> time:
    found = clock_in(text)
    if found is None:
        raise Refused("time_unreadable", f"{text[:40]!r} is no time of day; write 20:15")
    return found


@lru_cache(maxsize=20_000)
def clock_in(text: str) -> time | None:
    """The time of day that a text is, or None when it is something else."""
    found = _CLOCK.fullmatch(text.casefold().strip())
    if not found:
        return None
    hour, half = int(found[1]), found[4]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None


def at(day: date, clock: time, zone: str) -> datetime:
    """What `moments.at` gives; quicker on all but the two days a year on which the clocks change."""
    wall = datetime.combine(_plausible(day), clock, moments.zone(zone))
    offset = wall.utcoffset()
    if offset is None or offset != wall.replace(fold=1).utcoffset():
        return moments.at(day, clock, zone)
    return wall.replace(tzinfo=_fixed(offset))


_fixed = lru_cache(maxsize=1_000)(timezone)


def moment(given: Any, zone: str) -> tuple[datetime, bool]:
    """Read a day with its time, in the zone unless it names an offset; and whether there was a time at all."""
    if isinstance(given, datetime):
        _plausible(given.date())
        here = moments.local(given, zone) if given.tzinfo else at(given.date(), given.time(), zone)
        return here, True
    if isinstance(given, date):
        return at(given, time(), zone), False
    return _moment(str(given), zone)


@lru_cache(maxsize=50_000)
def _moment(text: str, zone: str) -> tuple[datetime, bool]:
    plain = text.strip()
    if len(plain) > 10 and plain[:4].isdigit():
        try:
            return moment(datetime.fromisoformat(plain), zone)
        except ValueError:
            pass
    if (parts := _DAY_AND_CLOCK.fullmatch(plain.casefold())) and not parts[1].isdigit():
        return at(_day(parts[1]), _clock(parts[2]), zone), True
    return at(_day(plain), time(), zone), False


def from_unix(given: Any, unit: float = 1.0) -> datetime:
    """Read seconds (or `unit` seconds) since 1970. Refuses `date_unreadable`."""
    try:
        return datetime.fromtimestamp(float(given) * unit, UTC)
    except (ValueError, OverflowError, OSError, TypeError) as error:
        raise Refused("date_unreadable", f"{str(given)[:40]!r} is no number of seconds since 1970") from error


def minutes(given: Any) -> int:
    """Read how long something takes, in minutes: 90, "90 min", "1u30", "1:30". Refuses `duration_unreadable`."""
    if type(given) is int and 0 <= given < 100_000:
        return given
    if isinstance(given, time):
        return given.hour * 60 + given.minute
    if isinstance(given, timedelta):
        return round(given.total_seconds() / 60)
    return _minutes(str(given))


@lru_cache(maxsize=2_000)
def _minutes(text: str) -> int:
    plain = text.casefold().strip().removesuffix(".0")
    if plain in _NONE:
        return 0
    found = _MINUTES.fullmatch(plain)
    if found and any(found.groups()):
        hours = float((found[1] or found[2] or "0").replace(",", "."))
        total = round(hours * 60) + int(found[3] or 0)
        if total < 100_000:
            return total
    raise Refused("duration_unreadable", f"{text[:40]!r} is no duration; write the minutes, like 90")


@lru_cache(maxsize=500)
def openings(text: str) -> tuple[Opening, ...]:
    """Read opening hours: "di-vr 10:00-17:00; za, zo 13-18u". Refuses `hours_unreadable`."""
    found: list[Opening] = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text.casefold()))):
        parts = _HOURS.fullmatch(part)
        days = _weekdays(parts[1]) if parts else []
        if not parts or not days:
            raise Refused(
                "hours_unreadable",
                f"{part[:60]!r} are no opening hours; write di-vr 10:00-17:00; za-zo 13:00-18:00",
            )
        opens, closes = _clock(parts[2]), _clock(parts[3])
        if closes <= opens:
            raise Refused("hours_unreadable", f"{part[:60]!r} closes before it opens")
        found.extend(Opening(weekday=weekday, opens=opens, closes=closes) for weekday in days)
    return tuple(sorted(found, key=lambda opening: (opening.weekday, opening.opens)))


def _weekdays(text: str) -> list[int]:
    if text in _DAILY:
        return list(range(7))
    days: list[int] = []
    for part in re.split(r"\s*(?:,|\ben\b|\bet\b|\band\b|&|\+)\s*", text.strip(" :")):
        first, _, last = (
            end.strip(" .") for end in re.sub(r"\s*(?:–|\btot\b|\bt/m\b|\bau\b|\bto\b)\s*", "-", part).partition("-")
        )
        if first not in _WEEKDAY or (last and last not in _WEEKDAY):
            return []
        begin, end = _WEEKDAY[first], _WEEKDAY[last or first]
        days.extend((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return days
