"""Kill a sale at every point it passes, start again, and see whether money, tickets and records agree.

    python -m tests.sales.crash STORY FOLDER [--pairs N] [--forgetful] [--tables URL] [--every N] [--ours]

Each sale runs in a process of its own that kills itself (SIGKILL, no `finally` runs) at its n-th crossing; a second one goes on
from what the first left, as after a restart. Printed is a line of JSON per point. A newcomer's trap: nothing here may start a thread
before it forks.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from etalage.model.checkout import Part, Shown, State
from etalage.model.errors import Refused
from etalage.model.payment import Act
from etalage.sales import rounds
from etalage.sales.moves import plan
from tests.sales.pass_world import MoodyCards, PassWorld, doubtful, silent
from tests.sales.world import Store, World, busy, is_final, no, unknown

Story = Callable[[World], None]


def sold(world: World) -> None:
    """Both houses sell."""
    _pay(world)


def sold_out_at_one(world: World) -> None:
    """A house refuses to hold."""
    world.houses["brug"].always["hold"] = no()
    _pay(world)


def refused_after_the_pivot(world: World) -> None:
    """A house refuses to confirm: its share goes back."""
    world.houses["brug"].always["confirm"] = no("hold_gone")
    _pay(world)


def refused_by_both(world: World) -> None:
    """Neither house confirms: all goes back."""
    for house in world.houses.values():
        house.always["confirm"] = no("hold_gone")
    _pay(world)


def not_paid(world: World) -> None:
    """The visitor cancels."""
    _pay(world, Act.CANCEL)


def answers_lost(world: World) -> None:
    """Every first answer of a house is lost after it was done."""
    for house in world.houses.values():
        for verb in ("hold", "confirm"):
            house.after[verb] = [unknown()]
    _pay(world)


def paid_late(world: World) -> None:
    """The money comes when all was undone."""
    _pay(world, Act.EXPIRE)
    if world.sandbox.find("co1") and world.saga.read("co1").state is State.UNDONE:
        world.pay(act=Act.PAY_LATE)
        world.saga.run("co1")


def silent_while_undoing(world: World) -> None:
    """A house is sold out, the other does not answer at first when it is to let go."""
    world.houses["brug"].always["hold"] = no()
    world.houses["linde"].before["release"] = [busy()]
    _pay(world)


def given_back(world: World) -> None:
    """Staff give one house's share back."""
    _pay(world)
    _staff(world, lambda: world.saga.give_back("co1", ("brug",)))


def ticket_given_back(world: World) -> None:
    """Staff give one ticket back, and later all that is left."""
    _pay(world)
    _staff(world, lambda: _ticket_back(world))
    _staff(world, lambda: world.saga.give_back("co1", ("linde",)))


def moved(world: World) -> None:
    """Staff move one house's tickets to its other date."""
    _pay(world)
    _staff(world, lambda: _move(world))


def moved_and_given_back(world: World) -> None:
    """The other date's house loses its answer; later staff give the share back."""
    world.houses["linde"].after["move"] = [unknown()]
    moved(world)
    _staff(world, lambda: world.saga.give_back("co1", ("linde",)))


def called_off(world: World) -> None:
    """Staff cancel all of it when it is sold."""
    _pay(world)
    _staff(world, lambda: world.saga.call_off("co1"))


def called_off_before_paying(world: World) -> None:
    """Staff cancel it while the visitor stands at the provider's page, and pays all the same."""
    try:
        world.saga.run("co1")
    except Refused:  # the checkout was never written
        return
    _staff(world, lambda: world.saga.call_off("co1"))
    world.pay(act=Act.PAY_LATE)
    _pay(world)
    world.saga.run("co1")


def split(world: World) -> None:
    """Each house has an account of its own: its share is passed on, and comes back from there for a ticket, then for a whole share."""
    world.sandbox.splits = ("linde", "brug")
    _pay(world)
    _later(world)
    _staff(world, lambda: _ticket_back(world))
    _staff(world, lambda: world.saga.give_back("co1", ("brug",)))
    _later(world)


def split_with_answers_lost(world: World) -> None:
    """The same, and the provider's first answers are lost after it was done; a house's account takes nothing at first."""
    world.let_provider_have_moods()
    world.cashier.before["pass_on"] = [no("account_unknown")]
    world.cashier.after |= {"pass_on": [unknown(), unknown()], "refund": [unknown()]}
    split(world)


def in_turn(world: World) -> None:
    """Each house has its own payment: the first is paid, and the second's page runs out."""
    _pay_each(world, Act.PAY, Act.EXPIRE)


def in_turn_both(world: World) -> None:
    """Both are paid, one after the other."""
    _pay_each(world, Act.PAY, Act.PAY)


def in_turn_refused(world: World) -> None:
    """The second house refuses, so that nobody is asked to pay the first."""
    world.houses["brug"].always["hold"] = no()
    _pay_each(world, Act.PAY, Act.PAY)
    assert not world.sandbox.find("co1"), "paid for half of what was wanted"


def in_turn_late(world: World) -> None:
    """The second is paid when its places were let go."""
    in_turn(world)
    if world.sandbox.find("co2") and world.saga.read("co2").state is State.UNDONE:
        world.pay("co2", Act.PAY_LATE)
        world.saga.run("co2")


