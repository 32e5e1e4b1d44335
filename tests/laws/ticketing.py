"""The laws of etalage/ports/ticketing.py as tests: one class, bound to every adapter that sells.

A lab gives a house with two performances: one with counted places in a rank with two tariffs, one with numbered seats. What a
newcomer would get wrong: a race that never happens proves nothing, so every law about two buyers has a control without a guard.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Protocol

import pytest
from msgspec.structs import replace

from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.money import Money
from etalage.model.offer import Stock
from etalage.model.sale import Buyer, Hold, Line, Order, OrderState, Paid, SeatState
from etalage.ports.ticketing import Cap, Ticketing

TTL = timedelta(minutes=15)
BUYER = Buyer(email="an@voorbeeld.test", name="An Voorbeeld")


class Lab(Protocol):
    """What a law needs of a house."""

    counted: str
    """A performance with `places` counted places; tariffs `standard` at 1800 and `reduced` at 1200 cents."""
    numbered: str
    """A performance with seats; one of them (`blocked`) is not for sale."""
    later: str
    """Another date of the same, with `later_places` places at the same prices."""
    later_places: int
    closed: str
    """A performance whose sale is over."""
    places: int
    standard: str
    reduced: str
    seat_tariff: str
    now: datetime

    def ticketing(self) -> Ticketing:
        """A new adapter on the same house."""
        ...

    def pass_time(self, by: timedelta) -> None:
        """Let the house's clock go on."""
        ...

    def unguarded(self) -> Ticketing:
        """The same house, sold without its guard: the control of law 8."""
        ...


def lines(lab: Lab, number: int, tariff: str = "", start: int = 1) -> tuple[Line, ...]:
    chosen = tariff or lab.standard
    return tuple(Line(key=f"l{n}", performance=lab.counted, tariff=chosen) for n in range(start, start + number))


def paid(cents: int, id: str = "p1") -> Paid:
    return Paid(provider="sandbox", id=id, amount=Money(cents), at=datetime.fromisoformat("2026-11-22T12:00:00+01:00"))


def sell(house: Ticketing, reference: str, wanted: Sequence[Line]) -> Order:
    hold = house.hold(reference, wanted, TTL)
    return house.confirm(hold, BUYER, paid(hold.amount.cents, reference))


def rush(house: Callable[[], Ticketing], performance: str, tariff: str, buyers: int) -> list[str]:
    """So many buyers want one place at the same moment; the references that were sold, or the code of what else happened."""
    ready = threading.Barrier(min(buyers, 16))

    def buy(number: int) -> str:
        mine = house()
        if number < ready.parties:
            ready.wait(timeout=30)
        try:
            order = sell(mine, f"rush-{number}", [Line(key="l", performance=performance, tariff=tariff)])
        except EtalageError as error:
            return error.code
        return order.reference

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(buy, range(buyers)))


