"""Stories of a sale at two houses: how it ends well, and how it ends when somebody refuses, is silent, or pays late."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from etalage.model.checkout import ARROWS, FINAL, Checkout, Part, State
from etalage.model.errors import Unavailable
from etalage.model.money import Money
from etalage.model.payment import Act, PaymentState
from tests.sales.world import PRICE, World, busy, change_price, no, unknown
from tests.shop import ROOT


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def states(checkout: Checkout) -> dict[str, Part]:
    return {share.house: share.state for share in checkout.shares}


def test_one_basket_one_payment_two_houses(world: World) -> None:
    world.basket(linde=2, brug=1)
    waiting = world.saga.run("co1")
    assert waiting.state is State.AWAITING and waiting.pay_url and waiting.total == Money(3 * PRICE)
    assert (world.free("linde"), world.free("brug")) == (3, 4)
    world.pay()
    done = world.saga.run("co1")
    assert done.state is State.DONE and states(done) == {"linde": Part.CONFIRMED, "brug": Part.CONFIRMED}
    assert [len(share.tickets) for share in done.shares] == [2, 1]
    world.audit()


def test_who_runs_first_does_not_matter_and_twice_is_once(world: World) -> None:
    world.basket()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: world.saga.run("co1"), range(16)))
    world.pay()
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda _: world.saga.run("co1"), range(16)))
    assert world.saga.run("co1").state is State.DONE
    assert len({ticket.code for end in ends for share in end.shares for ticket in share.tickets}) == 3
    world.audit()


def test_a_house_that_is_sold_out_lets_the_other_go(world: World) -> None:
    world.sell_elsewhere("brug", 5)
    world.basket()
    ended = world.saga.run("co1")
    assert ended.state is State.UNDONE and ended.code == "sold_out" and not ended.pay_url
    assert states(ended)["linde"] is Part.RELEASED and world.free("linde") == 5
    assert world.sandbox.find("co1") is None


def test_a_page_that_must_stay_open_for_longer_than_places_are_kept_is_closed_by_us(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house keeps places for a quarter of an hour; the provider's page is open for half an hour at least, and is asked for so."""
    monkeypatch.setattr("etalage.sales.holding.WINDOW", timedelta(minutes=15))
    monkeypatch.setattr(world.sandbox, "shortest", timedelta(minutes=30))
    world.basket()
    world.saga.run("co1")
    asked = world.sandbox.kept(world.sandbox.find("co1").id).request
    assert asked.expires - world.now >= timedelta(minutes=30)
    world.pass_time(minutes=15)
    world.saga.sweep()
    assert world.saga.read("co1").state is State.UNDONE and world.free("linde") == 5
    assert world.sandbox.find("co1").state is PaymentState.CANCELLED


