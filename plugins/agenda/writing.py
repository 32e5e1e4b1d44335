"""Write pages, and only what differs; with two processes when there is much to do.

A newcomer's trap: a page is drawn in a forked process, so nothing it changes in memory is seen by the others.
"""

import os
import pickle
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from etalage.model.site import Page

ENOUGH_FOR_TWO = 300
"""Below this many pages a second process costs more than it brings."""

Draw = Callable[[Page], bytes]
Written = dict[str, bool]
"""Path → whether its bytes changed."""


class PageBroken(Exception):
    """A page that could not be drawn: which, and why."""


def write_pages(pages: Sequence[Page], draw: Draw, output: Path, workers: int, step: Callable[[int], None]) -> Written:
    """Draw and write all pages; give which of them changed. `step` is told how many are done."""
    if workers < 2 or len(pages) < ENOUGH_FOR_TWO or not hasattr(os, "fork") or sys.platform == "darwin":
        return _write(pages, draw, output, step)
    mine, theirs = pages[::2], pages[1::2]
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        _work(theirs, draw, output, send)
    os.close(send)
    try:
        written = _write(mine, draw, output, lambda n: step(min(2 * n, len(pages))))
    finally:
        with os.fdopen(receive, "rb") as pipe:
            content = pipe.read()
        os.waitpid(child, 0)
    nothing = "the second process ended without a word"
    outcome: Written | str = pickle.loads(content) if content else nothing  # noqa: S301 - from our own child
    if isinstance(outcome, str):
        raise PageBroken(outcome)
    return written | outcome


def _work(pages: Sequence[Page], draw: Draw, output: Path, send: int) -> None:
    """The second process: draw, tell what came of it, and end without the first one's goodbyes."""
    status = 1
    try:
        try:
            outcome: Written | str = _write(pages, draw, output, lambda _: None)
            status = 0
        except PageBroken as error:
            outcome = str(error)
        except BaseException:
            outcome = traceback.format_exc()
        with os.fdopen(send, "wb") as pipe:
            pickle.dump(outcome, pipe)
    finally:
        os._exit(status)


def _write(pages: Sequence[Page], draw: Draw, output: Path, step: Callable[[int], None]) -> Written:
    written: Written = {}
    folder = str(output) + os.sep
    for number, page in enumerate(pages, 1):
        try:
            content = draw(page)
        except Exception as error:
            raise PageBroken(
                f"{page.path} ({page.template}, {page.subject}): {type(error).__name__}: {error}"
            ) from error
        written[page.path] = write_if_changed(folder + page.path, content)
        if not number % 50:
            step(number)
    return written


def write_if_changed(path: str, content: bytes) -> bool:
    """Write the file unless it has these bytes already; say whether it was written."""
    try:
        _write_new(path, content)
    except FileExistsError:
        with open(path, "rb") as file:
            if file.read() == content:
                return False
        beside = f"{path}.{os.getpid()}.new"
        _write_new(beside, content)
        os.replace(beside, path)
    return True


def _write_new(path: str, content: bytes) -> None:
    """Write a file that must not be there yet; its folder may be missing."""
    how = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        file = os.open(path, how, 0o644)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(path, how, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(file, view) :]
    finally:
        os.close(file)
