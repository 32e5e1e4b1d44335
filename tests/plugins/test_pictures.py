"""Pictures in pages: what templates get, and what comes to be in a site's output."""

import os
import time
from pathlib import Path

import jinja2
import pytest
from pelican import Pelican
from pelican.settings import read_settings
from PIL import Image

from etalage.adapters.pillow_pictures import PillowPictures
from etalage.model.picture import Crop, Recipe
from etalage.model.programme import Picture
from plugins.pictures import Album, Gallery, add_pictures, picture_data, publishing, remove_pictures

FAST = Recipe(
    crops=(Crop("card", (3, 2), (40, 80)), Crop("wide", (16, 9), (80,)), Crop("share", (1200, 630), (1200,), choice=False)),
    avif_speed=10,
)  # fmt: skip
TEMPLATE = """
{%- for p in pictures %}{% set p = picture(p, "card", "25rem", ["nl"]) %}{% if p %}
<picture>
{%- for source in p.sources %}<source type="{{ source.type }}" srcset="{{ source.srcset(root) }}" sizes="{{ p.sizes }}">{% endfor -%}
<img src="{{ root }}{{ p.src }}" width="{{ p.width }}" height="{{ p.height }}" alt="{{ p.alt }}" lang="{{ p.language }}">
</picture>{% endif %}{% endfor %}"""


class Prepared:
    """Two pictures made ready, the second one with transparency."""

    def __init__(self, folder: Path) -> None:
        root = folder / "content"
        root.mkdir()
        Image.new("RGB", (120, 90), "#336699").save(root / "een.png")
        Image.new("RGBA", (120, 90), (200, 0, 0, 90)).save(root / "twee.png")
        self.pictures = [
            Picture(src="een.png", alt={"fr": "Une scène", "nl": 'Een "podium" <hier>'}, credit="A. Foto"),
            Picture(src="twee.png", alt={"fr": "Un logo"}),
        ]
        self.kept = folder / "var"
        self.found, self.problems = PillowPictures(self.kept, recipe=FAST).prepare(self.pictures, root)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    prepared = Prepared(tmp_path_factory.mktemp("pictures"))
    assert not prepared.problems
    return prepared


# --- what templates get --------------------------------------------------------------------------------------------


def test_a_template_gets_all_it_needs(prepared):
    stamp = prepared.found["een.png"].stamp
    data = Gallery(prepared.found).picture(prepared.pictures[0], "card", "25rem", ["nl", "fr"])
    assert [source.type for source in data.sources] == ["image/avif", "image/webp"]
    assert data.sources[0].srcset("../") == (
        f"../assets/pictures/{stamp}-card-40.avif 40w, ../assets/pictures/{stamp}-card-80.avif 80w"
    )
    assert data.src == f"assets/pictures/{stamp}-card-80.jpg"
    assert (data.width, data.height, data.colour) == (80, 53, "#336699")
    assert (data.alt, data.language, data.credit, data.sizes) == (
        'Een "podium" <hier>',
        "nl",
        "A. Foto",
        "25rem",
    )
    assert data.share == f"assets/pictures/{stamp}-share-120.jpg"
    assert (data.share_width, data.share_height) == (120, 63)


def test_a_picture_that_shines_through_has_no_colour_behind_it(prepared):
    data = Gallery(prepared.found).picture(prepared.pictures[1], "wide", languages=["nl", "fr"])
    assert data.colour == ""
    assert data.src.endswith("-wide-80.png")
    assert (data.alt, data.language) == ("Un logo", "fr")


def test_a_picture_that_was_not_made_ready_is_none(prepared):
    assert Gallery(prepared.found).picture(Picture(src="weg.jpg")) is None


def test_markup_is_whole_and_escaped(prepared):
    env = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    env.globals["picture"] = Gallery(prepared.found).picture
    pictures = [*prepared.pictures, Picture(src="weg.jpg")]
    page = env.from_string(TEMPLATE).render(pictures=pictures, root="../../")
    assert page.count("<picture>") == 2
    assert "&lt;hier&gt;" in page
    assert 'srcset="../../assets/pictures/' in page


def test_asking_ten_thousand_times_is_cheap(prepared):
    """Measured at 1.5 µs; the limit leaves room for a machine that is busy."""
    rendition = prepared.found["een.png"]
    picture_data(rendition, "card")
    start = time.process_time()
    for _ in range(10_000):
        picture_data(rendition, "card", "25rem", "alt", "nl")
    assert time.process_time() - start < 0.2


