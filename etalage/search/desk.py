"""The information desk of all sites: a finder per site and language, renewed when the build laid down another shelf.

A newcomer's trap: filling an index takes a while for a large region. Meanwhile the desk answers from the former one; only the
very first question waits.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from threading import Lock

import msgspec

from etalage.model import moments
from etalage.model.errors import Refused, Unavailable
from etalage.ports.files import Files
from etalage.ports.search_index import Document, SearchIndex
from etalage.search.filters import Filters
from etalage.search.finder import MOST_DATES, Answer, Finder, Shelf

FOLDER = "search/"


class Note(msgspec.Struct, frozen=True):
    """Beside a shelf: which one it is, how many documents it has, and whether its language is the site's first."""

    stamp: str
    documents: int
    first: bool


class _Place:
    """A site in one language."""

    def __init__(self, index: SearchIndex) -> None:
        self.index, self.lock = index, Lock()
        self.finder: Finder | None = None


class Desk:
    """Answers for every site whose shelf is in `files`. `open_index(site, language)`; `clock` says what day it is."""

    def __init__(
        self, files: Files, open_index: Callable[[str, str], SearchIndex], clock: Callable[[], datetime]
    ) -> None:
        self.files, self.open_index, self.clock = files, open_index, clock
        self.places: dict[tuple[str, str], _Place] = {}
        self.lock = Lock()

    def find(
        self,
        site: str,
        language: str,
        text: str,
        filters: Filters,
        *,
        sort: str = "",
        offset: int = 0,
        limit: int = 20,
        most_dates: int = MOST_DATES,
    ) -> tuple[Finder, Answer]:
        """Answer a question about a site; without one, about the site that shows most. Without a language, in its first.

        Refuses `site_unknown` and `language_unknown`; raises Unavailable `search_missing` when nothing is built.
        """
        finder = self._finder(*self._choose(site, language))
        now = moments.local(self.clock(), finder.shelf.timezone)
        return finder, finder.find(text, filters, now, sort=sort, offset=offset, limit=limit, most_dates=most_dates)

    def _choose(self, site: str, language: str) -> tuple[str, str]:
        shelves = list(self._shelves())
        if not shelves:
            raise Unavailable("search_missing", "no site is built yet with something to find")
        here = [shelf for shelf in shelves if shelf[0] == site] if site else shelves
        if not here:
            known = ", ".join(sorted({shelf[0] for shelf in shelves}))
            raise Refused("site_unknown", f"there is no site {site[:40]!r} (known: {known})", where="site")
        fitting = [shelf for shelf in here if shelf[1] == language] if language else [s for s in here if s[2].first]
        if not fitting:
            known = ", ".join(sorted({shelf[1] for shelf in here}))
            raise Refused(
                "language_unknown", f"{language[:10]!r} is not spoken here (known: {known})", where="language"
            )
        best = max(fitting, key=lambda shelf: (shelf[2].documents, shelf[0]))
        return best[0], best[1]

    def _shelves(self) -> Iterator[tuple[str, str, Note]]:
        for name in self.files.list(FOLDER):
            if name.endswith(".json") and name.count("/") == 2:
                _, site, language = name.removesuffix(".json").split("/")
                note = self._note(f"{site}/{language}")
                if note:
                    yield site, language, note

    def _note(self, name: str) -> Note | None:
        content = self.files.read(f"{FOLDER}{name}.json")
        return msgspec.json.decode(content, type=Note) if content else None

    def _finder(self, site: str, language: str) -> Finder:
        with self.lock:
            place = self.places.setdefault((site, language), _Place(self.open_index(site, language)))
        note = self._note(f"{site}/{language}")
        if place.finder and (note is None or place.finder.shelf.stamp == note.stamp):
            return place.finder
        if place.lock.acquire(blocking=place.finder is None):
            try:
                self._renew(place, site, language)
            finally:
                place.lock.release()
        if place.finder is None:
            raise Unavailable("search_missing", f"the search of {site} is not built yet")
        return place.finder

    def _renew(self, place: _Place, site: str, language: str) -> None:
        content = self.files.read(f"{FOLDER}{site}/{language}.bin")
        if content is None:
            return
        shelf = msgspec.msgpack.decode(content, type=Shelf)
        if place.finder and place.finder.shelf.stamp == shelf.stamp:
            return
        if place.index.stamp() != shelf.stamp:
            place.index.replace(documents(shelf), shelf.stamp)
        place.finder = Finder(shelf, place.index)


def documents(shelf: Shelf) -> Sequence[Document]:
    """The shelf's words, by document."""
    found: list[dict[str, int]] = [{} for _ in shelf.cards]
    for term, postings in shelf.terms.items():
        for number, weight in zip(postings.documents, postings.weights, strict=True):
            found[number][term] = weight
    return found
