"""What of a production can be found: its texts by field, its facts for the filters, and its card in the list of results.

Only what visitors may see anyway; nothing here is about a person who is not on a stage.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from etalage.model.catalogue import Catalogue
from etalage.model.genres import GENRES
from etalage.model.offer import Price, Stock, TariffKind
from etalage.model.programme import Kind, Performance, Production, Status
from etalage.model.site import Site
from etalage.model.words import Words, pick
from etalage.search.kin import KIN, TOWNS
from etalage.search.table import ACCESS, NO_CLOCK, UNKNOWN, Facts, Place, Row, Table, number_of, weekdays_of
from etalage.search.words import words

FIELDS: Mapping[str, float] = {
    "title": 10, "genre": 12, "people": 5, "place": 5, "subtitle": 4, "tags": 4, "house": 3, "kin": 2.5, "summary": 2, "text": 1,
}  # fmt: skip
"""How much a word weighs in each field."""
PAIRED = frozenset({"title", "people", "place"})
"""Fields in which words that stand side by side are also found as a pair: first and last names, above all."""
STRONG = frozenset({"title", "genre", "people", "place", "tags", "house"})
"""Fields whose every word may be part of a compound and may be what a visitor meant to type."""
NAMES = frozenset({"director", "cast", "artist", "curator", "teacher", "speaker", "moderator"})
"""Facts that name people."""
_TAG = re.compile(r"<[^>]*>")


class Date(msgspec.Struct, frozen=True, array_like=True):
    """A date on a card: `performance` has "+" in the place of the production's id when it begins with that."""

    performance: str
    start: str
    status: str
    stock: str
    hall: str
    venue: str
    town: str
    cents: int


class Card(msgspec.Struct, frozen=True, array_like=True):
    """What the list of results shows; `dates` are in the order of the facts' rows. The table is not needed to read one."""

    id: str
    slug: str
    title: str
    subtitle: str
    company: str
    genres: tuple[str, ...]
    house: str
    houses: tuple[str, ...]
    kind: str
    uitpas: bool
    opens: str
    closes: str
    dates: tuple[Date, ...]


class Document(msgspec.Struct, frozen=True):
    """One production in one language."""

    card: Card
    texts: tuple[tuple[str, str], ...]
    """(field, text)."""


class Library(msgspec.Struct, frozen=True):
    """All documents of a site in one language, the first to come first, with their table."""

    language: str
    documents: tuple[Document, ...]
    table: Table


Ahead = Mapping[str, Sequence[Performance]]
"""Production → its dates to come; an open expo without dates has none."""


def gather(catalogue: Catalogue, site: Site, slugs: Mapping[str, str], ahead: Ahead, language: str) -> Library:
    """The documents of a site in one language."""
    return _Gatherer(catalogue, site, slugs, language).gather(ahead)


