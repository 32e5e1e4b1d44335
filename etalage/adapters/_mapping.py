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
from etalage.adapters._paths import Get, Tree
from etalage.adapters._readers import Rows
from etalage.adapters._scopes import Env, Scopes
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
_VENUE = frozenset({"id", "name", "street", "postal", "city", "country", "latitude", "longitude"})
_OPTIONS = frozenset({"when", "unless", "cents", "skip_unreadable"})
_PRODUCTION = _fields.OF_PRODUCTION | _fields.BOTH.keys()
_PERFORMANCE = _fields.OF_PERFORMANCE | _fields.BOTH.keys() | {"id"}


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
            lists = [
                Columns(field, table, scopes, self.zone).read
                for table in (given if isinstance(given, list) else [given])
            ]
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


class Columns:
    """Reads a list of tables: one for each element of the list that its paths go into, or one."""

    def __init__(self, field: str, given: Mapping[str, Any], scopes: Scopes, zone: str) -> None:
        names = _LISTS[field]
        _known(given, frozenset(names) | _OPTIONS, field)
        self.needed = names[0]
        inner, self.elements = scopes.into(given, field)
        self.cells = {name: given[name] for name in names if name in given}
        self.table = Table(self.cells, inner, lambda name, value: _values.compile_value(value, inner.at, zone, name))
        self.asked = _values.condition(given.get("when", ""), given.get("unless", ""), inner.at)
        self.worked = [work for option, work in _WORK.items() if given.get(option)]
        self.plain = not self.table.worked and not self.asked and not self.worked and self.elements is not None

    def read(self, env: Env) -> Rows | None:
        """The rows; None when there are none."""
        if self.elements is None:
            return self._work_through([env])
        elements = _paths.each(self.elements(env))
        if self.plain and elements:
            try:
                return Rows(self.table.names, tuple(map(self.table.values, elements)))
            except AttributeError:  # some element is no object
                pass
        return self._work_through([(*env, one) for one in elements])

    def _work_through(self, environments: list[Env]) -> Rows | None:
        rows = []
        for env in environments:
            row = self.table.read(env) if not self.asked or self.asked(env) else {}
            for work in self.worked:
                row[self.needed] = work(row.get(self.needed))
            if not _paths.is_empty(row.get(self.needed)):
                rows.append(tuple(map(row.get, self.cells)))
        return Rows(tuple(self.cells), tuple(rows)) if rows else None


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


_WORK: Mapping[str, Callable[[Any], Any]] = {"cents": _from_cents, "skip_unreadable": _if_amount}
