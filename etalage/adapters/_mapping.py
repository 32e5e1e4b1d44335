"""A mapping of house.toml, compiled: from an item of any JSON feed to a draft. Its language is in docs/reference/sources.md.

A mapping mirrors the draft: left our field, right where the feed has it. All of it is parsed once. What runs for each item looks
into an environment: the item, then the date of the item, then the price of the date, as far as the paths go into lists.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import msgspec

from etalage.adapters import _fields, _paths, _terms, _values
from etalage.adapters._fields import Draft
from etalage.adapters._paths import Get, Path, Tree
from etalage.adapters._readers import Rows
from etalage.model.errors import Refused
from etalage.model.money import read_amount
from etalage.model.programme import FACILITIES

Env = tuple[Any, ...]
_LISTS: Mapping[str, tuple[str, ...]] = {
    "prices": ("amount", "tariff", "category", "note", "kind", "id"),
    "credits": ("name", "role"),
    "pictures": ("src", "alt", "credit"),
    "press": ("source", "text", "day", "stars", "url"),
    "videos": ("url", "label"),
    "links": ("url", "label"),
}
"""Fields that may be a list of tables, and what is in these; without the first there is nothing."""
_VENUE = frozenset({"id", "name", "street", "postal", "city", "country", "latitude", "longitude"})
_OPTIONS = frozenset({"when", "unless", "cents", "skip_unreadable"})
_PRODUCTION = _fields.OF_PRODUCTION | _fields.BOTH.keys()
_PERFORMANCE = _fields.OF_PERFORMANCE | _fields.BOTH.keys() | {"id"}


class Scopes:
    """The lists that a table's paths go into, the innermost last; each is a step in the environment."""

    def __init__(self, tree: Tree, lists: tuple[Path, ...] = ((),), empty: frozenset[str] = frozenset()) -> None:
        self.tree, self.lists, self.empty = tree, lists, empty

    def at(self, text: str) -> Get:
        """Compile a path, from the innermost list that it goes through; what the feed calls empty gives None."""
        depth, rest = self.split(text)
        found = self.tree.below(self.lists[depth]).getter(rest)
        if not self.empty:
            return lambda env: found(env[depth])
        return lambda env: None if str(value := found(env[depth])).strip() in self.empty else value

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


class Table:
    """Reads some fields at once: those that are plain paths in one go, the others one by one."""

    def __init__(self, fields: Mapping[str, Any], scopes: Scopes, compiled: Callable[[str, Any], Get]) -> None:
        slots = {field: slot for field, given in fields.items() if (slot := scopes.slot(given))}
        self.names = tuple(slots)
        self.values = _together(tuple(slots.values()))
        self.worked = [(field, compiled(field, given)) for field, given in fields.items() if field not in slots]

    def read(self, env: Env) -> Draft:
        """The fields that are there; nothing where the innermost is no object."""
        try:
            values = self.values(env[-1])
        except AttributeError:
            values = ()
        draft = dict(zip(self.names, values))  # noqa: B905 - of one length, but for an element that is no object
        if False in values:
            draft = {field: value for field, value in draft.items() if value is not False}
        for field, get in self.worked:
            value = get(env)
            if value is not None:
                draft[field] = value
        return draft


