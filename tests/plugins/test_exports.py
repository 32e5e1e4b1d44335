"""Stories of who makes the brochure and the newsletter: chosen shows in a period, with what print and mail need."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as Tree

import jsonschema
import pytest
from PIL import Image

from etalage.catalogue.brochure import choose, dates_of
from etalage.model.errors import Refused
from etalage.model.programme import Status
from plugins.exports import brochure
from tests.make import performance, production
from tests.plugins.test_sharing import SITE, catalogue
from tests.shop import ROOT, Shop
from tests.site.test_building import HOUSE, QUIZ, WINTER, rows

SCHEMA = ROOT / "docs" / "reference" / "brochure.schema.json"
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
OVERLAY = """---
production: csv:linde/winter
company: Het Gezelschap
pictures:
  - src: images/winter.jpg
    alt: Een man in de sneeuw.
    credit: Mo Janssens
credits:
  - {role: regie, name: An Peeters}
---
"""


@pytest.fixture(scope="module")
def linde(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("exports"), url="https://linde.example")
    shop.house("linde", HOUSE, programma__csv=rows(WINTER, QUIZ))
    folder = shop.content / "houses" / "linde"
    (folder / "productions").mkdir()
    (folder / "productions" / "winter.md").write_text(OVERLAY)
    (folder / "images").mkdir()
    Image.new("RGB", (2000, 1500), "#345").save(folder / "images" / "winter.jpg")
    shop.run("fetch")
    return shop


def exported(shop: Shop, *more: str, **how) -> Path:
    folder = shop.folder / "export"
    shop.run("export", *more, "--site", "linde", "--to-folder", str(folder), **how)
    return folder


def plain(element: Tree.Element):
    """The XML as the JSON has it: what is left out is not known."""
    if len(element) == 0:
        return element.text or ""
    if element.tag in brochure._ONE:
        return [plain(each) for each in element] if element.tag != "genres" else [words(list(each)) for each in element]
    found: dict = {}
    for child in element:
        if child.get("lang"):
            found.setdefault(child.tag, {})[child.get("lang")] = child.text
        else:
            found[child.tag] = plain(child)
    return found


def words(elements: list[Tree.Element]):
    return {one.get("lang"): one.text for one in elements}


def known(value):
    """A value of the JSON without what is not known, as texts."""
    if isinstance(value, dict):
        return {key: known(each) for key, each in value.items() if each not in (None, "", {}, [])}
    if isinstance(value, list):
        return [known(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_a_brochure_holds_to_its_published_schema_and_xml_says_the_same(linde: Shop) -> None:
    folder = exported(
        linde, "brochure", "--format", "json", "--format", "xml", "--from", "2026-12-01", "--to", "2027-02-01"
    )
    made = json.loads((folder / "brochure.json").read_bytes())
    jsonschema.validate(made, json.loads(SCHEMA.read_bytes()))
    assert plain(Tree.fromstring((folder / "brochure.xml").read_bytes())) == known(made)
    assert [one["title"]["nl"] for one in made["productions"]] == ["Winterreis", "Dorpsquiz"]
    winter = made["productions"][0]
    assert winter["url"] == "https://linde.example/programma/winterreis/"
    assert (
        winter["dates"][0]["start"] == "2026-12-12T20:00:00+01:00" and winter["dates"][0]["prices"][0]["cents"] == 1800
    )
    assert winter["credits"] == [{"role": {"nl": "regie"}, "name": "An Peeters"}]


def test_the_schema_is_that_of_the_code() -> None:
    assert SCHEMA.read_bytes() == brochure.schema()


def test_pictures_come_as_large_as_they_are_with_their_maker(linde: Shop) -> None:
    folder = exported(linde, "brochure")
    picture = json.loads((folder / "brochure.json").read_bytes())["productions"][0]["pictures"][0]
    assert (picture["file"], picture["width"], picture["credit"]) == ("pictures/winterreis-1.jpg", 2000, "Mo Janssens")
    assert (folder / picture["file"]).read_bytes() == (linde.content / "houses/linde/images/winter.jpg").read_bytes()


def test_a_spreadsheet_has_a_line_per_date_and_no_formula(linde: Shop) -> None:
    folder = exported(linde, "brochure", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO((folder / "brochure.csv").read_text("utf-8-sig")), delimiter=";"))
    assert [(line["date"], line["start"], line["title"], line["price"]) for line in lines] == [
        ("2026-12-12", "20:00", "Winterreis", "18,00"), ("2027-01-14", "19:30", "Dorpsquiz", ""),
    ]  # fmt: skip
    made = brochure.as_csv(_evil())
    assert b";=HYPERLINK" not in made and b"'=HYPERLINK" in made


def _evil():
    from etalage.catalogue.brochure import compose

    one = production("toml:linde/a", '=HYPERLINK("http://x")')
    return compose(catalogue(one), SITE, FIRST, LAST, [one], {}, {})


def test_only_what_was_asked_for_in_the_order_it_was_asked(linde: Shop) -> None:
    folder = exported(linde, "brochure", "-p", "https://linde.example/programma/dorpsquiz/", "-p", "csv:linde/winter")
    made = json.loads((folder / "brochure.json").read_bytes())
    assert [one["id"] for one in made["productions"]] == ["csv:linde/quiz", "csv:linde/winter"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["-p", "csv:linde/weg"], "is no production"), (["--to", "2026-12-20", "-p", "csv:linde/quiz"], "has nothing between"),
        (["--from", "morgen"], "--from"), (["--format", "docx"], "json, xml, csv"), (["--from", "2030-01-01"], "nothing on"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_before_anything_is_printed(linde: Shop, asked: list[str], says: str) -> None:
    folder = linde.folder / "nothing"
    report = linde.run("export", "brochure", "--site", "linde", "--to-folder", str(folder), *asked, status=1)
    assert says in report["trouble"][0] and not folder.exists()


def test_print_has_no_date_that_is_off() -> None:
    one = production(
        "toml:linde/a", "A", performance("toml:linde/a/1", "2026-12-05 20:00", status=Status.CANCELLED),
        performance("toml:linde/a/2", "2026-12-06 20:00"), performance("toml:linde/a/3", "2027-01-06 20:00"),
    )  # fmt: skip
    assert [p.id for p in dates_of(one, FIRST, LAST)] == ["toml:linde/a/2"]
    off = production("toml:linde/b", "B", performance("toml:linde/b/1", status=Status.CANCELLED))
    assert choose(catalogue(one, off), SITE, FIRST, LAST, (), {}) == (one,)
    with pytest.raises(Refused):
        choose(catalogue(one, off), SITE, FIRST, LAST, ("toml:linde/b",), {})


def test_a_newsletter_is_a_block_that_a_mail_program_shows(linde: Shop) -> None:
    folder = exported(linde, "newsletter")
    block = (folder / "newsletter.html").read_text("utf-8")
    assert "<html" not in block and "<script" not in block and "<style" not in block and " class=" not in block
    assert (
        'href="https://linde.example/programma/winterreis/"' in block
        and "https://linde.example/assets/pictures/" in block
    )
    assert ".jpg" in block and 'alt="Een man in de sneeuw."' in block
    cells = block.split("<td")[1:]
    assert all("bgcolor=" in cell.split(">")[0] and "background-color:" in cell.split(">")[0] for cell in cells)
    text = (folder / "newsletter.txt").read_text("utf-8")
    assert (
        "WINTERREIS\nza 12 dec, 20:00 · De Linde, Oosterlo · €\u00a018" in text
        and "https://linde.example/agenda/" in text
    )


def test_a_newsletter_speaks_only_what_the_site_speaks(linde: Shop) -> None:
    report = linde.run("export", "newsletter", "--site", "linde", "--language", "fr", status=1)
    assert "nl" in report["trouble"][0]
