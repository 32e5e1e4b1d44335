"""Pictures for print: the originals, as large as we have them, copied beside an export."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from etalage.catalogue.brochure import PrintPicture
from etalage.model.programme import Picture
from etalage.model.record import Problem
from etalage.ports.pictures import Pictures

FOLDER = "pictures"
_ENDINGS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG", "png"), (b"GIF8", "gif"))


def lay_out(
    shown: Mapping[str, tuple[str, Picture]], maker: Pictures, content: Path, folder: Path
) -> tuple[dict[str, PrintPicture], list[Problem]]:
    """Copy the originals beside the export. `shown`: `src` → the name it gets without its ending, and the picture.

    Also what is wrong with the pictures that are missing.
    """
    made, problems = maker.prepare([picture for _, picture in shown.values()], content)
    found: dict[str, PrintPicture] = {}
    for src, (name, picture) in shown.items():
        original = maker.original(src, content)
        if original is None or src not in made:
            continue
        file = f"{FOLDER}/{name}.{_ending(original)}"
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, folder / file)
        found[src] = PrintPicture(
            file=file, width=made[src].width, height=made[src].height, alt=picture.alt, credit=picture.credit
        )
    return found, problems


def _ending(path: Path) -> str:
    """By what is in it: a copy from the web has no ending, and one from a camera may have a wrong one."""
    with path.open("rb") as file:
        head = file.read(16)
    if head[8:12] == b"WEBP":
        return "webp"
    return next(
        (ending for mark, ending in _ENDINGS if head.startswith(mark)), "avif" if head[4:8] == b"ftyp" else "bin"
    )
