"""docs/reference/sources.md says what the sources do: its examples are read, its fields are those there are."""

import json
import re
import tomllib
from pathlib import Path

from etalage.adapters import _fields
from etalage.adapters.icalendar_event_source import CalendarSettings
from etalage.adapters.json_event_source import JsonEventSource, JsonSettings
from etalage.adapters.toml_event_source import TomlEventSource
from etalage.adapters.xlsx_event_source import WorkbookSettings
from etalage.model.programme import FACTS
from tests.adapters.file_lab import read

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "sources.md").read_text("utf-8")


def example(heading: str) -> str:
    """The first TOML example under a heading."""
    return PAGE.partition(f"# {heading}\n")[2].partition("```toml\n")[2].partition("```")[0]


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    table = PAGE.partition(f"# {heading}\n")[2].partition("\n|")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_the_programme_in_toml_is_read(tmp_path):
    changes = read(TomlEventSource, tmp_path, example("TOML").encode())
    assert not changes.problems
    (record,) = changes.records
    assert [one.id for one in record.production.performances] == ["x:lab/winterreis/opening", "x:lab/winterreis/2"]
    assert [price.amount.cents for price in record.production.performances[1].prices] == [1800, 360]


def test_the_mapping_is_read(tmp_path):
    (table,) = tomllib.loads(example("JSON through a mapping"))["sources"]
    item = {
        "code": "a", "naam": {"nl": "Reis"}, "reeks": {"naam": "Winter"}, "vorm": "live", "team": [{"wat": "zang", "wie": "Bo"}],
        "foto": {"groot": "https://foto.example/1.jpg", "alt": "Sneeuw"}, "regie": "Els", "zaal": "Foyer", "rolstoel": True,
        "plek": {"naam": "Kouter", "straat": "Kouter", "nr": 1, "stad": "Gent"},
        "dates": [{"id": "d1", "begin": "2027-01-12T20:15", "prijzen": [{"bedrag": "18", "naam": "Basis"}]}],
    }  # fmt: skip
    changes = read(
        JsonEventSource, tmp_path, json.dumps({"data": {"events": [item]}}).encode(), mapping=table["mapping"]
    )
    assert not changes.problems
    it = changes.records[0].production
    assert (it.title, it.subtitle, it.credits[0].name) == ({"nl": "Reis"}, {"nl": "Winter"}, "Bo")
    (one,) = it.performances
    assert (one.id, one.hall, one.prices[0].amount.cents, one.facilities) == (
        "x:lab/a/d1",
        "Foyer",
        1800,
        ("wheelchair",),
    )
    assert changes.records[0].venues[0].street == "Kouter 1"


def test_every_field_and_every_name_for_it_stands_there():
    written = {name for part in ("Of a production", "Of a performance") for row in rows(part) for name in names(row)}
    assert {name for name in written if _fields.field_of(name) == ("", "")} == {"facts by name"}
    in_prose = {"production", "photo_alt", "photo_credit", "age_min", "age_max", "facts"}
    assert {field for field in _fields.FIELD_OF.values() if "." not in field} - written <= in_prose


def names(row: list[str]) -> list[str]:
    """The names in the first two cells of a row."""
    return [name.strip() for cell in row[:2] for name in re.split(r"[,;]", cell.replace("`", "")) if name.strip()]


def test_every_fact_that_a_page_shows_has_a_column():
    assert {fact for facts in FACTS.values() for fact in facts} == {
        field.removeprefix("facts.") for field in _fields.FIELD_OF.values() if field.startswith("facts.")
    }


def test_every_setting_stands_there():
    written = {
        name
        for row in PAGE.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`\[?(?:sources\.)?([a-z_]+)\]?`", row.split("|")[1])
    }
    for settings in (WorkbookSettings, CalendarSettings, JsonSettings):
        assert set(settings.__struct_fields__) <= written
