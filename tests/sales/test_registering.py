"""Stories of a sale with passes: reductions are booked before anybody pays, never twice, and taken back when nobody has a ticket for them."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from etalage.model.checkout import Alert, State
from etalage.model.discount import Registered, Step, Told
from etalage.model.errors import Unavailable
from etalage.model.money import Money
from etalage.model.payment import Act
from etalage.sales.queues import Queue
from tests.sales.pass_world import REDUCED, PassWorld, doubtful, silent
from tests.sales.world import PRICE, no


@pytest.fixture
def world(tmp_path: Path) -> PassWorld:
    return PassWorld(tmp_path)


def test_two_houses_two_cards_one_payment(world: PassWorld) -> None:
    world.with_passes(linde=2, brug=1)
    waiting = world.saga.run("co1")
    assert waiting.state is State.AWAITING and waiting.total == Money(PRICE + 2 * REDUCED)
    assert [len(world.booked(house)) for house in ("linde", "brug")] == [1, 1], "booked before it is paid"
    world.pay()
    done = world.saga.run("co1")
    assert done.state is State.DONE and [batch.step for batch in done.batches] == [Step.REGISTERED] * 2
    assert [piece.sale for batch in done.batches for piece in batch.pieces] == [
        world.booked(house)[0].id for house in ("linde", "brug")
    ]
    assert not [
        piece for batch in done.batches for piece in batch.pieces if piece.sealed or piece.quote or piece.entitlement
    ]
    assert list(world.records.walk("pass-note")) == [], "what was typed is gone when the order is made"
    world.audit()


def test_a_group_has_as_many_as_it_may(world: PassWorld) -> None:
    world.with_passes(linde=4, brug=0, passes={"linde": 3})
    world.saga.run("co1")
    world.pay()
    assert world.saga.run("co1").total == Money(PRICE + 3 * REDUCED) and len(world.booked("linde")) == 3
    world.audit()


def test_who_does_not_pay_has_the_right_again(world: PassWorld) -> None:
    world.with_passes()
    world.saga.run("co1")
    world.pay(act=Act.CANCEL)
    assert world.saga.run("co1").state is State.UNDONE
    assert world.booked("linde") == world.booked("brug") == []
    world.audit()


def test_the_second_house_refuses_so_the_first_is_taken_back_and_nobody_is_asked_to_pay(world: PassWorld) -> None:
    world.cards["brug"].before["register"] = [no("discount_refused")]
    world.with_passes()
    ended = world.saga.run("co1")
    assert (ended.state, ended.code) == (State.UNDONE, "discount_refused") and not ended.asked
    assert world.sandbox.find("co1") is None and world.booked("linde") == []
    world.audit()


def test_what_a_pass_is_told_in_words_is_in_no_order(world: PassWorld) -> None:
    refusal = no("discount_refused")
    refusal.detail["nl"] = "Uw kansentarief is vervallen."
    world.cards["brug"].always["register"] = world.cards["brug"].always["entitlements"] = refusal
    with pytest.raises(type(refusal)):
        world.wish("brug")
    del world.cards["brug"].always["entitlements"]
    world.with_passes()
    world.cards["brug"].always["entitlements"] = refusal
    world.saga.run("co1")
    order, notes = world.records.get("checkout", "co1"), list(world.records.walk("pass-note"))
    assert order and b"vervallen" not in order.value
    assert [b"vervallen" in note.value for note in notes].count(True) == 1, "the line that it was about knows why"


def test_a_lost_answer_is_looked_up_and_never_booked_again(world: PassWorld) -> None:
    world.cards["linde"].after["register"] = [doubtful()]
    world.with_passes()
    assert world.saga.run("co1").state is State.AWAITING
    assert world.cards["linde"].asked.count("register") == 1 and len(world.booked("linde")) == 1
    world.pay()
    world.saga.run("co1")
    world.audit()


def test_a_silent_system_ends_the_sale_in_seconds_and_gives_the_places_back(world: PassWorld) -> None:
    world.cards["linde"].always |= {"register": silent(), "lookup": silent()}
    world.with_passes()
    for _ in range(3):
        ended = world.saga.run("co1")
        world.pass_time(seconds=4)
    assert (ended.state, ended.code) == (State.UNDONE, "discount_silent") and world.free("linde") == 5
    assert world.sandbox.find("co1") is None
    world.cards["linde"].always.clear()
    world.settle()
    world.audit()


def test_what_was_booked_in_doubt_is_taken_back_hours_later(world: PassWorld) -> None:
    world.cards["linde"].after["register"] = [doubtful()]
    world.cards["linde"].always["lookup"] = silent()
    world.with_passes()
    for _ in range(4):
        ended = world.saga.run("co1")
        world.pass_time(seconds=4)
    assert ended.state is State.UNDONE and len(world.booked("linde")) == 1 and world.free("linde") == 5
    for _ in range(8):
        world.pass_time(minutes=1)
        world.saga.sweep()
    assert world.saga.read("co1").alert == Alert.DISCOUNT_STUCK
    world.cards["linde"].always.clear()
    world.settle()
    assert world.booked("linde") == [] and world.saga.read("co1").alert == ""
    world.audit()


def test_a_batch_that_never_arrived_is_given_up_after_a_while(world: PassWorld) -> None:
    world.cards["linde"].before["register"] = [doubtful()]
    world.with_passes()
    for _ in range(4):
        world.saga.run("co1")
        world.pass_time(seconds=4)
    assert world.saga.read("co1").batches[0].step is Step.ASKED
    world.pass_time(minutes=16)
    world.saga.sweep()
    after = world.saga.read("co1")
    assert after.batches[0].step is Step.ABSENT and not after.batches[0].pieces[0].sealed
    assert world.cards["linde"].asked.count("register") == 1


def test_another_price_than_was_told_is_taken_back(world: PassWorld) -> None:
    def dearer(sales: list[Registered]) -> list[Registered]:
        return [Registered(id=one.id, event=one.event, entitlement=one.entitlement, price=Money(1499)) for one in sales]

    world.cards["brug"].lies["register"] = dearer
    world.with_passes()
    ended = world.saga.run("co1")
    assert (ended.state, ended.code) == (State.UNDONE, "discount_changed") and world.sandbox.find("co1") is None
    world.audit()


def test_late_money_goes_back_for_what_was_reduced(world: PassWorld) -> None:
    world.with_passes(linde=1, brug=1, passes={"linde": 1})
    world.saga.run("co1")
    world.pay(act=Act.EXPIRE)
    world.saga.run("co1")
    world.pay(act=Act.PAY_LATE)
    world.saga.run("co1")
    done = world.settle()
    assert done.state is State.DONE and [len(share.good) for share in done.shares] == [0, 1]
    assert done.refunded == Money(REDUCED) and world.booked("linde") == []
    world.audit()


def test_a_ticket_given_back_gives_the_right_back(world: PassWorld) -> None:
    world.with_passes(linde=2, brug=1)
    world.saga.run("co1")
    world.pay()
    order = world.saga.run("co1")
    reduced = next(line.key for line in order.share("linde").lines if line.price)
    code = next(ticket.code for ticket in order.share("linde").tickets if ticket.line == reduced)
    world.cards["linde"].before["cancel"] = [silent()]
    back = world.ticket_back(code)
    assert back.refunded == Money(REDUCED) and len(world.booked("linde")) == 1, (
        "its money does not wait for a silent system"
    )
    world.settle()
    assert world.booked("linde") == [] and len(world.booked("brug")) == 1
    world.audit()


def test_what_is_free_with_a_pass_is_booked_without_a_payment(world: PassWorld) -> None:
    for card in world.cards.values():
        card.inner.card = type(card.inner.card)(name={"nl": "Vrijkaart"}, begins="77", digits=10, percent=100)
    world.with_passes(linde=1, brug=1)
    done = world.saga.run("co1")
    assert done.state is State.DONE and done.total == Money(0) and world.sandbox.find("co1") is None
    assert len(world.booked("linde")) == len(world.booked("brug")) == 1


def test_two_orders_in_doubt_do_not_adopt_the_same_sale(world: PassWorld) -> None:
    """A group's card: both orders lost their answer, one of them before anything was done."""
    world.with_passes(linde=2, brug=0, passes={"linde": 2}, key="co1")
    wish = world.wish("linde", 1, "7792345675")
    world.saga.begin(world.sale_of(world.quotes.quote([wish]), "co2"))
    world.cards["linde"].after["register"] = [doubtful()]
    world.saga.run("co1")
    world.pay()
    assert world.saga.run("co1").state is State.DONE
    world.cards["linde"].before["register"] = [doubtful()]
    assert world.saga.run("co2").state is State.REGISTERING, "what it finds is another order's"
    world.pass_time(minutes=1)
    world.settle("co2")
    assert world.saga.read("co2").state is State.UNDONE and len(world.booked("linde")) == 2