def _together(slots: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(slots) > 1:
        return attrgetter(*slots)
    return (lambda here: (getattr(here, slots[0]),)) if slots else lambda _: ()


class Mapped:
    """A compiled mapping. `decode` reads the bytes of an item, `work` what it says of a production, `dates` its performances."""

    def __init__(
        self, production: Mapping[str, Any], performance: Mapping[str, Any], *, zone: str, hoist: bool, empty: frozenset[str]
    ) -> None:  # fmt: skip
        self.zone, self.tree = zone, Tree()
        _known(production, _PRODUCTION, "production")
        _known(performance, _PERFORMANCE, "performance")
        item = Scopes(self.tree, empty=empty)
        dates, self._dates = item.into(
            {f: given for f, given in performance.items() if not _is_list(f, given)}, "performance"
        )
        common = [
            f
            for f, given in performance.items()
            if hoist and self._dates and f in _fields.OF_PERFORMANCE and not _in(given, dates)
        ]
        self._work = self._table({**production, **{field: performance[field] for field in common}}, item)
        self._date = self._table({field: given for field, given in performance.items() if field not in common}, dates)
        self.decode = msgspec.json.Decoder(self.tree.struct()).decode

    def work(self, item: Any) -> Draft:
        """What an item says of its production, and of all its dates alike."""
        return self._work.read((item,))

    def dates(self, item: Any) -> list[Draft]:
        """A draft for each date of an item; of an item that has no list of dates, one for itself."""
        if self._dates is None:
            return [self._date.read((item,))]
        return [self._date.read((item, date)) for date in _paths.each(self._dates((item,)))]

    def _table(self, fields: Mapping[str, Any], scopes: Scopes) -> Table:
        return Table(fields, scopes, lambda field, given: self._field(field, given, scopes))

    def _field(self, field: str, given: Any, scopes: Scopes) -> Get:
        if _is_list(field, given):
            lists = [self._rows(field, table, scopes) for table in (given if isinstance(given, list) else [given])]
            return (
                lists[0]
                if len(lists) == 1
                else lambda env: [row for get in lists for row in (get(env) or Rows()).tables()] or None
            )
        if field in ("facts", "keys"):
            return self._cells(given, scopes)
        if isinstance(given, Mapping) and not _values.is_rule(given):
            if field == "venue":
                _known(given, _VENUE, "venue")
                return self._cells(given, scopes)
            if field == "facilities":
                _known(given, frozenset(FACILITIES), "facilities")
                flags = self._cells(given, scopes)
                return lambda env: [name for name, flag in (flags(env) or {}).items() if _terms.holds(flag)] or None
        return _values.compile_value(given, scopes.at, self.zone, field)

    def _cells(self, given: Mapping[str, Any], scopes: Scopes) -> Get:
        table = Table(given, scopes, lambda name, value: _values.compile_value(value, scopes.at, self.zone, name))
        return lambda env: table.read(env) or None

    def _rows(self, field: str, given: Mapping[str, Any], scopes: Scopes) -> Callable[[Env], Rows | None]:
        """A list of tables: one for each element of the list that its paths go into, or one."""
        names = _LISTS[field]
        _known(given, frozenset(names) | _OPTIONS, field)
        inner, found = scopes.into(given, field)
        cells = {name: given[name] for name in names if name in given}
        table = Table(cells, inner, lambda name, value: _values.compile_value(value, inner.at, self.zone, name))
        asked = _values.condition(given.get("when", ""), given.get("unless", ""), inner.at)
        worked = [
            work
            for option, work in (
                (given.get("cents"), _from_cents),
                (given.get("skip_unreadable"), _if_amount),
            )
            if option
        ]
        plain = not table.worked and not asked and not worked and inner is not scopes
        needed = names[0]

        def get(env: Env) -> Rows | None:
            elements = [env] if found is None else _paths.each(found(env))
            if plain:
                try:
                    return Rows(table.names, tuple(map(table.values, elements))) if elements else None
                except AttributeError:  # some element is no object
                    pass
            rows = []
            for within in elements if found is None else [(*env, one) for one in elements]:
                row = table.read(within) if not asked or asked(within) else {}
                for work in worked:
                    row[needed] = work(row.get(needed))
                if not _paths.is_empty(row.get(needed)):
                    rows.append(tuple(map(row.get, cells)))
            return Rows(tuple(cells), tuple(rows)) if rows else None

        return get


def _is_list(field: str, given: Any) -> bool:
    """Say whether a field of the mapping is a list of tables, rather than one value."""
    tables = given if isinstance(given, list) else [given]
    return (
        field in _LISTS and bool(tables) and all(isinstance(one, Mapping) and _LISTS[field][0] in one for one in tables)
    )


def _in(given: Any, scopes: Scopes) -> bool:
    """Say whether a field depends on the date."""
    return any(scopes.split(text)[0] for text in _values.paths_in(given))


def _known(table: Mapping[str, Any], fields: frozenset[str], name: str) -> None:
    unknown = sorted(table.keys() - fields)
    if unknown:
        raise Refused(
            "settings_wrong",
            f"mapping.{name} has no field {unknown[0]!r}; it has {', '.join(sorted(fields))}",
        )


def _from_cents(amount: Any) -> Any:
    try:
        return int(amount) / 100
    except (TypeError, ValueError):
        return amount


def _if_amount(amount: Any) -> Any:
    try:
        read_amount(amount)
    except Refused:
        return None
    return amount
