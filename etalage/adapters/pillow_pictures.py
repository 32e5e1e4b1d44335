"""Pictures made by Pillow, each in a process of its own, and kept in a folder by the hash of what they are made from.

What a newcomer would get wrong: a picture from the web is hostile. A decoder that crashes, or goes on for ever, takes
down its own process and nothing else; the pixels' size and the file's weight are judged before. And nothing here imports
Pillow: a build in which no picture is new does not pay for it.
"""

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TypeVar

from etalage.adapters._picture_cache import PictureCache, Refusal
from etalage.adapters._picture_copies import HEAVIEST, Clock, Fetch, PictureCopies, fetch
from etalage.adapters._picture_work import PASSING, Job, make
from etalage.model.errors import Refused
from etalage.model.picture import Focus, Recipe, Rendition, stamp
from etalage.model.programme import Picture
from etalage.model.record import Problem, Weight
from etalage.ports.pictures import Progress, RecordOf

MIDDLE = (0.5, 0.5)
FETCHES = 4

Thing = TypeVar("Thing")
Made = TypeVar("Made")


class PillowPictures:
    """The Pictures port on a folder of this machine. `fetch` and `clock` are for tests."""

    def __init__(
        self, folder: Path, *, recipe: Recipe | None = None, workers: int = 2, fetch: Fetch = fetch, clock: Clock = time.time
    ) -> None:  # fmt: skip
        self.folder, self.recipe, self.workers = folder, recipe or Recipe(), workers
        self.fetch, self.clock = fetch, clock

    def prepare(
        self,
        pictures: Iterable[Picture],
        root: Path,
        *,
        record_of: RecordOf = lambda _: None,
        progress: Progress | None = None,
    ) -> tuple[dict[str, Rendition], list[Problem]]:
        """Make all of them ready; see the port."""
        cache = PictureCache(self.folder)
        try:
            return _Round(self, cache, root, record_of, progress).run(pictures)
        finally:
            cache.save()

    def original(self, src: str, root: Path) -> Path | None:
        """The file it is made from; see the port."""
        round_ = _Round(self, PictureCache(self.folder), root, lambda _: None, None)
        try:
            return Path(round_._original(src)[0])  # noqa: SLF001 - the same file's
        except Refused:
            return None


