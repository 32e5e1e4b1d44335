"""Family "paper", the animals and what grows."""

import math
from collections.abc import Callable, Mapping

from demo.posters.cuttings import figure, piece, scraps
from demo.posters.ink import Point, Sheet
from demo.posters.look import Look, mix, shade
from demo.posters.motifs import MOTIFS

# fmt: off


def shoal(sheet: Sheet, look: Look) -> None:
    """Fish and weeds."""
    inks, rng = look.inks, look.rng
    sheet.ground(mix(inks.second, inks.light, 0.25))
    for n, tone in enumerate((mix(inks.second, inks.dark, 0.5), inks.deep, mix(inks.deep, inks.warm, 0.35))):
        with piece(sheet, tone) as p:
            for k in range(3):
                x, tall, turn = (-0.66 + (k * 3 + n) * 0.165, 0.42 + 0.08 * ((k + n) % 3), (k * 37 + n * 20) % 30 - 15)
                MOTIFS["seaweed"](p.at(x, 0.28 + 0.06 * (k % 2), tall, turn))
    spots = (
        (-0.36, -0.24, 0.42, 8, inks.main),
        (0.3, -0.3, 0.3, -172, inks.warm),
        (0.12, 0.02, 0.5, -6, inks.paper),
        (-0.5, 0.1, 0.26, 176, inks.soft),
        (0.56, 0.12, 0.3, 10, inks.dark),
        (-0.1, 0.3, 0.24, -8, inks.warm),
        (0.5, -0.06, 0.16, 0, inks.main),
    )
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


CUT_ANIMALS: Mapping[str, Callable[[Sheet, Look], None]] = {
    "fish": shoal, "bear": stuck, "bird": garden, "parrot": perch, "leaf": jungle, "dragon": dragon,
}
