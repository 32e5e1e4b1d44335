"""Stories of staff: they look an order up, give a share back, call one off, and hear when something wants a look."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from etalage.model.checkout import Checkout, Part, State
from etalage.model.errors import EtalageError, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Act
from etalage.ports.records import ANY
from etalage.sales.orders import Orders, Wanted, summary, whole
from tests.sales.world import BUYER, PRICE, World, busy, no


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def sold(world: World) -> World:
    """Two places at De Linde and one at De Brug."""
    world.basket()
    world.saga.run("co1")
    world.pay()
    assert world.saga.run("co1").state is State.DONE
    return world


def parts(checkout: Checkout) -> dict[str, Part]:
    return {share.house: share.state for share in checkout.shares}


def code(call) -> str:
    with pytest.raises(EtalageError) as told:
        call()
    return told.value.code


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture):
    """What the alarm told."""
    caplog.set_level(logging.ERROR, "etalage.sale")

    def tell() -> list[str]:
        lines = [record.message for record in caplog.records if record.name == "etalage.sale"]
        for line in lines:
            assert BUYER.email not in line and BUYER.name not in line
        return [json.loads(line)["alert"] for line in lines]

    return tell


def test_one_house_gives_its_share_back_and_the_other_stands(sold: World) -> None:
    for _ in range(2):  # twice is once
        after = sold.saga.give_back("co1", ["brug"])
        assert parts(after) == {"linde": Part.CONFIRMED, "brug": Part.REFUNDED} and after.state is State.DONE
        assert after.refunded == Money(PRICE) == sold.sandbox.find("co1").back and sold.free("brug") == 5
    assert [ticket.cancelled for ticket in after.share("brug").tickets] == [True]
    assert [ticket.cancelled for ticket in after.share("linde").tickets] == [False, False]
    sold.audit()


def test_the_rest_may_follow(sold: World) -> None:
    sold.saga.give_back("co1", ["brug"])
    after = sold.saga.give_back("co1")
    assert set(parts(after).values()) == {Part.REFUNDED} and sold.sandbox.find("co1").back == Money(3 * PRICE)
    assert (sold.free("linde"), sold.free("brug")) == (5, 5)
    sold.audit()


def test_a_house_that_does_not_answer_is_asked_until_it_cancels(sold: World, heard) -> None:
    sold.houses["brug"].always["cancel"] = busy()
    assert sold.saga.call_off("co1").state is State.CONFIRMING
    for _ in range(10):
        sold.pass_time(minutes=5)
        sold.saga.sweep()
    assert sold.saga.read("co1").alert == "refund_stuck" and heard() == ["refund_stuck"], "told once"
    del sold.houses["brug"].always["cancel"]
    after = sold.settle()
    assert set(parts(after).values()) == {Part.REFUNDED} and not after.alert
    sold.audit()


def test_a_free_order_is_cancelled_without_a_provider(world: World) -> None:
    from tests.sales.world import change_price

    for house in world.houses:
        change_price(world, house, 0)
    world.basket(price=0)
    world.saga.run("co1")
    after = world.saga.call_off("co1")
    assert set(parts(after).values()) == {Part.REFUNDED} and (world.free("linde"), world.free("brug")) == (5, 5)


def test_before_it_is_paid_it_is_undone(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    for _ in range(2):
        after = world.saga.call_off("co1")
        assert (after.state, after.code) == (State.UNDONE, "called_off")
    assert world.free("linde") == 5 and not world.sandbox.find("co1").url
    world.audit()


def test_money_that_comes_for_what_was_called_off_goes_back(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    world.saga.call_off("co1")
    world.pay(act=Act.PAY_LATE)
    after = world.saga.run("co1")
    assert set(parts(after).values()) == {Part.REFUNDED} and after.refunded == Money(3 * PRICE)
    assert (world.free("linde"), world.free("brug")) == (5, 5)
    world.audit()


def test_what_was_paid_at_the_same_moment_goes_back(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    world.pay()
    assert set(parts(world.saga.call_off("co1")).values()) == {Part.REFUNDED}
    world.audit()


def test_what_cannot_be_given_back_is_refused(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    assert code(lambda: world.saga.give_back("co1")) == "not_paid"
    assert code(lambda: world.saga.give_back("co1", ["kassa"])) == "share_unknown"
    assert code(lambda: world.saga.give_back("co2")) == code(lambda: world.saga.call_off("co2")) == "checkout_unknown"


def test_money_that_staff_gave_back_by_hand_is_an_alert_and_never_goes_twice(sold: World, heard) -> None:
    payment = sold.sandbox.find("co1")
    sold.sandbox.refund(payment.id, "by-hand", Money(3 * PRICE), "linde")
    sold.saga.give_back("co1", ["brug"])
    for _ in range(10):
        sold.pass_time(minutes=5)
        sold.saga.sweep()
    assert heard() == ["refund_stuck"] and sold.sandbox.find("co1").back == Money(3 * PRICE)


def test_a_house_that_lost_the_places_is_told_of_once_and_stands_in_the_list(world: World, heard) -> None:
    world.basket()
    world.saga.run("co1")
    world.houses["brug"].always["confirm"] = no("hold_gone")
    world.pay()
    assert world.settle().alert == "not_completed" and heard() == ["not_completed"]
    assert [one.key for one in Orders(world.records).find(Wanted(alerts=True)).orders] == ["co1"]


def test_a_silent_house_is_told_of_once(world: World, heard) -> None:
    world.basket()
    world.saga.run("co1")
    world.houses["linde"].always["confirm"] = busy()
    world.pay()
    for _ in range(20):
        world.pass_time(minutes=5)
        world.saga.sweep()
    assert heard() == ["house_silent"]


@pytest.mark.parametrize("late", [False, True])
def test_another_amount_is_told_of_once_and_never_sold(world: World, heard, monkeypatch, late: bool) -> None:
    world.basket()
    world.saga.run("co1")
    if late:
        assert world.settle().state is State.UNDONE
    world.pay(act=Act.PAY_LATE)
    real = world.sandbox.status
    monkeypatch.setattr(world.sandbox, "status", lambda id: msgspec.structs.replace(real(id), amount=Money(1)))
    for _ in range(3):
        seen = world.saga.run("co1")
    assert seen.alert == "amount_differs" and not any(share.tickets for share in seen.shares)
    assert heard() == ["amount_differs"]


def test_a_list_is_the_newest_first_and_as_narrow_as_one_likes(sold: World) -> None:
    sold.pass_time(hours=1)
    sold.basket(key="co2", linde=1, brug=0)
    sold.saga.run("co2")
    orders = Orders(sold.records)

    def keys(**wanted) -> list[str]:
        return [one.key for one in orders.find(Wanted(**wanted)).orders]

    assert keys() == ["co2", "co1"] and keys(house="brug") == ["co1"] and keys(state="awaiting") == ["co2"]
    assert keys(since=sold.now) == ["co2"] and keys(since=sold.now + timedelta(seconds=1)) == keys(alerts=True) == []


def test_who_bought_is_told_of_one_order_and_not_in_a_list(sold: World) -> None:
    order = sold.saga.read("co1")
    codes = [ticket.code for share in order.shares for ticket in share.tickets]
    listed, told = msgspec.json.encode(summary(order)).decode(), msgspec.json.encode(whole(order)).decode()
    for secret in (BUYER.email, BUYER.name, *codes):
        assert secret not in listed and secret in told


@pytest.mark.parametrize(
    ("ours", "later"),
    [(b'"site":', b'"loyalty":{"card":"7"},"site":'), (b'"done"', b'"posted"'), (b'"confirmed"', b'"scanned"'),
     (b'"expires":', b'"row":3,"expires":'), (b'"email":', b'"phone":"1","email":'), (b'"tariff":', b'"note":"x","tariff":')],
)  # fmt: skip
def test_an_order_of_a_later_version_is_left_alone_and_reported(sold: World, heard, ours: bytes, later: bytes) -> None:
    known = sold.records.get("checkout", "co1")
    theirs = known.value.replace(ours, later, 1)
    assert theirs != known.value
    sold.records.put("checkout", "co9", theirs, expect=ANY, due=sold.now, expires=known.expires)
    sold.basket(key="co2", brug=0)
    sold.pass_time(minutes=1)
    assert sold.saga.sweep() == ["co2"] and heard() == ["foreign"], "the others go on"
    assert code(lambda: sold.saga.run("co9")) == "checkout_foreign"
    with pytest.raises(Unavailable):
        sold.saga.call_off("co9")
    kept = sold.records.get("checkout", "co9")
    assert kept.value == theirs and kept.due > sold.now and kept.expires == known.expires
    found = Orders(sold.records).find(Wanted())
    assert found.foreign == ["co9"] and [one.key for one in found.orders] == ["co2", "co1"]
