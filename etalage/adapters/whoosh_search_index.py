"""The search index in Whoosh (whoosh3): words and weights as they come, in a folder; scoring is adding up what was weighed before.

Each `replace` makes a folder of its own and then names it in `current`, so a reader never sees half of it. A newcomer's trap:
a document's number is its place only because everything is written in one segment, in order.
"""

import shutil
from collections.abc import Generator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

from whoosh import fields, formats, index
from whoosh.reading import TermNotFound

from etalage.ports.search_index import Document

CURRENT = "current"
MEMORY = 256
"""MB that writing may use before it puts words aside on disk."""


class _Weighed(fields.FieldType):
    """A field whose value is term → weight, ready for the postings."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.scorable = self.stored = self.unique = False
        self.vector = self.column_type = None
        self.analyzer = None

    def index(self, value: Document, **_: Any) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        for term, weight in value.items():
            yield term.encode(), 1, float(weight), b""


class WhooshSearchIndex:
    """An index in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = Lock()
        self.open: tuple[str, Any] | None = None

    def stamp(self) -> str:
        """What `replace` was told last."""
        current = self.folder / CURRENT
        return current.read_text("utf-8").partition("\n")[2] if current.exists() else ""

    def replace(self, documents: Sequence[Document], stamp: str) -> None:
        """Write a new folder, then point at it, then remove the others."""
        name = blake2b(stamp.encode(), digest_size=8).hexdigest()
        if (self.folder / CURRENT).exists() and (self.folder / CURRENT).read_text("utf-8").startswith(name):
            name += "-2"  # the same documents once more: never write where somebody may be reading
        beside = self.folder / f"{name}.new"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        try:
            self._write(beside, documents)
            shutil.rmtree(self.folder / name, ignore_errors=True)
            beside.rename(self.folder / name)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        new = self.folder / f"{CURRENT}.new"
        new.write_text(f"{name}\n{stamp}", "utf-8")
        new.replace(self.folder / CURRENT)
        for path in self.folder.iterdir():
            if path.is_dir() and path.name != name:
                shutil.rmtree(path, ignore_errors=True)

    @staticmethod
    def _write(folder: Path, documents: Sequence[Document]) -> None:
        writer: Any = index.create_in(str(folder), fields.Schema(terms=_Weighed())).writer(limitmb=MEMORY)
        try:
            for document in documents:
                writer.add_document(terms=document)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(optimize=True)

    def find(self, terms: Mapping[str, int]) -> dict[int, int]:
        """The best of weight times factor, per document."""
        scores: dict[int, int] = {}
        with self.lock:
            reader = self._reader()
            if reader is None:
                return scores
            for term, factor in terms.items():
                try:
                    matcher = reader.postings("terms", term.encode())
                except TermNotFound:
                    continue
                while matcher.is_active():
                    score, number = int(matcher.weight()) * factor, matcher.id()
                    if score > scores.get(number, 0):
                        scores[number] = score
                    matcher.next()
        return scores

    def starting(self, prefix: str) -> Sequence[tuple[str, int]]:
        """The terms that begin with these letters, with in how many documents each is."""
        with self.lock:
            reader = self._reader()
            if reader is None:
                return []
            found = reader.expand_prefix("terms", prefix.encode())
            return [(term.decode(), reader.doc_frequency("terms", term)) for term in list(found)]

    def _reader(self) -> Any:
        """The reader of what is current, opened again when that changed."""
        current = self.folder / CURRENT
        if not current.exists():
            return None
        name = current.read_text("utf-8").partition("\n")[0]
        if self.open is None or self.open[0] != name:
            if self.open:
                self.open[1].close()
            self.open = (name, index.open_dir(str(self.folder / name)).reader())  # type: ignore[no-untyped-call]
        return self.open[1]
