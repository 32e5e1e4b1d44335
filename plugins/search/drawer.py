"""The drawer of an index: the folder its pieces are kept in, under names that say what is in them.

A newcomer's trap: a name must change when its piece does, for browsers keep a piece for ever; yet index.json tells all names to
every visitor. So neighbours in a list share a name and have a number: eight times fewer to tell, at the price that all eight
are written anew when one of them changes.
"""

from base64 import b32encode
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from plugins.search.encoding import deflate

TOGETHER = 8
"""Pieces of a list that share a name."""


class Drawer:
    """`write` gets the path and the content of each piece that is not there yet."""

    def __init__(self, folder: Path, write: Callable[[Path, bytes], None]) -> None:
        self.folder, self.write = folder, write
        self.kept: set[str] = set()

    def keep(self, piece: bytes) -> str:
        """Keep a piece that stands alone; give its file's name."""
        name = f"{_name_of((piece,))}.bin"
        self._put(name, piece)
        return name

    def keep_all(self, pieces: Iterable[bytes]) -> list[str]:
        """Keep a list of pieces; piece `n` is in the file `<names[n // TOGETHER]>-<n % TOGETHER>.bin`. Give the names."""
        names, rest = [], iter(pieces)
        while some := tuple(islice(rest, TOGETHER)):
            names.append(name := _name_of(some))
            for number, piece in enumerate(some):
                self._put(f"{name}-{number}.bin", piece)
        return names

    def clear(self) -> None:
        """Throw away what was kept for an earlier index and not for this one."""
        for path in self.folder.glob("*.bin"):
            if path.name not in self.kept:
                path.unlink()

    def _put(self, name: str, piece: bytes) -> None:
        self.kept.add(name)
        if not (self.folder / name).exists():
            self.write(self.folder / name, deflate(piece))


def _name_of(pieces: Iterable[bytes]) -> str:
    """A name for these pieces and no others: of their raw bytes, for another zlib may deflate the same bytes otherwise."""
    digest = blake2b(digest_size=4)
    for piece in pieces:
        digest.update(len(piece).to_bytes(4, "big") + piece)
    return b32encode(digest.digest()).decode().lower().rstrip("=")
