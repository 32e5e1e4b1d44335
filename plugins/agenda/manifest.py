"""What the last build of a site wrote, and with which keys: so that the next writes only what changed."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from etalage.model.site import Page


class Made(msgspec.Struct, array_like=True):
    """A page as it was made: its key, and the day its bytes last changed."""

    key: str
    changed: date


class Manifest(msgspec.Struct, kw_only=True):
    """All pages of a site's last build, by path; and the addresses that must be kept."""

    pages: dict[str, Made] = {}
    addresses: dict[str, str] = {}
    former: dict[str, str] = {}
    files: dict[str, str] = {}
    """Other files the build made (styles, scripts): path → stamp."""

    def to_draw(self, pages: tuple[Page, ...], output: Path) -> list[Page]:
        """The pages whose key changed or whose file is not there."""
        folder = str(output) + "/"
        return [page for page in pages if not self._stands(page, folder)]

    def _stands(self, page: Page, folder: str) -> bool:
        made = self.pages.get(page.path)
        return made is not None and made.key == page.key and os.access(folder + page.path, os.F_OK)

    def note(self, pages: tuple[Page, ...], written: Mapping[str, bool], today: date) -> None:
        """Remember the pages of this build; a day changes only with the bytes."""
        before = self.pages
        self.pages = {
            page.path: Made(
                page.key, today if written.get(page.path) or page.path not in before else before[page.path].changed
            )
            for page in pages
        }


def read(path: Path) -> Manifest:
    """The manifest of the last build; an empty one when there was none or it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return Manifest()


def write(path: Path, manifest: Manifest) -> None:
    """Keep it for the next build."""
    content = msgspec.json.encode(manifest)
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(path)
