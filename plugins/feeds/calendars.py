"""iCalendar (RFC 5545) of a production and of a whole site.

A newcomer's trap: a calendar program recognises an event by its UID and believes the version with the highest SEQUENCE, so
the UID must never change and everything else must be the same for the same data: DTSTAMP is the day the page last changed.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from etalage.model.catalogue import Catalogue
from etalage.model.programme import Performance, Production, Status
from etalage.model.site import Entry, Site
from plugins.agenda.speech import Speech


class Calendars:
    """Writes calendars in one language of a site. `address` gives a production's full address."""

    def __init__(self, catalogue: Catalogue, site: Site, speech: Speech, address: Any) -> None:
        self.catalogue, self.site, self.speech, self.address = catalogue, site, speech, address

    def of_production(self, production: Production, changed: date) -> bytes:
        """All dates of one production."""
        dates = [p for p in production.performances if p.status is not Status.REMOVED]
        name = str(self.speech.say(production.title))
        return self._calendar(name, [self._event(production, one, changed) for one in dates])

    def of_site(self, entries: Iterable[Entry], changed: Any) -> bytes:
        """All dates to come; `changed` gives the day a production last changed."""
        events = []
        for entry in entries:
            production = self.catalogue.entries[entry.production].production
            one = next(p for p in production.performances if p.id == entry.performance)
            events.append(self._event(production, one, changed(production.id)))
        return self._calendar(str(self.speech.say(self.site.name)), events)

    def _calendar(self, name: str, events: list[icalendar.Event]) -> bytes:
        calendar = icalendar.Calendar()
        calendar.add("prodid", "-//Etalage//agenda//NL")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", self.site.timezone)
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
        if any(isinstance(event.start, datetime) for event in events):
            calendar.add_component(_zone(self.site.timezone))
        for event in events:
            calendar.add_component(event)
        return bytes(calendar.to_ical())

    def _event(self, production: Production, one: Performance, changed: date) -> icalendar.Event:
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
