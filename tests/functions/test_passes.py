"""A pass in the public contract and on the pages: its number is typed, its own system says what it may have, and nothing of it stays."""

import re
from pathlib import Path
from typing import Any

import pytest

from etalage.model.errors import Refused
from functions.passes import MOST
from tests.functions.guest import LINDE, Guest
from tests.functions.test_sale import BRUG, BUYER, KEY, Till, open_till
from tests.sales.pass_world import GROUPS, NUMBERS, REDUCED, PassWorld, silent
from tests.sales.world import PRICE

NUMBER, GROUP = NUMBERS["linde"], GROUPS["linde"]


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return open_till(tmp_path, world=PassWorld(tmp_path))


@pytest.fixture
def guest(till: Till, tmp_path: Path) -> Guest:
    return Guest(till.visitor, tmp_path / "output" / "regio")


def ask(till: Till, number: str = NUMBER, performance: str = LINDE, **more: Any) -> Any:
    return till.post("/api/uitpas/tariffs", {"performance": performance, "quantity": 1, "number": number} | more)


def line_of(told: Any, performance: str = LINDE, quantity: int = 1) -> dict[str, Any]:
    return {
        "performance": performance,
        "quantity": quantity,
        "quote": told["quote"],
        "tariff": told["tariffs"][0]["id"],
    }


def test_a_script_asks_quotes_and_buys(till: Till) -> None:
    answer = ask(till, f" {NUMBER[:3]}.{NUMBER[3:]} ")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["tariffs"] == [{"id": "card", "name": "Ledenkaart", "price": REDUCED, "remaining": 1}]
    lines = [line_of(told), {"performance": LINDE, "quantity": 2}, {"performance": BRUG}]
    priced = till.post("/api/quote", {"lines": lines}).json()
    assert priced["total"] == REDUCED + 3 * PRICE
    assert (priced["lines"][0]["tariff"], priced["lines"][0]["price"]) == ("card", REDUCED)
    made = till.post("/api/checkout", {"lines": lines, "buyer": BUYER, "language": "nl"}, **KEY)
    assert made.status_code == 201 and made.json()["total"] == REDUCED + 3 * PRICE
    till.press(made.json()["pay_url"])
    till.deliver()
    seen = till.visitor.get(f"/api/orders/{made.json()['order']}")
    assert seen.json()["state"] == "done" and sum(len(line["tickets"]) for line in seen.json()["lines"]) == 4
    assert not [word for word in ("Ledenkaart", "card", NUMBER) if word in seen.text], "the order tells nobody"
    world = till.world
    assert isinstance(world, PassWorld) and len(world.booked("linde")) == 1


def test_the_regular_price_may_be_chosen_all_the_same(till: Till) -> None:
    told = ask(till).json()
    for tariff in ("", "zaal.basis"):
        line = {"performance": LINDE, "quote": told["quote"], "tariff": tariff}
        assert till.post("/api/quote", {"lines": [line]}).json()["total"] == PRICE
    wrong = {"performance": LINDE, "quote": told["quote"], "tariff": "SOCIALTARIFF"}
    assert till.post("/api/quote", {"lines": [wrong]}).json()["code"] == "tariff_unknown"


def test_no_price_and_no_foreign_quote_comes_from_a_browser(till: Till) -> None:
    told = ask(till).json()
    for wrong in (
        {"performance": BRUG, "quote": told["quote"], "tariff": "card"}, {"performance": LINDE, "quote": "0" * 32, "tariff": "card"},
        {"performance": LINDE, "quote": told["quote"][:-1], "tariff": "card"},
    ):  # fmt: skip
        assert till.post("/api/quote", {"lines": [wrong]}).json()["code"] == "discount_over"
    for field, value in (("price", 1), ("entitlement", "card"), ("number", NUMBER)):
        sent = till.post("/api/quote", {"lines": [line_of(told) | {field: value}]})
        assert sent.status_code == 422 and sent.json()["code"] == "body_wrong"


def test_more_than_a_pass_may_have_is_refused(till: Till) -> None:
    told = ask(till).json()
    sent = till.post("/api/quote", {"lines": [line_of(told, quantity=2)]})
    assert (sent.status_code, sent.json()["code"]) == (409, "discount_used")
    again = ask(till).json()
    both = till.post("/api/quote", {"lines": [line_of(told), line_of(again)]})
    assert both.json()["code"] == "discount_used", "typed twice it is still one pass"
    group = ask(till, GROUP).json()
    assert till.post("/api/quote", {"lines": [line_of(group, quantity=3)]}).json()["total"] == 3 * REDUCED


@pytest.mark.parametrize("number", ["1234567890123", "", "x", "0" * 500, "7712345671"])
def test_a_number_of_no_pass_is_named_as_such_without_repeating_it(till: Till, number: str) -> None:
    answer = ask(till, number)
    assert answer.status_code == 422 and answer.json()["code"] == "pass_unreadable"
    assert not number or len(number) < 5 or number not in answer.text


def test_numbers_cannot_be_tried_out(till: Till) -> None:
    codes = [ask(till, "7712345671").status_code for _ in range(MOST + 5)]
    assert codes == [422] * MOST + [429] * 5
    assert till.buy().status_code == 201, "who buys without a pass is let in all the same"


