"""Searching and filtering: as one types, by keyboard, on a phone, back and forth, and the same without JavaScript."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.browser.conftest import SCREENS
from tests.shop import GOLDEN_DAY

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]
NOON = f"{GOLDEN_DAY}T12:00:00+01:00"
COLOURS = ("color-contrast", "link-in-text-block")
QUESTIONS = (
    "", "?q=jazz", "?q=consert", "?q=vrijdag", "?q=kindertheater&left=1", "?q=dans&sort=price", "?genre=jazz,dans&day=5", "?price=0",
    "?date=weekend", "?date=2026-12&access=wheelchair&uitpas=1", "?age=8&price=12.50", "?q=xyzzyq&genre=dans", "?date=2026-12-05",
    "?from=2026-12-01&until=2026-12-20&page=2", "?date=nooit&genre=dans", "?genre=bestaatniet&q=dans",
)  # fmt: skip


@pytest.fixture
def look(open_page: OpenPage, site_url: SiteUrl) -> Callable[..., Any]:
    """A function that opens a site's search page on the golden day and waits for its answer."""

    def open_at(
        asked: str = "", site: str = "langsdeelve", screen: str = "desktop", path: str = "/zoeken/", **more: Any
    ) -> Any:
        page = open_page(screen, **more)
        page.clock.set_fixed_time(NOON)
        page.goto(f"{site_url(site)}{path}{asked}")
        if more.get("javascript", True):
            settled(page)
        return page

    return open_at


def settled(page: Any) -> None:
    """Wait until the answer stands there."""
    expect(page.locator("agenda-search:not([aria-busy])")).to_be_attached()
    expect(page.locator(".search-start")).to_have_count(0)


def total(page: Any) -> int:
    settled(page)
    found = re.match(r"\d+", page.locator(".search-total").inner_text())
    return int(found[0]) if found else 0


def asked(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def choice(page: Any, name: str, value: str) -> Any:
    return page.locator(f'.choice > input[name="{name}"][value="{value}"]')


def test_a_typing_error_is_mended_a_filter_narrows_and_the_back_button_restores(look: Any) -> None:
    page = look()
    everything = total(page)
    page.get_by_role("searchbox").press_sequentially("consert", delay=30)
    expect(page.locator(".search-notices")).to_contain_text("Bedoelde je “concert”?")
    concerts = total(page)
    assert 0 < concerts < everything
    choice(page, "day", "5").evaluate("e => e.closest('details').open = true")
    choice(page, "day", "5").check()
    fewer = total(page)
    assert fewer <= concerts and asked(page) == {"q": ["consert"], "day": ["5"]}
    expect(page.locator(".chip-name")).to_have_text(["vrijdag"])
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    assert asked(page) == {"q": ["consert"]} and total(page) == concerts
    expect(page.get_by_role("searchbox")).to_have_value("consert")
    expect(choice(page, "day", "5")).not_to_be_checked()
    page.go_forward()
    expect(choice(page, "day", "5")).to_be_checked()
    assert total(page) == fewer


def test_one_comes_back_from_a_show_to_the_list_as_it_was(look: Any) -> None:
    page = look("?genre=jazz")
    page.get_by_role("searchbox").press_sequentially("nacht", delay=20)
    expect(page.locator(".search-list")).not_to_have_text("")
    before = page.locator(".search-list").inner_text()
    page.locator(".search-list .found a").first.click()
    page.wait_for_url("**/programma/**")
    page.go_back()
    page.wait_for_url("**/zoeken/?q=nacht&genre=jazz")
    settled(page)
    assert page.locator(".search-list").inner_text() == before


def test_each_finished_question_is_a_step_back(look: Any) -> None:
    page = look()
    field = page.get_by_role("searchbox")
    field.press_sequentially("jazz")
    field.press("Enter")
    field.fill("")
    field.press_sequentially("dans")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=dans$"))
    while asked(page).get("q") != ["jazz"]:
        page.go_back()
        assert "/zoeken/" in page.url
    expect(field).to_have_value("jazz")


def test_the_counts_are_those_of_the_list(look: Any) -> None:
    page = look("?q=muziek")
    for name in ("genre", "day", "price", "house"):
        boxes = page.locator(f'.choice:not(.choice-none):has(> input[name="{name}"]:not([value=""]))')
        for number in range(boxes.count()):
            box = boxes.nth(number)
            said = box.locator(".choice-count").inner_text() or box.locator(".choice-count").text_content()
            box.locator("input").evaluate("e => e.click()")
            assert total(page) == int(said), box.inner_text()
            page.go_back()
            expect(page.locator(".chip")).to_have_count(0)
            settled(page)


def test_chips_are_taken_away_by_keyboard_and_the_focus_goes_on(look: Any) -> None:
    page = look("?genre=jazz&left=1&day=4")
    first, second = page.locator(".chip-name").all_inner_texts()[:2]
    page.locator(".chip").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(2)
    assert page.evaluate("document.activeElement.querySelector('.chip-name').textContent") == second
    expect(page.get_by_role("status")).to_contain_text(f"Filter weg: {first}.")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)
    assert asked(page) == {} and page.evaluate("document.activeElement.id") == "search-total"


