"""Family "waves": music as lines."""

import math
from collections.abc import Callable, Mapping

from demo.posters.ink import Sheet
from demo.posters.look import Look, mix, shade

# fmt: off


def strings(sheet: Sheet, look: Look) -> None:
    """Six bundles of fine lines, as strings that are bowed."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.deep)
    tones = (inks.warm, inks.paper, inks.soft, inks.light, inks.warm, inks.paper)
    for n in range(6):
        y = -0.36 + n * 0.144
        for k in range(11):
            part = (k - 5) / 5
            line = []
            for t in range(121):
                x = -w / 2 + t * w / 120
                swell = math.exp(-(((x - 0.5 * math.sin(n * 2.1)) / 0.34) ** 2))
                line.append((x, y + part * 0.012 + part * swell * 0.075 * math.sin(x * 9 + n) + swell * 0.02 * math.sin(x * 14 + n * 2)))
            p.line(line, 0.0028, tones[n])


def bundle(sheet: Sheet, look: Look) -> None:
    """Four ribbons of waving lines that cross."""
    inks, w = look.inks, sheet.wide
    sheet.ground(inks.paper)
    for n, tone in enumerate((inks.soft, inks.warm, inks.second, inks.main)):
        plate = sheet.stencil()
        for k in range(15):
            line = []
            for t in range(141):
                x = -w / 2 - 0.02 + t * (w + 0.04) / 140
                y = 0.3 * math.sin(x * (1.7 + n * 0.35) + n * 1.7 + k * 0.05) + (k - 7) * 0.0145 * (1 + 0.6 * math.sin(x * 3 + n))
                line.append((x, y))
            plate.line(line, 0.0075)
        sheet.lay(plate.image, tone, opaque=False)


def ridge(sheet: Sheet, look: Look) -> None:
    """Line after line, mountains of sound."""
    inks = look.inks
    _range(sheet, look, inks.dark, [mix(inks.paper, inks.warm, n / 34) for n in range(34)], 0.3)


def noise(sheet: Sheet, look: Look) -> None:
    """Lines that are still at the bottom and sharp at the top."""
    inks = look.inks
    _range(sheet, look, inks.dark, [mix(inks.warm if n < 8 else inks.main, inks.second, max(0, n - 8) / 34) for n in range(42)], 0.34, rising=True)


def _range(sheet: Sheet, look: Look, ground: str, tones: list[str], tall: float, rising: bool = False) -> None:
    rng, w = look.rng, sheet.wide
    p = sheet.ground(ground)
    count = len(tones)
    for n, tone in enumerate(tones):
        y = -0.2 + n * 0.64 / count
        peaks = [(rng.gauss(0, 0.26), rng.uniform(0.015, 0.06), rng.uniform(0.2, 1)) for _ in range(10)]
        strength = tall * (1 - n / count) ** 1.8 if rising else tall * 0.55
        line = []
        for t in range(221):
            x = (t / 220 - 0.5) * w * 0.9
            lift = sum(h * math.exp(-(((x - at) / wide) ** 2)) for at, wide, h in peaks) / 2.4
            jag = rng.uniform(-1, 1) * (0.012 * (1 - n / count) if rising else 0.0025)
            line.append((x, y - strength * lift * math.exp(-((x / (w * 0.34)) ** 2)) + jag))
        p.shape([*line, (w * 0.45, y + 0.2), (-w * 0.45, y + 0.2)], ground)
        p.line(line, 0.0042, tone)


def skyline(sheet: Sheet, look: Look) -> None:
    """A sound wave as a skyline, in a violet night with a small moon."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    p = sheet.ground(inks.second)
    for n in range(6):
        p.rect(-2, -0.5 + n * 0.12, 2, 2, mix(shade(inks.second, 0.5), inks.second, n / 6))
    p.disc(0.46, -0.3, 0.055, inks.paper)
    bars = 96
    for n in range(bars):
        x = -w / 2 + (n + 0.5) * w / bars
        tall = 0.02 + 0.26 * abs(math.sin(n * 0.19) * math.sin(n * 0.053 + 0.6)) * rng.uniform(0.55, 1.1)
        p.line([(x, 0.18 - tall), (x, 0.18)], 0.0085, inks.warm)
        p.line([(x, 0.2), (x, 0.2 + tall * 0.6)], 0.0085, mix(inks.second, inks.warm, 0.28))
    for _ in range(50):
        p.disc(rng.uniform(-w / 2, w / 2), rng.uniform(-0.5, -0.1), rng.uniform(0.001, 0.003), inks.paper)


WAVES: Mapping[str, Callable[[Sheet, Look], None]] = {"strings": strings, "bundle": bundle, "ridge": ridge, "noise": noise, "night": skyline}
