"""Families "op" (circles and rays that make the eye turn) and "thread" (fine lines)."""

import math
from collections.abc import Callable, Mapping

from PIL import ImageChops

from demo.posters.ink import Point, Sheet
from demo.posters.look import Look, mix, shade

# fmt: off


def spiral(sheet: Sheet, look: Look) -> None:
    """A telephone cord that winds to the middle."""
    inks = look.inks
    p = sheet.ground(inks.paper)
    for arm, tone in ((0, inks.main), (math.pi, inks.dark)):
        outer, inner = [], []
        for n in range(900):
            t = n / 900 * 7 * 2 * math.pi
            r = 0.012 + 0.98 * (n / 900) ** 1.25
            curl = 1 + 0.02 * math.sin(t * 9)
            outer.append((r * curl * math.cos(t + arm), r * curl * math.sin(t + arm) * 0.92))
            inner.append((r * curl * math.cos(t + arm + 1.35), r * curl * math.sin(t + arm + 1.35) * 0.92))
        p.shape([*outer, *reversed(inner)], tone)
    p.disc(0, 0, 0.03, inks.warm)


def rings(sheet: Sheet, look: Look) -> None:
    """Rings that slide over each other, as skirts in a dance."""
    inks = look.inks
    p = sheet.ground(inks.warm)
    for x, y, r, one, two in (
        (-0.36, 0.06, 0.5, inks.main, inks.paper),
        (0.38, -0.08, 0.44, inks.dark, inks.paper),
        (0.02, 0.3, 0.3, inks.second, inks.warm),
    ):
        for n in range(9):
            part = 1 - n / 9
            shift = 0.07 * (1 - part)
            p.disc(x + shift * math.cos(x * 9), y + shift * math.sin(x * 9), r * part, one if n % 2 == 0 else two)


def moire(sheet: Sheet, look: Look) -> None:
    """Two sets of fine circles over each other."""
    inks = look.inks
    sheet.ground(inks.paper)
    for x, y, tone in ((-0.13, -0.02, inks.dark), (0.13, 0.03, inks.main)):
        plate = sheet.stencil()
        for n in range(64):
            plate.ring(x, y, 0.008 + n * 0.0172, 0.0074)
        sheet.lay(plate.image, tone, opaque=False)


def sundial(sheet: Sheet, look: Look) -> None:
    """Rays from a half disc, and one long shadow."""
    inks = look.inks
    p = sheet.ground(inks.second)
    for n in range(24):
        p.pie(0, 0.3, 1.6, 180 + n * 7.5, 180 + n * 7.5 + 3.75, mix(inks.second, inks.light, 0.2 + 0.5 * abs(n - 11.5) / 12))
    for n, tone in enumerate((inks.paper, inks.warm, inks.main)):
        p.pie(0, 0.3, 0.44 - n * 0.1, 180, 360, tone)
    for n in range(13):
        t = math.pi + n * math.pi / 12
        p.line([(0.47 * math.cos(t), 0.3 + 0.47 * math.sin(t)), (0.53 * math.cos(t), 0.3 + 0.53 * math.sin(t))], 0.012, inks.paper)
    p.rect(-2, 0.3, 2, 2, inks.dark)
    p.shape([(-0.02, 0.3), (0.02, 0.3), (0.46, -0.3)], shade(inks.dark, 0.6))
    p.shape([(-0.05, 0.3), (0.05, 0.3), (0, 0.08)], inks.dark)


def disco(sheet: Sheet, look: Look) -> None:
    """A mirror ball and its beams."""
    inks, rng = look.inks, look.rng
    p = sheet.ground(inks.dark)
    beams = (inks.warm, inks.main, inks.second, inks.soft)
    for n in range(20):
        p.pie(0, -0.08, 1.5, n * 18 + 4, n * 18 + 12, mix(inks.dark, beams[n % 4], 0.75))
    p.disc(0, -0.08, 0.3, shade(inks.dark, 0.6))
    p.line([(0, -0.6), (0, -0.38)], 0.012, inks.paper)
    for row in range(-7, 8):
        lat = row / 8 * math.pi / 2
        for col in range(-8, 9):
            lon = col / 9 * math.pi / 2
            x, y = 0.29 * math.cos(lat) * math.sin(lon), -0.08 + 0.29 * math.sin(lat)
            wide, tall = 0.025 * math.cos(lat) * math.cos(lon) + 0.003, 0.024 * math.cos(lat) + 0.002
            tone = rng.choice((inks.paper, inks.light, inks.warm, inks.soft, inks.second, inks.main))
            p.rect(x - wide, y - tall, x + wide, y + tall, tone)


OP: Mapping[str, Callable[[Sheet, Look], None]] = {"spiral": spiral, "rings": rings, "moire": moire, "sundial": sundial, "disco": disco}