class _Gatherer:
    def __init__(self, catalogue: Catalogue, site: Site, slugs: Mapping[str, str], language: str) -> None:
        self.catalogue, self.site, self.slugs, self.language = catalogue, site, slugs, language
        self.order = (language, *site.languages)
        self.genres, self.houses, self.towns, self.venues = _Names(), _Names(), _Names(), _Names()
        self.places: list[Place] = []

    def gather(self, ahead: Ahead) -> Library:
        found = [(self.catalogue.entries[identity].production, dates) for identity, dates in ahead.items()]
        found.sort(key=lambda pair: (_first(*pair), pair[0].id))
        facts = tuple(self._facts(production, dates) for production, dates in found)
        table = Table(facts, self.genres.pairs(), self.houses.pairs(), self.towns.pairs(), tuple(self.places))
        documents = tuple(
            Document(self._card(production, dates), tuple(self._texts(production, dates)))
            for production, dates in found
        )
        return Library(self.language, documents, table)

    def _say(self, text: Words) -> str:
        return pick(text, self.order)[0]

    def _facts(self, production: Production, dates: Sequence[Performance]) -> Facts:
        genres = tuple(
            self.genres.number(genre.id, self._say(GENRES.get(genre.id, genre).name)) for genre in production.genres
        )
        houses = tuple(
            self.houses.number(house, self._say(self.catalogue.houses[house].name))
            for house in production.houses
            if house in self.catalogue.houses
        )
        rows = [self._row(production, one) for one in dates] or [_period(production)]
        least = -1 if production.age_min is None else production.age_min
        most = -1 if production.age_max is None else production.age_max
        return Facts(genres, houses, least, most, production.uitpas, tuple(rows))

    def _row(self, production: Production, one: Performance) -> Row:
        day = number_of(one.start.date())
        last = day
        if one.end and one.end.date() > one.start.date():
            last = number_of(one.end.date()) - (one.end.hour < 6)  # what ends in the night belongs to the evening
        last = max(day, last)
        names = {*production.facilities, *one.facilities}
        venue = self.catalogue.venues.get(one.venue)
        if venue:
            names.update(venue.facilities)
        quarter = one.start.hour * 4 + one.start.minute // 15 if one.timed else NO_CLOCK
        called_off = one.status in (Status.CANCELLED, Status.POSTPONED)
        return Row(
            day, last, weekdays_of(day, last), quarter, self._venue(one.venue), _cents(production, one.prices),
            one.stock is not Stock.NONE and not called_off, sum(ACCESS.get(name, 0) for name in names),
        )  # fmt: skip

    def _venue(self, identity: str) -> int:
        venue = self.catalogue.venues.get(identity)
        if venue is None:
            return -1
        number = self.venues.number(identity, venue.name)
        if number == len(self.places):
            town = self.towns.number("-".join(words(venue.city)), venue.city) if venue.city else -1
            self.places.append(Place(identity, venue.name, town, venue.latitude, venue.longitude))
        return number

    def _card(self, production: Production, dates: Sequence[Performance]) -> Card:
        houses = [self.catalogue.houses[h] for h in production.houses if h in self.catalogue.houses]
        return Card(
            production.id, self.slugs[production.id], self._say(production.title), self._say(production.subtitle), production.company,
            tuple(self._say(GENRES.get(genre.id, genre).name) for genre in production.genres),
            self._say(houses[0].name) if houses else "", tuple(house.id for house in houses), production.kind.value, production.uitpas,
            production.opens.isoformat() if production.opens else "", production.closes.isoformat() if production.closes else "",
            tuple(self._date(production, one) for one in dates),
        )  # fmt: skip

    def _date(self, production: Production, one: Performance) -> Date:
        venue = self.catalogue.venues.get(one.venue)
        return Date(
            _short(one.id, production.id), one.start.isoformat(timespec="minutes"),
            "" if one.status is Status.SCHEDULED else one.status.value, "" if one.stock is Stock.UNKNOWN else one.stock.value, one.hall,
            venue.name if venue else "", venue.city if venue else "", _cents(production, one.prices),
        )  # fmt: skip

    def _texts(self, production: Production, dates: Sequence[Performance]) -> Iterable[tuple[str, str]]:
        yield "title", self._say(production.title)
        yield "subtitle", self._say(production.subtitle)
        for genre in production.genres:
            yield "genre", " ".join(GENRES.get(genre.id, genre).name.values())
            yield "kin", KIN.get(genre.id, "")
        people = [production.company, production.organiser, *(credit.name for credit in production.credits)]
        people += [self._say(fact) for name, fact in production.facts.items() if name in NAMES]
        yield from (("people", name) for name in people)
        yield "tags", " ".join(production.tags)
        yield (
            "house",
            " ".join(
                name
                for h in production.houses
                if h in self.catalogue.houses
                for name in self.catalogue.houses[h].name.values()
            ),
        )
        yield "place", " ".join(dict.fromkeys(self._where(dates)))
        yield "summary", self._say(production.summary)
        plain = html.unescape(_TAG.sub(" ", self._say(production.description)))
        facts = " ".join(self._say(fact) for fact in production.facts.values())
        yield "text", f"{plain} {facts}"

    def _where(self, dates: Sequence[Performance]) -> Iterable[str]:
        for one in dates:
            venue = self.catalogue.venues.get(one.venue)
            yield from (one.hall, *((venue.name, TOWNS.get(venue.city, venue.city), *venue.aliases) if venue else ()))


class _Names:
    """Ids in the order they were met, with their names."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.names: list[str] = []

    def number(self, identity: str, name: str) -> int:
        number = self.numbers.get(identity)
        if number is None:
            number = self.numbers[identity] = len(self.names)
            self.names.append(name)
        return number

    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.numbers, self.names, strict=True))


def _short(performance: str, production: str) -> str:
    return "+" + performance[len(production) :] if performance.startswith(production) else performance


def _first(production: Production, dates: Sequence[Performance]) -> tuple[int, int]:
    """The soonest first, by day and minute; what is open all along comes by when it opened."""
    if dates:
        start = dates[0].start
        return number_of(start.date()), start.hour * 60 + start.minute
    day = production.opens or production.closes
    return (number_of(day) if day else 0), 0


def _period(production: Production) -> Row:
    """An expo: every day of its period on which it opens."""
    first = number_of(production.opens) if production.opens else 0
    last = number_of(production.closes) if production.closes else first
    opens = sum(1 << day for day in {opening.weekday for opening in production.openings}) or 127
    cents = 0 if production.kind is Kind.WALKIN else UNKNOWN
    return Row(
        first, last, opens, NO_CLOCK, -1, cents, True, sum(ACCESS.get(name, 0) for name in production.facilities)
    )


def _cents(production: Production, prices: Sequence[Price]) -> int:
    """What one pays: the lowest standard price, as on its page."""
    if not prices:
        return 0 if production.kind is Kind.WALKIN else UNKNOWN
    standard = [p for p in prices if p.kind is TariffKind.STANDARD]
    usual = standard or [p for p in prices if p.kind is TariffKind.FREE] or prices
    return min(p.amount.cents for p in usual)
