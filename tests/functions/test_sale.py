"""The public contract of the sale: from a price to tickets, through the functions."""

import asyncio
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from etalage.model.checkout import State
from etalage.model.errors import Refused
from etalage.sales.counter import Counter
from etalage.sales.quote import Quotes
from functions.app import make_app
from functions.links import ORDER, Links
from functions.sale import Sale
from tests.sales.world import PLACES, PRICE, World
from tests.visitor import Visitor

LINDE, BRUG = "toml:linde/a/1", "toml:brug/a/1"
BUYER = {"email": "an@voorbeeld.test", "name": "An Voorbeeld"}
CLASS = "toml:linde/klas/1"
"""For schools: staff answer who asks for it."""
KEY = {"idempotency-key": "a-key-of-a-browser"}


class Till:
    """A shop, its app, and the calls that the sandbox made."""

    def __init__(self, folder: Path, places: int = PLACES, world: World | None = None) -> None:
        self.world = world or World(folder, places=places)
        self.links = Links(["a secret of today", "a secret of yesterday"])
        quotes = Quotes(self.world.house, self.world._pool, self.world.saga.passes.notes)
        sign = partial(self.links.sign, ORDER)
        counter = Counter(self.world.records, quotes, self.world.saga, lambda: self.world.now, os.urandom, sign)
        sale = Sale(
            quotes=quotes, counter=counter, saga=self.world.saga, houses=self.world.house, providers=self.world.saga.providers,
            provider="sandbox", links=self.links, sandbox=self.world.sandbox,
        )  # fmt: skip
        self.visitor = Visitor(make_app(folder / "output", sale=sale))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.visitor.post(path, json=body, headers=headers)

    def buy(self, linde: int = 2, brug: int = 1, **headers: str) -> Any:
        lines = [{"performance": LINDE, "quantity": linde}, {"performance": BRUG, "quantity": brug}]
        return self.post("/api/checkout", {"lines": lines, "buyer": BUYER, "language": "nl"}, **(KEY | headers))

    def press(self, pay_url: str, act: str = "pay", tell: str = "once") -> Any:
        return self.visitor.post("/sandbox/" + pay_url.rpartition("/")[2], data={"act": act, "tell": tell})

    def deliver(self) -> list[int]:
        """Let the sandbox's calls arrive."""
        calls, self.world.calls = self.world.calls, []
        return [
            self.visitor.post("/api/payments/sandbox/webhook", headers=h, content=b).status_code for _, h, b in calls
        ]


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return open_till(tmp_path)


def open_till(tmp_path: Path, places: int = PLACES, world: World | None = None) -> Till:
    """A till over a site with a date of each house."""
    folder = tmp_path / "output" / "regio"
    folder.mkdir(parents=True)
    soon = {"start": "2026-12-05T20:00+01:00", "title": "A", "url": "programma/a/"}
    items = {
        LINDE: {"id": LINDE, **soon}, BRUG: {"id": BRUG, **soon}, "toml:linde/oud/1": {"id": "toml:linde/oud/1", **soon, "start": "2026-11-21T20:00+01:00"},
        "toml:linde/af/1": {"id": "toml:linde/af/1", **soon, "off": True},
        CLASS: {"id": CLASS, **soon, "classes": "toml:linde/klas"},
    }  # fmt: skip
    shelf = {
        "site": "regio",
        "name": "Regio",
        "language": "nl",
        "languages": ["nl"],
        "timezone": "Europe/Brussels",
        "wishlist": "",
        "items": items,
    }
    (folder / "shelf.json").write_text(json.dumps(shelf), "utf-8")
    return Till(tmp_path, places, world)


def test_from_a_price_to_tickets(till: Till) -> None:
    quote = till.post("/api/quote", {"lines": [{"performance": LINDE, "quantity": 2}, {"performance": BRUG}]})
    assert quote.status_code == 200 and quote.json()["total"] == 3 * PRICE
    assert quote.json()["lines"][0] == {
        "performance": LINDE, "house": "linde", "tariff": "zaal.basis", "quantity": 2, "price": PRICE,
        "tariffs": [{"id": "zaal.basis", "name": "", "price": PRICE}],
    }  # fmt: skip
    made = till.buy()
    assert made.status_code == 201 and made.headers["cache-control"] == "no-store"
    order = made.json()
    assert order["total"] == 3 * PRICE and order["currency"] == "EUR" and order["pay_url"] and order["expires"]
    page = till.visitor.get("/sandbox/" + order["pay_url"].rpartition("/")[2])
    assert page.status_code == 200 and "€ 45,00" in page.text and "Voorbeeld" not in page.text
    back = till.press(order["pay_url"])
    assert back.status_code == 303 and back.headers["location"].endswith(f"/order/{order['order']}")
    assert till.deliver() == [200]
    seen = till.visitor.get(f"/api/orders/{order['order']}").json()
    assert seen["state"] == "done" and seen["refunded"] == 0
    assert [(line["house"], line["state"], len(line["tickets"])) for line in seen["lines"]] == [
        ("linde", "confirmed", 2), ("brug", "confirmed", 1),
    ]  # fmt: skip
    assert "voorbeeld" not in json.dumps(seen)
    free = till.visitor.get("/api/availability", params=[("p", LINDE), ("p", BRUG), ("p", "toml:weg/a/1")]).json()
    assert (free[LINDE]["free"], free[BRUG]["free"], free["toml:weg/a/1"]["state"]) == (3, 4, "unknown")


