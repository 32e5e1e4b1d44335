"""A mapping of house.toml, compiled: from an item of any JSON feed to a draft. Its language is in docs/reference/sources.md.

A mapping mirrors the draft: left our field, right where the feed has it. All of it is parsed once; what runs for each item is
closures. They look into an environment: the item, then the date of the item, then the price of the date, as far as the paths
go into lists.
"""

from collections.abc import Callable, Mapping
from typing import Any

from etalage.adapters import _fields, _paths, _terms, _values
from etalage.adapters._fields import Draft
from etalage.adapters._paths import Get, Path
from etalage.model.errors import Refused
from etalage.model.money import read_amount
from etalage.model.programme import FACILITIES

_LISTS: Mapping[str, tuple[str, ...]] = {
    "prices": ("amount", "tariff", "category", "note", "kind", "id"),
    "credits": ("name", "role"),
    "pictures": ("src", "alt", "credit"),
    "press": ("source", "text", "day", "stars", "url"),
    "videos": ("url", "label"),
    "links": ("url", "label"),
}
"""Fields that may be a list of tables, and what is in these; without the first there is nothing."""
_VENUE = ("name", "id", "street", "postal", "city", "country", "latitude", "longitude")
_OPTIONS = frozenset({"when", "unless", "cents", "skip_unreadable"})
OF_PRODUCTION = _fields.OF_PRODUCTION | _fields.BOTH.keys()
OF_PERFORMANCE = _fields.OF_PERFORMANCE | _fields.BOTH.keys() | {"id"}
_FOR_ALL_DATES = _fields.OF_PERFORMANCE
"""Fields that, when they do not depend on the date, are read once for all dates of an item."""


class Scopes:
    """The lists that a table's paths go into, the innermost last; each is a step in the environment."""

    def __init__(self, lists: tuple[Path, ...] = ((),), empty: frozenset[str] = frozenset()) -> None:
        self.lists, self.empty = lists, empty

    def at(self, text: str) -> Get:
        """Compile a path, from the innermost list that it goes through; what the feed calls empty gives None."""
        get = self._at(text)
        if not self.empty:
            return get
        return lambda env: None if str(value := get(env)).strip() in self.empty else value

    def _at(self, text: str) -> Get:
        path = _paths.parse(text)
        depth = self._depth(path)
        rest = path[len(self.lists[depth]) :]
        if len(rest) == 1 and rest[0] is not None:
            (step,) = rest

            def get(env: tuple[Any, ...]) -> Any:
                try:
                    value = env[depth][step]
                except (KeyError, TypeError, IndexError):
                    return None
                return None if _paths.is_empty(value) else value

            return get
        found = _paths.getter(rest)
        return lambda env: found(env[depth])

    def into(self, given: Any, table: str) -> tuple["Scopes", Get | None]:
        """The scopes within a table: one list further when its paths go into one; and what gives that list."""
        further: set[Path] = set()
        for path in map(_paths.parse, _values.paths_in(given)):
            known = len(self.lists[self._depth(path)])
            further.update([scope for scope in _paths.lists_in(path) if len(scope) > known][:1])
        if len(further) > 1:
            raise Refused(
                "settings_wrong", f"{table} goes into two lists; all its paths with [] must go into the same"
            )
        if not further:
            return self, None
        (inner,) = further
        depth = self._depth(inner)
        found = _paths.getter(inner[len(self.lists[depth]) : -1])
        return Scopes((*self.lists, inner), self.empty), lambda env: found(env[depth])

    def _depth(self, path: Path) -> int:
        return max(depth for depth, scope in enumerate(self.lists) if path[: len(scope)] == scope)


