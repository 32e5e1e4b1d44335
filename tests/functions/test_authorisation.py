"""Who may see and do what: two houses, two buyers, and every id and token of one tried on the other (reliability A37, A42, A44, A45)."""

import json
import os
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from etalage.sales.terms import CHECKOUT
from etalage.sales.wishlists import Wishlists
from functions.links import ORDER, Links
from tests.functions.test_sale import BRUG, BUYER, KEY, LINDE, Till, till  # noqa: F401
from tests.visitor import Visitor

GUESSES = 60
OTHER_SIGN = {"sandbox-signature": "t=1795348800,v1=" + "0" * 64}


class Buyer:
    """Who bought at one house, and shared a list of it."""

    def __init__(self, till: Till, performance: str, key: str) -> None:
        body = {"lines": [{"performance": performance}], "buyer": BUYER}
        self.order: dict[str, Any] = till.post("/api/checkout", body, **{"idempotency-key": key}).json()
        self.token, self.payment = self.order["order"], self.order["pay_url"].rpartition("/")[2]
        self.list: dict[str, str] = till.post("/api/wishlists", {"performances": [performance], "site": "regio"}).json()
        self.word = self.list["token"]
        self.friend = till.post(f"/api/wishlists/{self.word}/joins", {"performances": [performance]}).json()["key"]


@pytest.fixture
def shop(till: Till) -> Iterator[Till]:
    till.visitor.app.state.lists = Wishlists(till.world.records, lambda: till.world.now, os.urandom)
    yield till
    till.world.records.close()


@pytest.fixture
def an(shop: Till) -> Buyer:
    return Buyer(shop, LINDE, "the-key-of-an")


@pytest.fixture
def bo(shop: Till) -> Buyer:
    return Buyer(shop, BRUG, "the-key-of-bo")


def told(answer: Any) -> tuple[int, Any]:
    return answer.status_code, answer.json()


def test_an_order_of_another_looks_like_one_that_never_was(shop: Till, an: Buyer, bo: Buyer) -> None:
    never = told(shop.visitor.get(f"/api/orders/{'0' * 32}.{'A' * 43}"))
    assert never[0] == 404
    (an_name, an_sign), (bo_name, bo_sign) = (one.token.split(".") for one in (an, bo))
    wrong = [
        f"{an_name}.{bo_sign}",
        f"{bo_name}.{an_sign}",
        an_name,
        an.payment,
        bo.payment,
        an.word,
        bo.word,
        an.list["secret"],
        an.friend,
    ]
    for word in wrong:
        assert told(shop.visitor.get(f"/api/orders/{word}")) == never, word
    for one, house in ((an, "linde"), (bo, "brug")):
        seen = shop.visitor.get(f"/api/orders/{one.token}").json()
        assert [line["house"] for line in seen["lines"]] == [house]


def test_an_order_is_shown_by_the_site_that_sold_it_and_by_no_other(shop: Till) -> None:
    body = {"lines": [{"performance": LINDE}], "buyer": BUYER}
    token = shop.visitor.post("/sites/regio/api/checkout", json=body, headers=KEY).json()["order"]
    never = told(shop.visitor.get("/sites/elders/api/orders/x"))
    assert told(shop.visitor.get(f"/sites/elders/api/orders/{token}")) == never
    assert told(shop.visitor.get(f"/api/orders/{token}", headers={"host": "elders.localhost"})) == never
    for way, host in ((f"/sites/regio/api/orders/{token}", "127.0.0.1"), (f"/api/orders/{token}", "regio.localhost")):
        assert shop.visitor.get(way, headers={"host": host}).status_code == 200


def test_a_list_of_another_looks_like_one_that_never_was(shop: Till, an: Buyer, bo: Buyer) -> None:
    never = told(shop.visitor.get("/api/wishlists/AAAAAAAAAAAAAAAAAAAAAA"))
    assert never[0] == 404
    for word in (an.token, an.payment, an.list["secret"], an.friend, an.word[:-1], an.word + "A", bo.word.swapcase()):
        way = f"/api/wishlists/{word}"
        assert told(shop.visitor.get(way)) == never, word
        assert told(shop.post(f"{way}/joins", {"performances": [LINDE]})) == never, word
        assert told(shop.post(f"{way}/leave", {"key": an.friend})) == never, word
        assert told(shop.visitor.ask("DELETE", way, headers={"authorization": f"Bearer {an.list['secret']}"})) == never


def test_the_secrets_of_one_list_do_nothing_to_another(shop: Till, an: Buyer, bo: Buyer) -> None:
    before = shop.visitor.get(f"/api/wishlists/{bo.word}").json()
    for word in (an.list["secret"], an.friend, bo.friend, bo.word, an.token, ""):
        no = shop.visitor.ask("DELETE", f"/api/wishlists/{bo.word}", headers={"authorization": f"Bearer {word}"})
        assert (no.status_code, no.json()["code"]) == (403, "secret_wrong")
        if word != bo.friend:
            assert shop.post(f"/api/wishlists/{bo.word}/leave", {"key": word}).status_code == 204
    assert shop.visitor.get(f"/api/wishlists/{bo.word}").json() == before
    assert before["items"][0]["joins"] == [""], "the friend of the one list is still on it"


