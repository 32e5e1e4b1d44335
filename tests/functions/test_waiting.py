"""The waiting room over HTTP: nobody notices it until many come; then a place in the queue, two cookies, and the way back."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser as Tree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from etalage.model.peak import PASS, Peak
from etalage.sales.admission import Admission
from functions import contract, waiting
from functions.letterbox import Limits
from functions.links import TURN
from tests.functions.test_sale import BRUG, BUYER, LINDE, Till
from tests.sales.opening import OPENS, peak_of
from tests.shop import Shop

DOOR = f"/sites/linde/door?p={LINDE}"


async def door(request: Request) -> Response:
    """A page that starts a sale, and nothing else."""
    stop = await waiting.admitted(request, request.query_params.getlist("p"), request.query_params.get("back", ""))
    return stop or PlainTextResponse("come in")


class Browser:
    """A visitor of De Linde's site, whose browser keeps cookies."""

    def __init__(self, opening: "Opening") -> None:
        self.opening, self.cookies = opening, dict[str, str]()

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        words = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = ({"cookie": words} if words else {}) | more.pop("headers", {})
        answer = self.opening.till.visitor.ask(method, path, headers=headers, **more)
        for line in answer.headers.get_list("set-cookie"):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer

    def get(self, path: str = DOOR, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def buy(self, key: str = "a-key-of-mine") -> httpx.Response:
        body = {"lines": [{"performance": LINDE}], "buyer": BUYER}
        return self.ask("POST", "/api/checkout", json=body, headers={"idempotency-key": key})

    def wait_for(self, path: str = DOOR) -> str:
        """Go there; gives the address of the waiting page."""
        answer = self.get(path)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


class Opening:
    """The till at an opening where one visitor a minute is let in."""

    def __init__(self, folder: Path, built: Shop) -> None:
        shutil.copytree(built.output, folder / "output")
        file = folder / "output" / "linde" / "shelf.json"
        shelf = json.loads(file.read_text("utf-8"))
        shelf["items"][LINDE] = {"id": LINDE, "start": "2026-12-05T20:00+01:00", "title": "A", "url": "programma/a/"}
        file.write_text(json.dumps(shelf), "utf-8")
        self.till = Till(folder)
        self.world, self.app = self.till.world, self.till.visitor.app
        self.world.now = OPENS + timedelta(minutes=1)
        self.app.state.limits = Limits(b"key", self.seconds)
        for way in ("/sites/{site}/door", "/sites/{site}/{language:language}/door"):
            self.app.router.routes.insert(0, Route(way, door, methods=["GET", "POST"]))
        self.sell(peak_of(1, 60))

    def sell(self, *peaks: Peak) -> None:
        """Sell, with these peaks."""
        links, world = self.till.links, self.world
        sign, read = (lambda word: links.sign(TURN, word)), (lambda word: links.read(TURN, word))
        room = Admission(world.records, peaks, lambda: world.now, os.urandom, sign, read)
        self.app.state.sale = replace(self.app.state.sale, room=room)

    def seconds(self) -> float:
        return self.world.now.timestamp()

    def pass_time(self, **by: float) -> None:
        self.world.now += timedelta(**by)


@pytest.fixture
def opening(tmp_path: Path, built: Shop) -> Iterator[Opening]:
    made = Opening(tmp_path, built)
    yield made
    made.world.records.close()


def test_without_a_peak_nobody_waits_and_no_cookie_is_set(opening: Opening) -> None:
    opening.sell()
    for _ in range(5):
        answer = Browser(opening).get()
        assert answer.text == "come in" and "set-cookie" not in answer.headers
    assert Browser(opening).get("/sites/linde/waiting?room=x").headers["location"] == "/sites/linde/"


def test_who_comes_when_there_is_room_goes_on_without_a_halt(opening: Opening) -> None:
    first = Browser(opening)
    assert first.ask("POST", DOOR).text == "come in"
    assert set(first.cookies) == {"waiting", next(name for name in first.cookies if name.startswith("turn-"))}
    assert first.get().text == "come in" and Browser(opening).get().status_code == 303


def test_the_cookies_can_be_read_by_no_page_and_end_with_the_peak(opening: Opening) -> None:
    opening.world.now = OPENS + timedelta(hours=1)
    lines = Browser(opening).get(headers={"x-forwarded-proto": "https"}).headers.get_list("set-cookie")
    assert len(lines) == 2
    for line in lines:
        (one,) = SimpleCookie(line).values()
        assert one["httponly"] and one["secure"] and one["samesite"] == "lax" and one["path"] == "/sites/linde/"
        assert one["max-age"] == "3600"


def test_others_wait_on_a_page_in_the_look_of_the_house_and_come_back_to_where_they_were(opening: Opening) -> None:
    Browser(opening).get()
    second, third = Browser(opening), Browser(opening)
    way = second.wait_for()
    third.wait_for("/sites/linde/fr/" + DOOR.removeprefix("/sites/linde/"))
    page = second.get(way)
    tree = Tree(page.text)
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store" and len(tree.css("h1")) == 1
    assert tree.css_first(".brand").text() == "De Linde" and tree.css_first("html").attributes["lang"] == "nl"
    assert tree.css_first(".waiting-before").text() == "Jij bent de volgende."
    assert tree.css_first("[role=status]").text() == "Het is jouw beurt binnen minder dan een minuut."
    assert '<noscript><meta http-equiv="refresh" content="' in page.text.partition("</head>")[0]
    assert not [name for name, value in second.cookies.items() if value in page.text], "a turn stands on the page"
    opening.pass_time(seconds=61)
    answer = second.get(way)
    assert answer.status_code == 303 and answer.headers["location"] == DOOR and second.get().text == "come in"
    french = third.get(third.wait_for("/sites/linde/fr/" + DOOR.removeprefix("/sites/linde/")))
    assert "Personne n&#39;est avant vous." in french.text


def test_a_page_can_be_asked_to_keep_still(opening: Opening) -> None:
    Browser(opening).get()
    second = Browser(opening)
    way = second.wait_for()
    calm = next(
        node.attributes["href"]
        for node in Tree(second.get(way).text).css("noscript a")
        if "calm" in node.attributes["href"]
    )
    assert "http-equiv" not in second.get(calm).text


def test_a_form_that_was_sent_leads_back_to_its_page_and_never_elsewhere(opening: Opening) -> None:
    Browser(opening).get()

    def back(**headers: str) -> str:
        way = Browser(opening).ask("POST", DOOR, headers=headers).headers["location"]
        return parse_qs(urlsplit(way).query)["to"][0]

    assert back(referer="http://127.0.0.1:8000/sites/linde/agenda/?x=1") == "/sites/linde/agenda/?x=1"
    assert back(referer="http://elsewhere.test/sites/linde/agenda/") == back() == "/sites/linde/"
    waiter = Browser(opening)
    room = parse_qs(urlsplit(waiter.wait_for()).query)["room"][0]
    opening.pass_time(minutes=10)
    for bad in (
        "//elsewhere.test/",
        "https://elsewhere.test/",
        "/sites/linde/\\..\\",
        "/sites/brug/",
        "/sites/linde/\r\nx: y",
    ):
        answer = waiter.get("/sites/linde/waiting", params={"room": room, "to": bad})
        assert answer.status_code == 303 and answer.headers["location"] == "/sites/linde/", bad


def test_a_script_is_told_when_to_come_back_and_is_let_in_with_its_cookies(opening: Opening) -> None:
    assert Browser(opening).buy("first-key").status_code == 201
    second = Browser(opening)
    no = second.buy()
    assert no.status_code == 503 and no.json()["code"] == "waiting" and 1 <= int(no.headers["retry-after"]) <= 60
    told = second.get("/api/waiting", params={"room": no.json()["where"]}).json()
    assert msgspec.convert(told, contract.WaitingTold)
    assert told["stage"] == "waiting" and told["ahead"] == 0 and 0 < told["wait"] <= 60
    assert second.buy().status_code == 503 and len(opening.world.calls) == 0
    opening.pass_time(seconds=61)
    assert second.buy().status_code == 201


def test_a_turn_is_worth_nothing_forged_or_in_another_browser(opening: Opening) -> None:
    Browser(opening).get()
    an, thief = Browser(opening), Browser(opening)
    way = an.wait_for()
    thief.wait_for()
    (turn,) = (name for name in an.cookies if name.startswith("turn-"))
    thief.cookies[turn] = an.cookies[turn]
    opening.pass_time(minutes=2)
    answer = thief.get(way)
    assert answer.status_code == 403 and "Deze plaats in de wachtrij is niet de jouwe." in answer.text
    for word in ("", "x", an.cookies[turn][:-1], opening.till.links.sign("order", "x 0 y")):
        thief.cookies[turn] = word
        assert thief.get(way).status_code == 403
        no = thief.get("/api/waiting", params={"room": "linde/2026-06-01"})
        assert (no.status_code, no.json()["code"]) == (403, "turn_wrong")
    assert an.get(way).headers["location"] == DOOR


def test_a_pass_is_for_an_hour_and_for_one_pair_of_hands(opening: Opening) -> None:
    first = Browser(opening)
    first.get()
    opening.pass_time(seconds=PASS.total_seconds() - 1)
    for _ in range(waiting.CLICKS):
        assert first.get().text == "come in"
    assert first.get().status_code == 429
    opening.pass_time(seconds=2)
    assert Browser(opening).get().text == "come in"
    assert first.get().status_code == 303


def test_other_houses_other_pages_and_other_moments_do_not_wait(opening: Opening) -> None:
    Browser(opening).get()
    waiter = Browser(opening)
    assert waiter.get().status_code == 303
    assert waiter.get(f"/sites/linde/door?p={BRUG}").text == "come in"
    assert waiter.get(f"/sites/linde/door?p={BRUG}&p={LINDE}").status_code == 303
    assert waiter.get("/sites/linde/").status_code == 200
    opening.pass_time(hours=2)
    assert Browser(opening).get().text == "come in"


def test_before_the_opening_one_is_told_when_it_opens(opening: Opening) -> None:
    opening.world.now = OPENS - timedelta(minutes=10)
    early = Browser(opening)
    page = early.get(early.wait_for())
    assert "De verkoop start om 12:00." in page.text and "loting" in page.text  # in Brussels, where De Linde is
    told = early.get("/api/waiting", params={"room": "linde/2026-06-01"}).json()
    assert told["stage"] == "early" and told["ahead"] is None and told["wait"] == 600


def test_a_basket_of_two_houses_that_open_waits_in_both(opening: Opening) -> None:
    brug = peak_of(1, 60, id="brug/2026-06-01", houses=("brug",))
    opening.sell(peak_of(1, 60), brug)
    Browser(opening).get(f"/sites/linde/door?p={BRUG}")
    waiter = Browser(opening)
    assert "brug" in waiter.wait_for(f"{DOOR}&p={BRUG}")
    assert len(waiter.cookies) == 3, "one session, and a turn in each"


def test_a_page_that_a_browser_fetches_beforehand_takes_no_place(opening: Opening) -> None:
    answer = Browser(opening).get(headers={"sec-purpose": "prefetch;prerender"})
    assert answer.status_code == 503 and "set-cookie" not in answer.headers
    assert Browser(opening).get().text == "come in"


def test_who_floods_the_line_is_stopped(opening: Opening) -> None:
    answers = [Browser(opening).get().status_code for _ in range(waiting.MOST + 2)]
    assert answers[-2:] == [429, 429] and 429 not in answers[:-2]
