"""One of several workers that sweep the same store, each believing that it is alone.

    python -m tests.sales.sweepers FOLDER [--blind]

It waits for the word to start on its standard input, so that all are at it at once, and goes on until every checkout is at its end.
`--blind` is the control: it writes whatever is there, and no reference is the same twice.
"""

import sys
from pathlib import Path

from etalage.model.payment import Act
from tests.laws.records import Unguarded
from tests.sales.world import World, is_final

CHECKOUTS = [f"co{number}" for number in range(30)]


def work(world: World) -> None:
    """Be the visitors who pay, the webhook and the sweep, for every checkout, until all are final."""
    for _ in range(200):
        waiting = [key for key in CHECKOUTS if not is_final(world.saga.read(key))]
        if not waiting:
            return
        for key in waiting:
            checkout = world.saga.run(key)
            if checkout.pay_url:
                world.sandbox.act(checkout.payment, Act.PAY)
        world.pass_time(minutes=1)
        world.saga.sweep()


def main() -> None:
    """Work when told to."""
    world = World(Path(sys.argv[1]))
    if "--blind" in sys.argv:
        world.saga.records = Unguarded(world.records)
        world.forget_references()
    print("ready", flush=True)
    sys.stdin.readline()
    work(world)


if __name__ == "__main__":
    main()
