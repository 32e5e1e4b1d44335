"""A server that can says itself that a page moved, with the query where there is one."""

from pathlib import Path

import pytest

from functions.app import make_app
from tests.visitor import Visitor

RULES = """\
/oud /agenda/ 301
/event.php id=1 /programma/winterreis/ 301
/event.php id=1 taal=fr /fr/programme/winterreis/ 301
/event.php /agenda/ 301
/caf%C3%A9 https://elders.example/ 301
"""


@pytest.fixture
def client(tmp_path: Path) -> Visitor:
    site = tmp_path / "output" / "linde"
    for name, content in {"index.html": "<h1>De Linde</h1>", "oud/index.html": "verhuisd", "_redirects": RULES}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content)
    return Visitor(make_app(tmp_path / "output"))


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("oud", "/agenda/"), ("oud/", "/agenda/"), ("oud/index.html", "/agenda/"), ("event.php?id=1", "/programma/winterreis/"),
        ("event.php?taal=fr&id=1", "/fr/programme/winterreis/"), ("event.php?id=2", "/agenda/"), ("caf%C3%A9", "https://elders.example/"),
    ],
)  # fmt: skip
def test_an_old_address_leads_on_at_once(client: Visitor, asked: str, led: str) -> None:
    own = client.get(f"/{asked}", headers={"host": "linde.localhost"})
    assert own.status_code == 301 and own.headers["location"] == led
    below = client.get(f"/sites/linde/{asked}")
    assert below.headers["location"] == (led if "://" in led else f"/sites/linde{led}")


def test_a_redirect_is_let_go_again_for_a_title_may_change_back(client: Visitor) -> None:
    assert client.get("/sites/linde/oud").headers["cache-control"] == "public, max-age=3600"


def test_other_pages_are_as_they_were(client: Visitor) -> None:
    assert client.get("/sites/linde/").status_code == 200
    assert client.get("/sites/linde/event.html").status_code == 404


def test_new_rules_count_from_the_next_visit(client: Visitor, tmp_path: Path) -> None:
    import os

    assert client.get("/sites/linde/nieuw-oud").status_code == 404
    file = tmp_path / "output" / "linde" / "_redirects"
    file.write_text("/nieuw-oud / 301\n")
    os.utime(file, (1, 1))
    assert client.get("/sites/linde/nieuw-oud").headers["location"] == "/sites/linde/"