def test_a_payment_of_another_changes_only_its_own_order(shop: Till, an: Buyer, bo: Buyer) -> None:
    shop.press(f"/sandbox/{bo.payment}")
    shop.deliver()
    assert shop.visitor.get(f"/api/orders/{bo.token}").json()["state"] == "done"
    assert shop.visitor.get(f"/api/orders/{an.token}").json()["state"] == "awaiting"
    for id in (an.token, an.word, "sb_none"):
        no = shop.visitor.post(f"/sandbox/{id}", data={"act": "pay"})
        assert (no.status_code, no.json()["code"]) == (404, "payment_absent")


def test_no_letter_of_an_orders_token_can_be_another(shop: Till, an: Buyer) -> None:
    links: Links = shop.links
    changed = [
        f"{an.token[:at]}{letter}{an.token[at + 1 :]}"
        for at, letter in product(range(len(an.token)), "ABab01-_.=~ ")
        if an.token[at] != letter
    ]
    for word in (*changed, an.token + "=", an.token + "A", f" {an.token}", an.token.upper()):
        with pytest.raises(Exception, match="This order is not here"):
            links.read(ORDER, word)
    assert links.read(ORDER, an.token), "and as it was it is good"
    assert len(changed) > 800


def test_a_token_of_another_purpose_or_another_shop_opens_nothing(shop: Till, an: Buyer) -> None:
    name = an.token.partition(".")[0]
    never = told(shop.visitor.get("/api/orders/x"))
    for links, purpose in ((shop.links, "ticket"), (shop.links, ""), (Links(["of another shop"]), ORDER)):
        assert told(shop.visitor.get(f"/api/orders/{links.sign(purpose, name)}")) == never


def test_a_key_that_is_on_the_list_still_opens_and_one_that_was_taken_off_does_not(shop: Till, an: Buyer) -> None:
    state = shop.visitor.app.state
    for secrets, status in (
        (["of tomorrow", "a secret of today"], 200), (["of tomorrow", "a secret of yesterday"], 404), (["of tomorrow"], 404),
        (["a secret of today"], 200),
    ):  # fmt: skip
        state.sale = replace(state.sale, links=Links(secrets))
        assert shop.visitor.get(f"/api/orders/{an.token}").status_code == status, secrets


@pytest.mark.parametrize("way", ["orders", "wishlists"])
def test_who_guesses_is_stopped_and_who_has_a_token_never_is(shop: Till, an: Buyer, way: str) -> None:
    app = shop.visitor.app
    guesser, word = Visitor(app, "192.0.2.7"), {"orders": an.token, "wishlists": an.word}[way]
    answers = [guesser.get(f"/api/{way}/{number:032x}.x") for number in range(GUESSES + 5)]
    assert [one.status_code for one in answers] == [404] * GUESSES + [429] * 5
    assert int(answers[-1].headers["retry-after"]) > 0 and answers[-1].json()["code"] == "too_many"
    assert Visitor(app, "192.0.2.8").get(f"/api/{way}/{word}").status_code == 200, "elsewhere"
    assert guesser.get(f"/api/{way}/{word}").status_code == 200, "behind the same address"
    assert Visitor(app, "192.0.2.8").get(f"/api/{way}/none").status_code == 404


def test_who_guesses_from_one_home_is_one_client(shop: Till) -> None:
    homes = [Visitor(shop.visitor.app, f"2001:db8:0:1::{number:x}") for number in range(GUESSES + 1)]
    assert [one.get("/api/orders/x").status_code for one in homes][-1] == 429
    assert Visitor(shop.visitor.app, "2001:db8:0:2::1").get("/api/orders/x").status_code == 404


def test_a_call_that_is_forged_unsigned_old_changed_or_huge_changes_nothing(shop: Till, an: Buyer, bo: Buyer) -> None:
    world = shop.world
    names = [one.token.partition(".")[0] for one in (an, bo)]
    before = [world.records.get(CHECKOUT, name) for name in names]
    world.sandbox.act(an.payment, "pay")
    _, signed, body = world.sandbox.call(an.payment)
    _, of_bo, _ = world.sandbox.call(bo.payment)
    stamp, _, mark = signed["sandbox-signature"].partition(",")
    other = json.dumps({"id": bo.payment, "reference": names[1]}).encode()
    forged = [
        ({}, body), (OTHER_SIGN, body), (of_bo, body), (signed, other), (signed, body + b" "), (signed, body[:-1]), (signed, b""),
        ({"sandbox-signature": mark}, body), ({"sandbox-signature": f"{stamp[:-1]}9,{mark}"}, body), ({"sandbox-signature": "t=٣,v1=x".encode()}, body),
        ({"sandbox-signature": f"t=99999999999,{mark}"}, body),
    ]  # fmt: skip
    for headers, content in forged:
        no = shop.visitor.post("/api/payments/sandbox/webhook", headers=headers, content=content)
        assert (no.status_code, no.json()["code"]) == (400, "webhook_forged"), (headers, content)
    huge = shop.visitor.post("/api/payments/sandbox/webhook", headers=signed, content=body + b" " * 5_000_000)
    assert huge.status_code == 413
    world.pass_time(minutes=6)
    assert shop.visitor.post("/api/payments/sandbox/webhook", headers=signed, content=body).status_code == 400, "old"
    assert [world.records.get(CHECKOUT, name) for name in names] == before
    _, fresh, body = world.sandbox.call(an.payment)
    assert shop.visitor.post("/api/payments/sandbox/webhook", headers=fresh, content=body).status_code == 200
    assert world.records.get(CHECKOUT, names[0]) != before[0], "and one that is right does"
    assert world.records.get(CHECKOUT, names[1]) == before[1]
