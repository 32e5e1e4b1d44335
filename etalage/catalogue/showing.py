"""What a site shows on a given day: whose productions, what is still to come, in which order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property

from etalage.model.catalogue import Catalogue
from etalage.model.catalogue import Entry as Found
from etalage.model.programme import AS_A_WHOLE, Kind, Performance, Production, Status
from etalage.model.site import Day, Entry, Site


def last_day(performance: Performance) -> date:
    """The day it ends; a show that ends at four in the night still belongs to the evening before."""
    end = performance.end
    if end is None:
        return performance.start.date()
    return max(performance.start.date(), end.date() if end.hour >= 6 else performance.start.date())


def is_past(performance: Performance, today: date) -> bool:
    """Whether nobody can go any more."""
    return last_day(performance) < today


def coming(production: Production, today: date) -> tuple[Performance, ...]:
    """The performances of today and later that a list should show; cancelled ones too, vanished ones not."""
    return tuple(p for p in production.performances if p.status is not Status.REMOVED and not is_past(p, today))


def listed(production: Production) -> tuple[Performance, ...]:
    """The dates that lists show: of a course only the first, for one enrols for all; of an expo's time slots the first of a day."""
    if production.kind in AS_A_WHOLE:
        return production.performances[:1]
    if production.kind is not Kind.EXPO:
        return production.performances
    days: dict[date, Performance] = {}
    for one in sorted(production.performances, key=lambda one: one.start):
        if one.status is not Status.REMOVED:
            days.setdefault(one.start.date(), one)
    return tuple(days.values())


def is_open(production: Production, first: date, last: date) -> bool:
    """Whether an expo's period touches these days."""
    if production.closes is None and production.opens is None:
        return False
    return (production.opens or first) <= last and (production.closes or last) >= first


class Showing:
    """A site's part of the catalogue on one day, sorted for its lists."""

    def __init__(self, catalogue: Catalogue, site: Site, today: date) -> None:
        houses = set(site.houses)
        self.today = today
        self.found: Mapping[str, Found] = {
            identity: found
            for identity, found in catalogue.entries.items()
            if not houses.isdisjoint(found.production.houses)
        }
        self.coming: dict[str, tuple[Performance, ...]] = {}
        self.moments: list[tuple[datetime, str, str]] = []
        for identity, found in self.found.items():
            if found.production.removed:
                continue
            ahead = coming(found.production, today)
            if ahead:
                self.coming[identity] = ahead
        self._gather()

    def _gather(self) -> None:
        for identity, found in self.found.items():
            production = found.production
            if production.removed:
                continue
            self.moments += [(p.start, p.id, identity) for p in listed(production) if p.status is not Status.REMOVED]
        self.moments.sort()
        self.expos = [
            identity
            for identity, found in self.found.items()
            if found.production.closes is not None and not found.production.removed
        ]
        ahead = {p.id for performances in self.coming.values() for p in performances}
        self.ahead: list[Entry] = []
        """Every date still to come, in order."""
        self.months: dict[str, list[tuple[datetime, Entry]]] = defaultdict(list)
        """Month ("2026-12") → its dates in order, past ones included."""
        for start, performance, identity in self.moments:
            entry = Entry(identity, performance)
            self.months[f"{start.year:04}-{start.month:02}"].append((start, entry))
            if performance in ahead:
                self.ahead.append(entry)
        self.next = tuple(dict.fromkeys([entry.production for entry in self.ahead]))
        """Productions with something to come, the soonest first."""

    def open_between(self, first: date, last: date) -> tuple[Entry, ...]:
        """Expos that can be visited in these days, the first to close first."""
        open_ones = [i for i in self.expos if is_open(self.found[i].production, first, last)]
        return tuple(Entry(i) for i in sorted(open_ones, key=lambda i: (self.found[i].production.closes, i)))

    @cached_property
    def lists(self) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]], Mapping[str, list[str]]]:
        """Productions to come per genre, per house and per venue, the soonest first; open expos in front."""
        genres: dict[str, list[str]] = defaultdict(list)
        houses: dict[str, list[str]] = defaultdict(list)
        venues: dict[str, list[str]] = defaultdict(list)
        running = [e.production for e in self.open_between(self.today, date.max) if e.production not in self.coming]
        for identity in (*running, *self.next):
            production = self.found[identity].production
            for genre in production.genres:
                genres[genre.id].append(identity)
            for house in production.houses:
                houses[house].append(identity)
            for venue in dict.fromkeys(p.venue for p in production.performances if p.venue):
                venues[venue].append(identity)
        return genres, houses, venues


def by_day(entries: Iterable[tuple[datetime, Entry]]) -> tuple[Day, ...]:
    """Group dates by their local day."""
    days: dict[date, list[Entry]] = {}
    for start, entry in entries:
        days.setdefault(start.date(), []).append(entry)
    return tuple(Day(day, tuple(there)) for day, there in days.items())
