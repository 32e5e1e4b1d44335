"""icon.svg as pictures for home screens, which take no SVG everywhere: 192 and 512 pixels, and one that may be cut to any shape.

Only straight lines are drawn (M, L, H, V and Z of an SVG path); a house whose icon has curves brings icon-192.png,
icon-512.png and icon-maskable-512.png in its static folder, and they are used instead.
"""

import re
from collections.abc import Iterator
from io import BytesIO

SIZES = {"icon-192.png": (192, 1.0), "icon-512.png": (512, 1.0), "icon-maskable-512.png": (512, 0.8)}
"""Name → pixels, and how much of the width the drawing takes: launchers may cut off a tenth on each side (W3C, "maskable")."""
RECIPE = "1"
"""Raised when the same SVG should give other pictures."""
_PATH = re.compile(r"<path\b([^>]*)>")
_ATTRIBUTE = re.compile(r'\b(fill|d)="([^"]*)"')
_STEP = re.compile(r"([MmLlHhVvZz])|(-?\d*\.?\d+)|([^\s,])")

Point = tuple[float, float]
Shape = tuple[str, list[list[Point]]]


class Curved(Exception):
    """An icon with more than straight lines."""


def shapes(svg: str) -> list[Shape]:
    """Colour and polygons of every path, in a square of 32 (the viewBox)."""
    if 'viewBox="0 0 32 32"' not in svg or re.search(r"<(?!/?svg\b|path\b|\?xml)", svg) or "transform" in svg:
        raise Curved
    found: list[Shape] = []
    for path in _PATH.findall(svg):
        known = dict(_ATTRIBUTE.findall(path))
        if not re.fullmatch(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", known.get("fill", ""), re.IGNORECASE):
            raise Curved
        found.append((known["fill"], list(_polygons(known.get("d", "")))))
    return found


def draw(svg: str, size: int, share: float) -> bytes:
    """The icon as PNG; what lies outside the drawing has the colour of its ground."""
    from PIL import Image, ImageDraw

    drawn = shapes(svg)
    fine = size * 4  # drawn large and made small, so that slanted lines are smooth
    scale, edge = fine * share / 32, fine * (1 - share) / 2
    image = Image.new("RGB", (fine, fine), drawn[0][0])
    pen = ImageDraw.Draw(image)
    for colour, polygons in drawn:
        for polygon in polygons:
            points = [(edge + x * scale, edge + y * scale) for x, y in polygon]
            pen.polygon([(min(x, fine - 1), min(y, fine - 1)) for x, y in points], fill=colour)
    out = BytesIO()
    image.resize((size, size), Image.Resampling.BOX).quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _polygons(d: str) -> Iterator[list[Point]]:
    """The outlines in a path's data."""
    steps: list[tuple[str, list[float]]] = []
    for command, number, other in _STEP.findall(d):
        if other or (number and not steps):
            raise Curved
        if command:
            steps.append((command, []))
        else:
            steps[-1][1].append(float(number))
    x = y = 0.0
    points: list[Point] = []
    for command, numbers in steps:
        kind, near = command.upper(), command.islower()
        if kind in "MZ" and points:
            yield points
            if kind == "Z":
                x, y = points[0]
            points = []
        width = {"M": 2, "L": 2, "H": 1, "V": 1, "Z": 1}[kind]
        for at in range(0, len(numbers), width):
            first, last = numbers[at], numbers[min(at + width, len(numbers)) - 1]
            if kind in "MLH":
                x = first + x * near
            if kind in "MLV":
                y = last + y * near
            points.append((x, y))
    if points:
        yield points
