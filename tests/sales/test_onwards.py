"""Joint money that is split: each house's share comes on its own account at the provider, and comes back from there when it must."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.json import encode
from msgspec.structs import replace

from etalage.model.back import Way
from etalage.model.checkout import Alert, Part, State
from etalage.model.entry import Account, What
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Refunded
from etalage.sales import ledger
from etalage.sales.reconciliation import reconcile
from tests.sales.world import PRICE, World, no, unknown

TILL, LINDE, BRUG = (Account.PROVIDER, "sandbox"), (Account.HOUSE, "linde"), (Account.HOUSE, "brug")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two places at De Linde and one at De Brug, sold; both have an account of their own."""
    world = World(tmp_path)
    world.sandbox.splits = ("linde", "brug")
    world.basket()
    world.saga.run("co1")
    world.pay()
    assert world.saga.run("co1").state is State.DONE
    return world


def transfers(world: World) -> dict[str, int]:
    """House → what it has on its own account."""
    return {one.house: one.amount.cents - one.back.cents for one in world.sandbox.find("co1").transfers}


def books(world: World) -> dict[tuple[Account, str], int]:
    """The balances that are not nothing, after a look that they are the provider's."""
    sums = ledger.balances(ledger.entries(world.records))
    payment = world.sandbox.find("co1")
    there = payment.amount.cents - payment.back.cents - sum(transfers(world).values())
    assert sums[TILL] == there and not sum(sums.values())
    return {account: cents for account, cents in sums.items() if cents}


def sweep(world: World, **later: float) -> None:
    world.pass_time(**later)
    world.saga.sweep()


def test_shares_are_passed_on_after_the_sale_and_nobody_waits_for_it(world: World) -> None:
    assert transfers(world) == {} and world.saga.read("co1").good, "the tickets are there first"
    sweep(world, minutes=1)
    assert transfers(world) == {"linde": 2 * PRICE, "brug": PRICE} and books(world) == {}
    sweep(world, hours=1)
    assert len(world.sandbox.find("co1").transfers) == 2


def test_a_refund_comes_back_out_of_the_house_own_account(world: World) -> None:
    sweep(world, minutes=1)
    world.ticket_back(world.codes("linde")[0])
    assert transfers(world) == {"linde": PRICE, "brug": PRICE} and books(world) == {}
    world.saga.give_back("co1")
    assert transfers(world) == {"linde": 0, "brug": 0} and world.sandbox.find("co1").back == Money(3 * PRICE)
    assert books(world) == {}


def test_a_refund_before_anything_was_passed_on_is_certain_of_it_first(world: World) -> None:
    cashier = world.let_provider_have_moods()
    cashier.after["pass_on"] = [unknown()]
    world.pass_time(minutes=1)
    world.saga.give_back("co1", ["brug"], go_on=False)
    assert world.settle().state is State.DONE
    sweep(world, minutes=10)
    assert transfers(world) == {"linde": 2 * PRICE, "brug": 0} and books(world) == {}
    assert world.sandbox.find("co1").back == Money(PRICE)


def test_a_provider_that_does_not_answer_is_asked_again_and_it_is_done_once(world: World) -> None:
    cashier = world.let_provider_have_moods()
    cashier.after["pass_on"] = [unknown(), unknown()]
    sweep(world, minutes=1)
    assert world.saga.read("co1").alert == ""
    sweep(world, minutes=10)
    assert transfers(world) == {"linde": 2 * PRICE, "brug": PRICE} and books(world) == {}


def test_a_house_whose_account_takes_nothing_is_told_to_staff_and_owed_until_it_does(world: World) -> None:
    world.sandbox.splits = ("linde",)
    sweep(world, minutes=1)
    assert transfers(world) == {"linde": 2 * PRICE} and books(world) == {TILL: PRICE, BRUG: -PRICE}
    assert world.saga.read("co1").alert == Alert.NOT_PASSED_ON
    world.sandbox.splits = ("linde", "brug")
    sweep(world, days=1)
    assert transfers(world) == {"linde": 2 * PRICE, "brug": PRICE} and books(world) == {}
    assert world.saga.read("co1").alert == ""


def test_what_was_never_passed_on_goes_back_from_the_joint_account(world: World) -> None:
    world.sandbox.splits = ("linde",)
    sweep(world, minutes=1)
    world.saga.give_back("co1", ["brug"])
    world.sandbox.splits = ("linde", "brug")
    sweep(world, days=2)
    assert transfers(world) == {"linde": 2 * PRICE} and books(world) == {}
    assert world.saga.read("co1").alert == ""


