"""The index on disk: small pieces, named by their content, written only when what can be found changes."""

import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from plugins.search.drawer import TOGETHER
from plugins.search.encoding import LARGEST
from tests.shop import Shop
from tests.site.test_building import HEAD, HOUSE, QUIZ, WINTER, rows


@pytest.fixture
def linde(shop: Shop) -> Shop:
    shop.house("linde", HOUSE, programma__csv=rows(WINTER, QUIZ))
    shop.build()
    return shop


def index(shop: Shop) -> dict[str, bytes]:
    return {name: content for name, content in shop.written().items() if name.startswith("linde/search/")}


def text_of(shop: Shop) -> str:
    pieces = [content for name, content in index(shop).items() if name.endswith(".bin")]
    return " ".join(zlib.decompress(piece, -15).decode("utf-8", "replace") for piece in pieces)


def test_nothing_new_writes_nothing(linde: Shop) -> None:
    before = index(linde)
    assert before and linde.build()["sites"]["linde"]["written"] == 0
    assert index(linde) == before


def test_a_changed_title_is_found_under_its_new_words_and_the_former_pieces_go(linde: Shop) -> None:
    before = index(linde)
    linde.house("linde", HOUSE, programma__csv=rows(WINTER, QUIZ.replace("Dorpsquiz", "Grote pubquiz")))
    report = linde.build()
    assert "Grote pubquiz" in text_of(linde) and "Dorpsquiz" not in text_of(linde)
    manifest = msgspec.json.decode(index(linde)["linde/search/nl/index.json"])
    lists = [manifest["cards"], *(manifest[kind]["names"] for kind in ("terms", "forward", "backward"))]
    there = {Path(name).stem.partition("-")[0] for name in index(linde)} - {"index"}
    assert there == {Path(manifest[alone]).stem for alone in ("dates", "facts")} | {
        name for names in lists for name in names
    }
    assert changed(linde, report) == {name for name, content in index(linde).items() if before.get(name) != content}


def changed(shop: Shop, report: dict[str, Any]) -> set[str]:
    return {f"linde/{name}" for name in report["sites"]["linde"]["changed"] if name.startswith("search/")} & {
        *index(shop)
    }


def test_another_price_writes_its_card_with_the_neighbours_of_that_and_no_words(shop: Shop) -> None:
    shop.house("linde", HOUSE, programma__csv=season(300))
    shop.build()
    before = index(shop)
    shop.house("linde", HOUSE, programma__csv=season(300).replace("Basis 18", "Basis 21", 1))
    written = changed(shop, shop.build())
    manifest = msgspec.json.decode(index(shop)["linde/search/nl/index.json"])
    cards = {name for name in written if Path(name).stem.partition("-")[0] in manifest["cards"]}
    assert written - cards == {"linde/search/nl/index.json", f"linde/search/nl/{manifest['facts']}"}
    assert len(cards) == TOGETHER and not cards & before.keys(), "a browser must not take a former card for a new one"


def test_what_is_over_can_no_longer_be_found(linde: Shop) -> None:
    assert "Winterreis" in text_of(linde)
    Shop(linde.folder, now="2026-12-20").build()
    assert "Winterreis" not in text_of(linde) and "Dorpsquiz" in text_of(linde)


def test_a_house_may_do_without(linde: Shop) -> None:
    linde.house("linde", HOUSE.replace('name = "De Linde"\nurl', 'name = "De Linde"\nsearch = false\nurl', 1))
    linde.build()
    assert not index(linde) and not list((linde.folder / "var" / "search" / "linde").glob("*"))


def season(size: int) -> str:
    return HEAD + "\n".join(
        f"v{n};Titel{n} van {n * 7};{n % 28 + 1:02}/01/2027;20:00;De Linde;Klassiek;Basis 18;Woorden{n} over iets{n % 50} en meer."
        for n in range(size)
    )


def test_pieces_stay_small(shop: Shop) -> None:
    shop.house("linde", HOUSE, programma__csv=season(1200))
    shop.build()
    pieces = [zlib.decompress(content, -15) for name, content in index(shop).items() if name.endswith(".bin")]
    assert len(pieces) > 60 and sum(len(piece) > LARGEST + 4000 for piece in pieces) <= 1, (
        "only the dates may be larger"
    )