def test_a_whole_search_by_keyboard_alone(look: Any) -> None:
    page = look()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("dans")
    expect(page).to_have_url(re.compile(r"q=dans"))
    assert page.evaluate("document.activeElement.id") == "q"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "date":
            break
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("date=today"))
    assert page.evaluate("document.activeElement.value") == "today"
    outline = page.evaluate("getComputedStyle(document.activeElement.closest('.choice')).outlineStyle")
    assert outline == "solid"
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page).to_have_url(re.compile(r"\?date=today$"))


def test_what_is_found_is_told_once_after_a_pause(look: Any) -> None:
    page = look()
    page.evaluate(
        """() => { window.told = []; new MutationObserver(() => {
            const text = document.querySelector('[role=status]').textContent; if (text) window.told.push(text) })
            .observe(document.querySelector('[role=status]'), {childList: true, subtree: true, characterData: true}) }"""
    )
    expect(page.get_by_role("status")).to_have_text("")  # a page that opens says nothing by itself
    page.get_by_role("searchbox").press_sequentially("jazz", delay=60)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ voorstelling(en)?$"))
    page.wait_for_timeout(900)
    assert page.evaluate("window.told") == [page.locator(".search-total").inner_text()]
    page.get_by_role("searchbox").fill("xyzzyq")
    expect(page.get_by_role("status")).to_have_text("Niets gevonden voor “xyzzyq”")


def test_nothing_found_shows_what_would_be(look: Any) -> None:
    page = look("?genre=jazz&q=xyzzyq")
    expect(page.locator(".search-total")).to_have_text("Niets gevonden voor “xyzzyq”")
    expect(page.locator(".search-instead + .rows .found").first).to_be_visible()
    page = look("?genre=circus&date=today&left=1")
    assert total(page) == 0
    suggestion = page.locator(".search-without > li").first
    number = int(suggestion.locator(".choice-count").inner_text())
    suggestion.locator("a").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert total(page) == number > 0


def test_more_is_shown_below_and_the_focus_goes_there(look: Any) -> None:
    page = look()
    expect(page.locator(".search-list .found")).to_have_count(20)
    page.get_by_role("link", name="Toon meer").click()
    expect(page.locator(".search-list .found")).to_have_count(40)
    twenty_first = page.locator(".search-list .found a").nth(20)
    expect(twenty_first).to_be_focused()
    page.reload()
    expect(page.locator(".search-list .found")).to_have_count(40)


