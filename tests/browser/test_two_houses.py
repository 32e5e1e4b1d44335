"""In the demo, on a phone: tickets of two houses in one basket, in each way that somebody buys (A sale in at most four screens)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pass_region import Region, open_region
from tests.browser.test_counter import dates  # noqa: F401 - a fixture
from tests.browser.two_houses import WAYS, Visitor, Way, buy, open_phone, read_letter
from tests.shop import GOLDEN_DAY, Shop

pytestmark = pytest.mark.only_browser("chromium")  # Firefox is among the ways


@pytest.fixture(scope="module")
def region(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with open_region(demo_shop, tmp_path_factory.mktemp("sale")) as made:
        yield made


@pytest.fixture(scope="module")
def counter(region: Region) -> str:
    return region.address


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_two_houses_in_one_basket(
    region: Region, dates: tuple[str, str], open_page: Callable[..., Any], way: Way, tmp_path: Path, request: pytest.FixtureRequest
) -> None:  # fmt: skip
    region.let_in()
    page = open_phone(way, open_page, request, day=GOLDEN_DAY)
    reader = None if way.scripts else open_page("phone")
    order, codes = buy(Visitor(page, region.address, way, reader), *dates)
    to, printed = read_letter(region.sale, region.workspace.var / "mail", order, tmp_path)
    assert to == "an@voorbeeld.test" and len(printed) == 3
    assert all(any(code in one for one in printed) for code in codes)
