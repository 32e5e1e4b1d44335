"""Draw one picture to share: a band in the house's colours with the words, and beside it the picture or a large letter."""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from plugins.sharing.letters import Face, fitted
from plugins.sharing.posters import HEIGHT, WIDTH, Look, Words

BAND = 640
"""Where the words stand; the rest is the picture's."""
EDGE = 56
SIZES = (112, 102, 92, 84, 76, 68, 60, 54, 48, 42)
QUALITY = 82


def draw(words: Words, look: Look, picture: Path | None) -> bytes:
    """A JPEG of 1200 × 630."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), look.ground)
    if picture:
        _paste(canvas, picture)
    else:
        sign = next((sign for sign in words.title if sign.isalnum()), "").upper()
        canvas.paste(_letter(sign, look.display, look.letter_ground, look.letter), (BAND, 0))
    _write(ImageDraw.Draw(canvas), words, look)
    file = io.BytesIO()
    canvas.save(file, "JPEG", quality=QUALITY, subsampling="4:2:0")
    return file.getvalue()


def _paste(canvas: Image.Image, picture: Path) -> None:
    """The middle of our own 1200 × 630 copy, which is cut around the point that must stay in view."""
    with Image.open(picture) as original:
        scale = max((WIDTH - BAND) / original.width, HEIGHT / original.height)
        size = round(original.width * scale), round(original.height * scale)
        image = original.convert("RGB")
    image = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)
    left, top = (image.width - (WIDTH - BAND)) // 2, (image.height - HEIGHT) // 2
    canvas.paste(image.crop((left, top, left + WIDTH - BAND, top + HEIGHT)), (BAND, 0))


@lru_cache(maxsize=64)
def _letter(sign: str, files: tuple[str, ...], ground: str, ink: str) -> Image.Image:
    """Where there is no picture: the first letter of the title, large. There are few, and each takes its time."""
    half = Image.new("RGB", (WIDTH - BAND, HEIGHT), ground)
    if sign:
        face = Face([Path(file) for file in files], 520, 700)
        left, top, right, bottom = face.fonts[0].getbbox(sign, anchor="ls")
        at = (half.width - left - right) / 2, (HEIGHT - top - bottom) / 2
        face.draw(ImageDraw.Draw(half), at, sign, ink)
    return half


def _write(brush: ImageDraw.ImageDraw, words: Words, look: Look) -> None:
    text = [Path(file) for file in look.text]
    room = BAND - 2 * EDGE
    brush.rectangle((EDGE, EDGE, EDGE + 72, EDGE + 10), fill=look.accent)
    small, strong = Face(text, 32), Face(text, 38, 700)
    y = EDGE + 10.0
    if words.kicker:
        y += 52
        _line(brush, small, (EDGE, y), words.kicker, look.ink, room)
    foot = HEIGHT - EDGE
    _line(brush, small, (EDGE, foot), words.foot, look.ink, room)
    when = fitted(words.when, text, (38, 34, 30), (room, 96), 1.2)[1] if words.when else []
    bottom = foot - 60 - 46 * len(when)
    title = Face([Path(file) for file in look.display], SIZES[-1], 700).known(words.title)
    title = title.upper() if look.upper else title
    face, lines = fitted(
        title, [Path(file) for file in look.display], SIZES, (room, int(bottom - y - 30)), look.leading
    )
    y += 30
    for number, line in enumerate(lines):
        face.draw(brush, (EDGE, y + face.size * 0.82 + number * face.size * look.leading), line, look.ink)
    for number, line in enumerate(when):
        strong.draw(brush, (EDGE, bottom + 38 + 46 * number), line, look.ink)


def _line(brush: ImageDraw.ImageDraw, face: Face, at: tuple[float, float], text: str, colour: str, room: int) -> None:
    """One line, cut at a word when it is too long."""
    text = face.known(text)
    while text and face.width(text) > room:
        text = (text.removesuffix(" …").rpartition(" ")[0] or text[:20]) + " …"
    face.draw(brush, at, text, colour)
