"""Paid in turn, on the pages and through the public contract: said before, counted meanwhile, and plain when something came to nothing."""

import html
import json
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from etalage.model.checkout import State
from etalage.sales.admission import Admission
from functions import contract
from functions.app import make_app
from functions.links import TURN
from tests.functions.guest import SITE, Guest
from tests.functions.test_sale import BRUG, BUYER, LINDE, Till, open_till
from tests.sales.opening import OPENS, peak_of
from tests.sales.world import PRICE, Moody, change_price
from tests.theme.test_translations import translated
from tests.visitor import Visitor

GIDS = "toml:gids/a/1"
KEY = {"idempotency-key": "a-key-of-a-browser"}


class Square(Guest):
    """The till's shop without a joint account, and a guest who has two tickets of De Linde and one of De Brug in the basket."""

    def __init__(self, folder: Path, language: str = "") -> None:
        self.till: Till = open_till(folder)
        self.world = self.till.world
        shelf = folder / "output" / "regio" / "shelf.json"
        known = json.loads(shelf.read_text("utf-8"))
        known["items"][LINDE]["house"], known["items"][BRUG]["house"] = "De Linde", "De Brug"
        if language:
            known |= {"language": language, "languages": [language], "words": words(language)}
        known["items"][GIDS] = known["items"][BRUG] | {"id": GIDS, "house": "De Gids"}
        shelf.write_text(json.dumps(known), "utf-8")
        sale = replace(self.till.visitor.app.state.sale, in_turn=frozenset({"regio", ""}))
        self.till.visitor = Visitor(make_app(folder / "output", sale=sale))
        self.folder = folder / "output" / "regio"
        super().__init__(self.till.visitor, self.folder)
        assert self.put_in(LINDE, 2).status_code == 303 and self.put_in(BRUG, 1).status_code == 303

    def pay(self, url: str, act: str = "pay"):
        """On the page of the provider, and back to the order's."""
        back = self.till.press(url, act=act)
        self.till.deliver()
        return self.get(back.headers["location"].partition(SITE)[2])

    def next(self, page) -> str:
        """Where the one button leads."""
        (found,) = re.findall(r'class="button till-pay" href="([^"]+)"', page.text)
        return html.unescape(found)

    def buy(self, **more: Any) -> Any:
        lines = [{"performance": LINDE, "quantity": 2}, {"performance": BRUG}]
        return self.till.post("/api/checkout", {"lines": lines, "buyer": BUYER} | more, **KEY)

    def order(self, token: str) -> Any:
        return self.till.visitor.get(f"/api/orders/{token}").json()

    @property
    def free(self) -> tuple[int, int]:
        return self.world.free("linde"), self.world.free("brug")


def words(language: str) -> dict[str, list[str]]:
    return {ids[0]: list(texts) for ids, texts in translated(language).items()}


@pytest.fixture
def square(tmp_path: Path) -> Square:
    return Square(tmp_path)


def test_said_before_paid_one_after_the_other_and_all_there_at_the_end(square: Square) -> None:
    assert "Each house is paid by itself: 2 payments" in square.get("basket").text
    before = square.get("checkout").text
    told = before.partition("You pay 2 times")[2].partition("</section>")[0]
    assert "De Linde" in told and "€30" in told.replace("\xa0", "").replace("&nbsp;", "") and "De Brug" in told
    assert "to De Linde</button>" in before and "our payment provider" not in before
    first = square.check_out().headers["location"]
    assert "€ 30,00" in square.visitor.get("/sandbox/" + first.rpartition("/")[2]).text
    page = square.pay(first)
    assert "<h1>1 of 2 is paid</h1>" in page.text and "€\xa030; €\xa015 is still to be paid" in html.unescape(page.text)
    assert page.text.count('class="button till-pay"') == 1 and "to De Brug</a>" in page.text
    assert "You can pay until 13:35. That is 35 minutes more." in page.text and page.headers["refresh"] == "60"
    assert page.text.count("till-code") == 2 and square.cookies["basket_count"] == "3", (
        "the tickets of the first are there"
    )
    last = square.pay(square.next(page))
    assert (
        "<h1>Your tickets</h1>" in last.text
        and "Everything is paid." in last.text
        and last.text.count("till-code") == 1
    )
    assert "till-pay" not in last.text and "refresh" not in last.headers and not square.cookies
    way = re.search(r'href="([^"]+)">Tickets of De Linde', last.text)[1]
    other = square.get(way.partition(SITE)[2])
    assert other.text.count("till-code") == 2 and "Tickets of De Brug" in other.text and square.free == (3, 4)
    assert "voorbeeld" not in last.text


