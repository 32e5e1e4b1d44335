"""What we build on at pretix: the simulator and a real one agree on it, and each ends as it should."""

from pathlib import Path

import pytest

from etalage.adapters.pretix_ticketing import PretixTicketing
from etalage.model.errors import EtalageError
from etalage.model.money import Money
from etalage.model.sale import Buyer, Hold, Line, Order, OrderState
from tests.adapters.pretix_till import PretixTill, RealTill, SimulatedTill, fault
from tests.laws.ticketing import BUYER, TTL, lines, paid, sell
from tests.servers.fixtures import pretix  # noqa: F401
from tests.simulators.trouble import first, lost, once

BOTH = ["simulated", pytest.param("real", marks=[pytest.mark.server, pytest.mark.timeout(600)])]


@pytest.fixture(params=BOTH)
def till(request: pytest.FixtureRequest, tmp_path: Path):
    simulated = request.param == "simulated"
    till = SimulatedTill(tmp_path) if simulated else RealTill(request.getfixturevalue("pretix"), tmp_path)
    yield till
    till.close()


@pytest.fixture
def house(till: PretixTill) -> PretixTicketing:
    return till.ticketing()


def test_what_goes_in_one_order_is_told_before_one_chooses(till: PretixTill, house: PretixTicketing) -> None:
    """An item's limits are of its variations together: one of each is two of the item."""
    till.concert.settings(max_items_per_order=6)
    item = till.concert.items["Ticket"]["id"]
    till.api.send("PATCH", f"{till.concert.path}items/{item}/", {"min_per_order": 2, "max_per_order": 4})
    told = house.tariffs(till.counted)
    limits = {(one.least, one.most, one.shared, one.together) for one in told}
    assert len(told) == 2 and limits == {(2, 4, str(item), 6)}
    both = [Line(key=one.id, performance=till.counted, tariff=one.id) for one in told]
    assert fault(lambda: house.hold("a", both[:1], TTL)).say == "At least %(number)s together in one order."
    more = [Line(key=str(n), performance=till.counted, tariff=told[n % 2].id) for n in range(5)]
    assert fault(lambda: house.hold("a", more, TTL)).say == "At most %(number)s together in one order."
    house.hold("a", both, TTL)
    assert [(one.least, one.most, one.shared) for one in house.tariffs(till.numbered)] == [(1, 0, "")]


def test_a_price_has_the_rate_of_its_tax_rule(till: PretixTill, house: PretixTicketing) -> None:
    assert {one.vat for one in house.tariffs(till.counted)} == {None}, "without a rule pretix says 0, and nobody knows"
    about = {"name": {"nl": "Btw"}, "rate": "6.00", "price_includes_tax": True, "home_country": "BE"}
    rule = till.api.send("POST", f"{till.concert.path}taxrules/", about)["id"]
    item = till.concert.items["Ticket"]["id"]
    till.api.send("PATCH", f"{till.concert.path}items/{item}/", {"tax_rule": rule})
    assert {one.vat for one in till.ticketing().tariffs(till.counted)} == {600}


def test_of_half_a_cart_nothing_stays(till: PretixTill, house: PretixTicketing) -> None:
    """pretix answers 200: two of three places were had, for somebody came between asking and taking."""
    till.trouble.mood = once("POST", "bulk_create/", first(lambda: till.sell_elsewhere(till.places - 2)))
    error = fault(lambda: house.hold("a", lines(till, 3), TTL))
    assert (error.code, error.detail["lines"]) == ("sold_out", "l3")
    assert not till.carts() and till.free() == 2
    assert house.lookup("a").state is OrderState.ABSENT
    assert house.hold("a", lines(till, 2), TTL).amount == Money(3600), "the reference stands for nothing yet"


def test_a_seat_that_was_just_taken_is_told_from_one_that_never_was(till: PretixTill, house: PretixTicketing) -> None:
    seats = [
        Line(key=seat, performance=till.numbered, tariff=till.seat_tariff, seat=seat)
        for seat in ("Zaal-A-1", "Zaal-A-2")
    ]
    till.trouble.mood = once("POST", "bulk_create/", first(till.take_seat))
    error = fault(lambda: house.hold("a", seats, TTL))
    assert (error.code, error.detail["lines"]) == ("sold_out", "Zaal-A-1")
    assert house.availability([till.numbered])[till.numbered].free == 16, "of 18 one is blocked and one sold"


