"""Things, as cut-out silhouettes in a box from -0.5 to 0.5; the ground is at 0.5."""

import math
from collections.abc import Callable, Mapping

from demo.posters.creatures import bear, bird, dog, fish, flying, hand, leaf, monstera, parrot, seaweed
from demo.posters.ink import Pen

# fmt: off


def boat(p: Pen) -> None:
    p.shape([(-0.5, 0.14), (0.5, 0.14), (0.34, 0.38), (-0.36, 0.38)])
    p.rect(-0.02, -0.5, 0.01, 0.16)
    p.shape([(0.04, -0.48), (0.04, 0.08), (0.42, 0.08)], p.extra)
    p.shape([(-0.05, -0.3), (-0.05, 0.08), (-0.32, 0.08)], p.extra)


def chair(p: Pen) -> None:
    p.line([(-0.2, -0.48), (-0.2, 0.48)], 0.05)
    p.line([(0.22, 0.06), (0.24, 0.48)], 0.05)
    p.rect(-0.24, -0.46, -0.16, -0.1)
    p.shape([(-0.24, 0.0), (0.26, 0.0), (0.26, 0.08), (-0.24, 0.08)])
    p.line([(-0.2, 0.3), (0.22, 0.3)], 0.03)


def armchair(p: Pen) -> None:
    p.blob([(-0.26, -0.46), (0.26, -0.46), (0.32, -0.1), (0.3, 0.2), (-0.3, 0.2), (-0.32, -0.1)])
    p.blob([(-0.44, -0.08), (-0.3, -0.12), (-0.26, 0.1), (0.26, 0.1), (0.3, -0.12), (0.44, -0.08), (0.42, 0.38), (-0.42, 0.38)], p.extra)
    p.line([(-0.32, 0.36), (-0.34, 0.48)], 0.05)
    p.line([(0.32, 0.36), (0.34, 0.48)], 0.05)


def stool(p: Pen) -> None:
    p.rect(-0.26, -0.1, 0.26, 0.0)
    for x, foot in ((-0.2, -0.28), (0.0, 0.0), (0.2, 0.28)):
        p.line([(x, 0), (foot, 0.48)], 0.05)
    p.line([(-0.22, 0.24), (0.22, 0.24)], 0.03)


def ladder(p: Pen) -> None:
    p.line([(-0.16, -0.5), (-0.2, 0.5)], 0.035)
    p.line([(0.12, -0.5), (0.16, 0.5)], 0.035)
    for step in range(8):
        y = -0.4 + step * 0.115
        p.line([(-0.16, y), (0.13, y + (0.05 if step == 5 else 0))], 0.03)


def cup(p: Pen) -> None:
    p.blob([(-0.34, -0.1), (0.24, -0.1), (0.22, 0.16), (0.1, 0.36), (-0.2, 0.36), (-0.32, 0.16)])
    p.rect(-0.35, -0.14, 0.25, -0.04)
    p.ring(0.27, 0.06, 0.12, 0.055)
    p.blob([(-0.46, 0.36), (0.36, 0.36), (0.26, 0.44), (-0.36, 0.44)], p.extra)


def moon(p: Pen) -> None:
    outer = [(0.5 * math.cos(math.radians(t)), 0.5 * math.sin(math.radians(t))) for t in range(56, 305, 4)]
    inner = [(0.2 + 0.42 * math.cos(math.radians(t)), 0.42 * math.sin(math.radians(t))) for t in range(280, 79, -4)]
    p.shape([*outer, *inner])


def house(p: Pen) -> None:
    p.shape([(-0.34, 0.5), (-0.34, -0.1), (0.0, -0.44), (0.34, -0.1), (0.34, 0.5)])
    p.rect(0.14, -0.46, 0.24, -0.2)
    p.rect(-0.1, 0.16, 0.1, 0.5, p.cut)
    p.rect(-0.24, -0.04, -0.08, 0.08, p.extra)
    p.rect(0.08, -0.04, 0.24, 0.08, p.extra)


