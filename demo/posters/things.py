"""Families "scene" (a thing and its shadow) and "riso" (a thing in two inks, halftone)."""

import math
from collections.abc import Callable, Mapping

from PIL import Image, ImageChops, ImageFilter

from demo.posters.ink import Pen, Sheet, fade, halftone
from demo.posters.look import Look, mix, shade
from demo.posters.motifs import MOTIFS, armchair, bowl, chair, stool

# fmt: off


def scene(sheet: Sheet, look: Look) -> None:
    """One thing against a wall, with a long shadow over the floor."""
    inks, w = look.inks, sheet.wide
    wall, floor = inks.warm, mix(inks.warm, inks.main, 0.62)
    p = sheet.ground(wall)
    p.disc(-0.34, -0.26, 0.14, mix(inks.warm, inks.paper, 0.6))
    p.rect(-w, 0.2, w, 2, floor)
    _shadow(sheet, look, 0.06, 0.38, 0.62, shade(floor, 0.62))
    MOTIFS[look.motif](p.at(0.06, 0.07, 0.62).using(inks.dark, cut=inks.paper, extra=inks.main))
    if look.motif == "ladder":
        p.at(-0.4, 0.4, 0.12, 40).rect(-0.3, -0.06, 0.3, 0.06, inks.dark)
        p.at(-0.4, 0.4, 0.12, 40).rect(-0.42, -0.16, -0.3, 0.16, inks.dark)


def _shadow(sheet: Sheet, look: Look, x: float, foot: float, size: float, tone: str) -> None:
    """The thing once more, sheared along the floor."""
    stencil = sheet.stencil()
    MOTIFS[look.motif](stencil.at(x, foot - size / 2, size).using(255, 255, 255))
    base = (foot / sheet.high + 0.5) * sheet.large[1]
    lean, flat = 1.5, -3.2
    shadow = stencil.image.transform(sheet.large, Image.Transform.AFFINE, (1, lean, -lean * base, 0, flat, base - flat * base))
    sheet.lay(shadow, tone)


def split(sheet: Sheet, look: Look) -> None:
    """A dog on a chalk line between two halves."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.soft)
    p.rect(0.02, -2, w, 2, inks.light)
    for side, tone in ((-1, mix(inks.soft, inks.main, 0.5)), (1, mix(inks.light, inks.deep, 0.4))):
        for n in range(4):
            p.line([(0.02 + side * (0.14 + n * 0.17), -0.6), (0.02 + side * (0.3 + n * 0.24), 0.6)], 0.012, tone)
    rng = look.rng
    for _ in range(420):
        y = rng.uniform(-0.5, 0.5)
        p.disc(0.02 + rng.gauss(0, 0.006), y, rng.uniform(0.001, 0.006), inks.paper)
    MOTIFS["dog"](p.at(0.04, 0.0, 0.66).using(inks.dark, cut=inks.paper, extra=inks.second))


def spotlight(sheet: Sheet, look: Look) -> None:
    """One empty chair in a cone of light."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(shade(inks.dark, 0.7))
    p.rect(-w, 0.24, w, 2, inks.dark)
    for n in range(3):
        half = 0.34 - n * 0.07
        tone = mix(shade(inks.dark, 0.9), inks.warm, 0.12 + n * 0.14)
        p.shape([(0.1 - 0.03, -0.6), (0.1 + 0.03, -0.6), (0.1 + half, 0.3), (0.1 - half, 0.3)], tone)
    oval = p.at(0.1, 0.3, 1)
    for half, tone in ((0.34, mix(inks.dark, inks.warm, 0.5)), (0.27, inks.warm), (0.18, mix(inks.warm, inks.paper, 0.5))):
        oval.blob(
            [
                (-half, 0),
                (-half * 0.7, -half * 0.2),
                (0, -half * 0.29),
                (half * 0.7, -half * 0.2),
                (half, 0),
                (half * 0.7, half * 0.2),
                (0, half * 0.29),
                (-half * 0.7, half * 0.2),
            ],
            tone,
        )
    chair(p.at(0.1, 0.12, 0.36).using(shade(inks.dark, 0.45)))


