"""A house that hangs keeps its own queue, and no thread of the app besides; the others go on selling."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event, Lock
from time import sleep

import pytest
from msgspec.structs import replace

from etalage.model.basket import Wish
from etalage.model.checkout import State
from etalage.model.errors import EtalageError, Unavailable
from etalage.sales.counter import Order
from etalage.sales.queues import Here, Outside, Queue, ask, hurry
from tests.sales.test_counter import PLACE, Shop
from tests.sales.world import BUYER, World

THREADS = 12
"""What the app has."""
CROWD = 30


class Street(Shop):
    """A shop in which De Linde hangs until somebody wakes it; `app` are the threads that answer visitors."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.awake, self.asked, self._lock = Event(), 0, Lock()
        self.app = ThreadPoolExecutor(THREADS)
        linde = world.houses["linde"]._house
        tariffs = linde.tariffs

        def hang(performance: str) -> object:
            with self._lock:
                self.asked += 1
            self.awake.wait()
            return tariffs(performance)

        linde.tariffs = hang

    def queue(self, pool: Executor) -> None:
        """De Linde is asked in these threads."""
        self.world._pools["linde"] = pool

    def crowd(self, house: str, number: int) -> list[Future]:
        """So many visitors who want a place there."""
        return [self.app.submit(self.take_one, f"{house}-visitor-{n}", house) for n in range(number)]

    def take_one(self, key: str, house: str) -> str:
        """What a visitor hears: the state, or why not."""
        order = Order(lines=(Wish(performance=f"toml:{house}/a/1"),), buyer=BUYER)
        try:
            return self.counter.take(order, PLACE, key)[1].state.value
        except EtalageError as error:
            return error.code


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    made = Street(World(tmp_path))
    yield made
    made.awake.set()
    made.app.shutdown()


def until(true: Callable[[], bool]) -> None:
    """Look again until it is so; the test's own time limit ends what never is."""
    while not true():
        sleep(0.01)


def test_who_comes_when_the_queue_is_full_is_told_to_come_back(street: Street) -> None:
    queue = Queue("linde", at_once=1, waiting=1)
    first, second = queue.submit(street.awake.wait), queue.submit(int, "7")
    with pytest.raises(Unavailable) as full:
        queue.submit(int)
    assert (full.value.code, full.value.detail) == ("house_busy", {"wait": "5"})
    street.awake.set()
    wait([first, second])
    assert second.result() == 7
    assert queue.submit(int, "8").result() == 8, "there is room again"


def test_a_place_in_the_queue_that_is_given_up_is_free(street: Street) -> None:
    queue = Queue("linde", at_once=1, waiting=1)
    queue.submit(street.awake.wait)
    assert queue.submit(int).cancel()
    queue.submit(int)


def test_the_others_sell_while_one_hangs(street: Street) -> None:
    street.queue(Queue("linde", at_once=2, waiting=2))
    crowd = street.crowd("linde", CROWD)
    brug = street.crowd("brug", 5)
    assert [one.result() for one in brug] == ["awaiting"] * 5
    until(lambda: sum(one.done() for one in crowd) == CROWD - 4 and street.asked == 2)
    turned_away = [one for one in crowd if one.done()]
    assert {one.result() for one in turned_away} == {"house_busy"}
    street.awake.set()
    assert sorted(one.result() for one in crowd if one not in turned_away) == ["awaiting"] * 4


def test_control_without_a_bound_one_that_hangs_keeps_every_thread(street: Street) -> None:
    street.queue(ThreadPoolExecutor(CROWD))
    crowd = street.crowd("linde", CROWD)
    brug = street.crowd("brug", 5)
    until(lambda: street.asked == THREADS)
    assert not any(one.done() for one in (*crowd, *brug)), "all threads of the app wait for De Linde"


def test_a_queue_that_is_full_while_holding_is_a_house_that_is_silent(street: Street) -> None:
    street.awake.set()
    full = Queue("linde", at_once=1, waiting=0)
    gate = Event()
    street.world.basket(key="co1")
    street.queue(full)
    job = full.submit(gate.wait)
    assert street.world.saga.run("co1").share("linde").doubt == "house_silent"
    assert street.world.free("brug") == 4, "the other one holds"
    gate.set()
    wait([job])
    until(lambda: street.world.saga.run("co1").state is State.AWAITING)
    assert street.world.free("linde") == 3


def test_our_own_inventory_turns_nobody_away(street: Street) -> None:
    """A crowd at a house that asks nobody outside: who is too late hears "sold out", and nobody "busy"."""
    street.awake.set()
    street.queue(Here())
    heard = [one.result() for one in street.crowd("linde", CROWD)]
    assert sorted(set(heard)) == ["awaiting", "sold_out"] and heard.count("awaiting") == 5


def test_a_basket_of_many_evenings_fits_in_the_queue_of_its_house(street: Street) -> None:
    street.awake.set()
    known = street.world.house("linde").offering("toml:linde/a/1")
    evenings = {f"toml:linde/a/{n}": replace(known, performance=f"toml:linde/a/{n}") for n in range(20)}
    street.world.house("linde").offering = evenings.get
    street.queue(Queue("linde", at_once=1, waiting=0))
    assert len(street.quotes.quote([Wish(performance=evening) for evening in evenings]).lines) == 20


def test_in_a_hurry_only_who_is_here_is_asked(street: Street) -> None:
    street.awake.set()
    for pool in (Queue("linde"), ThreadPoolExecutor(1)):
        with pytest.raises(Outside):
            hurry(lambda pool=pool: ask(pool, int, "3"))
        assert ask(pool, int, "3").result() == 3, "and afterwards nobody hurries any more"
    assert hurry(lambda: ask(Here(), int, "3").result()) == 3
    street.queue(Queue("linde"))
    with pytest.raises(Outside):
        hurry(lambda: street.take_one("a-key-of-a-browser", "linde"))
    assert street.asked == 0
    assert street.take_one("a-key-of-a-browser", "linde") == "awaiting"
