"""Stories of a house that builds its site: a changed title, a feed that fails, a vanished date, a mistake in a file."""

import gzip
import os
import shutil
import subprocess
import sys

import brotli
import pytest

from tests.shop import ROOT, Shop

HOUSE = """
name = "De Linde"
url = "https://linde.example"

[[venues]]
id = "linde"
name = "De Linde"
street = "Kerkplein 1"
postal = "0410"
city = "Oosterlo"

[[sources]]
kind = "csv"
path = "source/programma.csv"
"""
HEAD = "id;titel;datum;uur;locatie;genre;prijs;beschrijving\n"


def rows(*lines: str) -> str:
    return HEAD + "\n".join(lines) + "\n"


WINTER = "winter;Winterreis;12/12/2026;20:00;De Linde;Klassiek;Basis 18;Schubert in de winter."
QUIZ = "quiz;Dorpsquiz;14/01/2027;19:30;De Linde;Feest;gratis;Met je buren."


@pytest.fixture
def linde(shop: Shop) -> Shop:
    shop.house("linde", HOUSE, programma__csv=rows(WINTER, QUIZ))
    shop.build()
    return shop


def test_a_changed_title_rewrites_only_the_pages_that_show_it(linde: Shop) -> None:
    before = linde.written()
    linde.house("linde", HOUSE, programma__csv=rows(WINTER.replace("Winterreis", "De winterreis"), QUIZ))
    report = linde.build()
    changed = set(report["sites"]["linde"]["changed"])
    assert "programma/winterreis/index.html" in changed
    assert "De winterreis" in linde.page("linde/programma/winterreis/index.html")
    changed = {name for name in changed if not name.startswith(("search/", "assets/share/"))}  # no text to look into
    before, after = (
        {name: content for name, content in written.items() if not {"search", "share"} & set(name.split("/"))}
        for written in (before, linde.written())
    )
    assert {name for name in before if before[name] != after[name]} == {f"linde/{name}" for name in changed}
    for name in changed - {"sitemap.xml"}:
        assert b"e winterreis" in after[f"linde/{name}"]
    assert "programma/dorpsquiz/index.html" not in changed


def test_an_empty_feed_keeps_the_last_good_agenda_and_says_so(linde: Shop) -> None:
    before = linde.written()
    linde.house("linde", HOUSE, programma__csv=HEAD)
    report = linde.build(status=1)
    assert "nothing any more" in report["trouble"][0] and "is used" in report["trouble"][0]
    assert linde.written() == before


@pytest.mark.parametrize("feed", [b"<!doctype html><html><body>502 Bad Gateway</body></html>", b"", b"\x00\x01\x02"])
def test_a_feed_that_is_no_feed_keeps_the_last_good_agenda(linde: Shop, feed: bytes) -> None:
    before = linde.written()
    linde.house("linde", HOUSE, programma__csv=feed)
    report = linde.build(status=1)
    assert report["trouble"] and linde.written() == before


def test_a_feed_that_is_not_there_keeps_the_last_good_agenda(linde: Shop) -> None:
    before = linde.written()
    (linde.content / "houses/linde/source/programma.csv").unlink()
    assert linde.build(status=1)["trouble"]
    assert linde.written() == before


def test_a_house_that_never_had_a_programme_is_not_published(shop: Shop) -> None:
    shop.house("linde", HOUSE, programma__csv=HEAD)
    report = shop.build(status=1)
    assert any("empty agenda" in sentence for sentence in report["trouble"])
    assert not (shop.output / "linde").exists()


def test_a_broken_row_is_reported_and_the_rest_is_built(linde: Shop) -> None:
    linde.house("linde", HOUSE, programma__csv=rows(WINTER, "x;;gisteren;99:99;De Linde;Feest;veel;Tekst", QUIZ))
    report = linde.build()
    problems = [problem for problem in report["problems"] if problem["weight"] == "record"]
    assert problems and all(problem["source"] == "csv:linde" and problem["reason"] for problem in problems)
    assert (linde.output / "linde/programma/dorpsquiz/index.html").exists()


def test_a_show_that_vanishes_keeps_a_page_that_says_so(linde: Shop) -> None:
    linde.house("linde", HOUSE, programma__csv=rows(WINTER))
    report = linde.build()
    assert not report["trouble"]
    page = linde.page("linde/programma/dorpsquiz/index.html")
    assert "niet meer op het programma" in page and "noindex" in page
    assert "Dorpsquiz" not in linde.page("linde/agenda/index.html")


def test_the_day_after_yesterdays_show_is_over(linde: Shop) -> None:
    later = Shop(linde.folder, now="2026-12-13")
    report = later.build()
    assert "programma/winterreis/index.html" in report["sites"]["linde"]["changed"]
    assert "programma/dorpsquiz/index.html" not in report["sites"]["linde"]["changed"]
    assert "Winterreis" not in later.page("linde/agenda/index.html")


def test_staff_texts_and_overlays_reach_the_page_and_survive_the_import(linde: Shop) -> None:
    folder = linde.content / "houses/linde"
    (folder / "productions").mkdir()
    (folder / "productions/winter.md").write_text(
        "---\nproduction: csv:linde/winter\nage_min: 12\n---\nSoep na afloop.\n"
    )
    (folder / "pages").mkdir()
    (folder / "pages/bezoek.md").write_text("---\ntitle: Je bezoek\nmenu: true\n---\nWelkom.\n")
    linde.build()
    linde.house("linde", HOUSE, programma__csv=rows(WINTER.replace("20:00", "20:30"), QUIZ))
    linde.build()
    page = linde.page("linde/programma/winterreis/index.html")
    assert "Soep na afloop." in page and "20:30" in page and "vanaf 12 jaar" in page
    assert "Welkom." in linde.page("linde/bezoek/index.html") and "Je bezoek" in page


