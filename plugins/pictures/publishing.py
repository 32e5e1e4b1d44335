"""Put a site's pictures into its output, and take away those that no page shows any more.

What a newcomer would get wrong: the files are hard links to the cache, so nothing may ever write into them. Their names
hold the hash of what they are made from: a name that is there needs no writing, and no comparing.
"""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from etalage.model.picture import Rendition, shelf
from plugins.pictures.markup import FOLDER

_OURS = re.compile(r"[0-9a-f]{16}-[a-z]+-[0-9]+\.(avif|webp|jpg|png)")


def add_pictures(renditions: Iterable[Rendition], kept: Path, output: Path) -> int:
    """Link every file that is not there yet from `kept` (the port's folder); give how many were new."""
    folder = output / FOLDER
    there = _names(folder)
    new = [
        (f"{kept}/{shelf(rendition.stamp)}/{file.name}", folder / file.name)
        for rendition in {rendition.stamp: rendition for rendition in renditions}.values()
        for files in rendition.crops.values()
        for file in files
        if file.name not in there
    ]
    if new:
        folder.mkdir(parents=True, exist_ok=True)
    for source, target in new:
        link(Path(source), target)
    return len(new)


def remove_pictures(renditions: Iterable[Rendition], output: Path) -> int:
    """Remove the files of every other rendition; give how many there were. What is not named like ours stays."""
    stamps = {rendition.stamp for rendition in renditions}
    folder = output / FOLDER
    old = [name for name in _names(folder) if name[:16] not in stamps and _OURS.fullmatch(name)]
    for name in old:
        (folder / name).unlink(missing_ok=True)
    return len(old)


def link(source: Path, target: Path) -> None:
    """Link a file, or copy it where links cannot go (another disk); whoever else does the same at once is no harm."""
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except FileNotFoundError:
        raise
    except OSError:
        beside = target.with_name(f".{target.name}.{os.getpid()}.new")
        shutil.copyfile(source, beside)
        beside.replace(target)


def _names(folder: Path) -> set[str]:
    try:
        return {entry.name for entry in os.scandir(folder)}
    except FileNotFoundError:
        return set()
