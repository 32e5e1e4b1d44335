"""Which pages of a site to look at: one of every shape.

Two pages have the same shape when the same template used the same classes and elements: then what axe says of one it says of
the other, but for words. With ETALAGE_AXE=all every single page is looked at; that takes an hour on two cores.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

EVERY_PAGE = os.environ.get("ETALAGE_AXE") == "all"
_MARKS = re.compile(r'<([a-z][a-z0-9-]*)|class="([^"]*)"')


def pages(output: Path) -> Iterator[str]:
    """The addresses of one page of every shape, as "site/path/"."""
    seen: set[tuple[str, str, frozenset[str]]] = set()
    for path in sorted(output.rglob("*.html")):
        name = path.relative_to(output).as_posix()
        text = path.read_text("utf-8")
        if 'http-equiv="refresh"' in text:
            continue
        shape = (name.split("/")[0], _language(text), frozenset(a or b for a, b in _MARKS.findall(text)))
        if EVERY_PAGE or shape not in seen:
            seen.add(shape)
            yield name.removesuffix("index.html")


def covering(output: Path) -> list[str]:
    """As few pages as needed so that every mark of every site is on one of them, and one of each folder."""
    if EVERY_PAGE:
        return list(pages(output))
    shows = {name: _shows(output, name) for name in pages(output)}
    left = frozenset[tuple[str, str]]().union(*shows.values())
    chosen: list[str] = []
    while left:
        best = max(sorted(shows), key=lambda name: len(shows[name] & left))
        left -= shows[best]
        chosen.append(best)
    return sorted(chosen)


def _shows(output: Path, name: str) -> frozenset[tuple[str, str]]:
    """What one sees of a site by looking at a page: its marks, and its folder."""
    house, *folders = name.split("/")
    folders = folders[:-2]
    text = (output / name / "index.html" if name.endswith("/") else output / name).read_text("utf-8")
    deep = 3 if folders[:1] == [_language(text)] else 2  # further down only names differ
    return frozenset({(house, "/".join(folders[:deep]) + "/"), *((house, a or b) for a, b in _MARKS.findall(text))})


def _language(text: str) -> str:
    found = re.search(r'<html lang="([a-z]+)"', text)
    return found[1] if found else ""