class TicketingLaws:
    @pytest.fixture
    def house(self, lab: Lab) -> Ticketing:
        return lab.ticketing()

    def test_1_all_lines_or_none(self, lab: Lab, house: Ticketing) -> None:
        house.hold("a", lines(lab, lab.places - 2), TTL)
        with pytest.raises(Refused) as no:
            house.hold("b", lines(lab, 3), TTL)
        assert no.value.code == "sold_out" and set(no.value.detail["lines"].split()) <= {"l1", "l2", "l3"}
        assert house.lookup("b").state is OrderState.ABSENT
        assert house.availability([lab.counted])[lab.counted].free == 2
        house.hold("c", lines(lab, 2), TTL)

    def test_2_the_same_again_is_the_same_hold(self, lab: Lab, house: Ticketing) -> None:
        first = house.hold("a", lines(lab, 2), TTL)
        again = house.hold("a", lines(lab, 2), TTL)
        assert (again.reference, again.lines, again.amount) == (first.reference, first.lines, first.amount)
        assert house.availability([lab.counted])[lab.counted].free == lab.places - 2
        with pytest.raises(Refused) as no:
            house.hold("a", lines(lab, 1), TTL)
        assert no.value.code == "reference_used"

    def test_2_what_is_done_twice_is_done_once(self, lab: Lab, house: Ticketing) -> None:
        hold = house.hold("a", lines(lab, 2), TTL)
        first = house.confirm(hold, BUYER, paid(3600))
        assert house.confirm(hold, BUYER, paid(3600)).tickets == first.tickets
        assert house.hold("a", lines(lab, 2), TTL).reference == "a", "a retry after the answer was lost"
        house.release(hold)
        assert house.lookup("a").state is OrderState.CONFIRMED, "what is sold is not released"
        assert house.cancel("a").state is house.cancel("a").state is OrderState.CANCELLED
        assert house.availability([lab.counted])[lab.counted].free == lab.places
        other = house.hold("b", lines(lab, 1), TTL)
        house.release(other)
        house.release(other)
        assert house.availability([lab.counted])[lab.counted].free == lab.places

    def test_3_a_hold_counts_until_it_lapses(self, lab: Lab, house: Ticketing) -> None:
        hold = house.hold("a", lines(lab, lab.places), TTL)
        told = house.availability([lab.counted])[lab.counted]
        assert (told.free, told.state) == (0, Stock.NONE)
        assert house.lookup("a").state is OrderState.HELD
        lab.pass_time(hold.expires - lab.now + timedelta(seconds=1))
        assert house.availability([lab.counted])[lab.counted].free == lab.places
        assert house.lookup("a").state is OrderState.EXPIRED

    def test_3_money_after_the_hold_finds_places_or_hears_that_there_are_none(self, lab: Lab, house: Ticketing) -> None:
        late, too_late = house.hold("late", lines(lab, 1), TTL), house.hold("too-late", lines(lab, 1), TTL)
        lab.pass_time(TTL * 2)
        assert house.confirm(late, BUYER, paid(1800)).state is OrderState.CONFIRMED
        sell(house, "others", lines(lab, lab.places - 1))
        with pytest.raises(Refused) as no:
            house.confirm(too_late, BUYER, paid(1800, "p2"))
        assert no.value.code == "hold_gone"
        assert house.lookup("too-late").state in (OrderState.EXPIRED, OrderState.PAID_NOT_ISSUED)

    def test_3_a_released_hold_cannot_be_confirmed_once_its_places_are_sold(self, lab: Lab, house: Ticketing) -> None:
        hold = house.hold("a", lines(lab, lab.places), TTL)
        house.release(hold)
        sell(house, "b", lines(lab, 1))
        with pytest.raises(Refused) as no:
            house.confirm(hold, BUYER, paid(1800))
        assert no.value.code == "hold_gone"

    def test_4_a_ticket_per_line_each_with_a_code_of_its_own(self, lab: Lab, house: Ticketing) -> None:
        wanted = (*lines(lab, 2), *lines(lab, 1, lab.reduced, start=3))
        hold = house.hold("a", wanted, TTL)
        assert hold.amount == Money(2 * 1800 + 1200)
        order = house.confirm(hold, BUYER, paid(4800))
        assert order.state is OrderState.CONFIRMED and order.amount == order.paid == Money(4800)
        assert [ticket.line for ticket in order.tickets] == ["l1", "l2", "l3"]
        assert len({ticket.code for ticket in order.tickets}) == 3 and all(len(t.code) >= 10 for t in order.tickets)
        assert house.lookup("a") == lab.ticketing().lookup("a") == order

    def test_5_a_refund_is_booked_once(self, lab: Lab, house: Ticketing) -> None:
        order = sell(house, "a", lines(lab, 2))
        for _ in range(2):
            assert house.record_refund("a", paid(1800, "r1")).refunded == Money(1800)
        assert house.record_refund("a", paid(600, "r2")).refunded == Money(2400)
        assert house.lookup("a").paid == order.paid

    def test_6_a_price_of_ours_may_be_lower_and_never_higher(self, lab: Lab, house: Ticketing) -> None:
        """Where a house takes a price of ours at all, as for who has a pass."""
        one = Line(key="l1", performance=lab.counted, tariff=lab.standard)
        wrong = [1801, 180_000, -1] if Cap.CUSTOM_PRICE in house.caps else [1801, 1799, 0]
        for cents in wrong:
            with pytest.raises(Refused) as no:
                house.hold("a", [replace(one, price=Money(cents))], TTL)
            assert no.value.code == "price_changed" and house.lookup("a").state is OrderState.ABSENT
        assert house.hold("b", [replace(one, price=Money(1800))], TTL).amount == Money(1800)
        if Cap.CUSTOM_PRICE in house.caps:
            rest = Line(key="l2", performance=lab.counted, tariff=lab.standard)
            for reference, cents in (("c", 360), ("d", 1)):
                order = sell(house, reference, [replace(one, price=Money(cents)), rest])
                assert (order.amount, order.paid) == (Money(1800 + cents), Money(1800 + cents))
                assert house.lookup(reference) == order

    def test_8_the_last_places_are_sold_once(self, lab: Lab) -> None:
        buyers = lab.places * 3
        told = rush(lab.ticketing, lab.counted, lab.standard, buyers)
        assert sum(one.startswith("rush-") for one in told) == lab.places, told
        assert set(told) - {f"rush-{n}" for n in range(buyers)} == {"sold_out"}
        assert lab.ticketing().availability([lab.counted])[lab.counted].free == 0

    def test_8_control_without_the_guard_more_is_sold_than_there_is(self, lab: Lab) -> None:
        told = rush(lab.unguarded, lab.counted, lab.standard, lab.places * 3)
        assert sum(one.startswith("rush-") for one in told) > lab.places

    def test_9_a_seat_is_sold_once(self, lab: Lab, house: Ticketing) -> None:
        seats = [seat for seat in house.seatmap(lab.numbered) if seat.state is SeatState.FREE]
        assert {seat.state for seat in house.seatmap(lab.numbered)} == {SeatState.FREE, SeatState.BLOCKED}
        wanted = [
            Line(key=f"l{n}", performance=lab.numbered, tariff=lab.seat_tariff, seat=seat.id)
            for n, seat in enumerate(seats[:2])
        ]
        house.hold("a", wanted, TTL)
        with pytest.raises(Refused) as no:
            house.hold("b", [wanted[1]], TTL)
        assert no.value.code == "sold_out" and no.value.detail["lines"] == "l1"
        taken = {seat.id for seat in house.seatmap(lab.numbered) if seat.state is SeatState.TAKEN}
        assert taken == {seats[0].id, seats[1].id}
        assert {t.seat for t in sell(house, "a", wanted).tickets} == taken
        for seat in ("nergens-1", ""):
            with pytest.raises(Refused) as no:
                house.hold("c", [Line(key="l", performance=lab.numbered, tariff=lab.seat_tariff, seat=seat)], TTL)
            assert no.value.code == "seat_unknown"

    def test_9_many_want_the_same_seats_in_any_order(self, lab: Lab) -> None:
        seats = [s.id for s in lab.ticketing().seatmap(lab.numbered) if s.state is SeatState.FREE][:6]

        def buy(number: int) -> Hold | None:
            mine = [seats[(number + step) % 6] for step in range(1 + number % 3)]
            wanted = [
                Line(key=f"l{n}", performance=lab.numbered, tariff=lab.seat_tariff, seat=seat)
                for n, seat in enumerate(mine if number % 2 else reversed(mine))
            ]
            try:
                return lab.ticketing().hold(f"seat-{number}", wanted, TTL)
            except (Refused, Unavailable):
                return None

        with ThreadPoolExecutor(12) as pool:
            holds = [hold for hold in pool.map(buy, range(36)) if hold]
        given = [line.seat for hold in holds for line in hold.lines]
        assert len(given) == len(set(given)) and given
        taken = {s.id for s in lab.ticketing().seatmap(lab.numbered) if s.state is SeatState.TAKEN}
        assert taken == set(given), "no half basket"

    def test_10_a_line_that_is_taken_back_can_be_had_again(self, lab: Lab, house: Ticketing) -> None:
        if Cap.CANCEL_LINE not in house.caps:
            pytest.skip("this house takes back whole orders only")
        sell(house, "a", lines(lab, 3))
        after = house.cancel("a", ["l2"])
        assert after.state is OrderState.CONFIRMED
        assert [ticket.line for ticket in after.tickets if ticket.cancelled] == ["l2"]
        assert house.cancel("a", ["l2"]) == after
        assert house.availability([lab.counted])[lab.counted].free == lab.places - 2
        assert house.cancel("a").state is OrderState.CANCELLED
        assert house.availability([lab.counted])[lab.counted].free == lab.places

    def test_10_the_money_of_a_line_goes_back_and_then_that_of_the_rest(self, lab: Lab, house: Ticketing) -> None:
        if Cap.CANCEL_LINE not in house.caps:
            pytest.skip("this house takes back whole orders only")
        order = sell(house, "a", (*lines(lab, 2), *lines(lab, 1, lab.reduced, start=3)))
        for _ in range(2):
            house.record_refund("a", paid(1800, "a-back-1"))
            after = house.cancel("a", ["l1"])
            assert (after.state, after.paid, after.refunded) == (OrderState.CONFIRMED, order.paid, Money(1800))
        assert [ticket.code for ticket in after.tickets if not ticket.cancelled] == [t.code for t in order.tickets[1:]]
        for _ in range(2):
            house.record_refund("a", paid(3000, "a-back"))
            after = house.cancel("a")
            assert (after.state, after.paid, after.refunded) == (OrderState.CANCELLED, order.paid, order.paid)
        assert house.availability([lab.counted])[lab.counted].free == lab.places

    def test_11_what_is_not_on_sale_is_refused(self, lab: Lab, house: Ticketing) -> None:
        one = Line(key="l", performance=lab.closed, tariff=lab.standard)
        for wanted, code in (
            ([one], "sale_closed"),
            ([Line(key="l", performance=f"{lab.counted}-niets", tariff=lab.standard)], "sale_closed"),
            ([Line(key="l", performance=lab.counted, tariff="niets")], "tariff_unknown"),
        ):
            with pytest.raises(Refused) as no:
                house.hold("a", wanted, TTL)
            assert no.value.code == code
        assert list(house.tariffs(lab.closed)) == []
        assert {tariff.id: tariff.price.cents for tariff in house.tariffs(lab.counted)} == {
            lab.standard: 1800,
            lab.reduced: 1200,
        }

    def test_12_places_are_exchanged_for_those_of_another_date(self, lab: Lab, house: Ticketing) -> None:
        if Cap.MOVE not in house.caps:
            pytest.skip("this house exchanges no places")
        wanted = (*lines(lab, 2), *lines(lab, 1, lab.reduced, start=3))
        before = sell(house, "a", wanted)
        target = [replace(line, performance=lab.later) if line.key != "l2" else line for line in wanted]
        worn = [ticket.code for ticket in before.tickets if ticket.line != "l2"]
        after = house.move("a", target, worn)
        assert house.move("a", target, worn) == after == house.lookup("a") == lab.ticketing().lookup("a"), (
            "twice is once"
        )
        assert (after.state, after.amount, after.paid) == (OrderState.CONFIRMED, before.amount, before.paid)
        assert [(ticket.line, ticket.performance) for ticket in after.tickets] == [
            ("l1", lab.later), ("l2", lab.counted), ("l3", lab.later),
        ]  # fmt: skip
        codes = {ticket.code for ticket in after.tickets}
        assert not codes & set(worn) and before.tickets[1].code in codes and len(codes) == 3
        free = house.availability([lab.counted, lab.later])
        assert (free[lab.counted].free, free[lab.later].free) == (lab.places - 1, lab.later_places - 2)
        assert house.cancel("a").state is OrderState.CANCELLED
        free = house.availability([lab.counted, lab.later])
        assert (free[lab.counted].free, free[lab.later].free) == (lab.places, lab.later_places)

    def test_12_or_nothing_is_changed(self, lab: Lab, house: Ticketing) -> None:
        if Cap.MOVE not in house.caps:
            pytest.skip("this house exchanges no places")
        before = sell(house, "a", lines(lab, 2))
        worn = [ticket.code for ticket in before.tickets]
        others = [Line(key="x", performance=lab.later, tariff=lab.standard)] * (lab.later_places - 1)
        sell(house, "b", [replace(line, key=f"x{n}") for n, line in enumerate(others)])

        def refused(*target: Line, reference: str = "a") -> str:
            with pytest.raises(Refused) as no:
                house.move(reference, target, worn)
            return no.value.code

        there = [replace(line, performance=lab.later) for line in before.lines]
        assert refused(*there) == "sold_out"
        assert refused(*(replace(line, performance=lab.closed) for line in before.lines)) in (
            "sale_closed",
            "move_elsewhere",
        )
        assert refused(*there[:1]) == refused(*(replace(line, tariff=lab.reduced) for line in there)) == "line_unknown"
        assert refused(*there, reference="nobody") == "order_unknown"
        assert house.lookup("a") == before
        free = house.availability([lab.counted, lab.later])
        assert (free[lab.counted].free, free[lab.later].free) == (lab.places - 2, 1)
        assert house.move("a", [there[0], before.lines[1]], worn[:1]).state is OrderState.CONFIRMED, "one of them fits"

    def test_a_hold_that_is_extended_outlives_its_first_moment(self, lab: Lab, house: Ticketing) -> None:
        if Cap.EXTEND not in house.caps:
            pytest.skip("this house gives no more time")
        hold = house.hold("a", lines(lab, 1), TTL)
        lab.pass_time(TTL - timedelta(minutes=1))
        longer = house.extend(hold, TTL)
        assert longer.expires > hold.expires
        lab.pass_time(timedelta(minutes=5))
        assert house.lookup("a").state is OrderState.HELD
        lab.pass_time(TTL * 2)
        with pytest.raises(Refused) as no:
            house.extend(longer, TTL)
        assert no.value.code == "hold_gone"
