"""Judged queries on the demo region: a change of the analysis that makes answers worse fails here."""

import pytest

from etalage.catalogue.showing import Showing
from etalage.config import moment_now
from etalage.search.filters import Filters
from etalage.season import Season
from tests.search.conftest import NOW
from tests.search.quality import Query, measure, ndcg, recall, region

FLOORS = {
    "all": 0.93, "exact": 0.97, "form": 0.88, "compound": 0.85, "compound recall": 0.85, "typo": 0.9, "typo recall": 0.9, "people": 0.93,
    "place": 0.93, "genre": 0.95, "time": 0.9,
}  # fmt: skip


@pytest.fixture(scope="session")
def judged(golden_region, settings) -> list[Query]:
    season = Season(settings, moment_now(NOW))
    catalogue = season.catalogue()
    coming = set()
    for name in settings.sites:
        showing = Showing(catalogue, settings.site(name), season.now.date())
        coming |= {
            *showing.coming,
            *(entry.production for entry in showing.open_between(showing.today, showing.today.max)),
        }
    return region(catalogue, {name: settings.site(name).houses for name in settings.sites}, coming)


def test_there_are_enough_judged_queries(judged) -> None:
    assert len(judged) >= 60
    assert {query.kind for query in judged} >= {"exact", "form", "compound", "typo", "people", "place", "genre", "time"}
    assert {query.language for query in judged} == {"nl", "fr", "en"}


def test_the_function_answers_well(judged, desk) -> None:
    def ask(query: Query) -> list[str]:
        answer = desk.find(query.site, query.language, query.text, Filters(), limit=10)[1]
        return [result["id"] for result in answer.results]

    reached(measure(judged, ask))


def test_the_browser_answers_well(judged, browser_index) -> None:
    answers = {}
    for place in {(query.site, query.language) for query in judged}:
        here = [query for query in judged if (query.site, query.language) == place]
        found = browser_index(*place, [{"text": query.text, "limit": 10} for query in here])
        answers |= {id(query): [r["id"] for r in one["results"]] for query, one in zip(here, found, strict=True)}
    reached(measure(judged, lambda query: answers[id(query)]))


def reached(scores: dict[str, float]) -> None:
    low = {name: (round(scores[name], 3), floor) for name, floor in FLOORS.items() if scores[name] < floor}
    assert not low, f"below the floor: {low}"


def test_the_measure_itself_can_tell_good_from_bad() -> None:
    want = {"a": 3, "b": 1}
    assert ndcg(["a", "b"], want) == 1 and ndcg([], want) == 0
    assert ndcg(["a", "b"], want) > ndcg(["b", "a"], want) > ndcg(["x", "b"], want) > 0
    assert recall(["x", "a"], {"a": 3, "b": 2, "c": 1}) == 0.5
