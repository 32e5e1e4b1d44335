"""The look where it is strained: every component in every house, its states, large letters, forced colours, paper."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.axe import axe
from tests.browser.conftest import SCREENS
from tests.browser.helpers import COLOURS, SITES, main_pages, set_scheme

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]
STATES = {
    "menu open": "for (const d of document.querySelectorAll('.site-nav-menu')) d.open = true",
    "all open": "for (const d of document.querySelectorAll('main details')) d.open = true",
    "over": "for (const e of document.querySelectorAll('.card, .row')) e.classList.add('is-over')",
}


@pytest.mark.parametrize("site", SITES)
def test_every_example_of_every_component_is_accessible_in_the_colours_of_each_house(
    site: str, site_url: SiteUrl, open_page: OpenPage, browser_name: str
) -> None:
    page = open_page("desktop")
    page.goto(site_url(site) + "/gallery/")
    assert page.locator("[data-component]").count() > 12
    wrong = []
    for screen in SCREENS:
        page.set_viewport_size(SCREENS[screen]["viewport"])
        for scheme in ("light", "dark"):
            set_scheme(page, scheme, browser_name)
            found = axe(page, only=() if (screen, scheme) == ("desktop", "light") else COLOURS)
            wrong += [f"{screen} {scheme}: {v.rule} {v.where} {v.advice}" for v in found]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{screen}: scrolls sideways")
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("state", STATES)
def test_pages_are_accessible_in_every_state(
    state: str, site_url: SiteUrl, open_page: OpenPage, browser_name: str
) -> None:
    page = open_page("phone")
    for path in ("/agenda/", "/programma/zee-zonder-kust/", "/gallery/"):
        page.goto(site_url("meerstoel") + path)
        page.evaluate(STATES[state])
        for scheme in ("light", "dark"):
            set_scheme(page, scheme, browser_name)
            assert axe(page) == [], (path, scheme)


@pytest.mark.parametrize("site", SITES)
def test_letters_of_twice_the_size_need_no_scrolling_sideways(
    site: str, site_url: SiteUrl, open_page: OpenPage
) -> None:
    page = open_page("phone", viewport={"width": 320, "height": 640})
    wrong = []
    for path in main_pages(site):
        page.goto(site_url(site) + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = page.evaluate("document.documentElement.scrollWidth")
        cut = page.evaluate(
            """() => [...document.querySelectorAll('h1, h2, h3, .button, .badge, .card-when, .row-hour, .brand')]
            .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== 'visible')
            .map(e => e.className + ' ' + e.innerText.slice(0, 30))"""
        )
        wrong += [f"{path}: {wide} px wide"] * (wide > 320) + [f"{path}: cut off: {cut}"] * bool(cut)
    assert not wrong, "\n".join(wrong)


def test_zoomed_to_400_percent_a_page_reads_from_top_to_bottom(site_url: SiteUrl, open_page: OpenPage) -> None:
    """WCAG 2.2, 1.4.10: 1280 × 1024 at 400 % is 320 × 256; what sticks may not fill such a window."""
    page = open_page("desktop", viewport={"width": 320, "height": 256})
    for site in SITES:
        page.goto(site_url(site) + "/agenda/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(50)
        sticky = page.evaluate(
            """() => [...document.querySelectorAll('.day-head')].map(e => e.getBoundingClientRect())
            .filter(r => r.top <= 0 && r.bottom > 0).reduce((sum, r) => sum + r.height, 0)"""
        )
        assert sticky <= 256 / 3


@pytest.mark.only_browser("chromium")
def test_in_forced_colours_everything_that_says_something_is_still_there(
    site_url: SiteUrl, open_page: OpenPage
) -> None:
    page = open_page("phone")
    page.emulate_media(forced_colors="active")
    page.goto(site_url("langsdeelve") + "/agenda/")
    style = "(e, name) => getComputedStyle(e)[name]"
    today = page.locator(".strip-today > a")
    other = page.locator(".strip-days > li:not(.strip-today) > a").first
    assert today.evaluate("e => getComputedStyle(e).borderInlineEndWidth") != other.evaluate(
        "e => getComputedStyle(e).borderInlineEndWidth"
    )
    assert page.locator(".button").first.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)") >= 1
    badge = page.locator(".badge").first.evaluate(
        "e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e).borderTopColor]"
    )
    assert badge[0] == "solid" and badge[1] != "rgba(0, 0, 0, 0)"
    logo = page.locator(".brand-logo").evaluate(f"e => ({style})(e, 'fill')")
    assert logo == page.locator(".brand").evaluate("e => getComputedStyle(e).color")
    assert axe(page, without=COLOURS) == []  # axe reads the colours that were asked for, not those that are forced


@pytest.mark.only_browser("chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_prints_as_a_leaflet(scheme: str, site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("desktop", colour_scheme=scheme, viewport={"width": 688, "height": 1017})
    for site, path in (("klokzeel", "/agenda/"), ("meerstoel", "/programma/wachtlijn/"), ("langsdeelve", "/")):
        page.goto(site_url(site) + path, wait_until="networkidle")
        page.emulate_media(media="print", color_scheme=scheme)
        for gone in (".site-nav", ".languages", ".strip", ".steps", ".pager", ".at-a-glance", ".site-foot nav"):
            assert not any(page.locator(gone).evaluate_all("all => all.map(e => e.checkVisibility())")), (site, gone)
        assert page.locator("h1").is_visible() and page.locator(".on-paper").inner_text()
        ground, ink = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        assert ground in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)") and ink == "rgb(0, 0, 0)"
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
        assert 1 <= sheets <= 4, (site, sheets)
        page.emulate_media(media="screen")
    page.goto(site_url("klokzeel") + "/agenda/")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.days')).columnCount") == "2"
    assert page.locator(".ongoing li").first.is_visible(), "what is folded on a screen is read on paper"


def test_pages_fade_into_each_other_only_for_who_likes_motion(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("desktop")
    page.goto(site_url("foelie") + "/")
    found = page.evaluate(
        """() => { const found = []; const walk = (rules, around) => { for (const rule of rules) {
            if (rule.constructor.name === 'CSSViewTransitionRule') found.push(around.join(' '));
            else if (rule.cssRules) walk(rule.cssRules, [...around, rule.conditionText || '']) } };
            for (const sheet of document.styleSheets) walk(sheet.cssRules, []); return found }"""
    )
    assert len(found) <= 1 and all("prefers-reduced-motion: no-preference" in each for each in found)
    supported = page.evaluate("typeof CSSViewTransitionRule !== 'undefined'")
    assert bool(found) is supported
