"""How often to try what somebody else may be doing at the same moment, and how to wait for a turn."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from etalage.model.errors import Unavailable
from etalage.ports.records import Key

MOST_TRIES = 8
MOST_DOUBTS = 3
"""Tries that may go unanswered: each may take as long as the connection's time-out."""
FIRST_WAIT, LONGEST_WAIT = 0.02, 1.0
PATIENCE = 5.0
"""Seconds to wait for one's turn."""


class Tries:
    """The tries of one call, with a longer and less regular wait before each but the first.

    "Full jitter" (AWS Architecture Blog, Exponential Backoff And Jitter): any wait up to twice the last limit, so that those
    who collided do not meet again.
    """

    def __init__(self, rng: Callable[[int], bytes], sleep: Callable[[float], None]) -> None:
        self._rng, self._sleep = rng, sleep
        self._made = self._doubts = 0

    def again(self, *, doubt: bool = False) -> None:
        """Wait for the next try; Unavailable after enough. `doubt`: nobody said that nothing has happened."""
        self._made += 1
        self._doubts += doubt
        if self._doubts == MOST_DOUBTS or (doubt and self._made == MOST_TRIES):
            raise Unavailable("records_unavailable", "the records do not answer")
        if self._made == MOST_TRIES:
            raise busy()
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self._made - 1))
        self._sleep(longest * int.from_bytes(self._rng(4)) / 2**32)


class Turns:
    """Threads that want the same document, one after the other; other processes do not see it.

    It is no guard, that is the store's. It spares tries: of twenty threads on one document only one would win each round, and
    some would lose eight times.
    """

    def __init__(self, size: int = 1024) -> None:
        self._locks = [Lock() for _ in range(size)]  # two documents may share one: that costs time, never truth

    @contextmanager
    def of(self, keys: Iterable[Key]) -> Iterator[None]:
        """Have one's turn at these documents; Unavailable `records_busy` when it does not come."""
        end = time.monotonic() + PATIENCE
        with ExitStack() as mine:
            for place in sorted({hash(key) % len(self._locks) for key in keys}):  # in one order: nobody waits in a ring
                if not self._locks[place].acquire(timeout=max(0.0, end - time.monotonic())):
                    raise busy()
                mine.callback(self._locks[place].release)
            yield


def busy() -> Unavailable:
    """Too many want the same."""
    return Unavailable("records_busy", "too many are changing this at the same moment: try again")
