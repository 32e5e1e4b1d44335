"""What makes a site an app: its worker, its manifest, its icons."""

import io
import json

import pytest
from PIL import Image

from plugins import assets
from plugins.assets import icons
from plugins.offline import worker
from tests.functions.conftest import HOUSE, ROWS
from tests.shop import Shop
from tests.theme.conftest import THEMES


@pytest.fixture
def linde(shop: Shop) -> Shop:
    shop.house("linde", HOUSE, programma__csv=ROWS)
    shop.build()
    return shop


def shell(shop: Shop) -> dict:
    first = shop.page("linde/sw.js").partition("\n")[0]
    return json.loads(first.removeprefix("const SHELL = ").removesuffix(";"))


def test_the_worker_keeps_what_every_page_asks_for(linde: Shop) -> None:
    made = shell(linde)
    for path in made["assets"]:
        assert (linde.output / "linde" / path).is_file(), path
    for path in [path for language in made["languages"] for path in language["pages"]]:
        assert (linde.output / "linde" / path / "index.html").is_file(), path
    home = linde.page("linde/index.html")
    asked = [part.partition('"')[0] for part in home.split('="./assets/')[1:]]
    wanted = {f"assets/{name.partition('#')[0]}" for name in asked if not name.endswith(".png")}
    assert wanted <= set(made["assets"])


def test_the_worker_changes_with_the_look_and_with_nothing_else(linde: Shop) -> None:
    before = linde.page("linde/sw.js")
    linde.house("linde", HOUSE, programma__csv=ROWS.replace("Winterreis", "De winterreis"))
    report = linde.build()
    assert "sw.js" not in report["sites"]["linde"]["changed"] and linde.page("linde/sw.js") == before


def test_a_house_that_wants_no_worker_ships_one_that_goes(linde: Shop) -> None:
    linde.house("linde", "offline = false\n" + HOUSE, programma__csv=ROWS)
    linde.build()
    assert linde.page("linde/sw.js") == (THEMES / worker.FOLDER / "gone.js").read_text("utf-8")
    for name in ("manifest.webmanifest", "offline/index.html"):
        assert not (linde.output / "linde" / name).exists()
    assert "manifest" not in linde.page("linde/index.html")


def test_a_house_without_wishlists_has_no_page_of_them(linde: Shop) -> None:
    linde.house("linde", "wishlist = false\n" + HOUSE, programma__csv=ROWS)
    linde.build()
    for name in ("verlanglijst", "shelf.json", "frame.tpl"):
        assert not (linde.output / "linde" / name).exists()
    assert "verlanglijst/" not in [path for language in shell(linde)["languages"] for path in language["pages"]]


def test_a_second_build_writes_nothing(linde: Shop) -> None:
    before = {path: path.stat().st_mtime_ns for path in linde.output.rglob("*") if path.is_file()}
    assert linde.build()["sites"]["linde"]["written"] == 0
    assert {path: path.stat().st_mtime_ns for path in linde.output.rglob("*") if path.is_file()} == before


def test_icons_have_their_sizes_and_the_houses_colours(tmp_path) -> None:
    files = assets.prepare(THEMES, "foelie", tmp_path)
    for name, (size, _) in icons.SIZES.items():
        image = Image.open(tmp_path / files[name])
        assert image.size == (size, size)
        assert image.convert("RGB").getpixel((1, 1)) == (0x0B, 0x0B, 0x0D)  # the ground of Foelie's icon.svg
    assert "icon-192.png" not in assets.prepare(THEMES, "foelie", tmp_path, home_screen=False)


def test_an_icon_may_be_cut_to_a_circle() -> None:
    """W3C: only the middle circle, four fifths of the width, is sure to be seen."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#000" d="M0 0h32v32H0z"/><path fill="#fff" d="M2 2l28 0v28L2 30z"/></svg>'
    cut = Image.open(io.BytesIO(icons.draw(svg, 512, 0.8))).convert("L")
    assert cut.getpixel((60, 256)) == 0 and cut.getpixel((80, 256)) == 255
