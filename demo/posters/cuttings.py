"""Family "paper": cut-outs that throw a shadow."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from demo.posters.ink import Pen, Point, Sheet
from demo.posters.look import Look, mix, shade
from demo.posters.motifs import MOTIFS


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
    for x, y, size, tone in ((-0.4, 0.2, 0.5, inks.paper), (0.44, 0.06, 0.4, inks.soft), (0.12, 0.36, 0.62, inks.light), (-0.52, -0.26, 0.28, inks.light)):
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


def shoal(sheet: Sheet, look: Look) -> None:
    """Fish and weeds."""
    inks, rng = look.inks, look.rng
    sheet.ground(mix(inks.second, inks.light, 0.25))
    for n, tone in enumerate((mix(inks.second, inks.dark, 0.5), inks.deep, mix(inks.deep, inks.warm, 0.35))):
        with piece(sheet, tone) as p:
            for k in range(3):
                x, tall, turn = -0.66 + (k * 3 + n) * 0.165, 0.42 + 0.08 * ((k + n) % 3), (k * 37 + n * 20) % 30 - 15
                MOTIFS["seaweed"](p.at(x, 0.28 + 0.06 * (k % 2), tall, turn))
    spots = ((-0.36, -0.24, 0.42, 8, inks.main), (0.3, -0.3, 0.3, -172, inks.warm), (0.12, 0.02, 0.5, -6, inks.paper),
             (-0.5, 0.1, 0.26, 176, inks.soft), (0.56, 0.12, 0.3, 10, inks.dark), (-0.1, 0.3, 0.24, -8, inks.warm), (0.5, -0.06, 0.16, 0, inks.main))  # fmt: skip
    for x, y, size, turn, tone in spots:
        eye = inks.dark if tone != inks.dark else inks.paper
        figure(sheet, look, x, y, size, turn, (tone, eye, shade(tone, 0.8)))
    p = sheet.pen(inks.paper)
    for _ in range(14):
        p.ring(rng.uniform(-0.7, 0.7), rng.uniform(-0.5, 0.2), rng.uniform(0.006, 0.014), 0.004)


def stuck(sheet: Sheet, look: Look) -> None:
    """A bear stuck in a door that is much too small."""
    inks = look.inks
    p = sheet.ground(inks.soft)
    for n in range(-8, 9):
        p.line([(n * 0.12, -0.6), (n * 0.12, 0.34)], 0.006, mix(inks.soft, inks.main, 0.4))
    p.rect(-2, 0.34, 2, 2, inks.second)
    with piece(sheet, inks.warm) as q:
        q.rect(-0.3, -0.32, 0.3, 0.36)
    p.rect(-0.25, -0.27, 0.25, 0.36, inks.dark)
    brown = mix(inks.main, inks.dark, 0.55)
    figure(sheet, look, 0, 0.06, 0.86, 0, (brown, inks.paper, mix(brown, inks.warm, 0.6)), "bear")
    for side in (-1, 1):
        with piece(sheet, brown, 0.7) as q:
            q.blob([(side * 0.2, 0.02), (side * 0.44, -0.06), (side * 0.46, 0.06), (side * 0.24, 0.16)])
    for side in (-1, 1):
        with piece(sheet, inks.warm, 0.4) as q:
            q.rect(side * 0.28 - 0.025, 0.08, side * 0.28 + 0.025, 0.36)
    with piece(sheet, inks.main, 0.6) as q:
        MOTIFS["cup"](q.at(-0.56, 0.3, 0.18))


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
        figure(sheet, look, x, 0.36 - 0.02 * (n % 2), 0.2 + 0.03 * (n % 3), 0, (wall, shade(wall, 0.6), inks.warm if wall != inks.paper else inks.main), "house")
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
        sheet.pen(inks.main if r > 0.2 else mix(skin, inks.paper, 0.7)).blob([(x - r * 0.5, y - r * 0.2), (x - r * 0.4, y - r * 0.7), (x, y - r * 0.84), (x + r * 0.4, y - r * 0.7), (x + r * 0.5, y - r * 0.2)])
    figure(sheet, look, -0.31, -0.29, 0.34, -10, (inks.warm, inks.dark, inks.main))


def garden(sheet: Sheet, look: Look) -> None:
    """A black bird among large leaves."""
    inks = look.inks
    sheet.ground(inks.soft)
    scraps(sheet, look, ("monstera", "leaf", "seaweed"), (inks.dark, inks.second, inks.main, inks.warm), 20, 0.4)
    figure(sheet, look, 0.0, 0.0, 0.62, 0, ("#1d1d22", "#34343c", inks.warm))
    with piece(sheet, inks.deep, 0.6) as q:
        q.line([(-0.4, 0.3), (-0.1, 0.28), (0.4, 0.31)], 0.03)


def perch(sheet: Sheet, look: Look) -> None:
    """A parrot of strips of paper, on a stick."""
    inks = look.inks
    sheet.ground(inks.light)
    with piece(sheet, inks.paper) as q:
        q.disc(0.02, -0.02, 0.42)
    scraps(sheet, look, ("leaf",), (inks.second, inks.dark), 10, 0.5)
    with piece(sheet, inks.deep, 0.7) as q:
        q.rect(-0.42, 0.2, 0.46, 0.235)
    figure(sheet, look, 0.02, 0.0, 0.84, 0, (inks.main, inks.warm, inks.second))


def jungle(sheet: Sheet, look: Look) -> None:
    """Large leaves that grow over a small chair."""
    inks = look.inks
    sheet.ground(inks.soft)
    with piece(sheet, inks.paper) as q:
        q.disc(0.0, 0.02, 0.36)
    figure(sheet, look, 0.0, 0.1, 0.34, 0, (inks.dark, inks.paper, inks.main), "chair")
    green = "#2f8f5b"
    scraps(sheet, look, ("monstera", "leaf", "seaweed"), (inks.dark, green, inks.main, shade(green, 0.6)), 24, 0.4)


def dragon(sheet: Sheet, look: Look) -> None:
    """A dragon folded of white paper."""
    inks = look.inks
    sheet.ground(inks.main)
    spine: list[Point] = [(-0.44 + t * 0.095, 0.2 * math.sin(t * 0.95 + 0.4) + 0.04) for t in range(12)]
    for n in range(11, 0, -1):
        (x0, y0), (x1, y1) = spine[n - 1], spine[n]
        thick = 0.1 * math.sin((12 - n) / 12 * math.pi * 0.55 + 0.25)
        fold = [(x0, y0 - thick), (x1, y1 - thick * 0.9), (x1, y1 + thick * 0.9), (x0, y0 + thick)]
        ridge = [(x0, y0 - thick), ((x0 + x1) / 2, min(y0, y1) - thick * 2.1), (x1, y1 - thick * 0.9)]
        with piece(sheet, inks.paper if n % 2 else inks.light, 0.8) as p:
            p.shape(fold)
            p.shape(ridge)
    head = [(-0.56, -0.06), (-0.5, 0.2), (-0.66, 0.3), (-0.78, 0.26), (-0.68, 0.2), (-0.8, 0.14), (-0.68, 0.0)]
    with piece(sheet, inks.paper) as q:
        q.at(0.17, 0, 1).shape(head)
    p = sheet.pen(inks.dark).at(0.17, 0, 1)
    p.disc(-0.63, 0.1, 0.017)
    p.shape([(-0.56, -0.06), (-0.5, -0.18), (-0.52, 0.02)], inks.paper)
    p.shape([(-0.68, 0.2), (-0.5, 0.2), (-0.56, 0.04)], inks.light)
    for n, tone in enumerate((inks.warm, inks.second, inks.warm)):
        p.shape([(-0.82, 0.17 + n * 0.02), (-1.0, 0.08 + n * 0.09), (-0.98, 0.13 + n * 0.09)], tone)


PAPER: Mapping[str, Callable[[Sheet, Look], None]] = {
    "cup": cups, "moon": sleep, "cloth": cloth, "fish": shoal, "bear": stuck, "hand": pencil, "house": giant, "crown": royal,
    "bird": garden, "parrot": perch, "leaf": jungle, "dragon": dragon,
}  # fmt: skip
