"""Stories of a visitor in a train: the site as it was last seen, its date, and what is never kept."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.shop import Shop

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]

READY = "navigator.serviceWorker.ready.then(() => new Promise(done => setTimeout(done, 300)))"
NAMES = "caches.keys()"
ALL = """Promise.all((await caches.keys()).map(async name => (await (await caches.open(name)).keys()).map(one => one.url)))"""


@pytest.fixture
def traveller(open_page: OpenPage, browser_name: str) -> Any:
    """A phone that keeps the site's worker."""
    if browser_name != "chromium":
        pytest.skip("Playwright takes the network from a worker in Chromium only")
    return open_page("phone", service_workers="allow", tolerate="ERR_INTERNET_DISCONNECTED|ERR_FAILED|503|404")


def settle(page: Any, url: str) -> None:
    """Visit, and wait until the worker has what it wants."""
    page.goto(url)
    page.evaluate(READY)


def kept(page: Any) -> list[str]:
    return [url for urls in page.evaluate(f"(async () => {ALL})()") for url in urls]


def test_what_was_seen_is_there_without_a_network_and_says_from_when(site_url: SiteUrl, traveller: Any) -> None:
    base = site_url("foelie")
    settle(traveller, base + "/")
    show = traveller.locator("main a[href*='programma/']").first.get_attribute("href").removeprefix("./")
    traveller.goto(f"{base}/{show}")
    title = traveller.locator("h1").inner_text()
    for _ in range(100):  # it is kept behind the visitor's back
        if f"{base}/{show}" in kept(traveller):
            break
        traveller.wait_for_timeout(100)
    traveller.context.set_offline(True)
    for address, heading in ((f"{base}/{show}", title), (base + "/agenda/", "Agenda")):
        traveller.goto(address)
        assert traveller.locator("h1").inner_text() == heading
        note = traveller.locator(".offline-note")
        assert note.inner_text().startswith("Je bent offline. Dit is een kopie van ")
        assert note.get_attribute("role") == "status"
        assert traveller.evaluate("getComputedStyle(document.querySelector('main')).fontFamily").startswith(
            '"Instrument Sans"'
        )
    traveller.goto(base + "/programma/nooit-gezien/")
    assert traveller.locator("h1").inner_text() == "Je bent offline"
    traveller.get_by_role("link", name="Naar de agenda").click()
    traveller.wait_for_url("**/agenda/")
    traveller.context.set_offline(False)
    traveller.goto(base + "/agenda/")
    assert traveller.locator(".offline-note").count() == 0


def test_the_wishlist_works_without_a_network(site_url: SiteUrl, traveller: Any) -> None:
    base = site_url("foelie")
    settle(traveller, base + "/agenda/")
    traveller.context.set_offline(True)
    traveller.goto(base + "/agenda/")
    hearts = traveller.locator(".day:not([hidden]) .row:not([hidden]):not(.is-over) .wish")
    for number in range(2):
        hearts.nth(number).click()
    traveller.locator(".wish-way").click()
    traveller.wait_for_url("**/verlanglijst/")
    assert traveller.locator(".wish-line").count() == 2
    assert traveller.locator(".wish-when").first.inner_text()
    traveller.get_by_role("button", name="Deel deze lijst").click()
    assert "internet" in traveller.get_by_role("alert").inner_text()
    traveller.locator(".wish-remove").first.click()
    assert traveller.locator(".wish-line").count() == 1


def test_each_language_has_its_own_words_without_a_network(site_url: SiteUrl, traveller: Any) -> None:
    base = site_url("foelie")
    settle(traveller, base + "/fr/")
    traveller.context.set_offline(True)
    traveller.goto(base + "/fr/")
    assert traveller.locator(".offline-note").inner_text().startswith("Vous êtes hors ligne.")
    traveller.goto(base + "/fr/programme/jamais-vu/")
    assert traveller.locator("h1").inner_text() == "Vous êtes hors ligne"


def test_what_functions_answer_is_never_kept(site_url: SiteUrl, traveller: Any) -> None:
    base = site_url("foelie")
    settle(traveller, base + "/agenda/")
    traveller.locator(".row .wish").last.click()
    traveller.goto(base + "/verlanglijst/")
    traveller.get_by_role("button", name="Deel deze lijst").click()
    url = traveller.get_by_label("Link naar je lijst").input_value()
    traveller.goto(url)
    traveller.evaluate("Promise.all(['api/health', 'basket', 'order/x'].map(path => fetch('/' + path).catch(() => 0)))")
    traveller.goto(base + "/agenda/")
    urls = kept(traveller)
    assert base + "/agenda/" in urls
    assert [
        one
        for one in urls
        if any(part in one for part in ("/api/", "/wishlist/", "/basket", "/order", "/checkout"))
        and "/assets/" not in one
    ] == []
    traveller.context.set_offline(True)
    traveller.goto(url)
    assert traveller.locator("h1").inner_text() == "Je bent offline"