def fan(sheet: Sheet, look: Look) -> None:
    """Threads that fan out from two points and cross, as on a loom."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.dark)
    for n in range(170):
        part = n / 169
        x = (part - 0.5) * w * 0.94
        y = 0.34 + 0.06 * math.cos(part * 2 * math.pi)
        p.line([(-0.5, -0.4), (x, y)], 0.0021, mix(inks.main, inks.warm, part))
        p.line([(0.5, -0.4), (-x, y)], 0.0021, mix(inks.second, inks.light, part))
    for x, tone in ((-0.5, inks.warm), (0.5, inks.light)):
        p.disc(x, -0.4, 0.022, tone)


def stitch(sheet: Sheet, look: Look) -> None:
    """Stitches in curves over cloth."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.paper)
    p.blob([(-0.7, -0.6), (-0.1, -0.6), (0.06, 0.0), (-0.12, 0.6), (-0.9, 0.6)], inks.soft)
    p.blob([(0.3, -0.6), (0.9, -0.6), (0.9, 0.6), (0.16, 0.6), (0.36, 0.1)], inks.light)
    tones = (inks.main, inks.second, inks.dark, inks.main, inks.warm)
    for n in range(5):
        seam = [(-w / 2 + k * w / 240, -0.36 + n * 0.18 + 0.09 * math.sin(k / 26 + n * 1.1) + 0.03 * math.sin(k / 9)) for k in range(241)]
        for k in range(0, 236, 6):
            p.line(seam[k : k + 4], 0.014, tones[n])
    needle = p.at(0.34, 0.06, 0.5, 24)
    needle.shape([(-0.5, 0.0), (0.42, -0.03), (0.5, 0.0), (0.42, 0.03)], inks.dark)
    needle.line([(0.38, 0.0), (0.45, 0.0)], 0.02, inks.paper)
    p.line([(0.56 + k / 90, 0.16 + 0.07 * math.sin(k / 5)) for k in range(40)], 0.01, inks.main)


def weave(sheet: Sheet, look: Look) -> None:
    """A knotted pattern in white on black, one corner wiped away."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    sheet.ground(inks.dark)
    plate = sheet.stencil()
    step = 0.2
    for row in range(-3, 4):
        for col in range(-5, 6):
            x, y = col * step, row * step
            for side in (-1, 1):
                plate.line([(x + side * 0.5 * step * math.sin(t / 12 * math.pi), y - step / 2 + t / 12 * step) for t in range(13)], 0.014)
                plate.line([(x - step / 2 + t / 12 * step, y + side * 0.5 * step * math.sin(t / 12 * math.pi)) for t in range(13)], 0.014)
            plate.disc(x, y, 0.018)
    wiped = sheet.stencil()
    for n in range(24):
        x = 0.14 + n * 0.03
        wiped.line([(x + 0.5, -0.2 + n * 0.028), (x + 0.1, 0.2 + n * 0.016), (x - 0.2 + n * 0.01, 0.6)], 0.045)
    grit = sheet.stencil()
    for _ in range(2600):
        grit.disc(rng.uniform(-w / 2, w / 2), rng.uniform(-0.5, 0.5), rng.uniform(0.001, 0.0035))
    sheet.lay(ImageChops.subtract(plate.image, wiped.image), inks.paper)
    sheet.lay(grit.image, inks.paper)
    swept = sheet.pen(mix(inks.dark, inks.paper, 0.3))
    for n in range(40):
        x = 0.16 + n * 0.02
        swept.line([(x + 0.5, -0.16 + n * 0.016), (x + 0.12, 0.2 + n * 0.01), (x - 0.16, 0.6)], 0.0016)


def pulley(sheet: Sheet, look: Look) -> None:
    """Two figures on one rope over a beam."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.soft)
    for n in range(34):
        p.line([(-w / 2 + n * w / 33, -0.5), (-w / 2 + n * w / 33, 0.5)], 0.003, mix(inks.soft, inks.main, 0.35))
    p.rect(-2, -0.38, 2, -0.32, inks.dark)
    p.disc(0, -0.35, 0.075, inks.second)
    p.ring(0, -0.35, 0.075, 0.016, inks.dark)
    for x, y, tone, turn in ((-0.08, -0.12, inks.main, 10), (0.08, 0.12, inks.second, -12)):
        p.line([(x, -0.35), (x, y)], 0.009, inks.dark)
        q = p.at(x, y + 0.1, 0.32, turn)
        q.disc(0.0, -0.24, 0.1, tone)
        q.line([(0, -0.14), (0, 0.16)], 0.16, tone)
        q.line([(0, 0.14), (-0.16, 0.32), (-0.1, 0.54)], 0.08, tone)
        q.line([(0, 0.14), (0.2, 0.26), (0.24, 0.5)], 0.08, tone)
        q.line([(0, -0.1), (0.13, -0.3), (-0.02, -0.5)], 0.06, tone)
        q.line([(0, -0.1), (-0.24, -0.02), (-0.34, -0.2)], 0.06, tone)
    p.rect(0.3, 0.36, 0.62, 0.385, inks.dark)
    p.line([(0.34, 0.37), (0.34, 0.5)], 0.02, inks.dark)
    p.line([(0.58, 0.37), (0.58, 0.5)], 0.02, inks.dark)


def steps(sheet: Sheet, look: Look) -> None:
    """The ways of many feet over an empty floor."""
    inks, rng = look.inks, look.rng
    p = sheet.ground(inks.paper)
    tones = (inks.main, inks.second, inks.dark, inks.deep, inks.main, inks.warm, inks.second)
    for n in range(22):
        a, b, c = (rng.uniform(0.7, 2.4) for _ in range(3))
        turn, tone = rng.uniform(0, 6.3), tones[n % 7]
        x0, y0 = rng.uniform(-0.5, 0.5), rng.uniform(-0.35, 0.35)
        way: list[Point] = [
            (
                x0 + 0.42 * math.sin(a * t / 40 + turn) + (t - 60) / 400,
                y0 + 0.3 * math.sin(b * t / 40) * math.cos(c * t / 55 + turn),
            )
            for t in range(120)
        ]
        p.line(way, 0.0075 if tone == inks.warm else 0.005, tone)
        p.disc(*way[0], 0.016, tone)
        q = p.at(*way[-1], 0.05, rng.uniform(0, 360))
        q.blob([(-0.2, -0.5), (0.2, -0.5), (0.24, 0.0), (0.14, 0.5), (-0.14, 0.5), (-0.24, 0.0)], tone)


THREAD: Mapping[str, Callable[[Sheet, Look], None]] = {"fan": fan, "stitch": stitch, "weave": weave, "pulley": pulley, "steps": steps}