@pytest.mark.parametrize(
    ("language", "heading", "before", "button"),
    [("nl", "1 van 2 is betaald", "Je betaalt 2 keer", "aan De Brug</a>"), ("fr", "1 paiement sur 2 est fait", "Vous payez 2 fois", "à De Brug</a>")],
)  # fmt: skip
def test_in_dutch_and_in_french(tmp_path: Path, language: str, heading: str, before: str, button: str) -> None:
    square = Square(tmp_path, language)
    assert before in square.get("checkout").text
    page = square.pay(square.check_out().headers["location"])
    assert f"<h1>{heading}</h1>" in page.text and button in page.text


def test_the_second_is_cancelled_and_its_places_go_in_a_new_basket(square: Square) -> None:
    page = square.pay(square.check_out().headers["location"])
    over = square.pay(square.next(page), act="cancel")
    assert "<h1>Not everything was bought</h1>" in over.text and "Not paid, so not bought: De Brug." in over.text
    assert "What you paid stands" in over.text and "Back to the basket" not in over.text and not square.cookies
    token = re.search(r'name="order" value="([^"]+)"', over.text)[1]
    way = re.search(r'href="([^"]+)">Tickets of De Linde', over.text)[1]
    assert "Not paid, so not bought: De Brug." in square.get(way.partition(SITE)[2]).text, "the paid one says it too"
    for _ in range(2):  # pressed twice it is there once
        assert square.post("basket", {"act": "again", "order": token}).headers["location"] == f"{SITE}basket"
    assert square.cookies["basket_count"] == "1" and square.free == (3, 4)
    assert 'id="dues"' not in square.get("checkout").text, "one house alone is one payment"
    assert "Everything" not in square.pay(square.check_out().headers["location"]).text
    assert square.free == (3, 4)


def test_a_token_that_nobody_signed_brings_nothing_into_a_basket(square: Square) -> None:
    assert square.post("basket", {"act": "again", "order": "a" * 32 + ".x"}).status_code == 404


def test_cancelled_at_the_first_page_nothing_is_bought_and_the_basket_is_as_it_was(square: Square) -> None:
    over = square.pay(square.check_out().headers["location"], act="cancel")
    assert "<h1>Nothing was bought</h1>" in over.text and "Back to the basket" in over.text
    assert "Still to be paid" in over.text, "the other house still waits for its money"
    assert square.cookies["basket_count"] == "3" and square.free == (5, 4)
    page = square.pay(square.check_out().headers["location"])
    assert "1 of 2 is paid" in page.text and square.free == (3, 4)


def test_who_goes_back_when_one_is_paid_is_told_and_keeps_what_is_left(square: Square) -> None:
    square.pay(square.check_out().headers["location"])
    changed = square.post("basket", {"act": "change", "line": "0", "n": "1"})
    assert changed.status_code == 409 and "One of the houses is paid" in changed.text
    assert square.cookies["basket_count"] == "1" and square.free == (3, 5)
    assert square.post("basket", {"act": "keep"}).status_code == 303 and square.free == (3, 4)


def test_pressed_again_when_one_is_paid_leads_to_its_page(square: Square) -> None:
    square.pay(square.check_out().headers["location"])
    again = square.check_out()
    assert (
        again.status_code == 303 and "1 of 2 is paid" in square.get(again.headers["location"].partition(SITE)[2]).text
    )


def test_when_one_house_refuses_the_basket_says_why(square: Square) -> None:
    square.world.pass_time(minutes=25)
    square.world.sell_elsewhere("brug", 5)
    refused = square.check_out()
    assert refused.status_code == 409 and "There are not so many places left." in refused.text
    assert square.free == (5, 0)


def test_a_house_whose_places_are_free_is_no_payment(square: Square) -> None:
    square.post("basket", {"act": "empty"})
    change_price(square.world, "brug", 0)
    assert square.put_in(LINDE, 2).status_code == 303 and square.put_in(BRUG, 1).status_code == 303
    assert 'id="dues"' not in square.get("checkout").text, "who asks nothing is no step"
    done = square.pay(square.check_out().headers["location"])
    assert "<h1>Your tickets</h1>" in done.text and done.text.count("till-code") == 3


