"""Passes in a real browser on a phone: each sort of pass of the demo ends as UiTPAS says, with JavaScript and without, and axe finds nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo.uitpas import passes
from tests.browser.axe import axe
from tests.browser.helpers import accessible, tab_to
from tests.browser.pass_region import Region, open_region, pay, take, type_number
from tests.browser.test_counter import dates, fill  # noqa: F401 - a fixture
from tests.shop import Shop

OpenPage = Callable[..., Any]
ERRORS = "status of (4\\d\\d|503)"


@pytest.fixture(scope="module")
def region(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with open_region(demo_shop, tmp_path_factory.mktemp("sale")) as made:
        yield made


@pytest.fixture
def shop(region: Region) -> Region:
    region.forget()
    return region


@pytest.fixture(scope="module")
def counter(region: Region) -> str:
    return region.address


@pytest.mark.parametrize("javascript", [True, False])
def test_two_houses_two_passes_and_one_payment(
    shop: Region, dates: tuple[str, str], open_page: OpenPage, javascript: bool
) -> None:
    page = open_page("phone", javascript=javascript)
    fill(page, shop.address, dates, "Leg in het mandje")
    type_number(page, "0900 0000 67513")
    assert "Kansentarief" in page.inner_text("main") and passes.SOCIAL not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    take(page)
    assert page.locator(".till-line").count() == 3 and page.inner_text("main").count("met je pas") == 1
    type_number(page, passes.CHILD, 0)
    take(page)
    type_number(page, passes.PARENT, 0)
    take(page)
    assert page.inner_text("main").count("met je pas") == 3
    assert "Kansentarief" not in page.inner_text("main"), "the basket tells nobody what sort of pass it is"
    pay(page, 3)
    assert shop.sales == {passes.SOCIAL: 1, passes.CHILD: 1, passes.PARENT: 1}
    assert {sale.client for sale in shop.wire.uitpas.sales.values()} == {"meerstoel", "foelie"}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_group_pass_has_three_tickets(
    shop: Region, dates: tuple[str, str], open_page: OpenPage, javascript: bool
) -> None:
    page = open_page("phone", javascript=javascript)
    page.goto(f"{shop.address}choose?p={dates[1]}")
    page.locator("select.till-number").first.select_option("3")
    page.get_by_role("button", name="Leg in het mandje").click()
    page.wait_for_url("**/basket")
    type_number(page, passes.GROUP)
    assert page.get_by_label("Voor hoeveel tickets?").input_value() == "3"
    take(page)
    pay(page, 3)
    assert shop.sales == {passes.GROUP: 3}


@pytest.mark.parametrize("javascript", [True, False])
def test_what_uitpas_says_is_shown_and_one_goes_on(
    shop: Region, dates: tuple[str, str], open_page: OpenPage, javascript: bool
) -> None:
    page = open_page("phone", javascript=javascript, tolerate=ERRORS)
    reader = None if javascript else open_page("phone")
    fill(page, shop.address, dates, "Leg in het mandje")
    for number, words in (
        (passes.EXPIRED, "vervallen"), (passes.AWAY, "een andere regio"), (passes.BLOCKED, "geblokkeerd"), (passes.REGULAR, "geen korting"),
        ("1234567890123", "geen nummer van een pas"),
    ):  # fmt: skip
        type_number(page, number)
        assert words in page.inner_text("main") and number not in page.content()
        accessible(page, "chromium", reader)
        page.get_by_role("link", name="Ga verder aan de gewone prijs").click()
        page.wait_for_url("**/basket")
    assert "met je pas" not in page.inner_text("main")
    pay(page, 3)
    assert shop.sales == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_coupon_or_nothing_is_chosen(
    shop: Region, dates: tuple[str, str], open_page: OpenPage, javascript: bool
) -> None:
    page = open_page("phone", javascript=javascript)
    reader = None if javascript else open_page("phone")
    fill(page, shop.address, dates, "Leg in het mandje")
    type_number(page, passes.COUPONS)
    assert page.get_by_role("radio").count() == 3
    accessible(page, "chromium", reader)
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="Neem deze prijs").click()
    page.wait_for_url("**/basket")
    assert "met je pas" not in page.inner_text("main"), "the regular price was chosen"
    type_number(page, passes.COUPONS)
    take(page, "Cultuurbon van 5 euro")  # for one of the two: the page says so, and the other keeps its price
    assert page.inner_text("main").count("met je pas") == 1 and page.locator(".till-line").count() == 3
    accessible(page, "chromium", reader)
    pay(page, 3)
    assert shop.sales == {passes.COUPONS: 1}


def test_silence_leaves_ways_and_keeps_the_basket(shop: Region, dates: tuple[str, str], open_page: OpenPage) -> None:
    page = open_page("phone", tolerate=ERRORS)
    fill(page, shop.address, dates, "Leg in het mandje")
    shop.wire.black_hole = True
    type_number(page, passes.SOCIAL)
    told = page.inner_text("main")
    assert "antwoordt nu niet" in told and "Reserveer bij het huis" in told and axe(page) == []
    assert page.locator('main a[href^="tel:"], main a[href^="mailto:"]').count() >= 1
    shop.wire.black_hole = False
    page.get_by_label("Nummer op de pas").fill(passes.SOCIAL)
    page.get_by_role("button", name="Toon mijn prijs").click()
    page.get_by_role("button", name="Neem deze prijs").wait_for()
    take(page)
    pay(page, 3)
    assert shop.sales == {passes.SOCIAL: 1}


def test_by_keyboard_and_nothing_stays_in_the_browser(
    shop: Region, dates: tuple[str, str], open_page: OpenPage
) -> None:
    page = open_page("phone")
    fill(page, shop.address, dates, "Leg in het mandje")
    tab_to(page, lambda name, _: name.startswith("UiTPAS of andere korting"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(passes.SOCIAL)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pass")
    tab_to(page, lambda name, _: name == "Neem deze prijs")
    page.keyboard.press("Enter")
    page.wait_for_url("**/basket")
    assert "met je pas" in page.inner_text("main")
    page.reload()
    kept = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, location.href])")
    names = (
        page.evaluate(
            "caches.keys().then(async all => JSON.stringify(await Promise.all(all.map(async one => (await (await caches.open(one)).keys()).map(r => r.url)))))"
        )
        if page.evaluate("'caches' in globalThis")
        else ""
    )
    for part in (passes.SOCIAL, passes.SOCIAL[-5:]):
        assert part not in kept + names + page.content()
    assert axe(page) == []


def test_in_french(shop: Region, dates: tuple[str, str], open_page: OpenPage) -> None:
    page = open_page("phone", tolerate=ERRORS)
    fill(page, shop.address + "fr/", dates, "Mettre dans le panier")
    page.locator("details.till-pass").first.locator("summary").click()
    page.get_by_label("Numéro du pass").first.fill(passes.EXPIRED)
    page.get_by_role("button", name="Voir mon prix").first.click()
    page.wait_for_url("**/fr/pass")
    assert "Le droit au tarif réduit de ce pass a expiré" in page.inner_text("main")