class _Round:
    """One call of `prepare`: look, fetch, make, tell."""

    def __init__(
        self, maker: PillowPictures, cache: PictureCache, root: Path, record_of: RecordOf, progress: Progress | None
    ) -> None:  # fmt: skip
        self.maker, self.cache, self.root, self.record_of = maker, cache, root.resolve(), record_of
        self.copies = PictureCopies(cache, maker.fetch, maker.clock)
        self.progress, self.done, self.total = progress, 0, 0
        self.problems: list[Problem] = []
        self.parents: dict[str, str] = {}

    def run(self, pictures: Iterable[Picture]) -> tuple[dict[str, Rendition], list[Problem]]:
        wanted = self._focused(pictures)
        self._fetch([src for src in wanted if "://" in src])
        stamps: dict[str, str] = {}
        outcomes: dict[str, Rendition | Refusal | None] = {}
        jobs: list[Job] = []
        for src, focus in wanted.items():
            try:
                path, known = self._original(src)
                digest = self.cache.digest(path, known)
            except Refused as error:
                self._tell(src, error.code, error.say)
                continue
            name = stamps[src] = stamp(digest, focus, self.maker.recipe)
            if name not in outcomes:
                outcomes[name] = self.cache.find(name)
                if outcomes[name] is None:
                    jobs.append(Job(path, digest, focus, name, src))
        outcomes.update(self._make(jobs))
        renditions: dict[str, Rendition] = {}
        for src, name in stamps.items():
            outcome = outcomes[name]
            if isinstance(outcome, Rendition):
                renditions[src] = outcome
            elif outcome:
                self._tell(src, outcome.code, outcome.say)
        return renditions, self.problems

    def _focused(self, pictures: Iterable[Picture]) -> dict[str, Focus]:
        """Each `src` once, with the focal point that staff chose."""
        chosen: dict[str, Focus] = {}
        for picture in pictures:
            before = chosen.get(picture.src, MIDDLE)
            if before == MIDDLE:
                chosen[picture.src] = picture.focus
            elif picture.focus not in (MIDDLE, before):
                say = f"it has two focal points; {before[0]:g}, {before[1]:g} is used, remove the other"
                self._tell(picture.src, "picture_focus_differs", say, Weight.DOUBT)
        return chosen

    def _fetch(self, urls: list[str]) -> None:
        due = [url for url in urls if self.copies.is_due(url)]
        self.total += len(due)
        if due:
            for url, _ in _side_by_side(FETCHES, due, self.copies.ask):
                self._step(url)

    def _original(self, src: str) -> tuple[str, os.stat_result]:
        """The file to make it from; refuses what is not there, lies elsewhere, or is too heavy."""
        path, found = self._copy(src) if "://" in src else self._file(src)
        if not stat.S_ISREG(found.st_mode):
            raise Refused("picture_missing", "this is no file; write the path of a picture")
        if found.st_size > HEAVIEST:
            size, limit = found.st_size / 1e6, HEAVIEST / 1e6
            raise Refused("picture_too_heavy", f"it is {size:.0f} MB, the limit is {limit:g}; save it smaller")
        return path, found

    def _copy(self, url: str) -> tuple[str, os.stat_result]:
        """The copy of a picture from the web, with a word when it is an old one."""
        path, trouble = self.copies.path(url), self.copies.trouble(url)
        try:
            found = path.stat()
        except FileNotFoundError:
            trouble = trouble or Refusal("picture_not_fetched", "the copy was taken away; build again")
            raise Refused(trouble.code, trouble.say) from None
        if trouble:
            self._tell(url, "picture_is_old", f"{trouble.say}; the copy we have is shown", Weight.DOUBT)
        return str(path), found

    def _file(self, src: str) -> tuple[str, os.stat_result]:
        """A file of the content folder. A folder is resolved once, for most of an unchanged build is this."""
        name = src.rpartition("/")[2]
        parent = src[: len(src) - len(name)]
        try:
            folder = self.parents.get(parent)
            if folder is None:
                folder = self.parents[parent] = self._inside((self.root / parent).resolve())
            path = f"{folder}/{name}"
            found = os.lstat(path)
            if name == ".." or stat.S_ISLNK(found.st_mode):
                path = self._inside(Path(path).resolve())
                found = Path(path).stat()
        except (OSError, ValueError, RuntimeError) as error:
            raise Refused("picture_missing", "there is no such file; put it there or mend the path") from error
        return path, found

    def _inside(self, path: Path) -> str:
        if not path.is_relative_to(self.root):
            raise Refused("path_outside", f"it lies outside {self.root.name}/; put it in the house's folder")
        return str(path)

    def _make(self, jobs: list[Job]) -> Iterator[tuple[str, Rendition | Refusal]]:
        self.total += len(jobs)
        if not jobs:
            return
        for job, outcome in _side_by_side(self.maker.workers, jobs, self._apart):
            if not (isinstance(outcome, Refusal) and outcome.code in PASSING):
                self.cache.know(job.stamp, outcome)
            self._step(job.name)
            yield job.stamp, outcome

    def _apart(self, job: Job) -> Rendition | Refusal:
        return make(job, self.maker.recipe, self.cache)

    def _step(self, name: str) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, self.total, name)

    def _tell(self, src: str, code: str, say: str, weight: Weight = Weight.FIELD) -> None:
        record = self.record_of(src) or ""
        source = record.partition("/")[0] or "content"
        reason = f"{src[:200]}: {say}"
        self.problems.append(
            Problem(source=source, record=record, field="pictures", code=code, reason=reason, weight=weight)
        )


def _side_by_side(workers: int, things: Iterable[Thing], do: Callable[[Thing], Made]) -> Iterator[tuple[Thing, Made]]:
    """Each thing with what came of it, as they get done. Whoever stops listening stops the work."""
    pool = ThreadPoolExecutor(workers)
    try:
        running = {pool.submit(do, thing): thing for thing in things}
        for future in as_completed(running):
            yield running[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)
