"""Animals, leaves and a hand, as cut-outs in a box from -0.5 to 0.5; the ground is at 0.5."""

import math

from demo.posters.ink import Pen
from demo.posters.look import Inks, shade

# fmt: off


def dog(p: Pen) -> None:
    p.line([(0.24, 0.44), (0.4, 0.4), (0.46, 0.24)], 0.055)
    p.blob([(-0.14, -0.16), (0.06, -0.14), (0.22, 0.1), (0.3, 0.34), (0.26, 0.5), (-0.02, 0.5), (-0.12, 0.3), (-0.2, 0.06)])
    p.shape([(-0.17, 0.02), (-0.04, 0.04), (-0.05, 0.5), (-0.2, 0.5), (-0.2, 0.46), (-0.15, 0.44)])
    p.blob([(-0.46, -0.24), (-0.3, -0.32), (-0.2, -0.44), (-0.02, -0.44), (0.05, -0.26), (-0.02, -0.1), (-0.2, -0.1), (-0.4, -0.14)])
    p.blob([(-0.06, -0.44), (0.08, -0.42), (0.13, -0.2), (0.07, -0.06), (-0.01, -0.14), (-0.02, -0.3)], p.extra)
    p.disc(-0.45, -0.22, 0.035, p.extra)
    p.disc(-0.2, -0.31, 0.022, p.cut)
    p.shape([(-0.16, -0.12), (0.03, -0.12), (0.02, -0.07), (-0.15, -0.07)], p.extra)


def bird(p: Pen) -> None:
    p.blob([(-0.36, -0.2), (-0.22, -0.34), (-0.06, -0.26), (0.1, -0.06), (0.26, 0.06), (0.1, 0.24), (-0.14, 0.24), (-0.3, 0.06)])
    p.shape([(0.14, 0.0), (0.5, 0.1), (0.48, 0.2), (0.08, 0.2)])
    p.blob([(-0.12, -0.1), (0.16, 0.02), (0.3, 0.16), (0.06, 0.14), (-0.14, 0.06)], p.cut)
    p.shape([(-0.34, -0.26), (-0.5, -0.19), (-0.34, -0.16)], p.extra)
    p.disc(-0.24, -0.22, 0.026, p.extra)
    p.line([(-0.08, 0.22), (-0.1, 0.44)], 0.025, p.extra)
    p.line([(0.04, 0.22), (0.04, 0.44)], 0.025, p.extra)


def flying(p: Pen) -> None:
    p.shape([(-0.5, -0.12), (-0.22, -0.2), (0.0, 0.02), (0.22, -0.2), (0.5, -0.12), (0.22, -0.1), (0.0, 0.12), (-0.22, -0.1)])


def bear(p: Pen) -> None:
    p.blob([(-0.34, 0.0), (-0.2, -0.2), (0.2, -0.2), (0.34, 0.0), (0.4, 0.34), (0.28, 0.5), (-0.28, 0.5), (-0.4, 0.34)])
    for x in (-0.2, 0.2):
        p.disc(x, -0.42, 0.09)
        p.disc(x, -0.42, 0.045, p.extra)
    p.blob([(-0.28, -0.24), (-0.18, -0.44), (0.18, -0.44), (0.28, -0.24), (0.14, -0.06), (-0.14, -0.06)])
    p.blob([(-0.13, -0.2), (0.0, -0.26), (0.13, -0.2), (0.08, -0.08), (-0.08, -0.08)], p.extra)
    p.blob([(-0.05, -0.23), (0.05, -0.23), (0.0, -0.17)], p.cut)
    for x in (-0.11, 0.11):
        p.disc(x, -0.31, 0.022, p.cut)


def fish(p: Pen) -> None:
    p.blob([(-0.46, 0.0), (-0.24, -0.2), (0.06, -0.18), (0.26, 0.0), (0.06, 0.18), (-0.24, 0.2)])
    p.shape([(0.2, 0.0), (0.5, -0.2), (0.42, 0.0), (0.5, 0.2)])
    p.pie(-0.1, 0.0, 0.15, -70, 70, p.extra)
    p.disc(-0.3, -0.04, 0.035, p.cut)


