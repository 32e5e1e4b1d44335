"""The folder where made pictures are kept, and the index that makes finding them again cheap.

    <aa>/<stamp>/…  the files of one rendition and its manifest.json; the folder appears whole, by one rename
    index.json      what would be slow to ask again: path → hash, stamp → manifest, web address → copy
    copies/         pictures from the web, as they came
    making/         what a process is busy with

What a newcomer would get wrong: the index may be lost, old, or overwritten by another build at any time; then something
is read twice, never wrong. The folders are the truth.
"""

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import msgspec

from etalage.adapters._writing import write
from etalage.model.picture import Rendition, shelf

MANIFEST = "manifest.json"
_ABANDONED = 24 * 3600.0
"""Seconds after which an unfinished folder belongs to a process that died."""


class Refusal(msgspec.Struct, frozen=True, array_like=True):
    """Why a picture cannot be used; the same bytes will be refused again, so it is kept."""

    code: str
    say: str


class Seen(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file as it was when it was hashed."""

    size: int
    mtime: int
    digest: str


class Copy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What we know of a web address. Times in seconds since 1970; `code` and `say` tell why the last try failed."""

    etag: str = ""
    modified: str = ""
    fetched: float = 0.0
    failed: float = 0.0
    code: str = ""
    say: str = ""


class Index(msgspec.Struct, kw_only=True):
    """What is remembered between builds."""

    seen: dict[str, Seen] = {}
    made: dict[str, Rendition] = {}
    refused: dict[str, Refusal] = {}
    copies: dict[str, Copy] = {}

    def learn(self, other: "Index") -> None:
        """Take over what another index knows."""
        self.seen |= other.seen
        self.made |= other.made
        self.refused |= other.refused
        self.copies |= other.copies


class PictureCache:
    """The shelves and the index of one folder; any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = self._read()
        self.shelves = {name for part in _names(folder) if len(part) == 2 for name in _names(folder / part)}
        self.news = Index()
        """What was learnt since the index was read."""

    def digest(self, path: str, stat: os.stat_result) -> str:
        """The hash of a file's bytes; not read again while its size and time are the same."""
        seen = self.index.seen.get(path)
        if seen and seen.size == stat.st_size and seen.mtime == stat.st_mtime_ns:
            return seen.digest
        with Path(path).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        self.news.seen[path] = self.index.seen[path] = Seen(stat.st_size, stat.st_mtime_ns, found)
        return found

    def find(self, stamp: str) -> Rendition | Refusal | None:
        """What was made of it, if it was and is still there."""
        if stamp in self.index.refused:
            return self.index.refused[stamp]
        if stamp in self.shelves and stamp in self.index.made:
            return self.index.made[stamp]
        try:
            content = (self.folder / shelf(stamp) / MANIFEST).read_bytes()
        except FileNotFoundError:
            return None
        made = msgspec.json.decode(content, type=Rendition)
        self.know(stamp, made)
        return made

    def know(self, stamp: str, outcome: Rendition | Refusal) -> None:
        """Remember what was made of a picture."""
        for index in (self.index, self.news):
            if isinstance(outcome, Refusal):
                index.refused[stamp] = outcome
            else:
                index.made[stamp] = outcome

    def copy(self, url: str, known: Copy) -> None:
        """Remember what we know of a web address."""
        self.index.copies[url] = self.news.copies[url] = known

    def workshop(self) -> Path:
        """An empty folder to make a rendition in; what dead processes left is cleared away."""
        making = self.folder / "making"
        making.mkdir(parents=True, exist_ok=True)
        for old in making.iterdir():
            try:
                if time.time() - old.stat().st_mtime > _ABANDONED:
                    shutil.rmtree(old, ignore_errors=True)
            except FileNotFoundError:
                continue  # its own process was quicker
        return Path(tempfile.mkdtemp(dir=making))

    def shelve(self, made: Path, stamp: str) -> Rendition:
        """Put a finished folder where it belongs, unless another process was first; both are the same then."""
        place = self.folder / shelf(stamp)
        place.parent.mkdir(parents=True, exist_ok=True)
        made.chmod(0o755)
        try:
            made.rename(place)
        except OSError:
            if not place.is_dir():
                raise
            shutil.rmtree(made, ignore_errors=True)
        return msgspec.json.decode((place / MANIFEST).read_bytes(), type=Rendition)

    def save(self) -> None:
        """Write what was learnt into the index, beside what others wrote meanwhile; nothing learnt, nothing written."""
        if self.news == Index():
            return
        index = self._read()
        index.learn(self.news)
        write(self.folder / "index.json", msgspec.json.encode(index))
        self.news = Index()

    def _read(self) -> Index:
        try:
            return msgspec.json.decode((self.folder / "index.json").read_bytes(), type=Index)
        except (FileNotFoundError, msgspec.DecodeError):
            return Index()


def _names(folder: Path) -> list[str]:
    return [entry.name for entry in os.scandir(folder)] if folder.is_dir() else []