def test_an_account_that_was_taken_out_of_the_settings_is_waited_for_and_told(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    world.pay()
    known, world.saga.providers = world.saga.providers, {}
    for _ in range(8):
        assert world.saga.run("co1").state is State.AWAITING
    assert world.saga.read("co1").alert == "payment_silent"
    world.saga.providers = known
    assert world.settle().state is State.DONE
    world.audit()


def test_what_costs_nothing_is_not_paid(world: World) -> None:
    for house in world.houses:
        change_price(world, house, 0)
    world.basket(price=0)
    assert world.saga.run("co1").state is State.DONE
    assert world.sandbox.find("co1") is None


def test_a_price_that_changed_meanwhile_is_told_before_anything_is_paid(world: World) -> None:
    change_price(world, "brug", PRICE + 100)
    world.basket()
    ended = world.saga.run("co1")
    assert (ended.state, ended.code) == (State.UNDONE, "price_changed")
    assert (world.free("linde"), world.free("brug")) == (5, 5)


@pytest.mark.parametrize("act", [Act.FAIL, Act.CANCEL, Act.EXPIRE])
def test_what_is_not_paid_is_not_bought(world: World, act: Act) -> None:
    world.basket()
    world.saga.run("co1")
    world.pay(act=act)
    assert world.saga.run("co1").state is State.UNDONE
    assert (world.free("linde"), world.free("brug")) == (5, 5)
    world.audit()


def test_who_never_comes_back_loses_nothing_and_keeps_nothing(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    assert world.settle().state is State.UNDONE
    assert (world.free("linde"), world.free("brug")) == (5, 5)
    world.audit()


def test_no_webhook_at_all_is_found_by_the_sweep(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    world.pay()
    world.pass_time(minutes=2)
    assert world.settle().state is State.DONE
    world.audit()


def test_a_house_that_refuses_after_the_pivot_gets_its_share_refunded_and_the_rest_stands(world: World) -> None:
    world.basket(linde=2, brug=1)
    world.saga.run("co1")
    world.houses["brug"].always["confirm"] = no("hold_gone")
    world.pay()
    done = world.settle()
    assert states(done) == {"linde": Part.CONFIRMED, "brug": Part.REFUNDED}
    assert done.refunded == Money(PRICE) == world.sandbox.find("co1").back
    assert done.share("brug").code == "hold_gone" and not done.share("brug").tickets
    world.audit()


def test_a_house_that_is_silent_for_long_after_the_pivot_confirms_in_the_end(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    world.houses["linde"].always["confirm"] = busy()
    world.pay()
    assert world.saga.run("co1").share("brug").state is Part.CONFIRMED, "the other house does not wait"
    for _ in range(10):
        world.pass_time(minutes=5)
        world.saga.sweep()
    assert world.saga.read("co1").alert == "house_silent"
    del world.houses["linde"].always["confirm"]
    done = world.settle()
    assert states(done) == {"linde": Part.CONFIRMED, "brug": Part.CONFIRMED} and not done.alert
    world.audit()


@pytest.mark.parametrize("act", [Act.PAY, Act.FAIL])
def test_a_house_whose_settings_break_while_its_sale_is_on_holds_up_its_own_share_only(world: World, act: Act) -> None:
    world.basket()
    world.saga.run("co1")
    world.broken.add("linde")
    world.pay(act=act)
    waiting = world.settle()
    paid = act is Act.PAY
    assert waiting.state is (State.CONFIRMING if paid else State.UNDOING)
    assert states(waiting) == {"linde": Part.HELD, "brug": Part.CONFIRMED if paid else Part.RELEASED}
    assert waiting.share("linde").doubt == "house_locked" and waiting.alert == ("house_locked" if paid else "")
    world.broken.clear()
    done = world.settle()
    assert done.state is (State.DONE if paid else State.UNDONE) and not done.alert
    world.audit()


def test_a_house_that_is_silent_before_the_pivot_is_asked_again_and_then_left(world: World) -> None:
    world.houses["brug"].before["hold"] = [busy(), busy()]
    world.basket()
    assert world.saga.run("co1").state is State.HOLDING
    for _ in range(3):
        world.pass_time(seconds=10)
        world.saga.sweep()
    assert world.saga.read("co1").state is State.AWAITING
    world.houses["brug"].always["hold"] = busy()
    world.basket(key="co2")
    ended = world.settle("co2")
    assert (ended.state, ended.code) == (State.UNDONE, "house_silent")
    assert world.free("linde") == 3, "only the first basket is held"


@pytest.mark.parametrize("verb", ["hold", "confirm"])
def test_an_answer_that_is_lost_after_it_was_done_is_found_again(world: World, verb: str) -> None:
    world.houses["brug"].after[verb] = [unknown()]
    world.basket()
    world.saga.run("co1")
    world.pass_time(seconds=10)
    world.saga.sweep()
    world.pay()
    assert world.settle().state is State.DONE
    world.audit()


@pytest.mark.parametrize("verb", ["release", "lookup"])
def test_undoing_goes_on_until_it_is_done(world: World, verb: str) -> None:
    world.houses["linde"].before[verb] = [busy(), busy()]
    world.houses["linde"].after["hold"] = [unknown()]
    world.houses["brug"].always["hold"] = no()
    world.basket()
    assert world.settle().state is State.UNDONE
    assert world.free("linde") == 5


class TestLateMoney:
    """The money comes when all is over: never a ticket without money, never money without ticket or refund."""

    @pytest.fixture
    def over(self, world: World) -> World:
        world.basket(linde=2, brug=1)
        world.saga.run("co1")
        assert world.settle().state is State.UNDONE
        return world

    def test_the_places_are_still_there(self, over: World) -> None:
        over.pay(act=Act.PAY_LATE)
        done = over.saga.run("co1")
        assert done.state is State.DONE and set(states(done).values()) == {Part.CONFIRMED}
        over.audit()

    def test_they_are_gone_at_one_house(self, over: World) -> None:
        over.sell_elsewhere("linde", 5)
        over.pay(act=Act.PAY_LATE)
        done = over.saga.run("co1")
        assert states(done) == {"linde": Part.REFUNDED, "brug": Part.CONFIRMED}
        assert done.refunded == Money(2 * PRICE)

    def test_they_are_gone_at_both(self, over: World) -> None:
        for house in ("linde", "brug"):
            over.sell_elsewhere(house, 5, f"other-{house}")
        over.pay(act=Act.PAY_LATE)
        done = over.saga.run("co1")
        assert set(states(done).values()) == {Part.REFUNDED} and done.refunded == Money(3 * PRICE)

    def test_the_sweep_finds_it_without_a_webhook(self, over: World) -> None:
        over.pay(act=Act.PAY_LATE)
        for _ in range(3):
            over.pass_time(minutes=40)
            over.saga.sweep()
        assert over.saga.read("co1").state is State.DONE
        over.audit()

    def test_it_comes_while_all_is_being_undone(self, world: World) -> None:
        world.basket()
        world.saga.run("co1")
        world.houses["linde"].always["release"] = busy()
        world.pay(act=Act.CANCEL)
        assert world.saga.run("co1").state is State.UNDOING
        world.pay(act=Act.PAY_LATE)
        world.houses["linde"].always.clear()
        assert world.settle().state is State.DONE
        world.audit()


def test_a_silent_provider_before_the_pivot_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise Unavailable("payment_busy", "no answer")

    monkeypatch.setattr(world.sandbox, "start", silent)
    world.basket()
    ended = world.settle()
    assert (ended.state, ended.code) == (State.UNDONE, "payment_silent")
    assert (world.free("linde"), world.free("brug")) == (5, 5)


def test_a_refund_that_fails_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.basket()
    world.saga.run("co1")
    world.houses["brug"].always["confirm"] = no("hold_gone")
    real, tries = world.sandbox.refund, []

    def refund(*given: object) -> object:
        tries.append(given)
        if len(tries) < 3:
            raise Unavailable("payment_busy", "later")
        return real(*given)

    monkeypatch.setattr(world.sandbox, "refund", refund)
    world.pay()
    assert world.settle().share("brug").state is Part.REFUNDED and len(tries) == 3
    world.audit()


def test_a_basket_that_was_free_and_is_not_any_more_is_not_charged(world: World) -> None:
    world.basket(price=0)
    ended = world.saga.run("co1")
    assert (ended.state, ended.code) == (State.UNDONE, "price_changed") and world.sandbox.find("co1") is None


def test_another_amount_than_was_asked_gives_no_ticket_and_an_alert(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.basket()
    world.saga.run("co1")
    world.pay()
    real = world.sandbox.status
    monkeypatch.setattr(world.sandbox, "status", lambda id: replace(real(id), amount=Money(1)))
    seen = world.saga.run("co1")
    assert (seen.state, seen.alert) == (State.AWAITING, "amount_differs") and not any(s.tickets for s in seen.shares)


def test_the_page_about_states_is_that_of_the_table() -> None:
    page = (ROOT / "docs" / "reference" / "checkout.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.+) \|$", page, re.MULTILINE)
    assert rows == [(here.value, to.value, why) for here, arrows in ARROWS.items() for to, why in arrows.items()]


def test_the_table_of_states_has_no_dead_end() -> None:
    assert set(ARROWS) == set(State)
    for state in State:
        reached, waiting = set[State](), [state]
        while waiting:
            at = waiting.pop()
            if at not in reached:
                reached.add(at)
                waiting += ARROWS[at]
        assert reached & FINAL, f"from {state} there is no way out"


def test_what_nobody_paid_for_is_looked_at_once_an_hour_for_four_days(world: World) -> None:
    """And it does not keep the sweep from looking at others."""
    asked: list[str] = []
    usual = world.sandbox.status
    world.sandbox.status = lambda id: (asked.append(id), usual(id))[1]
    world.basket()
    world.saga.run("co1")
    world.pay(act=Act.CANCEL)
    assert world.saga.run("co1").state is State.UNDONE
    asked.clear()
    for _ in range(6 * 24 * 5):
        world.pass_time(minutes=10)
        world.saga.sweep()
    assert 80 <= len(asked) <= 97
    assert world.records.due("checkout", world.now) == []


def test_who_looks_often_while_it_is_being_paid_writes_nothing(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    before = world.records.get("checkout", "co1").version
    for _ in range(10):
        assert world.saga.run("co1").state is State.AWAITING
    assert world.records.get("checkout", "co1").version == before
    world.pass_time(minutes=3)
    assert world.saga.sweep() == ["co1"] and world.saga.sweep() == [], "it was looked at, so it is due later"
