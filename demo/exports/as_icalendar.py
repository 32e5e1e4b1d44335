"""The associations of Sint-Alena-Elve: one shared calendar, with what repeats as a rule and what differs as an exception."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from demo.season import Announcement
from demo.when import ZONE
from etalage.model import moments
from etalage.model.programme import Performance, Production

WEEK = timedelta(weeks=1)


def write(found: Iterable[Announcement], genres: Mapping[str, str]) -> bytes:
    """The file; `genres` are the house's own names by genre id."""
    calendar = Calendar()
    calendar.add("prodid", "-//Verenigingenraad Sint-Alena-Elve//Kalender//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Verenigingen van Sint-Alena-Elve")
    for one in found:
        for event in _events(one, genres):
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _events(one: Announcement, genres: Mapping[str, str]) -> Iterable[Event]:
    it, (first, *others) = one.production, one.production.performances
    event = _event(it, first)
    event.add("description", f"{it.description['nl']}\n\nOrganisatie: {it.organiser}")
    event.add("categories", [genres.get(genre.id, genre.name["nl"]) for genre in it.genres])
    gaps = {later.start.date() - sooner.start.date() for sooner, later in zip(it.performances, others, strict=False)}
    if gaps == {WEEK}:
        event.add("rrule", {"freq": "weekly", "count": len(it.performances)})
        return [event]
    if gaps == {timedelta(days=1)}:
        event.add("rrule", {"freq": "daily", "count": len(it.performances)})
        return [event, *(_exception(it, first, other) for other in others if _clock(other) != _clock(first))]
    for other in others:
        event.add("rdate", _local(other.start))
    return [event]


def _exception(it: Production, first: Performance, other: Performance) -> Event:
    """One of a series that has another hour than the rest."""
    event = _event(it, other)
    event.add("recurrence-id", datetime.combine(other.start.date(), _local(first.start).time(), moments.zone(ZONE)))
    return event


def _event(it: Production, date: Performance) -> Event:
    event = Event()
    event.add("uid", it.id)
    event.add("dtstamp", datetime(2020, 1, 1, tzinfo=UTC))
    event.add("summary", it.title["nl"])
    event.add("dtstart", _local(date.start) if date.timed else date.start.date())
    if date.end:
        event.add("dtend", _local(date.end))
    event.add("location", ", ".join(filter(None, (date.venue, date.hall))))
    return event


def _local(moment: datetime) -> datetime:
    return moment.astimezone(moments.zone(ZONE))


def _clock(date: Performance) -> str:
    return f"{date.start:%H:%M}"