def in_turn_given_up(world: World) -> None:
    """The visitor changes the basket when the first is paid."""
    _pay_each(world, Act.PAY)
    if world.records.get("checkout", "co1"):
        rounds.withdraw(world.saga, "co1")


def passes_sold(world: World) -> None:
    """At each house somebody has a card."""
    _pay(world)


def passes_not_paid(world: World) -> None:
    """The visitor with cards cancels."""
    _pay(world, Act.CANCEL)


def passes_refused_at_one(world: World) -> None:
    """The second house's card gives nothing any more: what was booked for the first is taken back, and nobody is asked to pay."""
    _cards(world)["brug"].always["register"] = no("discount_refused")
    _pay(world)
    assert not world.sandbox.find("co1"), "somebody was asked to pay"


def passes_answers_lost(world: World) -> None:
    """The first answers of both cards' systems are lost after it was done, and the taking back fails at first."""
    for card in _cards(world).values():
        card.after |= {"register": [doubtful()], "cancel": [doubtful()]}
        card.before["lookup"] = [silent()]
    _pay(world)
    _if_sold(world, lambda: world.saga.give_back("co1", ("brug",)))


def passes_given_back(world: World) -> None:
    """Staff give the ticket with a card back, and later a whole share, while a card's system is silent."""
    _pay(world)
    _cards(world)["linde"].before["cancel"] = [silent(), silent()]
    _if_sold(world, lambda: _ticket_back(world))
    _if_sold(world, lambda: world.saga.give_back("co1", ("brug",)))


def passes_paid_late(world: World) -> None:
    """The money comes when the cards' reductions were taken back: all of it goes back."""
    paid_late(world)


def passes_refused_after_the_pivot(world: World) -> None:
    """A house refuses to confirm: its share goes back, with the reduction in it."""
    refused_after_the_pivot(world)


STORIES: dict[str, Story] = {
    story.__name__: story
    for story in (
        sold, sold_out_at_one, refused_after_the_pivot, refused_by_both, not_paid, answers_lost, paid_late, silent_while_undoing,
        given_back, ticket_given_back, moved, moved_and_given_back, called_off, called_off_before_paying,
        split, split_with_answers_lost,
        passes_sold, passes_not_paid, passes_refused_at_one, passes_answers_lost, passes_given_back, passes_paid_late,
        passes_refused_after_the_pivot,
        in_turn, in_turn_both, in_turn_refused, in_turn_late, in_turn_given_up,
    )
}  # fmt: skip


def _pay_each(world: World, *acts: Act) -> None:
    """Who sends the same again until all can be paid, and then does what they meant to do, page by page."""
    meant = dict(zip(("co1", "co2"), acts, strict=False))
    for _ in range(240):
        try:
            found = rounds.run(world.saga, "co1")
        except Refused:  # nothing was written: the visitor saw no page
            return
        waits = [one for one in found if not is_final(one)]
        if not any(one.key in meant for one in waits):
            return
        page = world.sandbox.find(waits[0].key)
        if all(one.state is State.AWAITING for one in waits) and page and page.url:
            world.sandbox.act(page.id, meant[waits[0].key])
        else:
            world.pass_time(minutes=1)


def _pay(world: World, act: Act = Act.PAY) -> None:
    """From wherever it stands to its end, with the visitor who does what they meant to do."""
    for _ in range(240):
        try:
            world.saga.run("co1")
        except Exception as error:  # the checkout was never written: the visitor saw no page, and nothing happened
            if getattr(error, "code", "") != "checkout_unknown":
                raise
            return
        checkout = world.saga.read("co1")
        if is_final(checkout):
            return
        payment = world.sandbox.find("co1")
        if checkout.state is State.AWAITING and payment and payment.url:
            world.sandbox.act(payment.id, act)
        else:
            world.pass_time(minutes=1)


def _cards(world: World) -> dict[str, MoodyCards]:
    assert isinstance(world, PassWorld)
    return world.cards


def _later(world: World) -> None:
    """The sweep of the next days."""
    for hours in (1, 1, 24, 24):
        world.pass_time(hours=hours)
        world.saga.sweep()


def _staff(world: World, act: Callable[[], object]) -> None:
    """What staff do, who do it again when they saw no answer; then to its end."""
    if world.records.get("checkout", "co1"):
        act()
        _pay(world)


def _if_sold(world: World, act: Callable[[], object]) -> None:
    """What staff do with what was sold. A sale that was interrupted while a reduction was booked is none: it is not booked again."""
    found = world.records.get("checkout", "co1")
    if found and world.saga.read("co1").state in (State.CONFIRMING, State.DONE):
        _staff(world, act)


def _ticket_back(world: World) -> None:
    """Give De Linde's first ticket back, unless staff gave back all of it before they were interrupted."""
    share = world.saga.read("co1").share("linde")
    if share.state in (Part.CONFIRMED, Part.PARTLY):
        world.ticket_back(share.tickets[0].code)


