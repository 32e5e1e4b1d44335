"""The picture that goes with a shared link: the right words, in the house's look, made once."""

import io
from collections import Counter
from datetime import date
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from etalage.catalogue.harvest import stamp
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.picture import PictureFile, Rendition, shelf
from etalage.model.programme import Kind, Picture, Status
from etalage.model.site import Sharing, Site, SiteKind
from plugins.agenda.speech import Speech
from plugins.pictures import Album
from plugins.sharing import hang, tidy
from plugins.sharing.drawing import draw
from plugins.sharing.letters import Face, fitted, wrap
from plugins.sharing.posters import Words, can_set, look_of, words_of
from tests.make import ZAAL, house, performance, production

THEMES = Path(__file__).parents[2] / "themes"
SITE = Site(
    id="linde",
    kind=SiteKind.HOUSE,
    name={"nl": "CC De Linde"},
    languages=("nl", "fr"),
    houses=("linde",),
    url="https://linde.example",
)
TODAY = date(2026, 11, 21)
STAMP = "0123456789abcdef"


def catalogue(*productions):
    entries = {one.id: Entry(production=one, stamp=stamp(one)) for one in productions}
    return Catalogue(entries=entries, venues={ZAAL.id: ZAAL}, houses={"linde": house()})


@pytest.fixture
def wall(tmp_path):
    """A function that hangs the pictures of a site, and what was drawn anew."""
    drawn = Counter()

    def hung(*productions, site=SITE, album=None, today=TODAY):
        before = set((tmp_path / "kept").glob("*.jpg"))
        found = hang(
            catalogue(*productions),
            site,
            today,
            album or Album({}, tmp_path),
            THEMES,
            tmp_path / "kept",
            tmp_path / "out",
            lambda *_: None,
        )
        tidy(found, tmp_path / "kept", tmp_path / "out")
        drawn["new"] = len(set((tmp_path / "kept").glob("*.jpg")) - before)
        return found

    hung.drawn, hung.folder = drawn, tmp_path
    return hung


def test_each_production_to_come_has_one_per_language_and_the_site_has_one(wall):
    found = wall(
        production("toml:linde/a"),
        production("toml:linde/oud", "Oud", "2026-11-01 20:00"),
        production("toml:linde/weg", removed=True),
    )
    assert set(found) == {("", "nl"), ("", "fr"), ("toml:linde/a", "nl"), ("toml:linde/a", "fr")}
    one = found["toml:linde/a", "nl"]
    with Image.open(wall.folder / "out" / one.url) as image:
        assert image.size == (one.width, one.height) == (1200, 630) and image.format == "JPEG"
    assert one.alt == "Winterreis, zaterdag 5 december, 20:00, Linde"


def test_what_did_not_change_is_not_drawn_again_and_what_is_gone_goes(wall):
    wall(production("toml:linde/a"), production("toml:linde/b", "Quiz"))
    wall(production("toml:linde/a"), production("toml:linde/b", "Quiz"), today=date(2026, 11, 25))
    assert wall.drawn["new"] == 0
    found = wall(production("toml:linde/a", "Zomerreis"))
    assert wall.drawn["new"] == 2
    files = {path.name for path in (wall.folder / "out" / "assets" / "share").iterdir()}
    assert (
        files
        == {shared.url.rpartition("/")[2] for shared in found.values()}
        == {p.name for p in (wall.folder / "kept").iterdir()}
    )


def test_a_house_that_wants_none_has_none(wall):
    site = msgspec.structs.replace(SITE, sharing=Sharing(pictures=False))
    assert wall(production("toml:linde/a"), site=site) == {} and not (wall.folder / "out").exists()


def test_the_productions_picture_is_beside_the_words(wall, tmp_path):
    folder = tmp_path / shelf(STAMP)
    folder.mkdir(parents=True)
    Image.new("RGB", (1200, 630), "#ff0000").save(folder / "x.jpg")
    file = PictureFile("x.jpg", "jpeg", 1200, 630, 1)
    album = Album(
        {"a.jpg": Rendition(stamp=STAMP, colour="#ff0000", width=1200, height=630, crops={"share": (file,)})}, tmp_path
    )
    found = wall(production("toml:linde/a", pictures=(Picture(src="a.jpg"),)), album=album)
    with Image.open(wall.folder / "out" / found["toml:linde/a", "nl"].url) as image:
        red, green, blue = image.convert("RGB").getpixel((1000, 300))
    assert red > 240 and green < 15 and blue < 15


@pytest.mark.parametrize(
    ("dates", "more", "says"),
    [
        (("2026-12-05 20:00",), {}, "zaterdag 5 december, 20:00"),
        (("2026-12-05 20:00", "2027-01-09 20:00"), {}, "za 5 dec tot en met za 9 jan"),
        ((performance("x", timed=False),), {}, "zaterdag 5 december"),
        ((performance("x", status=Status.CANCELLED),), {}, ""),
        ((), {"kind": Kind.EXPO, "opens": date(2026, 12, 1), "closes": date(2027, 2, 1), "performances": ()}, "di 1 dec tot en met ma 1 feb"),
    ],
)  # fmt: skip
def test_it_says_when_without_knowing_today(dates, more, says):
    one = production("toml:linde/a", "Winterreis", *dates, **more)
    assert words_of(one, catalogue(one), Speech("nl", ("nl",), THEMES / "base" / "translations")).when == says


def test_a_long_title_gets_smaller_and_then_ends_with_a_sign():
    files = [Path(file) for file in look_of(THEMES, "meerstoel").display]
    small, lines = fitted("Een lange titel over van alles en nog wat meer", files, (90, 60, 40), (500, 200), 1.1)
    assert small.size == 60 and len(lines) == 2
    tiny, cut = fitted("woord " * 60, files, (90, 60, 40), (500, 200), 1.1)
    assert tiny.size == 40 and len(cut) == 4 and cut[-1].endswith("…")
    assert all(tiny.width(line) <= 500 for line in cut)


def test_lines_are_as_even_as_they_can_be():
    face = Face([Path(file) for file in look_of(THEMES, "base").display], 60, 700)
    assert wrap("Kleine geschiedenis van grote plannen", face, 900) == ["Kleine geschiedenis", "van grote plannen"]


def test_letters_beyond_western_europe_come_from_the_second_file():
    face = Face([Path(file) for file in look_of(THEMES, "meerstoel").display], 60, 700)
    assert [run for _, run in face.runs("Dvořák")] == ["Dvo", "ř", "ák"]
    assert face.known("Feest 🎉!") == "Feest !"
    assert can_set("Škola łąk – 1984!") and not can_set("Ταξίδι")


@pytest.mark.parametrize("title", ["", "🎉", "x" * 400, "\u202eomgekeerd", "a\u0301" * 30])
def test_any_title_can_be_drawn(title):
    with Image.open(io.BytesIO(draw(Words(title), look_of(THEMES, "foelie"), None))) as image:
        assert image.size == (1200, 630)


def test_its_colours_are_the_houses():
    with Image.open(io.BytesIO(draw(Words("A"), look_of(THEMES, "klokzeel"), None))) as image:
        red, green, blue = image.convert("RGB").getpixel((600, 600))
    assert abs(red - 0xFF) < 8 and abs(green - 0xC9) < 8 and abs(blue - 0x33) < 8


def test_the_same_picture_is_the_same_file_whoever_draws_it():
    look, words = look_of(THEMES, "foelie"), Words("Sel", "Oriane Delbruyelle", "za 5 dec", "Foelie")
    assert draw(words, look, None) == draw(words, look, None)
