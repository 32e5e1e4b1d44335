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
    """As few pages as needed so that every mark of every site and language is on one of them, and one of each folder."""
    if EVERY_PAGE:
        return list(pages(output))
    chosen: list[str] = []
    covered: dict[str, set[str]] = {}
    kinds: set[str] = set()
    found = [
        (name, (output / name / "index.html" if name.endswith("/") else output / name).read_text("utf-8"))
        for name in pages(output)
    ]
    marks = {name: {a or b for a, b in _MARKS.findall(text)} for name, text in found}
    for name in sorted(marks, key=lambda name: -len(marks[name])):
        site = name.split("/")[0]
        kind = site + "/".join(name.split("/")[1:-2])
        if not marks[name] <= covered.setdefault(site, set()) or kind not in kinds:
            covered[site] |= marks[name]
            kinds.add(kind)
            chosen.append(name)
    return sorted(chosen)


def _language(text: str) -> str:
    found = re.search(r'<html lang="([a-z]+)"', text)
    return found[1] if found else ""
