"""Every story of a pass at debug level, and then nothing of a number or of what it is worth may be found: not in a log, a file, a letter, a ticket,
an export, what a browser keeps, or anything that is said to a system that is not its own.
"""

import email
import email.policy
import io
import logging
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pypdf
import pytest

from demo.uitpas import passes
from demo.uitpas.wire import Mood
from etalage.adapters.local_ticketing import LocalTicketing
from etalage.adapters.sandbox_payments import SandboxPayments
from etalage.adapters.uitpas_discounts import UitpasDiscounts
from etalage.model.sale import SeatState
from etalage.sales.orders import Orders, Wanted
from etalage.sales.returns import of_tickets
from tests.browser.pass_region import Region, open_region, pay, take, type_number
from tests.browser.test_counter import dates, fill  # noqa: F401 - a fixture
from tests.shop import ROOT, Shop

NUMBERS = (*passes.NOTES, "1000000520006")

ITS_OWN = re.compile(r'.*"(?:GET|POST|DELETE) /(?:tariffs|ticket-sales|permissions|realms)\b.*')
"""What the stand-in for UiTPAS, which runs in this process, logs of who asks it."""


def parts(number: str) -> set[str]:
    """A number, and what of it tells of somebody: seven digits in a row of its end, with or without dots and spaces."""
    return {number, *(number[at : at + 7] for at in range(len(number) - 9, len(number) - 6))}


TRACE = re.compile("|".join(sorted({r"[ .-]?".join(part) for number in NUMBERS for part in parts(number)})))
WORTH = re.compile("kansentarief|SOCIALTARIFF|cultuurbon|COUPON1", re.IGNORECASE)
"""What a pass is worth; that somebody has one at all shows in nothing but the price."""
KEYS = re.compile(r"secret-of-|Bearer [\w-]{9}")
"""What lets a house in at UiTPAS."""


ANSWERS: list[str] = []
"""All that is answered to who looks: the address, the headers and the text."""


