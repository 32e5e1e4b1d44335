"""The pages on which one buys, as a browser without JavaScript sees them: choose, basket, checkout, order."""

import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from msgspec.structs import replace

from etalage.model.checkout import State
from etalage.model.payment import Act
from etalage.sales.admission import Admission
from etalage.sales.audience import Origin, origins
from etalage.sales.baskets import HELD
from functions.links import TURN
from tests.functions.guest import SITE, Guest
from tests.functions.test_sale import BRUG, LINDE, PRICE, Till, till  # noqa: F401 - a fixture
from tests.sales.opening import OPENS, peak_of
from tests.sales.test_baskets import Asked
from tests.sales.world import busy


class Client(Guest):
    """A guest of the till's shop."""

    def __init__(self, till: Till, folder: Path) -> None:
        super().__init__(till.visitor, folder / "output" / "regio")
        self.till, self.world, self.folder = till, till.world, folder

    def orders(self):
        return [self.world.saga.read(record.id) for record in self.world.records.walk("checkout")]


@pytest.fixture
def guest(till: Till, tmp_path: Path) -> Client:
    return Client(till, tmp_path)


def test_two_houses_in_one_basket_and_one_payment(guest: Client) -> None:
    chosen = guest.get(f"choose?p={LINDE}")
    assert chosen.status_code == 200 and 'name="t" value="zaal.basis"' in chosen.text and not guest.cookies
    assert guest.put_in(LINDE, 2).headers["location"] == f"{SITE}basket"
    assert guest.put_in(BRUG, 1).status_code == 303
    basket = guest.get("basket").text
    assert "45" in basket and "kept until" in basket and guest.cookies["basket_count"] == "3"
    assert (guest.world.free("linde"), guest.world.free("brug")) == (3, 4), "they are kept from now on"
    paying = guest.check_out()
    assert paying.status_code == 303 and "/sandbox/" in paying.headers["location"]
    back = guest.till.press(paying.headers["location"])
    guest.till.deliver()
    order = guest.get(back.headers["location"].partition(SITE)[2])
    assert order.status_code == 200 and "Your tickets" in order.text and order.text.count("till-code") == 3
    assert "an@voorbeeld" not in order.text and "no-store" in order.headers["cache-control"]
    assert not guest.cookies, "what is paid is in no basket"
    assert "There is nothing in your basket" in guest.get("basket").text


def test_the_cookie_is_for_this_site_and_for_no_script(guest: Client) -> None:
    answer = guest.put_in()
    basket, count = sorted(answer.headers.get_list("set-cookie"), key=lambda line: line.startswith("basket_count"))
    assert "HttpOnly" in basket and "SameSite=lax" in basket and f"Path={SITE}" in basket
    assert "HttpOnly" not in count and count.startswith("basket_count=2")


def test_nothing_chosen_or_too_much_stays_on_the_page_with_a_reason(guest: Client) -> None:
    nothing = guest.put_in(number=0)
    assert nothing.status_code == 422 and "Choose how many" in nothing.text and 'role="alert"' in nothing.text
    guest.world.sell_elsewhere("linde", 4)
    much = guest.put_in(number=3)
    assert much.status_code == 409 and "not so many places left" in much.text and not guest.cookies.get("basket_count")
    assert guest.world.free("linde") == 1


def test_a_number_that_no_hall_has_is_refused_on_the_page(guest: Client) -> None:
    for absurd in ("9" * 5000, "\u0663", "-1"):
        answer = guest.put_in(number=absurd)
        assert answer.status_code == 422 and 'role="alert"' in answer.text and not guest.cookies.get("basket_count")


def test_change_remove_and_empty(guest: Client) -> None:
    guest.put_in(LINDE, 2)
    guest.put_in(BRUG, 1)
    guest.post("basket", {"act": "change", "line": "0", "n": "1"})
    assert guest.cookies["basket_count"] == "2" and guest.world.free("linde") == 4
    guest.post("basket", {"act": "remove", "line": "1"})
    assert (guest.cookies["basket_count"], guest.world.free("brug")) == ("1", 5)
    guest.post("basket", {"act": "empty"})
    assert guest.world.free("linde") == 5


def test_several_dates_at_once_are_one_place_each(guest: Client) -> None:
    guest.post("basket", {"act": "add", "p": [LINDE, BRUG]})
    assert guest.cookies["basket_count"] == "2" and guest.world.free("brug") == 4


