"""Pictures from the web: fetched once, kept, asked after now and then, and never asked at once after a failure."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from etalage.adapters import _clean
from etalage.adapters._fetch import MEGABYTE, Fetched, fetch_public
from etalage.adapters._picture_cache import Copy, PictureCache, Refusal
from etalage.adapters._writing import write
from etalage.model.errors import Refused, Unavailable

HEAVIEST = 40 * MEGABYTE
FRESH = 24 * 3600.0
"""Seconds that a copy is used without asking."""
PAUSE = 6 * 3600.0
"""Seconds after a failure before we ask again."""

Fetch = Callable[[str, Fetched | None], Fetched | None]
"""Read what is at a public address; None when it is still what `known` was. Raises Refused or Unavailable."""
Clock = Callable[[], float]


def fetch(url: str, known: Fetched | None) -> Fetched | None:
    """Fetch from the public internet only."""
    del known  # fetch_public does not ask conditionally
    return Fetched(data=fetch_public(url, HEAVIEST, 20.0))


class PictureCopies:
    """The copies in one cache. `ask` may be called from several threads, each with its own address."""

    def __init__(self, cache: PictureCache, fetch: Fetch, clock: Clock) -> None:
        self.cache, self.fetch, self.clock = cache, fetch, clock

    def path(self, url: str) -> Path:
        """Where the copy is, or will be."""
        name = blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return self.cache.folder / "copies" / name[:2] / name

    def is_due(self, url: str) -> bool:
        """Say whether the address should be asked in this build."""
        known = self.cache.index.copies.get(url, Copy())
        if known.code:
            return not 0 <= self.clock() - known.failed < PAUSE
        return not (0 <= self.clock() - known.fetched < FRESH and self.path(url).is_file())

    def ask(self, url: str) -> None:
        """Ask the address, and remember what it said."""
        known, path = self.cache.index.copies.get(url, Copy()), self.path(url)
        has_copy = path.is_file()
        before = Fetched(data=b"", etag=known.etag, modified=known.modified) if has_copy else None
        try:
            got = self.fetch(_clean.address(url), before)
        except Refused as error:
            path.unlink(missing_ok=True)
            self.cache.copy(url, Copy(failed=self.clock(), code=error.code, say=error.say))
            return
        except Unavailable as error:
            failed = Copy(
                etag=known.etag, modified=known.modified, fetched=known.fetched,
                failed=self.clock(), code="picture_not_fetched", say=error.say,
            )  # fmt: skip
            self.cache.copy(url, failed)
            return
        if got is None:
            self.cache.copy(url, Copy(etag=known.etag, modified=known.modified, fetched=self.clock()))
            return
        if not has_copy or path.read_bytes() != got.data:
            write(path, got.data)
        self.cache.copy(url, Copy(etag=got.etag, modified=got.modified, fetched=self.clock()))

    def trouble(self, url: str) -> Refusal | None:
        """Why the last try failed, if it did."""
        known = self.cache.index.copies.get(url)
        return Refusal(known.code, known.say) if known and known.code else None
