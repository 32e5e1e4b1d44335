"""A picture made ready for the web: which crops there are, how wide, and what each file is called.

What a newcomer would get wrong: a picture is never enlarged, so a small original has fewer and smaller files than the
crops ask for; and `whole` keeps the original's own ratio, only its height is bounded.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b

import msgspec

FALLBACK_WIDEST = 1280
"""AVIF comes in every width; older browsers (WebP, then JPEG or PNG) get nothing wider than this."""
LARGE = 1000
"""From this width up a file is a photo on a page of its own, not one of many in a list."""
TALLEST = 2400
"""No file is taller: a scroll of 10 × 30,000 pixels is shown small, not as a page of its own."""
NEAR = 1.2
"""An original less than this factor wider than a width we have gets no file of its own width."""

Focus = tuple[float, float]
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the upright original."""


class PictureFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One encoded file. `format` is avif, webp, jpeg or png; `bytes` its size."""

    name: str
    format: str
    width: int
    height: int
    bytes: int


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """One picture in all its crops. `stamp` changes when, and only when, the files do; it is in every file name.

    `colour` (#rrggbb) stands where the picture will be until it is there. `width` and `height` are the original's,
    upright. `crops` names card, wide, whole and share; the files of a crop go from the best format to the safest, and
    within a format from narrow to wide.
    """

    stamp: str
    colour: str
    width: int
    height: int
    crops: Mapping[str, tuple[PictureFile, ...]]
    alpha: bool = False


class Crop(msgspec.Struct, frozen=True):
    """A cut of a fixed ratio (None: the original's), in these widths. `choice`: in every format, not only as a JPEG."""

    name: str
    ratio: tuple[int, int] | None
    widths: tuple[int, ...]
    choice: bool = True


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides about the bytes beside the picture itself. Raise `version` when the code makes other bytes or manifests."""

    version: int = 1
    crops: tuple[Crop, ...] = (
        Crop("card", (3, 2), (400, 800)),
        Crop("wide", (16, 9), (800, 1280, 1920)),
        Crop("whole", None, (800, 1280)),
        Crop("share", (1200, 630), (1200,), choice=False),
    )
    avif_quality: int = 60
    avif_speed: int = 8
    avif_speed_large: int = 9
    """From LARGE up: three times as quick as 8 for 5 % more bytes (decision 0012)."""
    webp_quality: int = 75
    jpeg_quality: int = 78


class Variant(msgspec.Struct, frozen=True):
    """One file to make: which part of the original, in what size. `format` "fallback" is JPEG, or PNG with transparency."""

    crop: str
    format: str
    width: int
    height: int
    box: Box


def stamp(digest: str, focus: Focus, recipe: Recipe) -> str:
    """The short hash of what a rendition is made from: the original's bytes, its focal point and the recipe."""
    made_from = f"{digest} {focus[0]:.3f} {focus[1]:.3f} {_fingerprint(recipe)}"
    return blake2b(made_from.encode(), digest_size=8).hexdigest()


@cache
def _fingerprint(recipe: Recipe) -> str:
    return blake2b(msgspec.json.encode(recipe), digest_size=8).hexdigest()


def shelf(stamp: str) -> str:
    """The folder of a rendition's files, below that of all pictures."""
    return f"{stamp[:2]}/{stamp}"


def variants(width: int, height: int, focus: Focus, recipe: Recipe) -> Iterator[Variant]:
    """Every file to make of an original of that size."""
    for crop in recipe.crops:
        box = frame(width, height, crop.ratio, focus)
        sizes = [(w, _height(w, box)) for w in _widths(crop.widths, box)]
        plain = [size for size in sizes if size[0] <= FALLBACK_WIDEST] or sizes[:1]
        if crop.choice:
            yield from (Variant(crop.name, "avif", *size, box) for size in sizes)
            yield from (Variant(crop.name, "webp", *size, box) for size in plain)
        yield Variant(crop.name, "fallback" if crop.choice else "jpeg", *plain[-1], box)


def frame(width: int, height: int, ratio: tuple[int, int] | None, focus: Focus) -> Box:
    """The largest part of that ratio, with the focal point as near to its middle as the edges allow."""
    if ratio is None:
        return 0, 0, width, height
    across, down = ratio
    w = max(1, min(width, round(height * across / down)))
    h = max(1, min(height, round(width * down / across)))
    left = min(max(round(focus[0] * width - w / 2), 0), width - w)
    top = min(max(round(focus[1] * height - h / 2), 0), height - h)
    return left, top, left + w, top + h


def _widths(wanted: tuple[int, ...], box: Box) -> list[int]:
    left, top, right, bottom = box
    widest = max(1, min(right - left, (right - left) * TALLEST // (bottom - top)))
    fitting = [width for width in wanted if width <= widest]
    if len(fitting) < len(wanted) and (not fitting or widest > fitting[-1] * NEAR):
        fitting.append(widest)
    return fitting


def _height(width: int, box: Box) -> int:
    left, top, right, bottom = box
    return min(TALLEST, max(1, round(width * (bottom - top) / (right - left))))
