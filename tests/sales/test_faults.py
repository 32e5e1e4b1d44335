"""Everybody fails in every way, and each sale has an end with a name: done, undone, or a share that went back."""

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Barrier, BrokenBarrierError

import pytest
from msgspec.structs import replace

from etalage.model.checkout import Alert, Checkout, Part, State
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Act, Payment, PaymentState
from etalage.model.sale import Buyer, Hold, Order, Paid
from etalage.sales import undoing
from tests.sales.world import PRICE, Moods, World, busy, is_final, no, unknown
from tests.shop import ROOT

BOTH = {"linde": Part.CONFIRMED, "brug": Part.CONFIRMED}
GONE = {"linde": Part.RELEASED, "brug": Part.RELEASED}
BACK = {"linde": Part.CONFIRMED, "brug": Part.REFUNDED}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def states(checkout: Checkout) -> dict[str, Part]:
    return {share.house: share.state for share in checkout.shares}


def refuses(who: Moods, verb: str) -> None:
    who.before[verb] = [busy(), busy()]


def hangs(who: Moods, verb: str) -> None:
    who.before[verb] = [unknown()]


def loses_its_answer(who: Moods, verb: str) -> None:
    who.after[verb] = [unknown(), unknown()]


def is_busy_after_it_was_done(who: Moods, verb: str) -> None:
    who.after[verb] = [busy()]


def is_asked_twice(who: Moods, verb: str) -> None:
    who.twice.add(verb)


def does_not_let_us_in(who: Moods, verb: str) -> None:
    who.before[verb] = [Refused("token_wrong", "this token is not known here")] * 3


MISHAPS = (refuses, hangs, loses_its_answer, is_busy_after_it_was_done, is_asked_twice, does_not_let_us_in)
each_mishap = pytest.mark.parametrize("mishap", MISHAPS, ids=lambda mishap: mishap.__name__)
Mishap = Callable[[Moods, str], None]


