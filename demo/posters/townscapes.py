"""Family "strata", the towns: roofs above, water or earth below."""

import math
from collections.abc import Callable, Mapping

from demo.posters.ink import Pen, Point, Sheet
from demo.posters.landscapes import ridge, ripples, waves
from demo.posters.look import Look, mix, shade

# fmt: off


def flood(sheet: Sheet, look: Look) -> None:
    """Towers and roofs that still stand out above the water."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    p = sheet.ground(inks.main)
    for n in range(9):
        y = -0.5 + n * 0.075
        p.rect(-w, y, w, 2, mix(inks.main, inks.warm, n / 8))
    p.disc(-0.42, 0.02, 0.16, inks.paper)
    far = mix(inks.main, inks.dark, 0.55)
    for n in range(9):
        _tower(p.using(far), -0.8 + n * 0.2 + rng.uniform(-0.05, 0.05), 0.2, rng.uniform(0.14, 0.3), n)
    p.rect(-w, 0.12, w, 2, mix(inks.second, inks.warm, 0.25))
    for n, x in enumerate((-0.62, -0.2, 0.3, 0.58)):
        _tower(p.using(inks.dark), x, 0.3, (0.4, 0.28, 0.52, 0.33)[n], n + 1)
    tones = [mix(inks.second, inks.dark, t) for t in (0.05, 0.3, 0.55, 0.8)]
    for n, tone in enumerate(tones):
        p.shape(waves(-w, w, 0.2 + n * 0.085, 0.014 + n * 0.004, 5 - n * 0.6, n), tone)
    ripples(p.using(inks.warm), rng, 0.23, 0.4, 0.3, 12, -0.42)


def _tower(p: Pen, x: float, foot: float, tall: float, kind: int) -> None:
    half = 0.035 + tall * 0.07
    top = foot - tall
    p.rect(x - half, top, x + half, foot + 0.2)
    roofs: list[list[Point]] = [
        [(x - half * 1.2, top), (x, top - half * 4), (x + half * 1.2, top)],
        [
            (x - half, top),
            (x - half, top - half),
            (x, top - half * 2.2),
            (x + half, top - half),
            (x + half, top),
        ],
        [(x - half * 1.5, top + half), (x, top - half * 1.3), (x + half * 1.5, top + half)],
    ]
    p.shape(roofs[kind % 3])
    if kind % 3 == 0:
        p.line([(x, top - half * 4), (x, top - half * 5)], 0.006)


def dusk(sheet: Sheet, look: Look) -> None:
    """A row of warehouses against the evening, twice: once in the water."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    violet = mix(inks.dark, "#9a78b8", 0.7)
    p = sheet.pen(violet)
    for n in range(8):
        p.rect(-w, -0.5 + n * 0.08, w, 2, mix(violet, inks.soft, n / 7))
    p.rect(-w, 0.16, w, 2, mix(violet, inks.dark, 0.35))
    x, walls = -w / 2 - 0.02, (inks.main, inks.dark, inks.second, shade(inks.main, 0.7), inks.deep, inks.dark)
    number = 0
    while x < w / 2:
        wide, tall = rng.uniform(0.13, 0.2), rng.uniform(0.2, 0.36)
        wall = walls[number % len(walls)]
        for side in (-1, 1):
            tone = wall if side < 0 else mix(wall, violet, 0.55)
            top, peak = 0.16 + side * tall, 0.16 + side * (tall + 0.13)
            steps = [(x, 0.16), (x, top), (x + wide * 0.2, top), (x + wide * 0.5, peak), (x + wide * 0.8, top), (x + wide, top), (x + wide, 0.16)]
            p.shape(steps, tone)
        for floor in range(int(tall / 0.08)):
            for col in range(3):
                lit = inks.warm if rng.random() < 0.22 else shade(wall, 0.6)
                left, up = x + wide * (0.17 + col * 0.25), 0.08 - floor * 0.08
                p.rect(left, up, left + wide * 0.15, up + 0.045, lit)
        x += wide
        number += 1
    p.rect(-w, 0.15, w, 0.17, shade(inks.dark, 0.6))
    ripples(p.using(mix(inks.soft, inks.paper, 0.3)), rng, 0.2, 0.5, 1.4, 24)


def underground(sheet: Sheet, look: Look) -> None:
    """A section through a city: houses on top, a stream below."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    p = sheet.ground(inks.soft)
    p.disc(0.5, -0.36, 0.07, inks.warm)
    x = -w / 2
    while x < w / 2:
        wide, tall = rng.uniform(0.07, 0.14), rng.uniform(0.1, 0.26)
        tone = rng.choice((inks.dark, inks.second, inks.main, inks.deep))
        p.rect(x, -0.14 - tall, x + wide - 0.008, -0.1, tone)
        for n in range(int(tall / 0.05)):
            for m in range(int(wide / 0.035)):
                p.rect(
                    x + 0.012 + m * 0.035,
                    -0.15 - n * 0.05,
                    x + 0.028 + m * 0.035,
                    -0.125 - n * 0.05,
                    inks.paper if rng.random() < 0.8 else inks.warm,
                )
        x += wide
    layers = (inks.light, inks.deep, mix(inks.deep, inks.dark, 0.5), inks.dark, inks.second, shade(inks.second, 0.6))
    for n, tone in enumerate(layers):
        p.shape(ridge(rng, -0.1 + n * 0.105, 0.004 + n * 0.004, -w, w), tone)
    for n in range(12):
        left = -0.56 + n * 0.1
        p.rect(left, -0.04, left + 0.06, 0.06, mix(inks.paper, inks.light, 0.4))
    stream = [(-w / 2 + n * w / 60, 0.3 + 0.035 * math.sin(n * 0.45) + 0.02 * math.sin(n * 0.21)) for n in range(61)]
    p.line(stream, 0.055, inks.warm)
    p.line([(a, b - 0.01) for a, b in stream], 0.008, inks.paper)


TOWNSCAPES: Mapping[str, Callable[[Sheet, Look], None]] = {"flood": flood, "dusk": dusk, "underground": underground}
