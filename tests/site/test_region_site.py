"""The whole demo as a machine reads it: links, JSON-LD, feeds, calendars, valid HTML; and building it again."""

import re
from pathlib import Path

import feedparser
import icalendar
import pytest

import sitecheck
from commands.office import SERVED
from tests.conftest import with_posters
from tests.shop import ROOT, Shop
from tools import nu

SITES = ("meerstoel", "klokzeel", "foelie", "langsdeelve")


def test_every_link_json_ld_feed_and_calendar_is_right(golden_region: Shop) -> None:
    report = golden_region.run("check", status=None)
    assert report["trouble"] == []


def test_the_check_would_have_found_something(golden_region: Shop, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(golden_region.output / "klokzeel", tmp_path / "klokzeel")
    page = tmp_path / "klokzeel" / "index.html"
    page.write_text(page.read_text().replace('id="main"', 'id="elders"'))
    assert any(
        problem.file == "klokzeel/index.html"
        for problem in sitecheck.check(tmp_path, {golden_region.url.format(site="klokzeel"): "klokzeel"}, served=SERVED)
    )


@pytest.mark.skipif(nu.is_switched_off(), reason="ETALAGE_NO_NU=1")
@pytest.mark.timeout(300)
def test_every_page_is_valid_html(golden_region: Shop) -> None:
    findings = nu.validate(golden_region.output)
    assert findings == [], "\n".join(map(str, findings[:20]))


@pytest.mark.parametrize("site", SITES)
def test_feeds_can_be_read(golden_region: Shop, site: str) -> None:
    feeds = list((golden_region.output / site).rglob("feed.xml"))
    assert feeds
    for path in feeds:
        feed = feedparser.parse(path.read_bytes())
        assert feed.bozo == 0 and (feed.entries or path.parent.name not in (site, "fr", "en"))  # a list may be empty
        assert all(entry.id and entry.link.startswith("http") and entry.updated for entry in feed.entries)
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)


@pytest.mark.parametrize("site", SITES)
def test_calendars_can_be_read_and_name_each_date_once(golden_region: Shop, site: str) -> None:
    for path in (golden_region.output / site).rglob("*.ics"):
        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        events = calendar.walk("VEVENT")
        assert events or calendar.walk("VTIMEZONE"), path  # a list that is empty for now can be followed too
        assert len({str(event["UID"]) for event in events}) == len(events)
        assert not calendar.errors


def test_the_region_has_every_kind_of_page_in_every_language(golden_region: Shop) -> None:
    for site, languages in (("foelie", ("", "fr/", "en/")), ("langsdeelve", ("", "fr/")), ("meerstoel", ("",))):
        for prefix in languages:
            assert (golden_region.output / site / prefix / "index.html").exists()
            assert (golden_region.output / site / prefix / "404.html").exists()


def test_building_again_writes_nothing(golden_region: Shop) -> None:
    before = golden_region.written()
    times = {p: p.stat().st_mtime_ns for p in golden_region.output.rglob("*") if p.is_file()}
    report = golden_region.build()
    assert all(site["written"] == 0 and site["drawn"] == 0 for site in report["sites"].values())
    assert times == {p: p.stat().st_mtime_ns for p in golden_region.output.rglob("*") if p.is_file()}
    assert golden_region.written() == before


def test_a_fresh_build_gives_the_same_bytes(golden_region: Shop, tmp_path: Path) -> None:
    other = Shop(tmp_path)
    import shutil

    shutil.copytree(golden_region.content, other.content)
    with_posters(other)
    other.build("--workers", "1")
    assert other.written() == golden_region.written()


def test_two_sites_can_be_built_side_by_side(golden_region: Shop, tmp_path: Path) -> None:
    import shutil
    from concurrent.futures import ThreadPoolExecutor

    other = Shop(tmp_path)
    shutil.copytree(golden_region.content, other.content)
    with_posters(other)
    other.run("fetch")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda site: other.build("--site", site, "--offline"), ("foelie", "klokzeel")))
    mine = {
        name: data for name, data in golden_region.written().items() if name.split("/")[0] in ("foelie", "klokzeel")
    }
    assert other.written() == mine


def test_no_page_names_another_machine(golden_region: Shop) -> None:
    """Everything a page loads is the site's own; links may lead elsewhere."""
    loads = re.compile(
        r'<(?:script|img|source|iframe|link rel="(?:stylesheet|icon|preload|modulepreload)")[^>]*?(?:src|href|srcset)="(https?:[^"]*)"'
    )
    found = {
        name: loads.findall(data.decode()) for name, data in golden_region.written().items() if name.endswith(".html")
    }
    assert not [pair for pair in found.items() if pair[1]]


def test_sites_stand_under_a_path_as_well_as_on_a_host(golden_region: Shop) -> None:
    rooted = re.compile(r'(?:href|src|action)="/(?!/)')
    for name, data in golden_region.written().items():
        if name.endswith(".html") and not name.endswith("404.html"):
            assert not rooted.search(data.decode()), name


def test_readme_and_docs_name_only_files_that_are_there() -> None:
    link = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in link.findall(page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
