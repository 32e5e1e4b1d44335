"""Judged queries on the synthetic programme (shared/peers/make_programme.py): what is relevant is read from its data by rule.

Grades: 3 for what is asked, 2 for what has it in a lesser place, 1 for a mention in the description.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from etalage.search.words import fold
from tests.search.quality import Query

Event = Mapping[str, Any]

FORMS = (
    ("verhaal", "verhalen"), ("droom", "dromen"), ("herinnering", "herinneringen"), ("stem", "stemmen"), ("vriend", "vrienden"),
    ("muzikant", "muzikanten"), ("danser", "dansers"), ("gedicht", "gedichten"), ("brief", "brieven"), ("geheim", "geheimen"),
    ("grens", "grenzen"), ("stad", "steden"), ("ontmoeting", "ontmoetingen"), ("schilderij", "schilderijen"),
)  # fmt: skip
GENRES = {
    "jazz": "jazz", "klassiek": "klassiek", "comedy": "comedy", "tentoonstelling": "expo", "dans": "dans", "toneel": "theater",
    "literatuur": "literatuur", "circus": "circus", "film": "film",
}  # fmt: skip
COMPOUNDS: Mapping[str, Callable[[Event], bool]] = {
    "jazzconcert": lambda e: e["genre"] == "jazz" and _says(e, "concert"),
    "jazzsessie": lambda e: e["genre"] == "jazz" and _says(e, "sessie"),
    "theatermonoloog": lambda e: e["genre"] == "theater" and _says(e, "monoloog"),
    "kindervoorstelling": lambda e: e["genre"] == "familie",
    "kindertheater": lambda e: (
        e["genre"] == "familie" and _says(e, "voorstelling", "familievoorstelling", "vertelling")
    ),
    "dansduet": lambda e: e["genre"] == "dans" and _says(e, "duet"),
    "circus voorstelling": lambda e: _says(e, "circusvoorstelling"),
    "avond auteurs": lambda e: _says(e, "auteursavond"),
    "familie": lambda e: e["genre"] == "familie",
    "kamer": lambda e: _says(e, "kamerconcert"),
    "clubavond": lambda e: _says(e, "clubavond"),
    "theaterstuk": lambda e: _says(e, "theaterstuk"),
}
MISSPELT = {
    "klasiek": "klassiek", "teater": "theater", "literatuurr": "literatuur", "circuss": "circus", "commedy": "comedy", "famillie": "familie",
}  # fmt: skip
TIMES: Mapping[str, Callable[[Event, date], bool]] = {
    "jazz vrijdag": lambda e, day: e["genre"] == "jazz" and day.isoweekday() == 5,
    "dans in december": lambda e, day: e["genre"] == "dans" and day.month == 12,
    "familie zondag": lambda e, day: e["genre"] == "familie" and day.isoweekday() == 7,
    "comedy in november": lambda e, day: e["genre"] == "comedy" and day.month == 11,
    "klassiek weekend": lambda e, day: e["genre"] == "klassiek" and day.isoweekday() > 5,
    "film woensdag": lambda e, day: e["genre"] == "film" and day.isoweekday() == 3,
}


def queries(events: Sequence[Event], prefix: str, seed: int = 3) -> list[Query]:
    """All judged queries; `prefix` stands before an event's number in our ids."""
    dice = random.Random(seed)
    found = [
        *_titles(events, dice),
        *_forms(events),
        *_people(events, dice),
        *_places(events),
        *_misspelt(events, dice),
    ]
    for text, genre in GENRES.items():
        found.append(("genre", text, {e["id"]: 3 for e in events if e["genre"] == genre}))
    for text, rule in COMPOUNDS.items():
        found.append(("compound", text, {e["id"]: 3 for e in events if rule(e)}))
    for text, wanted in TIMES.items():
        here = {e["id"]: 3 for e in events if any(wanted(e, date.fromisoformat(d["iso"][:10])) for d in e["dates"])}
        found.append(("time", text, here))
    return [
        Query(text, kind, {f"{prefix}{n}": grade for n, grade in want.items()}) for kind, text, want in found if want
    ]


def _titles(events: Sequence[Event], dice: random.Random) -> Iterator[tuple[str, str, dict[int, int]]]:
    for event in dice.sample(list(events), 10):
        same = {e["id"]: 3 for e in events if fold(e["title"]) == fold(event["title"])}
        yield "exact", event["title"], same


def _forms(events: Sequence[Event]) -> Iterator[tuple[str, str, dict[int, int]]]:
    for n, forms in enumerate(FORMS):
        want = {}
        for e in events:
            grade = (
                3
                if _has(e["title"], forms)
                else 2
                if _has(" ".join(e["tags"]), forms)
                else 1
                if _has(e["description"], forms)
                else 0
            )
            if grade:
                want[e["id"]] = grade
        yield "form", forms[n % 2], want


def _people(events: Sequence[Event], dice: random.Random) -> Iterator[tuple[str, str, dict[int, int]]]:
    people = sorted({c["name"] for e in events for c in e["credits"]} | {e["artist"] for e in events})
    for n, name in enumerate(dice.sample(people, 8)):
        yield "people", fold(name) if n % 2 else name, _about(events, name)


def _about(events: Sequence[Event], name: str) -> dict[int, int]:
    want = {}
    for e in events:
        if e["artist"] == name or name in e["title"]:
            want[e["id"]] = 3
        elif any(c["name"] == name for c in e["credits"]):
            want[e["id"]] = 2
        elif name in e["description"]:
            want[e["id"]] = 1
    return want


def _places(events: Sequence[Event]) -> Iterator[tuple[str, str, dict[int, int]]]:
    for city in sorted({e["city"] for e in events})[:4]:
        yield "place", city, {e["id"]: 3 for e in events if e["city"] == city}
    for hall in sorted({e["hall"] for e in events})[:3]:
        want = {e["id"]: 3 for e in events if any(d["hall"] == hall for d in e["dates"])}
        yield "place", hall, {e["id"]: 1 for e in events if e["hall"] == hall} | want


def _misspelt(events: Sequence[Event], dice: random.Random) -> Iterator[tuple[str, str, dict[int, int]]]:
    for text, genre in MISSPELT.items():
        yield "typo", text, {e["id"]: 3 for e in events if e["genre"] == genre}
    artists = sorted({e["artist"] for e in events if len(e["artist"].split()[-1]) > 6})
    for name in dice.sample(artists, 10):
        yield "typo", _spoil(name, dice), _about(events, name)


def _spoil(name: str, dice: random.Random) -> str:
    """One letter of the last word wrong, missing, twice, or changed with its neighbour."""
    start, _, last = name.rpartition(" ")
    at = dice.randrange(1, len(last) - 1)
    last = dice.choice(
        [
            last[:at] + "x" + last[at + 1 :],
            last[:at] + last[at + 1 :],
            last[:at] + last[at] + last[at:],
            last[:at] + last[at + 1] + last[at] + last[at + 2 :],
        ]
    )
    return f"{start} {last}".strip()


def _has(text: str, forms: Sequence[str]) -> bool:
    return any(re.search(rf"\b{form}\b", text, re.IGNORECASE) for form in forms)


def _says(event: Event, *words: str) -> bool:
    return _has(f"{event['title']} {event['description']} {' '.join(event['tags'])}", words)
