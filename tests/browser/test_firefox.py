"""What Chromium is asked of every page, Firefox is asked of the main ones, in every run; `make e2e ENGINE=firefox` asks it all.

A newcomer's trap: a stock Firefox is driven over WebDriver BiDi, which knows no colour scheme; see helpers.set_scheme.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.axe import axe
from tests.browser.conftest import SCREENS
from tests.browser.helpers import COLOURS, SITES, live_on, main_pages, set_scheme
from tests.browser.test_counter import buy, counter, dates  # noqa: F401 - two fixtures
from tests.browser.test_network import LISTEN

LEFT = "error loading dynamically imported module"

SiteUrl = Callable[[str], str]
pytestmark = pytest.mark.only_browser("chromium")  # with --browser firefox, all the other tests are these


def listen(page: Any) -> list[str]:
    """What scripts throw. Who goes on before a script has come is told so by Firefox; that is no trouble for anybody."""
    said: list[str] = []
    page.on("pageerror", lambda error: None if LEFT in str(error) else said.append(str(error)))
    return said


@pytest.mark.timeout(300)
@pytest.mark.parametrize("site", SITES)
def test_firefox_shows_the_main_pages_as_accessible_and_breaks_no_policy(
    site: str, firefox: Any, site_url: SiteUrl
) -> None:
    context = firefox.new_context(
        viewport=SCREENS["phone"]["viewport"],
        locale="nl-BE",
        reduced_motion="reduce",
        service_workers="block",  # as in conftest.open_page; the worker has its own story below
    )
    page = live_on(context).new_page()
    page.add_init_script(LISTEN)
    said = listen(page)
    wrong = []
    for path in main_pages(site):
        page.goto(site_url(site) + path)
        if path == "/gallery/":
            page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        grounds = set()
        for scheme in ("light", "dark"):
            set_scheme(page, scheme, "firefox")
            grounds.add(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
            wrong += [
                f"{path} {scheme}: {v.rule} {v.where} {v.advice}"
                for v in axe(page, only=() if scheme == "light" else COLOURS)
            ]
        assert len(grounds) == 2, "dark is dark"
        wrong += [f"{path}: {each}" for each in page.evaluate("window.violations")]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{path}: scrolls sideways")
    context.close()
    assert not wrong + said, "\n".join((wrong + said)[:20])


def test_firefox_keeps_what_was_seen(firefox: Any, site_url: SiteUrl) -> None:
    context = firefox.new_context(viewport=SCREENS["phone"]["viewport"], locale="nl-BE")
    page = live_on(context).new_page()
    page.goto(site_url("foelie") + "/agenda/")
    page.wait_for_function("() => navigator.serviceWorker.ready.then(one => one.active.state === 'activated')")
    page.goto(site_url("foelie") + "/toegankelijkheid/")
    page.wait_for_function(
        "() => caches.keys().then(names => Promise.all(names.map(one => caches.open(one).then(c => c.keys()))))"
        ".then(all => all.flat().some(one => one.url.endsWith('/toegankelijkheid/')))"
    )
    context.close()


def test_firefox_says_what_is_left_and_what_is_in_the_basket(firefox: Any, site_url: SiteUrl) -> None:
    context = firefox.new_context(viewport=SCREENS["phone"]["viewport"], locale="nl-BE", service_workers="block")
    page = live_on(context).new_page()
    said = listen(page)
    page.goto(site_url("meerstoel") + "/programma/wachtlijn/")
    page.wait_for_function("() => Object.keys(sessionStorage).some(key => key.startsWith('live:'))")
    full, left = (page.locator(f'.buy[data-live="toml:meerstoel/wachtlijn/{number}"]') for number in (1, 3))
    assert full.locator(".stock").inner_text() == "Uitverkocht" and not full.locator(".button").is_visible()
    assert left.get_by_role("link", name="Tickets").is_visible()
    assert not page.locator(".basket-way").is_visible()
    page.evaluate("document.cookie = 'basket_count=2; path=/'")
    page.reload()
    page.locator(".basket-way").wait_for()
    assert page.locator(".basket-count").inner_text() == "2" and said == []


def test_firefox_buys_tickets_of_two_houses(firefox: Any, counter: str, dates: tuple[str, str]) -> None:
    context = firefox.new_context(viewport=SCREENS["phone"]["viewport"], locale="nl-BE", reduced_motion="reduce")
    page = live_on(context).new_page()
    said = listen(page)
    page.add_init_script(LISTEN)
    buy(page, counter, dates)
    assert (page.evaluate("window.violations"), said) == ([], [])
    context.close()
