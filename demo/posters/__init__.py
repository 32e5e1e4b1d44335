"""Posters for the season, drawn by the project itself: ten families of pictures, in the inks of each house.

A poster depends on its production's id and on what the season asks of it, not on the date: it is made once. Change a drawing and
the pictures are made anew when their folder has been emptied.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from demo.posters.blocks import BLOCKS
from demo.posters.cut_animals import CUT_ANIMALS
from demo.posters.cuttings import CUTTINGS
from demo.posters.initials import INITIALS
from demo.posters.ink import Sheet
from demo.posters.landscapes import LANDSCAPES
from demo.posters.lines import OP, THREAD
from demo.posters.look import INKS, Look
from demo.posters.things import RISO, SCENES
from demo.posters.tiles import TILES
from demo.posters.townscapes import TOWNSCAPES
from demo.posters.waves import WAVES

Drawing = Callable[[Sheet, Look], None]
FAMILIES: Mapping[str, Mapping[str, Drawing]] = {
    "strata": {**LANDSCAPES, **TOWNSCAPES}, "scene": SCENES, "riso": RISO, "blocks": BLOCKS, "tiles": TILES, "op": OP, "thread": THREAD, "waves": WAVES,
    "paper": {**CUTTINGS, **CUT_ANIMALS}, "initials": INITIALS,
}  # fmt: skip
WIDE, TALL = (1600, 1067), (1200, 1600)
LONGEST = 1280


def draw(house: str, identity: str, poster: Mapping[str, Any]) -> Image.Image:
    """The poster of one production; `poster` is what the season asks: style, motif, variant, letters, tall."""
    tall = bool(poster.get("tall"))
    look = Look(
        inks=INKS[house],
        rng=random.Random(identity),
        motif=poster.get("motif", ""),
        letters=poster.get("letters", ""),
        tall=tall,
    )
    sheet = Sheet(TALL if tall else WIDE, look.inks.paper, look.rng)
    drawing(poster)(sheet, look)
    return sheet.finish()


def drawing(poster: Mapping[str, Any]) -> Drawing:
    """The drawing that is asked for: the family's own for that variant or that thing, else its general one."""
    family = FAMILIES[poster["style"]]
    return family.get(poster.get("variant") or poster.get("motif", "")) or family[""]


def smaller(drawn: Image.Image) -> Image.Image:
    """As large as a demo needs: every copy of it that a site offers takes seconds to encode."""
    drawn.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return drawn


def hang(wanted: Mapping[Path, tuple[str, str, Mapping[str, Any]]]) -> Iterator[Path]:
    """Draw the posters that are not there yet: file → house, production id, what is asked."""
    for path, (house, identity, poster) in wanted.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(".part")
            smaller(draw(house, identity, poster)).save(half, "JPEG", quality=90, subsampling=0)
            half.replace(path)
            yield path
