"""From an address to the file that answers it: several sites side by side in one output folder.

Each site has one base address or more (`https://tickets.example/`, `http://127.0.0.1:8000/sites/noord/`). A
page's own address comes from the first base of its folder, and a browser's rules do the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sitecheck.pages import list_files

NOWHERE = "https://site.invalid/"


class Place(NamedTuple):
    """What an address comes to: a file here, or why not. An external or served address has neither."""

    file: str = ""
    trouble: str = ""
    code: str = ""


class Places:
    """Knows every file of the output folder and finds the one behind an address."""

    def __init__(self, folder: Path, sites: Mapping[str, str] | None, served: Sequence[str] = ()) -> None:
        self.files = frozenset(list_files(folder))
        self.homes = {with_slash(base): home.strip("/") for base, home in (sites or {}).items()}
        for base in self.homes:
            if not urlsplit(base).netloc:
                message = f"{base!r} is no base address: it needs a scheme and a host"
                raise ValueError(message)
        if "" not in self.homes.values():
            self.homes[NOWHERE] = ""  # what lies in no site is a site without a name
        self.hosts = frozenset(urlsplit(base).netloc.lower() for base in self.homes)
        self.served = tuple(f"/{path.strip('/')}" for path in served)
        self._bases = {without_scheme(base): base for base in sorted(self.homes, key=len, reverse=True)}
        self._known: dict[str, Place] = {}

    def address_of(self, file: str) -> str:
        """Return the address of a file, by the first base of the innermost site it lies in."""
        mine = [(base, home) for base, home in self.homes.items() if not home or file.startswith(f"{home}/")]
        base, home = max(mine, key=lambda pair: len(pair[1]))
        inside = file[len(home) :].lstrip("/")
        return base + (inside.removesuffix("index.html") if f"/{inside}".endswith("/index.html") else inside)

    def find(self, url: str) -> Place:
        """Return the place of an absolute address, without regard to its fragment and query."""
        key = url.split("#", 1)[0].split("?", 1)[0]
        place = self._known.get(key)
        if place is None:
            place = self._known[key] = self._look_up(key)
        return place

    def _look_up(self, url: str) -> Place:
        parts = urlsplit(url)
        if parts.netloc.lower() not in self.hosts:
            return Place()
        path = without_scheme(url)
        base = next((base for base in self._bases if with_slash(path).startswith(base)), None)
        if self._is_served(parts.path) or (base and self._is_served(path[len(base) - 1 :])):
            return Place()
        if base is None:
            return Place(trouble="lies outside every site", code="broken-link")
        home, inside = self.homes[self._bases[base]], unquote(path[len(base) :])
        return self._in_folder(f"{home}/{inside}" if home else inside)

    def _in_folder(self, path: str) -> Place:
        if path in self.files:
            return Place(file=path)
        index = f"{path.rstrip('/')}/index.html".lstrip("/")
        if index not in self.files:
            return Place(trouble="leads to nothing", code="broken-link")
        if path and not path.endswith("/"):
            return Place(file=index, trouble="needs a slash at its end", code="missing-slash")
        return Place(file=index)

    def _is_served(self, path: str) -> bool:
        return any(path == served or path.startswith(f"{served}/") for served in self.served)


def with_slash(base: str) -> str:
    """Return an address that ends with a slash, so that `/a` is not taken for the beginning of `/ab`."""
    return base if base.endswith("/") else f"{base}/"


def without_scheme(url: str) -> str:
    """Return `//host/path`: http, https and webcal are three doors to the same file."""
    parts = urlsplit(url)
    return f"//{parts.netloc.lower()}{parts.path}"
