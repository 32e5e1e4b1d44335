"""One picture made in a process of its own, so that a file that breaks the decoder breaks nothing else.

What a newcomer would get wrong: builds run threads (a progress bar, the dev server), so a plain fork is not safe; a fork
server is a clean process that has loaded Pillow once and forks in 10 ms. The child answers with a file in the folder it
was given, not through a pipe: what a dying process half said is then simply not there.
"""

import hashlib
import multiprocessing
import resource
import shutil
import signal
import traceback
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

import msgspec

from etalage.adapters._picture_cache import MANIFEST, PictureCache, Refusal
from etalage.adapters._writing import write
from etalage.model.errors import Refused
from etalage.model.picture import Focus, Recipe, Rendition

REFUSAL = "refusal.json"
FAILURE = "failure.txt"
CPU_SECONDS = 120
"""What one picture may cost; an ordinary photo takes two or three, the largest we accept fifteen."""
PASSING = frozenset({"picture_changed", "picture_interrupted"})
"""Refusals that say nothing about the picture itself: the next build tries again."""


class Job(msgspec.Struct, frozen=True):
    """One rendition to make, of the file at `path` as long as its hash is `digest`."""

    path: str
    digest: str
    focus: Focus
    stamp: str
    name: str


def make(job: Job, recipe: Recipe, cache: PictureCache) -> Rendition | Refusal:
    """Do the job in another process, and shelve what it left."""
    folder = cache.workshop()
    try:
        process = _processes().Process(target=work, args=(job, recipe, folder))
        process.start()
        process.join()
        if (folder / MANIFEST).exists():
            return cache.shelve(folder, job.stamp)
        if (folder / REFUSAL).exists():
            return msgspec.json.decode((folder / REFUSAL).read_bytes(), type=Refusal)
        if (folder / FAILURE).exists():
            raise RuntimeError(f"{job.name} could not be made ready:\n{(folder / FAILURE).read_text('utf-8')}")
        return _verdict(job, process.exitcode or 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def work(job: Job, recipe: Recipe, folder: Path) -> None:
    """Make one rendition in `folder`, and leave a manifest, a refusal or a failure: what the other process does."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    try:
        outcome = _outcome(job, recipe, folder)
        name = REFUSAL if isinstance(outcome, Refusal) else MANIFEST
        write(folder / name, msgspec.json.encode(outcome))
    except Exception:
        write(folder / FAILURE, traceback.format_exc().encode())


def _outcome(job: Job, recipe: Recipe, folder: Path) -> Rendition | Refusal:
    from etalage.adapters._pillow import render

    data = Path(job.path).read_bytes()
    if hashlib.sha256(data).hexdigest() != job.digest:
        return Refusal("picture_changed", "it changed while the site was built; build again")
    try:
        return render(data, job.focus, job.stamp, recipe, folder)
    except Refused as error:
        return Refusal(error.code, error.say)
    except MemoryError:
        return Refusal("picture_interrupted", "this machine has not enough memory for it; save a smaller one")


def _verdict(job: Job, code: int) -> Refusal:
    """What a process that died without a word says about its picture.

    255 is what multiprocessing says when two threads ask after one process at once (CPython's popen_forkserver).
    """
    if code in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, 255):
        return Refusal("picture_interrupted", "making it was stopped, perhaps for lack of memory; build again")
    if code < 0:
        return Refusal("picture_too_hard", "decoding it takes too long or fails badly; save it anew as JPEG or PNG")
    raise RuntimeError(f"{job.name} could not be made ready; perhaps the disk is full")


@cache
def _processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "etalage.adapters._pillow"])
    return context
