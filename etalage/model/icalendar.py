"""A small calendar file (RFC 5545) for functions, which must start fast: moments in UTC, so that it needs no time zones.

plugins/feeds writes the agenda's own calendars, with icalendar and local times. Both use the same UID for the same date, so
that a calendar program knows it as one.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from etalage.model.shelf import Item

WIDEST = 75
"""Bytes in a line, without its end (RFC 5545, 3.1)."""


def write(name: str, site: str, items: Iterable[Item], address: str, stamp: datetime) -> bytes:
    """The calendar of these dates. `address`: where the site stands, ending in "/"; `stamp`: when the list was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Etalage//wishlist//NL",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(name)}",
    ]
    for item in items:
        if item.start:
            lines += _event(item, site, address, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line)).encode()


def text(value: str) -> str:
    """Text as a value (RFC 5545, 3.3.11), without signs that no calendar shows."""
    plain = "".join(sign for sign in value.replace("\r\n", "\n").replace("\r", "\n") if sign >= " " or sign == "\n")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _event(item: Item, site: str, address: str, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(item.id)}@{site}.etalage"
    yield f"DTSTAMP:{_utc(stamp)}"
    if len(item.start) > 10:
        yield f"DTSTART:{_utc(datetime.fromisoformat(item.start))}"
        if len(item.end) > 10:
            yield f"DTEND:{_utc(datetime.fromisoformat(item.end))}"
    else:
        last = date.fromisoformat((item.end or item.start)[:10])
        yield f"DTSTART;VALUE=DATE:{item.start.replace('-', '')}"
        yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{text(f'{item.state}: {item.title}' if item.state else item.title)}"
    yield f"STATUS:{'CANCELLED' if item.off else 'CONFIRMED'}"
    if item.place:
        yield f"LOCATION:{text(item.place)}"
    yield f"URL:{address}{item.url}"
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def fold(line: str) -> Iterator[str]:
    """Cut a long line between letters, never inside one; what follows begins with a space."""
    start, size = 0, 0
    for at, sign in enumerate(line):
        width = len(sign.encode())
        if size + width > WIDEST:
            yield (" " if start else "") + line[start:at]
            start, size = at, 1
        size += width
    yield (" " if start else "") + line[start:]