@pytest.mark.parametrize(
    ("site", "path", "find"), [("langsdeelve", "/zoeken/", "/search"), ("foelie", "/fr/recherche/", "/fr/search")]
)
def test_the_answer_is_the_same_without_javascript(look: Any, site: str, path: str, find: str) -> None:
    with_script = look("", site, path=path, tolerate="400")
    without = look("", site, path=path, javascript=False, tolerate="400")
    for question in QUESTIONS:
        with_script.goto(with_script.url.partition("?")[0].partition("#")[0] + question)
        settled(with_script)
        without.goto(urlsplit(without.url)._replace(path=find, query=question[1:]).geturl())
        scripted, plain = (_texts(one, ".search-list .found") for one in (with_script, without))
        before = 20 if "page=2" in question and len(scripted) > 20 else 0  # a script shows the first page as well
        assert scripted[before:] == plain, question
        for part in (".search-total", ".search-notices", ".search-chips", ".search-without", ".search-number"):
            assert _texts(with_script, part) == _texts(without, part), (question, part)
        counts = [
            one.evaluate("[...document.querySelectorAll('.choice')].map(e => e.textContent + e.className)")
            for one in (with_script, without)
        ]
        assert counts[0] == counts[1], question
        checked = [
            one.evaluate("[...document.querySelectorAll('.choice > :checked')].map(e => e.name + e.value)")
            for one in (with_script, without)
        ]
        assert checked[0] == checked[1], question


def _texts(page: Any, selector: str) -> list[str]:
    texts = page.evaluate("s => [...document.querySelectorAll(s)].map(e => e.textContent)", selector)
    return [text for text in ("".join(one.split()) for one in texts) if text]


def test_a_visitor_without_javascript_searches_filters_and_pages(look: Any) -> None:
    page = look("", "meerstoel", path="/agenda/", javascript=False)
    page.locator(".site-head").get_by_role("searchbox").fill("jazz")
    page.locator(".site-head").get_by_role("button", name="Zoek").click()
    page.wait_for_url("**/search?q=jazz")
    assert page.locator(".search-list .found").count() > 0
    page.get_by_role("searchbox").fill("")
    page.get_by_label("Dit weekend").or_(page.get_by_label("december")).last.check(force=True)
    page.get_by_role("button", name="Toon wat er is").click()
    page.wait_for_url(re.compile(r"date=2026-12"))
    assert page.locator(".chip-name").all_inner_texts() == ["december"]
    page.goto(page.url.partition("?")[0])
    page.get_by_role("link", name="Volgende").click()
    page.wait_for_url(re.compile("page=2"))
    assert page.locator(".search-list .found").count() > 0


def test_a_script_keeps_the_server_out_of_it(look: Any) -> None:
    page = look()
    page.goto(page.url.replace("/zoeken/", "/agenda/2026-12/"))
    page.get_by_role("link", name="Filter").click()
    page.wait_for_url("**/zoeken/?date=2026-12")
    expect(page.locator(".chip-name")).to_have_text(["december"])
    page.goto(page.url.partition("/zoeken/")[0] + "/")
    page.locator(".site-head").get_by_role("searchbox").fill("dans")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken/?q=dans")
    assert total(page) > 0


def test_without_an_index_the_form_goes_to_the_function(open_page: OpenPage, site_url: SiteUrl) -> None:
    page = open_page(tolerate="Failed to load resource|index.json|NetworkError")
    page.route("**/search/nl/index.json", lambda route: route.abort())
    page.goto(site_url("langsdeelve") + "/zoeken/")
    expect(page.locator(".search-notices")).to_contain_text("Zoeken lukt even niet")
    page.get_by_role("searchbox").fill("jazz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=jazz**")
    assert page.locator(".search-list .found").count() > 0
    expect(page.locator(".search-notices")).not_to_contain_text("lukt even niet")


