"""Staff move tickets to another date: the same house, the same tariffs, the same money, new codes, and a letter."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from etalage.model.checkout import Checkout, Part, Shown, State
from etalage.model.errors import Refused
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money
from etalage.model.sale import Line, Seat, SeatState
from etalage.ports.ticketing import Cap
from etalage.sales.doorkeepers import Doorkeepers
from etalage.sales.letters import letters_of
from etalage.sales.moves import plan
from tests.sales.world import PRICE, World, busy, unknown

EVENING, MATINEE = "toml:linde/a/1", "toml:linde/a/2"
SHOWN = {EVENING: Shown(title="Avond", start="2026-12-05T20:00+01:00", prices={"zaal.basis": PRICE})}
LATER = Shown(title="Namiddag", start="2026-12-06T15:00+01:00")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.basket(shown=SHOWN)
    made.saga.run("co1")
    made.pay()
    made.saga.run("co1")
    return made


def move(world: World, old: str = EVENING, new: str = MATINEE) -> Checkout:
    wish = plan(world.saga.read("co1"), old, new, world.saga.houses, LATER)
    return world.saga.move("co1", wish.house, wish.lines, wish.shown)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as raised:
        call()
    return raised.value.code


def letters(world: World) -> list[str]:
    return list(letters_of(world.records, world.saga.read("co1")))


def test_tickets_of_one_house_go_to_another_date_and_the_rest_stands(world: World) -> None:
    before = world.saga.read("co1")
    after = move(world)
    assert after.state is State.DONE and after.share("brug") == before.share("brug")
    linde = after.share("linde")
    assert linde.state is Part.CONFIRMED and {one.performance for one in (*linde.lines, *linde.tickets)} == {MATINEE}
    assert (world.free("linde"), world.free("linde", 2), world.free("brug")) == (5, 3, 4)
    assert after.shown[MATINEE].title == "Namiddag" and after.shown[MATINEE].prices == {"zaal.basis": PRICE}
    assert letters(world) == ["order", "moved-1"]
    world.audit()
    assert move(world) == after, "asked twice it is done once"
    assert letters(world) == ["order", "moved-1"] and world.free("linde", 2) == 3


def test_the_door_refuses_the_old_code_and_takes_the_new_one(world: World) -> None:
    old = world.saga.read("co1").share("linde").tickets[0].code
    new = move(world).share("linde").tickets[0].code
    doors = Doorkeepers(world.records, lambda: world.now, bytes)
    assert [doors.ask("linde", old, date).verdict for date in (EVENING, MATINEE)] == ["void", "void"]
    assert [doors.ask("linde", new, date).verdict for date in (EVENING, MATINEE)] == ["other", "good"]


def test_what_was_moved_can_go_back_again_and_be_refunded(world: World) -> None:
    move(world)
    assert {line.performance for line in move(world, MATINEE, EVENING).share("linde").lines} == {EVENING}
    assert letters(world) == ["order", "moved-1", "moved-2"]
    after = world.saga.give_back("co1", ["linde"])
    assert after.share("linde").state is Part.REFUNDED and (world.free("linde"), world.free("linde", 2)) == (5, 5)
    world.audit()


def test_a_full_date_changes_nothing_and_says_so(world: World) -> None:
    wish = plan(world.saga.read("co1"), EVENING, MATINEE, world.saga.houses, LATER)
    lines = [Line(key=f"x{n}", performance=MATINEE, tariff="zaal.basis") for n in range(4)]
    world.house("linde").hold("others", lines, timedelta(hours=1))
    before = world.saga.read("co1")
    after = world.saga.move("co1", wish.house, wish.lines, wish.shown)
    linde = after.share("linde")
    assert (after.state, linde.state, linde.code) == (State.DONE, Part.CONFIRMED, "sold_out")
    assert linde.tickets == before.share("linde").tickets and after.shown == before.shown
    assert letters(world) == ["order"]
    world.pass_time(hours=2)
    assert move(world).share("linde").code == "", "when there is room it goes after all"


@pytest.mark.parametrize("trouble", ["silent", "answer lost"])
def test_a_house_that_is_silent_is_asked_until_it_answers(world: World, trouble: str) -> None:
    moods = world.houses["linde"]
    (moods.before if trouble == "silent" else moods.after)["move"] = [busy() if trouble == "silent" else unknown()] * 3
    waiting = move(world)
    assert waiting.state is State.CONFIRMING and waiting.share("linde").state is Part.MOVING
    after = world.settle()
    assert {ticket.performance for ticket in after.share("linde").tickets} == {MATINEE} and after.alert == ""
    assert letters(world) == ["order", "moved-1"]
    world.audit()


def test_a_house_that_lies_about_the_places_is_told_to_staff(world: World) -> None:
    world.houses["linde"].lies["move"] = lambda order: msgspec.structs.replace(order, tickets=order.tickets[:1])
    move(world)
    for _ in range(10):
        world.pass_time(minutes=6)
        world.saga.sweep()
    assert world.saga.read("co1").alert == "house_differs"
    world.houses["linde"].lies.clear()
    assert world.settle().share("linde").state is Part.CONFIRMED


def test_another_price_another_house_or_nothing_sold_is_refused_before_anything_is_asked(world: World) -> None:
    before = world.saga.read("co1")
    assert refused(lambda: move(world, EVENING, "toml:brug/a/1")) == "move_elsewhere"
    assert refused(lambda: move(world, EVENING, EVENING)) == "move_elsewhere"
    assert refused(lambda: move(world, "toml:linde/b/1", MATINEE)) == "not_sold"
    assert refused(lambda: move(world, EVENING, "toml:linde/z/1")) == "sale_closed"
    house = world.house("linde")
    known = house.offering
    dearer = Rate(id="basis", prices={"zaal": Money(PRICE + 100)})
    house.offering = lambda id: (
        (found := known(id)) and msgspec.structs.replace(found, rates=(dearer,) if id == MATINEE else found.rates)
    )
    with pytest.raises(Refused) as price:
        move(world)
    assert price.value.code == "price_differs" and price.value.detail == {"here": "15.00", "there": "16.00"}
    house.offering = known
    world.houses["linde"].caps = world.houses["linde"].caps - {Cap.MOVE}
    assert refused(lambda: move(world)) == "move_impossible"
    assert world.saga.read("co1") == before
    world.saga.give_back("co1", ["linde"])
    assert refused(lambda: move(world)) == "not_sold"


def test_numbered_seats_are_the_best_that_are_free(tmp_path: Path) -> None:
    world = World(tmp_path)
    seats = tuple(Seat(id=f"A{n}", row="A", number=str(n)) for n in range(1, 8))
    seats += tuple(Seat(id=f"W{n}", row="B", number=str(n), wheelchair=True) for n in range(1, 3))
    taken = tuple(msgspec.structs.replace(seat, state=SeatState.BLOCKED) if seat.id == "A4" else seat for seat in seats)
    house = world.house("linde")
    house.offering = {
        id: Offering(
            performance=id,
            ranks=(Rank(id="zaal", seats=rank),),
            rates=(Rate(id="basis", prices={"zaal": Money(PRICE)}),),
        )
        for id, rank in ((EVENING, seats), (MATINEE, taken))
    }.get
    draft = world.draft(3, 0, shown=SHOWN)
    share = draft.shares[0]
    lines = tuple(
        msgspec.structs.replace(line, seat=seat) for seat, line in zip(("A1", "W2", "A2"), share.lines, strict=True)
    )
    world.saga.begin(msgspec.structs.replace(draft, shares=(msgspec.structs.replace(share, lines=lines),)))
    world.saga.run("co1")
    world.pay()
    world.saga.run("co1")
    after = move(world)
    assert [ticket.seat for ticket in after.share("linde").tickets] == ["A2", "W1", "A3"], (
        "a wheelchair's place for one"
    )
    assert after.shown[MATINEE].seats == {"A2": "A 2", "A3": "A 3", "W1": "B 1"}
    free = {seat.id for seat in house.seatmap(EVENING) if seat.state is SeatState.FREE}
    assert free == {seat.id for seat in seats}, "the old ones can be had again"
