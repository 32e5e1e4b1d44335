"""What a visit asks of the network, what it leaves behind, and what a page may do: nothing but what is ours."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.helpers import SHOWS, SITES, main_pages

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]

LISTEN = """window.violations = [];
document.addEventListener('securitypolicyviolation', e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI))"""
WATCH = """window.shifts = []; new PerformanceObserver(list => { for (const e of list.getEntries()) window.shifts.push(
[e.value, e.sources.map(s => s.node && (s.node.className || s.node.nodeName)).slice(0, 3)]) }).observe({type: 'layout-shift', buffered: true})"""


def test_a_visit_asks_nothing_of_others_and_leaves_nothing_behind(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone", tolerate="404")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    base = site_url("foelie")
    for path in (*main_pages("foelie"), "/fr/", "/fr/agenda/", "/contact/", "/genre/dans/", "/weg/"):
        page.goto(base + path, wait_until="networkidle")
        page.mouse.wheel(0, 4000)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(base).netloc}
    assert len(asked) > 30
    assert page.context.cookies() == []
    assert page.evaluate("[document.cookie, localStorage.length]") == ["", 0]
    (said,) = page.evaluate(
        "Object.entries(sessionStorage)"
    )  # until the tab is closed: what houses said, nothing of who asked
    assert said[0] == "live:/" and all(one.keys() == {"state", "until"} for one in json.loads(said[1]).values())


@pytest.mark.parametrize("site", SITES)
def test_nothing_on_a_page_needs_what_the_policy_forbids(site: str, site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone", tolerate="404")
    page.add_init_script(LISTEN)
    for path in (*main_pages(site), "/weg/", "/privacy/"):
        answer = page.goto(site_url(site) + path, wait_until="networkidle")
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert page.evaluate("window.violations") == [], path


def test_what_somebody_plants_in_a_page_does_not_run(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("desktop", tolerate="Content.Security.Policy|CSP")
    page.add_init_script(LISTEN)
    page.goto(site_url("foelie") + "/")
    page.evaluate(
        """() => { const script = document.createElement('script'); script.textContent = 'window.planted = true'; document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<p style="color: red" onclick="window.planted = true">x</p>');
        document.body.lastElementChild.click() }"""
    )
    page.wait_for_function("() => window.violations.length >= 2")
    assert page.evaluate("window.planted") is None


@pytest.mark.only_browser("chromium")
def test_a_page_is_fetched_before_it_is_asked_for_wherever_the_site_stands(
    site_url: SiteUrl, open_page: OpenPage
) -> None:
    own = site_url("meerstoel")
    for base in (own, own.replace("meerstoel.localhost", "127.0.0.1") + "/sites/meerstoel"):
        page = open_page("desktop")
        fetched: list[str] = []
        session = page.context.new_cdp_session(page)
        session.send("Preload.enable")
        session.on("Preload.prefetchStatusUpdated", lambda event, seen=fetched: seen.append(event["prefetchUrl"]))
        page.goto(base + "/agenda/", wait_until="networkidle")
        link = page.locator(".row-title a").first
        link.hover()
        for _ in range(50):
            if fetched:
                break
            page.wait_for_timeout(100)
        assert fetched[0] == link.evaluate("a => a.href")


def slowly(route: Any) -> None:
    """A letter type that comes after the page was shown."""
    time.sleep(0.8)
    route.continue_()


@pytest.mark.only_browser("chromium")  # Firefox does not report layout shifts
@pytest.mark.parametrize("site", SITES)
def test_nothing_moves_on_a_slow_phone_whose_letters_come_late(
    site: str, site_url: SiteUrl, open_page: OpenPage
) -> None:
    page = open_page("phone")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000,
    })  # fmt: skip
    session.send("Emulation.setCPUThrottlingRate", {"rate": 2})
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.route("**/*.woff2", slowly)
    page.add_init_script(WATCH)
    for path in ("/", "/agenda/", f"/programma/{SHOWS[site]}/"):
        page.goto(site_url(site) + path, wait_until="networkidle")
        page.wait_for_timeout(300)
        assert page.evaluate("window.shifts") == [], path
        assert page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').length") >= 2, (
            "the letters did come"
        )
    page.evaluate(
        "document.querySelector('main').prepend(Object.assign(document.createElement('h2'), {innerText: 'plots'}))"
    )
    page.wait_for_function("() => window.shifts.length > 0")  # so a shift would have been seen
