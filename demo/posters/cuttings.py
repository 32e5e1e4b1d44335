"""Family "paper": cut-outs that throw a shadow."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from demo.posters.ink import Pen, Point, Sheet
from demo.posters.look import Look, mix, shade
from demo.posters.motifs import MOTIFS

# fmt: off


@contextmanager
def piece(sheet: Sheet, tone: str, deep: float = 1) -> Iterator[Pen]:
    """Cut one piece of paper; it is pasted, its shadow first, when the scissors are put down."""
    stencil = sheet.stencil()
    yield stencil
    sheet.shadow(stencil.image, 0.006 * deep, 0.011 * deep, 0.009 * deep)
    sheet.lay(stencil.image, tone)


def scraps(sheet: Sheet, look: Look, kinds: tuple[str, ...], tones: tuple[str, ...], count: int, hole: float) -> None:
    """Leaves and shapes all around, with room in the middle; one colour is one layer."""
    rng, w = look.rng, sheet.wide
    spots = []
    for n in range(count):
        t = n / count * 2 * math.pi + rng.uniform(-0.2, 0.2)
        far = rng.uniform(hole, hole + 0.16)
        spots.append((w / 2 * 0.98 * math.cos(t) * far * 1.6, 0.5 * math.sin(t) * far * 1.9, rng.uniform(0.2, 0.34), math.degrees(t) + 90))
    for n, tone in enumerate(tones):
        with piece(sheet, tone) as p:
            for k, (x, y, size, turn) in enumerate(spots[n :: len(tones)]):
                MOTIFS[kinds[(n + k) % len(kinds)]](p.at(x, y, size, turn))


def figure(sheet: Sheet, look: Look, x: float, y: float, size: float, turn: float, tones: tuple[str, str, str], name: str = "") -> None:
    """A thing of paper: its whole outline throws the shadow, then its parts are pasted."""
    drawing = MOTIFS[name or look.motif]
    outline = sheet.stencil()
    drawing(outline.at(x, y, size, turn).using(255, 255, 255))
    sheet.shadow(outline.image, 0.008, 0.014, 0.011)
    ink, cut, extra = tones
    drawing(sheet.pen(ink, cut, extra).at(x, y, size, turn))


def cups(sheet: Sheet, look: Look) -> None:
    """Cups and leaves on a table cloth."""
    inks, rng = look.inks, look.rng
    sheet.ground(inks.light)
    with piece(sheet, inks.paper) as p:
        p.blob([(-0.9, -0.28), (0.0, -0.34), (0.9, -0.26), (0.9, 0.3), (0.0, 0.36), (-0.9, 0.28)])
    scraps(sheet, look, ("leaf", "seaweed"), (inks.second, inks.warm, inks.deep), 16, 0.42)
    for x, y, turn, tone in ((-0.42, 0.1, -24, inks.main), (0.04, -0.08, 14, inks.dark), (0.44, 0.12, 160, inks.second)):
        figure(sheet, look, x, y, 0.34, turn + rng.uniform(-4, 4), (tone, inks.paper, inks.warm))


def sleep(sheet: Sheet, look: Look) -> None:
    """A moon and clouds over each other."""
    inks = look.inks
    p = sheet.ground(inks.dark)
    for n in range(4):
        with piece(sheet, mix(inks.dark, inks.second, 0.15 + n * 0.14), 0.6) as q:
            q.disc(0.1, -0.06, 0.62 - n * 0.1)
    with piece(sheet, inks.warm) as q:
        MOTIFS["moon"](q.at(0.06, -0.06, 0.52, -22))
    for x, y, size, tone in (
        (-0.4, 0.2, 0.5, inks.paper),
        (0.44, 0.06, 0.4, inks.soft),
        (0.12, 0.36, 0.62, inks.light),
        (-0.52, -0.26, 0.28, inks.light),
    ):
        with piece(sheet, tone) as q:
            _cloud(q.at(x, y, size))
    for x, y in ((-0.2, -0.38), (0.5, -0.36), (-0.6, 0.0), (0.34, -0.2)):
        p.at(x, y, 0.05).blob([(0, -0.5), (0.12, -0.12), (0.5, 0), (0.12, 0.12), (0, 0.5), (-0.12, 0.12), (-0.5, 0), (-0.12, -0.12)], inks.warm)


def _cloud(p: Pen) -> None:
    p.rect(-0.4, 0.0, 0.4, 0.16)
    for x, y, r in ((-0.36, 0.04, 0.12), (-0.14, -0.08, 0.18), (0.12, -0.04, 0.15), (0.36, 0.05, 0.11)):
        p.disc(x, y, r)


def cloth(sheet: Sheet, look: Look) -> None:
    """Strips in ten blues, hung side by side as wet cloth."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    sheet.ground(inks.paper)
    count = 10
    for n in range(count):
        x, wide = -w / 2 + (n + 0.5) * w / count, w / count * 0.62
        tone = mix(mix(inks.light, inks.second, min(1, n / 5)), inks.dark, max(0, (n - 3) / 7))
        low, turn = rng.uniform(0.26, 0.52), rng.uniform(0, 6)
        left: list[Point] = [(x - wide / 2 + 0.02 * math.sin(t / 4 + turn), -0.56 + t / 20 * (low + 0.56)) for t in range(21)]
        right = [(a + wide + 0.012 * math.sin(t / 3), b + 0.05 * math.sin(turn)) for t, (a, b) in enumerate(left)]
        with piece(sheet, tone) as q:
            q.shape([*left, *reversed(right)])
    p = sheet.pen(inks.warm)
    p.line([(-w, -0.43), (w, -0.41)], 0.01)
    for n in range(count):
        x = -w / 2 + (n + 0.5) * w / count
        p.rect(x - 0.012, -0.46, x + 0.012, -0.38, inks.main if n % 3 == 0 else inks.warm)


