"""Stories of money that goes back: of one ticket, in pieces, and when the provider fails at it days later."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from etalage.model.back import Way
from etalage.model.checkout import Checkout, Part, Shown, State
from etalage.model.errors import EtalageError, Refused
from etalage.model.money import Money
from etalage.model.payment import Refunded
from etalage.ports.ticketing import Cap
from etalage.sales import returns
from etalage.sales.letters import letters_of
from etalage.sales.orders import whole
from tests.sales.world import PRICE, World, busy, change_price, unknown


@pytest.fixture
def sold(tmp_path: Path) -> World:
    """Two places at De Linde and one at De Brug."""
    world = World(tmp_path)
    world.basket()
    world.saga.run("co1")
    world.pay()
    assert world.saga.run("co1").state is State.DONE
    return world


def code(call) -> str:
    with pytest.raises(EtalageError) as told:
        call()
    return told.value.code


def ways(order: Checkout) -> list[tuple[str, Way]]:
    return [(back.name, back.way) for back in order.backs]


def letters(world: World) -> list[str]:
    return sorted(letters_of(world.records, world.saga.read("co1")))


def days(world: World, number: int) -> Checkout:
    """So many days, in which the sweep looks twice an hour."""
    for _ in range(number * 48):
        world.pass_time(minutes=30)
        world.saga.sweep()
    return world.saga.read("co1")


def test_one_ticket_goes_back_and_the_others_stand(sold: World) -> None:
    first, second = sold.codes("linde")
    for _ in range(2):  # twice is once
        after = sold.ticket_back(first)
        share = after.share("linde")
        assert (after.state, share.state, after.refunded) == (State.DONE, Part.CONFIRMED, Money(PRICE))
        assert [ticket.code for ticket in share.good] == [second] and share.tickets[0].cancelled
        assert ways(after) == [("co1-linde-back-1", Way.DONE)] and sold.sandbox.find("co1").back == Money(PRICE)
        assert sold.free("linde") == 4 and sold.house("linde").lookup("co1-linde").refunded == Money(PRICE)
        sold.audit()
    assert letters(sold) == ["order", "refund-1"]


def test_the_rest_of_it_follows_and_never_more_than_was_paid(sold: World) -> None:
    sold.ticket_back(sold.codes("linde")[0])
    after = sold.saga.give_back("co1", ["linde"])
    assert [(back.reference, back.amount) for back in after.backs] == [
        ("co1-linde-back-1", Money(PRICE)), ("co1-linde-back", Money(PRICE)),
    ]  # fmt: skip
    assert after.share("linde").state is Part.REFUNDED and after.refunded == Money(2 * PRICE)
    assert sold.house("linde").lookup("co1-linde").refunded == Money(2 * PRICE)
    sold.audit()
    assert sold.saga.call_off("co1").refunded == Money(3 * PRICE) and sold.sandbox.find("co1").back == Money(3 * PRICE)
    sold.audit()
    assert letters(sold) == ["order", "refund-1", "refund-2", "refund-3"]


def test_tickets_of_two_houses_at_once_and_the_last_of_one_is_its_whole_share(sold: World) -> None:
    after = sold.ticket_back(sold.codes("linde")[1], *sold.codes("brug"))
    assert [share.state for share in after.shares] == [Part.CONFIRMED, Part.REFUNDED]
    assert after.refunded == Money(2 * PRICE)
    sold.audit()
    assert letters(sold) == ["order", "refund-2"], "one letter tells both"


@pytest.mark.parametrize("mood", ["before", "after"])
@pytest.mark.parametrize("verb", ["cancel", "record_refund", "lookup"])
def test_a_house_that_loses_an_answer_is_asked_again_and_the_rest_stays_good(sold: World, mood: str, verb: str) -> None:
    getattr(sold.houses["linde"], mood)[verb] = [busy() if mood == "before" else unknown()]
    first, second = sold.codes("linde")
    waiting = sold.ticket_back(first)
    assert waiting.state is State.CONFIRMING and [one.code for one in waiting.share("linde").good] == [second]
    after = sold.settle()
    assert after.share("linde").state is Part.CONFIRMED and after.refunded == Money(PRICE)
    sold.audit()


def test_what_cannot_go_back_is_refused_and_nothing_is_done(sold: World) -> None:
    first = sold.codes("linde")[0]
    assert code(lambda: sold.ticket_back("NOTHING")) == "ticket_unknown"
    sold.houses["linde"].caps -= {Cap.CANCEL_LINE}
    assert code(lambda: sold.ticket_back(first)) == "refund_part_impossible"
    assert sold.ticket_back(*sold.codes("linde")).share("linde").state is Part.REFUNDED, "all of them is another matter"
    sold.audit()
    assert code(lambda: sold.saga.give_tickets("co9", {})) == "checkout_unknown"
    sold.basket(key="co2", linde=0)
    sold.saga.run("co2")
    assert code(lambda: sold.saga.give_tickets("co2", {"brug": {"brug0": 1}})) == "not_paid"


def test_what_each_ticket_cost_adds_up_to_the_share(sold: World) -> None:
    order = sold.saga.read("co1")
    share, house = order.share("linde"), sold.house("linde")
    assert returns.prices(order, share, lambda: house) == {"linde0": PRICE, "linde1": PRICE}
    odd = replace(share, amount=Money(2 * PRICE - 1))
    assert sum(returns.prices(order, odd, lambda: house).values()) == 2 * PRICE - 1, "a discount is shared out"
    dear = replace(share.lines[0], price=Money(2 * PRICE))
    mixed = replace(share, lines=(dear, share.lines[1]), amount=Money(3 * PRICE))
    assert returns.prices(order, mixed, lambda: house) == {"linde0": 2 * PRICE, "linde1": PRICE}
    shown = replace(order, shown={"toml:linde/a/1": Shown(prices={"zaal.basis": 1000})})
    change_price(sold, "linde", 9900)
    assert returns.prices(shown, replace(share, amount=Money(2000)), lambda: house) == {"linde0": 1000, "linde1": 1000}
    gone = replace(mixed, lines=(dear, replace(share.lines[1], tariff="zaal.weg")))
    assert code(lambda: returns.prices(order, gone, lambda: house)) == "price_unknown"


def test_after_a_move_the_tickets_that_are_left_can_go_back(sold: World) -> None:
    from etalage.sales.moves import plan

    sold.ticket_back(sold.codes("linde")[0])
    for _ in range(2):
        move = plan(sold.saga.read("co1"), "toml:linde/a/1", "toml:linde/a/2", sold.saga.houses, Shown())
        after = sold.saga.move("co1", move.house, move.lines, move.shown)
    assert [one.performance for one in after.good] == ["toml:linde/a/2", "toml:brug/a/1"]
    assert (sold.free("linde"), sold.free("linde", 2)) == (5, 4)
    sold.audit()
    after = sold.saga.give_back("co1", ["linde"])
    assert after.refunded == Money(2 * PRICE) and sold.free("linde", 2) == 5
    sold.audit()


# --- the provider ------------------------------------------------------------------------------------------------


def test_money_on_its_way_is_looked_after_until_it_has_arrived(sold: World) -> None:
    cashier = sold.let_provider_have_moods()
    cashier.lies["refund"] = lambda made: replace(made, state=Refunded.PENDING)
    after = sold.ticket_back(sold.codes("linde")[0])
    sold.refund_goes("co1-linde-back-1", Refunded.PENDING)
    assert ways(after) == [("co1-linde-back-1", Way.SENT)] and after.refunded == Money(PRICE)
    assert ways(days(sold, 2)) == [("co1-linde-back-1", Way.SENT)]
    sold.refund_goes("co1-linde-back-1", Refunded.DONE)
    done = days(sold, 2)
    assert ways(done) == [("co1-linde-back-1", Way.DONE)] and not done.alert
    assert sold.records.get("checkout", "co1").due is None, "nobody looks any more"
    assert letters(sold) == ["order", "refund-1"]


def test_money_that_fails_is_sent_again_under_a_new_name(sold: World) -> None:
    after = sold.ticket_back(sold.codes("linde")[0])
    sold.refund_goes("co1-linde-back-1", Refunded.FAILED)
    heard = sold.saga.hear(sold.sandbox.find("co1"))
    assert ways(heard) == [("co1-linde-back-1-again-1", Way.WANTED)] and heard.refunded == Money(0), "it did not go"
    assert heard.share("linde").tickets == after.share("linde").tickets, "the tickets stay as they are"
    done = days(sold, 1)
    assert ways(done) == [("co1-linde-back-1-again-1", Way.DONE)] and done.refunded == Money(PRICE)
    assert sold.sandbox.find("co1").back == Money(PRICE) and not done.alert
    sold.audit()


def test_money_that_fails_and_fails_is_told_to_staff_who_may_have_it_tried_again(sold: World) -> None:
    cashier = sold.let_provider_have_moods()

    def fail(made):
        sold.refund_goes(made.reference, Refunded.FAILED)
        return replace(made, state=Refunded.FAILED)

    cashier.lies["refund"] = fail
    after = sold.saga.give_back("co1", ["brug"])
    assert (after.state, after.share("brug").state, after.alert) == (State.DONE, Part.REFUNDED, "")
    assert sold.free("brug") == 5 and after.refunded == Money(0)
    stuck = days(sold, 6)
    assert ways(stuck) == [("co1-brug-back-again-4", Way.FAILED)] and stuck.alert == "refund_stuck"
    assert whole(stuck)["backs"][0]["way"] == "failed"
    names = [one.reference for one in sold.sandbox.find("co1").refunds]
    assert names == ["co1-brug-back", "co1-brug-back-again-1", "co1-brug-back-again-2", "co1-brug-back-again-3"]
    del cashier.lies["refund"]
    mended = sold.saga.give_back("co1", ["brug"])
    assert ways(mended) == [("co1-brug-back-again-4", Way.DONE)] and not mended.alert
    assert mended.refunded == Money(PRICE) == sold.sandbox.find("co1").back
    sold.audit()


def test_a_provider_without_our_money_is_told_of_and_asked_again(sold: World) -> None:
    cashier = sold.let_provider_have_moods()
    cashier.always["refund"] = Refused("balance_low", "there is not so much")
    sold.ticket_back(sold.codes("linde")[0])
    assert sold.settle(hours=1).alert == "balance_low"
    del cashier.always["refund"]
    after = sold.settle()
    assert after.refunded == Money(PRICE) and not after.alert
    sold.audit()


def test_money_that_staff_gave_back_elsewhere_is_not_asked_for_again(sold: World) -> None:
    sold.sandbox.refund(sold.sandbox.find("co1").id, "re_by_hand", Money(3 * PRICE), "")
    assert sold.saga.give_back("co1", ["brug"]).state is State.CONFIRMING, "the provider has no more to give"
    mended = sold.saga.give_back("co1", ["brug"], elsewhere=True)
    assert mended.state is State.DONE and mended.share("brug").state is Part.REFUNDED and not mended.alert
    heard = sold.saga.hear(sold.sandbox.find("co1"))
    assert (heard.elsewhere, heard.unexplained, heard.alert) == (
        Money(3 * PRICE),
        Money(2 * PRICE),
        "refunded_elsewhere",
    )
    order = sold.saga.read("co1")
    pieces = returns.of_tickets(order, sold.codes("linde")[:1], sold.saga.houses)
    after = sold.saga.give_tickets("co1", pieces, elsewhere=True)
    assert (after.unexplained, len(after.good), after.alert) == (Money(PRICE), 1, "") and sold.free("linde") == 4
    assert sold.house("linde").lookup("co1-linde").refunded == Money(PRICE)
    after = sold.saga.give_back("co1", elsewhere=True)
    assert (after.unexplained, after.refunded, after.good) == (Money(0), Money(3 * PRICE), ())
    sold.audit()
    assert len(sold.sandbox.find("co1").refunds) == 1 and sold.saga.hear(sold.sandbox.find("co1")) == after
