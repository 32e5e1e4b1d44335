"""The waiting page as people meet it at an opening: on a phone, read out, without JavaScript, and with the page left alone."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import uvicorn

from tests.browser.axe import axe
from tests.functions.conftest import HOUSE, ROWS
from tests.functions.test_waiting import DOOR, Browser, Opening
from tests.sales.opening import OPENS
from tests.shop import Shop
from tools.showroom import free_port

OpenPage = Callable[..., Any]
NO_ICON = "status of 404"
"""The page at the end of the queue is a bare one, and browsers ask for its icon."""
MOVED = "document.dispatchEvent(new Event('visibilitychange'))"
"""What a browser tells a page that is looked at again."""
ALIVE = "customElements.whenDefined('waiting-room').then(() => 0)"
"""The script that looks comes after the page: before it is there, nobody hears that the page is looked at."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("linde"))
    shop.house("linde", HOUSE, programma__csv=ROWS)
    shop.build()
    return shop


class Served(Opening):
    """An opening on a port of this machine."""

    base = ""

    def serve(self) -> uvicorn.Server:
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        server = uvicorn.Server(uvicorn.Config(self.app, port=port, log_level="error"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.02)
        return server


@pytest.fixture
def opening(tmp_path: Any, built: Shop) -> Iterator[Served]:
    made = Served(tmp_path, built)
    server = made.serve()
    yield made
    server.should_exit = True
    made.world.records.close()


def crowd(opening: Opening, number: int) -> list[Browser]:
    """So many who came before us; the first of them is in."""
    others = [Browser(opening) for _ in range(number)]
    for other in others:
        other.get()
    return others


def test_a_phone_waits_is_told_and_goes_on_by_itself(opening: Served, open_page: OpenPage) -> None:
    others = crowd(opening, 4)
    page = open_page("phone", tolerate=NO_ICON)
    page.goto(opening.base + DOOR)
    page.evaluate(ALIVE)
    assert "/sites/linde/waiting?" in page.url and page.title() == "Je staat in de wachtrij · De Linde"
    before, about = page.locator(".waiting-before"), page.get_by_role("status")
    assert before.inner_text() == "Er zijn 3 mensen voor jou." and "ongeveer 3 minuten" in about.inner_text()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("window.stayed = true")  # a page that is loaded anew forgets it
    link = page.locator(".brand")
    link.focus()
    opening.pass_time(seconds=61)
    assert "come in" in others[1].get().text
    page.evaluate(MOVED)
    page.wait_for_function(
        "() => document.querySelector('.waiting-before')?.textContent === 'Er zijn 2 mensen voor jou.'"
    )
    assert page.evaluate("window.stayed && document.activeElement.matches('.brand')"), "the focus was taken away"
    for other in others[2:]:
        opening.pass_time(seconds=61)
        assert "come in" in other.get().text
    opening.pass_time(seconds=61)
    page.evaluate(MOVED)
    page.wait_for_url("**" + DOOR)
    assert page.inner_text("body") == "come in"


def test_what_is_read_out_changes_only_when_the_minutes_do(opening: Served, open_page: OpenPage) -> None:
    crowd(opening, 4)
    page = open_page("phone", tolerate=NO_ICON)
    page.goto(opening.base + DOOR)
    page.evaluate(ALIVE)
    page.evaluate(
        "window.said = 0; new MutationObserver((all) => { window.said += all.length; })"
        ".observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true })"
    )
    for _ in range(5):
        with page.expect_response("**/api/waiting?**"):
            page.evaluate(MOVED)
    page.wait_for_timeout(300)  # so long it may take to write the last answer
    assert page.evaluate("window.said") == 0


def test_a_phone_that_is_looked_at_while_an_answer_comes_asks_anew(opening: Served, open_page: OpenPage) -> None:
    crowd(opening, 1)
    page = open_page("phone", tolerate=NO_ICON)
    page.goto(opening.base + DOOR)
    page.evaluate(ALIVE)
    asked = page.evaluate("""async () => {
        let asked = 0, answer;
        const a_moment = () => new Promise((done) => setTimeout(done, 50));
        const until = async (all) => { for (let n = 0; n < 200 && asked < all; n += 1) await a_moment(); };
        const told = { ok: true, status: 200, json: async () => ({ again: 1000 }) };
        window.fetch = () => new Promise((done) => { asked += 1; answer = () => done(told); });
        document.dispatchEvent(new Event("visibilitychange"));
        await until(1);
        document.dispatchEvent(new Event("visibilitychange"));
        answer();
        await until(2);
        return asked;
    }""")
    assert asked == 2


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_before_the_opening_the_page_says_when_and_how(
    opening: Served, open_page: OpenPage, colour_scheme: str
) -> None:
    opening.world.now = OPENS - timedelta(minutes=10)
    page = open_page("phone", colour_scheme=colour_scheme)
    page.goto(opening.base + DOOR)
    assert page.get_by_role("status").inner_text() == "De verkoop start om 12:00."
    assert page.get_by_text("loting").is_visible() and axe(page) == []


def test_without_javascript_the_page_looks_by_itself_and_goes_on(opening: Served, open_page: OpenPage) -> None:
    crowd(opening, 1)
    opening.pass_time(seconds=59.5)
    page = open_page("phone", javascript=False, tolerate=NO_ICON)
    page.goto(opening.base + DOOR)
    assert page.locator(".waiting-before").inner_text() == "Jij bent de volgende."
    opening.pass_time(seconds=2)
    page.wait_for_url("**" + DOOR, timeout=15_000)
    assert page.inner_text("body") == "come in"


def test_without_javascript_the_page_can_be_kept_still_and_asked_by_hand(opening: Served, open_page: OpenPage) -> None:
    crowd(opening, 1)
    page = open_page("phone", javascript=False, tolerate=NO_ICON)
    page.goto(opening.base + DOOR)
    page.get_by_role("link", name="Ververs deze pagina niet vanzelf").click()
    assert "http-equiv" not in page.content()
    opening.pass_time(seconds=61)
    page.get_by_role("link", name="Kijk opnieuw").click()
    page.wait_for_url("**" + DOOR)


def test_what_only_shows_without_javascript_is_accessible_too(opening: Served, open_page: OpenPage) -> None:
    """axe itself is a script: so the page is shown as a browser without any would, and nothing of ours runs on it."""
    crowd(opening, 1)
    page = open_page("phone", tolerate="ERR_FAILED|Failed to load")

    def unwrapped(route: Any) -> None:
        got = route.fetch()
        text = re.sub(r"<noscript><meta[^>]*></noscript>|</?noscript>", "", got.text())
        route.fulfill(response=got, body=text)

    page.route("**/*.js", lambda route: route.abort())
    page.goto(opening.base + DOOR)
    page.route("**/waiting?**", unwrapped)
    page.goto(page.url)
    assert page.get_by_role("link", name="Kijk opnieuw").is_visible() and axe(page) == []


def test_a_place_that_is_not_known_here_says_what_to_do(opening: Served, open_page: OpenPage) -> None:
    crowd(opening, 1)
    page = open_page("phone", tolerate="403")
    page.goto(opening.base + DOOR)
    page.context.clear_cookies()
    page.reload()
    assert page.locator("h1").inner_text() == "Je staat niet (meer) in de wachtrij" and axe(page) == []
    page.get_by_role("link", name="Ga in de wachtrij staan").click()
    assert page.title() == "Je staat in de wachtrij · De Linde"


def test_a_moment_without_network_loses_nothing(opening: Served, open_page: OpenPage) -> None:
    crowd(opening, 1)
    page = open_page("phone", tolerate="ERR_INTERNET_DISCONNECTED|Failed to load")
    page.goto(opening.base + DOOR)
    page.evaluate(ALIVE)
    page.context.set_offline(True)
    page.evaluate(MOVED)
    page.wait_for_timeout(300)
    assert page.locator(".waiting-before").inner_text() == "Jij bent de volgende."
    page.context.set_offline(False)
    opening.pass_time(seconds=61)
    page.evaluate(MOVED)
    page.wait_for_url("**" + DOOR)
