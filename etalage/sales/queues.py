"""A house's queue: some are served at once, some wait, and who comes then is told to come back in a moment.

What a newcomer would get wrong: whoever waits here holds a thread of the app. Without a bound a house that hangs takes them all, and
then no house sells any more.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Semaphore, local
from typing import ParamSpec, TypeVar

from etalage.model.errors import Unavailable

AT_ONCE = 8
"""Calls to one house at a time."""
WAITING = 4
"""Calls that may wait besides. An app has 40 threads: three houses can hang and it still sells."""
WAIT = 5
"""Seconds after which to come back."""

P = ParamSpec("P")
T = TypeVar("T")


_now = local()


class Outside(Exception):
    """Somebody outside was to be asked while all others wait: do all of it anew, where one may wait."""


def hurry(work: Callable[[], T]) -> T:
    """Do what all others wait for. Raises Outside as soon as it would ask somebody outside."""
    _now.hurried = True
    try:
        return work()
    finally:
        _now.hurried = False


def is_hurried() -> bool:
    """Whether all others wait for what this thread does."""
    return getattr(_now, "hurried", False)


def ask(pool: Executor, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Ask in these threads; raises Outside in a hurry, unless it is here."""
    if is_hurried() and not is_here(pool):
        raise Outside
    return pool.submit(question, *args, **kwargs)


def is_here(pool: Executor) -> bool:
    """Whether nobody outside is asked there."""
    return isinstance(pool, Here)


class Here(Executor):
    """No queue, and no thread: for our own inventory. It asks nobody outside, and its store queues by itself."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Ask at once, in the thread of who asks."""
        job: Future[T] = Future()
        try:
            job.set_result(fn(*args, **kwargs))
        except Exception as error:  # told where the answer is asked for, as by any executor
            job.set_exception(error)
        return job


class Queue(ThreadPoolExecutor):
    """The threads in which one house is asked."""

    def __init__(self, house: str, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        super().__init__(at_once, thread_name_prefix=f"house-{house}")
        self._house, self._places = house, Semaphore(at_once + waiting)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Ask the house. Unavailable `house_busy` when the queue is full: then it was not asked."""
        if not self._places.acquire(blocking=False):
            raise Unavailable("house_busy", "its queue is full", where=self._house, detail={"wait": str(WAIT)})
        try:
            job = super().submit(fn, *args, **kwargs)
        except BaseException:
            self._places.release()
            raise
        job.add_done_callback(lambda _: self._places.release())
        return job