def test_the_same_key_twice_is_one_order_and_with_another_body_none(till: Till) -> None:
    first, again, other = till.buy(), till.buy(), till.buy(linde=1)
    assert first.json() == again.json()
    assert other.status_code == 422 and other.json()["code"] == "key_used"
    assert till.world.free("linde") == 3


@pytest.mark.parametrize("tell", ["twice", "never", "once"])
def test_calls_come_twice_or_never_and_it_is_one_order_all_the_same(till: Till, tell: str) -> None:
    order = till.buy().json()
    till.press(order["pay_url"], tell=tell)
    assert till.deliver() == [200] * {"twice": 2, "never": 0, "once": 1}[tell]
    seen = till.visitor.get(f"/api/orders/{order['order']}").json()
    assert seen["state"] == "done"
    till.world.audit(order["order"].partition(".")[0])


def test_a_shop_that_closes_while_it_calls_itself_says_nothing_and_the_sweep_finds_the_money(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, calling, closed = till.buy().json(), threading.Event(), threading.Event()

    def tell(id: str) -> None:
        assert id
        calling.set()
        closed.wait(20)

    async def press_and_close() -> int:
        way = httpx.ASGITransport(till.visitor.app)
        async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1:8000") as visitor:
            pressed = asyncio.create_task(
                visitor.post(urlsplit(order["pay_url"]).path, data={"act": "pay", "tell": "once"})
            )
            await asyncio.to_thread(calling.wait, 20)
            pressed.cancel()
            return (await pressed).status_code

    monkeypatch.setattr(till.world.sandbox, "tell", tell)
    with ThreadPoolExecutor(max_workers=1) as errand:  # no event loop of a browser test is in its way
        assert errand.submit(asyncio.run, press_and_close()).result() == 303
    closed.set()
    assert till.world.settle(order["order"].partition(".")[0]).state is State.DONE


def test_who_does_not_pay_has_bought_nothing(till: Till) -> None:
    order = till.buy().json()
    till.press(order["pay_url"], act="cancel")
    till.deliver()
    seen = till.visitor.get(f"/api/orders/{order['order']}").json()
    assert (
        seen["state"] == "undone" and seen["code"] == "not_paid" and not any(line["tickets"] for line in seen["lines"])
    )
    assert till.world.free("linde") == 5


def test_sold_out_is_said_with_the_house(till: Till) -> None:
    till.world.sell_elsewhere("brug", 5)
    no = till.buy()
    assert no.status_code == 409 and no.json()["code"] == "sold_out" and no.json()["where"] == "brug"
    assert no.headers["content-type"] == "application/problem+json"


def test_the_own_words_of_a_house_do_not_reach_a_visitor(till: Till) -> None:
    till.world.houses["brug"].always["hold"] = Refused(
        "house_refused", "pretix: quota 7 of an@voorbeeld.test", where="jazz"
    )
    no = till.buy()
    assert (no.status_code, no.json()["code"], no.json()["where"]) == (422, "house_refused", "brug")
    assert "pretix" not in no.text and "voorbeeld" not in no.text


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"lines": []}, 422, "basket_empty"), ({"buyer": {"email": "geen", "name": "An"}}, 422, "email_wrong"),
        ({"buyer": {"email": "a@b.test\r\nBcc: x@y.test", "name": "An"}}, 422, "email_wrong"),
        ({"buyer": {"email": "a@b.test", "name": " "}}, 422, "name_missing"), ({"language": "xx"}, 400, "language_unknown"),
        ({"price": 1}, 422, "body_wrong"), ({"lines": [{"performance": LINDE, "price": 1}]}, 422, "body_wrong"),
        ({"buyer": {**BUYER, "phone": "1"}}, 422, "body_wrong"), ({"lines": [{"performance": "../x"}]}, 422, "performance_unknown"),
        ({"lines": [{"performance": "toml:linde/oud/1"}]}, 422, "performance_unknown"),
        ({"lines": [{"performance": "toml:linde/af/1"}]}, 422, "performance_unknown"),
        ({"lines": [{"performance": "toml:linde/bestaat/9"}]}, 422, "performance_unknown"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_nothing_is_held(
    till: Till, change: dict[str, Any], status: int, code: str
) -> None:
    body = {"lines": [{"performance": LINDE}], "buyer": BUYER, "language": "nl"} | change
    no = till.post("/api/checkout", body, **KEY)
    assert (no.status_code, no.json()["code"]) == (status, code)
    assert till.world.free("linde") == 5


def test_without_a_key_nothing_is_bought(till: Till) -> None:
    no = till.post("/api/checkout", {"lines": [{"performance": LINDE}], "buyer": BUYER})
    assert no.status_code == 400 and no.json()["code"] == "key_missing"


def test_another_sites_page_cannot_buy(till: Till) -> None:
    assert till.buy(**{"sec-fetch-site": "cross-site"}).status_code == 403


def test_nobody_can_make_or_change_the_link_of_an_order(till: Till) -> None:
    token = till.buy().json()["order"]
    key, _, signature = token.partition(".")
    older = Links(["a secret of yesterday"]).sign(ORDER, key)
    assert till.visitor.get(f"/api/orders/{older}").status_code == 200, "keys rotate without breaking links"
    wrong = [
        key,
        f"{key}.",
        f"{key}.{signature[:-1]}",
        f"{key[:-1]}x.{signature}",
        till.links.sign("other", key),
        Links(["x"]).sign(ORDER, key),
    ]
    wrong += [
        f"{key}.{signature[:n]}{'A' if signature[n] != 'A' else 'B'}{signature[n + 1 :]}"
        for n in range(0, len(signature) - 1, 5)
    ]
    for word in wrong:
        no = till.visitor.get(f"/api/orders/{word}")
        assert (no.status_code, no.json()["code"]) == (404, "order_unknown"), word


def test_who_guesses_orders_is_stopped(till: Till) -> None:
    answers = [till.visitor.get(f"/api/orders/{n:032x}.x").status_code for n in range(70)]
    assert answers[0] == 404 and answers[-1] == 429


def test_a_forged_call_changes_nothing(till: Till) -> None:
    order = till.buy().json()
    id = order["pay_url"].rpartition("/")[2]
    body = json.dumps({"id": id}).encode()
    for headers in ({}, {"sandbox-signature": "t=1,v1=x"}):
        assert till.visitor.post("/api/payments/sandbox/webhook", headers=headers, content=body).status_code == 400
    assert till.visitor.post("/api/payments/sandbox/webhook", content=b"x" * 70_000).status_code == 413
    assert till.visitor.post("/api/payments/nobody/webhook", content=body).status_code == 404
    assert till.visitor.get(f"/api/orders/{order['order']}").json()["state"] == "awaiting"


def test_a_shop_that_sells_nothing_says_so(tmp_path: Path) -> None:
    for answer in (
        Visitor(make_app(tmp_path)).get("/api/availability?p=x"), Visitor(make_app(tmp_path)).post("/api/quote", json={"lines": []}),
    ):  # fmt: skip
        assert answer.status_code == 503 and answer.json()["code"] == "sale_missing"


def test_a_disk_that_cannot_be_written_is_a_503_and_passes(till: Till) -> None:
    """Nothing is acknowledged before it is written; the same submit does when the disk is well again (A26)."""
    records = till.world.records
    records.get("checkout", "any")
    usual = records._commit

    def stuck(connection, jobs):
        connection.execute("pragma query_only = on")
        return usual(connection, jobs)

    records._commit = stuck
    told = till.buy()
    assert (told.status_code, told.json()["code"]) == (503, "records_unavailable") and told.headers["retry-after"]
    records._commit = usual
    order = till.buy().json()
    records._commit = stuck
    till.press(order["pay_url"])
    records._commit = usual
    till.press(order["pay_url"])
    records._commit = stuck
    assert till.deliver() == [503], "the provider is to call again"
    assert till.visitor.get(f"/api/orders/{order['order']}").status_code == 503
    records._commit = usual
    assert till.visitor.get(f"/api/orders/{order['order']}").json()["state"] == "done"
    till.world.audit(order["order"].partition(".")[0])
