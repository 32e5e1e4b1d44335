"""Design tokens as data: what each custom property comes to in light and dark, and the contrast between two colours.

A newcomer's trap: only what stands in `:root { … }` of a tokens.css counts, and a colour that is tested must come to a hex
value through `var()` and `light-dark()` alone; a `color-mix()` is fine for decoration and is not followed.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_DECLARATION = re.compile(r"--([a-z0-9-]+)\s*:\s*([^;]+);")
_VAR = re.compile(r"var\(--([a-z0-9-]+)\)")
_GRADIENT = re.compile(r"(?:repeating-)?(?:linear|radial|conic)-gradient\(")
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
DEEPEST = 12


class Broken(Exception):
    """A token that is missing or comes to no colour."""

    def __init__(self, say: str, where: str = "") -> None:
        self.where = where
        super().__init__(say)


class Tokens:
    """The tokens of one theme."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def pair(self, name: str) -> tuple[str, str]:
        """The colour of a token in light and in dark, as hex."""
        return self._colour(name, 0), self._colour(name, 1)

    def shades(self, name: str, scheme: int) -> list[str]:
        """The colours a ground consists of: one, or each colour of a gradient."""
        value = self._resolved(self._value(name), scheme)
        if not _GRADIENT.match(value):
            return [self._colour(name, scheme)]
        stops = [self._resolved(_parts(f"({part})", " ")[0], scheme) for part in _parts(value)]
        if not _HEX.fullmatch(stops[0]):
            del stops[0]  # its direction
        if wrong := [stop for stop in stops if not _HEX.fullmatch(stop)]:
            raise Broken(f"--{name} has {wrong[0]!r} in its gradient, which is no hex colour", "tokens.css")
        return [stop.lower() for stop in stops]

    def _colour(self, name: str, scheme: int) -> str:
        value = self._resolved(self._value(name), scheme)
        if not _HEX.fullmatch(value):
            raise Broken(f"--{name} comes to {value!r}, which is no hex colour", "tokens.css")
        return value.lower()

    def _resolved(self, value: str, scheme: int) -> str:
        """What is left of a value when `var()` and `light-dark()` are gone."""
        for _ in range(DEEPEST):
            if value.startswith("light-dark("):
                value = _parts(value)[scheme]
            elif found := _VAR.fullmatch(value):
                value = self._value(found[1])
            else:
                break
        return value

    def _value(self, name: str) -> str:
        if name not in self.values:
            raise Broken(f"--{name} is not a token", "tokens.css")
        return self.values[name]


def read(folders: Sequence[Path]) -> Tokens:
    """The tokens of base, with those of a house laid over them."""
    values: dict[str, str] = {}
    for folder in folders:
        for path in (folder / "static" / "css" / "tokens.css", folder / "tokens.css"):
            if path.exists():
                text = _COMMENT.sub("", path.read_text("utf-8"))
                for block in _ROOT.findall(text):
                    values.update((name, " ".join(value.split())) for name, value in _DECLARATION.findall(block))
    return Tokens(values)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two hex colours, from 1 to 21, as WCAG 2.2 defines it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """The colour on the straight way from one to the other; a share of 1 is the other."""
    channels = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in channels)


def _channels(colour: str) -> list[float]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(value: str, between: str = ",") -> list[str]:
    """The arguments of a function, split at its own commas."""
    inside, depth, parts = value[value.index("(") + 1 : value.rindex(")")], 0, [""]
    for sign in inside:
        depth += (sign == "(") - (sign == ")")
        if sign == between and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]
