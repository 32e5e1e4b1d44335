"""Two houses without a joint account, paid one after the other on their providers' own pages in a real browser, on a phone."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from commands.counter import open_sale
from demo import inventory
from etalage.config import Workspace, moment_now
from functions.app import make_app
from functions.sale import Sale
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import StripeLab, line
from tests.browser.helpers import accessible, served
from tests.browser.test_counter import SITE, dates, fill  # noqa: F401 - a fixture
from tests.shop import ROOT, Shop
from tools.showroom import free_port

for sdk in ("stripe", "mollie"):
    pytest.importorskip(sdk, reason=f"the SDK of {sdk} is not installed: pip install -r requirements/payments.lock")
OpenPage = Callable[..., Any]
HOUSES = ("meerstoel", "foelie")
CLOCK: list[datetime] = []
"""What time it is in the shop: the last."""
PAGES = {"stripe": "**/c/pay/**", "mollie": "**/checkout/tr_*"}


@pytest.fixture(scope="module")
def till(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Sale]]:
    """The demo's cluster without an account, and its houses with one at a simulated Stripe and one at Mollie each; its address."""
    port, now = free_port(), moment_now(demo_shop.now)
    CLOCK.append(now)
    list(inventory.write(demo_shop.content, now.date()))
    workspace = Workspace.at(ROOT, demo_shop.content, demo_shop.output, tmp_path_factory.mktemp("sale"))
    sale = open_sale(workspace, "", lambda: CLOCK[-1])
    assert sale
    with ExitStack() as open_lines:
        made: dict[str, Any] = {}
        for house in HOUSES:
            wire, other = open_lines.enter_context(line()), open_lines.enter_context(line())
            made[f"stripe-{house}"] = StripeLab(wire, lambda: CLOCK[-1]).payments(name=f"stripe-{house}")
            made[f"mollie-{house}"] = MollieLab(other, lambda: CLOCK[-1]).payments(name=f"mollie-{house}")
            made[f"mollie-{house}"].pages = (other.base,)  # the simulated page is not on https
        sale.saga.providers = made
        paid = replace(sale, providers=made, pays={}, provider="stripe-foelie", sandbox=None, in_turn=frozenset({SITE}))
        with served(make_app(demo_shop.output, sale=paid), port):
            yield f"http://{SITE}.localhost:{port}/", paid


@pytest.fixture(scope="module")
def counter(till: tuple[str, Sale]) -> str:
    return till[0]


def look(page: Any, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


def check_out(
    page: Any, till: tuple[str, Sale], dates: tuple[str, str], accounts: tuple[str, str], engine: str
) -> None:
    """From two choices to the payment page of the first house, told before that there will be two; looked at by axe with an `engine`."""
    address, sale = till
    sale.pays.update({house: f"{account}-{house}" for house, account in zip(HOUSES, accounts, strict=True)})  # type: ignore[attr-defined]
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(urlsplit(frame.url).path))
    fill(page, address, dates, "Leg in het mandje")
    assert "Je betaalt elk huis apart: 2 betalingen" in page.inner_text("main")
    page.get_by_role("link", name="Naar afrekenen").click()
    page.get_by_label("E-mailadres").fill("an@voorbeeld.test")
    page.get_by_label("Naam").fill("An Voorbeeld")
    told = page.locator(".till-turn")
    assert "Je betaalt 2 keer" in told.inner_text() and told.locator("li").count() == 2
    look(page, f"checkout-{accounts[0]}")
    if engine:
        accessible(page, engine)
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url(PAGES[accounts[0]])
    screens = [path for path in dict.fromkeys(seen) if not path.startswith("about")]
    assert len(screens) == 4, f"choose, basket, checkout, and the payment page: {screens}"


def pay(page: Any) -> None:
    page.get_by_role("button", name="Bancontact").click()
    page.wait_for_url("**/bank/**")
    page.get_by_role("button", name="Bevestigen").click()
    page.wait_for_url("**/order/**")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("accounts", [("stripe", "mollie"), ("mollie", "stripe")])
def test_one_house_after_the_other(
    till: tuple[str, Sale],
    dates: tuple[str, str],
    open_page: OpenPage,
    browser_name: str,
    accounts: tuple[str, str],
    javascript: bool,
) -> None:
    page, reader = open_page("phone", javascript=javascript), None if javascript else open_page("phone")
    check_out(page, till, dates, accounts, browser_name if javascript else "")
    pay(page)
    assert page.locator("h1").inner_text() == "1 van 2 is betaald"
    button = page.locator("a.till-pay")
    assert button.count() == 1 and button.is_visible() and "aan Foelie" in button.inner_text()
    assert button.bounding_box()["y"] < 740, "one sees it without scrolling"
    assert "Je kan betalen tot" in page.inner_text("main") and page.locator(".till-code").count() == 2
    look(page, f"first-{accounts[0]}-{javascript}")
    accessible(page, browser_name, reader)
    page.get_by_role("link", name="Bestelling bij Foelie").click()
    page.wait_for_url("**/order/**")
    assert page.locator("h1").inner_text() == "We wachten op je betaling" and page.locator("a.till-pay").count() == 1
    look(page, f"waiting-{accounts[0]}-{javascript}")
    accessible(page, browser_name, reader)
    page.locator("a.till-pay").click()
    page.wait_for_url(PAGES[accounts[1]])
    CLOCK.append(CLOCK[-1] + timedelta(seconds=30))  # nobody pays at once
    pay(page)
    assert page.locator("h1").inner_text() == "Je tickets" and page.locator(".till-code").count() == 1
    assert "Alles is betaald." in page.inner_text("main")
    look(page, f"last-{accounts[0]}-{javascript}")
    accessible(page, browser_name, reader)
    page.get_by_role("link", name="Tickets van").click()
    page.wait_for_url("**/order/**")
    assert page.locator(".till-code").count() == 2


@pytest.mark.parametrize("javascript", [True, False])
def test_the_second_is_not_paid(
    till: tuple[str, Sale],
    dates: tuple[str, str],
    open_page: OpenPage,
    browser_name: str,
    javascript: bool,
) -> None:
    page, reader = open_page("phone", javascript=javascript), None if javascript else open_page("phone")
    check_out(page, till, dates, ("stripe", "mollie"), "")
    pay(page)
    page.locator("a.till-pay").click()
    page.wait_for_url(PAGES["mollie"])
    page.get_by_role("button", name="Annuleren").click()
    page.wait_for_url("**/order/**")
    assert page.locator("h1").inner_text() == "Niet alles is gekocht"
    assert "Wat je al betaald hebt, blijft geldig." in page.inner_text("main")
    look(page, f"over-{javascript}")
    accessible(page, browser_name, reader)
    page.get_by_role("button", name="Leg die plaatsen in een nieuw mandje").click()
    page.wait_for_url("**/basket")
    assert page.locator(".till-line").count() == 1 and page.locator(".till-stall h2").inner_text() == "Foelie"
    page.goto(till[0] + "basket")
    page.get_by_role("button", name="Mandje leegmaken").click()