def test_what_was_done_without_our_hearing_it_is_found_again(till: PretixTill, house: PretixTicketing) -> None:
    """The answer is lost at every write of a sale; each verb is asked for once more."""
    till.trouble.mood = once("POST", "bulk_create/", lost)
    assert fault(lambda: house.hold("a", lines(till, 2), TTL)).code == "outcome_unknown"
    hold = house.hold("a", lines(till, 2), TTL)
    for step in ("/orders/", "/confirm/"):
        till.trouble.mood = once("POST", step, lost)
        assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "outcome_unknown"
    order = house.confirm(hold, BUYER, paid(3600))
    assert (order.state, order.paid, till.free()) == (OrderState.CONFIRMED, Money(3600), till.places - 2)
    assert len(till.orders()) == 1 and not till.carts()
    for step in ("/refunds/", "/done/"):
        till.trouble.mood = once("POST", step, lost)
        assert fault(lambda: house.record_refund("a", paid(3600, "r1"))).code == "outcome_unknown"
    assert house.record_refund("a", paid(3600, "r1")).refunded == Money(3600)
    till.trouble.mood = once("POST", "/mark_canceled/", lost)
    assert fault(lambda: house.cancel("a")).code == "outcome_unknown"
    assert house.cancel("a").state is OrderState.CANCELLED and till.free() == till.places


def test_an_extended_hold_is_as_long_as_we_say_then_until_the_end_of_a_day(
    till: PretixTill, house: PretixTicketing
) -> None:
    longer = house.extend(house.hold("a", lines(till, 2), TTL), TTL * 2)
    assert abs(longer.expires - till.now - TTL * 2).total_seconds() < 60 and longer.amount == Money(3600)
    longest = house.extend(longer, TTL * 4 * 24)
    assert longest.expires >= till.now + TTL * 4 * 24 and longest.expires.strftime("%H:%M:%S") in (
        "23:59:59",
        "22:59:59",
    )


def test_who_leaves_an_extended_hold_gives_the_places_back(till: PretixTill, house: PretixTicketing) -> None:
    hold = house.extend(house.hold("a", lines(till, 2), TTL), TTL)
    house.release(hold)
    assert till.free() == till.places and house.lookup("a").state is OrderState.EXPIRED
    again = house.hold("a", lines(till, 2), TTL)
    assert till.free() == till.places - 2 and house.confirm(again, BUYER, paid(3600)).state is OrderState.CONFIRMED


def test_free_places_are_not_sold_by_an_extension(till: PretixTill, house: PretixTicketing) -> None:
    """pretix pays an order of nothing by itself. They move to a longer cart, while there is room for both."""
    wanted = till.open_door(places=3)
    hold = house.hold("a", wanted[:1], TTL)
    assert house.extend(hold, TTL * 2).expires > hold.expires and house.lookup("a").state is OrderState.HELD
    full = house.hold("b", wanted[1:3], TTL)
    assert house.extend(full, TTL * 2).expires == full.expires
    assert house.lookup("b").state is OrderState.HELD
    assert house.confirm(full, BUYER, paid(0)).state is OrderState.CONFIRMED


def test_money_for_a_lapsed_extension_is_booked_without_places_and_goes_back(
    till: PretixTill, house: PretixTicketing
) -> None:
    """pretix books first. Its job had given the places away; then the caller's own steps end in `cancelled`."""
    hold = house.extend(house.hold("a", lines(till, 2), TTL), TTL)
    till.pass_time(TTL * 2)
    assert house.lookup("a").state is OrderState.EXPIRED
    till.do_with_order("mark_expired")
    till.sell_elsewhere(till.places)
    assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "hold_gone"
    told = house.lookup("a")
    assert (told.state, told.paid, told.tickets) == (OrderState.PAID_NOT_ISSUED, Money(3600), ())
    assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "hold_gone", "asked again: still none"
    assert house.lookup("a").paid == Money(3600)
    assert house.record_refund("a", paid(3600, "r1")).refunded == Money(3600)
    assert house.cancel("a").state is OrderState.CANCELLED


def test_money_for_a_lapsed_extension_whose_places_are_left_is_a_sale(till: PretixTill, house: PretixTicketing) -> None:
    hold = house.extend(house.hold("a", lines(till, 2), TTL), TTL)
    till.pass_time(TTL * 2)
    till.do_with_order("mark_expired")
    assert till.free() == till.places
    assert len(house.confirm(hold, BUYER, paid(3600)).tickets) == 2 and till.free() == till.places - 2


