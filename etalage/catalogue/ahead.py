"""Everything one can still attend, in the order of the agenda, with indexes of what productions have in common.

A newcomer's trap: "still" is as of the day of the build; what is past, called off, sold out or gone is not in here.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import msgspec

from etalage.catalogue.attending import first_chance, goes_on
from etalage.catalogue.likeness import folded
from etalage.catalogue.showing import Showing
from etalage.model.genres import FAMILIES
from etalage.model.offer import TariffKind
from etalage.model.programme import Kind, Production
from etalage.model.site import Entry
from etalage.model.words import pick

ROW = 8
"""Of a maker, a person or a genre with many productions only so many of the next ones are looked at."""
TELLING = 25
"""What more than one in so many productions have as a tag is no subject."""
RARE = 6
"""A word that more texts than this have says nothing."""
GROWN_UP = 14

_PEOPLE = ("director", "cast", "artist", "teacher", "speaker", "moderator")
_AND = re.compile(r"\s*(?:[,;&/]|\s(?:en|et|and|und)\s)\s*")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")


class Known(msgspec.Struct):
    """What counts of one production. `entry` has its first date with places, and is None when there is no way to it any more.

    `names` are its makers and people: folded → as written; `maker` is one of them. `day` is an ordinal (date.toordinal).
    """

    id: str
    entry: Entry | None
    maker: str
    names: Mapping[str, str]
    tags: Mapping[str, str]
    genres: tuple[str, ...]
    families: frozenset[str]
    work: str
    age: int
    child: bool
    school: bool
    free: bool
    day: int


class Ahead:
    """What a site shows and one can still attend. Every row names places in `order`, the soonest first."""

    def __init__(self, showing: Showing, language: str) -> None:
        self.showing, self.language = showing, language
        known = [one for identity in showing.found if (one := self.read(identity)).entry is not None]
        self.order = sorted(known, key=lambda one: (one.day, one.id))
        self.known = {one.id: one for one in self.order}
        self.positions = {one.id: n for n, one in enumerate(self.order)}
        self.days = [one.day for one in self.order]
        self.makers = self._index(lambda one: (one.maker,) if one.maker else ())
        self.names = self._index(lambda one: one.names)
        self.genres = self._index(lambda one: one.genres)
        subjects = self._index(lambda one: one.tags)
        most = max(ROW, len(self.order) // TELLING)
        self.tags = {tag: row for tag, row in subjects.items() if len(row) <= most}
        self.children = [n for n, one in enumerate(self.order) if one.child]
        self.free = [n for n, one in enumerate(self.order) if one.free]

    def place_of(self, one: Known) -> int:
        """Where it stands in `order`; what one cannot attend stands, in thought, before the first of its day."""
        return self.positions[one.id] if one.id in self.positions else bisect_left(self.days, one.day) - 1

    @cached_property
    def words(self) -> dict[str, list[int]]:
        """Words that few texts have; only made when makers, people and subjects do not say enough."""
        return {word: row for word, row in self._index(self.words_of).items() if 1 < len(row) <= RARE}

    def words_of(self, one: Known) -> set[str]:
        """Words of title and summary that may tell what it is about."""
        production = self.showing.found[one.id].production
        text = pick(production.title, (self.language,))[0] + " " + pick(production.summary, (self.language,))[0]
        return set(_LONG_WORD.findall(text.lower()))

    def _index(self, keys: Callable[[Known], Iterable[str]]) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = defaultdict(list)
        for n, one in enumerate(self.order):
            for key in keys(one):
                rows[key].append(n)
        return dict(rows)

    def read(self, identity: str) -> Known:
        """What counts of a production, also of one that is over."""
        production, today = self.showing.found[identity].production, self.showing.today
        chance = first_chance(production, today)
        entry = None if chance is None else Entry(identity, chance)
        genres = tuple([genre.id for genre in production.genres])
        names, maker = _names(production, self.language), folded(production.company)
        dates = (p.start for p in production.performances if (p.id == chance if chance else goes_on(p, today)))
        day = next(dates, production.closes or today)
        return Known(
            id=identity, entry=entry, maker=maker if maker in names else "", names=names,
            tags={key: tag for tag in production.tags if (key := folded(tag)) and key not in genres and key not in names},
            genres=genres, families=_families(genres), work=production.keys.get("work", ""), age=production.age_min or 0,
            child=_is_for_children(production, genres), school=production.kind is Kind.SCHOOL, free=_is_free(production),
            day=day.toordinal(),
        )  # fmt: skip


def after(row: Sequence[int], here: int) -> Sequence[int]:
    """The next ROW of a row after this place, round the end; the whole of a short row."""
    if len(row) <= ROW:
        return row
    at = bisect_right(row, here)
    following = row[at : at + ROW]
    return following if len(following) == ROW else [*following, *row[: ROW - len(following)]]


def _families(genres: tuple[str, ...]) -> frozenset[str]:
    return _known_families.get(genres) or _known_families.setdefault(
        genres, frozenset(FAMILIES.get(genre, genre) for genre in genres)
    )


_known_families: dict[tuple[str, ...], frozenset[str]] = {}


def _names(production: Production, language: str) -> dict[str, str]:
    """Who made it and who is in it: folded → as written, the company first, and in its parts when it is several."""
    names = [production.company, *_parts(production.company)] if production.company else []
    names += [credit.name for credit in production.credits]
    if production.facts:
        said = [pick(production.facts[role], (language,))[0] for role in _PEOPLE if role in production.facts]
        names += [name for text in said for name in _AND.split(text)]
    return {key: name for name in names if len(key := folded(name)) > 3}


def _parts(company: str) -> list[str]:
    """Who work together as one company; "Maes & Co" is one name: a single word beside an "and" is part of it."""
    parts = _AND.split(company)
    single = "," in company or "/" in company
    return [part for part in parts if single or " " in part] if len(parts) > 1 else []


def _is_for_children(production: Production, genres: tuple[str, ...]) -> bool:
    return "familie" in genres or (production.age_max is not None and production.age_max <= GROWN_UP)


def _is_free(production: Production) -> bool:
    if production.kind is Kind.WALKIN:
        return True
    prices = production.performances[0].prices if production.performances else ()
    return bool(prices) and all(p.amount.cents == 0 for p in prices if p.kind is not TariffKind.SOCIAL)
