"""A new version comes in the middle of a sale, or goes again: what one wrote the other finishes, or leaves alone (A13).

`former/` holds checkouts as the first version that sold wrote them. They are never made anew: a change that cannot read them would
lose the sales that are open when it is put in place. What a later version wrote is in test_staff.py.
"""

import json
from pathlib import Path

import pytest

from etalage.model.checkout import Part, State
from etalage.ports.records import ANY
from tests.sales.world import World

FORMER = Path(__file__).parent / "former"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def take_over(world: World, name: str) -> None:
    """Let the records hold what the former version had written of co1."""
    payment = world.sandbox.find("co1")
    text = (FORMER / f"{name}.json").read_text("utf-8").replace("PAYMENT", payment.id if payment else "")
    world.records.put("checkout", "co1", json.dumps(json.loads(text)).encode(), expect=ANY, due=world.now)


def test_a_sale_that_was_just_begun_is_finished(world: World) -> None:
    take_over(world, "holding")
    assert world.saga.sweep() == ["co1"] and world.saga.read("co1").state is State.AWAITING
    world.pay()
    assert world.settle().state is State.DONE
    world.audit()


@pytest.mark.parametrize("paid", [True, False])
def test_a_sale_that_waits_for_money_is_finished(world: World, paid: bool) -> None:
    world.basket()
    world.saga.run("co1")
    take_over(world, "awaiting")
    if paid:
        world.pay()
    assert world.settle().state is (State.DONE if paid else State.UNDONE)
    world.audit()


def test_a_sale_that_was_done_can_be_read_and_given_back(world: World) -> None:
    world.basket()
    world.saga.run("co1")
    world.pay()
    world.saga.run("co1")
    take_over(world, "done")
    assert [len(share.tickets) for share in world.saga.run("co1").shares] == [2, 1]
    assert {share.state for share in world.saga.give_back("co1").shares} == {Part.REFUNDED}
    world.audit()