def pencil(sheet: Sheet, look: Look) -> None:
    """A hand with a long pencil over loose scraps."""
    inks, rng = look.inks, look.rng
    sheet.ground(inks.paper)
    for n, tone in enumerate((inks.light, inks.soft, inks.warm, inks.second)):
        turns = [rng.uniform(0.6, 1.2) for _ in range(7)]
        x, y, r = (-0.46, 0.36, -0.1, 0.5)[n], (-0.18, -0.26, 0.28, 0.24)[n], (0.28, 0.22, 0.24, 0.18)[n]
        blot = [(x + r * s * math.cos(k * 0.9), y + r * s * math.sin(k * 0.9)) for k, s in enumerate(turns)]
        with piece(sheet, tone) as p:
            p.blob(blot)
    figure(sheet, look, 0.22, 0.12, 0.7, -38, (inks.main, inks.paper, inks.dark))

    with piece(sheet, inks.dark) as p:
        p.at(-0.06, -0.04, 0.9, 38).rect(-0.5, -0.035, 0.42, 0.035)
    q = sheet.pen(inks.warm).at(-0.06, -0.04, 0.9, 38)
    q.shape([(-0.5, -0.035), (-0.5, 0.035), (-0.6, 0.0)])
    q.shape([(-0.565, -0.012), (-0.565, 0.012), (-0.6, 0.0)], inks.dark)
    q.rect(0.36, -0.035, 0.42, 0.035, inks.soft)
    line = [(-0.6 + k / 60 + 0.02 * math.sin(k / 3), -0.42 + 0.05 * math.sin(k / 4)) for k in range(12)]
    sheet.pen(inks.dark).line(line, 0.006)


def giant(sheet: Sheet, look: Look) -> None:
    """A village of paper houses, and the shadow of someone large stepping over it."""
    inks = look.inks
    p = sheet.ground(inks.warm)
    p.disc(0.4, -0.26, 0.15, mix(inks.warm, inks.paper, 0.7))
    tone = mix(inks.second, inks.dark, 0.35)
    with piece(sheet, tone, 1.4) as q:
        q.disc(-0.03, -0.35, 0.085)
        q.blob([(-0.1, -0.4), (-0.24, -0.36), (-0.34, -0.2), (-0.2, -0.24), (-0.1, -0.3)])
        q.rect(-0.06, -0.3, 0.0, -0.22)
        q.shape([(-0.11, -0.25), (0.05, -0.25), (0.2, 0.12), (-0.26, 0.12)])
        q.line([(-0.14, 0.1), (-0.33, 0.24), (-0.36, 0.47)], 0.06)
        q.line([(0.08, 0.1), (0.27, 0.16), (0.34, 0.47)], 0.06)
        q.line([(-0.09, -0.22), (-0.3, -0.1), (-0.42, -0.14)], 0.045)
        q.line([(0.03, -0.22), (0.25, -0.12), (0.36, -0.22)], 0.045)
    colours = (inks.main, inks.paper, inks.soft, inks.dark, inks.light, inks.deep)
    for n, x in enumerate((-0.66, -0.5, -0.16, 0.0, 0.14, 0.52, 0.68)):
        wall = colours[n % 6]
        figure(
            sheet,
            look,
            x,
            0.36 - 0.02 * (n % 2),
            0.2 + 0.03 * (n % 3),
            0,
            (wall, shade(wall, 0.6), inks.warm if wall != inks.paper else inks.main),
            "house",
        )
    with piece(sheet, inks.deep) as q:
        q.shape([(-2, 0.45), (2, 0.43), (2, 2), (-2, 2)])


def royal(sheet: Sheet, look: Look) -> None:
    """A crooked crown above round, pink shapes."""
    inks = look.inks
    sheet.ground(inks.second)
    scraps(sheet, look, ("leaf", "seaweed"), (inks.dark, mix(inks.second, inks.warm, 0.4)), 12, 0.46)
    skin = inks.soft
    with piece(sheet, skin) as q:
        q.blob([(-0.5, 0.2), (-0.3, 0.06), (0.0, 0.2), (0.36, 0.24), (0.5, 0.4), (0.5, 0.9), (-0.6, 0.9), (-0.6, 0.5)])
    for x, y, r in ((0.42, 0.25, 0.075), (0.29, 0.2, 0.09), (0.13, 0.16, 0.1), (-0.04, 0.13, 0.115), (-0.29, 0.08, 0.22)):
        with piece(sheet, shade(skin, 1.03)) as q:
            q.blob([(x - r, y + r), (x - r * 0.9, y - r * 0.6), (x, y - r), (x + r * 0.9, y - r * 0.6), (x + r, y + r), (x, y + r * 1.3)])
        sheet.pen(inks.main if r > 0.2 else mix(skin, inks.paper, 0.7)).blob(
            [
                (x - r * 0.5, y - r * 0.2),
                (x - r * 0.4, y - r * 0.7),
                (x, y - r * 0.84),
                (x + r * 0.4, y - r * 0.7),
                (x + r * 0.5, y - r * 0.2),
            ]
        )
    figure(sheet, look, -0.31, -0.29, 0.34, -10, (inks.warm, inks.dark, inks.main))


CUTTINGS: Mapping[str, Callable[[Sheet, Look], None]] = {
    "cup": cups, "moon": sleep, "cloth": cloth, "hand": pencil, "house": giant, "crown": royal,
}