def test_only_who_has_a_pass_waits_for_its_system(world: PassWorld) -> None:
    for card in world.cards.values():
        card.always |= dict.fromkeys(("entitlements", "register", "lookup", "cancel"), silent())
    world.basket(key="co2")
    world.saga.run("co2")
    world.pay("co2")
    assert world.saga.run("co2").state is State.DONE
    assert [card.asked for card in world.cards.values()] == [[], []]


def test_after_a_few_times_in_vain_nobody_waits_for_it(world: PassWorld) -> None:
    world.cards["linde"].always["entitlements"] = silent()
    for _ in range(6):
        with pytest.raises(type(silent())):
            world.wish("linde")
    assert len(world.cards["linde"].asked) == 3
    world.pass_time(seconds=31)
    world.cards["linde"].always.clear()
    assert world.wish("linde").quote
    assert world.wish("brug").quote, "the other house's system was asked all the while"


def test_at_a_peak_some_wait_and_who_comes_then_is_told_to_come_back(world: PassWorld) -> None:
    """A bound to what is asked at a time; who finds it full was not asked, so that says nothing of the system."""
    queue, going, over = Queue("linde-card", at_once=1, waiting=1), Event(), Event()
    world.passes.pool = lambda *_: queue
    inner = world.cards["linde"]
    real = inner.entitlements

    def slow(*given: object) -> Told:
        going.set()
        over.wait(10)
        return real(*given)  # type: ignore[arg-type]

    inner.entitlements = slow  # type: ignore[assignment]
    with ThreadPoolExecutor(2) as crowd:
        first = [crowd.submit(world.wish, "linde") for _ in range(2)]
        assert going.wait(10)
        while queue._places._value:  # until the second of them waits too
            time.sleep(0.01)
        for _ in range(5):
            with pytest.raises(Unavailable) as full:
                world.wish("linde")
            assert (full.value.code, full.value.detail["wait"]) == ("discount_busy", "5")
        over.set()
        assert all(one.result(10).entitlement for one in first)
    assert world.wish("linde").entitlement, "and nobody thinks that it is down"
    queue.shutdown()


