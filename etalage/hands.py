"""A second pair of hands: half of the work in a forked process, while this one does the other half.

A newcomer's trap: what the second process changes in memory is seen by nobody; only what it returns comes back, pickled.
"""

import os
import pickle
import sys
import traceback
from collections.abc import Callable
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
    receive, send = os.pipe()
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