def test_time_that_runs_out_is_said_and_the_places_can_be_kept_again(guest: Client) -> None:
    guest.put_in()
    guest.world.now += HELD - HELD / 4
    assert re.search(r'action="[^"]+basket"><button[^>]+value="extend"', guest.get("basket").text), "the button shows"
    assert guest.post("basket", {"act": "extend"}).status_code == 303
    guest.world.now += HELD
    assert "The time is over" in guest.get("basket").text and guest.world.free("linde") == 5
    guest.post("basket", {"act": "keep"})
    assert "kept until" in guest.get("basket").text and guest.world.free("linde") == 3


@pytest.mark.parametrize(("field", "value"), [("email", "an@"), ("name", "   ")])
def test_a_mistake_is_named_beside_its_field_and_what_was_written_stays(guest: Client, field: str, value: str) -> None:
    guest.put_in()
    answer = guest.check_out(**{field: value})
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text and f'id="{field}-wrong"' in answer.text
    other = "An Voorbeeld" if field == "email" else "an@voorbeeld.test"
    assert other in answer.text and guest.world.free("linde") == 3
    assert guest.world.records.due("checkout", guest.world.now + HELD) == []


def test_pressed_twice_it_is_one_order(guest: Client) -> None:
    guest.put_in()
    first, second = guest.check_out(), guest.check_out()
    assert first.headers["location"] == second.headers["location"]
    assert len(list(guest.world.records.walk("checkout"))) == 1


def test_back_from_the_payment_page_one_can_still_change_everything(guest: Client) -> None:
    guest.put_in(LINDE, 2)
    paying = guest.check_out().headers["location"]
    assert "You were about to pay" in guest.get("basket").text
    guest.put_in(BRUG, 1)
    assert guest.world.free("linde") == 3 and guest.world.free("brug") == 4
    guest.till.press(paying)  # the page of before cannot be paid any more
    guest.till.deliver()
    assert {share.state.value for order in guest.orders() for share in order.shares} == {"released"}


def test_a_payment_that_fails_leaves_the_basket_as_it_was(guest: Client) -> None:
    guest.put_in(LINDE, 2)
    back = guest.till.press(guest.check_out().headers["location"], act="fail").headers["location"]
    guest.till.deliver()
    order = guest.get(back.partition(SITE)[2])
    assert "Nothing was bought" in order.text and "Back to the basket" in order.text
    assert "till-line" in guest.get("basket").text
    assert "/sandbox/" in guest.check_out().headers["location"]


def test_sold_out_meanwhile_is_said_in_the_basket(guest: Client) -> None:
    guest.put_in(LINDE, 2)
    guest.world.now += HELD
    guest.world.sell_elsewhere("linde", 5)
    answer = guest.check_out()
    assert answer.status_code == 409 and "not so many places left" in answer.text


def test_a_house_that_is_silent_says_so_and_nothing_is_lost(guest: Client) -> None:
    guest.put_in(LINDE, 2)
    guest.world.houses["brug"].always["hold"] = busy()
    quotes = guest.till.visitor.app.state.sale.quotes
    usual, quotes.houses = quotes.houses, lambda name: Asked(guest.world, name) if name == "brug" else usual(name)
    answer = guest.put_in(BRUG, 1)
    assert answer.status_code == 503 and "does not answer" in answer.text
    assert guest.world.free("linde") == 3