def barn(p: Pen) -> None:
    p.shape([(-0.5, 0.5), (-0.5, 0.06), (-0.36, -0.28), (0.36, -0.28), (0.5, 0.06), (0.5, 0.5)])
    p.shape([(-0.1, 0.5), (-0.1, 0.16), (0.12, 0.16), (0.12, 0.5)], p.extra)


def lamp(p: Pen) -> None:
    p.line([(0, -0.5), (0, -0.2)], 0.025)
    p.shape([(-0.08, -0.24), (0.08, -0.24), (0.34, 0.12), (-0.34, 0.12)])
    p.rect(-0.06, -0.3, 0.06, -0.22)
    p.pie(0, 0.12, 0.12, 0, 180, p.extra)


def bellows(p: Pen) -> None:
    p.shape([(-0.5, -0.32), (-0.27, -0.26), (-0.27, 0.36), (-0.5, 0.3)])
    p.shape([(0.27, -0.26), (0.5, -0.32), (0.5, 0.3), (0.27, 0.36)])
    for n in range(9):
        x = -0.25 + n * 0.056
        lift = 0.05 * math.sin(n / 8 * math.pi)
        p.shape([(x, -0.24 - lift), (x + 0.028, -0.3 - lift), (x + 0.028, 0.3 - lift), (x, 0.36 - lift)])
    for row in range(7):
        p.disc(-0.43, -0.2 + row * 0.075, 0.022, p.cut)
        p.disc(-0.35, -0.18 + row * 0.075, 0.022, p.cut)
        p.rect(0.33, -0.2 + row * 0.07, 0.46, -0.155 + row * 0.07, p.cut)


def key(p: Pen) -> None:
    p.ring(0, -0.3, 0.15, 0.09)
    p.rect(-0.045, -0.14, 0.045, 0.5)
    p.rect(0.04, 0.26, 0.2, 0.33)
    p.rect(0.04, 0.41, 0.25, 0.5)


def book(p: Pen) -> None:
    for side in (-1, 1):
        p.shape([(0, 0.3), (side * 0.46, 0.16), (side * 0.5, -0.22), (0, -0.06)])
        for n in range(3):
            lift = 0.1 + n * 0.11
            p.shape([(0, -0.06), (side * (0.44 - n * 0.1), -0.24 - lift * 0.5), (side * (0.38 - n * 0.12), -0.3 - lift * 0.5)], p.extra)
        for n in range(4):
            p.line([(side * 0.07, 0.04 + n * 0.055), (side * 0.4, -0.06 + n * 0.055)], 0.014, p.cut)


def microphone(p: Pen) -> None:
    p.shape([(-0.13, -0.1), (0.13, -0.1), (0.07, 0.5), (-0.07, 0.5)])
    p.disc(0, -0.26, 0.22)
    p.rect(-0.2, -0.12, 0.2, -0.06, p.extra)
    for n in range(-3, 4):
        p.line([(n * 0.055, -0.46 + abs(n) * 0.03), (n * 0.055, -0.14)], 0.012, p.cut)
        p.line([(-0.2, -0.27 + n * 0.055), (0.2, -0.27 + n * 0.055)], 0.012, p.cut)


def scissors(p: Pen) -> None:
    for side in (-1, 1):
        p.shape([(side * 0.02, 0.1), (-side * 0.02, 0.04), (side * 0.27, -0.5), (side * 0.13, -0.1)])
        p.line([(0, 0.08), (-side * 0.15, 0.24)], 0.055)
        p.ring(-side * 0.21, 0.36, 0.11, 0.055)
    p.disc(0, 0.06, 0.022, p.cut)


