"""A visitor at the door without a network: the page of their order opens all the same, with its codes to scan and the way there."""

import io
import re
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from tests.browser.axe import axe
from tests.browser.test_counter import OpenPage, buy, counter, dates  # noqa: F401 - fixtures
from tests.browser.test_offline import READY

TICKETS = "(async () => (await (await caches.open(`etalage ${new URL('.', location.origin)} tickets`)).keys()).map(one => one.url))()"

OLD = """(async () => (await caches.open(`etalage ${new URL('.', location.origin)} tickets`)).put(
    "/order/old.one", new Response("", { headers: { "x-keep-until": "2020-01-01T00:00:00+01:00" } })))()"""
"""An order of long ago."""


def kept(page: Any, wanted: int) -> list[str]:
    """The orders that are kept on this device, once there are so many: the worker does its work behind the visitor's back."""
    found: list[str] = page.evaluate(TICKETS)
    for _ in range(100):
        if len(found) == wanted:
            break
        page.wait_for_timeout(100)
        found = page.evaluate(TICKETS)
    return found


def test_an_order_that_was_seen_opens_without_a_network_and_goes_when_its_visitor_says_so(
    counter: str,
    dates: tuple[str, str],
    open_page: OpenPage,
    browser_name: str,
) -> None:
    if browser_name != "chromium":
        pytest.skip("Playwright takes the network from a worker in Chromium only")
    page = open_page("phone", service_workers="allow", tolerate="ERR_INTERNET_DISCONNECTED|ERR_FAILED|503|404")
    buy(page, counter, dates)
    page.evaluate(READY)
    page.reload()
    order = page.url
    assert kept(page, 1) == [order], "and none of the pages before it"
    codes = page.locator(".till-code").all_inner_texts()
    directions = page.locator(".till-what .small").first.inner_text()
    assert "station" in directions or "bus" in directions.lower()

    page.context.set_offline(True)
    page.reload()
    assert page.locator("h1").inner_text() == "Je tickets"
    assert page.locator(".offline-note").inner_text().startswith("Je bent offline.")
    assert page.locator(".till-code").all_inner_texts() == codes
    assert page.locator(".till-what .small").first.inner_text() == directions
    scanned = [
        zxingcpp.read_barcodes(Image.open(io.BytesIO(one.screenshot())))[0].text
        for one in page.locator(".till-qr").all()
    ]
    assert scanned == codes, "what the screen shows is what the door reads"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(re.sub(r"order/.*", "order/another.one", order))
    assert page.locator("h1").inner_text() == "Je bent offline", "only this one is kept"

    page.context.set_offline(False)
    page.evaluate(OLD)
    assert len(kept(page, 2)) == 2
    page.goto(order)
    assert kept(page, 1) == [order], "what is over goes with the next page"
    assert axe(page) == []
    page.get_by_role("button", name="Bewaar niet op dit toestel").click()
    page.get_by_text("Deze pagina wordt niet op dit toestel bewaard.").wait_for()
    assert kept(page, 0) == []
    page.context.set_offline(True)
    page.goto(order)
    assert page.locator("h1").inner_text() == "Je bent offline"
