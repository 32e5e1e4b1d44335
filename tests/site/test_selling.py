"""Stories of a house that begins to sell through us: its pages change, they lead to what functions answer, and the neighbours' stay."""

from pathlib import Path

import pytest

from etalage.config import Workspace, load
from tests.shop import Shop
from tests.site.test_building import HOUSE, QUIZ, WINTER, rows

LINK, LOCAL = '\n[ticketing]\nsystem = "link"\n', '\n[ticketing]\nsystem = "local"\n'


def settings(shop: Shop, system: str) -> None:
    shop.house("linde", HOUSE + system, programma__csv=rows(WINTER, QUIZ))


def test_a_house_begins_to_sell_and_stops_again(shop: Shop) -> None:
    settings(shop, LINK)
    shop.build()
    before = shop.written()
    settings(shop, LOCAL)
    shop.build()
    assert 'href="../../choose?p=csv:linde/winter/1"' in shop.page("linde/programma/winterreis/index.html")
    assert shop.build()["sites"]["linde"]["written"] == 0
    assert shop.run("check", status=None)["sites"]["linde"]["problems"] == []
    settings(shop, LINK)
    shop.build()
    after = shop.written()
    assert {name for name in before if before[name] != after.get(name)} <= {
        "linde/sitemap.xml"
    }  # which says when pages changed


@pytest.mark.parametrize(
    ("table", "sells"),
    [
        (LOCAL, {"linde": ""}), (LINK, {}), ("", {}),
        ('\n[ticketing]\nsystem = "pretix"\nurl = "https://pretix.example"\norganizer = "linde"\n', {"linde": "pretix:linde/"}),
    ],
)  # fmt: skip
def test_what_a_house_sells_is_what_its_system_knows(
    shop: Shop, tmp_path: Path, table: str, sells: dict[str, str]
) -> None:
    settings(shop, table)
    found = load(Workspace.at(tmp_path, shop.content))
    assert found.site("linde").sells == sells