def trumpet(p: Pen) -> None:
    p.line([(-0.48, -0.06), (0.2, -0.06)], 0.045)
    p.shape([(0.16, -0.085), (0.36, -0.14), (0.5, -0.28), (0.5, 0.16), (0.36, 0.02), (0.16, -0.035)])
    p.line([(-0.3, -0.06), (-0.34, 0.06), (-0.26, 0.14), (0.1, 0.14), (0.18, 0.04), (0.1, -0.06)], 0.045)
    for n in range(3):
        x = -0.16 + n * 0.1
        p.rect(x - 0.035, -0.14, x + 0.035, 0.2)
        p.rect(x - 0.012, -0.24, x + 0.012, -0.12)
        p.rect(x - 0.035, -0.26, x + 0.035, -0.22)
    p.shape([(-0.5, -0.1), (-0.44, -0.075), (-0.44, -0.045), (-0.5, -0.02)])


def cassette(p: Pen) -> None:
    p.shape([(-0.48, -0.3), (0.48, -0.3), (0.5, -0.28), (0.5, 0.3), (-0.5, 0.3), (-0.5, -0.28)])
    p.rect(-0.42, -0.24, 0.42, 0.1, p.cut)
    p.shape([(-0.3, 0.3), (-0.26, 0.16), (0.26, 0.16), (0.3, 0.3)], p.cut)
    p.rect(-0.28, -0.12, 0.28, 0.06)
    for x in (-0.2, 0.2):
        p.disc(x, -0.03, 0.075, p.cut)
        for n in range(6):
            t = n * math.pi / 3
            p.line([(x + 0.045 * math.cos(t), -0.03 + 0.045 * math.sin(t)), (x + 0.075 * math.cos(t), -0.03 + 0.075 * math.sin(t))], 0.02)


def crown(p: Pen) -> None:
    p.shape([(-0.4, 0.3), (-0.48, -0.22), (-0.22, 0.02), (0.0, -0.36), (0.22, 0.02), (0.48, -0.22), (0.4, 0.3)])
    for x, y in ((-0.48, -0.25), (0.0, -0.39), (0.48, -0.25)):
        p.disc(x, y, 0.06)
    for x in (-0.22, 0.0, 0.22):
        p.disc(x, 0.18, 0.045, p.extra)


def bread(p: Pen) -> None:
    p.blob([(-0.5, 0.3), (-0.46, 0.02), (-0.2, -0.24), (0.2, -0.24), (0.46, 0.02), (0.5, 0.3), (0.3, 0.42), (-0.3, 0.42)])
    for n in range(4):
        x = -0.27 + n * 0.18
        p.blob([(x - 0.05, 0.12), (x, -0.08), (x + 0.09, -0.16), (x + 0.04, 0.0)], p.extra)


def tent(p: Pen) -> None:
    p.shape([(0, -0.42), (0.5, 0.5), (-0.5, 0.5)])
    for n in range(-2, 3):
        p.shape([(0, -0.42), (n * 0.2 - 0.05, 0.5), (n * 0.2 + 0.05, 0.5)], p.extra)
    p.shape([(0, -0.1), (0.14, 0.5), (-0.14, 0.5)], p.cut)
    p.line([(0, -0.4), (0, -0.5)], 0.02)


def bowl(p: Pen) -> None:
    p.pie(0, 0.0, 0.44, 0, 180)
    p.rect(-0.18, 0.4, 0.18, 0.48)
    p.blob([(-0.44, 0.0), (0.0, -0.09), (0.44, 0.0), (0.0, 0.09)], p.extra)


def bicycle_wheel(p: Pen) -> None:
    p.ring(0, 0, 0.44, 0.05)
    for n in range(8):
        t = n * math.pi / 8
        p.line([(0.42 * math.cos(t), 0.42 * math.sin(t)), (-0.42 * math.cos(t), -0.42 * math.sin(t))], 0.014)


MOTIFS: Mapping[str, Callable[[Pen], None]] = {
    drawing.__name__: drawing
    for drawing in (
        armchair,
        barn,
        bear,
        bellows,
        bicycle_wheel,
        bird,
        boat,
        book,
        bowl,
        bread,
        cassette,
        chair,
        crown,
        cup,
        dog,
        fish,
        flying,
        hand,
        house,
        key,
        ladder,
        lamp,
        leaf,
        microphone,
        monstera,
        moon,
        parrot,
        scissors,
        seaweed,
        stool,
        tent,
        trumpet,
    )
}
