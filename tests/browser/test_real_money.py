"""Two houses in one basket, paid on a provider's own page in a real browser, which obeys our policy on where a form may lead."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from commands.counter import open_sale
from demo import inventory
from etalage.config import Workspace, moment_now
from functions.app import make_app
from tests.adapters.stripe_lab import StripeLab, line
from tests.browser.helpers import served
from tests.browser.test_counter import SITE, dates, fill  # noqa: F401 - a fixture
from tests.shop import ROOT, Shop
from tools.showroom import free_port

pytest.importorskip("stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock")
OpenPage = Callable[..., Any]


@pytest.fixture(scope="module")
def counter(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's cluster with an account at a simulated Stripe; gives the address of its site."""
    port, now = free_port(), moment_now(demo_shop.now)
    list(inventory.write(demo_shop.content, now.date()))
    workspace = Workspace.at(ROOT, demo_shop.content, demo_shop.output, tmp_path_factory.mktemp("sale"))
    sale = open_sale(workspace, "", lambda: now)
    assert sale
    with line() as wire:
        payments = StripeLab(wire, lambda: now).payments(name="stripe-regio")
        sale.saga.providers = {payments.name: payments}
        paid = dataclasses.replace(sale, providers=sale.saga.providers, pays={SITE: payments.name}, sandbox=None)
        with served(make_app(demo_shop.output, sale=paid), port):
            yield f"http://{SITE}.localhost:{port}/"


@pytest.mark.parametrize("javascript", [True, False])
def test_with_bancontact_on_stripes_page(
    counter: str,
    dates: tuple[str, str],
    open_page: OpenPage,
    javascript: bool,
) -> None:
    page = open_page("phone", javascript=javascript)
    fill(page, counter, dates, "Leg in het mandje")
    page.get_by_role("link", name="Naar afrekenen").click()
    page.get_by_label("E-mailadres").fill("an@voorbeeld.test")
    page.get_by_label("Naam").fill("An Voorbeeld")
    page.get_by_role("button", name="Betaal").click()
    page.wait_for_url("**/c/pay/**")
    page.get_by_role("button", name="Bancontact").click()
    page.wait_for_url("**/bank/**")
    page.get_by_role("button", name="Bevestigen").click()
    page.wait_for_url("**/order/**")
    assert page.locator("h1").inner_text() == "Je tickets" and page.locator(".till-code").count() == 3
