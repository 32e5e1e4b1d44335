"""Two workers by mistake: both sweep one store, and every effect is there once (A14)."""

import os
import subprocess
import sys
from pathlib import Path

from tests.sales.sweepers import CHECKOUTS
from tests.sales.world import PLACES, PRICE, World, is_final
from tests.shop import ROOT

EACH = {"linde": 1, "brug": 1}


def swept_by(number: int, folder: Path, *options: str) -> World:
    """Thirty checkouts, and so many processes that go on with all of them."""
    world = World(folder)
    for key in CHECKOUTS:
        world.basket(key=key, **EACH)
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "tests.sales.sweepers", str(folder), *options]
    workers = [
        subprocess.Popen(line, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(number)
    ]  # fmt: skip
    try:
        assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * number
        for worker in workers:
            worker.stdin.write("\n")
            worker.stdin.flush()
        assert [worker.wait(timeout=100) for worker in workers] == [0] * number
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
            worker.stdin.close()
            worker.stdout.close()
    return world


def wrong_in(world: World) -> list[str]:
    """What is not as it should be: each sold or refused whole, with its money, and no more sold than there is."""
    wrong, sold = [], 0
    for key in CHECKOUTS:
        checkout, payment = world.saga.read(key), world.sandbox.find(key)
        tickets = [ticket for share in checkout.shares for ticket in share.tickets if not ticket.cancelled]
        kept = payment.amount.cents - payment.back.cents if payment and payment.paid_at else 0
        if not is_final(checkout) or kept != PRICE * len(tickets):
            wrong.append(f"{key}: {checkout.state}, {kept} cents for {len(tickets)} tickets")
        theirs = {
            ticket.code for share in checkout.shares for ticket in world.house(share.house).lookup(share.reference).tickets
        }  # fmt: skip
        if theirs != {ticket.code for ticket in tickets}:
            wrong.append(f"{key}: other tickets at the houses")
        sold += len(tickets)
    taken = sum(PLACES - world.free(house) for house in EACH)
    return [*wrong, f"{taken} places are gone for {sold} tickets"] if taken != sold else wrong


def test_two_workers_do_everything_once(tmp_path: Path) -> None:
    world = swept_by(2, tmp_path)
    assert wrong_in(world) == []
    assert world.free("linde") == world.free("brug") == 0, "all places are sold"
    world.records.close()


def test_control_two_workers_that_write_whatever_is_there_do_not(tmp_path: Path) -> None:
    world = swept_by(2, tmp_path, "--blind")
    assert wrong_in(world)
    world.records.close()
