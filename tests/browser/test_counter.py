"""Buying in a real browser: two houses in one basket, with and without JavaScript, by keyboard alone, in two languages."""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from commands.counter import open_sale
from demo import inventory
from etalage.config import Workspace, moment_now
from functions.app import make_app
from tests.browser.axe import axe
from tests.browser.helpers import COLOURS, HOSTILE, ring, served, set_scheme, tab_to
from tests.shop import ROOT, Shop
from tools.showroom import free_port

OpenPage = Callable[..., Any]
SITE = "langsdeelve"
ERRORS = "status of (4\\d\\d)"
"""What a browser says in its console of a form that is sent back."""


@pytest.fixture(scope="module")
def counter(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's sites with a sale of its own, that lives on the day of the demo; gives the address of the cluster's site."""
    port, now = free_port(), moment_now(demo_shop.now)
    list(inventory.write(demo_shop.content, now.date()))
    workspace = Workspace.at(ROOT, demo_shop.content, demo_shop.output, tmp_path_factory.mktemp("sale"))
    sale = open_sale(workspace, f"http://127.0.0.1:{port}/sandbox/", lambda: now)
    with served(make_app(demo_shop.output, sale=sale), port):
        yield f"http://{SITE}.localhost:{port}/"


@pytest.fixture(scope="module")
def dates(demo_shop: Shop, counter: str) -> tuple[str, str]:
    """A date with numbered seats at De Meerstoel, and one at Foelie, both to come and on sale."""
    del counter  # it lays out what the houses sell
    inventories = [
        (demo_shop.content / "houses" / house / "source" / "inventory.toml").read_text("utf-8")
        for house in ("meerstoel", "foelie")
    ]
    shelf = json.loads((demo_shop.output / SITE / "shelf.json").read_text("utf-8"))
    coming = [
        id
        for id, item in sorted(shelf["items"].items(), key=lambda one: one[1].get("start", ""))
        if not item.get("off")
    ]
    seats = next(
        id for id in reversed(coming) if f'"{id}"' in inventories[0] and "genummerd" in _offer(inventories[0], id)
    )
    return seats, next(id for id in reversed(coming) if f'"{id}"' in inventories[1])


def _offer(inventory: str, id: str) -> str:
    return next(part for part in inventory.split("[[offers]]") if f'"{id}"' in part)


def fill(page: Any, site: str, dates: tuple[str, str], put: str) -> None:
    for id, number in zip(dates, ("2", "1"), strict=True):
        page.goto(f"{site}choose?p={id}")
        page.locator("select.till-number").first.select_option(number)
        page.get_by_role("button", name=put).click()
        page.wait_for_url("**/basket")


def check_out(page: Any) -> None:
    """From the basket to the order, paid."""
    page.get_by_role("link", name="Naar afrekenen").click()
    page.get_by_label("E-mailadres").fill("an@voorbeeld.test")
    page.get_by_label("Naam").fill("An Voorbeeld")
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url("**/sandbox/**")
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url("**/order/**")


def buy(page: Any, counter: str, dates: tuple[str, str]) -> None:
    """From two choices to three tickets, as a Dutch-speaking visitor."""
    fill(page, counter, dates, "Leg in het mandje")
    page.locator(".till-stall").nth(1).wait_for()
    assert page.locator(".till-stall").count() == 2 and "We houden je plaatsen vast" in page.inner_text("main")
    check_out(page)
    for _ in range(40):
        if page.locator(".till-code").count() == 3:
            break
        page.wait_for_timeout(300)
        page.reload()
    assert page.locator("h1").inner_text() == "Je tickets" and page.locator(".till-code").count() == 3


@pytest.mark.parametrize("javascript", [True, False])
def test_two_houses_in_one_basket_on_a_phone(
    counter: str, dates: tuple[str, str], open_page: OpenPage, javascript: bool
) -> None:
    page = open_page("phone", javascript=javascript)
    buy(page, counter, dates)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    page.goto(counter + "basket")
    assert "Er zit niets in je mandje" in page.inner_text("main")


def test_in_french_with_a_mistake_on_the_way(counter: str, dates: tuple[str, str], open_page: OpenPage) -> None:
    page = open_page("phone", tolerate=ERRORS)
    fill(page, counter + "fr/", dates, "Mettre dans le panier")
    assert axe(page) == []
    page.get_by_role("link", name="Vers le paiement").click()
    page.get_by_label("Nom").fill("An Voorbeeld")
    page.get_by_label("Code postal").fill("1000")
    page.get_by_role("button", name="Payer").click()
    # The summary of what is wrong has the focus.
    page.wait_for_function("() => document.activeElement?.id == 'mistakes'")
    assert axe(page) == [] and page.get_by_label("Code postal").input_value() == "1000"
    page.locator("#mistakes a").click()
    assert page.evaluate("document.activeElement.id") == "email", "and it leads to the field"
    page.keyboard.type("an@voorbeeld.test")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sandbox/**")
    page.get_by_role("button", name="Annuleer").click()
    page.wait_for_url("**/fr/order/**")
    page.get_by_role("link", name="Retour au panier").click()
    assert page.locator(".till-line").count() == 2, "the basket is as it was"


def test_with_a_keyboard_alone(counter: str, dates: tuple[str, str], open_page: OpenPage) -> None:
    page = open_page("desktop", tolerate=ERRORS)
    page.goto(f"{counter}choose?p={dates[0]}")

    def go(wanted: str) -> None:
        tab_to(page, lambda name, _: name.startswith(wanted))
        page.keyboard.press("Enter")

    go("Meteen kopen")
    page.wait_for_function("() => document.activeElement?.role == 'alert'")  # what is missing is where the keyboard is
    assert ring(page) >= 2
    tab_to(page, lambda *_: page.evaluate("document.activeElement.matches('select.till-number')"), most=1)
    page.keyboard.press("ArrowDown")
    go("Zelf je stoelen kiezen")
    tab_to(page, lambda *_: page.evaluate("document.activeElement.matches('.till-seat input')"))
    for key in ("ArrowDown", "ArrowRight", "Space"):
        page.keyboard.press(key)
    row, seat = page.evaluate(
        """() => { const label = document.activeElement.closest('label');
        return [label.closest('fieldset').querySelector('legend').innerText, label.innerText.trim()] }"""
    )
    assert row == "Rij B"
    tab_to(page, lambda name, _: name == "Meteen kopen", most=12)  # a row is one stop, not fourteen
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkout")
    assert f"B {seat}" in page.inner_text("main")
    for words in ("an@voorbeeld.test", "An Voorbeeld"):
        tab_to(
            page,
            lambda *_: page.evaluate(
                "document.activeElement.matches('.till-field input:placeholder-shown, .till-field input')"
            ),
        )
        page.keyboard.type(words)
    go("Betaal")
    page.wait_for_url("**/sandbox/**")
    tab_to(page, lambda name, _: name.startswith("Betaal"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/order/**")


def test_every_step_and_every_error_is_accessible(
    counter: str, dates: tuple[str, str], open_page: OpenPage, browser_name: str
) -> None:
    page = open_page("phone", tolerate=ERRORS)

    def look() -> None:
        set_scheme(page, "light", browser_name)
        assert axe(page) == []
        set_scheme(page, "dark", browser_name)
        assert axe(page, only=COLOURS) == []
        headings = page.eval_on_selector_all(
            "main h1, main h2, main h3", "all => all.map(one => Number(one.tagName[1]))"
        )
        assert headings[0] == 1 and headings.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(headings))

    page.goto(counter + "basket")
    look()
    page.goto(f"{counter}choose?p={dates[0]}")
    page.get_by_text("Zelf je stoelen kiezen").click()
    look()
    page.get_by_role("button", name="Leg in het mandje").click()
    assert page.get_by_role("alert").inner_text() == "Kies hoeveel tickets je wil."
    look()
    fill(page, counter, dates, "Leg in het mandje")
    look()
    page.goto(counter + "checkout")
    look()
    page.get_by_role("button", name="Betaal").click()
    look()
    page.get_by_label("E-mailadres").fill("an@voorbeeld.test")
    page.get_by_label("Naam").fill("An Voorbeeld")
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url("**/sandbox/**")
    paying = page.url
    page.get_by_role("link", name="Terug naar de winkel").click()
    look()
    page.goto(counter + "basket")
    look()
    page.goto(paying)
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url("**/order/**")
    look()


def test_a_clock_runs_warns_and_offers_more_time(counter: str, dates: tuple[str, str], open_page: OpenPage) -> None:
    page = open_page("phone")
    page.clock.install()
    fill(page, counter, dates, "Leg in het mandje")
    more, said = page.get_by_role("button", name="Hou ze langer vast"), page.locator(".till-said")
    assert not more.is_visible() and said.inner_text() == ""
    page.clock.run_for("11:30")
    assert more.is_visible() and page.locator(".till-clock").inner_text().startswith("Nog 8:")
    page.clock.run_for("03:40")
    assert said.text_content() == "We houden je plaatsen nog 5 minuten vast."
    page.clock.run_for("05:00")
    assert "De tijd is om" in said.text_content()
    more.click()
    page.wait_for_load_state()
    assert "We houden je plaatsen vast tot" in page.inner_text("main")


def test_seats_and_tickets_go_together(counter: str, dates: tuple[str, str], open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto(f"{counter}choose?p={dates[0]}")
    page.get_by_text("Zelf je stoelen kiezen").click()
    free = page.locator(".till-seat input:not([disabled])")
    for number in range(3):
        free.nth(number).check()
    assert page.locator("select.till-number").first.input_value() == "3", "who picks seats need not count them"
    assert page.locator(".till-picked").inner_text() == "3 stoelen gekozen voor 3 tickets"
    free.nth(0).uncheck()
    page.get_by_role("button", name="Leg in het mandje").click()
    page.wait_for_url("**/basket")
    assert "2 × " in page.inner_text("main")


def test_hostile_words_are_only_words(counter: str, dates: tuple[str, str], open_page: OpenPage) -> None:
    page = open_page("phone", tolerate=ERRORS)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    fill(page, counter, dates, "Leg in het mandje")
    page.goto(counter + "checkout")
    elements = page.locator("*").count()
    for words in HOSTILE:
        page.get_by_label("E-mailadres").fill(words + "@")
        page.get_by_label("Naam").fill(words)
        page.get_by_role("button", name="Betaal").click()
        page.wait_for_function("() => document.activeElement?.id == 'mistakes'")
        assert page.get_by_label("Naam").input_value() == words
        assert page.locator("*").count() <= elements + 14, "the summary and its links, and nothing of theirs"
        assert page.evaluate("window.hacked") is None and not dialogs
    for words in HOSTILE:
        page.goto(f"{counter}choose?{urlencode({'p': words})}")
        assert page.evaluate("window.hacked") is None and not dialogs
        page.goto(f"{counter}order/{quote(words, safe='')}")
        assert page.evaluate("window.hacked") is None and not dialogs