def test_a_house_that_was_refused_gets_what_is_left_by_then(world: World) -> None:
    cashier = world.let_provider_have_moods()
    cashier.before["pass_on"] = [no("account_unknown"), no("account_unknown")]
    sweep(world, minutes=1)
    world.ticket_back(world.codes("linde")[0])
    sweep(world, days=1)
    assert transfers(world) == {"linde": PRICE, "brug": PRICE} and books(world) == {}


def test_a_refund_that_fails_days_later_takes_back_from_the_house_once(world: World) -> None:
    sweep(world, minutes=1)
    world.saga.give_back("co1", ["brug"])
    world.refund_goes("co1-brug-back", Refunded.FAILED)
    world.saga.hear(world.sandbox.find("co1"))
    assert books(world) == {TILL: PRICE, BRUG: -PRICE}, "it is on the joint account, and owed to the house or the buyer"
    sweep(world, hours=2)
    assert transfers(world) == {"linde": 2 * PRICE, "brug": 0} and books(world) == {}
    found = [entry for entry in ledger.entries(world.records) if entry.what is What.TAKEN_BACK]
    assert len(found) == 1


def test_a_house_without_an_account_of_its_own_is_owed(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.sandbox.splits = ("linde",)
    world.basket()
    world.saga.run("co1")
    world.pay()
    world.saga.run("co1")
    sweep(world, minutes=1)
    assert books(world) == {TILL: PRICE, BRUG: -PRICE} and world.saga.read("co1").share("brug").onward is None
    assert world.saga.read("co1").share("linde").onward.way is Way.DONE


def test_the_provider_is_down_between_charge_and_transfer(world: World) -> None:
    cashier = world.let_provider_have_moods()
    cashier.always["status"] = cashier.always["pass_on"] = Unavailable("payment_busy", "down")
    for _ in range(5):
        sweep(world, hours=1)
    assert transfers(world) == {} and books(world) == {TILL: 3 * PRICE, LINDE: -2 * PRICE, BRUG: -PRICE}
    cashier.always.clear()
    sweep(world, hours=2)
    assert transfers(world) == {"linde": 2 * PRICE, "brug": PRICE} and books(world) == {}


def test_a_house_never_gets_more_than_was_paid(world: World) -> None:
    sweep(world, minutes=1)
    with pytest.raises(Refused) as refused:
        world.sandbox.pass_on(world.sandbox.find("co1").id, "another", Money(1), "linde")
    assert refused.value.code == "transfer_too_large"


def forget_onwards(world: World) -> None:
    """Our records are put back as they were right after the sale; the books and the provider went on."""
    kept = world.records.get("checkout", "co1")
    known = world.saga.read("co1")
    shares = tuple(replace(share, onward=None, backs=(), state=Part.CONFIRMED) for share in known.shares)
    tickets = tuple(
        replace(share, tickets=tuple(replace(one, cancelled=False) for one in share.tickets)) for share in shares
    )
    before = replace(known, shares=tickets, booked=("paid",))
    world.records.put("checkout", "co1", encode(before), expect=kept.version, expires=world.now + timedelta(days=300))


def test_after_a_restore_nothing_is_passed_on_twice(world: World) -> None:
    sweep(world, minutes=1)
    forget_onwards(world)
    world.ticket_back(world.codes("linde")[0])
    sweep(world, days=2)
    assert transfers(world) == {"linde": PRICE, "brug": PRICE} and books(world) == {}


def test_after_a_restore_what_went_back_of_a_share_is_known_again(world: World) -> None:
    sweep(world, minutes=1)
    world.saga.give_back("co1", ["brug"])
    forget_onwards(world)
    reconcile(world.saga, world.now - timedelta(days=1))
    sweep(world, days=2)
    assert transfers(world) == {"linde": 2 * PRICE, "brug": 0} and books(world) == {}


def test_an_order_that_is_written_anew_knows_what_was_passed_on(world: World) -> None:
    sweep(world, minutes=1)
    kept = world.records.get("checkout", "co1")
    world.records.put("checkout", "co1", kept.value, expect=kept.version, expires=world.now)
    world.pass_time(minutes=1)
    assert reconcile(world.saga, world.now - timedelta(days=1)).written == ["co1"]
    sweep(world, days=2)
    assert transfers(world) == {"linde": 2 * PRICE, "brug": PRICE} and books(world) == {}
    world.saga.give_back("co1", ["linde"])
    assert transfers(world) == {"linde": 0, "brug": PRICE} and books(world) == {}
