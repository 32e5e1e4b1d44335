"""GET /api/search: what scripts get, and what they are told when they ask for something else."""

import pytest

from functions.app import make_app
from tests.search.conftest import desk, settings  # noqa: F401 - the golden region's desk
from tests.visitor import Visitor


@pytest.fixture
def visitor(golden_region, desk) -> Visitor:
    return Visitor(make_app(golden_region.output, desk=desk))


def test_a_script_gets_productions_with_the_dates_that_pass(visitor: Visitor) -> None:
    answer = visitor.get("/api/search?q=jazz&site=langsdeelve&limit=2")
    assert answer.status_code == 200
    body = answer.json()
    assert body["total"] == 3 and len(body["results"]) == 2
    first = next(result for result in body["results"] if result["title"] == "Trio Overloop")
    assert set(first) == {"id", "title", "url", "house", "performances"}
    assert first["house"] == "meerstoel"
    assert first["url"] == "http://langsdeelve.localhost:8000/programma/trio-overloop/"
    assert first["performances"][0] == {"id": "toml:meerstoel/trio-overloop/1", "start": "2026-12-03T21:00+01:00"}
    assert body["counts"]["genre"]["jazz"] == 3


def test_an_empty_question_lists_by_date(visitor: Visitor) -> None:
    body = visitor.get("/api/search?site=foelie&date=2026-12&limit=100").json()
    starts = [result["performances"][0]["start"] for result in body["results"] if result["performances"]]
    assert starts == sorted(starts) and len(starts) > 5 and all(start.startswith("2026-12") for start in starts)


def test_pages_follow_each_other(visitor: Visitor) -> None:
    whole = visitor.get("/api/search?site=langsdeelve&limit=6").json()["results"]
    parts = [visitor.get(f"/api/search?site=langsdeelve&limit=3&offset={n}").json()["results"] for n in (0, 3)]
    assert parts[0] + parts[1] == whole


def test_without_a_site_the_host_decides_else_the_site_that_shows_most(visitor: Visitor) -> None:
    assert "langsdeelve" in visitor.get("/api/search?q=foelie").json()["results"][0]["url"]
    here = visitor.get("/api/search?q=foelie", headers={"host": "foelie.localhost:8000"}).json()
    assert all("//foelie." in result["url"] for result in here["results"])


def test_another_language_is_searched_in_its_own_words(visitor: Visitor) -> None:
    body = visitor.get("/api/search?site=foelie&language=fr&q=plantes").json()
    assert [result["title"] for result in body["results"]] == ["Ma mère parle aux plantes"]
    assert body["results"][0]["url"].startswith("http://foelie.localhost:8000/fr/programme/")


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [("site=niets", 404, "site_unknown"), ("site=foelie&language=xx", 400, "language_unknown"), ("day=9", 400, "filter_unreadable"),
     ("limit=0", 400, "filter_unreadable"), ("limit=1e3", 400, "filter_unreadable"), ("offset=-1", 400, "filter_unreadable"),
     ("sort=random", 400, "filter_unreadable"), ("site=..%2F..", 404, "site_unknown")],
)  # fmt: skip
def test_what_cannot_be_answered_is_a_problem_in_words(visitor: Visitor, asked: str, status: int, code: str) -> None:
    answer = visitor.get(f"/api/search?{asked}")
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code and answer.json()["title"]


def test_hostile_questions_are_only_words(visitor: Visitor) -> None:
    for text in ("%00", "'%22<script>", "a" * 5000, "%F0%9F%98%80", "*:* AND (", "۱۲/۱۲", "a " * 100):
        answer = visitor.get(f"/api/search?site=langsdeelve&q={text}")
        assert answer.status_code == 200, text


def test_a_server_without_anything_built_says_so(tmp_path) -> None:
    answer = Visitor(make_app(tmp_path)).get("/api/search?q=jazz")
    assert answer.status_code == 503 and answer.json()["code"] == "search_missing"