class TestAHouse:
    @each_mishap
    @pytest.mark.parametrize("house", ["linde", "brug"])
    @pytest.mark.parametrize("verb", ["hold", "confirm"])
    def test_that_fails_on_the_way_sells_all_the_same(
        self, world: World, house: str, verb: str, mishap: Mishap
    ) -> None:
        mishap(world.houses[house], verb)
        world.basket()
        while world.saga.run("co1").state is State.HOLDING:
            world.pass_time(seconds=10)
        world.pay()
        done = world.settle()
        assert verb in world.houses[house].met
        assert (done.state, states(done), done.alert) == (State.DONE, BOTH, "")
        world.audit()

    @each_mishap
    @pytest.mark.parametrize("verb", ["release", "lookup"])
    def test_that_fails_to_let_go_does_so_in_the_end(self, world: World, verb: str, mishap: Mishap) -> None:
        mishap(world.houses["linde"], verb)
        if verb == "lookup":  # it is asked what became of a hold whose answer was lost
            world.houses["linde"].after["hold"] = [unknown()]
            world.houses["brug"].always["hold"] = no()
        world.basket()
        if world.saga.run("co1").state is State.AWAITING:
            world.pay(act=Act.CANCEL)
        undone = world.settle()
        assert verb in world.houses["linde"].met
        assert undone.state is State.UNDONE and undone.share("linde").state is Part.RELEASED
        assert (world.free("linde"), world.free("brug")) == (5, 5)
        world.audit()

    @each_mishap
    @pytest.mark.parametrize("verb", ["lookup", "record_refund", "cancel"])
    def test_that_fails_while_it_takes_back_has_taken_back_once(self, world: World, verb: str, mishap: Mishap) -> None:
        world.basket()
        world.saga.run("co1")
        brug = world.houses["brug"]
        brug.lies["confirm"] = lambda order: replace(order, tickets=())
        mishap(brug, verb)
        world.pay()
        done = world.settle()
        assert verb in brug.met
        assert (done.state, states(done)) == (State.DONE, BACK)
        assert brug._house.lookup("co1-brug").refunded == Money(PRICE) == world.sandbox.find("co1").back
        world.audit()

    def test_that_does_not_let_us_in_any_more_is_staffs_business_and_nobody_loses_a_ticket(self, world: World) -> None:
        world.basket()
        world.saga.run("co1")
        world.houses["brug"].always["confirm"] = Refused("token_powerless", "this token may not sell")
        world.pay()
        waiting = world.settle()
        assert (states(waiting)["brug"], waiting.alert) == (Part.HELD, "house_locked")
        world.houses["brug"].always.clear()
        done = world.settle()
        assert (states(done), done.alert) == (BOTH, "")

    def test_one_that_is_broken_does_not_stop_the_sweep(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        for key in ("co1", "co2"):
            world.basket(1, 1, key=key)
            world.saga.run(key)
            world.pay(key)
        real = world.saga.run

        def run(key: str) -> Checkout:
            if key == "co1":
                raise ZeroDivisionError
            return real(key)

        monkeypatch.setattr(world.saga, "run", run)
        world.pass_time(minutes=2)
        with pytest.raises(ExceptionGroup) as told:
            world.saga.sweep()
        assert [type(one) for one in told.value.exceptions] == [ZeroDivisionError]
        assert world.saga.read("co2").state is State.DONE, "and it was not swept under the carpet"


class TestAHouseThatLies:
    """200, and something else than was asked."""

    @pytest.mark.parametrize(
        "lie",
        [lambda hold: replace(hold, lines=()), lambda hold: replace(hold, lines=hold.lines[:1]),
         lambda hold: replace(hold, lines=tuple(replace(line, seat="Z9") for line in hold.lines)),
         lambda hold: replace(hold, lines=hold.lines * 2)],
        ids=["none", "fewer", "other seats", "more"],
    )  # fmt: skip
    def test_about_a_hold_is_found_out_before_anything_is_paid(self, world: World, lie: Callable) -> None:
        world.houses["linde"].lies["hold"] = lie
        world.basket()
        undone = world.settle()
        assert (undone.state, undone.code, undone.alert) == (State.UNDONE, "house_differs", "house_differs")
        assert world.sandbox.find("co1") is None and states(undone) == GONE
        world.audit()

    def test_about_a_price_is_found_out_before_anything_is_paid(self, world: World) -> None:
        world.houses["linde"].lies["hold"] = lambda hold: replace(hold, amount=Money(hold.amount.cents - 1))
        world.basket()
        undone = world.settle()
        assert (undone.state, undone.code) == (State.UNDONE, "price_changed") and world.sandbox.find("co1") is None
        world.audit()

    @pytest.mark.parametrize(
        "lie",
        [lambda order: replace(order, tickets=()), lambda order: replace(order, tickets=order.tickets * 2),
         lambda order: replace(order, tickets=tuple(replace(one, performance="toml:brug/b/1") for one in order.tickets))],
        ids=["none", "more", "another evening"],
    )  # fmt: skip
    def test_about_tickets_gives_the_share_back_and_staff_are_told(self, world: World, lie: Callable) -> None:
        world.houses["brug"].lies["confirm"] = lie
        world.basket()
        world.saga.run("co1")
        world.pay()
        done = world.settle()
        assert (states(done), done.share("brug").code, done.alert) == (BACK, "house_differs", "house_differs")
        world.audit()

    def test_about_the_price_of_what_is_held_again_keeps_no_place(self, world: World) -> None:
        world.basket()
        world.saga.run("co1")
        world.settle()
        world.houses["brug"].lies["hold"] = lambda hold: replace(hold, amount=Money(1))
        world.pay(act=Act.PAY_LATE)
        done = world.saga.run("co1")
        assert (states(done), done.share("brug").code) == (BACK, "price_changed")
        world.audit()


class TestTheProvider:
    @each_mishap
    @pytest.mark.parametrize("verb", ["start", "status"])
    def test_that_fails_on_the_way_is_paid_once(self, world: World, verb: str, mishap: Mishap) -> None:
        cashier = world.let_provider_have_moods()
        mishap(cashier, verb)
        world.basket()
        if mishap is does_not_let_us_in and verb == "start":  # it says no for good, before anything was paid
            undone = world.settle()
            assert (undone.state, undone.code) == (State.UNDONE, "token_wrong") and states(undone) == GONE
            return
        while world.saga.run("co1").state is State.PAYING:
            world.pass_time(seconds=10)
        world.pay()
        done = world.settle()
        assert verb in cashier.met and (done.state, done.alert) == (State.DONE, "")
        world.audit()

    @each_mishap
    def test_that_fails_to_cancel_lets_nobody_pay_in_the_end(self, world: World, mishap: Mishap) -> None:
        cashier = world.let_provider_have_moods()
        mishap(cashier, "cancel")
        world.basket()
        world.saga.run("co1")
        closed: list[str] = []

        def still_open(payment: Payment) -> Payment:
            """Its page stays open although its time is over: only a cancellation closes it."""
            return payment if closed or payment.paid_at else replace(payment, state=PaymentState.OPEN)

        def close(payment: Payment) -> Payment:
            closed.append(payment.id)
            return payment

        cashier.lies |= {"status": still_open, "cancel": close}
        undone = world.settle()
        assert "cancel" in cashier.met and closed
        assert (undone.state, states(undone)) == (State.UNDONE, GONE)
        world.audit()

    @each_mishap
    def test_that_fails_to_give_back_does_so_once(self, world: World, mishap: Mishap) -> None:
        cashier = world.let_provider_have_moods()
        world.basket()
        world.saga.run("co1")
        world.houses["brug"].always["confirm"] = no("hold_gone")
        mishap(cashier, "refund")
        world.pay()
        done = world.settle()
        assert "refund" in cashier.met
        assert (states(done), len(world.sandbox.find("co1").refunds)) == (BACK, 1)
        world.audit()

    def test_that_never_gives_back_is_told_to_staff_as_that(self, world: World) -> None:
        cashier = world.let_provider_have_moods()
        world.basket()
        world.saga.run("co1")
        world.houses["brug"].always["confirm"] = no("hold_gone")
        cashier.always["refund"] = Refused("refund_too_large", "no")
        world.pay()
        waiting = world.settle()
        assert (states(waiting)["brug"], waiting.alert) == (Part.LOST, "refund_stuck")
        cashier.always.clear()
        done = world.settle()
        assert (states(done), done.alert) == (BACK, "not_completed")
        world.audit()

    def test_that_is_silent_for_long_is_told_to_staff(self, world: World) -> None:
        cashier = world.let_provider_have_moods()
        world.basket()
        world.saga.run("co1")
        world.pay()
        cashier.always["status"] = Unavailable("payment_busy", "later")
        assert (world.settle(hours=1).state, world.saga.read("co1").alert) == (State.AWAITING, "payment_silent")
        cashier.always.clear()
        done = world.settle()
        assert (states(done), done.alert) == (BOTH, "")
        world.audit()


class TestAPaymentThatIsNotOurs:
    """Another amount, currency or reference than was asked for: no ticket, whenever it comes, and staff are told."""

    LIES = (
        lambda payment: replace(payment, amount=Money(1)),
        lambda payment: replace(payment, amount=Money(payment.amount.cents + 1)),
        lambda payment: replace(payment, amount=Money(payment.amount.cents, "USD")),
        lambda payment: replace(payment, reference="another"),
    )
    each_lie = pytest.mark.parametrize("lie", LIES, ids=["less", "more", "currency", "reference"])

    def check(self, world: World) -> None:
        ended = world.settle()
        assert (ended.state, ended.alert) == (State.UNDONE, "amount_differs")
        assert not any(share.tickets for share in ended.shares) and states(ended) == GONE
        assert (world.free("linde"), world.free("brug")) == (5, 5)

    @each_lie
    def test_while_it_is_awaited(self, world: World, lie: Callable) -> None:
        cashier = world.let_provider_have_moods()
        world.basket()
        world.saga.run("co1")
        cashier.lies["status"] = lie
        world.pay()
        seen = world.saga.run("co1")
        assert (seen.state, seen.alert) == (State.AWAITING, "amount_differs")
        self.check(world)
        assert world.saga.read("co1").code == "amount_wrong"

    @each_lie
    def test_while_all_is_being_undone(self, world: World, lie: Callable) -> None:
        cashier = world.let_provider_have_moods()
        world.basket()
        world.saga.run("co1")
        world.houses["linde"].always["release"] = busy()
        world.pay(act=Act.CANCEL)
        assert world.saga.run("co1").state is State.UNDOING
        cashier.lies["status"] = lie
        world.pay(act=Act.PAY_LATE)
        world.houses["linde"].always.clear()
        self.check(world)

    @each_lie
    def test_when_all_is_over(self, world: World, lie: Callable) -> None:
        cashier = world.let_provider_have_moods()
        world.basket()
        world.saga.run("co1")
        world.settle()
        cashier.lies["status"] = lie
        world.pay(act=Act.PAY_LATE)
        for _ in range(3):
            world.saga.run("co1")
        self.check(world)


class TestMoneyThatComesLate:
    """After its time, after a cancellation, after the money failed; and the places are free, gone at one house, or gone at both."""

    @pytest.mark.parametrize("act", [None, Act.CANCEL, Act.EXPIRE], ids=["its time is over", "cancelled", "expired"])
    @pytest.mark.parametrize("gone", [(), ("linde",), ("brug",), ("linde", "brug")], ids="+".join)
    def test_finds_its_places_or_goes_back(self, world: World, act: Act | None, gone: tuple[str, ...]) -> None:
        world.basket(linde=2, brug=1)
        world.saga.run("co1")
        if act:
            world.pay(act=act)
        assert world.settle().state is State.UNDONE
        for house in gone:
            world.sell_elsewhere(house, 5, f"other-{house}")
        world.pay(act=Act.PAY_LATE)
        done = world.saga.run("co1")
        cost = {"linde": 2 * PRICE, "brug": PRICE}
        assert states(done) == {house: Part.REFUNDED if house in gone else Part.CONFIRMED for house in cost}
        assert done.refunded == Money(sum(cost[house] for house in gone)) == world.sandbox.find("co1").back
        assert [len(share.tickets) for share in done.shares if share.house in gone] == [0] * len(gone)


def test_control_without_looking_back_late_money_is_kept_in_silence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "look_back", lambda saga, checkout, version: checkout)
    world.basket()
    world.saga.run("co1")
    world.settle()
    world.pay(act=Act.PAY_LATE)
    world.settle()
    with pytest.raises(AssertionError, match="4500 cents were kept for 0 tickets"):
        world.audit()