def test_a_system_that_does_not_let_us_in_is_told_to_staff(world: PassWorld, caplog: pytest.LogCaptureFixture) -> None:
    world.cards["linde"].always["entitlements"] = no("discount_locked")
    with pytest.raises(type(silent())):
        world.wish("linde")
    assert '"alert": "discount_locked"' in caplog.text and '"house": "linde"' in caplog.text


def test_what_was_told_long_ago_is_asked_again_before_it_is_sold(world: PassWorld) -> None:
    wish = world.wish("linde")
    world.pass_time(minutes=6)
    world.passes.refresh([wish])
    assert world.cards["linde"].asked == ["entitlements"] * 2
    world.passes.refresh([wish])
    assert len(world.cards["linde"].asked) == 2, "what is fresh is not asked"
    world.pass_time(minutes=6)
    card = world.cards["linde"].inner.card
    world.cards["linde"].inner.card = type(card)(name=card.name, begins="77", digits=10, percent=10)
    with pytest.raises(type(no())) as changed:
        world.passes.refresh([wish])
    assert changed.value.code == "discount_changed"
    world.pass_time(minutes=61)
    with pytest.raises(type(no())) as over:
        world.quotes.quote([wish])
    assert over.value.code == "discount_over"


def test_a_pass_is_not_used_for_more_than_it_may(world: PassWorld) -> None:
    first = world.wish("linde")
    again = world.wish("linde")
    with pytest.raises(type(no())) as used:
        world.passes.chosen(again, [first])
    assert used.value.code == "discount_used" and used.value.detail == {"number": "1"}
    assert world.passes.chosen(world.wish("brug"), [first]).entitlement == "card"


def test_the_price_of_a_pass_counts_for_what_it_was_asked_for_alone(world: PassWorld) -> None:
    wish = world.wish("linde")
    for other in (
        {"performance": "toml:linde/a/2"},
        {"performance": "toml:brug/a/1"},
        {"entitlement": "vip"},
        {"quote": "0" * 32},
    ):
        forged = type(wish)(
            **(
                {"performance": wish.performance, "tariff": wish.tariff, "quote": wish.quote, "entitlement": "card"}
                | other
            )
        )
        with pytest.raises(type(no())):
            world.quotes.quote([forged])
        with pytest.raises(type(no())):
            world.passes.chosen(forged, [])
