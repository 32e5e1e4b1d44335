"""iCalendar (RFC 5545) of a production and of a whole site.

A newcomer's trap: a calendar program recognises an event by its UID and believes the version with the highest SEQUENCE, so
the UID must never change and everything else must be the same for the same data: DTSTAMP is the day the page last changed.
A date stands in many calendars (its site's, its genre's, its house's), so it is written once and remembered.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from etalage.catalogue.names import genre_of
from etalage.model.catalogue import Catalogue
from etalage.model.programme import Performance, Production, Status
from etalage.model.site import Entry, Site
from plugins.agenda.speech import Speech


class Calendars:
    """Writes calendars in one language of a site. `address` gives a production's full address."""

    def __init__(self, catalogue: Catalogue, site: Site, speech: Speech, address: Any) -> None:
        self.catalogue, self.site, self.speech, self.address = catalogue, site, speech, address
        self.written: dict[tuple[str, date], bytes] = {}
        """A date and the day it changed → its lines."""

    def of_production(self, production: Production, changed: date) -> bytes:
        """All dates of one production."""
        dates = [p for p in production.performances if p.status is not Status.REMOVED]
        name = str(self.speech.say(production.title))
        return self._calendar(name, [self._event(production, one, changed) for one in dates])

    def of_site(self, entries: Iterable[Entry], changed: Any, name: str = "") -> bytes:
        """All dates of a list to come; `changed` gives the day a production last changed. `name`: of the list, "" for all."""
        events = []
        for entry in entries:
            production = self.catalogue.entries[entry.production].production
            one = next(p for p in production.performances if p.id == entry.performance)
            events.append(self._event(production, one, changed(production.id)))
        site = str(self.speech.say(self.site.name))
        return self._calendar(f"{name} · {site}" if name else site, events)

    def _calendar(self, name: str, events: list[bytes]) -> bytes:
        calendar = icalendar.Calendar()
        calendar.add("prodid", "-//Etalage//agenda//NL")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("name", name)  # RFC 7986
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", self.site.timezone)
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
        if not events or any(b"TZID=" in event for event in events):  # a calendar must have something in it
            calendar.add_component(_zone(self.site.timezone))
        head, end = bytes(calendar.to_ical()).rsplit(b"END:VCALENDAR", 1)
        return b"".join((head, *events, b"END:VCALENDAR", end))

    def _event(self, production: Production, one: Performance, changed: date) -> bytes:
        known = self.written.get((one.id, changed))
        if known is None:
            known = self.written[one.id, changed] = bytes(self._made(production, one, changed).to_ical())
        return known

    def _made(self, production: Production, one: Performance, changed: date) -> icalendar.Event:
        event = icalendar.Event()
        event.add("uid", f"{one.id}@{self.site.id}.etalage")
        event.add("dtstamp", datetime.combine(changed, time(), tzinfo=UTC))
        event.add("last-modified", datetime.combine(changed, time(), tzinfo=UTC))
        event.add("sequence", (changed - date(2020, 1, 1)).days)
        title = str(self.speech.say(production.title))
        off = one.status in (Status.CANCELLED, Status.POSTPONED)
        event.add(
            "summary", f"{self.speech.gettext('Cancelled')}: {title}" if one.status is Status.CANCELLED else title
        )
        event.add("status", "CANCELLED" if off else "CONFIRMED")
        self._when(event, one, production.duration)
        venue = self.catalogue.venues.get(one.venue)
        if venue:
            parts = (venue.name, one.hall, venue.street, f"{venue.postal} {venue.city}".strip())
            event.add("location", ", ".join(part for part in parts if part))
            if venue.latitude is not None and venue.longitude is not None:
                event.add("geo", (venue.latitude, venue.longitude))
        url = self.address(production.id)
        event.add("url", url)
        summary = str(self.speech.say(production.summary))
        event.add("description", f"{summary}\n\n{url}" if summary else url)
        if production.genres:
            event.add(
                "categories", [str(self.speech.say(genre_of(g.id, self.catalogue).name)) for g in production.genres]
            )
        return event

    def _when(self, event: icalendar.Event, one: Performance, minutes: int | None) -> None:
        zone = _zone_info(self.site.timezone)
        if not one.timed:
            event.add("dtstart", one.start.date())
            event.add("dtend", (one.end.date() if one.end else one.start.date()) + timedelta(days=1))
            return
        event.add("dtstart", one.start.astimezone(zone))
        if one.end:
            event.add("dtend", one.end.astimezone(zone))
        elif minutes:
            event.add("duration", timedelta(minutes=minutes))


@lru_cache(maxsize=16)
def _zone_info(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=16)
def _zone(name: str) -> icalendar.Timezone:
    """The rules of the zone, which a calendar with local times must carry."""
    return icalendar.Timezone.from_tzid(name, first_date=date(2020, 1, 1), last_date=date(2038, 1, 1))