def test_a_paid_order_that_a_late_extension_made_pending_is_mended_by_asking_again(
    till: PretixTill, house: PretixTicketing
) -> None:
    """pretix' extend does not look whether an order is paid."""
    hold = house.hold("a", lines(till, 2), TTL)
    house.confirm(hold, BUYER, paid(3600))
    till.do_with_order("extend", expires="2030-01-01")
    assert house.lookup("a").state is OrderState.HELD
    again = house.confirm(hold, BUYER, paid(3600))
    assert (again.state, again.paid) == (OrderState.CONFIRMED, Money(3600))


def test_an_extension_that_meets_the_payment_leaves_the_order_paid(till: PretixTill, house: PretixTicketing) -> None:
    hold = house.extend(house.hold("a", lines(till, 2), TTL), TTL)
    other = till.ticketing()
    till.trouble.mood = once("POST", "/extend/", first(lambda: other.confirm(hold, BUYER, paid(3600))))
    house.extend(hold, TTL * 2)
    assert house.lookup("a").state is OrderState.CONFIRMED and till.free() == till.places - 2


@pytest.mark.parametrize("how", ["held", "extended", "sold"])
def test_what_was_taken_back_is_not_sold_by_late_money(till: PretixTill, house: PretixTicketing, how: str) -> None:
    """pretix would book a payment on a cancelled order, and leave it cancelled."""
    hold = house.hold("a", lines(till, 2), TTL)
    if how == "extended":
        house.extend(hold, TTL)
    if how == "sold":
        house.confirm(hold, BUYER, paid(3600))
    was = house.cancel("a")
    assert was.state is OrderState.CANCELLED and till.free() == till.places
    assert fault(lambda: house.confirm(hold, BUYER, paid(3600, "p2"))).code == "hold_gone"
    assert house.lookup("a") == was and till.free() == till.places
    assert fault(lambda: house.hold("a", lines(till, 2), TTL)).code == "reference_used"


@pytest.mark.parametrize("extended", [False, True])
def test_a_price_that_changes_after_the_hold_is_not_the_buyers(
    till: PretixTill, house: PretixTicketing, extended: bool
) -> None:
    hold = house.hold("a", lines(till, 2), TTL)
    hold = house.extend(hold, TTL) if extended else hold
    date = f"{till.concert.path}subevents/{till.concert.dates[0]}/"
    till.api.send(
        "PATCH", date, {"item_price_overrides": [{"item": till.concert.items["Ticket"]["id"], "price": "25.00"}]}
    )
    order = house.confirm(hold, BUYER, paid(3600))
    assert (order.state, order.amount, order.paid) == (OrderState.CONFIRMED, Money(3600), Money(3600))
    assert house.hold("b", lines(till, 1), TTL).amount == Money(2500)


def test_a_price_of_ours_is_never_above_the_houses(till: PretixTill, house: PretixTicketing) -> None:
    def one(cents: int) -> Line:
        return Line(key="l", performance=till.counted, tariff=till.standard, price=Money(cents))

    assert fault(lambda: house.hold("a", [one(1801)], TTL)).code == "price_changed"
    hold = house.hold("a", [one(360)], TTL)
    assert hold.amount == Money(360)
    order = house.confirm(hold, BUYER, paid(360))
    assert (order.amount, order.paid) == (Money(360), Money(360))


@pytest.mark.parametrize("extended", [False, True])
def test_a_language_that_the_event_does_not_speak_costs_nobody_a_ticket(
    till: PretixTill, house: PretixTicketing, extended: bool
) -> None:
    buyer = Buyer(email=BUYER.email, name=BUYER.name, language="tlh")
    hold = house.hold("a", lines(till, 2), TTL)
    hold = house.extend(hold, TTL) if extended else hold
    assert house.confirm(hold, buyer, paid(3600)).state is OrderState.CONFIRMED
    assert till.orders()[0]["email"] == BUYER.email


@pytest.fixture
def both(till: PretixTill, house: PretixTicketing) -> tuple[Hold, Order]:
    """A sale over two events: a seat between two counted places."""
    one, two = lines(till, 2)
    seat = Line(key="s", performance=till.numbered, tariff=till.seat_tariff, seat="Zaal-A-1")
    hold = house.hold("a", (one, seat, two), TTL)
    return hold, house.confirm(hold, BUYER, paid(2 * 1800 + 1500))


