"""What the houses export is read back as the season meant it, and the staff's own texts fit on it."""

import shutil
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from demo import region
from demo.__main__ import main
from demo.season import HOUSES, announcements
from etalage import wiring
from etalage.config import Settings, Workspace, load
from etalage.model.programme import Production
from etalage.model.record import Changes
from etalage.season import Season

SUNDAY = date(2026, 11, 22)
NOON = datetime.fromisoformat("2026-11-22T12:00:00+01:00")
ICAL_ONLY = {"verenigingen"}
TOLD = (
    "title", "kind", "summary", "genres", "company", "languages", "surtitles", "age_min", "age_max", "duration", "interval",
    "facts", "credits", "pictures", "press", "videos", "opens", "closes", "openings", "uitpas", "keys", "tags",
)  # fmt: skip
CSV_LACKS = {"credits", "press", "videos", "surtitles", "tags", "keys"}
DATED = ("start", "end", "timed", "doors", "hall", "status", "previous_start", "note", "prices", "stock", "seated", "sale_from", "online_url", "facilities")  # fmt: skip
CSV_DATES_LACK = {"doors", "status", "note", "seated", "sale_from"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("region")
    shutil.copytree(region.SETTINGS, root / "content", ignore=shutil.ignore_patterns("source", "generated"))
    list(region.write(root / "content", SUNDAY))
    return load(Workspace.at(root))


@pytest.fixture(scope="module")
def read(settings: Settings) -> Mapping[str, Changes]:
    return {
        source.id: wiring.source(source, house, SUNDAY).changes_since(None)
        for house in settings.houses.values()
        for source in house.sources
    }


def test_the_exports_are_read_without_a_complaint(read: Mapping[str, Changes]) -> None:
    assert [problem for changes in read.values() for problem in changes.problems] == []


@pytest.mark.parametrize(
    ("source", "house"), [("toml:meerstoel", "meerstoel"), ("csv:klokzeel", "klokzeel"), ("json:foelie", "foelie")]
)
def test_what_is_read_is_what_was_meant(read: Mapping[str, Changes], source: str, house: str) -> None:
    meant = {
        f"{source}/{one.production.id}": one.production
        for one in announcements(house, SUNDAY)
        if one.file not in ICAL_ONLY
    }
    found = {record.production.id: record.production for record in read[source].records}
    assert found.keys() == meant.keys()
    csv = source.startswith("csv")
    for identity, it in meant.items():
        for field in TOLD:
            if not (csv and field in CSV_LACKS):
                assert getattr(found[identity], field) == getattr(it, field), (identity, field)
        assert_dates(found[identity], it, CSV_DATES_LACK if csv else set())


def assert_dates(found: Production, meant: Production, lacks: set[str]) -> None:
    assert len(found.performances) == len(meant.performances)
    for read_back, performance in zip(
        found.performances, sorted(meant.performances, key=lambda p: p.start), strict=True
    ):
        assert read_back.id == f"{found.id}/{performance.id}"
        for field in DATED:
            if field == "prices" and lacks:
                assert [p.amount for p in read_back.prices] == [p.amount for p in performance.prices]
            elif field not in lacks:
                assert getattr(read_back, field) == getattr(performance, field), (read_back.id, field)


def test_the_associations_calendar_has_every_date_also_what_repeats(read: Mapping[str, Changes]) -> None:
    found = {r.production.title["nl"]: r.production for r in read["icalendar:klokzeel.verenigingen"].records}
    for one in announcements("klokzeel", SUNDAY):
        if one.file in ICAL_ONLY:
            starts = [performance.start for performance in one.production.performances]
            assert [performance.start for performance in found[one.production.title["nl"]].performances] == starts


def test_excel_in_flanders_wrote_the_csv() -> None:
    data = region.exports(SUNDAY)["klokzeel/source/programma.csv"]
    heading, first, *_ = data.decode("cp1252").split("\r\n")
    assert heading.startswith("Productie;Nr;Titel;")
    assert ";20u00;" in first
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_what_two_houses_present_together_is_one_entry(settings: Settings) -> None:
    season = Season(settings, NOON)
    season.fetch(tuple(settings.houses))
    catalogue = season.catalogue()
    shared = {
        entry.production.title["nl"]: entry.production.houses
        for entry in catalogue.entries.values()
        if len(entry.production.houses) > 1
    }
    assert shared == {
        "Het graan en de nacht": ("klokzeel", "meerstoel"),
        "Zeshonderd spiegels": ("foelie", "meerstoel"),
    }
    assert [problem for problem in season.problems if problem.code != "overlay_changed"] == []


def test_every_overlay_finds_its_production(settings: Settings) -> None:
    season = Season(settings, NOON)
    season.fetch(tuple(settings.houses))
    catalogue = season.catalogue()
    overlays = [one for house in settings.houses for one in season.editorial.overlays(house)[0]]
    known = catalogue.entries.keys() | catalogue.aliases.keys()
    assert len(overlays) >= 10
    assert {one.production for one in overlays} <= known


@pytest.mark.parametrize("site", [*HOUSES, "langsdeelve"])
def test_every_site_has_its_pages_in_its_languages(settings: Settings, site: str) -> None:
    season = Season(settings, NOON)
    texts = {text.id: text for text in season.texts(site)}
    assert {"toegankelijkheid", "privacy", "uitpas"} < texts.keys()
    for text in texts.values():
        assert set(settings.site(site).languages) <= set(text.body), text.id
        assert "{" not in "".join(text.body.values())


def test_files_are_written_only_when_their_bytes_differ(tmp_path: Path) -> None:
    assert len(list(region.write(tmp_path, SUNDAY))) == 4
    assert list(region.write(tmp_path, SUNDAY)) == []
    assert list(region.write(tmp_path, SUNDAY + timedelta(days=1))) != []


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--now", "2026-11-22", "--content", str(tmp_path), "--no-pictures"]) == 0
    assert capsys.readouterr().out == "demo: 6 files written, 0 posters drawn, season of 2026-11-22\n"
