"""What a poster is asked to look like, and the inks of each house."""

import colorsys
import random
from typing import NamedTuple


class Inks(NamedTuple):
    """Eight colours, named by their use."""

    paper: str
    dark: str
    main: str
    second: str
    warm: str
    light: str
    soft: str
    deep: str


INKS = {
    # A harbour: tar, brick, brass, river.
    "meerstoel": Inks("#f4ebdd", "#14304d", "#d8482f", "#1f7a8c", "#e9a93b", "#bcd8df", "#f2a896", "#2f5d50"),
    # A village: hedges, tiles, rapeseed, clay.
    "klokzeel": Inks("#f8f0d8", "#1c4230", "#d1402b", "#4a8a3f", "#f3c13a", "#acd3e8", "#f1b09f", "#7c4a2a"),
    # A mirror works: silver, black, and colours from a tube.
    "foelie": Inks("#f3f1f4", "#17151c", "#ff4a96", "#5a3fd4", "#e8f253", "#c9cbd7", "#ffb9d3", "#6c6f80"),
}


class Look(NamedTuple):
    """What a drawing knows of its poster: the inks, a random source of its own, the thing or the letters it shows."""

    inks: Inks
    rng: random.Random
    motif: str = ""
    letters: str = ""
    tall: bool = False


def mix(one: str, other: str, part: float) -> str:
    """A colour between two."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def shade(colour: str, light: float) -> str:
    """The same colour, lighter (above 1) or darker (below)."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(v / 255 for v in _rgb(colour)))
    return "#" + "".join(
        f"{round(v * 255):02x}" for v in colorsys.hls_to_rgb(hue, max(0, min(1, lightness * light)), saturation)
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
