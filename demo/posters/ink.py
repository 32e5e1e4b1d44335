"""The press: a pen that draws in parts of a sheet, and the textures that make flat colour look printed.

Everything is drawn at twice the size and brought back, which smooths every edge. Coordinates are fractions: a pen's own box
runs from -0.5 to 0.5, y downwards, so that a drawing can be put anywhere, turned and mirrored.
"""

import math
import random
from collections.abc import Iterable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

FINER = 2
Point = tuple[float, float]
Fill = str | int


class Pen:
    """Draws on an image. `ink` is the colour, `cut` that of details, `extra` a third one; on a mask they are numbers."""

    def __init__(
        self, image: Image.Image, ink: Fill, cut: Fill, extra: Fill, place: tuple[complex, complex, bool]
    ) -> None:
        self.image, self.ink, self.cut, self.extra, self.place = image, ink, cut, extra, place
        self.draw = ImageDraw.Draw(image)

    def at(self, x: float, y: float, size: float, turn: float = 0, flip: bool = False) -> "Pen":
        """A pen whose box is centred on (x, y) of this one's, `size` as a part of it, turned by degrees."""
        centre, scale, flipped = self.place
        turned = scale * size * complex(math.cos(math.radians(turn)), math.sin(math.radians(turn)))
        place = (centre + self._vector((x, y)), turned, flipped != flip)
        return Pen(self.image, self.ink, self.cut, self.extra, place)

    def using(self, ink: Fill, cut: Fill | None = None, extra: Fill | None = None) -> "Pen":
        """The same pen with other colours."""
        return Pen(
            self.image,
            ink,
            self.cut if cut is None else cut,
            self.extra if extra is None else extra,
            self.place,
        )

    def shape(self, points: Iterable[Point], fill: Fill | None = None) -> None:
        """A polygon."""
        self.draw.polygon([self._spot(p) for p in points], fill=self.ink if fill is None else fill)

    def blob(self, points: Sequence[Point], fill: Fill | None = None) -> None:
        """A smooth closed line through the points (Catmull-Rom), filled."""
        self.shape(smooth(points), fill)

    def rect(self, x0: float, y0: float, x1: float, y1: float, fill: Fill | None = None) -> None:
        """A rectangle by two corners."""
        self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill)

    def disc(self, x: float, y: float, r: float, fill: Fill | None = None) -> None:
        """A circle."""
        self.pie(x, y, r, 0, 360, fill)

    def pie(self, x: float, y: float, r: float, start: float, end: float, fill: Fill | None = None) -> None:
        """A slice of a circle between two angles, clockwise from the right."""
        steps = max(8, int(abs(end - start) / 5))
        turns = [math.radians(start + (end - start) * n / steps) for n in range(steps + 1)]
        arc = [(x + r * math.cos(t), y + r * math.sin(t)) for t in turns]
        self.shape(arc if end - start >= 360 else [(x, y), *arc], fill)

    def ring(self, x: float, y: float, r: float, width: float, fill: Fill | None = None) -> None:
        """A circle's edge."""
        turns = [n / 40 * math.pi for n in range(81)]
        outer = [(x + (r + width / 2) * math.cos(t), y + (r + width / 2) * math.sin(t)) for t in turns]
        inner = [(x + (r - width / 2) * math.cos(t), y + (r - width / 2) * math.sin(t)) for t in reversed(turns)]
        self.shape([*outer, *inner], fill)

    def line(self, points: Sequence[Point], width: float, fill: Fill | None = None) -> None:
        """A line of that width with round ends and corners."""
        colour = self.ink if fill is None else fill
        spots = [self._spot(p) for p in points]
        thick = max(1, round(width * abs(self.place[1])))
        self.draw.line(spots, fill=colour, width=thick, joint="curve")
        if thick > 3:
            for x, y in spots if len(spots) < 12 else (spots[0], spots[-1]):
                r = thick / 2
                self.draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def letter(self, text: str, x: float, y: float, size: float, fat: float = 0) -> None:
        """Letters standing on a line, `fat` thicker, sizes as parts of the box. They are never turned."""
        scale = abs(self.place[1])
        self.draw.text(
            self._spot((x, y)), text, font=font(round(size * scale)), fill=self.ink, anchor="ms", stroke_width=round(fat * scale)
        )  # fmt: skip

    def _vector(self, point: Point) -> complex:
        _, scale, flipped = self.place
        return scale * complex(-point[0] if flipped else point[0], point[1])

    def _spot(self, point: Point) -> Point:
        spot = self.place[0] + self._vector(point)
        return spot.real, spot.imag


