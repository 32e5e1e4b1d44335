"""The indexes of a site: per language an index under search/<language>/, and a shelf for the function in var/search.

Nothing is done when the documents, and the code that weighs them, are those of the last build.
"""

import shutil
from collections.abc import Iterable
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from etalage import model, search
from etalage.catalogue.addresses import Addresses
from etalage.catalogue.showing import Showing
from etalage.model.programme import Performance
from etalage.search.desk import Note
from etalage.search.documents import gather
from etalage.search.finder import Shelf
from etalage.search.languages import Language, language_of
from etalage.search.weighing import Weighed, weigh
from plugins.agenda.build import Build
from plugins.agenda.writing import write_if_changed
from plugins.search.drawer import TOGETHER, Drawer
from plugins.search.encoding import (
    BLOCK,
    card_pieces,
    dates_piece,
    facts_piece,
    term_pieces,
    word_pieces,
)

FOLDER = "search"
MANIFEST = "index.json"


class Pieces(msgspec.Struct):
    """A list of words in pieces: where each begins, and the names they share."""

    begin: list[str]
    names: list[str]


class Manifest(msgspec.Struct, kw_only=True):
    """What the browser reads first. `parts`: the two letters that any part of a compound begins with; others are not looked for."""

    stamp: str
    language: str
    timezone: str
    folder: str
    documents: int
    block: int
    together: int
    dates: str
    facts: str
    cards: list[str]
    terms: Pieces
    forward: Pieces
    backward: Pieces
    parts: list[str]
    words: Language


class _Stamped(msgspec.Struct):
    stamp: str = ""


class Indexes:
    """Writes the index of each language whose documents changed, and removes what no index names any more."""

    def __init__(self, build: Build, output: Path, shelves: Path) -> None:
        self.build, self.site, self.output = build, build.plan.site, output
        self.root, self.shelves = output / FOLDER, shelves / build.plan.site.id

    def make(self) -> None:
        """An index per language; none where the site wants no search."""
        languages = self.site.languages if self.site.search else ()
        if languages:
            showing = Showing(self.build.catalogue, self.site, self.build.plan.today)
            ahead: dict[str, tuple[Performance, ...]] = dict(showing.coming)
            for entry in showing.open_between(showing.today, date.max):
                ahead.setdefault(entry.production, ())
            common = self._stamp(ahead)
            for language in languages:
                self._index(language, ahead, f"{common}-{language}")
        self._tidy(languages)

    def _index(self, language: str, ahead: dict[str, tuple[Performance, ...]], stamp: str) -> None:
        folder, shelf = self.root / language, self.shelves / f"{language}.bin"
        if stamp == _stamp_in(folder / MANIFEST) and shelf.exists():
            return
        build, site = self.build, self.site
        library = gather(build.catalogue, site, build.plan.addresses, ahead, language)
        weighed = weigh(library.documents, language)
        cards = tuple(document.card for document in library.documents)
        address = Addresses(language, language == site.languages[0]).production("")[:-1]
        note = Note(stamp=stamp, documents=len(cards), first=language == site.languages[0])
        write_if_changed(str(shelf), msgspec.msgpack.encode(Shelf(
            stamp=stamp, site=site.id, language=language, base=site.url, folder=address, timezone=site.timezone, table=library.table, cards=cards,
            terms=weighed.terms, vocabulary=weighed.vocabulary,
        )))  # fmt: skip
        write_if_changed(str(shelf.with_suffix(".json")), msgspec.json.encode(note))
        drawer = Drawer(folder, self._write)
        manifest = Manifest(
            stamp=stamp, language=language, timezone=site.timezone, folder=address, documents=len(cards), block=BLOCK, together=TOGETHER,
            dates=drawer.keep(dates_piece(library.table)), facts=drawer.keep(facts_piece(library.table)), cards=drawer.keep_all(card_pieces(cards)),
            words=language_of(language), **words_of(weighed, drawer),
        )  # fmt: skip
        self._write(folder / MANIFEST, msgspec.json.encode(manifest))
        drawer.clear()

    def _write(self, path: Path, content: bytes) -> None:
        self.build.written[path.relative_to(self.output).as_posix()] = write_if_changed(str(path), content)

    def _stamp(self, ahead: dict[str, tuple[Performance, ...]]) -> str:
        """Changes when anything that can be found does: a production, a date that went by, a place, a name, our code."""
        build, site = self.build, self.site
        parts = [_code(), site.url, site.timezone, *site.languages]
        places = {one.venue for dates in ahead.values() for one in dates}
        named = [build.catalogue.venues[i] for i in sorted(places & build.catalogue.venues.keys())]
        houses = [build.catalogue.houses[h] for h in site.houses if h in build.catalogue.houses]
        digest = blake2b(msgspec.json.encode([named, houses]), digest_size=8)
        for identity, dates in ahead.items():
            parts += (build.catalogue.entries[identity].stamp, build.plan.addresses[identity], str(len(dates)))
        digest.update("\x1f".join(parts).encode())
        return digest.hexdigest()

    def _tidy(self, languages: Iterable[str]) -> None:
        """Remove the index of a language that the site has no more."""
        for root in (self.root, self.shelves):
            for path in root.iterdir() if root.is_dir() else ():
                ours = (path / MANIFEST).exists() if root == self.root else True
                if ours and path.name.partition(".")[0] not in languages:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def words_of(weighed: Weighed, drawer: Drawer) -> dict[str, Any]:
    """Keep all words in a drawer; give the parts of a manifest that lead to them."""

    def keep(pieces: Iterable[tuple[str, bytes]]) -> Pieces:
        found = list(pieces)
        return Pieces([begin for begin, _ in found], drawer.keep_all(piece for _, piece in found))

    words = weighed.vocabulary.items()
    return {
        "terms": keep(term_pieces(weighed.terms)),
        "forward": keep(word_pieces(words)),
        "backward": keep(word_pieces(sorted((word[::-1], count) for word, count in words))),
        "parts": sorted({term[:2] for term, postings in weighed.terms.items() if postings.part}),
    }


def _stamp_in(path: Path) -> str:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Stamped).stamp
    except (OSError, msgspec.MsgspecError):
        return ""


@cache
def _code() -> str:
    """A stamp of the code that makes an index."""
    folders = (Path(model.__file__).parent, Path(search.__file__).parent, Path(__file__).parent)
    code = [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.py"))]
    return blake2b(b"".join(code), digest_size=6).hexdigest()
