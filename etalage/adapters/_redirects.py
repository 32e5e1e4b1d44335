"""redirects.csv: what staff know of old addresses, one a line: old, new. Comma or semicolon; a heading and # lines are skipped."""

import csv
from collections.abc import Iterator
from pathlib import Path

from etalage.adapters import _clean
from etalage.model.errors import Refused
from etalage.model.record import Problem, Weight
from etalage.model.redirect import OldAddress, split

NAME = "redirects.csv"
HEADINGS = frozenset({"old", "oud", "van", "ancien", "de", "from", "alt"})
_HOW = "write the old address, a comma, and the new one: a path of this site, an https address, or a production's id"


def read(path: Path, content: Path) -> tuple[list[OldAddress], list[Problem]]:
    """Every line that can be used, and what is wrong with the others, by line number."""
    name = path.relative_to(content).as_posix()
    found: list[OldAddress] = []
    problems: list[Problem] = []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return [], []
    except (OSError, UnicodeDecodeError) as error:
        return [], [_problem(name, 0, f"it cannot be read as UTF-8 text ({error})")]
    for number, cells in _lines(text):
        try:
            found.append(_line(cells, f"{name}:{number}"))
        except Refused as refused:
            problems.append(_problem(name, number, refused.say))
    return found, problems


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=";" if ";" in line else ","))]
        if number == 1 and cells[0].casefold() in HEADINGS:
            continue
        yield number, cells


def _line(cells: list[str], where: str) -> OldAddress:
    if len(cells) < 2 or not cells[0] or not cells[1] or any(cells[2:]):
        raise Refused("redirect_wrong", _HOW)
    path, query = split(cells[0])
    target = cells[1]
    if "://" in target:
        target = _clean.address(target)
    elif not target.startswith("/") and ":" not in target:
        raise Refused("redirect_wrong", f"{target!r} is no path, no address and no id; {_HOW}")
    return OldAddress(path=path, query=query, target=_clean.plain(target), where=where)


def _problem(name: str, number: int, reason: str) -> Problem:
    return Problem(
        source=f"file:{name}", record=f"line {number}" if number else "", field="", code="redirect_wrong", reason=reason,
        weight=Weight.RECORD,
    )  # fmt: skip
