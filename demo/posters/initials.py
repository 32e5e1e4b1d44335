"""Family "initials": letters as a picture."""

import math
from collections.abc import Callable, Mapping

from demo.posters.ink import Pen, Point, Sheet
from demo.posters.look import Look, mix

MARKS: Mapping[str, tuple[str, tuple[Point, ...]]] = {
    "é": ("e", ((-0.04, -0.62), (0.1, -0.76))),
    "ñ": ("n", ((-0.18, -0.66), (-0.08, -0.73), (0.06, -0.66), (0.17, -0.73))),
    "ç": ("c", ((0.02, 0.02), (0.06, 0.12), (-0.06, 0.2))),
    "ø": ("o", ((-0.26, 0.04), (0.26, -0.58))),
    "å": ("a", tuple((0.09 * math.cos(t / 2.5), -0.72 + 0.09 * math.sin(t / 2.5)) for t in range(17))),
}
"""Letters that Pillow's own font lacks: the bare letter, and its mark as a line in parts of the letter's size."""

# fmt: off


def initials(sheet: Sheet, look: Look) -> None:
    """Letters larger than the sheet, printed over each other."""
    inks, rng, w = look.inks, look.rng, sheet.wide
    letters = look.letters
    count = len(letters)
    sheet.ground(inks.warm if count > 2 else mix(inks.paper, inks.soft, 0.4))
    tones = (inks.main, inks.second, inks.dark, inks.deep) if count > 2 else (inks.main, inks.second)
    for n, letter in enumerate(letters if count > 1 else letters * 2):
        plate = sheet.stencil()
        if count == 1:
            _letter(plate, letter, (-0.09, 0.09)[n], (0.58, 0.52)[n], 1.5)
        elif count == 2:
            _letter(plate, letter, (-0.3, 0.32)[n] * w / 1.5, (0.4, 0.34)[n], 1.2)
        else:
            _letter(plate, letter, ((n + 0.5) / count - 0.5) * w * 0.88, (0.14, 0.36)[n % 2], 0.86)
        lean = rng.uniform(-14, 14) if count > 1 else 0
        sheet.lay(plate.image.rotate(lean), tones[n % len(tones)], opaque=False)
    if count == 1:
        sheet.pen(mix(inks.paper, inks.soft, 0.4)).shape([(-2, 0.2), (2, -0.28), (2, -0.2), (-2, 0.28)])
    sheet.pen(inks.dark).rect(-w / 2 + 0.05, sheet.high / 2 - 0.07, -w / 2 + 0.35, sheet.high / 2 - 0.05)


def _letter(p: Pen, letter: str, x: float, y: float, size: float) -> None:
    bare, mark = MARKS.get(letter, (letter, ()))
    p.letter(bare, x, y, size, size * 0.018)
    if mark:
        p.line([(x + a * size, y + b * size) for a, b in mark], 0.1 * size)


INITIALS: Mapping[str, Callable[[Sheet, Look], None]] = {"": initials}
