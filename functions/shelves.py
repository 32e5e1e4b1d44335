"""What the build left for the functions: each site's dates, words and frame, read once until the next build.

A newcomer's trap: a site is rebuilt while we run, so a file is asked for its age at each request, and read again when it changed.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from etalage.model.errors import Refused
from etalage.model.shelf import FILE, FRAME, Shelf

_Kind = TypeVar("_Kind")


class Shelves:
    """The shelves and frames of all sites in `output`."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self._read: dict[str, tuple[int, Any]] = {}
        self._lock = Lock()

    def sites(self) -> Sequence[str]:
        """The sites that can have wishlists."""
        try:
            with os.scandir(self.output) as found:
                return sorted(one.name for one in found if os.path.exists(f"{one.path}/{FILE}"))  # noqa: PTH110 - asked at each request
        except OSError:  # nothing was built yet
            return []

    def shelf(self, site: str, language: str = "") -> Shelf:
        """A site's shelf in that language, else in its first; refuses `site_unknown`."""
        first = self._shelf(site, "")
        if not language or language == first.languages[0] or language not in first.languages:
            return first
        return self._shelf(site, f"{language}/")

    def frame(self, shelf: Shelf) -> str:
        """A page in the site's look with nothing in it."""
        return self._file(f"{self.output}/{shelf.site}/{prefix(shelf)}{FRAME}", bytes.decode)

    def _shelf(self, site: str, folder: str) -> Shelf:
        if "/" in site or "\0" in site or site.startswith("."):
            raise _unknown()
        return self._file(f"{self.output}/{site}/{folder}{FILE}", _decode)

    def _file(self, path: str, read: Callable[[bytes], _Kind]) -> _Kind:
        try:
            age = os.stat(path).st_mtime_ns  # noqa: PTH116 - asked at each request, where a Path costs more than the answer
        except OSError as error:
            raise _unknown() from error
        known = self._read.get(path)
        if known is None or known[0] != age:
            with self._lock:
                known = self._read[path] = (age, read(Path(path).read_bytes()))
        found: _Kind = known[1]
        return found


def nearest(request: Request) -> Sequence[str]:
    """All sites, the one that the visitor is on first; looked for once a request."""
    known: Sequence[str] | None = request.scope.get("etalage.nearest")
    if known is None:
        here = request.path_params.get("site", "")
        known = request.scope["etalage.nearest"] = sorted(of(request).sites(), key=lambda site: site != here)
    return known


class Voice:
    """The words of one shelf; a message that it lacks is said in English."""

    def __init__(self, shelf: Shelf | None) -> None:
        self.words: Mapping[str, Sequence[str]] = shelf.words if shelf else {}
        self.language = shelf.language if shelf else "en"

    def say(self, message: str, **values: object) -> str:
        """The message in this language, with its values."""
        return _fill(next(iter(self.words.get(message, ())), message), values)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The message for so many."""
        texts = self.words.get(one, (one, many))
        single = number < 2 if self.language == "fr" else number == 1
        return _fill(texts[0] if single or len(texts) < 2 else texts[1], {"num": number, **values})


def of(request: Request) -> Shelves:
    """The shelves of the app."""
    shelves: Shelves = request.app.state.shelves
    return shelves


def prefix(shelf: Shelf) -> str:
    """The folder of the shelf's language; "" for the site's first."""
    return "" if shelf.language == shelf.languages[0] else f"{shelf.language}/"


def _decode(content: bytes) -> Shelf:
    return msgspec.json.decode(content, type=Shelf)


def _fill(text: str, values: Mapping[str, object]) -> str:
    return text % values if values else text


def _unknown() -> Refused:
    return Refused("site_unknown", "There is no such site here.")
