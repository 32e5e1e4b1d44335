"""Stories of a date that is off: every order gives it back, and nothing else."""

from pathlib import Path

import pytest

from etalage.model.checkout import Part, Shown, State
from etalage.model.payment import Act
from etalage.sales.moves import plan
from etalage.sales.recalls import Fate, Piece, recall, survey
from tests.sales.world import PRICE, World, busy

DATE = "toml:linde/a/1"


@pytest.fixture
def season(tmp_path: Path) -> World:
    """Three sold orders of the date, one not paid, and one of another date."""
    world = World(tmp_path, places=9)
    for key, linde, brug in (("co1", 2, 1), ("co2", 1, 0), ("co3", 1, 1), ("co4", 1, 0), ("co5", 0, 1)):
        world.basket(linde=linde, brug=brug, key=key)
        world.saga.run(key)
        if key != "co4":
            world.pay(key)
            assert world.saga.run(key).state is State.DONE
    return world


def look(world: World):
    return survey(world.records, DATE, world.saga.houses)


def test_all_of_it_goes_back_and_what_else_was_bought_stays(season: World) -> None:
    found = look(season)
    assert found.open == [Piece("co1", 2, 2 * PRICE), Piece("co2", 1, PRICE), Piece("co3", 1, PRICE)]
    assert (found.unpaid, found.waiting, found.refused) == (["co4"], [], {})
    fates = {key: recall(season.saga, key, DATE) for key in found.left}
    assert fates == dict.fromkeys(["co1", "co2", "co3"], Fate.DONE) | {"co4": Fate.UNDONE}
    assert (season.free("linde"), season.free("brug")) == (9, 6) and not look(season).left
    for piece in found.open:
        assert (
            season.sandbox.find(piece.order).back.cents == piece.cents == season.saga.read(piece.order).refunded.cents
        )
    assert (
        len(season.saga.read("co1").good) == len(season.saga.read("co3").good) == len(season.saga.read("co5").good) == 1
    )
    season.pay("co4", Act.PAY_LATE)
    assert season.saga.run("co4").refunded.cents == PRICE, "money that comes for it all the same goes back too"


def test_who_is_stopped_half_way_begins_again_and_nothing_goes_twice(season: World) -> None:
    class Stop(BaseException):
        pass

    def stop(place: str) -> None:
        if place == "refunded linde" and season.saga.read("co2").state is State.CONFIRMING:
            raise Stop

    season.saga.crossing = stop
    assert recall(season.saga, "co1", DATE) is Fate.DONE
    with pytest.raises(Stop):
        recall(season.saga, "co2", DATE)
    season.saga.crossing = lambda _: None
    found = look(season)
    assert ([piece.order for piece in found.open], found.waiting) == (["co3"], ["co2"])
    assert {recall(season.saga, key, DATE) for key in (*found.waiting, *found.left)} == {Fate.DONE, Fate.UNDONE}
    assert [season.sandbox.find(f"co{n}").back.cents for n in (1, 2, 3)] == [2 * PRICE, PRICE, PRICE]
    assert season.free("linde") == 9


def test_a_silent_house_is_left_to_the_sweep(season: World) -> None:
    season.houses["linde"].always["cancel"] = busy()
    assert recall(season.saga, "co1", DATE) is Fate.WAITING
    assert recall(season.saga, "co2", DATE, go_on=False) is Fate.WAITING
    assert not season.sandbox.find("co2").back.cents, "nobody was asked"
    assert look(season).waiting == ["co1", "co2"]
    del season.houses["linde"].always["cancel"]
    for key in ("co1", "co2"):
        assert season.settle(key).share("linde").state is Part.REFUNDED
    assert season.sandbox.find("co2").back.cents == PRICE


def test_who_moved_one_ticket_to_the_date_gets_that_one_back(season: World) -> None:
    """An order with both dates of a house keeps the other one."""
    order = season.saga.read("co1")
    move = plan(order, DATE, "toml:linde/a/2", season.saga.houses, Shown())
    one = (move.lines[0], order.share("linde").lines[1])
    season.saga.move("co1", "linde", one, {})
    assert look(season).open[0] == Piece("co1", 1, PRICE)
    assert recall(season.saga, "co1", DATE) is Fate.DONE
    after = season.saga.read("co1")
    assert [ticket.performance for ticket in after.good] == ["toml:linde/a/2", "toml:brug/a/1"]
    assert season.sandbox.find("co1").back.cents == PRICE and season.free("linde", 2) == 8


def test_who_is_paying_for_another_date_too_may_choose_again(season: World) -> None:
    season.basket(key="co6")
    season.saga.run("co6")
    assert recall(season.saga, "co6", DATE) is Fate.UNDONE
    assert season.saga.read("co6").code == "performance_off"
