"""Where the paths of one table of a mapping begin: at the item, or at a list in it that they go into."""

from typing import Any

from etalage.adapters import _paths, _values
from etalage.adapters._paths import Get, Path, Tree
from etalage.model.errors import Refused

Env = tuple[Any, ...]
"""The item, the element of its list, the element of that one's list … as far as a table goes into lists."""


class Scopes:
    """The lists that a table's paths go into, the innermost last; each is a step in the environment."""

    def __init__(self, tree: Tree, lists: tuple[Path, ...] = ((),), empty: frozenset[str] = frozenset()) -> None:
        self.tree, self.lists, self.empty = tree, lists, empty

    def at(self, text: str) -> Get:
        """Compile a path, from the innermost list that it goes through; what the feed calls empty gives None."""
        depth, rest = self.split(text)
        found = self.tree.below(self.lists[depth]).getter(rest)
        if self.empty:
            return lambda env: None if str(value := found(env[depth])).strip() in self.empty else value
        slot = self.slot(text)
        return _at_hand(slot) if slot else lambda env: found(env[depth])

    def slot(self, given: Any) -> str:
        """The slot of a plain path in the innermost list, or ""."""
        if not isinstance(given, str) or self.empty:
            return ""
        depth, rest = self.split(given)
        if depth < len(self.lists) - 1 or len(rest) != 1 or not isinstance(rest[0], str):
            return ""
        return self.tree.below(self.lists[depth]).slot(rest[0])

    def split(self, text: str) -> tuple[int, Path]:
        """How deep in the environment a path begins, and what remains of it there."""
        path = _paths.parse(text)
        depth = max(depth for depth, scope in enumerate(self.lists) if path[: len(scope)] == scope)
        return depth, path[len(self.lists[depth]) :]

    def into(self, given: Any, table: str) -> tuple["Scopes", Get | None]:
        """The scopes within a table: one list further when its paths go into one; and what gives that list."""
        further: set[tuple[int, Path]] = set()
        for depth, rest in map(self.split, _values.paths_in(given)):
            further.update((depth, scope) for scope in _paths.lists_in(rest)[:1])
        if len(further) > 1:
            raise Refused(
                "settings_wrong",
                f"mapping.{table} goes into two lists; all its paths with [] must go into the same",
            )
        if not further:
            return self, None
        ((depth, inner),) = further
        found = self.tree.below(self.lists[depth]).getter(inner[:-1])
        return Scopes(self.tree, (*self.lists, self.lists[depth] + inner), self.empty), lambda env: found(env[depth])


def _at_hand(slot: str) -> Get:
    """What is in a slot of the innermost list, in one call: most values of most mappings are that."""

    def get(env: Env) -> Any:
        value = getattr(env[-1], slot, None)
        return None if value is None or value is False or value == "" else value

    return get