def test_pictures_are_kept_up_to_a_limit(site_url: SiteUrl, traveller: Any) -> None:
    base = site_url("foelie")
    settle(traveller, base + "/")
    traveller.goto(base + "/agenda/")
    traveller.evaluate(
        "Promise.all(Array.from({length: 90}, (_, n) => fetch(`/assets/x.png?${n}`)))"
    )  # not there: not kept
    real = traveller.evaluate(
        "performance.getEntriesByType('resource').map(one => one.name).find(name => /\\.(avif|webp|jpe?g)$/.test(name))"
    )
    assert real
    for number in range(75):
        traveller.evaluate(f"fetch({real!r} + '?{number}')")
    pictures = [url for url in kept(traveller) if real in url]
    for _ in range(50):  # the worker tidies up behind the visitor's back
        if len(pictures) <= 60:
            break
        traveller.wait_for_timeout(100)
        pictures = [url for url in kept(traveller) if real in url]
    assert 30 < len(pictures) <= 60


def test_a_house_that_wants_no_worker_gets_rid_of_those_it_gave(
    demo_shop: Shop, site_url: SiteUrl, traveller: Any
) -> None:
    base = site_url("foelie")
    settle(traveller, base + "/")
    assert traveller.evaluate(NAMES)
    worker = demo_shop.output / "foelie" / "sw.js"
    before = worker.read_bytes()
    try:
        worker.write_bytes((demo_shop.folder.parents[1] / "themes/base/worker/gone.js").read_bytes())
        traveller.evaluate("navigator.serviceWorker.ready.then(one => one.update())")
        for _ in range(100):
            left = traveller.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)")
            if not left:
                break
            traveller.wait_for_timeout(100)
        assert not left and traveller.evaluate(NAMES) == []
    finally:
        worker.write_bytes(before)


def test_a_site_under_a_path_keeps_only_what_is_its_own(site_url: SiteUrl, traveller: Any) -> None:
    port = site_url("foelie").rpartition(":")[2]
    base = f"http://127.0.0.1:{port}/sites"
    settle(traveller, f"{base}/foelie/")
    traveller.goto(f"{base}/klokzeel/")
    traveller.evaluate(READY)
    names = traveller.evaluate(NAMES)
    assert {name.split(" ")[1] for name in names} == {f"{base}/foelie/", f"{base}/klokzeel/"}
    traveller.context.set_offline(True)
    traveller.goto(f"{base}/foelie/")
    assert traveller.locator(".brand").inner_text() == "Foelie" and traveller.locator(".offline-note").count() == 1


def test_the_site_can_be_put_on_a_home_screen(site_url: SiteUrl, open_page: OpenPage) -> None:
    base = site_url("foelie")
    page = open_page("phone")
    for language, start in (("", "/"), ("fr/", "/fr/")):
        page.goto(f"{base}/{language}")
        href = page.locator("link[rel=manifest]").get_attribute("href")
        made = page.evaluate("href => fetch(href).then(answer => answer.json())", href)
        where = page.evaluate("href => new URL(href, location).href", href)
        resolve = "([one, base]) => new URL(one, base).pathname"
        assert page.evaluate(resolve, [made["start_url"], where]) == start
        assert page.evaluate(resolve, [made["scope"], where]) == "/" and made["id"] == "/?app=foelie"
        sizes = {(icon["sizes"], icon.get("purpose", "any")) for icon in made["icons"]}
        assert sizes == {("any", "any"), ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
        for icon in made["icons"]:
            width = page.evaluate(
                "src => new Promise((done, no) => { const i = new Image(); i.onload = () => done(i.naturalWidth); i.onerror = no; i.src = src })",
                page.evaluate("([one, base]) => new URL(one, base).href", [icon["src"], where]),
            )
            assert icon["sizes"] in ("any", f"{width}x{width}")
        for way in made["shortcuts"]:
            assert page.evaluate(
                "([one, base]) => fetch(new URL(one, base)).then(answer => answer.ok)", [way["url"], where]
            )
