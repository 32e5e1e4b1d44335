"""A table with a heading row, as CSV files and spreadsheets have it: one row is one date.

Rows that name the same `productie` are dates of one production, which is told by the first row that says something; without
that column each row is a production of its own. The columns are those of docs/reference/sources.md, in any order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from etalage.adapters import _clean, _drafts, _fields
from etalage.adapters._clerk import Clerk
from etalage.adapters._fields import Draft
from etalage.adapters._file_source import FileSettings
from etalage.model.errors import Refused, Unavailable
from etalage.model.record import Weight

HEADING_WITHIN = 25
"""The heading stands in one of the first rows; above it there may be a title."""
_PRICE_COLUMN = re.compile(r"\s*(?:prijs|price)\s*[:(-]?\s+(.+?)\)?\s*", re.IGNORECASE)


class TableSettings(FileSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`group_by = "title"` makes rows with the same title dates of one production, for sheets without a column productie."""

    group_by: Literal["production", "title"] = "production"


class Unreadable(NamedTuple):
    """A cell that has a value which nobody can read, and why."""

    code: str
    say: str


class Column(NamedTuple):
    """What a column holds: our field, the language of its texts, and for a price column the tariff it names."""

    field: str
    language: str = ""
    tariff: str = ""


def drafts(
    rows: Iterable[tuple[str, Sequence[Any]]], clerk: Clerk, group_by: str, name: str
) -> Iterator[tuple[Draft, str]]:
    """Every production in rows of (label, cells). Raises `Unavailable` when there is no heading to read them by."""
    every = iter(rows)
    columns = _heading(every, clerk, name)
    groups: dict[str, list[tuple[Draft, str]]] = {}
    for label, cells in every:
        draft = _row(columns, cells, label, clerk)
        if draft:
            key = str(draft.get("production") or (draft.get("title", "") if group_by == "title" else ""))
            groups.setdefault(_clean.slug(key) if key else label, []).append((draft, label))
    for key, group in groups.items():
        first, label = group[0]
        grouped = bool(first.get("production")) or group_by == "title"
        yield (_together(key, group, clerk), label) if grouped else (_alone(first), label)


def recognised(cells: Sequence[Any]) -> int:
    """How many of our columns a row names; none when it cannot be the heading, without a title or a production."""
    fields = {_column(cell).field for cell in cells if isinstance(cell, str)} - {""}
    return len(fields) if fields & {"title", "production"} and len(fields) > 1 else 0


def _heading(rows: Iterator[tuple[str, Sequence[Any]]], clerk: Clerk, name: str) -> list[Column]:
    for _, (label, cells) in zip(range(HEADING_WITHIN), rows, strict=False):
        if recognised(cells):
            return _columns(cells, label, clerk)
    raise Unavailable("columns_unknown", f"{name} has no row that names its columns; it needs at least titel and datum")


def _columns(cells: Sequence[Any], label: str, clerk: Clerk) -> list[Column]:
    columns: list[Column] = []
    for cell in cells:
        column = _column(str(cell)) if isinstance(cell, str) else Column("")
        if isinstance(cell, str) and cell.strip() and not column.field:
            say = f"the column {cell.strip()[:60]!r} is not read; docs/reference/sources.md lists those that are"
            clerk.report(label, cell.strip()[:60], Refused("column_unknown", say), Weight.DOUBT)
        elif column.field and column in columns:
            say = f"two columns are read as {column.field}; the first one counts"
            clerk.report(label, column.field, Refused("column_double", say), Weight.DOUBT)
            column = Column("")
        columns.append(column)
    return columns


def _column(heading: str) -> Column:
    field, language = _fields.field_of(heading)
    if not field and (found := _PRICE_COLUMN.fullmatch(heading)):
        return Column("prices", tariff=found[1])
    return Column(field, language)


def _row(columns: list[Column], cells: Sequence[Any], label: str, clerk: Clerk) -> Draft:
    given: list[tuple[str, str, Any]] = []
    tariffs: list[dict[str, Any]] = []
    for column, cell in zip(columns, cells, strict=False):
        value = cell.strip() if isinstance(cell, str) else cell
        if not column.field or value is None or value == "":
            continue
        if isinstance(value, Unreadable):
            clerk.report(label, column.field, Refused(*value))
        elif column.tariff:
            tariffs.append({"amount": value, "tariff": column.tariff})
        else:
            given.append((column.field, column.language, value))
    draft = _drafts.gather(given, clerk.readers.language)
    if tariffs:
        draft.setdefault("prices", tariffs)
    return draft


def _alone(draft: Draft) -> Draft:
    """One row, one production: what is said of its date is said of its only performance."""
    work, date = _drafts.divide(draft)
    if date.keys() & {"date", "start"} or not work.keys() & {"opens", "closes"}:
        return work | {"performances": [date | {"id": "1"}] if date else []}
    return work | date


def _together(key: str, group: list[tuple[Draft, str]], clerk: Clerk) -> Draft:
    """Several rows, one production; a row's own id is that of its date."""
    whole: Draft = {}
    performances: list[Draft] = []
    for draft, label in group:
        work, date = _drafts.divide(draft)
        own, title = work.pop("id", None), work.get("title")
        if title and whole.get("title", title) != title:
            say = f"{label} has another title than the rows before it of the same production; the first one counts"
            clerk.report(label, "title", Refused("group_differs", say), Weight.DOUBT)
        whole = work | whole
        if date.keys() & {"date", "start"} or not whole.keys() & {"opens", "closes"}:
            performances.append(date | ({"id": own} if own else {}))
        else:
            whole = date | whole
    whole.setdefault("title", whole.get("production"))
    return whole | {"id": key, "performances": performances}