def test_another_site_cannot_press_our_buttons(guest: Client) -> None:
    guest.put_in()
    for path, data in (("basket", {"act": "empty"}), ("checkout", {"form": "x"})):
        answer = guest.post(path, data, **{"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    forged = guest.check_out(form="made up")
    assert forged.status_code == 403 and guest.world.free("linde") == 3


def test_somebody_elses_basket_cannot_be_guessed_or_seen(guest: Client) -> None:
    guest.put_in()
    stranger = {"cookie": "basket=" + "0" * 32}
    assert "There is nothing" in guest.till.visitor.get(SITE + "basket", headers=stranger).text
    bad = {"cookie": 'basket="><script>'}
    assert "There is nothing" in guest.till.visitor.get(SITE + "basket", headers=bad).text


def test_a_house_that_sells_elsewhere_or_a_date_that_is_not_here(guest: Client) -> None:
    assert guest.get("choose?p=toml:linde/niets/1").status_code == 422
    guest.world.broken.add("linde")
    page = guest.get(f"choose?p={LINDE}")
    assert page.status_code == 200 and 'role="alert"' in page.text and "<form" not in page.text


def test_an_order_of_somebody_else_is_not_here(guest: Client) -> None:
    assert guest.get("order/abc.def").status_code == 404


def test_consent_is_off_and_only_for_houses_in_the_basket(guest: Client) -> None:
    guest.put_in()
    page = guest.get("checkout").text
    assert 'name="consent" value="linde"' in page and "checked" not in page
    guest.check_out(consent="linde")
    (order,) = guest.orders()
    assert order.consent == ("linde",) and order.state is State.AWAITING
    guest.check_out()  # who goes back and thinks better of it
    states = {order.consent: order.state for order in guest.orders()}
    assert states[("linde",)] is State.UNDONE and states[()] is State.AWAITING


def test_a_house_that_wants_it_asks_where_one_lives_and_nobody_has_to_say(guest: Client) -> None:
    guest.put_in(BRUG, 1)
    assert "postcode" not in guest.get("checkout").text, "nobody asks"
    state = guest.visitor.app.state
    state.sale = replace(state.sale, postcodes=frozenset({"linde"}))
    assert "postcode" not in guest.get("checkout").text, "De Brug does not ask"
    assert guest.check_out(postcode="9000").status_code == 303 and guest.orders()[0].postcode == ""
    for given, kept in (("<b>", ""), (" 1234 ab", "1234AB"), ("", "")):
        guest.cookies.clear()
        guest.put_in(LINDE, 1)
        guest.world.pass_time(seconds=1)
        assert 'autocomplete="postal-code"' in guest.get("checkout").text
        assert guest.check_out(postcode=given).status_code == 303
        assert max(guest.orders(), key=lambda one: one.made).postcode == kept


def test_a_house_counts_from_where_its_visitors_come(guest: Client) -> None:
    state = guest.visitor.app.state
    state.sale = replace(state.sale, postcodes=frozenset({"linde"}))
    for postcode, number in (("9000", 2), ("8500", 1), ("9000", 1), ("", 1)):
        guest.put_in(LINDE, number)
        answer = guest.check_out(postcode=postcode)
        guest.world.sandbox.act(answer.headers["location"].rpartition("/")[2], Act.PAY)
        guest.world.saga.run(next(one.key for one in guest.orders() if one.state is State.AWAITING))
        guest.cookies.clear()
    assert origins(guest.world.records, "linde") == [Origin("9000", 3), Origin("", 1), Origin("8500", 1)]
    assert origins(guest.world.records, "brug") == []


def test_on_the_servers_own_host_every_page_leads_to_a_site(guest: Client) -> None:
    for page in ("basket", "checkout", f"choose?p={LINDE}"):
        answer = guest.visitor.get(f"/{page}")
        assert answer.status_code == 303 and unquote(answer.headers["location"]) == f"/sites/regio/{page}"
    made = guest.till.buy().json()
    answer = guest.visitor.get(f"/order/{made['order']}")
    assert answer.headers["location"] == f"{SITE}order/{made['order']}"
    assert "Waiting for your payment" in guest.get(f"order/{made['order']}").text
    assert guest.visitor.get("/order/made.up").status_code == 404


def test_at_the_opening_of_a_season_the_pages_lead_to_the_waiting_room_and_back(guest: Client) -> None:
    """One visitor a minute is let in at De Linde; De Brug sells as ever. Who was let in goes on to paying."""
    links, world = guest.till.links, guest.world
    sign, read = (lambda word: links.sign(TURN, word)), (lambda word: links.read(TURN, word))
    world.now = OPENS + timedelta(minutes=1)
    room = Admission(
        world.records, [peak_of(1, 60, productions=("toml:linde/a",))], lambda: world.now, os.urandom, sign, read
    )
    state = guest.visitor.app.state
    state.sale = replace(state.sale, room=room)
    first, second = guest, Client(guest.till, guest.folder)
    assert (
        first.get(f"choose?p={LINDE}").status_code == 200
        and first.put_in(LINDE, 1).headers["location"] == f"{SITE}basket"
    )
    for answer in (second.get(f"choose?p={LINDE}"), second.put_in(LINDE, 1)):
        assert answer.status_code == 303 and "waiting" in answer.headers["location"]
    assert world.free("linde") == 4 and second.put_in(BRUG, 1).headers["location"] == f"{SITE}basket"
    assert "/sandbox/" in first.check_out().headers["location"]
    world.now += timedelta(minutes=2)
    assert second.get(f"choose?p={LINDE}").status_code == 200
