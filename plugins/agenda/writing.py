"""Write pages, and only what differs; with two processes when there is much to do.

A newcomer's trap: a page is drawn in a forked process, so nothing it changes in memory is seen by the others.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from etalage import hands
from etalage.model.site import Page

ENOUGH_FOR_TWO = 300
"""Below this many pages a second process costs more than it brings."""

PILE = 40
"""Pages that one process takes at a time."""

Draw = Callable[[Page], bytes]
Written = dict[str, bool]
"""Path → whether its bytes changed."""


class PageBroken(Exception):
    """A page that could not be drawn: which, and why."""


def write_pages(pages: Sequence[Page], draw: Draw, output: Path, workers: int, step: Callable[[int], None]) -> Written:
    """Draw and write all pages; give which of them changed. `step` is told how many are done.

    Two processes begin at either end and work until they meet: pages that are alike, and show the same cards, stay in one of them.
    """
    if workers < 2 or len(pages) < ENOUGH_FOR_TWO or not hands.are_there():
        return _write(pages, draw, output, step)
    piles = [pages[at : at + PILE] for at in range(0, len(pages), PILE)]
    roll = hands.Roll(len(piles))

    def work(piles: Iterable[Sequence[Page]], step: Callable[[int], None]) -> Written:
        written: Written = {}
        for pile in piles:
            if not roll.tear():
                break
            written |= _write(pile, draw, output, lambda _: None)
            step(min(2 * len(written), len(pages)))
        return written

    mine, theirs = hands.in_two(lambda: work(piles, step), lambda: work(reversed(piles), lambda _: None))
    roll.close()
    return mine | theirs


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
    """Write a file that must not be there yet, in its folder, which is mostly its own and not there yet either."""
    _make_folder(path.rpartition(os.sep)[0])
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(file, view) :]
    finally:
        os.close(file)


def _make_folder(path: str) -> None:
    """Mostly only the last one is missing: a production's own."""
    try:
        os.mkdir(path)
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)
    except FileExistsError:
        pass
