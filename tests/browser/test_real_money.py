"""Two houses in one basket, paid on a provider's own page in a real browser, which obeys our policy on where a form may lead."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from msgspec.structs import replace

from commands.counter import open_sale
from demo import inventory
from etalage.config import Workspace, moment_now
from etalage.model.checkout import Checkout
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


class Region:
    """The demo's cluster, at an address; its accounts at a simulated Stripe and at Mollie, which collect or split."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.address, self.sale = "", cast(Sale, None)

    def clock(self) -> datetime:
        return self.now

    def wait(self, seconds: int) -> None:
        """Time goes on, and the sweep does its work."""
        self.now += timedelta(seconds=seconds)
        self.sale.saga.sweep()

    def at_houses(self, order: Checkout) -> dict[str, int]:
        """House → cents on its own account."""
        payment = self.sale.saga.providers[order.provider].status(order.payment)
        return {one.house: one.amount.cents - one.back.cents for one in payment.transfers}


@pytest.fixture(scope="module")
def till(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    port, now = free_port(), moment_now(demo_shop.now)
    list(inventory.write(demo_shop.content, now.date()))
    workspace = Workspace.at(ROOT, demo_shop.content, demo_shop.output, tmp_path_factory.mktemp("sale"))
    region = Region(now)
    sale = open_sale(workspace, "", region.clock)
    assert sale
    made: dict[str, Any] = {}
    with ExitStack() as open_lines:
        for way in ("collect", "split"):
            for kind, lab in (("stripe", StripeLab), ("mollie", MollieLab)):
                wire = open_lines.enter_context(line())
                desk = lab(wire, region.clock)
                if way == "split":
                    desk.connect("meerstoel", "foelie")
                account = made[f"{kind}-{way}"] = desk.payments(name=f"{kind}-{way}")
                if kind == "mollie":
                    account.pages = (wire.base,)  # the simulated page is not on https
        sale.saga.providers = made
        paid = replace(sale, providers=made, pays={SITE: "stripe-collect"}, sandbox=None)
        with served(make_app(demo_shop.output, sale=paid), port):
            region.address, region.sale = f"http://{SITE}.localhost:{port}/", paid
            yield region


@pytest.fixture(scope="module")
def counter(till: Region) -> str:
    return till.address


def even(sale: Sale) -> None:
    """Our books say of every order what its provider's say."""
    entries, since = list(ledger.entries(sale.counter.records)), sale.saga.clock() - timedelta(days=1)
    assert entries and not sum(ledger.balances(entries).values())
    for name, provider in sale.saga.providers.items():
        mine = [
            one for one in entries if any((line.account, line.name) == (Account.PROVIDER, name) for line in one.lines)
        ]
        assert compare(mine, provider.since(since), name) == []


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("way", ["collect", "split"])
@pytest.mark.parametrize(("kind", "page_of"), [("stripe", "**/c/pay/**"), ("mollie", "**/checkout/tr_*")])
def test_with_bancontact_on_the_providers_page(
    till: Region, dates: tuple[str, str], open_page: OpenPage, kind: str, page_of: str, way: str, javascript: bool
) -> None:
    sale = till.sale
    sale.pays[SITE] = f"{kind}-{way}"  # type: ignore[index]
    page = open_page("phone", javascript=javascript)
    fill(page, till.address, dates, "Leg in het mandje")
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
    order = sale.saga.read(page.url.rpartition("/")[2].partition(".")[0])
    till.wait(60)
    shares = {share.house: share.amount.cents for share in order.shares}
    assert till.at_houses(order) == (shares if way == "split" else {})
    even(sale)
    if not javascript:
        return
    gone = order.good[0]  # later the visitor writes to the house
    sale.saga.give_tickets(order.key, of_tickets(order, [gone.code], sale.houses))
    page.reload()
    assert page.locator("h1").inner_text() == "Je tickets, en een deel van je geld terug"
    told = page.locator(".notice-calm").inner_text()
    assert "Je krijgt" in told and ("5 tot 10 werkdagen" if kind == "stripe" else "enkele werkdagen") in told
    assert page.locator(".till-ticket", has_text="geannuleerd").count() == 1
    left = {share.house: share.rest.cents for share in sale.saga.read(order.key).shares}
    assert left != shares and till.at_houses(order) == (left if way == "split" else {})
    even(sale)
    assert page.locator(".till-qr").count() == 2 and axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