def row(sheet: Sheet, look: Look) -> None:
    """Seats side by side, none like the other."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.paper)
    p.rect(-w, 0.24, w, 2, inks.light)
    blocks = (inks.soft, inks.paper, inks.warm, inks.paper, inks.light)
    for n, tone in enumerate(blocks):
        p.rect(-0.75 + n * 0.3, -0.6, -0.45 + n * 0.3, 0.24, tone)
    tones = (inks.main, inks.dark, inks.second, inks.deep, inks.main)
    drawings = (chair, armchair, stool, armchair, chair)
    for n, (drawing, tone) in enumerate(zip(drawings, tones, strict=True)):
        drawing(p.at(-0.6 + n * 0.3, 0.115, 0.31, flip=n == 4).using(tone, extra=inks.warm if n == 3 else shade(tone, 0.7)))


def checked(sheet: Sheet, look: Look) -> None:
    """A cup with three curls of steam, on a checked cloth."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.paper)
    step = 0.125
    for n in range(-7, 8):
        p.rect(n * step * 2, -2, n * step * 2 + step, 2, inks.soft)
    plate = sheet.stencil()
    for n in range(-5, 6):
        plate.rect(-w, n * step * 2, w, n * step * 2 + step)
    sheet.lay(plate.image, inks.soft, opaque=False)
    p.disc(0, 0.02, 0.4, inks.paper)
    p.disc(0, 0.02, 0.4 - 0.02, inks.main)
    MOTIFS["cup"](p.at(0.03, 0.1, 0.52).using(inks.dark, extra=inks.paper))
    _steam(p, -0.06, -0.08, inks.paper)


def _steam(p: Pen, x: float, y: float, tone: str) -> None:
    """Three curls."""
    for n in range(-1, 2):
        curl = [(x + n * 0.085 + 0.02 * math.sin(k / 3), y - k * 0.01 - abs(n - 1) * 0.008) for k in range(21)]
        p.line(curl, 0.015, tone)


def board(sheet: Sheet, look: Look) -> None:
    """A loaf on a wooden table, in flour."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    p = sheet.ground(inks.warm)
    p.rect(-w, -0.02, w, 2, inks.deep)
    for n in range(5):
        y = 0.04 + n * n * 0.03
        p.line([(-w, y), (w, y)], 0.004 + n * 0.002, shade(inks.deep, 0.7))
    for _ in range(500):
        p.disc(rng.gauss(0, 0.34), 0.28 + rng.gauss(0, 0.06), rng.uniform(0.001, 0.006), inks.paper)
    MOTIFS["bread"](p.at(0, 0.04, 0.74).using(mix(inks.deep, inks.warm, 0.62), extra=inks.paper))


def woods(sheet: Sheet, look: Look) -> None:
    """A striped tent among tall trees."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    p = sheet.ground(inks.light)
    p.disc(0.34, -0.24, 0.13, inks.warm)
    for layer, tone in enumerate((mix(inks.light, inks.second, 0.45), inks.second, inks.dark)):
        for n in range(9 - layer * 2):
            x, wide = -w / 2 + (n + rng.uniform(0.1, 0.9)) * w / (9 - layer * 2), 0.05 + layer * 0.03
            if layer == 2 and abs(x) < 0.38:
                continue
            for k in range(3):
                y = 0.32 - k * (0.12 + layer * 0.06)
                p.shape([(x - wide * (1.6 - k * 0.35), y), (x + wide * (1.6 - k * 0.35), y), (x, y - 0.2 - layer * 0.08)], tone)
            p.rect(x - 0.012, 0.3, x + 0.012, 0.42, inks.deep)
        p.rect(-w, 0.3 + layer * 0.04, w, 2, shade(tone, 1.05))
    MOTIFS["tent"](p.at(0, 0.18, 0.5).using(inks.main, cut=shade(inks.dark, 0.6), extra=inks.paper))