def sell_to_many_who_look_at_once(world: World, *, forgetful: bool = False) -> int:
    """A webhook, the visitor, and the sweep: two of them ask the house to confirm at the same moment. The places that are sold."""
    world.basket(linde=2, brug=0)
    world.saga.run("co1")
    world.pay()
    linde, together = world.houses["linde"]._house, Barrier(2)
    hold, confirm = linde.hold, linde.confirm

    def meet(held: Hold, buyer: Buyer, paid: Paid) -> Order:
        with suppress(BrokenBarrierError):  # the rest come alone
            together.wait(20)
            together.abort()
        return confirm(hold(os.urandom(4).hex(), held.lines, timedelta(hours=1)) if forgetful else held, buyer, paid)

    linde.confirm = meet
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda _: world.saga.run("co1"), range(8)))
    world.pass_time(hours=2)
    return world.places - world.free("linde")


def test_many_who_look_at_once_sell_it_once(tmp_path: Path) -> None:
    assert sell_to_many_who_look_at_once(World(tmp_path, places=200)) == 2


def test_control_without_references_they_sell_it_again(tmp_path: Path) -> None:
    assert sell_to_many_who_look_at_once(World(tmp_path, places=200), forgetful=True) > 2


def test_a_house_that_is_down_for_ten_minutes_stops_nobody_else(world: World) -> None:
    """A28: who waits for it is finished when it is back; the other one sells meanwhile."""
    world.basket(1, 1, key="joint")
    world.saga.run("joint")
    world.pay("joint")
    linde = world.houses["linde"]
    linde.always = dict.fromkeys(("hold", "confirm", "lookup", "release"), busy())
    for minute in range(10):
        world.pass_time(minutes=1)
        world.saga.sweep()
        if minute < 4:
            key = f"brug{minute}"
            world.basket(0, 1, key=key)
            world.saga.run(key)
            world.pay(key)
            assert world.saga.run(key).state is State.DONE
    waiting = world.saga.read("joint")
    assert states(waiting) == {"linde": Part.HELD, "brug": Part.CONFIRMED}
    linde.always.clear()
    assert states(world.settle("joint")) == BOTH
    assert (world.free("linde"), world.free("brug")) == (4, 0)


