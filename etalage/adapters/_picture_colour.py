"""The colour that stands in for a picture, as an eye would name it.

A plain average of a stage photo is mud. Pixels are sorted into cells of OKLab (Björn Ottosson 2020,
https://bottosson.github.io/posts/oklab/), where equal distances look equally different; the fullest cell wins, colourful
cells counting for somewhat more than grey ones, and the answer is the mean of its pixels.
"""

from collections import defaultdict
from collections.abc import Iterable

RGB = tuple[int, int, int]
Lab = tuple[float, float, float]
CELL = 0.12
"""The side of a cell; lightness goes from 0 to 1."""
LIVELY = 3.0
"""How much more a colour counts for its chroma (0 for grey, about 0.3 for pure red)."""
_LINEAR = [n / 255 / 12.92 if n <= 10 else ((n / 255 + 0.055) / 1.055) ** 2.4 for n in range(256)]


def dominant(pixels: Iterable[RGB]) -> str:
    """The dominant colour as #rrggbb; grey when there is not one pixel."""
    cells: defaultdict[tuple[int, int, int], list[Lab]] = defaultdict(list)
    for pixel in pixels:
        lab = to_lab(pixel)
        cells[round(lab[0] / CELL), round(lab[1] / CELL), round(lab[2] / CELL)].append(lab)
    if not cells:
        return "#808080"
    means = {cell: _mean(found) for cell, found in cells.items()}
    best = max(cells, key=lambda cell: (len(cells[cell]) * (1 + LIVELY * _chroma(means[cell])), cell))
    return "#{:02x}{:02x}{:02x}".format(*to_rgb(means[best]))


def to_lab(pixel: RGB) -> Lab:
    """An sRGB pixel in OKLab."""
    r, g, b = _LINEAR[pixel[0]], _LINEAR[pixel[1]], _LINEAR[pixel[2]]
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def to_rgb(lab: Lab) -> RGB:
    """An OKLab colour as the nearest sRGB pixel."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def _gamma(linear: float) -> int:
    part = min(max(linear, 0.0), 1.0)
    return round(255 * (part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


def _mean(found: list[Lab]) -> Lab:
    count = len(found)
    return (
        sum(x[0] for x in found) / count,
        sum(x[1] for x in found) / count,
        sum(x[2] for x in found) / count,
    )


def _chroma(lab: Lab) -> float:
    return float((lab[1] ** 2 + lab[2] ** 2) ** 0.5)
