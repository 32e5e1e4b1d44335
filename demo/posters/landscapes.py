"""Family "strata": land and water in layers."""

import math
import random
from collections.abc import Callable, Mapping

from demo.posters.creatures import flying
from demo.posters.ink import Pen, Point, Sheet
from demo.posters.look import Look, mix, shade
from demo.posters.motifs import barn, boat, house

# fmt: off


def ridge(rng: random.Random, y: float, rough: float, x0: float, x1: float, bottom: float = 2) -> list[Point]:
    """The edge of a hill, closed far below."""
    waves = [(rng.uniform(0.7, 1.6) * 2**n, rng.uniform(0, 6.3), rough / 2**n) for n in range(3)]
    line = []
    for n in range(81):
        x = x0 + (x1 - x0) * n / 80
        line.append((x, y + sum(a * math.sin(f * x * 2.2 + turn) for f, turn, a in waves)))
    return [*line, (x1, bottom), (x0, bottom)]


def ripples(p: Pen, rng: random.Random, top: float, bottom: float, half: float, count: int = 26, middle: float = 0) -> None:
    """Light on water: flat lines that grow longer and thicker towards us."""
    for n in range(count):
        part = n / count
        y = top + (bottom - top) * part**1.4
        length = half * rng.uniform(0.25, 1) * (0.35 + part)
        x = middle + rng.uniform(-half, half) * 0.35
        p.line([(x - length / 2, y), (x + length / 2, y)], 0.004 + 0.008 * part)


def river(sheet: Sheet, look: Look) -> None:
    """A boat under a low sun."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    sky = mix(inks.warm, inks.paper, 0.45)
    p = sheet.ground(sky)
    for n in range(5):
        y = -0.5 + n * 0.11
        p.rect(-w, y, w, 2, mix(inks.soft, inks.warm, 0.15 + n * 0.14))
    p.disc(0.18, -0.02, 0.27, inks.main)
    for n, tone in enumerate((0.35, 0.6)):
        p.shape(ridge(rng, 0.06 + n * 0.03, 0.03, -w, w), mix(inks.soft, inks.second, tone))
    p.rect(-w, 0.13, w, 2, mix(inks.second, inks.dark, 0.25))
    ripples(p.using(inks.main), rng, 0.15, 0.46, 0.34, 30, 0.18)
    ripples(p.using(mix(inks.second, inks.paper, 0.35)), rng, 0.15, 0.5, 1.3, 22)
    boat(p.at(-0.16, 0.12, 0.24).using(inks.dark, extra=inks.paper))
    p.blob([(-w, 0.0), (-0.6, 0.06), (-0.4, 0.2), (-0.58, 0.34), (-0.4, 0.56), (-w, 0.9)], inks.dark)
    p.blob([(w, 0.08), (0.66, 0.16), (0.48, 0.3), (0.62, 0.42), (0.5, 0.6), (w, 0.9)], shade(inks.dark, 0.75))
    _reeds(p.using(shade(inks.dark, 0.75)), rng, -w / 2, -0.45, 0.5)
    _reeds(p.using(shade(inks.dark, 0.6)), rng, 0.5, w / 2, 0.5)


def _reeds(p: Pen, rng: random.Random, x0: float, x1: float, y: float) -> None:
    for _ in range(40):
        x, tall, lean = rng.uniform(x0, x1), rng.uniform(0.12, 0.36), rng.uniform(-0.05, 0.05)
        p.line([(x, y), (x + lean / 3, y - tall * 0.6), (x + lean, y - tall)], 0.005)
        if rng.random() < 0.4:
            p.line([(x + lean, y - tall), (x + lean * 1.1, y - tall - 0.045)], 0.014)


def waves(x0: float, x1: float, y: float, tall: float, often: float, turn: float) -> list[Point]:
    line = [(x0 + (x1 - x0) * n / 200, y + tall * math.sin((x0 + (x1 - x0) * n / 200) * often * 3 + turn)) for n in range(201)]
    return [*line, (x1, 2), (x0, 2)]


def field(sheet: Sheet, look: Look) -> None:
    """A moon above fields in stripes, with one small barn."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.dark)
    for n in range(6):
        p.disc(0.2, -0.16, 0.62 - n * 0.075, mix(inks.dark, inks.second, n / 9))
    p.disc(0.2, -0.16, 0.22, inks.paper)
    p.disc(0.15, -0.2, 0.03, mix(inks.paper, inks.light, 0.8))
    p.disc(0.26, -0.1, 0.045, mix(inks.paper, inks.light, 0.8))
    p.disc(0.2, -0.04, 0.02, mix(inks.paper, inks.light, 0.8))
    p.shape([(-w, 0.13), (w, 0.13), (w, 2), (-w, 2)], inks.deep)
    stripes = (inks.warm, inks.deep, mix(inks.warm, inks.paper, 0.4), inks.second, inks.warm, shade(inks.deep, 0.7))
    for n in range(-17, 18):
        near, far = n * 0.22, n * 0.052 - 0.12
        p.shape([(far, 0.13), (far + 0.052, 0.13), (near + 0.22, 0.8), (near, 0.8)], stripes[n % len(stripes)])
    drawing = barn if look.motif != "house" else house
    drawing(p.at(-0.42, 0.03, 0.24).using(shade(inks.dark, 0.6), cut=inks.warm, extra=inks.warm))


