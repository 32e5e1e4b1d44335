"""A programme as an iCalendar feed (RFC 5545), from a planning tool or a shared calendar.

One UID is one production; what it repeats are its performances. A newcomer's trap: an event may repeat for ever, and its DTEND,
when it is a day, is the first day on which it is over.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

import icalendar
import recurring_ical_events

from etalage.adapters import _clean, _when
from etalage.adapters._clerk import Clerk
from etalage.adapters._fields import Draft
from etalage.adapters._file_source import FileSettings, FileSource
from etalage.model.errors import Refused, Unavailable
from etalage.model.record import Weight

Event = Any
"""icalendar's component; what it holds has thirty types."""
LOOK_BACK = timedelta(days=366)
"""Of what repeats, dates longer ago are not read."""
TOO_MANY = 12
"""Times a day that an event may repeat; more is a mistake in the feed."""


class CalendarSettings(FileSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`horizon_months`: how far ahead of today what repeats is read."""

    horizon_months: int = 24


class IcalendarEventSource(FileSource):
    """The EventSource port on an iCalendar feed."""

    Settings = CalendarSettings

    @property
    def salt(self) -> str:  # type: ignore[override]
        """What repeats is read up to a horizon, which moves with the day."""
        return self.today.isoformat()

    def drafts(self, data: bytes, clerk: Clerk) -> Iterator[tuple[Draft, str]]:
        """Every UID; an event without one is a production by itself."""
        series: dict[str, list[tuple[Event, str]]] = {}
        for number, event in enumerate(self._events(data), 1):
            uid = str(event.get("UID") or "").strip()
            series.setdefault(uid or f"event {number}", []).append((event, f"event {number}"))
        for uid, events in series.items():
            label = events[0][1]
            try:
                yield (
                    self._draft("" if uid == label else uid, [event for event, _ in events], label, clerk),
                    label,
                )
            except Refused as refusal:
                clerk.report(label, "recurrence", refusal, Weight.RECORD)

    def _events(self, data: bytes) -> list[Event]:
        shape = data.removeprefix(b"\xef\xbb\xbf").strip().upper()
        if not shape.startswith(b"BEGIN:VCALENDAR"):
            raise Unavailable("source_unreadable", f"{self.name} is no iCalendar feed; check the address")
        if not shape.endswith(b"END:VCALENDAR"):
            raise Unavailable("source_cut_off", f"{self.name} stops halfway; try again, or export it again")
        try:
            calendars = icalendar.Calendar.from_ical(data.removeprefix(b"\xef\xbb\xbf"), multiple=True)
        except (ValueError, KeyError, IndexError) as error:
            raise Unavailable("source_unreadable", f"{self.name} is no valid iCalendar feed ({error})") from error
        return [event for calendar in calendars for event in calendar.walk("VEVENT")]

    def _draft(self, uid: str, events: list[Event], label: str, clerk: Clerk) -> Draft:
        record = f"{self.id}/{_part(uid)}" if uid else label
        for event in events:
            _mend(event, record, clerk)
        masters = _newest([event for event in events if "RECURRENCE-ID" not in event])
        master = masters[0] if masters else events[0]
        repeats = "RRULE" in master or "RDATE" in master or len(events) > len(masters)
        draft: Draft = {
            "id": _part(uid) if uid else "",
            "title": _text(master, "SUMMARY"),
            "description": _text(master, "DESCRIPTION"),
            "genres": _categories(master),
        }
        dates = self._repeated(events, master, record, clerk) if repeats else [master]
        draft["performances"] = [self._date(event, master, repeats, record, clerk) for event in dates]
        return draft

    def _repeated(self, events: list[Event], master: Event, record: str, clerk: Clerk) -> Sequence[Event]:
        horizon = _months_on(self.today, self.settings.horizon_months)
        for rule in _listed(master.get("RRULE")):
            _sane(rule)
            if "COUNT" not in rule and "UNTIL" not in rule:
                say = f"it repeats without an end; read up to {horizon}"
                clerk.report(record, "recurrence", Refused("recurrence_endless", say), Weight.DOUBT)
        calendar = icalendar.Calendar()
        for event in (master, *(event for event in events if "RECURRENCE-ID" in event)):
            calendar.add_component(event)
        try:
            return list(recurring_ical_events.of(calendar).between(self.today - LOOK_BACK, horizon))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Refused(
                "recurrence_unreadable", f"its repetition cannot be read ({error}); mend it in the calendar"
            ) from error

    def _date(self, event: Event, master: Event, repeated: bool, record: str, clerk: Clerk) -> Draft:
        start = _moment(event, "DTSTART")
        if isinstance(start, datetime) and not start.tzinfo and "TZID" in event["DTSTART"].params:
            say = f"the time zone {event['DTSTART'].params['TZID']!r} is not known; only the day is shown"
            clerk.report(record, "start", Refused("zone_unknown", say))
            start = start.date()
        first = _moment(event, "RECURRENCE-ID") or start
        summary = _text(event, "SUMMARY")
        return {
            "id": self._name(first) if repeated and first else "",
            "start": start,
            **_ending(event, start),
            "venue": _place(event) or _place(master),
            "status": _text(event, "STATUS").lower(),
            "purchase_url": _text(event, "URL"),
            "note": summary if summary != _text(master, "SUMMARY") else "",
        }

    def _name(self, start: date) -> str:
        """The name of a date in a series is when it was first meant to be."""
        when, timed = _when.moment(start, self.house.timezone)
        return f"{when:%Y-%m-%d-%H%M}" if timed else f"{when:%Y-%m-%d}"


def _mend(event: Event, record: str, clerk: Clerk) -> None:
    """Leave out what the library could not read, and report it."""
    for name, why in event.errors:
        say = f"{name} cannot be read ({why}); mend it in the calendar"
        clerk.report(record, str(name).lower(), Refused("property_unreadable", say))
        event.pop(name, None)


def _newest(events: list[Event]) -> list[Event]:
    """The highest SEQUENCE first; of equals, the one that was first."""
    return sorted(events, key=lambda event: -int(_first(event, "SEQUENCE") or 0))


def _part(uid: str) -> str:
    """A UID as a part of an id; mail addresses and Outlook's long ones are made safe, and kept apart by a digest."""
    try:
        return _clean.identifier(uid)
    except Refused:
        return f"{_clean.slug(uid, 60)}-{blake2b(uid.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def _text(event: Event, name: str) -> str:
    found = next(iter(_listed(event.get(name))), "")
    return str(found) if isinstance(found, str) else ""


def _categories(event: Event) -> list[str]:
    return [
        str(name)
        for line in _listed(event.get("CATEGORIES"))
        for name in getattr(line, "cats", ())
        if str(name).strip()
    ]


def _moment(event: Event, name: str) -> Any:
    try:
        return event[name].dt
    except (KeyError, AttributeError):
        return None


def _ending(event: Event, start: Any) -> Draft:
    end, duration = _moment(event, "DTEND"), _moment(event, "DURATION")
    if end is None and isinstance(start, date) and isinstance(duration, timedelta):
        end = start + duration
    if not isinstance(start, date) or not isinstance(end, date):
        return {}
    if isinstance(start, datetime):
        return {"end": end}
    last = end.date() if isinstance(end, datetime) else end - timedelta(days=1)
    return {"end_date": max(last, start)}


def _place(event: Event) -> Draft | str:
    location, position = _text(event, "LOCATION"), event.get("GEO")
    if not location or not hasattr(position, "latitude"):
        return location
    return {"name": location, "latitude": position.latitude, "longitude": position.longitude}


def _sane(rule: Any) -> None:
    """Refuse a repetition that would never be done reading."""
    often = 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        often *= len(_listed(rule.get(part))) or 1
    wrong = str(_first(rule, "FREQ")).upper() not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
    if wrong or often > TOO_MANY or int(_first(rule, "INTERVAL") or 1) < 1:
        raise Refused("recurrence_unreadable", "it repeats in a way that no programme does; mend it in the calendar")


def _first(rule: Any, part: str) -> Any:
    return next(iter(_listed(rule.get(part))), None)


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, 28))
