"""The demo's cluster with its stand-in for UiTPAS, and what a visitor does with a pass there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from commands.counter import open_sale
from demo import inventory
from demo.uitpas import passes
from demo.uitpas.__main__ import open_desk
from demo.uitpas.simulator import Uitpas
from demo.uitpas.wire import UitpasWire
from etalage.config import Workspace, moment_now
from functions.app import make_app
from functions.letterbox import Limits
from functions.sale import Sale
from tests.browser.helpers import served
from tests.browser.test_counter import SITE, check_out
from tests.shop import ROOT, Shop
from tools.showroom import free_port


class Region:
    """The demo's cluster at an address, with its stand-in for UiTPAS. `names`: what stands in the environment of its shop."""

    def __init__(
        self, address: str, wire: UitpasWire, sale: Sale, app: Any, workspace: Workspace, names: dict[str, str]
    ) -> None:
        self.address, self.wire, self.sale, self.app, self.workspace, self.names = (
            address,
            wire,
            sale,
            app,
            workspace,
            names,
        )

    @property
    def sales(self) -> dict[str, int]:
        """Number → how many reductions stand."""
        found: dict[str, int] = {}
        for sale in self.wire.uitpas.sales.values():
            found[sale.number] = found.get(sale.number, 0) + 1
        return found

    def forget(self) -> None:
        """Nothing was booked yet, and nobody typed too many numbers."""
        self.wire.uitpas.sales.clear()
        self.wire.black_hole = False
        self.let_in()

    def let_in(self) -> None:
        """Nobody asked too often, and no system was in vain."""
        self.app.state.limits = Limits(b"key")
        for known in self.sale.passes._breakers.values():
            known._vain, known._until = 0, None


@contextmanager
def open_region(shop: Shop, var: Path, around: Callable[[Any], Any] = lambda app: app) -> Iterator[Region]:
    """Serve it, on the day of the demo. `around`: makes an app that stands before it."""
    port, now = free_port(), moment_now(shop.now)
    list(inventory.write(shop.content, now.date()))
    workspace = Workspace.at(ROOT, shop.content, shop.output, var)
    wire = UitpasWire(Uitpas(passes.region(now.date()), lambda: now))
    with open_desk(wire) as names, pytest.MonkeyPatch.context() as patch:
        for name, value in names.items():
            patch.setenv(name, value)
        sale = open_sale(workspace, f"http://127.0.0.1:{port}/sandbox/", lambda: now)
        assert sale and set(sale.passes.systems["meerstoel"]) == {"uitpas", "card"}
        app = make_app(shop.output, sale=sale)
        with served(around(app), port):
            yield Region(f"http://{SITE}.localhost:{port}/", wire, sale, app, workspace, dict(names))


def type_number(page: Any, number: str, line: int = 0) -> None:
    """Open what stands at a line, and ask for the price of a pass."""
    details = page.locator("details.till-pass").nth(line)
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    details.get_by_label("Nummer op de pas").fill(number)
    details.get_by_role("button", name="Toon mijn prijs").click()
    page.wait_for_url("**/pass")


def take(page: Any, name: str = "", tickets: str = "") -> None:
    if name:
        page.get_by_label(name).check()
    if tickets:
        page.get_by_label("Voor hoeveel tickets?").select_option(tickets)
    page.get_by_role("button", name="Neem deze prijs").click()
    page.wait_for_url("**/basket")


def pay(page: Any, tickets: int) -> None:
    check_out(page)
    page.locator(".till-code").first.wait_for()
    assert page.locator(".till-code").count() == tickets
    assert "kansentarief" not in page.inner_text("main").lower(), "an order tells nobody what sort of pass it was"