def test_when_its_time_is_over_the_page_of_the_first_says_it_at_once(square: Square) -> None:
    page = square.pay(square.check_out().headers["location"])
    square.world.pass_time(minutes=41)
    later = square.get(page.url.path.partition(SITE)[2])
    assert "<h1>Your tickets</h1>" in later.text and "Not paid, so not bought: De Brug." in later.text
    assert "till-pay" not in later.text and "refresh" not in later.headers and square.free == (3, 5)


def test_at_a_peak_who_wants_the_places_again_waits_like_everybody(square: Square) -> None:
    links, world = square.till.links, square.world
    world.now = OPENS + timedelta(minutes=1)
    square.post("basket", {"act": "keep"})
    over = square.pay(square.next(square.pay(square.check_out().headers["location"])), act="cancel")
    token = re.search(r'name="order" value="([^"]+)"', over.text)[1]
    sign, read = (lambda word: links.sign(TURN, word)), (lambda word: links.read(TURN, word))
    peak = peak_of(1, 60, houses=("brug",), productions=("toml:brug/a",))
    state = square.visitor.app.state
    state.sale = replace(state.sale, room=Admission(world.records, [peak], lambda: world.now, os.urandom, sign, read))
    somebody = Guest(square.visitor, square.folder)
    assert somebody.put_in(BRUG, 1).headers["location"] == f"{SITE}basket"
    again = square.post("basket", {"act": "again", "order": token})
    assert again.status_code == 303 and "waiting" in again.headers["location"] and square.free == (3, 4)


def test_free_places_come_with_the_first_payment_and_the_page_says_so(square: Square) -> None:
    square.world.houses["gids"] = Moody(square.world._house("gids"))
    change_price(square.world, "gids", 0)
    assert square.put_in(GIDS, 1).status_code == 303
    told = square.get("checkout").text.partition("You pay 2 times")[2].partition("</section>")[0]
    assert "With the free places at De Gids." in told.partition("De Brug")[0]
    page = square.pay(square.check_out().headers["location"])
    assert "1 of 2 is paid" in page.text and page.text.count("till-code") == 3 and square.world.free("gids") == 4


# --- the public contract ------------------------------------------------------------------------------------------


def test_scripts_get_the_first_order_and_all_of_the_turn(square: Square) -> None:
    square.post("basket", {"act": "empty"})
    made = square.buy()
    told = made.json()
    msgspec.convert(told, contract.CheckoutTold)
    assert made.status_code == 201 and told["total"] == 2 * PRICE and told == square.buy().json()
    assert [(one["house"], one["total"], one["state"]) for one in told["turn"]] == [
        ("linde", 2 * PRICE, "awaiting"), ("brug", PRICE, "awaiting"),
    ]  # fmt: skip
    first, second = told["turn"]
    assert (first["order"], first["pay_url"]) == (told["order"], told["pay_url"]) and second["pay_url"] != told[
        "pay_url"
    ]
    square.till.press(first["pay_url"])
    square.till.deliver()
    seen = square.order(second["order"])
    msgspec.convert(seen, contract.OrderTold)
    assert seen["state"] == "awaiting" and [one["state"] for one in seen["turn"]] == ["done", "awaiting"]
    assert {line["house"] for line in seen["lines"]} == {"brug"} and seen["total"] == PRICE
    assert square.buy().json()["order"] == told["order"], "the same key, when one is paid already"


def test_one_house_answers_as_it_ever_did(square: Square) -> None:
    told = square.buy(lines=[{"performance": LINDE}]).json()
    assert set(told) == {"order", "pay_url", "expires", "total", "currency", "state"}
    assert "turn" not in square.order(told["order"])


def test_a_site_where_one_collects_answers_as_it_ever_did(tmp_path: Path) -> None:
    till = open_till(tmp_path)
    told = till.buy().json()
    assert set(told) == {"order", "pay_url", "expires", "total", "currency", "state"} and told["total"] == 3 * PRICE
    assert till.world.saga.read(told["order"].partition(".")[0]).state is State.AWAITING
