"""Our registered reductions beside what the systems of the passes have: what differs is told, and nothing of the house's own desk is."""

from pathlib import Path

import pytest

from etalage.model.discount import Claim
from etalage.model.money import Money
from etalage.sales import pass_books
from etalage.sales.orders import Orders, Wanted
from tests.sales.pass_world import GROUPS, PassWorld, silent
from tests.sales.world import PRICE

LINDE = "toml:linde/a/1"


@pytest.fixture
def world(tmp_path: Path) -> PassWorld:
    """A sale with a pass at each house."""
    made = PassWorld(tmp_path)
    made.with_passes()
    made.saga.run("co1")
    made.pay()
    made.saga.run("co1")
    return made


def compare(world: PassWorld) -> pass_books.Compared:
    return pass_books.compare(world.passes, lambda: iter(Orders(world.records).find(Wanted()).orders))


def test_books_that_agree(world: PassWorld) -> None:
    assert compare(world) == pass_books.Compared(2, 0, [], [])
    world.saga.give_back("co1", ["linde"])
    world.settle()
    assert compare(world) == pass_books.Compared(1, 0, [], []), "what was taken back is nobody's"


def test_a_sale_of_the_houses_own_desk_is_left_alone(world: PassWorld) -> None:
    claim = Claim(event=LINDE, entitlement="card", regular=Money(PRICE), label="Basis", number=GROUPS["linde"])
    world.cards["linde"].inner.register([claim])
    assert compare(world) == pass_books.Compared(2, 1, [], [])


def test_what_is_gone_there_and_what_still_stands_there_is_told(world: PassWorld) -> None:
    mine = world.booked("linde")[0].id
    world.cards["linde"].inner.cancel(mine)
    (missing,) = compare(world).differences
    assert missing == ("missing", "linde", "card", mine, "co1")
    theirs = world.booked("brug")[0].id
    world.cards["brug"].always["cancel"] = silent()
    world.saga.give_back("co1", ["brug"])
    world.settle()
    assert ("left", "brug", "card", theirs, "co1") in compare(world).differences
    del world.cards["brug"].always["cancel"]
    world.pass_time(days=1)
    world.settle()
    assert [one.code for one in compare(world).differences] == ["missing"], "it is asked on until it is done"


def test_a_system_that_is_silent_is_told_and_differs_in_nothing(world: PassWorld) -> None:
    del world.passes.systems["brug"]
    found = compare(world)
    assert found.differences == [] and len(found.silent) == 1 and "brug" in found.silent[0]
