"""Any question as a calendar to follow: the dates that the search finds, as the site's own calendar has them."""

import icalendar
import pytest

from functions.app import make_app
from sitecheck.feeds import judge_calendar
from tests.search.conftest import desk, settings  # noqa: F401 - the golden region's desk
from tests.shop import Shop
from tests.visitor import Visitor


@pytest.fixture
def client(golden_region: Shop, desk) -> Visitor:
    return Visitor(make_app(golden_region.output, desk=desk))


def events(answer) -> dict[str, str]:
    """UID → summary."""
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    assert list(judge_calendar(answer.content)) == []
    walked = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["UID"]): str(event["SUMMARY"]) for event in walked}


def found(client: Visitor, asked: str) -> set[str]:
    """What the search says, as UIDs."""
    results = client.get(f"/api/search?limit=100&{asked}").json()["results"]
    return {f"{date['id']}@langsdeelve.etalage" for result in results for date in result["performances"]}


@pytest.mark.parametrize(
    "asked",
    ["genre=jazz", "genre=jazz&genre=theater", "genre=jazz,theater&price=0", "house=meerstoel&day=5", "day=6&day=7", "uitpas=1",
     "date=2026-12&access=wheelchair", "q=kindertheater", "q=jazz&house=meerstoel", "town=sint-alena-elve&km=10", "left=1&age=8"],
)  # fmt: skip
def test_what_the_search_finds_is_in_the_calendar(client: Visitor, asked: str) -> None:
    everything = events(client.get("/api/agenda.ics?site=langsdeelve"))
    some = events(client.get(f"/api/agenda.ics?site=langsdeelve&{asked}"))
    assert set(some) == found(client, f"site=langsdeelve&{asked}") & set(everything)
    assert 0 < len(some) < len(everything)


def test_without_a_question_it_is_the_whole_calendar(client: Visitor, golden_region: Shop) -> None:
    built = (golden_region.output / "langsdeelve" / "agenda.ics").read_bytes()
    assert client.get("/api/agenda.ics?site=langsdeelve").content == built


def test_a_site_on_its_own_host_need_not_say_its_name(client: Visitor) -> None:
    here = client.get("/api/agenda.ics?genre=jazz", headers={"host": "meerstoel.localhost"})
    assert events(here) and all(uid.endswith("@meerstoel.etalage") for uid in events(here))


def test_it_speaks_the_language_that_is_asked_for(client: Visitor) -> None:
    french = events(client.get("/api/agenda.ics?site=foelie&language=fr&q=plantes"))
    assert list(french.values()) == ["Ma mère parle aux plantes"] * len(french) != []


def test_a_calendar_says_in_its_name_what_it_was_cut_to(client: Visitor) -> None:
    answer = client.get("/api/agenda.ics?site=langsdeelve&q=trio,+x&genre=jazz&day=4&uitpas=1")
    name = str(icalendar.Calendar.from_ical(answer.content)["NAME"]).replace("\\,", ",")
    assert name.endswith(" · trio, x + Jazz + 4 + uitpas")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_nothing_found_is_a_calendar_without_dates(client: Visitor) -> None:
    assert events(client.get("/api/agenda.ics?site=langsdeelve&genre=bestaatniet")) == {}


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [("site=langsdeelve&genree=jazz", 400, "filter_unknown"), ("site=langsdeelve&day=9", 400, "filter_unreadable"),
     ("site=weg", 404, "site_unknown"), ("site=..", 404, "site_unknown"), ("site=%2e%2e", 404, "site_unknown"),
     ("site=langsdeelve&language=../x", 400, "language_unknown")],
)  # fmt: skip
def test_a_wrong_question_is_refused_in_words(client: Visitor, asked: str, status: int, code: str) -> None:
    answer = client.get(f"/api/agenda.ics?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json" and answer.json()["title"]


def test_hostile_words_stay_words(client: Visitor) -> None:
    answer = client.get("/api/agenda.ics?site=langsdeelve&genre=%0d%0aBEGIN:VEVENT%0d%0a")
    assert events(answer) == {}


def test_programs_of_other_sites_may_read_calendars_and_the_embed(client: Visitor) -> None:
    for path in ("/sites/langsdeelve/agenda.ics", "/api/agenda.ics?site=langsdeelve"):
        assert client.get(path).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/sites/langsdeelve/").headers
