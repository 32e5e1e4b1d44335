"""Family "blocks": flat shapes that almost are something."""

import math
from collections.abc import Callable, Mapping

from demo.posters.creatures import face
from demo.posters.ink import Sheet
from demo.posters.look import Look, mix, shade

# fmt: off


def bridge(sheet: Sheet, look: Look) -> None:
    """Half a bridge, from one bank into the air."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.main)
    p.rect(-w, 0.26, w, 2, inks.second)
    for n in range(6):
        p.rect(-w, 0.3 + n * 0.036, w, 0.306 + n * 0.036, mix(inks.second, inks.light, 0.5))
    p.disc(0.45, -0.2, 0.13, inks.warm)
    p.rect(-w, -0.12, 0.06, -0.02, inks.dark)
    for n in range(3):
        x = -0.75 + n * 0.3
        p.rect(x, -0.02, x + 0.3, 0.26, (inks.paper, inks.soft, inks.light)[n])
        p.pie(x + 0.15, 0.26, 0.12, 180, 360, inks.main)
    p.shape([(0.06, -0.12), (0.13, -0.12), (0.1, -0.09), (0.14, -0.06), (0.06, -0.02)], inks.dark)
    for n in range(3):
        p.rect(0.2 + n * 0.12, -0.12, 0.24 + n * 0.12, -0.1, inks.paper)
    p.rect(-0.5, -0.24, -0.46, -0.12, inks.dark)
    p.disc(-0.48, -0.26, 0.03, inks.dark)


def tent(sheet: Sheet, look: Look) -> None:
    """A circus tent that balances on its point."""
    inks = look.inks
    p = sheet.ground(inks.light)
    p.rect(-2, 0.36, 2, 2, inks.dark)
    p.disc(0, -0.02, 0.4, inks.warm)
    t = p.at(0.0, 0.0, 0.86, 171)
    stripes = (inks.main, inks.paper, inks.main, inks.paper, inks.main)
    for n, tone in enumerate(stripes):
        x = -0.3 + n * 0.12
        t.shape([(x, 0.0), (x + 0.12, 0.0), (0, -0.42)], tone)
        t.rect(x, 0.06, x + 0.12, 0.34, inks.paper if tone == inks.main else inks.main)
        t.pie(x + 0.06, 0.0, 0.06, 0, 180, tone)
    t.shape([(-0.06, 0.34), (0, 0.12), (0.06, 0.34)], inks.dark)
    t.shape([(0, -0.42), (0, -0.52), (0.1, -0.47)], inks.second)
    p.disc(-0.5, -0.3, 0.05, inks.second)
    p.rect(0.45, -0.36, 0.55, -0.26, inks.main)
    p.shape([(0.5, 0.1), (0.58, 0.24), (0.42, 0.24)], inks.deep)


def pipes(sheet: Sheet, look: Look) -> None:
    """An organ front."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.dark)
    tones = (inks.warm, inks.paper, inks.main, shade(inks.warm, 0.75))
    count = 23
    for n in range(count):
        x = -w / 2 + (n + 0.5) * w / count
        tall = 0.18 + 0.5 * (0.5 + 0.5 * math.cos((n - count // 2) / (count / 2) * math.pi * 2)) ** 1.2
        half, tone = w / count * 0.42, tones[(n * 3) % 4]
        p.rect(x - half, 0.34 - tall, x + half, 0.34, tone)
        p.pie(x, 0.34 - tall, half, 180, 360, tone)
        p.rect(x + half * 0.35, 0.34 - tall, x + half, 0.34, shade(tone, 0.86))
        p.shape([(x - half * 0.6, 0.24), (x + half * 0.6, 0.24), (x, 0.16)], inks.dark)
        p.shape([(x - half, 0.34), (x + half, 0.34), (x, 0.42)], tone)
    p.rect(-w, 0.4, w, 0.6, inks.main)
    p.rect(-w, 0.4, w, 0.415, inks.warm)


def windows(sheet: Sheet, look: Look) -> None:
    """Small windows with faces of circles and squares, as in a call."""
    inks, w, rng = look.inks, sheet.wide, look.rng
    p = sheet.ground(inks.dark)
    cols, rows = 5, 3
    grounds = (inks.main, inks.second, inks.warm, inks.light, inks.soft, inks.deep, inks.paper)
    for n in range(cols * rows):
        x, y = (n % cols - 2) * w / cols, (n // cols - 1) * 0.31
        q = p.at(x, y, 0.275)
        ground = grounds[(n * 3 + n // cols) % len(grounds)]
        q.rect(-0.5, -0.5, 0.5, 0.5, ground)
        face(q, inks, rng.randrange(1000), ground)


def lever(sheet: Sheet, look: Look) -> None:
    """A beam tips over a triangle."""
    inks = look.inks
    p = sheet.ground(inks.paper)
    p.rect(-2, 0.32, 2, 2, inks.dark)
    p.disc(-0.5, -0.24, 0.3, inks.light)
    p.shape([(0, 0.06), (0.17, 0.32), (-0.17, 0.32)], inks.second)
    b = p.at(0, 0.05, 1, 13)
    b.rect(-0.6, -0.022, 0.6, 0.022, inks.dark)
    b.disc(0.47, -0.132, 0.11, inks.main)
    b.pie(0.47, -0.132, 0.11, -45, 135, shade(inks.main, 0.8))
    b.at(-0.42, -0.122, 0.2, -7).rect(-0.5, -0.5, 0.5, 0.5, inks.warm)
    b.at(-0.2, -0.17, 0.1, 20).shape([(0, -0.5), (0.5, 0.5), (-0.5, 0.5)], inks.deep)
    for n in range(5):
        p.line([(0.62 + n * 0.02, -0.1 - n * 0.07), (0.66 + n * 0.02, -0.04 - n * 0.07)], 0.01, inks.main)


def theatre(sheet: Sheet, look: Look) -> None:
    """A curtain of half circles around a stage with little figures."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.warm)
    p.rect(-w, 0.2, w, 2, inks.dark)
    for n in range(-4, 5):
        p.line([(n * 0.09, 0.2), (n * 0.17, 0.5)], 0.008, mix(inks.dark, inks.second, 0.6))
    figures = ((-0.3, inks.second, 0), (-0.12, inks.main, 1), (0.07, inks.deep, 2), (0.26, inks.dark, 1))
    for x, tone, kind in figures:
        q = p.at(x, 0.14, 0.26)
        (
            q.shape([(0, -0.3), (0.3, 0.5), (-0.3, 0.5)], tone)
            if kind == 0
            else q.rect(-0.22, -0.2, 0.22, 0.5, tone)
            if kind == 1
            else q.pie(0, 0.5, 0.36, 180, 360, tone)
        )
        q.disc(0, -0.36 if kind != 2 else -0.02, 0.16, inks.paper)
        q.line([(0.1, 0.0 + kind * 0.1), (0.42, -0.2)], 0.06, tone)
    for side in (-1, 1):
        for n in range(4):
            x = side * (w / 2 - 0.03 - n * 0.085)
            tone = inks.main if n % 2 else shade(inks.main, 0.78)
            p.shape([(x - 0.075, -0.6), (x + 0.075, -0.6), (x + 0.06 + side * 0.03 * n, 0.36), (x - 0.06 + side * 0.03 * n, 0.36)], tone)
    for n in range(9):
        p.pie(-w / 2 + (n + 0.5) * w / 9, -0.36, w / 18 * 1.02, 0, 180, inks.main if n % 2 else shade(inks.main, 0.78))
    p.rect(-w, -0.6, w, -0.35, shade(inks.main, 0.62))


def gears(sheet: Sheet, look: Look) -> None:
    """Cog wheels."""
    inks = look.inks
    p = sheet.ground(inks.paper)
    wheels = (
        (-0.34, -0.06, 0.34, inks.second, 16, 0),
        (0.19, 0.13, 0.2, inks.main, 10, 8),
        (0.37, -0.25, 0.19, inks.warm, 9, 4),
        (0.62, 0.14, 0.22, inks.dark, 11, 12),
        (-0.74, 0.4, 0.2, inks.main, 10, 0),
        (-0.02, -0.47, 0.15, inks.light, 8, 10),
    )
    for x, y, r, tone, teeth, turn in wheels:
        q = p.at(x, y, r * 2)
        for n in range(teeth):
            q.at(0, 0, 1, turn + n * 360 / teeth).shape([(-0.07, -0.4), (-0.045, -0.5), (0.045, -0.5), (0.07, -0.4)], tone)
        q.disc(0, 0, 0.43, tone)
        q.disc(0, 0, 0.3, shade(tone, 0.84))
        for n in range(5):
            q.at(0, 0, 1, n * 72).disc(0, -0.19, 0.075, inks.paper)
        q.disc(0, 0, 0.07, inks.paper)


def houses(sheet: Sheet, look: Look) -> None:
    """Rows of plain houses, each with another door."""
    inks, w, rng = look.inks, sheet.wide, look.rng
    p = sheet.ground(inks.light)
    p.disc(0.44, -0.36, 0.09, inks.warm)
    tones = (inks.main, inks.warm, inks.second, inks.soft, inks.paper, inks.deep)
    for row in range(3):
        y, wide = -0.02 + row * 0.24, 0.2 + row * 0.035
        p.rect(-w, y - 0.02, w, 2, mix(inks.second, inks.dark, row * 0.3))
        for n in range(-5, 6):
            x = n * wide * 1.08 + row * 0.06
            tone, roof = tones[(n * 2 + row * 3) % 6], (inks.dark, inks.deep, inks.main)[(n + row) % 3]
            q = p.at(x, y - wide * 0.1, wide)
            q.rect(-0.44, -0.2, 0.44, 0.5, tone)
            q.shape([(-0.52, -0.2), (0, -0.66), (0.52, -0.2)], shade(roof, 0.8) if roof == tone else roof)
            q.rect(-0.28, 0.06, 0.28, 0.5, inks.dark)
            lifted = rng.choice((0.06, 0.16, 0.3))
            q.rect(-0.28, 0.06, 0.28, lifted + 0.04, inks.paper)
            for _ in range(rng.randrange(1, 4)):
                q.disc(rng.uniform(-0.2, 0.2), 0.44, 0.06, rng.choice(tones))


def door(sheet: Sheet, look: Look) -> None:
    """An open door and a wedge of light."""
    inks = look.inks
    p = sheet.ground(inks.second)
    p.shape([(-2, 0.26), (2, 0.26), (2, 2), (-2, 2)], inks.dark)
    p.shape([(-0.1, 0.26), (0.2, 0.26), (1.1, 0.6), (0.1, 0.6)], inks.warm)
    p.rect(-0.1, -0.34, 0.2, 0.26, inks.warm)
    p.shape([(-0.1, -0.34), (-0.1, 0.26), (-0.36, 0.38), (-0.36, -0.42)], inks.main)
    p.shape([(-0.13, -0.24), (-0.13, -0.06), (-0.32, -0.07), (-0.32, -0.29)], shade(inks.main, 0.8))
    p.shape([(-0.13, 0.02), (-0.13, 0.19), (-0.32, 0.25), (-0.32, 0.02)], shade(inks.main, 0.8))
    p.disc(-0.325, 0.0, 0.014, inks.paper)
    for x in (-0.12, 0.2):
        p.rect(x, -0.37, x + 0.02, 0.26, inks.paper)
    p.rect(-0.12, -0.39, 0.22, -0.36, inks.paper)


def film(sheet: Sheet, look: Look) -> None:
    """A strip of film with scratches."""
    inks, rng = look.inks, look.rng
    p = sheet.ground(inks.light).at(0, 0, 1, -6)
    for row, y in enumerate((-0.27, 0.27)):
        p.rect(-2, y - 0.22, 2, y + 0.22, inks.dark)
        for n in range(-24, 25):
            for edge in (-0.185, 0.185):
                p.rect(n * 0.062 - 0.014, y + edge - 0.016, n * 0.062 + 0.014, y + edge + 0.016, inks.light)
        for n in range(-4, 5):
            x, tone = n * 0.31 + row * 0.1, (inks.warm, inks.main, inks.paper, inks.second)[(n + row) % 4]
            q = p.at(x, y, 0.28)
            q.rect(-0.5, -0.5, 0.5, 0.5, tone)
            ink = inks.dark if tone != inks.second else inks.warm
            if n % 3 == 0:
                q.blob([(rng.uniform(0.1, 0.34) * math.cos(t), rng.uniform(0.1, 0.34) * math.sin(t)) for t in range(6)], ink)
            for _ in range(3 + n % 4):
                a = rng.uniform(-0.4, 0.4)
                q.line([(a, -0.46), (a + rng.uniform(-0.15, 0.15), rng.uniform(-0.2, 0.46))], 0.012, ink)


def verso(sheet: Sheet, look: Look) -> None:
    """A grey square with one corner folded over."""
    inks = look.inks
    p = sheet.ground(inks.paper)
    q = p.at(0, 0, 0.8, -4)
    q.rect(-0.5, -0.5, 0.5, 0.5, inks.main)
    for n in range(12):
        q.line([(-0.5 + n * 0.09, 0.5), (0.5, -0.5 + n * 0.09)], 0.02, inks.warm)
    q.shape([(-0.5, -0.5), (0.5, -0.5), (0.5, -0.1), (-0.1, 0.5), (-0.5, 0.5)], inks.deep)
    for n in range(5):
        q.shape([(-0.5, -0.5 + n * 0.2), (-0.5, -0.4 + n * 0.2), (-0.4 + n * 0.2, -0.5), (-0.5 + n * 0.2, -0.5)], mix(inks.deep, inks.light, 0.35))
    q.shape([(0.5, -0.1), (-0.1, 0.5), (-0.14, -0.14)], inks.warm)
    q.shape([(0.5, -0.1), (0.2, 0.2), (-0.14, -0.14)], shade(inks.warm, 0.88))


BLOCKS: Mapping[str, Callable[[Sheet, Look], None]] = {
    "bridge": bridge,
    "tent": tent,
    "pipes": pipes,
    "windows": windows,
    "lever": lever,
    "theatre": theatre,
    "gears": gears,
    "houses": houses,
    "door": door,
    "film": film,
    "verso": verso,
}
