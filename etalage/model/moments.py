"""Local clock time into aware moments, without guessing.

A newcomer's trap: zoneinfo silently moves a time that the clocks skip (02:30 in the March night); here it is refused.
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from etalage.model.errors import Refused


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name, or refuse with `zone_unknown`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused("zone_unknown", f"{name!r} is no time zone; write one like Europe/Brussels") from error


@lru_cache(maxsize=100_000)
def at(day: date, clock: time, zone_name: str) -> datetime:
    """Make the moment that a clock on the wall shows, with the offset of that day.

    The result carries a plain offset (not a zone), so it compares, stores and prints the same everywhere.
    A time that occurs twice (autumn) is taken as the first; a time that does not exist is refused: `time_skipped`.
    """
    local = datetime.combine(day, clock, tzinfo=zone(zone_name))
    back = local.astimezone(UTC).astimezone(zone(zone_name))
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused("time_skipped", f"{day} {clock:%H:%M} does not exist in {zone_name}: the clocks skip it")
    return fixed(local)


def fixed(moment: datetime) -> datetime:
    """Keep the moment and its local clock, with a plain offset instead of a zone."""
    return datetime.fromisoformat(moment.isoformat())


def local(moment: datetime, zone_name: str) -> datetime:
    """Show an aware moment as a clock in that zone does; refuse one without an offset: `time_naive`."""
    if moment.tzinfo is None:
        raise Refused("time_naive", f"{moment.isoformat()} has no time zone")
    return fixed(moment.astimezone(zone(zone_name)))
