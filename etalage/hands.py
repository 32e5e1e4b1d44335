"""A second pair of hands: half of the work in a forked process, while this one does the other half.

A newcomer's trap: what the second process changes in memory is seen by nobody; only what it returns comes back, pickled.
"""

import ctypes
import fcntl
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

Mine = TypeVar("Mine")
Theirs = TypeVar("Theirs")


class HandsBroken(Exception):
    """The second process failed; the message is what it said last."""


def are_there() -> bool:
    """Whether this system can fork safely. On macOS a forked process may not use what the system's libraries hold."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def in_two(mine: Callable[[], Mine], theirs: Callable[[], Theirs]) -> tuple[Mine, Theirs]:
    """Do `mine` here and `theirs` in a second process at the same time; give both results, or raise what went wrong."""
    _give_back()
    receive, send = _pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        _work(theirs, send)
    os.close(send)
    try:
        done = mine()
    finally:
        with os.fdopen(receive, "rb") as pipe:
            content = pipe.read()
        os.waitpid(child, 0)
    outcome: Any = pickle.loads(content) if content else HandsBroken("it ended without a word")  # noqa: S301 - our own child
    if isinstance(outcome, Exception):
        raise outcome
    return done, outcome


def _pipe() -> tuple[int, int]:
    """A pipe that takes much at once where the system lets it, so that the two seldom wait for each other."""
    receive, send = os.pipe()
    grow = getattr(fcntl, "F_SETPIPE_SZ", None)
    if grow is not None:
        with suppress(OSError):
            fcntl.fcntl(send, grow, 1 << 20)
    return receive, send


class Roll:
    """A roll of tickets that both processes tear from, so that neither waits for the other; made before they part.

    Tickets carry no number: who tears one may take one more piece of work. Between them they tear as many as there are:
    at most 65,536, what a pipe holds unread.
    """

    def __init__(self, tickets: int) -> None:
        self._tickets, left = os.pipe()  # a pipe gives each byte to one reader only
        os.write(left, bytes(tickets))
        os.close(left)

    def tear(self) -> bool:
        """Whether there was one left."""
        return bool(os.read(self._tickets, 1))

    def close(self) -> None:
        """Throw the roll away, in this process."""
        os.close(self._tickets)


def _give_back() -> None:
    """Give memory that is free again back to the system: what a feed needed while it was read, neither process needs now."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
    if trim:
        trim(0)


def _work(theirs: Callable[[], Any], send: int) -> None:
    """The second process: do the work, tell what came of it, and end without the first one's goodbyes."""
    try:
        try:
            outcome = theirs()
        except Exception as error:
            outcome = error if _can_travel(error) else HandsBroken(traceback.format_exc())
        with os.fdopen(send, "wb") as pipe:
            pickle.dump(outcome, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _can_travel(error: Exception) -> bool:
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)  # noqa: S301 - it was pickled just now
    except Exception:
        return False
