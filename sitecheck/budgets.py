"""How heavy a page may be, per kind of page: `budgets.toml` as values.

A page says its kind itself, in `<body data-page="production">`; one that does not is held to what holds for every page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "budgets.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most a page may weigh, in compressed bytes; `together` is HTML, CSS and JavaScript in one, 0 for no such limit."""

    html: int = 40_000
    css: int = 20_000
    js: int = 25_000
    fonts: int = 120_000
    pictures: int = 200_000
    together: int = 0


@dataclass(frozen=True, slots=True)
class Budgets:
    """One for every page, and those of kinds that have their own."""

    every: Budget = field(default_factory=Budget)
    kinds: Mapping[str, Budget] = field(default_factory=dict)

    def of(self, kind: str) -> Budget:
        """The budget of one kind of page."""
        return self.kinds.get(kind, self.every)


def read(file: Path = FILE) -> Budgets:
    """Read a budgets.toml; a key that is no weight is refused with a ValueError that names it."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    every = _budget(Budget(), table.get("every", {}), "every")
    kinds = {kind: _budget(every, given, f"page.{kind}") for kind, given in table.get("page", {}).items()}
    return Budgets(every, kinds)


def _budget(base: Budget, given: Mapping[str, int], where: str) -> Budget:
    known = {each.name for each in fields(Budget)}
    if wrong := [name for name, most in given.items() if name not in known or not isinstance(most, int)]:
        message = f"budgets.toml: {where}.{wrong[0]} is no weight; write one of {', '.join(sorted(known))}, in bytes"
        raise ValueError(message)
    return replace(base, **given)