def hand(p: Pen) -> None:
    p.blob([(-0.2, 0.5), (-0.22, 0.2), (-0.26, 0.0), (0.18, -0.02), (0.22, 0.2), (0.16, 0.5)])
    for x, top in ((-0.21, -0.2), (-0.08, -0.42), (0.05, -0.46), (0.17, -0.34)):
        p.line([(x, 0.1), (x * 1.15, top)], 0.105)
    p.line([(0.12, 0.24), (0.3, 0.1), (0.4, -0.08)], 0.11)


def parrot(p: Pen) -> None:
    p.shape([(0.06, 0.16), (0.16, 0.5), (0.24, 0.5), (0.2, 0.1)], p.extra)
    p.blob([(-0.16, -0.4), (0.06, -0.46), (0.2, -0.3), (0.24, 0.0), (0.16, 0.24), (-0.04, 0.2), (-0.16, -0.06)])
    for n in range(5):
        p.blob(
            [
                (-0.02 + n * 0.03, -0.12 + n * 0.07),
                (0.16 + n * 0.015, -0.16 + n * 0.07),
                (0.25 + n * 0.01, 0.06 + n * 0.07),
                (0.12, 0.02 + n * 0.07),
            ],
            p.extra if n % 2 else p.cut,
        )
    p.blob([(-0.14, -0.38), (-0.28, -0.32), (-0.3, -0.16), (-0.2, -0.2), (-0.1, -0.22)], p.extra)
    p.disc(-0.04, -0.32, 0.07, p.cut)
    p.disc(-0.05, -0.32, 0.028, p.extra)


def leaf(p: Pen) -> None:
    p.blob([(0, 0.5), (-0.2, 0.22), (-0.24, -0.1), (0, -0.5), (0.24, -0.1), (0.2, 0.22)])
    p.line([(0, 0.5), (0, -0.4)], 0.02, p.cut)


def monstera(p: Pen) -> None:
    """A large leaf with deep cuts."""
    edge = []
    for n in range(48):
        t = n / 48 * 2 * math.pi
        deep = 0.34 + 0.13 * (1 if n % 4 < 2 else -0.9) * abs(math.sin(t / 2 + math.pi / 2)) ** 0.3
        edge.append((math.sin(t) * deep, -math.cos(t) * deep * 1.15 + 0.02))
    p.blob(edge)
    p.line([(0, 0.46), (0, -0.3)], 0.018, p.cut)


def seaweed(p: Pen) -> None:
    """A branch of round leaves, as with scissors."""
    p.line([(0, 0.5), (0.03, 0.1), (-0.02, -0.3)], 0.05)
    for n in range(6):
        y = 0.36 - n * 0.14
        for side in (-1, 1):
            size = 0.2 - n * 0.018
            p.blob([(0, y), (side * size * 0.7, y - 0.13), (side * size * 1.3, y - 0.13), (side * size, y - 0.02)])
    p.blob([(-0.05, -0.28), (0.04, -0.28), (0.02, -0.5), (-0.06, -0.46)])


def face(q: Pen, inks: Inks, kind: int, ground: str) -> None:
    """A head and shoulders; `kind` chooses its shape, its colours and its glasses."""
    skins = [tone for tone in (inks.paper, inks.soft, inks.warm, inks.main, inks.deep) if tone != ground]
    skin, hair = skins[kind % len(skins)], (inks.dark, inks.main, inks.deep, inks.second)[kind // 5 % 4]
    if hair in (skin, ground):
        hair = inks.dark
    q.pie(0, 0.5, 0.36, 180, 360, hair if kind % 2 else inks.paper if ground != inks.paper else inks.second)
    q.rect(-0.08, 0.06, 0.08, 0.26, shade(skin, 0.85))
    if kind % 3:
        q.disc(0, -0.06, 0.25, skin)
        q.pie(0, -0.1, 0.27, 180, 360, hair)
    else:
        q.rect(-0.23, -0.26, 0.23, 0.18, skin)
        q.rect(-0.25, -0.34, 0.25, -0.16, hair)
    for x in (-0.09, 0.09):
        q.disc(x, -0.02, 0.032, inks.dark)
        if kind % 4 == 0:
            q.ring(x, -0.02, 0.075, 0.02, inks.dark)
    q.pie(0, 0.07, 0.07, 0, 180, inks.dark if kind % 5 else inks.paper)
