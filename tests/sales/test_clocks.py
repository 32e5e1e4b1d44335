"""Clocks that differ, nights in which the clock is moved, and a day that comes once in four years (A31)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from etalage.adapters._local_desk import Desk
from etalage.model.checkout import Part, State
from etalage.model.errors import Refused
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money
from etalage.model.sale import Line, OrderState, Paid, Seat
from etalage.sales.terms import MARGIN, WINDOW
from tests.sales.world import BUYER, World

SKEW = 5


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def sell(house, number: int, reference: str = "other") -> None:
    lines = [Line(key=f"x{n}", performance=f"toml:{house.house}/a/1", tariff="zaal.basis") for n in range(number)]
    hold = house.hold(reference, lines, timedelta(minutes=15))
    house.confirm(hold, BUYER, Paid(provider="x", id=reference, amount=hold.amount, at=house.clock()))


@pytest.mark.parametrize("ahead", [SKEW, -SKEW])
def test_who_pays_in_time_has_places_whatever_another_process_thinks_the_time_is(world: World, ahead: int) -> None:
    twin = world.twin(minutes=ahead)
    world.basket(linde=2, brug=1)
    window = world.saga.run("co1").window
    world.now = window - timedelta(seconds=1)
    for house in twin.houses.values():
        with pytest.raises(Refused) as no:
            sell(house, 5)
        assert no.value.code == "sold_out", "its clock does not let it give away what is held"
    world.pay()
    done = twin.saga.run("co1")
    assert done.state is State.DONE and {share.state for share in done.shares} == {Part.CONFIRMED}
    world.audit()


def pay_in_time_and_hear_of_it_late(world: World) -> dict[str, Part]:
    """We are slow to hear of a payment, and a process whose clock is ahead has sold the places meanwhile."""
    twin = world.twin(minutes=SKEW)
    world.basket(linde=2, brug=1)
    window = world.saga.run("co1").window
    world.now = window - timedelta(seconds=1)
    world.pay()
    world.now = window + timedelta(seconds=1)
    sell(twin.houses["linde"], 5)
    return {share.house: share.state for share in world.settle().shares}


def test_a_place_that_another_process_saw_lapse_and_sold_is_not_sold_twice(world: World) -> None:
    assert pay_in_time_and_hear_of_it_late(world) == {"linde": Part.REFUNDED, "brug": Part.CONFIRMED}
    assert world.free("linde") == 0


def test_control_where_each_believes_its_own_clock_it_is_sold_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "keeps", lambda desk, sold: desk.lives(sold.order))
    assert set(pay_in_time_and_hear_of_it_late(world).values()) == {Part.CONFIRMED}, "seven tickets for five places"


def test_a_place_that_another_process_saw_lapse_is_not_prolonged(world: World) -> None:
    twin, linde = world.twin(minutes=SKEW), world.house("linde")
    mine = linde.hold("mine", [Line(key="a", performance="toml:linde/a/1", tariff="zaal.basis")], timedelta(minutes=10))
    world.pass_time(minutes=6)
    sell(twin.houses["linde"], 5)
    with pytest.raises(Refused) as no:
        linde.extend(mine, timedelta(minutes=10))
    assert no.value.code == "hold_gone"


def test_a_seat_that_another_process_saw_lapse_is_not_sold_twice(world: World) -> None:
    offering = Offering(
        performance="toml:linde/b/1", ranks=(Rank(id="zaal", capacity=0, seats=(Seat(id="A1"),)),),
        rates=(Rate(id="basis", prices={"zaal": Money(1500)}),),
    )  # fmt: skip
    ours, theirs = world.house("linde"), world.twin(minutes=SKEW).houses["linde"]
    ours.offering = theirs.offering = {offering.performance: offering}.get
    line = Line(key="a", performance="toml:linde/b/1", tariff="zaal.basis", seat="A1")
    mine = ours.hold("mine", [line], timedelta(minutes=10))
    world.pass_time(minutes=6)
    other = theirs.hold("other", [line], timedelta(minutes=10))
    paid = Paid(provider="x", id="p", amount=Money(1500), at=world.now)
    with pytest.raises(Refused) as no:
        ours.confirm(mine, BUYER, paid)
    assert no.value.code == "hold_gone"
    assert theirs.confirm(other, BUYER, paid).state is OrderState.CONFIRMED


NIGHTS = [
    datetime(2026, 3, 29, 0, 40, tzinfo=UTC),  # 01:40 in Brussels; twenty minutes later it is 03:00
    datetime(2026, 10, 25, 0, 40, tzinfo=UTC),  # 02:40, and an hour later it is 02:40 again
    datetime(2026, 10, 25, 1, 40, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 40, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 40, tzinfo=UTC),
]  # fmt: skip


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: f"{night:%d-%m-%y-%H%M}")
def test_a_hold_lasts_forty_minutes_whatever_the_clocks_in_the_street_do(world: World, night: datetime) -> None:
    world.now = night
    world.basket(linde=2, brug=1, key="paid")
    world.basket(linde=1, brug=0, key="left")
    assert world.saga.run("paid").window - night == WINDOW - MARGIN
    world.saga.run("left")
    world.now = night + WINDOW - MARGIN - timedelta(seconds=1)
    assert (world.free("linde"), world.free("brug")) == (2, 4), "not a minute too early"
    world.pay("paid")
    assert world.saga.run("paid").state is State.DONE
    world.now = night + WINDOW + timedelta(seconds=1)
    assert (world.free("linde"), world.free("brug")) == (3, 4), "not an hour too late"
    assert world.settle("left").state is State.UNDONE
