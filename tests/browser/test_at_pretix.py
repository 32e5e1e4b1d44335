"""A visitor with a phone buys numbered seats of a house that sells through a real pretix, and a place of its neighbour, in one basket.

A newcomer's trap: this story runs beside the other tests of pretix (SideBySide in tests/conftest.py), so that one server does for all.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

import httpx
import pytest
from playwright.sync_api import expect

from commands.counter import open_sale
from etalage.adapters.pretix_ticketing import PretixTicketing
from etalage.config import Workspace
from functions.app import make_app
from functions.sale import Sale
from tests.browser.helpers import served
from tests.browser.two_houses import WAYS, Visitor, Way, buy, open_phone, read_letter
from tests.servers.fixtures import pretix  # noqa: F401
from tests.servers.pretix import Pretix
from tests.servers.pretix_api import Api, Event, plan
from tests.shop import ROOT, Shop
from tools.showroom import free_port

pytestmark = [
    pytest.mark.server,
    pytest.mark.timeout(600),
    pytest.mark.only_browser("chromium"),
]  # Firefox is among the ways
KASSA = """
name = "Kassahuis"
languages = ["nl", "fr"]

[ticketing]
system = "pretix"
url = "{url}"
organizer = "kassa"
token_env = "KASSA_SELLS"

[[sources]]
kind = "pretix"
url = "{url}"
organizer = "kassa"
token_env = "KASSA_TELLS"
"""
LINDE = """
name = "De Linde"
languages = ["nl", "fr"]

[ticketing]
system = "local"

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
ROWS = """productie;id;titel;datum;uur;locatie;genre;prijs
quiz;1;Dorpsquiz;13/12/2030;19:30;De Linde;Feest;Basis 7
"""
INVENTORY = """
[[ranks]]
id = "zaal"
name = "Zaal"
capacity = 40

[[rates]]
id = "basis"
name = "Basis"
prices = { zaal = 7 }

[[offers]]
performances = ["csv:linde/quiz/1"]
"""
REGION = """
name = "Langs het water"
members = ["kassa", "linde"]
languages = ["nl", "fr"]
url = "https://langshetwater.example"
"""
CONCERT = "pretix:kassa/kwartet-op-zolder"
NIGHT = "2030-12-12T20:00:00+01:00"


class Region(NamedTuple):
    """The site of both houses, what sells there, the concert as pretix knows it, and where letters lie."""

    url: str
    sale: Sale
    concert: Event
    mail: Path


@pytest.fixture(scope="module")
def region(pretix: Pretix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    house = pretix.houses["kassa"]
    shop = Shop(tmp_path_factory.mktemp("region"), now=datetime.now(UTC).date().isoformat())
    shop.house("kassa", KASSA.format(url=pretix.base_url))
    shop.house("linde", LINDE, programma__csv=ROWS)
    (shop.content / "houses" / "linde" / "inventory.toml").write_text(INVENTORY, "utf-8")
    (shop.content / "clusters" / "water").mkdir(parents=True)
    (shop.content / "clusters" / "water" / "cluster.toml").write_text(REGION, "utf-8")
    tokens = {"KASSA_SELLS": house.seller, "KASSA_TELLS": house.reader}
    port = free_port()
    with httpx.Client(base_url=pretix.base_url, timeout=60) as client, pytest.MonkeyPatch.context() as patch:
        for name, token in tokens.items():
            patch.setenv(name, token)
        concert = _concert(Api(client, "kassa", house.token))
        shop.build("--site", "water", env=dict(os.environ))
        var = tmp_path_factory.mktemp("sale")
        sale = open_sale(Workspace.at(ROOT, shop.content, shop.output, var), f"http://127.0.0.1:{port}/sandbox/")
        assert sale
        with served(make_app(shop.output, sale=sale), port):
            yield Region(f"http://water.localhost:{port}/", sale, concert, var / "mail")
        cast("PretixTicketing", sale.houses("kassa")).close()
        concert.patch(live=False)


def _concert(api: Api) -> Event:
    """An evening in a hall of 18 numbered seats, one of which is blocked, at two prices."""
    event = api.event("kwartet-op-zolder", "Kwartet op zolder", NIGHT)
    seat = event.item("Plaats", "24.00", {"Basis": None, "-26": "12.00"})
    event.quota("Zolder", 18, [seat])
    hall = api.send("POST", "seatingplans/", {"name": "Zolder", "layout": plan("Zolder", {"Zolder": ("zolder", 3, 6)})})
    event.patch(seating_plan=hall["id"], seat_category_mapping={"zolder": seat["id"]})
    api.send("POST", f"{event.path}seats/bulk_block/", {"seat_guids": ["Zolder-C-6"]})
    event.patch(live=True)
    return event


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_numbered_seats_at_pretix_and_a_place_next_door(
    region: Region, open_page: Callable[..., Any], way: Way, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page = open_phone(way, open_page, request, day="")  # pretix lives today
    page.goto(f"{region.url}choose?p={CONCERT}")
    if way.scripts:
        page.get_by_text("Zelf je stoelen kiezen").click()
        expect(page.locator(".till-seat")).to_have_count(18)
        expect(page.get_by_role("group", name="Rij C").get_by_label("6")).to_be_disabled()
    key, codes = buy(
        Visitor(page, region.url, way, None if way.scripts else open_page("phone", day="")), CONCERT, "csv:linde/quiz/1"
    )
    assert "Dorpsquiz" in page.inner_text("main")

    order = region.sale.saga.read(key)
    (ours,) = [one for one in order.shares if one.house == "kassa"]
    code = region.sale.houses("kassa").lookup(ours.reference).id.rpartition("/")[2]
    sold = region.concert.api.send("GET", f"{region.concert.path}orders/{code}/")
    assert (sold["status"], sold["total"], sold["email"]) == ("p", "48.00", "an@voorbeeld.test")
    assert sorted(one["seat"]["seat_guid"] for one in sold["positions"]) == sorted(line.seat for line in ours.lines)
    assert {one["secret"] for one in sold["positions"]} < set(codes), "what the house's own door reads"

    to, printed = read_letter(region.sale, region.mail, key, tmp_path)
    assert to == "an@voorbeeld.test" and len(printed) == 3
    names = [name for names in (shown.seats for shown in order.shown.values()) for name in names.values()]
    assert len(names) == 2 and all(any(name in one for one in printed) for name in names), printed
