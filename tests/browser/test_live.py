"""Stories of static pages that tell the truth of this minute: what is left, in its place, and never a promise that nobody made."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.axe import axe
from tests.browser.helpers import COLOURS, set_scheme
from tests.shop import Shop

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]

WACHTLIJN = "toml:meerstoel/wachtlijn/"
"""A production with two dates that were sold out when the page was built, and one with the last tickets."""
SHIFTS = """window.moved = []; new PerformanceObserver(seen => window.moved.push(...seen.getEntries().map(
    e => e.value + ' ' + e.sources.map(s => s.node?.outerHTML?.slice(0, 80)).join(', '))))
    .observe({type: 'layout-shift', buffered: true})"""
LETTERS = "document.fonts.ready.then(() => 0)"
"""A letter of the house may come after the first picture, and be a hair wider than the one before it."""
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"


class House:
    """Answers for the houses: `said` per id, "plenty" for all others, good for so many seconds; `asked` are the ids of each question."""

    def __init__(self, page: Any, said: Mapping[str, str] | None = None, status: int = 200) -> None:
        self.said, self.status, self.asked, self.good = dict(said or {}), status, [], 20
        page.add_init_script(SHIFTS)
        page.route(re.compile(r"/api/availability\?"), self._answer)

    def _answer(self, route: Any) -> None:
        ids = parse_qs(urlsplit(route.request.url).query)["p"]
        self.asked.append(ids)
        told = {
            one: {"state": self.said.get(one, "plenty"), "free": None, "as_of": "2026-11-22T12:00:00+00:00"}
            for one in ids
        }
        route.fulfill(
            status=self.status, content_type="application/json", body=json.dumps(told if self.status == 200 else {}),
            headers={"cache-control": f"public, max-age={self.good}"},
        )  # fmt: skip


def answered(page: Any) -> None:
    """Wait until the answer stands on the page."""
    page.wait_for_function("() => Object.keys(sessionStorage).some(key => key.startsWith('live:'))")


def line(page: Any, identity: str) -> Any:
    return page.locator(f'.buy[data-live="{identity}"]')


def wachtlijn(page: Any, site_url: SiteUrl) -> None:
    page.goto(site_url("meerstoel") + "/programma/wachtlijn/")
    answered(page)


def test_what_is_left_comes_with_one_question_and_moves_nothing(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    house = House(page, {f"{WACHTLIJN}2": "few", f"{WACHTLIJN}3": "none"})
    wachtlijn(page, site_url)
    returned, last, gone = (line(page, f"{WACHTLIJN}{number}") for number in (1, 2, 3))
    assert returned.locator(".stock").inner_text() == "" and returned.get_by_role("link").is_visible()
    assert last.locator(".stock").inner_text() == "Laatste tickets" and last.get_by_role("link").is_visible()
    assert gone.locator(".stock").inner_text() == "Uitverkocht" and not gone.locator(".button").is_visible()
    assert len(house.asked) == 1 and {f"{WACHTLIJN}{number}" for number in (1, 2, 3)} <= set(house.asked[0])
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(300)
    assert len(house.asked) == 1 and page.evaluate("window.moved") == []


def test_a_house_that_is_silent_promises_nothing(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone", tolerate="503")
    House(page, status=503)
    wachtlijn(page, site_url)
    assert line(page, f"{WACHTLIJN}1").locator(".stock").inner_text() == "Uitverkocht"
    last = line(page, f"{WACHTLIJN}3")
    assert last.locator(".stock").inner_text() == "Bekijk in de winkel" and last.get_by_role("link").is_visible()
    assert page.evaluate("window.moved") == []


def test_without_javascript_it_says_what_was_known_when_it_was_built(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone", javascript=False)
    page.goto(site_url("meerstoel") + "/programma/wachtlijn/")
    assert line(page, f"{WACHTLIJN}1").locator(".stock").inner_text() == "Uitverkocht"
    assert not line(page, f"{WACHTLIJN}1").locator(".button").is_visible()
    assert line(page, f"{WACHTLIJN}3").locator(".stock").inner_text() == "Laatste tickets"
    way = line(page, f"{WACHTLIJN}3").get_by_role("link").get_attribute("href")
    assert way == f"../../choose?p={WACHTLIJN}3"


def test_who_comes_back_within_twenty_seconds_is_told_the_same_without_a_question(
    site_url: SiteUrl, open_page: OpenPage
) -> None:
    page = open_page("phone")
    house = House(page, {f"{WACHTLIJN}3": "none"})
    wachtlijn(page, site_url)
    page.reload()
    page.wait_for_function(
        "id => document.querySelector(`.buy[data-live='${id}'] .button`).hidden", arg=f"{WACHTLIJN}3"
    )
    assert len(house.asked) == 1


def test_a_page_that_is_looked_at_asks_again_when_the_answer_has_lapsed(site_url: SiteUrl, open_page: OpenPage) -> None:
    """As often as the answer says, never while nobody looks, and only what changed changes on the page."""
    page = open_page("phone")
    house = House(page, {f"{WACHTLIJN}2": "few", f"{WACHTLIJN}3": "few"})
    page.clock.install(time="2026-11-22T12:00:00+01:00")
    wachtlijn(page, site_url)
    last, gone = (line(page, f"{WACHTLIJN}{number}").locator(".stock") for number in (2, 3))
    page.evaluate("document.querySelectorAll('.stock .badge').forEach(one => one.dataset.was = 'here')")
    house.said[f"{WACHTLIJN}3"], house.good = "none", 50
    page.clock.run_for(19_000)
    assert len(house.asked) == 1 and gone.inner_text() == "Laatste tickets"
    page.clock.run_for(2_000)
    page.wait_for_function(
        "id => document.querySelector(`.buy[data-live='${id}'] .button`).hidden", arg=f"{WACHTLIJN}3"
    )
    assert gone.inner_text() == "Uitverkocht" and last.locator("[data-was]").inner_text() == "Laatste tickets"
    page.clock.run_for(45_000)
    assert len(house.asked) == 2, "this answer was good for longer"

    def show(hidden: bool) -> None:
        page.evaluate(
            f"Object.defineProperty(document, 'hidden', {{value: {str(hidden).lower()}, configurable: true}})"
        )
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    show(hidden=True)
    page.clock.run_for(300_000)
    assert len(house.asked) == 2, "nobody looks"
    house.said[f"{WACHTLIJN}2"] = "none"
    show(hidden=False)
    page.wait_for_function(
        "id => document.querySelector(`.buy[data-live='${id}'] .button`).hidden", arg=f"{WACHTLIJN}2"
    )
    assert len(house.asked) == 3


def test_who_saves_data_is_asked_for_none(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    house = House(page)
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    page.goto(site_url("meerstoel") + "/programma/wachtlijn/")
    page.wait_for_load_state("networkidle")
    assert house.asked == [] and line(page, f"{WACHTLIJN}3").locator(".stock").inner_text() == "Laatste tickets"


def test_the_keyboard_is_not_lost_when_the_button_goes(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("desktop")
    house = House(page, {f"{WACHTLIJN}3": "few"})
    wachtlijn(page, site_url)
    line(page, f"{WACHTLIJN}3").get_by_role("link").focus()
    house.said[f"{WACHTLIJN}3"] = "none"
    page.evaluate("sessionStorage.clear(); document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => document.activeElement?.textContent === 'Uitverkocht'")


def test_the_sale_opens_while_the_page_is_old(demo_shop: Shop, site_url: SiteUrl, open_page: OpenPage) -> None:
    pages = {path: path.read_text("utf-8") for path in sorted(demo_shop.output.glob("*/programma/*/index.html"))}
    path, text = next(
        (path, text) for path, text in pages.items() if 'data-opens="' in text.partition('id="related"')[0]
    )
    identity, opens = re.search(r'class="performance-buy buy" data-live="([^"]+)" data-opens="([^"]+)"', text).groups()
    site, show = path.parts[-4], path.parts[-2]
    for day, before in (("2026-11-22T12:00:00+01:00", True), (opens, False)):
        page = open_page("phone")
        House(page, {identity: "none" if before else "plenty"})
        page.clock.set_fixed_time(day)
        page.goto(f"{site_url(site)}/programma/{show}/")
        answered(page)
        assert line(page, identity).locator(".stock").inner_text().startswith("In verkoop vanaf") == before
        assert line(page, identity).get_by_role("link").count() == (0 if before else 1)
        assert page.evaluate("window.moved") == []


def test_a_list_says_it_over_the_picture_of_what_is_sold_through_us(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    house = House(page)
    page.goto(site_url("langsdeelve") + "/agenda/")
    answered(page)
    asked = house.asked[0]
    assert len(asked) <= 60 and {one.partition(":")[2].partition("/")[0] for one in asked} <= {"meerstoel", "foelie"}
    first = next(
        one
        for one in page.eval_on_selector_all(
            ".row[data-live]:not([hidden]):not(.is-over)", "all => all.map(e => e.dataset.live)"
        )
        if one in asked
    )
    again = open_page("phone")
    House(again, {first: "few"})
    again.goto(site_url("langsdeelve") + "/agenda/")
    answered(again)
    badge = again.locator(f'.row[data-live="{first}"] > .stock')
    assert badge.inner_text() == "Laatste tickets"
    assert again.evaluate("window.moved") == []


@pytest.mark.parametrize("state", ["few", "none", "unknown", "plenty"])
def test_every_answer_is_accessible_in_light_and_dark(
    site_url: SiteUrl, open_page: OpenPage, browser_name: str, state: str
) -> None:
    page = open_page("phone")
    House(page, {f"{WACHTLIJN}{number}": state for number in (1, 2, 3)})
    wachtlijn(page, site_url)
    for scheme in ("light", "dark"):
        set_scheme(page, scheme, browser_name)
        assert axe(page, only=() if scheme == "light" else COLOURS) == []


def test_a_browser_is_answered_by_the_houses_themselves(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    with page.expect_response(re.compile(r"/api/availability\?")) as coming:
        page.goto(site_url("meerstoel") + "/programma/wachtlijn/")
    told = coming.value.json()
    assert told[f"{WACHTLIJN}1"]["state"] == "none" and told[f"{WACHTLIJN}3"]["state"] in ("few", "plenty")


def boxes(page: Any) -> list[list[float]]:
    """Where everything in the header but the way to the basket is."""
    return page.eval_on_selector_all(
        ".site-head :is(a, summary, input):not(.basket-way)",
        "all => all.filter(e => e.checkVisibility()).map(e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height] })",
    )


@pytest.mark.parametrize("site", ["meerstoel", "foelie", "langsdeelve"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_basket_in_the_header_pushes_nothing_aside(
    site_url: SiteUrl, open_page: OpenPage, site: str, width: int
) -> None:
    page = open_page("phone" if width < 1000 else "desktop", viewport={"width": width, "height": 740})
    page.goto(site_url(site) + "/agenda/")
    way = page.locator(".basket-way")
    assert not way.is_visible()
    page.evaluate(LETTERS)
    before = boxes(page)
    page.evaluate(SHIFTS.replace("true})", "false})"))
    page.evaluate("document.cookie = 'basket_count=3; path=/'")
    page.evaluate("window.dispatchEvent(new Event('pageshow'))")  # as when one comes back from the basket
    way.wait_for()
    page.evaluate(PAINTED)
    assert boxes(page) == before and page.evaluate("window.moved") == []
    asked: list[str] = []
    page.reload()  # a house's letters that came too late for the first picture may be in time for this one
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(LETTERS)
    way.wait_for()
    assert way.inner_text().split() == ["Mandje", "3"]
    filled = boxes(page)
    page.evaluate("document.cookie = 'basket_count=0; path=/'")
    page.evaluate("window.dispatchEvent(new Event('pageshow'))")
    way.wait_for(state="hidden")
    assert boxes(page) == filled
    page.evaluate("document.cookie = 'basket_count=3; path=/'")
    page.evaluate("window.dispatchEvent(new Event('pageshow'))")
    way.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    way.evaluate("way => way.addEventListener('click', event => { event.preventDefault(); window.went = way.href })")
    way.click()
    assert page.evaluate("window.went") == site_url(site) + "/basket"
    assert [one for one in asked if "/assets/" not in one] == []


def test_a_basket_cookie_that_says_nonsense_shows_none(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    for nonsense in ("0", "-1", "99999", "<b>", ""):
        page.goto(site_url("foelie") + "/")
        page.evaluate("text => document.cookie = `basket_count=${text}; path=/`", nonsense)
        page.reload()
        assert not page.locator(".basket-way").is_visible(), nonsense


def test_without_javascript_there_is_always_a_way_to_the_basket(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone", javascript=False)
    page.goto(site_url("foelie") + "/fr/")
    assert page.locator(".basket-way").is_visible()
    assert page.locator(".basket-way").get_attribute("href") == "../fr/basket"