# --- what comes to be in output --------------------------------------------------------------------------------------


def names(folder):
    return {path.name for path in folder.iterdir()}


def listing(output):
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (output / "assets/pictures").iterdir()}


def test_a_site_has_its_files_and_a_second_time_nothing_is_written(prepared, tmp_path):
    count = add_pictures(prepared.found.values(), prepared.kept, tmp_path)
    before = listing(tmp_path)
    assert count == len(before) > 10
    assert all((tmp_path / "assets/pictures" / name).stat().st_nlink > 1 for name in before)
    assert add_pictures(prepared.found.values(), prepared.kept, tmp_path) == 0
    assert listing(tmp_path) == before


def test_pictures_that_no_page_shows_go_and_what_is_not_ours_stays(prepared, tmp_path):
    add_pictures(prepared.found.values(), prepared.kept, tmp_path)
    (tmp_path / "assets/pictures/logo.svg").write_text("staff's own")
    kept = prepared.found["een.png"]
    assert remove_pictures([kept], tmp_path) > 5
    assert {name[:16] for name in listing(tmp_path)} == {kept.stamp, "logo.svg"}
    assert remove_pictures([kept], tmp_path) == 0
    assert all((prepared.kept / f"{r.stamp[:2]}/{r.stamp}").is_dir() for r in prepared.found.values())


def test_where_links_cannot_go_files_are_copied(prepared, tmp_path, monkeypatch):
    def another_disk(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(publishing.os, "link", another_disk)
    count = add_pictures(prepared.found.values(), prepared.kept, tmp_path)
    assert count == len(listing(tmp_path))
    assert all((tmp_path / "assets/pictures" / name).stat().st_nlink == 1 for name in listing(tmp_path))


def test_two_that_publish_at_once_do_no_harm(prepared, tmp_path, monkeypatch):
    """The other one was here between our look and our link."""
    real = os.link

    def late(source, target):
        real(source, target)
        real(source, target)

    monkeypatch.setattr(publishing.os, "link", late)
    assert add_pictures(prepared.found.values(), prepared.kept, tmp_path) == len(listing(tmp_path))


# --- in Pelican ----------------------------------------------------------------------------------------------------


@pytest.fixture
def build(tmp_path, prepared):
    """Build a site of one page with the plugin; give its page and its pictures."""

    def build(album):
        (tmp_path / "content").mkdir(exist_ok=True)
        (tmp_path / "theme/templates").mkdir(parents=True, exist_ok=True)
        (tmp_path / "theme/templates/index.html").write_text(TEMPLATE, encoding="utf-8")
        override = {
            "PATH": str(tmp_path / "content"), "OUTPUT_PATH": str(tmp_path / "output"), "THEME": str(tmp_path / "theme"),
            "THEME_STATIC_PATHS": [], "DIRECT_TEMPLATES": ["index"], "PLUGINS": ["plugins.pictures"], "SITEURL": "",
            "JINJA_ENVIRONMENT": {"undefined": jinja2.StrictUndefined, "autoescape": True}, "FEED_ALL_ATOM": None,
            "JINJA_GLOBALS": {"pictures": prepared.pictures, "root": ""}, "ETALAGE_PICTURES": album, "AUTHOR_SAVE_AS": "",
            "CATEGORY_FEED_ATOM": None, "TRANSLATION_FEED_ATOM": None, "TAG_SAVE_AS": "", "CATEGORY_SAVE_AS": "",
        }  # fmt: skip
        Pelican(read_settings(override=override)).run()
        return (tmp_path / "output/index.html").read_text("utf-8"), tmp_path / "output/assets/pictures"

    return build


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_site_built_by_pelican_shows_its_pictures(build, prepared):
    page, folder = build(Album(prepared.found, prepared.kept))
    assert page.count("<picture>") == 2
    named = {
        part.split()[0].rpartition("/")[2]
        for part in page.split('"')
        for part in part.split(", ")
        if part.startswith("assets/")
    }
    assert named <= names(folder)
    del_one = {"een.png": prepared.found["een.png"]}
    page, folder = build(Album(del_one, prepared.kept))
    assert page.count("<picture>") == 1
    assert {name[:16] for name in names(folder)} == {prepared.found["een.png"].stamp}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_site_without_an_album_shows_no_pictures_and_removes_none(build, prepared):
    _, folder = build(Album(prepared.found, prepared.kept))
    before = names(folder)
    page, folder = build(None)
    assert "<picture>" not in page
    assert names(folder) == before
