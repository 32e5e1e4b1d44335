"""What hangs in the foyer: which dates, until when, and what staff should still fill in so that it says all.

The screen itself never shows a gap: what is not known is left out.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from etalage.catalogue.showing import is_past
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.programme import Kind, Performance, Production, Status
from etalage.model.record import Problem, Weight

DAYS = 7
"""So many days are in a screen's data: a screen goes on telling the truth while nobody builds the site."""
UNSURE = timedelta(hours=2)
"""How long a date of which nobody knows the end stays on the screen."""
LONG = 75
"""Minutes from which visitors wonder whether there is an interval."""
_SEATED = frozenset({Kind.SHOW, Kind.FILM, Kind.SCHOOL, Kind.TALK})
_SAY = {
    "hall": "in which hall? the foyer's screen cannot send anybody there",
    "end": "until when, or how long? the foyer's screen cannot say it",
    "interval": "is there an interval? write its minutes, or 0 for none; the foyer's screen cannot say it",
}


def end_of(production: Production, one: Performance) -> datetime | None:
    """When it ends, as far as anybody knows."""
    if one.end or not one.timed:
        return one.end
    return one.start + timedelta(minutes=production.duration) if production.duration else None


def until(production: Production, one: Performance) -> datetime:
    """How long it stays on the screen."""
    return end_of(production, one) or (one.start + UNSURE if one.timed else one.start + timedelta(days=1))


def is_shown(production: Production, one: Performance) -> bool:
    """Whether visitors who stand in the foyer may come for it."""
    return one.status is not Status.REMOVED and production.kind is not Kind.ONLINE


def gaps(catalogue: Catalogue, houses: frozenset[str], today: date) -> tuple[Problem, ...]:
    """What the screens of these houses cannot say of the days to come."""
    found = [entry for entry in catalogue.entries.values() if entry.production.houses[0] in houses]
    return tuple(problem for entry in found if not entry.production.removed for problem in _of(catalogue, entry, today))


def _of(catalogue: Catalogue, entry: Entry, today: date) -> Iterator[Problem]:
    production, last = entry.production, today + timedelta(days=DAYS)
    missing: dict[str, Performance] = {}
    for one in production.performances:
        on = one.status in (Status.SCHEDULED, Status.MOVED) and one.start.date() <= last and not is_past(one, today)
        if on and is_shown(production, one) and production.kind in _SEATED:
            for name in _holes(catalogue, production, one):
                missing.setdefault(name, one)
    for name, one in missing.items():
        title = next(iter(production.title.values()), production.id)
        yield Problem(
            source=production.id.partition("/")[0], record=production.id, field=name, code="screen_gap",
            reason=f"{title!r}, {one.start:%Y-%m-%d %H:%M}: {_SAY[name]}", weight=Weight.DOUBT,
        )  # fmt: skip


def _holes(catalogue: Catalogue, production: Production, one: Performance) -> Iterator[str]:
    venue = catalogue.venues.get(one.venue)
    if venue and len(venue.halls) > 1 and not one.hall:
        yield "hall"
    end = end_of(production, one)
    if end is None and one.timed:
        yield "end"
    minutes = production.duration or (int((end - one.start).total_seconds()) // 60 if end else 0)
    if production.interval is None and minutes > LONG and production.kind is not Kind.TALK:
        yield "interval"