def table(sheet: Sheet, look: Look) -> None:
    """A steaming bowl on a long table, and the shadows of chairs."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.light)
    for n in range(6):
        for side in (-1, 1):
            x, y = -0.64 + n * 0.256, side * 0.4
            plate = sheet.stencil()
            chair(plate.at(x + 0.03, y, 0.24, 90 + side * 90 + 12))
            sheet.lay(plate.image, mix(inks.light, inks.deep, 0.55))
    p.shape([(-w, -0.2), (w, -0.24), (w, 0.24), (-w, 0.28)], inks.warm)
    p.line([(-w, 0.28), (w, 0.24)], 0.02, shade(inks.warm, 0.7))
    bowl(p.at(0, 0.02, 0.44).using(inks.second, extra=inks.main))
    _steam(p, 0, -0.06, inks.paper)


def riso(sheet: Sheet, look: Look) -> None:
    """A thing in halftone over a flat shape, two inks that do not quite fit."""
    one, two, ground = _pair(look)
    sheet.ground(ground)
    size, turn = (1.06 if look.tall else 0.88), _turn(look)
    thing = sheet.stencil()
    MOTIFS[look.motif](thing.at(0, 0, size, turn).using(255, 0, 150))
    back = sheet.stencil()
    _backdrop(back, look, size)
    room = (
        thing.image.point(lambda v: 255 if v else 0)
        .reduce(8)
        .filter(ImageFilter.MaxFilter(9))
        .resize(sheet.large, Image.Resampling.BILINEAR)
    )
    sheet.lay(ImageChops.subtract(back.image, room), one, opaque=False)
    under = ImageChops.offset(thing.image, sheet.short // 55, sheet.short // 70)
    sheet.lay(_dots(sheet, under, 60, 210, 68), one, opaque=False)
    sheet.lay(_dots(sheet, thing.image, 255, 175, 24), two, opaque=False)
    edge = sheet.stencil()
    for n in range(5):
        left = 0.04 + n * 0.03 - sheet.wide / 2
        edge.rect(left, sheet.high / 2 - 0.06, left + 0.02, sheet.high / 2 - 0.04)
    sheet.lay(edge.image, two, opaque=False)


def _dots(sheet: Sheet, shape: Image.Image, top: int, bottom: int, angle: int) -> Image.Image:
    return halftone(ImageChops.multiply(fade(sheet.large, top, bottom), shape), 28, angle)


def _pair(look: Look) -> tuple[str, str, str]:
    inks = look.inks
    pairs = {
        "lamp": (inks.soft, inks.dark),
        "bellows": (inks.main, inks.second),
        "key": (inks.warm, inks.dark),
        "book": (inks.warm, inks.second),
        "microphone": (inks.main, inks.second),
        "scissors": (inks.main, inks.second),
        "trumpet": (inks.warm, inks.second),
        "cassette": (inks.warm, inks.second),
    }
    one, two = pairs.get(look.motif, (inks.main, inks.second))
    grounds = {"lamp": inks.light, "key": inks.soft, "book": inks.light, "cassette": inks.light}
    return one, two, mix(inks.paper, grounds.get(look.motif, inks.paper), 0.75)


def _turn(look: Look) -> float:
    return {"key": 32, "microphone": 24, "trumpet": -14, "scissors": 14, "cassette": -9}.get(look.motif, 0)


def _backdrop(p: Pen, look: Look, size: float) -> None:
    if look.motif == "lamp":
        p.shape([(-0.1, 0.1), (0.1, 0.1), (0.62, 0.9), (-0.62, 0.9)])
    elif look.motif in ("bellows", "scissors"):
        for n in range(9):
            p.line([(-1.2, -0.5 + n * 0.13), (1.2, -0.62 + n * 0.13)], 0.05)
    elif look.motif in ("trumpet", "microphone"):
        for n in range(18):
            x = 0.28 if look.motif == "trumpet" else 0.12
            p.pie(x, -0.12, 1.4, n * 20, n * 20 + 10)
    elif look.motif == "cassette":
        p.line([(-0.62 + n / 60, 0.36 + 0.1 * math.sin(n / 7)) for n in range(80)], 0.03)
        p.disc(0.3, -0.24, 0.26)
    else:
        p.disc(0.1, 0.0, size * 0.46)


SCENES: Mapping[str, Callable[[Sheet, Look], None]] = {
    "": scene,
    "split": split,
    "spotlight": spotlight,
    "row": row,
    "checked": checked,
    "board": board,
    "woods": woods,
    "table": table,
}
RISO: Mapping[str, Callable[[Sheet, Look], None]] = {"": riso}
