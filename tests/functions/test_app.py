"""The dev server and the functions: sites by host and by path, health, errors as problem+json."""

from pathlib import Path

import pytest

from functions.app import make_app
from tests.visitor import Visitor


@pytest.fixture
def output(tmp_path: Path) -> Path:
    site = tmp_path / "output" / "linde"
    for name, content in {
        "index.html": "<h1>De Linde</h1></body>",
        "agenda/index.html": "<h1>Agenda</h1>",
        "404.html": '<base href="/"><h1>Niet gevonden</h1>',
        "assets/main.0123456789.css": "a{}",
        "agenda.ics": "BEGIN:VCALENDAR",
        "sitemap.xml": "<urlset/>",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content)
    (tmp_path / "secret.txt").write_text("geheim")
    return tmp_path / "output"


@pytest.fixture
def client(output: Path) -> Visitor:
    return Visitor(make_app(output))


def test_health_says_ok_and_since_when_each_site_stands(client: Visitor) -> None:
    answer = client.get("/api/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert list(answer.json()["sites"]) == ["linde"]


def test_a_site_is_on_its_own_host_and_under_its_path(client: Visitor) -> None:
    for url, host in (("/", "linde.localhost:8000"), ("/sites/linde/", "127.0.0.1")):
        answer = client.get(url, headers={"host": host})
        assert answer.status_code == 200 and "De Linde" in answer.text
        assert answer.headers["content-type"].startswith("text/html")
    assert "De Linde" not in client.get("/", headers={"host": "127.0.0.1:8000"}).text
    assert client.get("/api/health", headers={"host": "linde.localhost"}).json()["status"] == "ok"


def test_folders_lead_to_their_page(client: Visitor) -> None:
    assert "Agenda" in client.get("/sites/linde/agenda/").text
    assert client.get("/sites/linde/agenda").headers["location"] == "/sites/linde/agenda/"
    assert client.get("/sites/linde").headers["location"] == "/sites/linde/"
    answer = client.get("/agenda", headers={"host": "linde.localhost"})
    assert answer.headers["location"] == "/agenda/"


def test_what_is_not_there_is_a_404_in_the_houses_own_look(client: Visitor) -> None:
    here = client.get("/sites/linde/programma/niets/")
    assert here.status_code == 404 and '<base href="/sites/linde/">' in here.text
    there = client.get("/programma/niets/", headers={"host": "linde.localhost"})
    assert there.status_code == 404 and '<base href="/">' in there.text


def test_an_unknown_site_is_a_problem_in_json(client: Visitor) -> None:
    answer = client.get("/sites/weg/")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    "path", ["../secret.txt", "%2e%2e/secret.txt", "..%2f..%2fsecret.txt", "%00", "....//secret.txt"]
)
def test_nothing_outside_the_site_is_served(client: Visitor, path: str) -> None:
    answer = client.get(f"/sites/linde/{path}")
    assert answer.status_code in (307, 404) and "geheim" not in answer.text


def test_hashed_assets_are_kept_for_ever_and_pages_are_asked_again(client: Visitor) -> None:
    assert "immutable" in client.get("/sites/linde/assets/main.0123456789.css").headers["cache-control"]
    page = client.get("/sites/linde/")
    assert page.headers["cache-control"] == "no-cache"
    again = client.get("/sites/linde/", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304


def test_calendars_have_their_type(client: Visitor) -> None:
    assert client.get("/sites/linde/agenda.ics").headers["content-type"].startswith("text/calendar")


def test_only_the_developers_own_machine_reloads(output: Path, client: Visitor) -> None:
    assert "reload.js" not in client.get("/sites/linde/").text
    assert client.get("/api/reload.js").status_code == 404
    live = Visitor(make_app(output, live_reload=True))
    assert "/api/reload.js" in live.get("/sites/linde/").text
    assert "EventSource" in live.get("/api/reload.js").text


def test_writing_is_not_for_visitors(client: Visitor) -> None:
    answer = client.post("/sites/linde/")
    assert answer.status_code == 405 and answer.json()["code"] == "method_not_allowed"
