"""The whole way from words and filters to a page of answers, for the function; the browser walks the same way in JavaScript."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from etalage.ports.search_index import SearchIndex
from etalage.search.documents import Card
from etalage.search.filters import Filters
from etalage.search.near import Vocabulary
from etalage.search.places import distances
from etalage.search.sieve import ALWAYS, ANY_TIME, Sieve, Sifted, When
from etalage.search.table import DAY_ZERO, NO_CLOCK, Table
from etalage.search.understanding import Understanding, Understood
from etalage.search.weighing import Postings

MOST_DATES = 5


class Shelf(msgspec.Struct, frozen=True):
    """All that a site's search needs in one language, as the build lays it down for the function.

    `site`: its name; `base`: its address; `folder`: what comes before a slug in an address.
    """

    stamp: str
    site: str
    language: str
    base: str
    folder: str
    timezone: str
    table: Table
    cards: tuple[Card, ...]
    terms: Mapping[str, Postings]
    vocabulary: Mapping[str, int]


class Answer(msgspec.Struct, frozen=True):
    """A page of results; docs/reference/search.md has its shape."""

    total: int
    results: list[dict[str, Any]]
    counts: Mapping[str, Mapping[str, int]]
    understood: Mapping[str, Any]


class Finder:
    """Finds in one site and language."""

    def __init__(self, shelf: Shelf, index: SearchIndex) -> None:
        self.shelf = shelf
        parts = frozenset(term for term, postings in shelf.terms.items() if postings.part)
        self.understanding = Understanding(shelf.language, index, Vocabulary(shelf.vocabulary), parts)

    def find(
        self,
        text: str,
        filters: Filters,
        now: datetime,
        *,
        sort: str = "",
        offset: int = 0,
        limit: int = 20,
        most_dates: int = MOST_DATES,
    ) -> Answer:
        """Answer a question. A time in the words that leaves nothing is taken as words after all."""
        today = now.date()
        asked = self.understanding.read(text, today)
        scores, asked, sifted, sieve = self._try(asked, filters, today)
        if not sifted.passed and asked.when != ANY_TIME:
            plain = self.understanding.read(text, today, with_times=False)
            again = self._try(plain, filters, today)
            if again[2].passed:
                scores, asked, sifted, sieve = again
        order = self._order(sifted, scores, sort or ("relevance" if asked.words else "date"), sieve)
        page = [
            self._result(number, sifted.passed[number], filters, most_dates)
            for number in order[offset : offset + limit]
        ]
        return Answer(len(order), page, sifted.counts, _understood(asked))

    def _try(
        self, asked: Understood, filters: Filters, today: date
    ) -> tuple[dict[int, int], Understood, Sifted, Sieve]:
        scores: dict[int, int] = {}
        among: Iterable[int] = range(len(self.shelf.cards))
        if asked.words:
            scores, corrected = self.understanding.search(asked)
            asked = msgspec.structs.replace(asked, corrected=corrected)
            among = sorted(scores)
        sieve = Sieve(self.shelf.table, filters, today, asked.when)
        return scores, asked, sieve.sift(among), sieve

    def _order(self, sifted: Sifted, scores: Mapping[int, int], sort: str, sieve: Sieve) -> list[int]:
        passed, table = sifted.passed, self.shelf.table
        if sort == "relevance":
            return sorted(passed, key=lambda n: (-scores.get(n, 0), n))
        far = distances(table, sieve.filters) if sort == "distance" else None

        def soonest(number: int) -> tuple[int, int]:
            rows = [table.facts[number].rows[at] for at in passed[number]]
            return min((max(row.day, sieve.today), row.quarter) for row in rows)

        def price(number: int) -> int:
            cents = [table.facts[number].rows[at].cents for at in passed[number]]
            return min((c for c in cents if c >= 0), default=ALWAYS)

        def distance(number: int) -> float:
            return _nearest(table, number, passed[number], far or [])

        keys = {"price": price, "distance": distance} if far or sort != "distance" else {}
        first = keys.get(sort, lambda _: 0)
        return sorted(passed, key=lambda n: (first(n), soonest(n), n))

    def _result(self, number: int, rows: Sequence[int], filters: Filters, most: int) -> dict[str, Any]:
        card, table = self.shelf.cards[number], self.shelf.table
        far = distances(table, filters)
        near = _nearest(table, number, rows, far) if far else float("inf")
        return {
            "id": card.id, "url": f"{self.shelf.folder}{card.slug}/", "title": card.title, "subtitle": card.subtitle, "company": card.company,
            "genres": list(card.genres), "house": card.house, "houses": list(card.houses), "kind": card.kind, "uitpas": card.uitpas,
            "period": {"from": card.opens, "until": card.closes} if card.closes or card.opens else None,
            "dates": [self._date(card, number, at) for at in rows[:most] if card.dates], "more": max(0, len(rows) - most),
            "distance": round(near, 1) if near < float("inf") else None,
        }  # fmt: skip

    def _date(self, card: Card, number: int, at: int) -> dict[str, Any]:
        row, shown = self.shelf.table.facts[number].rows[at], card.dates[at]
        return {
            "performance": card.id + shown.performance[1:] if shown.performance[:1] == "+" else shown.performance,
            "start": shown.start, "timed": row.quarter < NO_CLOCK, "venue": shown.venue, "hall": shown.hall, "town": shown.town,
            "status": shown.status or "scheduled", "stock": shown.stock or "unknown", "price": shown.cents if shown.cents >= 0 else None,
        }  # fmt: skip

    def for_scripts(self, answer: Answer) -> list[dict[str, Any]]:
        """The results as scripts get them (design §7)."""
        return [
            {
                "id": result["id"], "title": result["title"], "url": f"{self.shelf.base}/{result['url']}", "house": next(iter(result["houses"]), ""),
                "performances": [{"id": one["performance"], "start": one["start"]} for one in result["dates"]],
            }
            for result in answer.results
        ]  # fmt: skip


def _nearest(table: Table, number: int, rows: Sequence[int], far: Sequence[float]) -> float:
    places = (table.facts[number].rows[at].venue for at in rows)
    return min((far[place] for place in places if place >= 0), default=float("inf"))


def _understood(asked: Understood) -> dict[str, Any]:
    corrected = asked.corrected
    return {
        "words": list(asked.words),
        "corrected": {"from": corrected.word, "to": corrected.to} if corrected else None,
        "when": _when(asked.when) if asked.when != ANY_TIME else None,
    }


def _when(when: When) -> dict[str, Any]:
    return {
        "from": str(DAY_ZERO + timedelta(days=when.first)) if when.first else None,
        "until": str(DAY_ZERO + timedelta(days=when.last)) if when.last < ALWAYS else None,
        "days": [day + 1 for day in range(7) if when.weekdays >> day & 1] if when.weekdays != 127 else [],
        "evening": when.quarter > 0,
    }