def test_source_date_epoch_is_the_day_when_now_is_not_given(shop: Shop) -> None:
    from datetime import UTC, datetime

    from etalage import config

    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime(2026, 12, 13, 12, tzinfo=UTC).timestamp()))
    try:
        assert str(config.moment_now(None).date()) == "2026-12-13"
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        (HOUSE.replace('name = "De Linde"\nurl', 'naam = "De Linde"\nurl'), "naam"),
        (HOUSE.replace('kind = "csv"', 'kind = "excel"'), "csv"),
        (HOUSE + "\n[merge]\norde = []\n", "orde"),
        ("name = 'x", "TOML"),
        (HOUSE + '\n[fields]\ntitle = "altijd"\n', "editor"),
        (HOUSE.replace("path =", "pad ="), "pad"),
    ],
)
def test_a_mistake_in_house_toml_says_what_and_where(shop: Shop, toml: str, says: str) -> None:
    shop.house("linde", toml, programma__csv=rows(WINTER))
    report = shop.build(status=None)
    assert report["ok"] is False
    assert says in " ".join(report["trouble"])


def test_an_unknown_site_is_refused_with_the_names_that_exist(linde: Shop) -> None:
    report = linde.build("--site", "lnde", status=2)
    assert "linde" in report["trouble"][0]


def test_hostile_texts_reach_no_page(shop: Shop) -> None:
    hostile = "boze;<script>alert(1)</script>\u202eTitel <b>x</b>;12/12/2026;20:00;De Linde;Feest;5;<p onclick=alert(1)>Ok</p><a href='javascript:alert(1)'>klik</a><script>alert(2)</script>"
    shop.house("linde", HOUSE, programma__csv=rows(hostile, "../../etc;Weg;12/12/2026;20:00;De Linde;Feest;5;x", QUIZ))
    report = shop.build()
    pages = b"".join(data for name, data in shop.written().items() if name.endswith(".html"))
    for evil in (b"alert(1)", b"alert(2)", b"onclick", b"javascript:", "\u202e".encode()):
        assert evil not in pages
    assert any(problem["code"] == "id_unsafe" for problem in report["problems"])
    assert all("linde" in name for name in shop.written())


def test_deploy_copies_what_changed_and_pages_last(linde: Shop) -> None:
    def deploy() -> str:
        line = [
            sys.executable,
            str(ROOT / "build.py"),
            "deploy",
            str(linde.folder / "www"),
            "--output",
            str(linde.output),
        ]
        return subprocess.run(line, capture_output=True, text=True, check=True).stdout

    assert "0 removed" in deploy()
    assert (linde.folder / "www/linde/index.html").read_bytes() == (linde.output / "linde/index.html").read_bytes()
    (linde.folder / "www/linde/oud.html").write_text("weg")
    assert deploy() == "linde: 0 files copied, 1 removed\n"


def test_doctor_says_what_is_wrong_with_a_source_and_what_to_do(linde: Shop) -> None:
    assert linde.run("doctor")["ok"]
    (linde.content / "houses/linde/source/programma.csv").unlink()
    report = linde.run("doctor", status=1)
    assert "programma.csv" in report["trouble"][0]


def test_deploy_lays_compressed_twins_beside_every_text(linde: Shop) -> None:
    line = [sys.executable, str(ROOT / "build.py"), "deploy", str(linde.folder / "www"), "--output", str(linde.output)]
    subprocess.run(line, capture_output=True, check=True)
    page = linde.folder / "www" / "linde" / "index.html"
    assert brotli.decompress((page.parent / "index.html.br").read_bytes()) == page.read_bytes()
    assert gzip.decompress((page.parent / "index.html.gz").read_bytes()) == page.read_bytes()
    assert not list(page.parent.glob("assets/*.woff2.*"))
    (linde.output / "linde" / "agenda.ics").unlink()
    subprocess.run(line, capture_output=True, check=True)
    assert not list(page.parent.glob("agenda.ics*"))


def test_a_look_that_cannot_be_read_is_not_built_and_doctor_says_which_colour(linde: Shop) -> None:
    before = linde.written()
    shutil.copytree(ROOT / "themes" / "base", linde.folder / "themes" / "base")
    (linde.folder / "themes" / "eik").mkdir()
    (linde.folder / "themes" / "eik" / "tokens.css").write_text(":root { --colour-ink-quiet: #bbbbbb; }")
    linde.house("linde", HOUSE.replace('url = "https', 'theme = "eik"\nurl = "https'))
    themes = ("--themes", str(linde.folder / "themes"))
    for command in ("build", "doctor", "check"):
        report = linde.run(command, *themes, status=1)
        assert "light: --colour-ink-quiet #bbbbbb on --colour-page #ffffff" in " ".join(report["trouble"]), command
    assert linde.written() == before


def test_a_site_brings_its_headers_for_hosts_of_files(linde: Shop) -> None:
    said = linde.page("linde/_headers")
    assert "Strict-Transport-Security" not in said, "this test's sites stand on plain http"
    assert "\n/programma/*\n  Content-Security-Policy: default-src 'none'" in said
    linde.build("--url", "https://www.stad.example/uit/{site}")
    said = linde.page("linde/_headers")
    assert "\n/uit/linde/programma/*\n" in said and "Strict-Transport-Security" in said
    assert '"/uit/linde/speculation-rules.json"' in said
    assert '"*"' in linde.page("linde/speculation-rules.json")
