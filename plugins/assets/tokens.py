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

    def _colour(self, name: str, scheme: int) -> str:
        value = self._value(name)
        for _ in range(DEEPEST):
            if value.startswith("light-dark("):
                value = _parts(value)[scheme]
            elif found := _VAR.fullmatch(value):
                value = self._value(found[1])
            else:
                break
        if not _HEX.fullmatch(value):
            raise Broken(f"--{name} comes to {value!r}, which is no hex colour", "tokens.css")
        return value.lower()

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


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(value: str) -> list[str]:
    """The arguments of a function, split at its own commas."""
    inside, depth, parts = value[value.index("(") + 1 : value.rindex(")")], 0, [""]
    for sign in inside:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]
