"""The foyer's screen through an evening, and the agenda in the page of a town, in a real browser."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.browser.axe import axe

SiteUrl = Callable[[str], str]
OpenPage = Callable[..., Any]
EVENING = "2026-12-05T18:00:00+01:00"
CSP = "default-src 'none'; script-src {site}; connect-src {site}; img-src {site}; frame-src {site}"


def show(number: int, start: str, until: str, **more: Any) -> dict[str, Any]:
    line = {
        "title": f"Show {number}",
        "by": "Het Gezelschap",
        "start": start,
        "until": until,
        "day": "za 5 dec",
        "clock": start[11:16],
    }
    rest = {
        "end": until[11:16],
        "interval": "pauze van 20 minuten",
        "place": "Grote zaal",
        "state": "",
        "is_off": False,
    }
    return line | rest | more


def tonight(count: int) -> list[dict[str, Any]]:
    return [show(n, "2026-12-05T20:00:00+01:00", f"2026-12-05T{20 + n % 3}:30:00+01:00") for n in range(count)]


@pytest.fixture
def screen(site_url: SiteUrl, open_page: OpenPage) -> Callable[..., Any]:
    """A function that hangs up a screen with these shows at the beginning of the evening; `page.shows` may be changed."""

    def hang(shows: list[dict[str, Any]], now: str = EVENING, size: tuple[int, int] = (1280, 720)) -> Any:
        page = open_page("desktop", viewport={"width": size[0], "height": size[1]}, tolerate="503")
        page.shows, page.status = shows, 200
        words = {
            "none": "Vandaag niets meer",
            "next": "Volgende",
            "until": "tot",
            "pause": "Pauzeer",
            "go_on": "Ga verder",
        }

        def answer(route: Any) -> None:
            data = {
                "name": "Huis",
                "place": "",
                "zone": "Europe/Brussels",
                "language": "nl",
                "words": words,
                "shows": page.shows,
            }
            route.fulfill(status=page.status, content_type="application/json", body=json.dumps(data))

        page.route("**/screen/today.json", answer)
        page.clock.install(time=now)
        page.goto(site_url("meerstoel") + "/screen/")
        page.wait_for_selector(".screen-is-live")
        page.clock.run_for(1500)
        return page

    return hang


def titles(page: Any) -> list[str]:
    return page.locator(".screen-show:visible .screen-title").all_text_contents()


def test_a_show_stays_until_it_ends_and_the_screen_empties_itself(screen: Callable[..., Any]) -> None:
    tomorrow = show(9, "2026-12-06T15:00:00+01:00", "2026-12-06T16:00:00+01:00", day="zo 6 dec")
    page = screen([*tonight(2), tomorrow])
    assert titles(page) == ["Show 0", "Show 1"]
    assert page.locator(".screen-end").first.inner_text().startswith("tot 20:30")
    page.clock.set_fixed_time("2026-12-05T21:00:00+01:00")
    page.clock.run_for(2000)
    assert titles(page) == ["Show 1"]
    page.clock.set_fixed_time("2026-12-05T22:00:00+01:00")
    page.clock.run_for(2000)
    assert titles(page) == [] and page.get_by_text("Vandaag niets meer").is_visible()
    assert page.locator(".screen-next").inner_text() == "Volgende: zo 6 dec, 15:00 · Show 9"
    page.clock.set_fixed_time("2026-12-06T14:00:00+01:00")
    page.clock.run_for(2000)
    assert titles(page) == ["Show 9"]


def test_what_staff_change_is_there_within_a_minute_and_a_silent_server_changes_nothing(
    screen: Callable[..., Any],
) -> None:
    page = screen(tonight(1))
    page.status = 503
    page.clock.run_for(61_000)
    assert titles(page) == ["Show 0"]
    page.status, page.shows = 200, [tonight(1)[0] | {"state": "Geannuleerd", "is_off": True}]
    page.clock.run_for(61_000)
    page.wait_for_function("() => document.querySelector('.screen-state')?.textContent === 'Geannuleerd'")


@pytest.mark.parametrize("size", [(1280, 720), (1080, 1920), (360, 640)])
def test_more_than_fits_turns_over_and_nothing_ever_scrolls(screen: Callable[..., Any], size: tuple[int, int]) -> None:
    page = screen(tonight(14), size=size)
    seen: list[str] = []
    for _ in range(14):
        now = titles(page)
        if now[0] in seen:
            break
        seen += now
        fits = page.evaluate(
            "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
        )
        assert fits and page.locator(".screen-page").inner_text()
        page.clock.run_for(12_000)
    assert seen == [f"Show {n}" for n in range(14)]
    page.locator(".screen-pause").focus()
    page.keyboard.press("Enter")
    stands = titles(page)
    page.clock.run_for(30_000)
    assert titles(page) == stands and page.locator(".screen-pause").inner_text() == "Ga verder"


def test_the_screen_is_dark_and_can_be_read(screen: Callable[..., Any]) -> None:
    page = screen([*tonight(2), tonight(1)[0] | {"state": "Uitverkocht"}])
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert axe(page) == []


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """The site of a town on another host, with a strict policy; a function from what its page holds to the page's address."""
    (tmp_path / "town").mkdir()
    policy = {"value": ""}

    class Town(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy["value"])
            super().end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Town, directory=str(tmp_path / "town")))
    Thread(target=server.serve_forever, daemon=True).start()

    def put(body: str, site: str) -> str:
        policy["value"] = CSP.replace("{site}", site)
        html = f'<!doctype html><html lang="nl"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Stad</title><h1>Uit in de stad</h1>{body}</html>'
        (tmp_path / "town" / "index.html").write_text(html, "utf-8")
        return f"http://127.0.0.1:{server.server_port}/"

    yield put
    server.shutdown()
    server.server_close()


