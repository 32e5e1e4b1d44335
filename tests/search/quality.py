"""How good answers are: nDCG@10 (Järvelin and Kekäläinen, 2002), and recall in the first ten for compounds and typing errors."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import yaml

from etalage.model.catalogue import Catalogue
from etalage.model.programme import Production

FIRST = 10
HERE = Path(__file__).parent / "judged"


@dataclass(frozen=True)
class Query:
    """A question with what it should give: id → grade, 3 the best."""

    text: str
    kind: str
    want: Mapping[str, int]
    site: str = ""
    language: str = "nl"


Ask = Callable[[Query], Sequence[str]]
"""Gives the ids of the first ten answers."""


def ndcg(found: Sequence[str], want: Mapping[str, int]) -> float:
    """1 when the best come first, 0 when none of them is in the first ten."""

    def gain(grades: Sequence[int]) -> float:
        return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades[:FIRST]))

    best = gain(sorted(want.values(), reverse=True))
    return gain([want.get(one, 0) for one in found]) / best if best else 1.0


def recall(found: Sequence[str], want: Mapping[str, int]) -> float:
    """How many of what should be there, at most ten, is in the first ten."""
    good = {one for one, grade in want.items() if grade >= 2}
    return len(good.intersection(found[:FIRST])) / min(FIRST, len(good))


def measure(queries: Sequence[Query], ask: Ask) -> dict[str, float]:
    """nDCG over all queries ("all") and per kind; recall of "compound" and "typo" as "compound recall" and "typo recall"."""
    scores: dict[str, list[float]] = defaultdict(list)
    for query in queries:
        found = ask(query)
        value = ndcg(found, query.want)
        scores["all"].append(value)
        scores[query.kind].append(value)
        if query.kind in ("compound", "typo"):
            scores[f"{query.kind} recall"].append(recall(found, query.want))
    return {name: sum(values) / len(values) for name, values in scores.items()}


def region(catalogue: Catalogue, houses: Mapping[str, Sequence[str]], coming: set[str]) -> list[Query]:
    """The judged queries on the demo region, with the ids of the catalogue. `coming`: productions that are still to be seen."""
    queries = []
    for group in yaml.safe_load((HERE / "region.yaml").read_text("utf-8")):
        shown = [
            entry.production
            for identity, entry in catalogue.entries.items()
            if identity in coming and not set(houses[group["site"]]).isdisjoint(entry.production.houses)
        ]
        names: dict[str, list[str]] = defaultdict(list)
        for one in shown:
            names[one.id.rpartition("/")[2]].append(one.id)
        for given in group["queries"]:
            want = {
                identity: grade for name, grade in given.get("want", {}).items() for identity in names[name] if grade
            }
            want |= {one.id: 3 for one in shown if "all" in given and _has(one, given["all"])}
            if not want:
                print("NONE", given["q"])
                continue
            queries.append(Query(str(given["q"]), given["kind"], want, group["site"], group["language"]))
    return queries


def _has(one: Production, rule: Mapping[str, Any]) -> bool:
    """Looks in the data itself, so that it can prove the filters wrong."""
    [(name, value)] = rule.items()
    if name == "genre":
        return any(genre.id == value for genre in one.genres)
    if name == "house":
        return value in one.houses
    dates = [p.start.date() for p in one.performances]
    if one.opens and one.closes:
        return f"{one.opens:%Y-%m}" <= str(value) <= f"{one.closes:%Y-%m}"
    return any(f"{day:%Y-%m}" == str(value) for day in dates if str(day) >= "2026-11-22")
