"""Stories of staff and visitors around choosing: a list made in minutes, neighbours that come and go, a build that stays quiet."""

from pathlib import Path

import pytest

from tests.shop import Shop

HOUSE = """
name = "{name}"
url = "https://{id}.example"

[[venues]]
id = "{id}"
name = "{name}"
city = "Oosterlo"
latitude = {north}
longitude = 3.5

[[sources]]
kind = "csv"
path = "source/programma.csv"
"""
HEAD = "id;titel;datum;uur;locatie;genre;prijs;beschikbaarheid\n"
LIST = """---
title: Voor stille avonden
curator: {name: Nele Boterdaele, role: programmator}
items:
  - production: csv:linde/winter
    because: Omdat er sneeuw in zit.
  - production: /programma/dorpsquiz/
    because: Voor het lawaai erna.
---
"""


def house(shop: Shop, name: str, north: float, *lines: str, more: str = "", last: str = "") -> None:
    settings = more + HOUSE.format(id=name, name=f"De {name.capitalize()}", north=north) + last
    shop.house(
        name, settings, programma__csv=HEAD + "\n".join(line.format(name=name.capitalize()) for line in lines) + "\n"
    )


WINTER = "winter;Winterreis;12/12/2026;20:00;De {name};Klassiek;Basis 18;"
QUIZ = "quiz;Dorpsquiz;14/01/2027;19:30;De {name};Feest;gratis;"
BLUES = "blues;Blues in de brug;27/11/2026;20:00;De {name};Jazz;Basis 12;"


@pytest.fixture
def region(shop: Shop) -> Shop:
    """De Linde and De Brug, four kilometres apart, in one cluster."""
    house(shop, "linde", 51.00, WINTER, QUIZ)
    house(shop, "brug", 51.04, BLUES)
    folder = shop.content / "clusters" / "regio"
    folder.mkdir(parents=True)
    (folder / "cluster.toml").write_text('name = "Regio"\nmembers = ["linde", "brug"]\nurl = "https://regio.example"\n')
    shop.build()
    return shop


def make_list(shop: Shop, text: str = LIST, where: str = "houses/linde") -> Path:
    folder = shop.content / where / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stille-avonden.md").write_text(text, "utf-8")
    return folder / "stille-avonden.md"


def test_a_curator_writes_one_file_and_it_is_on_the_site(region: Shop) -> None:
    make_list(region)
    report = region.build()
    assert report["problems"] == [] or all("picture" in p["code"] for p in report["problems"])
    page = region.page("linde/lijsten/stille-avonden/index.html")
    assert "Omdat er sneeuw in zit." in page and "Voor het lawaai erna." in page and "Nele Boterdaele" in page
    assert "Voor stille avonden" in region.page("linde/index.html")
    assert "Omdat er sneeuw in zit." in region.page("linde/programma/winterreis/index.html")
    assert region.run("check", status=None)["trouble"] == []
    assert [site["written"] for site in region.build()["sites"].values()] == [0, 0, 0]


def test_the_list_goes_when_its_file_does(region: Shop) -> None:
    file = make_list(region)
    region.build()
    file.unlink()
    region.build()
    assert not (region.output / "linde/lijsten").exists()
    assert "Nele" not in region.page("linde/programma/winterreis/index.html")


def test_doctor_and_check_tell_of_a_list_that_runs_empty_and_of_a_wrong_item(region: Shop) -> None:
    make_list(region, LIST.replace("csv:linde/winter", "csv:linde/wintr"))
    for command in ("build", "check", "doctor", "plan"):
        codes = {(p["code"], p["source"]) for p in region.run(command)["problems"] if p["source"].startswith("list:")}
        source = "list:houses/linde/lists/stille-avonden.md"
        assert codes == {("list_item_unknown", source), ("list_low", source)}, command
    assert "Voor het lawaai erna." in region.page("linde/lijsten/stille-avonden/index.html")


def test_before_the_first_fetch_nobody_calls_every_item_unknown(shop: Shop) -> None:
    house(shop, "linde", 51.0, WINTER)
    make_list(shop)
    assert [p["code"] for p in shop.run("doctor")["problems"] if p["code"].startswith("list_item")] == []


def test_the_neighbours_are_below_the_houses_own_and_away_when_it_does_not_want_them(region: Shop) -> None:
    home = region.page("linde/index.html")
    assert home.index("Winterreis") < home.index("http://brug.localhost:8000/programma/blues-in-de-brug/")
    assert "op 4 km van hier" in home
    house(region, "linde", 51.00, WINTER, QUIZ, more="near = false\n")
    region.build()
    assert "brug.localhost" not in region.page("linde/index.html")


def test_a_neighbours_change_touches_the_pages_that_show_it_and_no_production(region: Shop) -> None:
    house(region, "brug", 51.04, BLUES.replace("Blues in de brug", "Blues op de brug"))
    changed = region.build()["sites"]["linde"]["changed"]
    assert set(changed) - {"sitemap.xml"} == {"index.html", "last-minute/index.html"}


def test_a_sold_out_evening_shows_the_way_to_the_other_date(region: Shop) -> None:
    summer = ";Zomerreis;12/12/2026;20:00;De {name};Klassiek;Basis 18;"
    evenings = (summer + "uitverkocht", summer.replace("12/12", "19/12"))
    house(region, "linde", 51.00, WINTER, *evenings, QUIZ, last='group_by = "title"\n')
    region.build()
    page = region.page("linde/programma/zomerreis/index.html")
    block = page[page.index("data-sold-out=") :].partition("</section>")[0]
    assert "za 19 dec" in block and "#d2" in block


def test_a_wrong_number_of_days_is_refused_with_its_file(shop: Shop) -> None:
    house(shop, "linde", 51.0, WINTER, more="last_minute = 90\n")
    report = shop.run("plan", status=2)
    assert "last_minute = 90" in report["trouble"][0] and "linde/house.toml" in report["trouble"][0]