def dyke(sheet: Sheet, look: Look) -> None:
    """Three birds above a steep dyke, and what lies beneath it."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    p = sheet.ground(inks.light)
    p.disc(-0.5, -0.26, 0.1, inks.paper)
    p.shape([(-w, 0.16), (-0.5, 0.12), (-0.06, -0.2), (0.22, -0.2), (0.55, 0.02), (w, 0.05), (w, 2), (-w, 2)], inks.deep)
    p.shape([(-w, 0.2), (-0.48, 0.17), (-0.03, -0.14), (0.2, -0.14), (0.53, 0.07), (w, 0.1), (w, 2), (-w, 2)], shade(inks.deep, 1.35))
    layers = (inks.warm, inks.main, shade(inks.main, 0.65), inks.dark, shade(inks.dark, 0.55))
    for n, tone in enumerate(layers):
        p.shape(ridge(rng, 0.15 + n * 0.08, 0.016, -w, w), tone)
    for _ in range(70):
        x, y, r = rng.uniform(-w / 2, w / 2), rng.uniform(0.26, 0.5), rng.uniform(0.003, 0.012)
        p.disc(x, y, r, rng.choice((inks.paper, inks.warm, inks.light)))
    for x, y, size, turn in ((-0.16, -0.36, 0.2, -8), (0.32, -0.4, 0.13, 10), (0.5, -0.28, 0.09, 0)):
        flying(p.at(x, y, size, turn).using(inks.dark))


def night(sheet: Sheet, look: Look) -> None:
    """A bridge under stars, and embers on the water."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    sky = shade(inks.dark, 0.7)
    p = sheet.ground(sky)
    for n in range(5):
        p.rect(-w, -0.3 + n * 0.1, w, 2, mix(sky, inks.second, n * 0.07))
    for _ in range(150):
        p.disc(rng.uniform(-w / 2, w / 2), rng.uniform(-0.5, 0.08), rng.choice((0.0015, 0.0025, 0.004)), inks.paper)
    water = mix(inks.dark, inks.second, 0.4)
    p.rect(-w, 0.16, w, 2, water)
    bridge = shade(inks.dark, 0.42)
    p.rect(-w, -0.02, w, 0.05, bridge)
    for n in range(4):
        x = -0.75 + n * 0.5
        p.shape([(x - 0.25, 0.0), (x + 0.25, 0.0), (x + 0.25, 0.2), (x - 0.25, 0.2)], bridge)
        p.pie(x, 0.2, 0.19, 180, 360, mix(sky, inks.second, 0.32))
        p.rect(x - 0.19, 0.16, x + 0.19, 0.2, water)
    p.rect(-w, 0.2, w, 0.21, bridge)
    for x, size in ((-0.5, 0.3), (0.36, 0.22)):
        p.shape([(x - size / 2, 0.27), (x + size / 2, 0.27), (x + size * 0.4, 0.33), (x - size * 0.4, 0.33)], bridge)
        p.rect(x - 0.05, 0.22, x + 0.04, 0.28, bridge)
    for x in (-0.62, -0.1, 0.14, 0.55):
        p.disc(x, -0.035, 0.016, inks.warm)
        p.disc(x, -0.04, 0.008, inks.paper)
        ripples(p.using(mix(inks.main, inks.warm, 0.5)), rng, 0.22, 0.5, 0.1, 16, x)


def sea(sheet: Sheet, look: Look) -> None:
    """A lightship on a flat sea, with its beam."""
    inks, w = look.inks, sheet.wide
    sky = inks.dark
    p = sheet.ground(sky)
    p.shape([(0.12, -0.27), (-w, -0.75), (-w, -0.12)], inks.warm)
    p.shape([(0.12, -0.27), (w, -0.2), (w, -0.02)], mix(inks.dark, inks.warm, 0.55))
    tones = [mix(inks.light, inks.second, t) for t in (0.1, 0.35, 0.6, 0.85)] + [mix(inks.second, inks.dark, t) for t in (0.3, 0.6)]
    hull = p.at(0.12, 0.02, 0.62)
    hull.shape([(-0.5, 0.1), (0.52, 0.04), (0.44, 0.36), (-0.4, 0.36)], inks.main)
    hull.rect(-0.24, -0.06, 0.22, 0.1, inks.paper)
    for n in range(4):
        hull.disc(-0.16 + n * 0.1, 0.02, 0.026, inks.dark)
    hull.shape([(-0.05, -0.06), (0.05, -0.06), (0.025, -0.42), (-0.025, -0.42)], inks.main)
    hull.rect(-0.06, -0.5, 0.06, -0.42, inks.paper)
    hull.line([(0.36, 0.06), (0.36, -0.28)], 0.02, inks.main)
    for n, tone in enumerate(tones):
        p.shape(waves(-w, w, 0.17 + n * 0.062, 0.006, 4 - n * 0.3, n * 2), tone)


LANDSCAPES: Mapping[str, Callable[[Sheet, Look], None]] = {"": river, "field": field, "dyke": dyke, "night": night, "sea": sea}
