"""Two houses in one basket, paid on a provider's own page in a real browser, which obeys our policy on where a form may lead."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from commands.counter import open_sale
from demo import inventory
from etalage.config import Workspace, moment_now
from etalage.model.entry import Account
from etalage.sales import ledger
from etalage.sales.comparison import compare
from etalage.sales.returns import of_tickets
from functions.app import make_app
from functions.sale import Sale
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import StripeLab, line
from tests.browser.axe import axe
from tests.browser.helpers import served
from tests.browser.test_counter import SITE, dates, fill  # noqa: F401 - a fixture
from tests.shop import ROOT, Shop
from tools.showroom import free_port

for sdk in ("stripe", "mollie"):
    pytest.importorskip(sdk, reason=f"the SDK of {sdk} is not installed: pip install -r requirements/payments.lock")
OpenPage = Callable[..., Any]


@pytest.fixture(scope="module")
def till(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Sale]]:
    """The demo's cluster with an account at a simulated Stripe and one at Mollie; the address of its site, and what sells there."""
    port, now = free_port(), moment_now(demo_shop.now)
    list(inventory.write(demo_shop.content, now.date()))
    workspace = Workspace.at(ROOT, demo_shop.content, demo_shop.output, tmp_path_factory.mktemp("sale"))
    sale = open_sale(workspace, "", lambda: now)
    assert sale
    with line() as wire:
        stripe = StripeLab(wire, lambda: now).payments(name="stripe-regio")
        with line() as other:
            mollie = MollieLab(other, lambda: now).payments(name="mollie-regio")
            mollie.pages = (other.base,)  # the simulated page is not on https
            sale.saga.providers = {stripe.name: stripe, mollie.name: mollie}
            chosen = {SITE: stripe.name}
            paid = dataclasses.replace(sale, providers=sale.saga.providers, pays=chosen, sandbox=None)
            with served(make_app(demo_shop.output, sale=paid), port):
                yield f"http://{SITE}.localhost:{port}/", paid


@pytest.fixture(scope="module")
def counter(till: tuple[str, Sale]) -> str:
    return till[0]


def even(sale: Sale) -> None:
    """Our books say of every order what its provider's say."""
    entries, since = list(ledger.entries(sale.counter.records)), sale.saga.clock() - timedelta(days=1)
    assert entries and not sum(ledger.balances(entries).values())
    for name, provider in sale.saga.providers.items():
        mine = [
            one for one in entries if any((line.account, line.name) == (Account.PROVIDER, name) for line in one.lines)
        ]
        assert compare(mine, provider.since(since), name) == []


@pytest.mark.parametrize(
    ("account", "page_of", "javascript"),
    [
        ("stripe-regio", "**/c/pay/**", True), ("stripe-regio", "**/c/pay/**", False),
        ("mollie-regio", "**/checkout/tr_*", True), ("mollie-regio", "**/checkout/tr_*", False),
    ],
)  # fmt: skip
def test_with_bancontact_on_the_providers_page(
    till: tuple[str, Sale],
    dates: tuple[str, str],
    open_page: OpenPage,
    account: str,
    page_of: str,
    javascript: bool,
) -> None:
    address, sale = till
    sale.pays[SITE] = account  # type: ignore[index]
    page = open_page("phone", javascript=javascript)
    fill(page, address, dates, "Leg in het mandje")
    page.get_by_role("link", name="Naar afrekenen").click()
    page.get_by_label("E-mailadres").fill("an@voorbeeld.test")
    page.get_by_label("Naam").fill("An Voorbeeld")
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url(page_of)
    page.get_by_role("button", name="Bancontact").click()
    page.wait_for_url("**/bank/**")
    page.get_by_role("button", name="Bevestigen").click()
    page.wait_for_url("**/order/**")
    assert page.locator("h1").inner_text() == "Je tickets" and page.locator(".till-code").count() == 3
    even(sale)
    if not javascript:
        return
    order = sale.saga.read(page.url.rpartition("/")[2].partition(".")[0])  # later a visitor writes to the house
    sale.saga.give_tickets(order.key, of_tickets(order, [order.good[0].code], sale.houses))
    page.reload()
    assert page.locator("h1").inner_text() == "Je tickets, en een deel van je geld terug"
    told = page.locator(".notice-calm").inner_text()
    assert "Je krijgt" in told and ("5 tot 10 werkdagen" if account == "stripe-regio" else "enkele werkdagen") in told
    assert page.locator(".till-ticket", has_text="geannuleerd").count() == 1
    even(sale)
    assert page.locator(".till-qr").count() == 2 and axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
