"""The season's texts, and how they become productions with real dates.

A text file is a list of productions in YAML, as few words as a programmer writes in a season's draft. Performances take what
their production says of the hall, the venue, the prices and the sale; a price is `tariff: amount`, or `rank: {tariff: amount}`.
Places are kept by name, as an export has them: `Performance.venue` holds the venue's name here, not an id.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import yaml

from demo import when
from etalage.model.genres import GENRES
from etalage.model.money import read_amount
from etalage.model.offer import Price, Stock, TariffKind
from etalage.model.programme import (
    Credit,
    Kind,
    Link,
    Opening,
    Performance,
    Picture,
    PressQuote,
    Production,
    Status,
)
from etalage.model.words import Words

HERE = Path(__file__).parent
_QUOTED = re.compile(r'"([^"]*)"')
_FRENCH_SPACES = re.compile(r" (?=[;:!?»])|(?<=«) ")


class Given(NamedTuple):
    """A house as the season knows it: its languages, and where things happen unless said otherwise."""

    languages: tuple[str, ...]
    venue: str


HOUSES: Mapping[str, Given] = {
    "meerstoel": Given(("nl",), "De Meerstoel"),
    "klokzeel": Given(("nl",), "'t Klokzeel"),
    "foelie": Given(("nl", "fr", "en"), "Foelie"),
}


WITH_UITPAS = ("meerstoel", "foelie")
"""The houses that take passes online; the other one sells on its own page."""


def cdbid(house: str, production: str) -> str:
    """The id that UiTdatabank would have for it: the same whenever the demo is made."""
    return str(uuid5(NAMESPACE_URL, f"https://{house}.example/{production}"))


class Announcement(NamedTuple):
    """A production, the file it stands in ("verenigingen"), the hall of an expo that has no dates, and its poster."""

    production: Production
    file: str
    hall: str
    poster: Mapping[str, Any]


def announcements(house: str, today: date) -> list[Announcement]:
    """Everything that a house shows, with dates around `today`."""
    return [
        Announcement(_Draft(house, text, today).production(), path.stem, text.get("hall", ""), text.get("poster", {}))
        for path in sorted((HERE / house).glob("*.yaml"))
        for text in _read(path)
    ]


@lru_cache
def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


class _Draft:
    """One production as it is written."""

    def __init__(self, house: str, text: Mapping[str, Any], today: date) -> None:
        self.house, self.text, self.today = house, text, today
        self.languages, self.venue = HOUSES[house]
        self.vocabulary = _read(HERE / "words.yaml")

    def production(self) -> Production:
        text = self.text
        plain = ("company", "organiser", "age_min", "age_max", "duration", "interval", "keys")
        lists = ("tags", "languages", "surtitles", "facilities")
        given: dict[str, Any] = {name: text[name] for name in plain if name in text}
        given |= {name: tuple(text[name]) for name in lists if name in text}
        social = "kansentarief" in str(text)
        if self.house in WITH_UITPAS and not text.get("organiser"):  # who rents the hall has no organiser with UiTPAS
            given["keys"] = {**given.get("keys", {}), "cdbid": cdbid(self.house, text["id"])}
        return Production(
            id=text["id"],
            houses=(self.house,),
            title=self.words(text["title"], self.languages),
            kind=Kind(text.get("kind", "show")),
            subtitle=self.words(text.get("subtitle", "")),
            summary=self.words(text.get("summary", "")),
            description=french(self.words(text["text"])),
            genres=tuple(GENRES[name] for name in text["genres"]),
            facts={name: self.words(fact) for name, fact in text.get("facts", {}).items()},
            credits=tuple(self.credits(text.get("credits", ()))),
            pictures=self.pictures(),
            press=tuple(map(self.quote, text.get("press", ()))),
            videos=tuple(map(self.link, text.get("videos", ()))),
            links=tuple(map(self.link, text.get("links", ()))),
            opens=self.day(text.get("opens")),
            closes=self.day(text.get("closes")),
            openings=openings(text.get("openings", ())),
            uitpas=social,
            performances=tuple(self.performances()),
            **given,
        )

    def performances(self) -> Iterator[Performance]:
        number = 0
        shared = {
            name: self.text[name] for name in ("hall", "venue", "seated", "prices", "sale_from") if name in self.text
        }
        for line in self.text.get("performances", ()):
            given = {**shared, **(line if isinstance(line, dict) else {"when": line})}
            for slot in when.slots(given["when"], self.today):
                number += 1
                yield self.performance(str(number), slot, given)

    def performance(self, number: str, slot: when.Slot, given: Mapping[str, Any]) -> Performance:
        place = given.get("venue") or (self.venue if "hall" in given else "")
        return Performance(
            id=number,
            start=slot.start,
            end=slot.end,
            timed=slot.timed,
            doors=when.at(given["doors"], slot) if "doors" in given else None,
            venue=place,
            hall=given.get("hall", ""),
            status=Status(given.get("status", "scheduled")),
            previous_start=when.moment(given["previous"], self.today) if "previous" in given else None,
            previous_venue=given.get("previous_venue", ""),
            note=self.words(given.get("note", "")),
            prices=tuple(self.prices(given.get("prices", {}))),
            stock=Stock(given.get("stock", "plenty" if "prices" in given else "unknown")),
            seated=given.get("seated"),
            sale_from=when.moment(given["sale_from"], self.today) if "sale_from" in given else None,
            online_url=given.get("online_url", ""),
            facilities=tuple(given.get("facilities", ())),
        )

    def prices(self, table: Mapping[Any, Any], category: str = "") -> Iterator[Price]:
        for name, amount in table.items():
            if isinstance(amount, dict):
                yield from self.prices(amount, str(name).capitalize())
                continue
            tariff = self.vocabulary["tariffs"][str(name)]
            yield Price(
                amount=read_amount(amount),
                kind=TariffKind.FREE if amount == "gratis" else TariffKind(tariff["kind"]),
                tariff={language: tariff[language] for language in self.languages},
                category={language: category for language in self.languages if category},
            )

    def pictures(self) -> tuple[Picture, ...]:
        if "poster" not in self.text:
            return ()
        return (Picture(src=picture(self.house, self.text["id"]), alt=self.words(self.text["alt"])),)

    def credits(self, given: Iterable[tuple[str, str]]) -> Iterator[Credit]:
        """Each person apart, so that one can be found."""
        for role, names in given:
            for name in names.split(", "):
                yield Credit(role=self.role(role), name=name)

    def quote(self, given: Mapping[str, Any]) -> PressQuote:
        day = self.day(given.get("day"))
        return PressQuote(text=self.words(given["text"]), source=given["source"], day=day, stars=given.get("stars"))

    def link(self, given: Mapping[str, Any]) -> Link:
        return Link(url=given["url"], label=self.words(given["label"], self.languages))

    def role(self, name: str) -> Words:
        known = self.vocabulary["roles"].get(name, {"nl": name})
        return {language: known[language] for language in self.languages}

    def day(self, text: str | None) -> date | None:
        return next(when.days(text, self.today)) if text else None

    def words(self, text: str | Mapping[str, str], languages: tuple[str, ...] = ("nl",)) -> Words:
        """A text by language; a plain one is Dutch, or the same in `languages`."""
        table = dict.fromkeys(languages, text) if isinstance(text, str) else text
        return {
            language: _QUOTED.sub("“\\1”", told.strip()).replace("'", "’") for language, told in table.items() if told
        }


def french(text: Words) -> Words:
    """French has hard spaces before its high punctuation marks."""
    return {
        language: _FRENCH_SPACES.sub("\u00a0", told) if language == "fr" else told for language, told in text.items()
    }


def picture(house: str, identity: str) -> str:
    """Where a poster lies, in the content folder."""
    return f"houses/{house}/images/generated/{identity}.jpg"


def openings(lines: Iterable[str]) -> tuple[Opening, ...]:
    """Opening hours by weekday: `wed-fri 10:00-17:00`."""
    found = []
    for line in lines:
        days, hours = line.split()
        first, _, last = days.partition("-")
        opens, closes = map(when.clock, hours.split("-"))
        found += [(weekday, opens, closes) for weekday in when.weekdays(first, last or None)]
    return tuple(Opening(weekday=day, opens=opens, closes=closes) for day, opens, closes in sorted(found))