class Tape:
    """Stands before the app and keeps what it answers."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        said: list[str] = []

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                said.append(str(message["headers"]))
            elif message["type"] == "http.response.body":
                said.append(message.get("body", b"").decode("utf-8", "replace"))
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            if scope["type"] == "http":
                ANSWERS.append(f"{scope['path']} {' '.join(said)}")


class Ears:
    """Everything that is said by us, and to whom: by HTTP, to a house, to a payment provider; and all that a browser asks."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.sent: list[tuple[str, str]] = []
        self.asked: list[tuple[str, str, str]] = []
        real = httpx.HTTPTransport.handle_request

        def listen(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
            self.sent.append(
                (f"{request.url.host}:{request.url.port}", f"{request.url} {dict(request.headers)} {request.read()!r}")
            )
            return real(transport, request)

        patch.setattr(httpx.HTTPTransport, "handle_request", listen)
        for kind, verbs in (
            (LocalTicketing, ("hold", "extend", "confirm", "cancel", "record_refund", "move", "release")),
            (SandboxPayments, ("start", "refund", "cancel")),
        ):
            for verb in verbs:
                patch.setattr(kind, verb, self._heard(kind, verb))

    def _heard(self, kind: type, verb: str) -> Callable[..., Any]:
        real = getattr(kind, verb)

        def said(system: Any, *given: Any, **more: Any) -> Any:
            self.sent.append((kind.__name__, f"{given!r} {more!r}"))
            return real(system, *given, **more)

        return said

    def watch(self, page: Any) -> Any:
        """Listen to a page."""
        page.on("request", lambda one: self.asked.append((one.method, f"{one.url} {one.headers}", one.post_data or "")))
        return page


@pytest.fixture(scope="module")
def region(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with open_region(demo_shop, tmp_path_factory.mktemp("leaks"), Tape) as made:
        yield made


@pytest.fixture(scope="module")
def counter(region: Region) -> str:
    return region.address


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch, region: Region) -> Ears:
    region.forget()
    ANSWERS.clear()
    return Ears(monkeypatch)


def test_every_story_is_told_and_nobody_heard_of_whom(
    region: Region, dates: tuple[str, str], ears: Ears, open_page: Callable[..., Any], tmp_path: Path,
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    for name in list(logging.Logger.manager.loggerDict):  # also of those that were told to be quiet
        logging.getLogger(name).setLevel(logging.DEBUG)
    page = ears.watch(open_page("phone", tolerate="status of (4\\d\\d|503)", service_workers="allow"))
    for story in (families, group_and_coupon, refusals, silence, troubles, second_thoughts):
        region.let_in()
        story(region, page, dates)
    scripts(region, dates)
    staff(region, tmp_path)
    kept = storage(page)
    assert region.wire.uitpas.sales and len(ANSWERS) > 40 and len(ears.sent) > 60
    out, err = (ITS_OWN.sub("", said) for said in capfd.readouterr())
    assert "etalage" in caplog.text and "httpcore" in caplog.text, "it was told at debug level"
    uitpas = region.names["UITPAS_DEMO_URL"].removeprefix("http://")
    here = f"127.0.0.1:{region.address.rstrip('/').rpartition(':')[2]}"  # what the test itself asked
    others = [f"{to} {what}" for to, what in ears.sent if to not in (uitpas, here)]
    assert {to for to, _ in ears.sent} >= {uitpas, "LocalTicketing", "SandboxPayments"}
    files = list(texts(region.workspace.var)) + list(texts(tmp_path))
    assert {".eml", ".pdf", ".csv", ".db"} <= {kind for kind, _ in files}
    where = {
        "the logs": [ITS_OWN.sub("", caplog.text), out, err], "a letter, a ticket, a list or another file": [f"{kind} {text}" for kind, text in files if kind != ".db"],
        "what a browser keeps": kept, "another system": others, "an address": [url for _, url, _ in ears.asked],
    }  # fmt: skip
    for place, said in where.items():
        assert not [found for text in said if (found := around(TRACE, text) or around(WORTH, text))], place
    for place, said in {"the records": [text for kind, text in files if kind == ".db"], "a page": ANSWERS}.items():
        assert not [found for text in said if (found := around(TRACE, text))], place
    assert not [
        found for text in [*where["the logs"], *(text for _, text in files), *ANSWERS] if (found := around(KEYS, text))
    ]
    typed = [(url, body) for method, url, body in ears.asked if TRACE.search(body)]
    assert typed and all(url.partition(" ")[0].endswith("/pass") for url, _ in typed), (
        "it is sent where it is asked for"
    )
    worth = [text for text in ANSWERS if WORTH.search(main_of(text))]
    told = {text.partition(" ")[0].rpartition("/")[2] for text in worth}
    assert told == {"pass", "tariffs", "quote"}, "and what it is worth is told there, and to a script that names it"


def families(region: Region, page: Any, dates: tuple[str, str]) -> None:
    """Of two houses, two of a family and somebody else; one ticket goes back, and another order wholly."""
    fill(page, region.address, dates, "Leg in het mandje")
    type_number(page, "0900.0000.67513")
    take(page)
    type_number(page, passes.CHILD, 1)
    take(page)
    pay(page, 3)
    region.sale.post.deliver()
    order = newest(region)
    saga = region.sale.saga
    region.wire.moods.append(Mood("lost", ""))
    code = next(ticket.code for ticket in order.good)
    saga.give_tickets(order.key, of_tickets(order, [code], saga.houses))
    saga.give_back(order.key)
    for _ in range(3):
        saga.sweep()
    region.sale.post.deliver()
    page.reload()


def group_and_coupon(region: Region, page: Any, dates: tuple[str, str]) -> None:
    page.goto(f"{region.address}choose?p={dates[1]}")
    page.locator("select.till-number").first.select_option("4")
    page.get_by_role("button", name="Leg in het mandje").click()
    page.wait_for_url("**/basket")
    type_number(page, passes.GROUP)
    take(page, tickets="3")
    type_number(page, passes.COUPONS)
    take(page, "Cultuurbon van 5 euro")
    pay(page, 4)
    region.sale.post.deliver()


def refusals(region: Region, page: Any, dates: tuple[str, str]) -> None:
    fill(page, region.address, dates, "Leg in het mandje")
    for number in (
        passes.EXPIRED,
        passes.AWAY,
        passes.BLOCKED,
        passes.REGULAR,
        passes.NOBODYS,
        passes.SOCIAL[:-1] + "4",
    ):
        type_number(page, number)
        page.get_by_role("link", name="Ga verder aan de gewone prijs").click()
        page.wait_for_url("**/basket")


def silence(region: Region, page: Any, dates: tuple[str, str]) -> None:
    """UiTPAS is down, refuses us, says nonsense, and answers in the end."""
    del dates
    for mood in ("down", "unauthorized", "forbidden", "busy:0", "broken", "garbled"):
        region.let_in()
        region.wire.moods += [Mood(mood, "GET /tariffs")] * 3
        type_number(page, passes.SOCIAL)
        region.wire.moods.clear()
        page.get_by_role("link", name=re.compile("gewone prijs|mandje")).first.click()
        page.wait_for_url("**/basket")
    region.let_in()


def troubles(region: Region, page: Any, dates: tuple[str, str]) -> None:
    """The answer to a booking is lost; then the pass is refused at the very last."""
    del dates
    type_number(page, passes.PARENT)
    take(page)
    region.wire.moods.append(Mood("lost", "POST /ticket-sales"))
    pay(page, 3)


def second_thoughts(region: Region, page: Any, dates: tuple[str, str]) -> None:
    """A pass that is blocked between the basket and the payment; and then nobody pays, so that all is undone."""
    fill(page, region.address, dates, "Leg in het mandje")
    type_number(page, passes.CHILD)
    take(page)
    known = region.wire.uitpas.passes
    known[passes.CHILD] = replace(known[passes.CHILD], status="BLOCKED")
    check_out(page)
    page.locator("[role=alert]").first.wait_for()
    known[passes.CHILD] = replace(known[passes.CHILD], status="ACTIVE")
    type_number(page, passes.CHILD)
    take(page)
    check_out(page)
    page.wait_for_url("**/sandbox/**")
    page.get_by_role("button", name="Annuleer").click()
    page.wait_for_url("**/order/**")
    region.sale.saga.run(newest(region).key)


def check_out(page: Any) -> None:
    page.get_by_role("link", name="Naar afrekenen").click()
    page.get_by_label("E-mailadres").fill("an@voorbeeld.test")
    page.get_by_label("Naam").fill("An Voorbeeld")
    page.get_by_role("button", name="Betaal").click()


def scripts(region: Region, dates: tuple[str, str]) -> None:
    """By the public contract, rightly and wrongly: where a number stands that does not belong there, nobody repeats it."""
    region.let_in()
    _, _, name = region.address.rstrip("/").rpartition("/")
    client = httpx.Client(base_url=f"http://127.0.0.1:{name.rpartition(':')[2]}/")
    host = {"origin": region.address.rstrip("/"), "host": name}

    def post(path: str, **given: Any) -> httpx.Response:
        return client.post(path, headers=host | given.pop("headers", {}), **given)

    asked = {"performance": dates[1], "number": passes.SOCIAL, "quantity": 1}
    told = post("/api/uitpas/tariffs", json=asked).json()
    plan = region.sale.houses("foelie").seatmap(dates[1])
    seat = next(one.id for one in reversed(plan) if one.state is SeatState.FREE)
    lines = [
        {
            "performance": dates[1],
            "seats": [seat],
            "quantity": 1,
            "quote": told["quote"],
            "tariff": told["tariffs"][0]["id"],
        }
    ]
    assert post("/api/quote", json={"lines": lines}).status_code == 200
    body = {"lines": lines, "buyer": {"email": "an@voorbeeld.test", "name": "An"}, "language": "nl"}
    bought = post("/api/checkout", json=body, headers={"idempotency-key": "een-twee-drie-vier-vijf"})
    assert bought.status_code == 201, bought.text
    assert post("/api/uitpas/tariffs", json=asked | {"number": passes.EXPIRED}).json()["message"]
    for wrong in (
        {"json": asked | {"number": passes.SOCIAL + "0"}}, {"json": asked | {"pas": passes.SOCIAL}},
        {"json": {"number": [passes.SOCIAL]}}, {"content": passes.SOCIAL.encode()},
    ):  # fmt: skip
        assert post("/api/uitpas/tariffs", **wrong).status_code in (404, 409, 415, 422)
    with pytest.MonkeyPatch.context() as patch:  # a fault of ours
        patch.setattr(UitpasDiscounts, "entitlements", lambda *_: 1 // 0)
        assert post("/api/uitpas/tariffs", json=asked).status_code == 500


def staff(region: Region, folder: Path) -> None:
    """What staff look at and write."""
    where = region.workspace
    base = [sys.executable, "build.py"]
    options = ["--content", str(where.content), "--output", str(where.output), "--var", str(where.var)]
    order = next(one for one in orders(region) if one.good)
    performance = order.good[0].performance
    for number, command in enumerate((
        ["passes", "check"], ["passes", "compare"], ["passes", "export", "--house", "meerstoel", "--to", str(folder / "passes.csv")],
        ["orders", "list"], ["orders", "show", order.key], ["orders", "door", performance, "--to", str(folder / "door.csv")], ["orders", "books"], ["doctor"],
    )):  # fmt: skip
        ran = subprocess.run(
            [*base, *command, *options, "--json"], cwd=ROOT, env=os.environ | region.names | {"ETALAGE_LOG": "debug"}, capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
        assert "Traceback" not in ran.stderr and "Usage" not in ran.stderr, ran.stderr
        (folder / f"said-{number}.txt").write_text(ran.stdout + ran.stderr, "utf-8")
    assert (folder / "passes.csv").read_text("utf-8-sig").count("\n") == 2, "one that stands"


def orders(region: Region) -> list[Any]:
    return sorted(Orders(region.sale.saga.records).find(Wanted()).orders, key=lambda one: one.key)


def newest(region: Region) -> Any:
    """The order that was not there before."""
    known: set[str] = region.__dict__.setdefault("known", set())
    new = [one for one in orders(region) if one.key not in known]
    known |= {one.key for one in new}
    return new[-1]


def storage(page: Any) -> list[str]:
    """Everything a browser keeps of us, also for when there is no network."""
    script = """async () => { const kept = [document.cookie, JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
        for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) {
            const answer = await (await caches.open(name)).match(request);
            kept.push(name + ' ' + request.url + ' ' + (/text|json/.test(answer.headers.get('content-type') || '') && !/assets|programma|agenda/.test(request.url) ? await answer.text() : ''));
        }
        return [...kept, JSON.stringify(await indexedDB.databases())]; }"""
    return [
        *page.evaluate(script),
        str(page.context.cookies()),
        str(page.evaluate("[location.href, history.length, document.title]")),
    ]


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file, as somebody could read it: letters with what is in them, tickets as text, records one by one and as they are on the disk."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        raw = path.read_bytes()
        yield (".db" if ".sqlite" in path.name else path.suffix), f"{path.name} {raw.decode('utf-8', 'replace')}"
        if path.suffix == ".sqlite":
            with sqlite3.connect(path) as connection:
                yield from (
                    (".db", f"{id} {bytes(value).decode('utf-8', 'replace')}")
                    for id, value in connection.execute("select id, value from record")
                )
        if path.suffix == ".eml":
            for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
                if part.is_multipart():
                    continue
                content = part.get_payload(decode=True)
                if part.get_content_type() != "application/pdf":
                    yield ".eml", content.decode("utf-8", "replace")
                    continue
                ticket = pypdf.PdfReader(io.BytesIO(content))
                yield ".pdf", " ".join([str(ticket.metadata), *(one.extract_text() for one in ticket.pages)])


def around(what: re.Pattern[str], text: str) -> str:
    """What stands around the first trace; "" when there is none."""
    found = what.search(text)
    return text[max(0, found.start() - 80) : found.end() + 40] if found else ""


def main_of(page: str) -> str:
    """The address of a page and what it is about; the menus around it are the same for all."""
    head, main, rest = page.partition("<main")
    return head.partition(" ")[0] + " " + (rest.partition("</main>")[0] if main else head)