def element(site: str, attributes: str, inside: str = "<a href='x'>De agenda</a>") -> str:
    script = f'<script type="module" src="{site}/embed/etalage-agenda.js"></script>'
    return f"{script}<etalage-agenda {attributes}>{inside}</etalage-agenda>"


def test_a_towns_page_shows_the_agenda_and_leads_to_the_house(
    site_url: SiteUrl, open_page: OpenPage, town: Callable[..., str]
) -> None:
    site = site_url("langsdeelve")
    page = open_page("phone", tolerate="data:,")
    page.goto(town(element(site, f'src="{site}/" limit="3"'), site))
    page.wait_for_selector("etalage-agenda[data-state=shown]")
    assert page.locator("etalage-agenda li").count() == 3
    assert page.locator("etalage-agenda h3 a").first.get_attribute("href").startswith(site + "/programma/")
    assert not page.get_by_text("De agenda", exact=True).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [v for v in axe(page) if "etalage" in v.where] == []


def test_a_genre_in_another_language_as_part_of_the_towns_own_page(
    site_url: SiteUrl, open_page: OpenPage, town: Callable[..., str]
) -> None:
    site = site_url("langsdeelve")
    page = open_page("desktop", tolerate="data:,")
    page.goto(town(element(site, f'src="{site}/fr/" genre="theater" plain heading="2"'), site))
    page.wait_for_selector("etalage-agenda[data-state=shown]")
    assert page.evaluate("document.querySelector('etalage-agenda').shadowRoot") is None
    assert (
        page.locator("etalage-agenda > ul[lang=fr] > li h2 a")
        .first.get_attribute("href")
        .startswith(site + "/fr/programme/")
    )


@pytest.mark.parametrize(
    "attributes", ['src="{site}/weg.json"', 'src="javascript:alert(1)"', "", 'src="{site}/index.html.json"']
)
def test_what_stood_there_stays_when_the_agenda_cannot_come(
    site_url: SiteUrl, open_page: OpenPage, town: Callable[..., str], attributes: str
) -> None:
    site = site_url("klokzeel")
    page = open_page("desktop", tolerate="data:,|404|CORS|ERR_FAILED")
    page.goto(town(element(site, attributes.replace("{site}", site)), site))
    page.wait_for_selector("etalage-agenda[data-state=failed]")
    assert page.get_by_role("link", name="De agenda").is_visible()


def test_without_javascript_the_frame_inside_is_the_agenda(
    site_url: SiteUrl, open_page: OpenPage, town: Callable[..., str]
) -> None:
    site = site_url("klokzeel")
    page = open_page("desktop", javascript=False, tolerate="data:,")
    frame = f'<iframe src="{site}/embed/5/" title="Agenda" width="600" height="800"></iframe>'
    page.goto(town(element(site, f'src="{site}/"', frame), site))
    inside = page.frame_locator("iframe")
    assert inside.locator("li").count() == 5
    assert inside.locator("base").get_attribute("target") == "_top"
