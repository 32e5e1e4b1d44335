"""Journeys that visitors make with a keyboard alone: where the focus goes, that it is seen, and where they arrive."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.browser.helpers import ring, tab_to

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]


def test_from_the_skip_link_to_the_agenda_a_show_and_ones_own_calendar(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("desktop")
    page.goto(site_url("meerstoel") + "/")
    tab_to(page, lambda name, href: href == "#main", most=1)
    page.keyboard.press("Enter")
    tab_to(page, lambda name, href: href.endswith("agenda/"))
    assert page.evaluate("!!document.activeElement.closest('main')"), "the skip link passes the menu by"
    page.keyboard.press("Enter")
    page.wait_for_url("**/agenda/")
    tab_to(page, lambda name, href: href == "#main", most=1)
    page.keyboard.press("Enter")
    title = tab_to(page, lambda name, href: "programma/" in href)
    assert ring(page) >= 2
    page.keyboard.press("Enter")
    page.wait_for_url("**/programma/**")
    assert page.locator("h1").inner_text().casefold() == title.casefold()
    tab_to(page, lambda name, href: href.endswith(".ics"))
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    assert "BEGIN:VCALENDAR" in coming.value.path().read_text("utf-8")


def test_to_another_language_and_still_at_the_same_show(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto(site_url("foelie") + "/programma/zout/")
    tab_to(page, lambda name, href: name == "Français")
    assert ring(page) >= 2
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/programme/**")
    assert page.evaluate("document.documentElement.lang") == "fr"
    tab_to(page, lambda name, href: name == "English")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/**")
    assert page.locator("nav.languages [aria-current=page]").inner_text() == "English"


def test_along_the_date_strip_to_what_is_on_that_day(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto(site_url("langsdeelve") + "/agenda/")
    chips: list[str] = []

    def third(name: str, href: str) -> bool:
        chips.extend([href] if href.startswith("#d2") else [])
        return len(chips) == 3

    tab_to(page, third)
    assert ring(page) >= 2
    box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
    assert box["left"] >= 0 and box["right"] <= page.evaluate("innerWidth"), "the strip follows the keyboard"
    page.keyboard.press("Enter")
    page.wait_for_function("hash => location.hash === hash", arg=chips[-1])
    tab_to(page, lambda name, href: True, most=1)
    assert page.evaluate("document.activeElement.closest('.day')?.id") == chips[-1].removeprefix("#")
    covered = page.evaluate(
        """() => { const head = document.activeElement.closest('.day').querySelector('.day-head').getBoundingClientRect();
        return document.activeElement.getBoundingClientRect().top < head.bottom - 1 }"""
    )
    assert not covered, "the day's sticky name lies over what the keyboard is at"


def test_through_a_long_list_page_by_page(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("desktop")
    page.goto(site_url("langsdeelve") + "/agenda/")
    tab_to(page, lambda name, href: page.evaluate("document.activeElement.rel") == "next", most=300)
    page.keyboard.press("Enter")
    page.wait_for_url("**/agenda/2*/**")
    first = page.url
    tab_to(page, lambda name, href: page.evaluate("document.activeElement.rel") == "next", most=300)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    tab_to(page, lambda name, href: page.evaluate("document.activeElement.rel") == "prev", most=300)
    page.keyboard.press("Enter")
    page.wait_for_url(first)


def test_the_menu_of_a_phone_opens_and_leads_on(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto(site_url("klokzeel") + "/")
    tab_to(page, lambda name, href: name == "Menu", most=10)
    assert ring(page) >= 2
    page.keyboard.press("Enter")
    assert page.locator(".site-nav-menu").get_attribute("open") is not None
    inside = page.locator(".site-nav-menu a").all_inner_texts()
    for expected in inside:  # in the order in which they stand, and nothing else between
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText.trim()") == expected.strip()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.locator("h1").inner_text().casefold() == inside[-1].strip().casefold()


def test_the_focus_goes_down_the_page_as_the_eye_does(site_url: SiteUrl, open_page: OpenPage) -> None:
    for path in ("/", "/agenda/", "/programma/wachtlijn/"):
        page = open_page("phone")
        page.goto(site_url("meerstoel") + path)
        tops: list[tuple[str, float]] = []
        for _ in range(30):
            page.keyboard.press("Tab")
            region, top = page.evaluate(
                """() => { const e = document.activeElement;
                return [e.closest('header.site-head, main, footer.site-foot')?.tagName || '', e.getBoundingClientRect().top + scrollY] }"""
            )
            tops.append((region, top))
        order = [region for region, _ in tops if region]
        assert order == sorted(order, key=["HEADER", "MAIN", "FOOTER"].index), path
        inside = [top for region, top in tops if region == "MAIN"]
        back = [(a, b) for a, b in pairwise(inside) if b < a - 40]
        assert not back, (path, back)
