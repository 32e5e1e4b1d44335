"""Choosing in a real browser: the nearest first on a tap, what has begun goes, a curator's list without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]

KLOKZEEL = {"latitude": 51.5398, "longitude": 2.9342}


def kilometres(page: Any) -> list[list[str]]:
    """The distances of each day, in the order they are shown."""
    return page.eval_on_selector_all(
        ".day:not([hidden])", "days => days.map(d => [...d.querySelectorAll('.row-far')].map(e => e.textContent))"
    )


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_a_tap_sorts_each_day_by_distance_and_says_so(site_url: SiteUrl, open_page: OpenPage, screen: str) -> None:
    page = open_page(screen, geolocation=KLOKZEEL, permissions=["geolocation"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.set_fixed_time("2026-11-22T09:00:00+01:00")
    page.goto(site_url("langsdeelve") + "/last-minute/")
    button = page.get_by_role("button", name="Dichtstbij eerst")
    button.wait_for()
    before = len(asked)
    page.keyboard.press("Tab")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="dichtstbije").wait_for()
    days = kilometres(page)
    numbers = [[0 if "<" in text else int("".join(c for c in text if c.isdigit())) for text in day] for day in days]
    assert any(len(set(day)) > 1 for day in numbers)
    assert all(day == sorted(day) for day in numbers)
    assert not [url for url in asked[before:] if "51.5" in url or "2.93" in url]
    assert page.evaluate("localStorage.length + document.cookie.length") == 0
    assert all(key.startswith("live:") for key in page.evaluate("Object.keys(sessionStorage)"))
    assert "51.5" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_who_gives_no_position_is_told_and_keeps_the_list(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone", permissions=[])
    page.clock.set_fixed_time("2026-11-22T09:00:00+01:00")
    page.goto(site_url("langsdeelve") + "/last-minute/")
    rows = page.locator(".row:visible").count()
    page.get_by_role("button", name="Dichtstbij eerst").click()
    page.get_by_role("status").filter(has_text="niet waar je bent").wait_for()
    assert page.locator(".row:visible").count() == rows > 5


def test_what_has_begun_goes_and_an_emptied_page_says_so(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    page.clock.set_fixed_time("2026-11-23T22:00:00+01:00")
    page.goto(site_url("langsdeelve") + "/last-minute/")
    page.get_by_role("button", name="Dichtstbij eerst").wait_for()
    visible = page.eval_on_selector_all(".row:not([hidden]) time", "all => all.map(e => e.dateTime)")
    assert visible and all(moment > "2026-11-23T22" for moment in visible)
    assert not page.locator("[data-when-empty]").is_visible()
    page.clock.set_fixed_time("2026-12-24T10:00:00+01:00")
    page.reload()
    page.locator("[data-when-empty]").wait_for(state="visible")
    assert page.locator(".row:visible").count() == 0


def test_without_javascript_the_lists_and_the_last_minute_page_are_whole(
    site_url: SiteUrl, open_page: OpenPage
) -> None:
    page = open_page("phone", javascript=False)
    page.goto(site_url("foelie") + "/en/last-minute/")
    assert page.locator(".row:visible").count() > 2
    assert not page.locator("last-minute").is_visible()
    page.goto(site_url("foelie") + "/en/")
    page.get_by_role("link", name="Without words").click()
    page.wait_for_url("**/en/lists/zonder-woorden/")
    assert page.get_by_text("Nobody explains what").is_visible()
    page.locator(".pick a").first.click()
    page.wait_for_url("**/en/programme/zout/")
    assert page.locator(".chosen").get_by_text("Nobody explains what").is_visible()


def test_a_tip_whose_date_is_past_goes_with_its_reason(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto(site_url("meerstoel") + "/programma/de-laatste-overzet/")
    page.clock.set_fixed_time("2026-11-22T09:00:00+01:00")
    page.reload()
    before = page.locator(".tip-why:visible").count()
    page.clock.set_fixed_time("2027-09-01T09:00:00+02:00")
    page.reload()
    page.wait_for_function("() => document.querySelector('.card[hidden]')")
    assert page.locator(".tip-why:visible").count() < before