def test_where_one_is_stays_on_the_device(look: Any, browser_name: str) -> None:
    if browser_name == "firefox":
        pytest.skip("Playwright cannot grant a place to a stock Firefox")
    requests: list[str] = []
    page = look("", geolocation={"latitude": 50.8566, "longitude": 4.3439}, permissions=["geolocation"])
    page.on("request", lambda request: requests.append(request.url + (request.post_data or "")))
    button = page.get_by_role("button", name="Dicht bij mij")
    page.locator('[data-facet="town"]').evaluate("e => e.open = true")
    button.click()
    expect(page.locator(".chip-name")).to_have_text(["Dicht bij mij"])
    settled(page)
    far = [
        float(km.replace(",", "."))
        for km in re.findall(r"op (\d+(?:,\d)?) km", page.locator(".search-list").inner_text())
    ]
    assert far == sorted(far)
    page.locator('select[name="km"]').select_option("5")
    near = total(page)
    assert near < 78 and "50.8" not in page.url and "here" not in page.url
    kept = page.evaluate("JSON.stringify([history.state, {...localStorage}, {...sessionStorage}, document.cookie])")
    assert "50.8" not in kept and not [one for one in requests if "50.8" in one]
    page.locator(".chip").first.click()
    expect(page.locator(".chip")).to_have_count(0)


def test_hostile_words_are_shown_and_not_believed(look: Any) -> None:
    hostile = "?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E%22'&genre=%22%3E%3Cb%3E&venue=%3C!--+/list+--%3E"
    for page in (look(hostile), look(hostile, path="/search"), look(hostile, path="/search", javascript=False)):
        expect(page.get_by_role("searchbox")).to_have_value("<img src=x onerror=alert(1)>\"'")
        assert page.locator("main img, main .search b:not(.found-day b)").count() == 0
        expect(page.locator(".search-total")).to_contain_text("<img src=x")
        assert '"><b>' in page.locator(".chip-name").all_inner_texts()


def test_every_state_is_accessible_in_light_and_dark(look: Any) -> None:
    wrong: list[str] = []
    for name, question in {
        "all": "",
        "filters": "?q=dans&genre=dans&left=1&age=8",
        "nothing": "?q=xyzzyq&genre=jazz",
    }.items():
        page = look(question)
        for screen in ("desktop", "phone"):
            page.set_viewport_size(SCREENS[screen]["viewport"])
            if screen == "phone":
                page.locator(".search-filters").evaluate("e => e.open = true")
                page.locator(".facet").evaluate_all("all => all.forEach(e => e.open = true)")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found = axe(page, only=() if scheme == "light" else COLOURS)
                wrong += [f"{name} {screen} {scheme}: {v.rule} {v.where} {v.advice}" for v in found]
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("site", ["langsdeelve", "foelie", "klokzeel", "meerstoel"])
def test_on_a_narrow_phone_nothing_is_cut_and_everything_can_be_tapped(look: Any, site: str) -> None:
    page = look("?genre=dans&left=1", site, "phone", viewport={"width": 320, "height": 640})
    expect(page.locator(".facet").first).not_to_be_visible()
    page.locator(".search-filters > summary").click()
    page.locator(".facet").evaluate_all("all => all.forEach(e => e.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main summary, main input, main select')]
            .filter(e => e.checkVisibility() && !e.closest('.choice')).map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])
            .concat([...document.querySelectorAll('.choice')].map(e => [e.textContent, e.getBoundingClientRect()]))
            .filter(([, r]) => r.height < 24 || r.width < 24).map(([t, r]) => `${t} ${r.width}x${r.height}`)"""
    )
    assert small == []
    page.get_by_role("button", name=re.compile("Toon")).click()
    expect(page.locator(".facet").first).not_to_be_visible()
    expect(page.locator(".search-total")).to_be_focused()


def test_nothing_moves_while_the_answer_comes(look: Any) -> None:
    for screen in ("phone", "desktop"):
        page = look("?q=dans&genre=dans", screen=screen)
        page.wait_for_timeout(300)
        shift = page.evaluate(
            """() => new Promise(done => { let total = 0; new PerformanceObserver(list => {
                for (const e of list.getEntries()) total += e.value }).observe({type: 'layout-shift', buffered: true});
                setTimeout(() => done(total), 300) })"""
        )
        assert shift < 0.01, (screen, shift)
