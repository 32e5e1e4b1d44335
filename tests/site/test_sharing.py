"""Stories of a house that is found elsewhere: under a town's path, at its old addresses."""

from pathlib import Path

import pytest

import sitecheck
from commands.office import SERVED
from functions.app import make_app
from tests.shop import Shop
from tests.site.test_building import HOUSE, QUIZ, WINTER, rows
from tests.visitor import Visitor

OLD = """\
oud,nieuw
https://www.oud.example/agenda.html,/agenda/
/event.php?id=12,csv:linde/winter
/voorstellingen/winter,csv:linde/winter
/rond,/cirkel
/cirkel,/rond
/niets
/weg,/bestaat-niet/
"""


@pytest.fixture
def linde(shop: Shop) -> Shop:
    shop.house("linde", HOUSE, programma__csv=rows(WINTER, QUIZ))
    (shop.content / "houses/linde/redirects.csv").write_text(OLD, "utf-8")
    return shop


def test_old_addresses_lead_on_and_mistakes_are_named_by_their_line(linde: Shop) -> None:
    report = linde.build()
    told = {(p["code"], p["record"]) for p in report["problems"] if p["code"].startswith("redirect")}
    assert told == {
        ("redirect_loop", "line 5"), ("redirect_loop", "line 6"), ("redirect_wrong", "line 7"), ("redirect_nowhere", "line 8"),
    }  # fmt: skip
    assert 'href="../../programma/winterreis/"' in linde.page("linde/voorstellingen/winter/index.html")
    assert 'href="agenda/"' in linde.page("linde/agenda.html")
    rules = linde.page("linde/_redirects").splitlines()
    assert "/event.php id=12 /programma/winterreis/ 301" in rules and len(rules) == 3
    assert linde.run("check", status=None)["trouble"] == []


def test_an_old_address_follows_a_production_to_its_new_one(linde: Shop) -> None:
    linde.build()
    folder = linde.content / "houses/linde/productions"
    folder.mkdir()
    (folder / "winter.md").write_text("---\nproduction: csv:linde/winter\nslug: schubert\n---\n")
    linde.build()
    client = Visitor(make_app(linde.output))
    for asked in ("event.php?id=12", "voorstellingen/winter", "programma/winterreis/"):
        answer = client.get(f"/sites/linde/{asked}")
        assert (answer.status_code, answer.headers["location"]) == (301, "/sites/linde/programma/schubert/")


def test_without_old_addresses_there_is_no_file_of_them(linde: Shop) -> None:
    linde.build()
    (linde.content / "houses/linde/redirects.csv").unlink()
    linde.build()
    assert not (linde.output / "linde/_redirects").exists() and not (linde.output / "linde/agenda.html").exists()
    assert linde.build()["sites"]["linde"]["written"] == 0


def test_a_site_stands_under_a_path_of_its_towns(linde: Shop) -> None:
    town = Shop(linde.folder, url="https://stad.example/vrije-tijd/agenda")
    town.build()
    bases = {"https://stad.example/vrije-tijd/agenda": "linde"}
    assert sitecheck.check(town.output, bases, served=SERVED) == []
    production = town.page("linde/programma/winterreis/index.html")
    assert '<link rel="canonical" href="https://stad.example/vrije-tijd/agenda/programma/winterreis/">' in production
    assert "https://stad.example/vrije-tijd/agenda/genre/klassiek/" in town.page("linde/sitemap.xml")
    assert '"home_page_url": "https://stad.example/vrije-tijd/agenda/"' in town.page("linde/embed/feed.json")
    assert '<base href="/vrije-tijd/agenda/">' in town.page("linde/404.html")
    assert "https://stad.example/vrije-tijd/agenda/programma/winterreis/ 301" in town.page("linde/_redirects")
    served = Visitor(make_app(town.output)).get("/sites/linde/niets/")
    assert '<base href="/sites/linde/">' in served.text


def test_what_a_link_checker_would_find_under_the_wrong_path(linde: Shop, tmp_path: Path) -> None:
    town = Shop(linde.folder, url="https://stad.example/vrije-tijd")
    town.build()
    wrong = sitecheck.check(town.output, {"https://stad.example": "linde"}, served=SERVED)
    assert any(problem.code == "broken-link" for problem in wrong)
