"""ES modules with fingerprinted names. No bundler: browsers follow imports, so only the specifiers change.

A newcomer's trap: a module's name depends on its content, and its content on the names of what it imports. So leaves come
first, and modules that import each other in a circle have no name at all.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from posixpath import normpath

# `from "./x.js"`, `import "./x.js"` and `import("./x.js")`; only relative ones are ours.
_IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])(\.{1,2}/[^"']+)\2""")


# A comment that has its lines to itself. What stands behind code stays, and so does all of a module with text over several lines.
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


class Broken(Exception):
    """A script that cannot be made."""

    def __init__(self, say: str, where: str = "") -> None:
        self.where = where
        super().__init__(say)


def modules(folders: Sequence[Path], name_of: Callable[[str, bytes], str]) -> Iterator[tuple[str, bytes]]:
    """Every module of the theme's static/ and components/ with its imports rewritten, leaves first.

    All end up in one folder, so an import becomes "./name.hash.js".
    """
    sources = dict(_sources(folders))
    made: dict[str, str] = {}

    def make(name: str, above: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        if name in made:
            return
        if name in above:
            raise Broken(
                f"modules import each other in a circle: {' → '.join((*above[above.index(name) :], name))}", name
            )
        for wanted in _wanted(name, sources):
            yield from make(wanted, (*above, name))
        text = _IMPORT.sub(lambda m: f"{m[1]}{m[2]}./{made[_target(name, m[3])]}{m[2]}", sources[name])
        content = lean(text).encode()
        made[name] = name_of(name, content)
        yield name, content

    for name in sorted(sources):
        yield from make(name, ())


def lean(text: str) -> str:
    """A script as browsers need it: a sixth of its compressed bytes are comments and indentation, which are for us."""
    if any(line.count("`") % 2 for line in text.splitlines()):
        return text
    return _INDENT.sub("", _COMMENT.sub("", text))


def _sources(folders: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Name → text; "js/main.js" for static/js/main.js, "components/card/card.js" for a component's."""
    for folder in folders:
        for path in sorted((folder / "static").rglob("*.js")):
            yield path.relative_to(folder / "static").as_posix(), path.read_text("utf-8")
        for path in sorted((folder / "components").rglob("*.js")):
            yield path.relative_to(folder).as_posix(), path.read_text("utf-8")


def _wanted(name: str, sources: Mapping[str, str]) -> Iterator[str]:
    for found in _IMPORT.finditer(sources[name]):
        target = _target(name, found[3])
        if target not in sources:
            raise Broken(f'imports "{found[3]}", which is not there', name)
        yield target


def _target(name: str, specifier: str) -> str:
    """The name of what a module imports. static/js and components/ are neighbours: "../components/card/card.js"."""
    return normpath((PurePosixPath(name).parent / specifier).as_posix())
