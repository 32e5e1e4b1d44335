"""Any filter as a calendar to follow, from what the build left."""

import icalendar
import pytest

from functions.app import make_app
from sitecheck.feeds import judge_calendar
from tests.make import performance, production
from tests.plugins.conftest import Fed
from tests.plugins.test_feeds import FREE, JAZZ, THEATER
from tests.visitor import Visitor


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    output = tmp_path_factory.mktemp("dates") / "output"
    site = Fed(
        production("toml:linde/jazz", "Blauw", "2026-12-04 20:00", genres=(JAZZ,), uitpas=True),
        production("toml:linde/gratis", "Gratis", performance("toml:linde/gratis/1", "2026-12-05 20:00", prices=FREE), genres=(JAZZ, THEATER)),
        production("toml:brug/t", "Toneel", "2026-12-08 20:00", genres=(THEATER,)),
        name={"nl": "De Linde, onder de hoge bomen aan de rand van een klein dorp in het zuiden é"},
    )  # fmt: skip
    (output / "linde").mkdir(parents=True)
    (output / "linde" / "agenda.ics").write_bytes(site.file("agenda.ics"))
    (output / "linde" / "index.html").write_text("<h1>De Linde</h1>")
    empty = Fed(production("toml:linde/oud", "Oud", "2026-11-01 20:00"))
    (output / "leeg").mkdir()
    (output / "leeg" / "agenda.ics").write_bytes(empty.file("agenda.ics"))
    (output.parent / "agenda.ics").write_text("geheim")
    return Visitor(make_app(output))


def titles(answer) -> list[str]:
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    assert list(judge_calendar(answer.content)) == []
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Blauw", "Gratis", "Toneel"]), ("genre=jazz", ["Blauw", "Gratis"]), ("genre=jazz&genre=theater", ["Blauw", "Gratis", "Toneel"]),
        ("genre=jazz&free=1", ["Gratis"]), ("genre=theater&house=brug", ["Toneel"]), ("weekday=5", ["Blauw"]), ("uitpas=1", ["Blauw"]),
        ("weekend=1", ["Blauw", "Gratis"]), ("venue=de-linde&weekday=2", ["Toneel"]), ("genre=circus", []), ("free=0", ["Blauw", "Gratis", "Toneel"]),
    ],
)  # fmt: skip
def test_what_fits_the_filter_is_in_the_calendar(client: Visitor, query: str, found: list[str]) -> None:
    assert titles(client.get(f"/api/agenda.ics?site=linde&{query}")) == found


def test_a_site_on_its_own_host_need_not_say_its_name(client: Visitor) -> None:
    assert titles(client.get("/api/agenda.ics?genre=jazz", headers={"host": "linde.localhost"})) == ["Blauw", "Gratis"]


def test_a_filtered_calendar_says_in_its_name_what_it_is(client: Visitor) -> None:
    calendar = icalendar.Calendar.from_ical(client.get("/api/agenda.ics?site=linde&genre=jazz&weekday=5").content)
    assert str(calendar["X-WR-CALNAME"]).endswith("zuiden é · 5 + jazz")


def test_a_site_without_dates_has_a_calendar_without_dates(client: Visitor) -> None:
    assert titles(client.get("/api/agenda.ics?site=leeg&genre=jazz")) == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("site=linde&genree=jazz", 400, "filter_unknown"), ("site=linde&genre=%0d%0aBEGIN:VEVENT", 400, "filter_wrong"),
        ("site=linde" + "&genre=a" * 30, 400, "filter_wrong"), ("site=weg", 404, "not_found"), ("site=..", 404, "not_found"),
        ("site=%2e%2e", 404, "not_found"), ("", 404, "not_found"), ("site=linde&language=../x", 404, "not_found"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused_in_words(client: Visitor, query: str, status: int, code: str) -> None:
    answer = client.get(f"/api/agenda.ics?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json" and answer.json()["title"]


def test_programs_of_other_sites_may_read_calendars_and_the_embed(client: Visitor) -> None:
    for path in ("/sites/linde/agenda.ics", "/api/agenda.ics?site=linde"):
        assert client.get(path).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/sites/linde/").headers
