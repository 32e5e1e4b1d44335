"""Can every colour of a theme be read on the ground it stands on? Computed from its tokens, in light and in dark.

The pairs are declared beside the base theme (themes/base/contrast.toml), once for all houses. A newcomer's trap: a theme is not
judged by its tokens alone but by where base puts them, so a house can break a pair by changing either of the two.
"""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from plugins.assets import tokens
from plugins.assets.tokens import Tokens

LEAST = {"text": 4.5, "sign": 3.0}
"""WCAG 2.2, 1.4.3 and 1.4.11, at level AA. Large text may have 3; ours has 4.5 everywhere."""
SCHEMES = ("light", "dark")
STEPS = 50
"""How finely a better colour is sought between the one that fails and black or white."""


class Pair(msgspec.Struct, frozen=True):
    """A colour on a ground, by token, and what it must reach."""

    front: str
    ground: str
    kind: str
    where: str


class Failure(msgspec.Struct, frozen=True):
    """A pair that cannot be read in one scheme."""

    pair: Pair
    scheme: str
    colour: str
    ground: str
    ratio: float
    better: str

    def __str__(self) -> str:
        """One sentence that says which pair, how bad, and what to change."""
        least = LEAST[self.pair.kind]
        mend = f"make --colour-{self.pair.front} {self.better}" if self.better else "no colour can stand there"
        return (
            f"{self.scheme}: --colour-{self.pair.front} {self.colour} on --colour-{self.pair.ground} {self.ground} "
            f"({self.pair.where}) is {self.ratio:.2f} : 1 and must be {least:g} : 1; {mend}, or change the ground"
        )


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    on: str
    have: list[str]
    kind: str = msgspec.field(name="is")
    where: str


class _Decoration(msgspec.Struct, forbid_unknown_fields=True):
    colours: list[str]


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    pair: list[_Row]
    decoration: _Decoration


def declared(base: Path) -> tuple[list[Pair], frozenset[str]]:
    """The pairs of the base theme in `base`, and the colours that carry no meaning; none of a theme that declares none."""
    if not (base / "contrast.toml").exists():
        return [], frozenset()
    table = msgspec.convert(tomllib.loads((base / "contrast.toml").read_text("utf-8")), _Table)
    pairs = [Pair(front, row.on, row.kind, row.where) for row in table.pair for front in row.have]
    return pairs, frozenset(table.decoration.colours)


def examine(folders: Sequence[Path]) -> list[Failure]:
    """Every pair that fails in a theme, whose folders are given with base first."""
    known = tokens.read(folders)
    return [failure for pair in declared(folders[0])[0] for failure in _judge(pair, known)]


def _judge(pair: Pair, known: Tokens) -> Iterator[Failure]:
    least = LEAST[pair.kind]
    for number, scheme in enumerate(SCHEMES):
        front = known.pair(f"colour-{pair.front}")[number]
        grounds = known.shades(f"colour-{pair.ground}", number)
        ground = min(grounds, key=lambda each: tokens.contrast(front, each))
        ratio = tokens.contrast(front, ground)
        if ratio < least:
            yield Failure(pair, scheme, front, ground, ratio, better(front, grounds, least))


def better(front: str, grounds: Sequence[str], least: float) -> str:
    """The colour nearest to `front` that can be read on all grounds: darker or lighter; "" if there is none."""
    found = []
    for end in ("#000000", "#ffffff"):
        for step in range(1, STEPS + 1):
            colour = tokens.mix(front, end, step / STEPS)
            if min(tokens.contrast(colour, ground) for ground in grounds) >= least:
                found.append((step, colour))
                break
    return min(found)[1] if found else ""