class Mapped:
    """A compiled mapping: `work` reads what is said of a production, `dates` its performances."""

    def __init__(
        self, production: Mapping[str, Any], performance: Mapping[str, Any], *, zone: str, hoist: bool, empty: frozenset[str]
    ) -> None:  # fmt: skip
        self.zone = zone
        _known(production, OF_PRODUCTION, "production")
        _known(performance, OF_PERFORMANCE, "performance")
        item = Scopes(empty=empty)
        plain = {field: given for field, given in performance.items() if not _is_list(field, given)}
        scopes, self._dates = item.into(plain, "performance")
        common = {
            f: given
            for f, given in performance.items()
            if hoist and self._dates and f in _FOR_ALL_DATES and not _goes_into(given, scopes)
        }
        self._work = self._compile({**production, **common}, item)
        self._date = self._compile({f: given for f, given in performance.items() if f not in common}, scopes)

    def work(self, item: Any) -> Draft:
        """What an item says of its production, and of all its dates alike."""
        env = (item,)
        return {field: value for field, get in self._work if (value := get(env)) is not None}

    def dates(self, item: Any) -> list[Draft]:
        """A draft for each date of an item; of an item that has no list of dates, one for itself."""
        env: tuple[Any, ...] = (item,)
        if self._dates is None:
            return [{field: value for field, get in self._date if (value := get(env)) is not None}]
        return [
            {field: value for field, get in self._date if (value := get(within)) is not None}
            for date in _paths.each(self._dates(env))
            for within in ((item, date),)
        ]

    def _compile(self, table: Mapping[str, Any], scopes: Scopes) -> list[tuple[str, Get]]:
        return [(field, self._field(field, given, scopes)) for field, given in table.items()]

    def _field(self, field: str, given: Any, scopes: Scopes) -> Get:
        if _is_list(field, given):
            tables = given if isinstance(given, list) else [given]
            return _joined([self._rows(field, table, scopes) for table in tables])
        if field == "facilities" and isinstance(given, Mapping) and not _values.is_rule(given):
            _known(given, frozenset(FACILITIES), "facilities")
            flags = [
                (name, _values.compile_value(flag, scopes.at, self.zone, name))
                for name, flag in given.items()
            ]
            return lambda env: [name for name, get in flags if _terms.holds(get(env))] or None
        if field in ("facts", "keys") or (
            field == "venue" and isinstance(given, Mapping) and not _values.is_rule(given)
        ):
            if field == "venue":
                _known(given, frozenset(_VENUE), "venue")
            cells = [
                (name, _values.compile_value(value, scopes.at, self.zone, name))
                for name, value in given.items()
            ]
            return lambda env: {name: value for name, get in cells if (value := get(env)) is not None} or None
        return _values.compile_value(given, scopes.at, self.zone, field)

    def _rows(self, field: str, table: Mapping[str, Any], scopes: Scopes) -> Callable[[Any], list[Draft]]:
        """A list of tables: one for each element of the list that its paths go into, or one."""
        _known(table, frozenset(_LISTS[field]) | _OPTIONS, field)
        options = {name: table[name] for name in _OPTIONS & table.keys()}
        inner, found = scopes.into(table, field)
        cells = [
            (name, _values.compile_value(value, inner.at, self.zone, name))
            for name, value in table.items()
            if name not in options
        ]
        asked = _values.condition(options.get("when", ""), options.get("unless", ""), inner.at)
        needed = _LISTS[field][0]
        cents, skips = bool(options.get("cents")), bool(options.get("skip_unreadable"))

        def get(env: tuple[Any, ...]) -> list[Draft]:
            rows = []
            for within in [env] if found is None else [(*env, one) for one in _paths.each(found(env))]:
                if asked and not asked(within):
                    continue
                row = {name: value for name, read in cells if (value := read(within)) is not None}
                if cents and needed in row:
                    row[needed] = _from_cents(row[needed])
                if needed in row and not (skips and not _is_amount(row[needed])):
                    rows.append(row)
            return rows

        return get


def _joined(lists: list[Callable[[Any], list[Draft]]]) -> Get:
    if len(lists) == 1:
        (only,) = lists
        return lambda env: only(env) or None
    return lambda env: [row for get in lists for row in get(env)] or None


def _is_list(field: str, given: Any) -> bool:
    """Say whether a field of the mapping is a list of tables, rather than one value."""
    tables = given if isinstance(given, list) else [given]
    return (
        field in _LISTS
        and bool(tables)
        and all(isinstance(one, Mapping) and _LISTS[field][0] in one for one in tables)
    )


def _goes_into(given: Any, scopes: Scopes) -> bool:
    inner = scopes.lists[-1]
    return any(_paths.parse(text)[: len(inner)] == inner for text in _values.paths_in(given))


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


def _is_amount(amount: Any) -> bool:
    try:
        read_amount(amount)
    except Refused:
        return False
    return True
