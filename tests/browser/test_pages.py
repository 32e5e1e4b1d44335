"""The demo in a real browser: on a phone and on a desktop, in light and dark, by keyboard, without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.axe import axe
from tests.browser.conftest import SCREENS
from tests.browser.helpers import set_scheme
from tests.browser.shapes import EVERY_PAGE, covering
from tests.shop import Shop

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]


COLOURS = ("color-contrast", "link-in-text-block")
"""What the colour scheme can change; every other rule of WCAG 2.2 A and AA is asked in light."""


def address(site_url: SiteUrl, name: str) -> str:
    site, _, path = name.partition("/")
    return f"{site_url(site)}/{path}"


@pytest.mark.timeout(7200)
def test_pages_are_accessible_in_order_and_narrow_on_every_screen_in_light_and_dark(
    demo_shop: Shop, site_url: SiteUrl, open_page: OpenPage, browser_name: str
) -> None:
    """All at once, for to open a page takes longer than to look at it.

    Colours cost most of the time: they are judged in light on the one screen and in dark on the other, on all four when every single
    page is looked at (ETALAGE_AXE=all), and the build itself judges each pair of colours of a look.
    """
    page = open_page("desktop")
    wrong: list[str] = []
    names = covering(demo_shop.output)
    for name in names:
        page.set_viewport_size(SCREENS["desktop"]["viewport"])
        page.goto(address(site_url, name))
        wrong += [f"{name}: {words}" for words in disorder(page)]
        for screen in ("desktop", "phone"):
            page.set_viewport_size(SCREENS[screen]["viewport"])
            for scheme in ("light", "dark"):
                judged = EVERY_PAGE or (screen, scheme) in (("desktop", "light"), ("phone", "dark"))
                if scheme == "dark" and not judged:
                    continue
                set_scheme(page, scheme, browser_name)
                found = axe(page, only=COLOURS if scheme == "dark" else (), without=() if judged else COLOURS)
                wrong += [f"{name} {screen} {scheme}: {v.rule} {v.where} {v.advice}" for v in found]
            wrong += [f"{name} {screen}: scrolls sideways"] if is_too_wide(page) else []
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{name}: scrolls sideways at 320 pixels"] if is_too_wide(page) else []
    print(f"axe looked at {len(names)} pages")
    assert not wrong, "\n".join(wrong[:20])


def is_too_wide(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def disorder(page: Any) -> list[str]:
    """Headings that skip a level, and landmarks that are missing or there twice."""
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    found = []
    if levels.count(1) != 1 or any(b > a + 1 for a, b in zip([0, *levels], levels, strict=False)):
        found.append(f"headings {levels}")
    counts = {landmark: page.locator(f"body > {landmark}").count() for landmark in ("header", "main", "footer")}
    if page.locator("html.is-screen, html.is-embed").count():  # they stand alone, or in another page
        counts = {"main": counts["main"]}
    return found + [f"{count} of {landmark}" for landmark, count in counts.items() if count != 1]


def test_targets_are_large_enough_for_a_thumb(site_url: SiteUrl, open_page: OpenPage) -> None:
    """WCAG 2.2 2.5.8: 24 px, or in a sentence, or with room around it; ours are held to 24 px outside of running text."""
    page = open_page("phone")
    for path in ("/", "/agenda/"):
        page.goto(site_url("langsdeelve") + path)
        small = page.evaluate(
            """() => [...document.querySelectorAll('a, button, summary, input')]
            .filter(e => e.checkVisibility() && !e.closest('p, .prose, dd') && !e.matches('.skip'))
            .map(e => [e.textContent.trim().slice(0, 40), e.getBoundingClientRect()])
            .filter(([, r]) => r.width && (r.height < 24 || r.width < 24)).map(([t, r]) => `${t} ${r.width}x${r.height}`)"""
        )
        assert small == []


def test_a_keyboard_reaches_a_show_and_the_skip_link_comes_first(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("desktop")
    page.goto(site_url("meerstoel") + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("document.activeElement.checkVisibility()")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    for _ in range(60):
        page.keyboard.press("Tab")
        href = page.evaluate("document.activeElement.getAttribute('href') || ''")
        if "programma/" in href:
            break
    assert "programma/" in href
    outline = page.evaluate(
        "(s => s.outlineStyle + s.outlineWidth + s.boxShadow)(getComputedStyle(document.activeElement))"
    )
    assert outline != "none0pxnone"
    page.keyboard.press("Enter")
    page.wait_for_url("**/programma/**")
    assert page.locator("h1").count() == 1


def test_the_agenda_can_be_used_without_javascript(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone", javascript=False)
    page.goto(site_url("langsdeelve") + "/")
    page.get_by_role("link", name="Agenda").first.click()
    page.wait_for_url("**/agenda/")
    first = page.locator("main a[href*='programma/']:visible").first
    address = first.get_attribute("href")
    first.click()
    page.wait_for_url(f"**/{address.rpartition('../')[2]}")
    assert page.locator("h1").inner_text().strip()


def test_a_visitor_switches_language_and_stays_on_the_show(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto(site_url("foelie") + "/")
    page.locator("main a[href*='programma/']").first.click()
    page.wait_for_url("**/programma/**")
    slug = page.url.rstrip("/").rpartition("/")[2]
    page.locator("a[hreflang=fr]").first.click()
    page.wait_for_url(f"**/fr/programme/{slug}/")
    assert page.evaluate("document.documentElement.lang") == "fr"


def test_a_page_that_is_not_there_leads_back(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone", tolerate="404")
    for base in (
        site_url("klokzeel"),
        site_url("klokzeel").replace("klokzeel.localhost", "127.0.0.1") + "/sites/klokzeel",
    ):
        answer = page.goto(base + "/programma/bestaat/niet/")
        assert answer.status == 404
        page.locator("main a").first.click()
        page.wait_for_load_state()
        assert page.locator("h1").count() == 1 and page.url.startswith(base)


def test_nothing_moves_while_a_page_loads(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    for path in ("/", "/agenda/"):
        page.goto(site_url("meerstoel") + path, wait_until="networkidle")
        shift = page.evaluate(
            """() => new Promise(done => { let total = 0; new PerformanceObserver(list => {
                for (const e of list.getEntries()) total += e.value }).observe({type: 'layout-shift', buffered: true});
                setTimeout(() => done(total), 300) })"""
        )
        assert shift < 0.01
