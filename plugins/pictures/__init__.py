"""Pictures in pages: gives templates `picture(…)`, and a site's output the files it names.

build.py prepares the pictures (etalage/ports/pictures.py) and hands them over as the setting ETALAGE_PICTURES, an Album.
Without it `picture(…)` answers None, and output's pictures are left alone.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from etalage.model.picture import Rendition
from plugins.pelican import signals
from plugins.pictures.markup import Gallery, PictureData, Source, picture_data
from plugins.pictures.publishing import add_pictures, remove_pictures

__all__ = [
    "Album",
    "Gallery",
    "PictureData",
    "Source",
    "add_pictures",
    "picture_data",
    "register",
    "remove_pictures",
]


class Album(msgspec.Struct, frozen=True):
    """The pictures of one site: `src` → rendition, and the folder of the Pictures port that has the files."""

    renditions: Mapping[str, Rendition]
    folder: Path


def _give(generator: Any) -> None:
    """Every generator's templates can ask for a picture."""
    album: Album | None = generator.settings.get("ETALAGE_PICTURES")
    generator.env.globals["picture"] = Gallery(album.renditions if album else {}).picture


def _add(pelican: Any) -> None:
    """Before the pages are drawn: no page ever names a file that is not there."""
    if album := pelican.settings.get("ETALAGE_PICTURES"):
        add_pictures(album.renditions.values(), album.folder, Path(pelican.output_path))


def _remove(pelican: Any) -> None:
    """After the pages are written: no file goes that a page still names."""
    if album := pelican.settings.get("ETALAGE_PICTURES"):
        remove_pictures(album.renditions.values(), Path(pelican.output_path))


def register() -> None:
    """Pelican calls this once; signals are global, so every site of a process gets it."""
    signals.initialized.connect(_add)
    signals.generator_init.connect(_give)
    signals.finalized.connect(_remove)