def _move(world: World) -> None:
    """Move De Linde's share, unless staff gave it back before they were interrupted."""
    order = world.saga.read("co1")
    if order.share("linde").state in (Part.CONFIRMED, Part.MOVING):
        move = plan(order, "toml:linde/a/1", "toml:linde/a/2", world.saga.houses, Shown())
        world.saga.move("co1", move.house, move.lines, move.shown)


class Crossing:
    """Counts what is passed, and dies at one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.passed = last, 0
        self.place = ""

    def __call__(self, place: str) -> None:
        self.passed += 1
        if self.passed == self.last:
            Path(os.environ["CRASH_PLACE"]).write_text(place, "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)


def _world(folder: Path, story: str) -> type[World]:
    """The shop that a story plays in, or played in."""
    return PassWorld if story.startswith("passes") or (folder / "cards.db").exists() else World


def _begin(world: World, story: str) -> None:
    if isinstance(world, PassWorld):
        world.with_passes()
    elif story.startswith("in_turn"):
        world.round()
    else:
        world.basket(linde=2, brug=1)


def lay(folder: Path, url: str) -> Store | None:
    """A new table for a world, at the DynamoDB of that address; without one its records are a file."""
    if not url:
        return None
    from etalage.adapters._dynamodb_table import create
    from etalage.adapters.dynamodb_records import DynamoRecords
    from tests.adapters.dynamo_lab import reach

    client, name = reach(url), f"crash-{uuid4().hex}"
    create(client, name)  # its ttl goes by the wall's clock, a day late: it is off
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": False, "AttributeName": "ttl"})
    return lambda _, clock: DynamoRecords(reach(url), name, clock)


def live(
    folder: Path, story: Story, last: int, forgetful: bool, begin: bool, store: Store | None = None, ours: bool = False
) -> int:
    """Run the story in a process of its own; its status, or minus the signal that ended it. The count of crossings is left behind."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 1
    try:
        crossing = Crossing(last)
        world = _world(folder, story.__name__)(folder, crossing, store, ours=ours)
        if forgetful:
            world.forget_references()
        if begin:
            _begin(world, story.__name__)
        story(world)
        (folder / "passed").write_text(str(crossing.passed), "utf-8")
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


def judge(folder: Path, store: Store | None = None) -> str:
    """What is wrong when all is over; "" when nothing is."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            world = _world(folder, "")(folder, store=store)
            if world.records.get("checkout", "co1") is None:
                wrong = (
                    "" if (world.free("linde"), world.free("brug")) == (5, 5) else "places are gone without a checkout"
                )
            else:
                keys = world.saga.read("co1").turn or ("co1",)
                states = [world.settle(key).state for key in keys]
                world.pass_time(hours=2)
                wrong = "" if {*states} <= {State.DONE, State.UNDONE} else f"it ended as {states}"
                world.audit(*keys)
        except AssertionError as error:
            wrong = str(error).splitlines()[0] or "an audit failed"
        os.write(write, wrong.encode())
        os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with os.fdopen(read) as pipe:
        return pipe.read()


def main() -> None:
    """Try every point of a story, then pairs of points at random."""
    command = argparse.ArgumentParser(prog="tests.sales.crash")
    command.add_argument("story", choices=STORIES)
    command.add_argument("folder", type=Path)
    command.add_argument("--pairs", type=int, default=0)
    command.add_argument("--forgetful", action="store_true", help="the control: no reference is the same twice")
    command.add_argument("--tables", default="", help="the address of a DynamoDB, in place of a file")
    command.add_argument("--every", type=int, default=1, help="only every so manyth point")
    command.add_argument("--ours", action="store_true", help="nobody outside is asked, so that steps share a commit")
    given = command.parse_args()
    story, chance = STORIES[given.story], random.Random(given.story)
    os.environ["CRASH_PLACE"] = str(given.folder / "place")
    point = 0
    pairs: list[tuple[int, int]] = []
    while True:
        point += given.every if not pairs else 1
        here = given.folder / "world"
        first, second = (point, 0) if not pairs else pairs[point - 1]
        shutil.rmtree(here, ignore_errors=True)
        here.mkdir(parents=True)
        (given.folder / "place").unlink(missing_ok=True)
        store = lay(here, given.tables)
        status = live(here, story, first, given.forgetful, begin=True, store=store, ours=given.ours)
        if status == 0 and not pairs:  # the story went to its end: there are no more points
            if not given.pairs:
                break
            pairs = [(chance.randrange(1, point), chance.randrange(1, 20)) for _ in range(given.pairs)]
            point = 0
            continue
        place = (given.folder / "place").read_text("utf-8") if (given.folder / "place").exists() else "the end"
        again = live(here, story, second, given.forgetful, begin=False, store=store, ours=given.ours)
        if again == -signal.SIGKILL:
            place += f" + {(given.folder / 'place').read_text('utf-8')}"
            again = live(here, story, 0, given.forgetful, begin=False, store=store, ours=given.ours)
        wrong = judge(here, store) if again == 0 else f"the second process ended with {again}"
        print(json.dumps({"point": point, "place": place, "wrong": wrong}), flush=True)
        if pairs and point == len(pairs):
            break


if __name__ == "__main__":
    main()
