"""Setting type for a picture: a house's own typefaces, lines that wrap well, and letters that the first file lacks.

What a newcomer would get wrong: a house's face is cut in two files (Western Europe, and the rest of Latin), as for browsers, so a
line is set in runs; and a title is never cut off in the middle of a word without a sign that it was.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont
MISSING = "\ue000"
"""A sign that no face has: what is drawn for it is what is drawn for any sign that is missing."""


class Face:
    """A typeface in one size: its files in the order they are asked for a letter."""

    def __init__(self, files: Sequence[Path], size: int, weight: int = 400) -> None:
        self.size = size
        self.fonts = [_font(str(file), size, weight) for file in files]
        self.ascent, self.descent = self.fonts[0].getmetrics()

    def width(self, text: str) -> float:
        """How wide a line is, in pixels."""
        return sum(font.getlength(run) for font, run in self.runs(text))

    def draw(self, canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: str) -> None:
        """Set a line with its baseline at `at`."""
        x, y = at
        for font, run in self.runs(text):
            canvas.text((x, y), run, font=font, fill=colour, anchor="ls")
            x += font.getlength(run)

    def runs(self, text: str) -> Iterator[tuple[Font, str]]:
        """The line in pieces that one file can set."""
        if text.isascii():
            yield self.fonts[0], text
            return
        start = 0
        using = self._font_for(text[:1])
        for at, sign in enumerate(text):
            font = using if sign == " " else self._font_for(sign)
            if font is not using:
                yield using, text[start:at]
                start, using = at, font
        if text[start:]:
            yield using, text[start:]

    def known(self, text: str) -> str:
        """The text without the signs that no file has, such as an emoji."""
        return " ".join("".join(sign for sign in text if sign == " " or any(_has(f, sign) for f in self.fonts)).split())

    def _font_for(self, sign: str) -> Font:
        return next((font for font in self.fonts if _has(font, sign)), self.fonts[0])


@lru_cache(maxsize=64)
def _font(file: str, size: int, weight: int) -> Font:
    font = ImageFont.truetype(file, size)
    try:
        axes = font.get_variation_axes()
    except OSError:  # a face of one weight
        return font
    font.set_variation_by_axes([weight if axis["name"] == b"Weight" else axis["default"] or 0 for axis in axes])
    return font


@lru_cache(maxsize=8192)
def _has(font: Font, sign: str) -> bool:
    return not sign or bytes(font.getmask(sign)) != bytes(font.getmask(MISSING))


def wrap(text: str, face: Face, room: int) -> list[str]:
    """Lines no wider than `room`, as even as they can be: the narrowest measure that needs no more lines."""
    words = [piece for word in text.split() for piece in _broken(word, face, room)]
    lines = _filled(words, face, room)
    low, high = room // 3, room
    while high - low > 8:  # a title of two lines is better halved than with one word left over
        middle = (low + high) // 2
        tried = _filled(words, face, middle)
        if len(tried) <= len(lines) and all(face.width(line) <= middle for line in tried):
            high, lines = middle, tried
        else:
            low = middle
    return lines


def _filled(words: Sequence[str], face: Face, room: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _broken(word: str, face: Face, room: int) -> Iterator[str]:
    """A word that is wider than the room, in pieces with a hyphen."""
    while face.width(word) > room and len(word) > 4:
        cut = next((n for n in range(len(word) - 2, 2, -1) if face.width(word[:n] + "-") <= room), 2)
        yield word[:cut] + "-"
        word = word[cut:]
    yield word


def fitted(
    text: str, files: Sequence[Path], sizes: Sequence[int], room: tuple[int, int], leading: float
) -> tuple[Face, list[str]]:
    """The largest size in which the text fits; in the smallest, what does not fit ends in an ellipsis."""
    for size in sizes:
        face = Face(files, size, 700)
        lines = wrap(text, face, room[0])
        if len(lines) * size * leading <= room[1] and not any(line.endswith("-") for line in lines[:-1]):
            return face, lines
    face = Face(files, sizes[-1], 700)
    lines, most = wrap(text, face, room[0]), max(1, int(room[1] / (sizes[-1] * leading)))
    if len(lines) > most:
        lines = _filled(text.split(), face, room[0])[:most]
        last = lines[-1]
        while last and face.width(f"{last} …") > room[0]:
            last = last.rpartition(" ")[0]
        lines[-1] = f"{last} …".strip()
    return face, lines
