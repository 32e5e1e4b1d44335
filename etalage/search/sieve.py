"""Which documents and dates pass the filters, and how many would pass with each value of a filter.

Filters look at one date at a time: "Saturday" and "places left" must be true of the same evening. The count of a value is
that of documents which pass all other filters and have that value; the filter it belongs to is left out of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec

from etalage.search.filters import AGES, EUROS, FACETS, PERIODS, Filters, days_of, period_of
from etalage.search.places import near
from etalage.search.table import ACCESS, DAY_ZERO, NO_CLOCK, Facts, Row, Table, number_of, weekdays_of

ALWAYS = 1 << 30


class When(msgspec.Struct, frozen=True, kw_only=True):
    """The time that words asked for: days, weekdays (bits, 0 is Monday; 127 is any) and from which quarter of the day."""

    first: int = 0
    last: int = ALWAYS
    weekdays: int = 127
    quarter: int = 0


ANY_TIME = When()


class Sifted(msgspec.Struct):
    """What passed: document → its dates that did; and facet → value → how many documents."""

    passed: dict[int, list[int]]
    counts: dict[str, dict[str, int]]


class Sieve:
    """Filters made ready for one table and one day."""

    def __init__(self, table: Table, filters: Filters, today: date, when: When = ANY_TIME) -> None:
        self.table, self.filters, self.when = table, filters, when
        self.today = number_of(today)
        self.first, self.last = days_of(filters, today)
        self.days = sum(1 << day - 1 for day in filters.day)
        self.genres = {n for n, (genre, _) in enumerate(table.genres) if genre in filters.genre}
        self.houses = {n for n, (house, _) in enumerate(table.houses) if house in filters.house}
        self.venues = {n for n, venue in enumerate(table.venues) if venue.id in filters.venue}
        self.near = near(table, filters)
        self.access = sum(ACCESS[name] for name in filters.access)
        self.periods = {name: period_of(name, today) for name in PERIODS}

    def sift(self, documents: Iterable[int], *, counting: bool = True) -> Sifted:
        """Sift documents by their numbers, in the order given."""
        passed: dict[int, list[int]] = {}
        counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
        for number in documents:
            facts = self.table.facts[number]
            whole = self._misses(facts)
            if whole & whole - 1:  # two filters already say no
                continue
            seen: dict[str, set[str]] = {}
            for position, row in enumerate(facts.rows):
                if not self._lives(row):
                    continue
                misses = whole | self._row_misses(row)
                if not misses:
                    passed.setdefault(number, []).append(position)
                if counting and not misses & misses - 1:
                    self._note(facts, row, misses, seen)
            for facet, values in seen.items():
                counts[facet].update(values)
        return Sifted(passed, {facet: dict(counted) for facet, counted in counts.items()})

    def _lives(self, row: Row) -> bool:
        """Not over, and at the time that the words asked for."""
        when = self.when
        if row.last < self.today or (row.quarter < when.quarter and row.quarter != NO_CLOCK):
            return False
        return _meets(row, max(when.first, self.today), when.last, when.weekdays)

    def _misses(self, facts: Facts) -> int:
        """A bit per filter of the whole document that says no; bits are positions in FACETS."""
        filters, misses = self.filters, 0
        if filters.genre and self.genres.isdisjoint(facts.genres):
            misses |= _BIT["genre"]
        if filters.house and self.houses.isdisjoint(facts.houses):
            misses |= _BIT["house"]
        if filters.age is not None and not _suits(facts, filters.age):
            misses |= _BIT["age"]
        if filters.uitpas and not facts.uitpas:
            misses |= _BIT["uitpas"]
        return misses

    def _row_misses(self, row: Row) -> int:
        filters, misses = self.filters, 0
        if not _meets(row, max(self.first, self.today), self.last, 127):
            misses |= _BIT["date"]
        if self.days and not _meets(row, self.today, ALWAYS, self.days):
            misses |= _BIT["day"]
        if filters.venue and row.venue not in self.venues:
            misses |= _BIT["venue"]
        if self.near is not None and not (row.venue >= 0 and self.near[row.venue]):
            misses |= _BIT["town"]
        if filters.price is not None and not 0 <= row.cents <= filters.price:
            misses |= _BIT["price"]
        if self.access & ~row.access:
            misses |= _BIT["access"]
        if filters.left and not row.left:
            misses |= _BIT["left"]
        return misses

    def _note(self, facts: Facts, row: Row, misses: int, seen: dict[str, set[str]]) -> None:
        """Note the values of this date for the facets whose count it belongs to."""
        for facet, bit in _BIT.items():
            if misses & ~bit:
                continue
            values = set(self._values(facet, facts, row))
            if values:
                seen.setdefault(facet, set()).update(values)

    def _values(self, facet: str, facts: Facts, row: Row) -> Iterable[str]:
        table = self.table
        if facet == "date":
            here = max(row.day, self.today)
            yield from (name for name, (a, b) in self.periods.items() if _meets(row, max(a, self.today), b, 127))
            yield from _months(here, row.last)
        elif facet == "day":
            bits = row.weekdays & weekdays_of(max(row.day, self.today), row.last)
            yield from (str(day + 1) for day in range(7) if bits >> day & 1)
        elif facet == "genre":
            yield from (table.genres[n][0] for n in facts.genres)
        elif facet == "house":
            yield from (table.houses[n][0] for n in facts.houses)
        elif facet == "venue" and row.venue >= 0:
            yield table.venues[row.venue].id
        elif facet == "town" and row.venue >= 0 and table.venues[row.venue].town >= 0:
            yield table.towns[table.venues[row.venue].town][0]
        elif facet == "age":
            yield from (str(age) for age in AGES if _suits(facts, age))
        elif facet == "price":
            yield from (str(euros) for euros in EUROS if 0 <= row.cents <= euros * 100)
        elif facet == "access":
            yield from (name for name, bit in ACCESS.items() if row.access & bit)
        elif (facet == "uitpas" and facts.uitpas) or (facet == "left" and row.left):
            yield "1"


_BIT: Mapping[str, int] = {facet: 1 << position for position, facet in enumerate(FACETS)}


def _suits(facts: Facts, age: int) -> bool:
    """Whether it says that somebody of that age may come. Nothing said is no promise."""
    return 0 <= facts.age_min <= age and (facts.age_max < 0 or age <= facts.age_max)


def _meets(row: Row, first: int, last: int, weekdays: int) -> bool:
    """Whether one can go on one of these days."""
    start, end = max(row.day, first), min(row.last, last)
    if start > end:
        return False
    return weekdays == row.weekdays == 127 or bool(row.weekdays & weekdays & weekdays_of(start, end))


def _months(first: int, last: int) -> Iterable[str]:
    """The months that a period touches, at most twelve: what is open for years is not counted for ever."""
    day, end = DAY_ZERO + timedelta(days=first), DAY_ZERO + timedelta(days=min(last, first + 366))
    while (day.year, day.month) <= (end.year, end.month):
        yield f"{day:%Y-%m}"
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