def test_a_silent_system_is_told_as_such(till: Till) -> None:
    assert isinstance(till.world, PassWorld)
    till.world.cards["linde"].always["entitlements"] = silent()
    answer = ask(till)
    assert (answer.status_code, answer.json()["code"]) == (503, "discount_busy")


def test_in_the_words_of_its_own_system(till: Till) -> None:
    assert isinstance(till.world, PassWorld)
    told = ask(till).json()
    no = Refused("discount_refused", "x", detail={"nl": "Uw kaart is vervallen.", "fr": "Votre carte a expiré."})
    till.world.cards["linde"].always |= {"register": no, "entitlements": no}
    body = {"lines": [line_of(told)], "buyer": BUYER, "language": "nl"}
    refused = till.post("/api/checkout", body, **KEY)
    assert (refused.status_code, refused.json()["code"]) == (409, "discount_refused")
    assert refused.json()["title"] == "Uw kaart is vervallen."


# --- on the pages ----------------------------------------------------------------------------------------------------


def type_number(guest: Guest, number: str = NUMBER, line: str = "0", p: str = LINDE, **more: str) -> Any:
    return guest.post("pass", {"act": "ask", "line": line, "p": p, "t": "zaal.basis", "number": number} | more)


def choose(guest: Guest, page: str, n: str = "1", line: str = "0", entitlement: str = "card") -> Any:
    quote = re.search(r'name="quote" value="([^"]+)"', page)[1]
    return guest.post(
        "pass", {"act": "take", "line": line, "p": LINDE, "t": "zaal.basis", "quote": quote, "entitlement": entitlement, "n": n}
    )  # fmt: skip


def test_a_visitor_types_a_number_and_buys(till: Till, guest: Guest) -> None:
    guest.put_in(number=2)
    basket = guest.get("basket").text
    assert "A card with a reduction" in basket and 'name="number"' in basket and 'autocomplete="off"' in basket
    page = type_number(guest)
    assert page.status_code == 200 and "Ledenkaart" in page.text and NUMBER not in page.text
    assert choose(guest, page.text).status_code == 303
    basket = guest.get("basket").text
    assert (
        "with your pass" in basket and "€\u00a026,25" in basket and NUMBER not in basket and "Ledenkaart" not in basket
    )
    paying = guest.check_out()
    till.press(paying.headers["location"])
    till.deliver()
    world = till.world
    assert isinstance(world, PassWorld) and len(world.booked("linde")) == 1


def test_the_regular_price_is_one_press_away(till: Till, guest: Guest) -> None:
    guest.put_in(number=2)
    choose(guest, type_number(guest).text)
    form = {"act": "none", "line": "0", "p": LINDE, "t": "zaal.basis"}
    assert guest.post("pass", form).status_code == 303
    basket = guest.get("basket").text
    assert "with your pass" not in basket and "2 ×" in basket and "€\u00a030" in basket, "the two lines are one again"


def test_a_family_types_one_number_after_the_other(till: Till, guest: Guest) -> None:
    guest.put_in(number=4)
    choose(guest, type_number(guest).text)
    page = type_number(guest, GROUP, line="1")
    assert choose(guest, page.text, n="3", line="1").status_code == 303
    assert guest.get("basket").text.count("with your pass") == 2 and "€\u00a045" in guest.get("basket").text
    again = type_number(guest, line="0")
    assert choose(guest, again.text, line="0").status_code in (303, 409)


def test_what_another_tab_changed_is_not_reduced(guest: Guest) -> None:
    guest.put_in(number=2)
    page = type_number(guest, p=BRUG)
    assert page.status_code == 303 and page.headers["location"].endswith("/basket")


def test_silence_leaves_three_ways(till: Till, guest: Guest) -> None:
    assert isinstance(till.world, PassWorld)
    till.world.cards["linde"].always["entitlements"] = silent()
    guest.put_in(number=2)
    page = type_number(guest)
    assert page.status_code == 503 and "The system of the passes does not answer now." in page.text
    assert "Buy at the regular price now" in page.text and 'name="number"' in page.text and "never guessed" in page.text
    assert guest.get("basket").text.count("till-line") and till.world.free("linde") == 3, (
        "the places are kept meanwhile"
    )


def test_a_refusal_comes_back_to_the_line_that_it_is_about(till: Till, guest: Guest) -> None:
    assert isinstance(till.world, PassWorld)
    guest.put_in(number=1)
    guest.put_in(id=BRUG, number=1)
    choose(guest, type_number(guest).text)
    no = Refused("discount_refused", "x", detail={"nl": "Uw kaart is vervallen."})
    till.world.cards["linde"].always |= {"register": no, "entitlements": no}
    back = guest.check_out()
    assert back.status_code == 409
    basket = guest.get("basket").text
    assert "Uw kaart is vervallen." in basket and '<details class="till-pass" open>' in basket
    form = {"act": "none", "line": "0", "p": LINDE, "t": "zaal.basis"}
    assert guest.post("pass", form).status_code == 303
    assert guest.check_out().status_code == 303, "and the rest goes on"
