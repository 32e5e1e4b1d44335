"""Family "tiles": one shape, many times."""

import math
from collections.abc import Callable, Mapping

from demo.posters.creatures import face
from demo.posters.ink import Pen, Sheet
from demo.posters.look import Look, mix, shade

# fmt: off


def bubbles(sheet: Sheet, look: Look) -> None:
    """Speech bubbles in a grid, one of them empty."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.dark)
    tones = (inks.main, inks.second, inks.warm, inks.light, inks.soft, inks.deep)
    for n in range(24):
        x, y = (n % 6 - 2.5) * w / 6.2, (n // 6 - 1.5) * 0.24
        q, tone, side = p.at(x, y, 0.23), tones[(n * 5 + n // 6) % 6], 1 if (n // 2) % 2 else -1
        empty = n == 15
        q.rect(-0.44, -0.34, 0.44, 0.24, inks.paper if empty else tone)
        q.shape([(side * 0.1, 0.24), (side * 0.36, 0.24), (side * 0.34, 0.46)], inks.paper if empty else tone)
        if not empty:
            for m in range(1 + n % 3):
                q.rect(-0.34, -0.22 + m * 0.15, 0.34 - ((n * 7 + m * 3) % 5) * 0.11, -0.15 + m * 0.15, shade(tone, 0.6))


def mirrors(sheet: Sheet, look: Look) -> None:
    """Diamonds, each with its own scrap of light."""
    inks, rng = look.inks, look.rng
    p = sheet.ground(inks.dark)
    silver = look.inks.light
    step = 0.092
    for row in range(-7, 8):
        for col in range(-10, 11):
            x, y = col * step + (row % 2) * step / 2, row * step * 0.78
            far = math.hypot(x - 0.1, y + 0.05)
            size = step * max(0.35, 1.02 - far * 0.45)
            light = max(0.0, 1 - far * 1.5)
            tone = mix(shade(silver, 0.55), silver, light + rng.uniform(-0.1, 0.2))
            if rng.random() < 0.16 * (0.4 + light):
                tone = rng.choice((inks.main, inks.warm, inks.soft))
            q = p.at(x, y, size)
            q.shape([(0, -0.48), (0.48, 0), (0, 0.48), (-0.48, 0)], tone)
            q.shape([(0, -0.48), (0.48, 0), (0, 0)], mix(tone, inks.paper, 0.5 * light + 0.1))
            q.shape([(0, 0.48), (-0.48, 0), (0, 0)], shade(tone, 0.82))


def quarter(sheet: Sheet, look: Look) -> None:
    """Quarter circles that meander."""
    inks, rng = look.inks, look.rng
    p = sheet.ground(inks.paper)
    step = 0.2
    tones = (inks.main, inks.second, inks.warm, inks.dark, inks.light)
    for row in range(-3, 4):
        for col in range(-5, 5):
            q = p.at((col + 0.5) * step, row * step, step, rng.randrange(4) * 90)
            back, front = rng.sample(tones, 2)
            q.rect(-0.505, -0.505, 0.505, 0.505, back if rng.random() < 0.55 else inks.paper)
            q.pie(-0.5, -0.5, 1, 0, 90, front)
            if rng.random() < 0.5:
                q.pie(-0.5, -0.5, 0.6, 0, 90, inks.paper)
                q.pie(-0.5, -0.5, 0.28, 0, 90, front)


def faces(sheet: Sheet, look: Look) -> None:
    """Faces in two colours and three shapes."""
    inks, rng = look.inks, look.rng
    p = sheet.ground(inks.paper)
    grounds = (inks.main, inks.second, inks.warm, inks.light, inks.soft, inks.dark)
    for n in range(40):
        q = p.at((n % 8 - 3.5) * 0.2, (n // 8 - 2) * 0.206, 0.2)
        ground = grounds[(n + n // 8 * 2) % 6]
        q.rect(-0.5, -0.5, 0.5, 0.5, ground)
        face(q, inks, rng.randrange(1000), ground)


def queue(sheet: Sheet, look: Look) -> None:
    """A winding line of small figures, one of them bright."""
    inks, w = look.inks, sheet.wide
    p = sheet.ground(inks.light)
    rope = []
    for n in range(241):
        row, part = divmod(n / 60, 1)
        turn = math.sin(min(1, max(0, (part - 0.86) / 0.14)) * math.pi / 2)
        across = (min(part, 0.86) / 0.86 - 0.5) * (1 if row % 2 == 0 else -1)
        rope.append((across * w * 0.82, -0.31 + row * 0.235 + 0.235 * turn + 0.016 * math.sin(n * 0.3)))
    p.line(rope[:233], 0.05, mix(inks.light, inks.paper, 0.75))
    p.rect(-w / 2, -0.5, -w * 0.4, -0.24, inks.dark)
    p.rect(-w * 0.475, -0.42, -w * 0.43, -0.3, inks.warm)
    for n in range(3, 232, 4):
        x, y = rope[n]
        q, tone = (p.at(x, y - 0.06, 0.16), inks.main if n == 131 else mix(inks.deep, inks.dark, (n * 7 % 5) / 6))
        q.blob([(-0.14, 0.5), (-0.19, 0.0), (-0.12, -0.16), (0.12, -0.16), (0.19, 0.0), (0.14, 0.5)], tone)
        q.disc(0, -0.32, 0.13, tone)


def cards(sheet: Sheet, look: Look) -> None:
    """Five playing cards, fanned out."""
    inks = look.inks
    p = sheet.ground(inks.second)
    p.disc(0, 0.1, 0.62, shade(inks.second, 0.85))
    for n in range(5):
        turn = (n - 2) * 17
        lean = math.radians(turn)
        q = p.at(0.52 * math.sin(lean), 0.5 - 0.52 * math.cos(lean), 0.46, turn)
        q.rect(-0.36, -0.52, 0.36, 0.52, shade(inks.second, 0.55))
        q.rect(-0.345, -0.505, 0.345, 0.505, inks.paper)
        for x, y, size, flip in ((-0.23, -0.38, 0.16, 0), (0.23, 0.38, 0.16, 180), (0, 0, 0.42, 0)):
            _suit(q.at(x, y, size, flip), n % 4, inks.main if n % 2 else inks.dark)


def _suit(q: Pen, kind: int, tone: str) -> None:
    """Clubs, hearts, spades or diamonds."""
    if kind == 3:
        q.shape([(0, -0.5), (0.36, 0), (0, 0.5), (-0.36, 0)], tone)
        return
    side = 1 if kind == 1 else -1
    if kind == 0:
        q.disc(0, 0, 0.12, tone)
        for x, y in ((0, -0.24), (-0.23, 0.1), (0.23, 0.1)):
            q.disc(x, y, 0.22, tone)
    else:
        for x in (-0.2, 0.2):
            q.disc(x, -0.14 * side, 0.235, tone)
        q.shape([(-0.42, -0.06 * side), (0.42, -0.06 * side), (0, 0.48 * side)], tone)
    if kind != 1:
        q.shape([(0, 0), (0.14, 0.48), (-0.14, 0.48)], tone)


TILES: Mapping[str, Callable[[Sheet, Look], None]] = {
    "bubbles": bubbles, "mirrors": mirrors, "quarter": quarter, "faces": faces, "queue": queue, "cards": cards,
}