def test_two_events_are_one_sale(till: PretixTill, house: PretixTicketing, both: tuple[Hold, Order]) -> None:
    hold, order = both
    assert [ticket.line for ticket in order.tickets] == ["l1", "s", "l2"]
    assert order.lines == hold.lines and order.paid == Money(5100) and len(order.id.split()) == 2
    till.forget("a")
    assert house.lookup("a").tickets == order.tickets, "pretix itself knows all of it"
    after = house.cancel("a", ["s"])
    assert after.state is OrderState.CONFIRMED and [t.line for t in after.tickets if t.cancelled] == ["s"]
    for _ in range(2):
        assert house.record_refund("a", paid(1500, "r0")).refunded == Money(1500)
    assert [one["refunds"] for one in till.orders()] == [[]], "booked where the seat was, and not at the concert"
    for _ in range(2):
        assert house.record_refund("a", paid(3600, "r1")).refunded == Money(5100)
    assert house.cancel("a").state is OrderState.CANCELLED


def test_two_events_are_extended_and_sold_together(till: PretixTill, house: PretixTicketing) -> None:
    seat = Line(key="s", performance=till.numbered, tariff=till.seat_tariff, seat="Zaal-A-1")
    hold = house.extend(house.hold("a", (*lines(till, 2), seat), TTL), TTL)
    assert house.confirm(hold, BUYER, paid(5100)).paid == Money(5100)


def test_the_last_line_takes_the_order_with_it(till: PretixTill, house: PretixTicketing) -> None:
    sell(house, "a", lines(till, 2))
    house.cancel("a", ["l1"])
    assert house.cancel("a", ["l2"]).state is OrderState.CANCELLED and till.free() == till.places


def test_of_two_who_book_the_same_refund_at_once_one_does(till: PretixTill, house: PretixTicketing) -> None:
    sell(house, "a", lines(till, 2))
    other = till.ticketing()
    till.trouble.mood = once("POST", "/refunds/", first(lambda: other.record_refund("a", paid(1800, "r1"))))
    assert house.record_refund("a", paid(1800, "r1")).refunded == Money(1800)
    assert sorted(one["state"] for one in till.orders()[0]["refunds"]) == ["canceled", "done"]


def test_a_hold_asked_for_twice_at_once_takes_its_places_once(till: PretixTill, house: PretixTicketing) -> None:
    other = till.ticketing()
    said: list[str] = []

    def retry() -> None:
        try:
            said.append(other.hold("a", lines(till, 3), TTL).reference)
        except EtalageError as error:
            said.append(error.code)

    till.trouble.mood = once("POST", "bulk_create/", first(retry))
    hold = house.hold("a", lines(till, 3), TTL)
    house.confirm(hold, BUYER, paid(5400))
    assert till.free() == till.places - 3 and not till.carts() and len(said) == 1


@pytest.mark.parametrize("gone", ["concert", "open door"])
def test_what_is_free_is_not_given_away_when_the_rest_is_gone(
    till: PretixTill, house: PretixTicketing, gone: str
) -> None:
    """pretix pays an order of nothing at once, so it is made last; and is taken back when it is the money that is wrong."""
    door = till.open_door(places=1)
    hold = house.hold("a", (*door, *lines(till, 2)), TTL)
    assert fault(lambda: house.confirm(hold, BUYER, paid(1))).code == "amount_wrong"
    assert till.free() == till.places and house.availability([door[0].performance])[door[0].performance].free == 1
    hold = house.hold("b", (*door, *lines(till, 2)), TTL)
    till.pass_time(TTL * 2)
    till.sell_elsewhere(till.places) if gone == "concert" else house.hold("c", door, TTL)
    assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "hold_gone"
    told = house.lookup("b")
    assert (told.state, told.paid, told.tickets) == (OrderState.EXPIRED, Money(0), ())
    assert till.free() == (0 if gone == "concert" else till.places)
    if gone == "concert":
        (other,) = (one for one in till.orders() if one["status"] == "p")
        till.api.send("POST", f"{till.concert.path}orders/{other['code']}/mark_canceled/", {"send_email": False})
        assert house.confirm(hold, BUYER, paid(3600)).state is OrderState.CONFIRMED, (
            "nothing had been taken back for good"
        )