def smooth(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """A closed curve through all points."""
    curve: list[Point] = []
    count = len(points)
    for n in range(count):
        a, b, c, d = (points[(n + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return curve


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own scalable letters."""
    return ImageFont.load_default(size)


class Sheet:
    """A sheet being printed. `wide` is its width in units where the shorter side is 1."""

    def __init__(self, size: tuple[int, int], ground: str, rng: random.Random) -> None:
        self.size, self.rng = size, rng
        self.large = (size[0] * FINER, size[1] * FINER)
        self.short = min(self.large)
        self.wide, self.high = self.large[0] / self.short, self.large[1] / self.short
        self.image = Image.new("RGB", self.large, ground)

    def pen(self, ink: Fill, cut: Fill = "#ffffff", extra: Fill = "#ffffff", on: Image.Image | None = None) -> Pen:
        """A pen on the sheet itself, or on a mask of it; the box's unit is the shorter side."""
        centre = complex(self.large[0] / 2, self.large[1] / 2)
        return Pen(on or self.image, ink, cut, extra, (centre, complex(self.short), False))

    def ground(self, tone: str) -> Pen:
        """Cover the whole sheet, and give a pen of that colour."""
        self.image.paste(tone, (0, 0, *self.large))
        return self.pen(tone)

    def mask(self, value: int = 0) -> Image.Image:
        """A new empty plate."""
        return Image.new("L", self.large, value)

    def stencil(self) -> Pen:
        """A pen on a new mask, where ink is full and cut is nothing."""
        return self.pen(255, 0, 0, on=self.mask())

    def lay(self, mask: Image.Image, colour: str, opaque: bool = True) -> None:
        """Print a colour through a mask: opaque, or as ink that lets what is below shine through."""
        box = mask.getbbox()
        if box:
            part = mask.crop(box)
            shining = None if opaque else ImageChops.multiply(self.image.crop(box), Image.new("RGB", part.size, colour))
            self.image.paste(shining or colour, box, part)

    def shadow(
        self, mask: Image.Image, dx: float = 0.008, dy: float = 0.014, soft: float = 0.012, dark: float = 0.35
    ) -> None:
        """Let something of this shape throw a soft shadow."""
        box = mask.getbbox()
        if box:
            room = round(soft * self.short * 3)
            wide = (box[0] - room, box[1] - room, box[2] + room, box[3] + room)
            part = mask.crop(wide)
            blurred = (
                part.reduce(4).point(lambda v: int(v * dark)).filter(ImageFilter.GaussianBlur(soft * self.short / 4))
            )
            spot = (wide[0] + round(dx * self.short), wide[1] + round(dy * self.short))
            self.image.paste(
                "#0b0b14",
                (*spot, spot[0] + part.width, spot[1] + part.height),
                blurred.resize(part.size, Image.Resampling.NEAREST),
            )

    def finish(self) -> Image.Image:
        """Bring it back to its size, with the grain of paper and ink."""
        image = self.image.reduce(FINER)
        left, top = self.rng.randrange(_SPARE), self.rng.randrange(_SPARE)
        noise = _grain().crop((left, top, left + self.size[0], top + self.size[1]))
        return ImageChops.overlay(image, noise)


_SPARE = 200


@lru_cache(maxsize=1)
def _grain() -> Image.Image:
    seed, side = random.Random(7), 1600 + _SPARE
    fine = Image.frombytes("L", (side, side), seed.randbytes(side * side)).filter(ImageFilter.GaussianBlur(0.7))
    few = side // 90
    coarse = Image.frombytes("L", (few, few), seed.randbytes(few * few)).resize((side, side), Image.Resampling.BICUBIC)
    both = Image.blend(Image.blend(fine, coarse, 0.22), Image.new("L", fine.size, 128), 0.5)
    return Image.merge("RGB", [both] * 3)


@lru_cache(maxsize=8)
def screen(size: tuple[int, int], cell: int, angle: int) -> Image.Image:
    """A halftone screen: cones on a turned grid, to be added to a grey picture and cut off."""
    cone = (
        Image.radial_gradient("L")
        .resize((cell, cell), Image.Resampling.BICUBIC)
        .point(lambda v: min(255, int(v * 1.42)))
    )
    side = int(math.hypot(*size)) // cell * cell + cell * 2
    row = Image.new("L", (side, cell))
    for x in range(0, side, cell):
        row.paste(cone, (x, 0))
    field = Image.new("L", (side, side))
    for y in range(0, side, cell):
        field.paste(row, (0, y))
    turned = field.rotate(angle)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))


def halftone(grey: Image.Image, cell: int = 28, angle: int = 22) -> Image.Image:
    """Dots that are larger where the picture is lighter (255: full ink)."""
    return ImageChops.subtract(grey, screen(grey.size, cell, angle)).point(lambda v: min(255, v * 14))


@lru_cache(maxsize=8)
def fade(size: tuple[int, int], top: int, bottom: int) -> Image.Image:
    """A grey that runs from top to bottom."""
    return (
        Image.linear_gradient("L")
        .point(lambda v: top + (bottom - top) * v // 255)
        .resize(size, Image.Resampling.BILINEAR)
    )