def storm(folder: Path, seed: int) -> tuple[World, list[Checkout]]:
    """Thirty orders, and six of ten calls to a house or the provider fail."""
    world = World(folder, places=200)
    cashier = world.let_provider_have_moods()
    who = [*world.houses.values(), cashier]
    for number, one in enumerate(who):
        one.rate, one.dice = 0.6, Random(seed * 10 + number)
    keys = [f"co{number}" for number in range(30)]
    for key in keys:
        world.basket(1, 1, key=key)
    for _ in itertools.repeat(None, 300):
        world.saga.sweep()
        for key in keys:
            found = world.sandbox.find(key)
            if found and found.state is PaymentState.OPEN:
                world.pay(key)
        if all(is_final(world.saga.read(key)) for key in keys):
            break
        world.pass_time(seconds=41)
    for one in who:
        one.rate = 0
    world.pass_time(hours=1)  # what nobody knows of lapses
    world.saga.sweep()
    return world, [world.settle(key) for key in keys]


def count(world: World, ends: list[Checkout]) -> tuple[int, int, int]:
    """Places that are sold, tickets in our records, and cents that were kept."""
    sold = sum(world.places - world.free(house) for house in world.houses)
    tickets = sum(len(share.tickets) for end in ends for share in end.shares if share.state is Part.CONFIRMED)
    payments = [payment for end in ends if (payment := world.sandbox.find(end.key)) and payment.paid_at]
    return sold, tickets, sum(payment.amount.cents - payment.back.cents for payment in payments)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_storm_ends_with_nothing_twice_and_every_order_final(tmp_path: Path, seed: int) -> None:
    world, ends = storm(tmp_path, seed)
    assert all(is_final(end) for end in ends)
    sold, tickets, kept = count(world, ends)
    assert sold == tickets > 20 and kept == tickets * PRICE
    assert len({ticket.code for end in ends for share in end.shares for ticket in share.tickets}) == tickets


def hold_twice_in_a_storm(world: World) -> int:
    """Each basket is asked for several times, as is done after every doubt; the places that are held then."""
    for house in world.houses.values():
        house.rate, house.dice = 0.6, Random(1)
    for number in range(30):
        world.basket(1, 1, key=f"co{number}")
        for _ in range(5):
            world.saga.run(f"co{number}")
    return sum(world.places - world.free(house) for house in world.houses)


def test_what_is_asked_for_again_is_held_once(tmp_path: Path) -> None:
    assert 40 < hold_twice_in_a_storm(World(tmp_path, places=200)) <= 60


def test_control_without_references_it_is_held_twice(tmp_path: Path) -> None:
    world = World(tmp_path, places=200)
    world.forget_references()
    assert hold_twice_in_a_storm(world) > 60


def test_the_page_about_alerts_names_them_all() -> None:
    page = (ROOT / "docs" / "reference" / "checkout.md").read_text("utf-8")
    rows = page.partition("| alert |")[2]
    assert {alert for alert in Alert if f"| `{alert}` |" in rows} == set(Alert)
