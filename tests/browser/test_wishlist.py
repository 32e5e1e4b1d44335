"""Stories of a wishlist: kept with one tap, shared with a friend, taken over on another phone; by keyboard, and without JavaScript."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.browser.axe import axe
from tests.shop import Shop

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
KEPT = "JSON.parse(localStorage.getItem('wishes:/') || '[]')"


def under_policy(page: Any) -> None:
    """Serve every page with a strict policy; a violation is an error on the console, which fails the test."""

    def answer(route: Any) -> None:
        got = route.fetch(max_redirects=0)
        route.fulfill(response=got, headers={**got.headers, "content-security-policy": POLICY})

    page.route(lambda url: "/assets/" not in url, answer)


def keep_three(page: Any, base: str) -> list[str]:
    """Tap the first three hearts of the agenda; gives the titles."""
    page.goto(base + "/agenda/")
    hearts = page.locator(".day:not([hidden]) .row:not([hidden]):not(.is-over) .wish")
    titles = []
    for number in range(3):
        titles.append(hearts.nth(number).locator("xpath=ancestor::li").locator(".row-title").inner_text())
        hearts.nth(number).click()
    return titles


def share(page: Any, base: str) -> str:
    page.goto(base + "/verlanglijst/")
    page.get_by_role("button", name="Deel deze lijst").click()
    return str(page.get_by_label("Link naar je lijst").input_value())


def test_a_list_made_on_one_phone_opens_on_another(site_url: SiteUrl, open_page: OpenPage) -> None:
    # Under a path: Playwright's own fetch, which adds the policy, does not know names such as foelie.localhost.
    base = f"http://127.0.0.1:{urlsplit(site_url('foelie')).port}/sites/foelie"
    mine, theirs = open_page("phone"), open_page("phone")
    for page in (mine, theirs):
        under_policy(page)
    asked: list[str] = []
    for page in (mine, theirs):
        page.context.on("request", lambda request: asked.append(request.url))
    titles = keep_three(mine, base)
    assert mine.locator(".wish-count").inner_text() == "3"
    url = share(mine, base)
    assert re.fullmatch(re.escape(base) + r"/wishlist/[A-Za-z0-9_-]{22}", url)

    theirs.goto(url)
    assert [line.strip() for line in theirs.locator(".wish-title").all_inner_texts()] == titles
    theirs.get_by_role("button", name="Zet alles op mijn verlanglijst").click()
    assert theirs.locator(".wish-count").inner_text() == "3"
    theirs.get_by_role("link", name="Naar mijn verlanglijst").click()
    theirs.wait_for_url("**/verlanglijst/")
    assert sorted(theirs.locator(".wish-title").all_inner_texts()) == sorted(titles)

    assert {urlsplit(one).netloc for one in asked} == {urlsplit(base).netloc}
    assert mine.context.cookies() == theirs.context.cookies() == []


def test_a_list_survives_a_restart(site_url: SiteUrl, open_page: OpenPage) -> None:
    base = site_url("foelie")
    page = open_page("phone")
    titles = keep_three(page, base)
    kept = page.context.storage_state()
    again = open_page("phone", storage_state=kept)  # the browser was closed, and its disk was not
    again.goto(base + "/")
    assert again.locator(".wish-count").inner_text() == "3"
    again.locator(".wish-way").click()
    again.wait_for_url("**/verlanglijst/")
    assert again.locator(".wish-title").all_inner_texts() == titles


def test_a_shared_list_holds_nothing_personal(site_url: SiteUrl, open_page: OpenPage) -> None:
    base = site_url("foelie")
    page = open_page("phone")
    keep_three(page, base)
    url = share(page, base)
    (made,) = page.evaluate("JSON.parse(localStorage.getItem('wishes-shared:/'))")
    bare = httpx.get(url.replace("foelie.localhost", "127.0.0.1").replace("/wishlist/", "/sites/foelie/wishlist/"))
    assert bare.status_code == 200 and "set-cookie" not in bare.headers
    for trace in (made["secret"], "127.0.0.1", "HeadlessChrome", "python-httpx", "Gaat mee"):
        assert trace not in bare.text.replace("http://127.0.0.1", "")
    answer = page.evaluate(f"fetch('/api/wishlists/{made['token']}').then(answer => answer.json())")
    assert set(answer) == {"site", "performances", "made", "expires", "items"}
    assert all(item["joins"] == [] for item in answer["items"])
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert set(json.loads(kept)) == {"wishes:/", "wishes-shared:/"}


def test_its_maker_stops_sharing(site_url: SiteUrl, open_page: OpenPage) -> None:
    base = site_url("foelie")
    page = open_page("phone", tolerate="404")
    keep_three(page, base)
    url = share(page, base)
    page.get_by_role("button", name="Stop met delen").click()
    page.get_by_role("heading", name="Door jou gedeeld").wait_for(state="hidden")
    assert page.goto(url).status == 404
    assert page.locator("h1").inner_text().startswith("Deze lijst is er niet")


def test_several_dates_of_one_production_stand_side_by_side(
    demo_shop: Shop, site_url: SiteUrl, open_page: OpenPage
) -> None:
    page = open_page("phone")
    dated = re.compile(r'<li class="performance" (?:(?!</li>).)*<wish-button', re.DOTALL)
    shows = sorted(demo_shop.output.glob("meerstoel/programma/*/index.html"))
    name = next(path for path in shows if len(dated.findall(path.read_text("utf-8"))) > 1)
    page.goto(f"{site_url('meerstoel')}/programma/{name.parent.name}/")
    dates = page.locator(".performance .wish")
    for number in (0, 1):
        dates.nth(number).click()
        assert dates.nth(number).get_attribute("aria-pressed") == "true"
    assert len(page.evaluate(KEPT)) == 2
    opening = page.locator(".over-title .wish")  # the same date as the first: the two hearts are one
    assert opening.get_attribute("aria-pressed") == "true"
    opening.click()
    assert dates.nth(0).get_attribute("aria-pressed") == "false"
    page.goto(site_url("meerstoel") + "/verlanglijst/")
    assert page.locator(".wish-line").count() == 1


def test_a_list_is_kept_and_emptied_by_keyboard_alone(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("desktop")
    page.goto(site_url("foelie") + "/agenda/")

    def tab_to(selector: str) -> None:
        for _ in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        pytest.fail(f"the keyboard does not reach {selector}")

    tab_to(".wish")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    title = page.evaluate("document.activeElement.closest('li').querySelector('.row-title').textContent.trim()")
    assert label.startswith(f"Bewaar, {title}, ")
    page.keyboard.press("Space")
    page.wait_for_function(
        "() => document.querySelector('p[role=status]').textContent === 'Bewaard op je verlanglijst.'"
    )
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('p[role=status]').textContent === 'Van je verlanglijst gehaald.'"
    )
    page.keyboard.press("Enter")
    page.goto(site_url("foelie") + "/verlanglijst/")
    tab_to(".wish-remove")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement?.textContent.trim() === 'Zet terug'")
    assert page.locator(".wish-none").is_visible() and page.evaluate(KEPT) == []
    page.keyboard.press("Enter")
    assert len(page.evaluate(KEPT)) == 1
    assert page.evaluate("document.activeElement.tagName") == "H1"
    tab_to(".wish-share")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement?.id === 'shared'")


def test_without_javascript_there_are_no_hearts_and_a_shared_list_can_be_ticked(
    site_url: SiteUrl, open_page: OpenPage
) -> None:
    base = site_url("foelie")
    maker, friend = open_page("phone"), open_page("phone", javascript=False)
    titles = keep_three(maker, base)
    url = share(maker, base)
    friend.goto(base + "/agenda/")
    assert friend.locator(".wish").count() == 0
    friend.goto(base + "/verlanglijst/")
    assert "JavaScript" in friend.locator("main").inner_text()
    friend.goto(url)
    assert friend.locator(".wish-title").all_inner_texts() == titles
    friend.get_by_role("checkbox").nth(1).check()
    friend.get_by_label("Je voornaam").fill("Ann")
    friend.get_by_role("button", name="Ik ga mee", exact=True).click()
    assert friend.locator(".wish-joins").all_inner_texts() == ["Gaat mee: Ann"]
    friend.get_by_role("button", name="Ik ga toch niet mee").click()
    assert friend.locator(".wish-joins").count() == 0
    friend.get_by_role("checkbox").nth(2).check()
    friend.get_by_role("button", name="Maak een eigen lijst").click()
    assert friend.locator(".wish-title").all_inner_texts() == [titles[2]]
    friend.get_by_role("button", name="Deel deze lijst").click()
    assert friend.get_by_label("Link naar je lijst").input_value().startswith(base + "/wishlist/")


def test_a_phone_shares_in_its_own_way(site_url: SiteUrl, open_page: OpenPage) -> None:
    base = site_url("foelie")
    page = open_page("phone")
    page.add_init_script("navigator.share = what => { window.shared = what; return Promise.resolve(); }")
    keep_three(page, base)
    url = share(page, base)
    page.wait_for_function("() => window.shared")
    assert page.evaluate("window.shared.url") == url


def sent_by(page: Any, button: Any) -> tuple[str, list[tuple[str, str]]]:
    """Press it, and give where the form goes and what it sends."""
    page.route("**/basket", lambda route: route.fulfill(body="<title>Mandje</title>", content_type="text/html"))
    with page.expect_request("**/basket") as coming:
        button.click()
    assert coming.value.method == "POST"
    return urlsplit(coming.value.url).path, parse_qsl(coming.value.post_data)


def keep_sold(page: Any, base: str) -> list[str]:
    """Keep two dates that are sold through us, and one that is not; gives the ids of the two."""
    page.goto(base + "/agenda/")
    page.locator("wish-button .wish").first.wait_for()
    ids = page.eval_on_selector_all(
        ".day:not([hidden]) .row:not([hidden]):not(.is-over)",
        """rows => { const id = row => row.querySelector("wish-button")?.dataset.id, sold = row => row.dataset.live;
        return [...rows.filter(row => sold(row) && sold(row) === id(row)).slice(0, 2), rows.find(row => !sold(row) && id(row))].map(id) }""",
    )
    for one in ids:
        page.locator(f'.row wish-button[data-id="{one}"] .wish').click()
    return [str(one) for one in ids[:2]]


def test_all_that_can_be_bought_goes_into_the_basket_with_one_press(site_url: SiteUrl, open_page: OpenPage) -> None:
    base = site_url("langsdeelve")
    page = open_page("phone")
    ids = keep_sold(page, base)
    page.goto(base + "/verlanglijst/")
    assert page.locator(".wish-line").count() == 3
    with page.expect_response(re.compile(r"/api/wishlists\?")):
        page.reload()
    where, sent = sent_by(page, page.get_by_role("button", name="Zet alles in het mandje"))
    assert where == "/basket" and sent == [("act", "add"), *(("p", one) for one in ids)]


def test_a_list_of_a_friend_goes_into_the_basket_without_javascript(site_url: SiteUrl, open_page: OpenPage) -> None:
    base = site_url("langsdeelve")
    mine = open_page("phone")
    ids = keep_sold(mine, base)
    url = share(mine, base)
    theirs = open_page("phone", javascript=False)
    theirs.goto(url)
    where, sent = sent_by(theirs, theirs.get_by_role("button", name="Zet alles in het mandje"))
    assert where == "/basket" and sent == [("act", "add"), *(("p", one) for one in ids)]


def test_a_list_of_what_is_not_sold_here_has_no_such_button(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    keep_three(page, site_url("klokzeel"))
    with page.expect_response(re.compile(r"/api/wishlists\?")):
        page.goto(site_url("klokzeel") + "/verlanglijst/")
    assert page.get_by_role("button", name="Deel deze lijst").is_visible()
    assert page.get_by_role("button", name="Zet alles in het mandje").count() == 0


@pytest.mark.parametrize(
    "stored", ["{", "null", '"x"', '[1,null,{"id":3},{"id":"a"}]', '[{"id":"a","title":"<img src=x onerror=throw>"}]']
)
def test_a_store_that_another_version_wrote_harms_nothing(site_url: SiteUrl, open_page: OpenPage, stored: str) -> None:
    page = open_page("phone")
    page.add_init_script(f"localStorage.getItem('wishes:/') ?? localStorage.setItem('wishes:/', {json.dumps(stored)})")
    page.goto(site_url("foelie") + "/verlanglijst/")
    assert page.locator(".wish-line").count() == 0 and page.locator(".wish-none").is_visible()
    keep_three(page, site_url("foelie"))
    assert len(page.evaluate(KEPT)) == 3


def test_an_address_that_somebody_planted_leads_nowhere_else(site_url: SiteUrl, open_page: OpenPage) -> None:
    page = open_page("phone")
    wish = {"id": "a", "title": "A", "iso": "", "when": "", "place": "", "ends": "", "lang": ""}
    planted = [
        wish | {"id": url, "url": url} for url in ("javascript:alert(1)", "https://evil.example/", "//evil.example")
    ]
    page.add_init_script(f"localStorage.setItem('wishes:/', {json.dumps(json.dumps(planted))})")
    page.goto(site_url("foelie") + "/verlanglijst/")
    links = page.locator(".wish-title a").evaluate_all("links => links.map(link => link.href)")
    assert set(links) == {site_url("foelie") + "/"}


def test_a_site_under_a_path_has_a_list_of_its_own(site_url: SiteUrl, open_page: OpenPage) -> None:
    port = urlsplit(site_url("foelie")).port
    base = f"http://127.0.0.1:{port}/sites/foelie"
    page = open_page("phone")
    keep_three(page, base)
    assert share(page, base).startswith(base + "/wishlist/")
    page.goto(f"http://127.0.0.1:{port}/sites/klokzeel/")
    assert page.locator(".wish-count").is_hidden()


def test_the_lists_are_accessible(site_url: SiteUrl, open_page: OpenPage) -> None:
    base = site_url("foelie")
    page = open_page("phone", tolerate="404|422")
    keep_three(page, base)
    url = share(page, base)
    page.wait_for_timeout(200)
    for address in (f"{base}/verlanglijst/", url, f"{base}/wishlist/niets", f"{base}/offline/", f"{base}/agenda/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (address, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        small = page.evaluate(
            """() => [...document.querySelectorAll('main :is(button, a, input)')].filter(e => e.checkVisibility() && !e.closest('p:not(.cluster)'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()]).filter(([, r]) => r.height < 24 || r.width < 24).map(([t]) => t)"""
        )
        assert small == []
