"""What goes wrong between the counter and pretix, and how it ends: nothing sold twice, no money without places in silence."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from etalage.adapters._pretix_memory import FRESH
from etalage.adapters.pretix_ticketing import PretixTicketing
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.sale import Hold, Line, OrderState
from tests.adapters.pretix_till import SimulatedTill, fault
from tests.laws.ticketing import BUYER, TTL, lines, paid, sell
from tests.simulators.trouble import Mood, answers, dies, fails, fails_after, first, lost, once, page, silence

TAKEN = answers(409, {"detail": "The server was too busy."}, **{"retry-after": "7", "content-type": "application/json"})
UNKNOWN = [lost, fails, fails_after, dies, page, answers(502), answers(302, location="https://elders.invalid/")]


@pytest.fixture
def till(tmp_path: Path):
    till = SimulatedTill(tmp_path)
    yield till
    till.close()


@pytest.fixture
def house(till: SimulatedTill) -> PretixTicketing:
    return till.ticketing()


class TestHold:
    @pytest.mark.parametrize("trouble", UNKNOWN)
    def test_a_hold_of_which_nothing_is_heard_is_asked_for_again(
        self, till: SimulatedTill, house: PretixTicketing, trouble: Mood
    ) -> None:
        till.trouble.mood = once("POST", "bulk_create/", trouble)
        error = fault(lambda: house.hold("a", lines(till, 3), TTL))
        assert isinstance(error, Unavailable) and error.code == "outcome_unknown"
        done = trouble in (lost, fails_after)
        assert house.lookup("a").state is (OrderState.HELD if done else OrderState.ABSENT)
        hold = till.ticketing().hold("a", lines(till, 3), TTL)
        assert till.free() == till.places - 3 and len(till.carts()) == 3
        assert house.confirm(hold, BUYER, paid(5400)).state is OrderState.CONFIRMED
        assert till.free() == till.places - 3 and len(till.orders()) == 1

    def test_a_lost_hold_that_nobody_asks_for_again_can_be_taken_back(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        till.trouble.mood = once("POST", "bulk_create/", lost)
        fault(lambda: house.hold("a", lines(till, 3), TTL))
        assert house.cancel("a").state is OrderState.CANCELLED
        assert till.free() == till.places and not till.carts()

    def test_half_a_cart_that_cannot_be_given_back_is_in_doubt_and_lapses(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        come = once("POST", "bulk_create/", first(lambda: till.sell_elsewhere(till.places - 2)))
        till.trouble.mood = lambda request, ask: (
            TAKEN(request, ask) if request.method == "DELETE" else come(request, ask)
        )
        assert fault(lambda: house.hold("a", lines(till, 3), TTL)).code == "outcome_unknown"
        till.trouble.mood = None
        assert house.lookup("a").state is OrderState.ABSENT and till.free() == 0
        assert fault(lambda: house.hold("a", lines(till, 3), TTL)).code == "sold_out"
        assert till.free() == 2, "the second try gave back what the first had left"

    @pytest.mark.parametrize("trouble", [TAKEN, silence])
    def test_what_provably_did_nothing_is_busy(
        self, till: SimulatedTill, house: PretixTicketing, trouble: Mood
    ) -> None:
        till.trouble.mood = once("POST", "bulk_create/", trouble)
        error = fault(lambda: house.hold("a", lines(till, 1), TTL))
        assert (error.code, error.detail["wait"]) == ("house_busy", "7" if trouble is TAKEN else "5")
        assert house.lookup("a").state is OrderState.ABSENT and till.free() == till.places

    @pytest.mark.parametrize("half", [b'[{"item": ["No', b"<h1>", b"\xff"])
    def test_a_no_that_cannot_be_read_is_no_refusal(
        self, till: SimulatedTill, house: PretixTicketing, half: bytes
    ) -> None:
        cut = httpx.Response(400, headers={"content-type": "application/json"}, content=half)
        till.trouble.mood = once("POST", "bulk_create/", lambda request, ask: cut)
        error = fault(lambda: house.hold("a", lines(till, 1), TTL))
        assert (error.code, error.detail["why"]) == ("house_busy", "unreadable")
        assert house.lookup("a").state is OrderState.ABSENT

    def test_a_pretix_that_cannot_be_read_is_busy_and_nothing_is_written(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        till.trouble.mood = fails
        assert fault(lambda: house.hold("a", lines(till, 1), TTL)).code == "house_busy"
        assert {request.method for request in till.trouble.asked} == {"GET"}

    def test_a_place_in_two_events_is_held_in_both_or_in_none(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        seat = Line(key="s", performance=till.numbered, tariff=till.seat_tariff, seat="Zaal-A-1")
        wanted = (*lines(till, 2), seat)
        till.trouble.mood = once("POST", f"{till.hall.slug}/cartpositions/bulk_create/", first(till.take_seat))
        error = fault(lambda: house.hold("a", wanted, TTL))
        assert (error.code, error.detail["lines"]) == ("sold_out", "s")
        assert till.free() == till.places and house.lookup("a").state is OrderState.ABSENT

    def test_an_order_holds_no_more_than_the_house_lets_it(self, till: SimulatedTill, house: PretixTicketing) -> None:
        till.concert.settings(max_items_per_order=2)
        assert fault(lambda: house.hold("a", lines(till, 3), TTL)).code == "too_many_places"
        item = till.concert.items["Ticket"]["id"]
        till.api.send("PATCH", f"{till.concert.path}items/{item}/", {"min_per_order": 2})
        till.pass_time(FRESH)
        assert fault(lambda: house.hold("a", lines(till, 1), TTL)).code == "too_few"
        house.hold("a", lines(till, 2), TTL)

    def test_a_basket_with_nothing_in_it_is_none(self, house: PretixTicketing) -> None:
        assert fault(lambda: house.hold("a", (), TTL)).code == "basket_empty"


class TestExtend:
    @pytest.mark.parametrize("trouble", [lost, fails, dies])
    def test_an_extension_of_which_nothing_is_heard_is_asked_for_again(
        self, till: SimulatedTill, house: PretixTicketing, trouble: Mood
    ) -> None:
        hold = house.hold("a", lines(till, 2), TTL)
        till.trouble.mood = once("POST", "/orders/", trouble)
        assert fault(lambda: house.extend(hold, TTL * 2)).code == "outcome_unknown"
        assert house.lookup("a").state is OrderState.HELD
        longer = house.extend(hold, TTL * 2)
        assert longer.expires == till.now + TTL * 2 and longer.amount == hold.amount
        assert len(till.orders()) == 1 and till.free() == till.places - 2


class TestConfirm:
    @pytest.fixture(params=["cart", "order"])
    def hold(self, till: SimulatedTill, house: PretixTicketing, request: pytest.FixtureRequest) -> Hold:
        hold = house.hold("a", lines(till, 2), TTL)
        return hold if request.param == "cart" else house.extend(hold, TTL)

    @pytest.mark.parametrize("trouble", UNKNOWN)
    @pytest.mark.parametrize("step", ["/orders/", "/confirm/"])
    def test_a_sale_of_which_nothing_is_heard_is_finished_by_asking_again(
        self, till: SimulatedTill, house: PretixTicketing, step: str, trouble: Mood
    ) -> None:
        hold = house.hold("a", lines(till, 2), TTL)
        till.trouble.mood = once("POST", step, trouble)
        error = fault(lambda: house.confirm(hold, BUYER, paid(3600)))
        assert isinstance(error, Unavailable) and error.code == "outcome_unknown"
        assert house.lookup("a").state in (OrderState.HELD, OrderState.CONFIRMED)
        order = till.ticketing().confirm(hold, BUYER, paid(3600))
        assert order.state is OrderState.CONFIRMED and order.paid == Money(3600)
        assert len(till.orders()) == 1 and till.free() == till.places - 2

    def test_a_sale_that_is_written_down_but_cannot_be_read_back_is_in_doubt(
        self, till: SimulatedTill, house: PretixTicketing, hold: Hold
    ) -> None:
        paid_up: list[bool] = []

        def mood(request: Any, ask: Any) -> Any:
            if paid_up and request.method == "GET":
                return fails(request, ask)
            paid_up.extend([True] if request.url.path.endswith("/confirm/") else [])
            return ask()

        till.trouble.mood = mood
        assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "outcome_unknown"
        till.trouble.mood = None
        assert house.lookup("a").state is OrderState.CONFIRMED

    def test_busy_before_anything_was_written_is_busy_and_after_it_is_doubt(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        hold = house.hold("a", lines(till, 2), TTL)
        till.trouble.mood = once("POST", "/orders/", TAKEN)
        assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "house_busy"
        till.trouble.mood = once("POST", "/confirm/", TAKEN)
        assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "outcome_unknown"
        assert house.lookup("a").state is OrderState.HELD
        assert house.confirm(hold, BUYER, paid(3600)).state is OrderState.CONFIRMED

    def test_no_key_is_sent_that_a_killed_worker_could_keep_for_a_day(
        self, till: SimulatedTill, house: PretixTicketing, hold: Hold
    ) -> None:
        till.trouble.mood = once("POST", "/confirm/", dies)
        fault(lambda: house.confirm(hold, BUYER, paid(3600)))
        till.pretix.keys = {request.headers.get("x-idempotency-key", "-") for request in till.trouble.asked}
        assert house.confirm(hold, BUYER, paid(3600)).state is OrderState.CONFIRMED
        assert till.pretix.keys == {"-"}

    def test_money_for_a_lapsed_cart_finds_that_the_places_are_gone_and_is_not_booked(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        hold = house.hold("a", lines(till, 2), TTL)
        till.pass_time(TTL * 2)
        till.sell_elsewhere(till.places)
        assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "hold_gone"
        told = house.lookup("a")
        assert (told.state, told.paid) == (OrderState.EXPIRED, Money(0))

    def test_an_amount_that_is_not_the_houses_is_refused_and_books_nothing(
        self, till: SimulatedTill, house: PretixTicketing, hold: Hold
    ) -> None:
        assert fault(lambda: house.confirm(hold, BUYER, paid(1))).code == "amount_wrong"
        assert house.lookup("a").paid == Money(0)
        assert house.confirm(hold, BUYER, paid(3600)).state is OrderState.CONFIRMED

    def test_an_event_that_was_removed_has_no_places_any_more(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        hold = house.hold("a", lines(till, 2), TTL)
        del till.pretix.rows("events")[till.concert.slug]
        till.made.remove(till.concert)
        assert fault(lambda: house.confirm(hold, BUYER, paid(3600))).code == "hold_gone"
        assert house.lookup("a").state is OrderState.EXPIRED
        assert house.availability([till.counted]) == {} and list(house.tariffs(till.counted)) == []
        house.release(hold)

    def test_a_token_that_may_not_sell_is_staffs_business(
        self, till: SimulatedTill, house: PretixTicketing, hold: Hold
    ) -> None:
        till.trouble.mood = lambda request, ask: (
            ask() if request.method == "GET" else answers(403, {"detail": "No."})(request, ask)
        )
        error = fault(lambda: house.confirm(hold, BUYER, paid(3600)))
        assert isinstance(error, Refused) and error.code == "token_powerless"
        assert house.lookup("a").state is OrderState.HELD


class TestOrders:
    def test_when_the_second_event_is_sold_out_the_first_is_not_paid(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        seat = Line(key="s", performance=till.numbered, tariff=till.seat_tariff, seat="Zaal-A-1")
        hold = house.hold("a", (*lines(till, 2), seat), TTL)
        till.pass_time(TTL * 2)
        till.take_seat()
        assert fault(lambda: house.confirm(hold, BUYER, paid(5100))).code == "hold_gone"
        told = house.lookup("a")
        assert (told.state, told.paid) == (OrderState.EXPIRED, Money(0)) and till.free() == till.places

    @pytest.mark.parametrize("trouble", [lost, dies, fails_after])
    @pytest.mark.parametrize("step", ["/refunds/", "/done/"])
    def test_a_refund_of_which_nothing_is_heard_is_booked_once(
        self, till: SimulatedTill, house: PretixTicketing, step: str, trouble: Mood
    ) -> None:
        sell(house, "a", lines(till, 2))
        till.trouble.mood = once("POST", step, trouble)
        assert fault(lambda: house.record_refund("a", paid(1800, "r1"))).code == "outcome_unknown"
        assert house.record_refund("a", paid(1800, "r1")).refunded == Money(1800)
        assert [one["state"] for one in till.orders()[0]["refunds"]] == ["done"]

    @pytest.mark.parametrize("trouble", [lost, dies, fails_after])
    def test_a_cancellation_of_which_nothing_is_heard_is_asked_for_again(
        self, till: SimulatedTill, house: PretixTicketing, trouble: Mood
    ) -> None:
        sell(house, "a", lines(till, 3))
        till.trouble.mood = lambda request, ask: trouble(request, ask) if request.method == "DELETE" else ask()
        assert fault(lambda: house.cancel("a", ["l2"])).code == "outcome_unknown"
        till.trouble.mood = once("POST", "/mark_canceled/", trouble)
        assert [t.line for t in house.cancel("a", ["l2"]).tickets if t.cancelled] == ["l2"]
        assert fault(lambda: house.cancel("a")).code == "outcome_unknown"
        assert house.cancel("a").state is OrderState.CANCELLED and till.free() == till.places

    def test_a_line_that_is_not_in_it_cannot_be_taken_back(self, till: SimulatedTill, house: PretixTicketing) -> None:
        sell(house, "a", lines(till, 2))
        assert fault(lambda: house.cancel("a", ["niets"])).code == "line_unknown"
        assert fault(lambda: house.record_refund("b", paid(1))).code == "order_unknown"


class TestCalls:
    def test_a_sale_takes_few_calls_once_the_shelf_is_known(self, till: SimulatedTill, house: PretixTicketing) -> None:
        """pretix.eu allows 360 a minute and organizer: 45 sales a minute."""
        house.hold("a", lines(till, 4), TTL)
        till.trouble.asked.clear()
        hold = house.hold("b", lines(till, 4), TTL)
        assert said(till) == ["GET orders", "POST orders", "POST bulk_create"]
        house.confirm(hold, BUYER, paid(7200))
        assert said(till)[3:] == ["GET orders", "POST orders", "GET orders", "POST confirm", "GET orders"]

    def test_what_was_seen_on_the_shelf_is_believed_for_a_moment_only(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        house.hold("a", lines(till, 1), TTL)
        till.concert.patch(live=False)
        assert list(house.tariffs(till.counted)) == [], "what is shown is asked each time"
        till.pass_time(FRESH)
        assert fault(lambda: house.hold("b", lines(till, 1), TTL)).code == "sale_closed"

    def test_what_pretix_is_told_names_the_buyer_only_in_the_order(
        self, till: SimulatedTill, house: PretixTicketing
    ) -> None:
        house.confirm(house.extend(house.hold("a", lines(till, 1), TTL), TTL), BUYER, paid(1800))
        named = [request for request in till.trouble.asked if BUYER.email.encode() in request.content]
        assert [request.method for request in named] == ["PATCH"]
        assert not any(BUYER.email in str(request.url) for request in till.trouble.asked)


def said(till: SimulatedTill) -> list[str]:
    """What was asked of pretix: how, and of what."""
    paths = [(request.method, request.url.path.strip("/").split("/")) for request in till.trouble.asked]
    return [f"{method} {'orders' if path[-2] == 'orders' else path[-1]}" for method, path in paths]
