"""A programme as an Excel workbook: every visible sheet with a row that names its columns.

What a cell shows is what counts: a formula gives the value it last had, a cell merged over rows counts for each of them.
A newcomer's trap: a sheet can claim a million rows in a file of 5 kB, and a zip can hold a thousand times its size.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from etalage.adapters import _rows
from etalage.adapters._clerk import Clerk
from etalage.adapters._fields import Draft
from etalage.adapters._file_source import FileSource
from etalage.adapters._rows import TableSettings, Unreadable
from etalage.model.errors import Refused, Unavailable

UNPACKED_LIMIT = 300_000_000
"""Bytes that all parts of a workbook together may hold."""
CELL_LIMIT = 5_000_000
"""Cells that a sheet may claim."""
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_UNCALCULATED = Unreadable(
    "formula_uncalculated",
    "the formula has no value; open the file in Excel or LibreOffice, save it, and send it again",
)


class WorkbookSettings(TableSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`sheet` reads only the sheet of that name."""

    sheet: str = ""


class XlsxEventSource(FileSource):
    """The EventSource port on an Excel workbook."""

    Settings = WorkbookSettings
    dated = True

    def drafts(self, data: bytes, clerk: Clerk) -> Iterator[tuple[Draft, str]]:
        """Every production, called by its row, and by its sheet when there are several."""
        sheets = [
            (name, rows)
            for name, rows in self._sheets(data)
            if any(map(_rows.recognised, rows[: _rows.HEADING_WITHIN]))
        ]
        if not sheets:
            raise Unavailable(
                "columns_unknown",
                f"no visible sheet of {self.name} names its columns; it needs at least titel and datum",
            )
        for name, rows in sheets:
            label = f"{name} rij" if len(sheets) > 1 else "rij"
            named = ((f"{label} {number}", cells) for number, cells in enumerate(rows, 1))
            yield from _rows.drafts(named, clerk, self.settings.group_by, self.name)

    def _sheets(self, data: bytes) -> Iterator[tuple[str, list[list[Any]]]]:
        import openpyxl

        self._measure(data)
        try:
            shown = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            written = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        except Exception as error:  # openpyxl raises whatever its parts raise: KeyError, ValueError, ParseError …
            raise Unavailable(
                "source_unreadable", f"{self.name} is no readable workbook ({error}); save it again as .xlsx"
            ) from error
        wanted = self.settings.sheet
        if wanted and wanted not in shown.sheetnames:
            raise Refused(
                "settings_wrong", f"{self.name} has no sheet {wanted!r}; it has {', '.join(shown.sheetnames)}"
            )
        for sheet in shown.worksheets:
            if sheet.title == wanted or (not wanted and sheet.sheet_state == "visible"):
                yield sheet.title, self._cells(sheet, written[sheet.title])

    def _measure(self, data: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                unpacked = sum(part.file_size for part in parts.infolist())
        except zipfile.BadZipFile as error:
            raise Unavailable(
                "source_unreadable",
                f"{self.name} is no whole workbook; it was cut off or is not .xlsx; send it again",
            ) from error
        if unpacked > UNPACKED_LIMIT:
            raise Unavailable(
                "source_too_big", f"{self.name} unpacks to {unpacked // 1_000_000} MB; this is no programme"
            )

    def _cells(self, sheet: Any, written: Any) -> list[list[Any]]:
        if sheet.max_row * sheet.max_column > CELL_LIMIT:
            say = f"the sheet {sheet.title} of {self.name} has {sheet.max_row} rows; delete the empty ones below the programme"
            raise Unavailable("source_too_big", say)
        rows = [[_value(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for row, cells in enumerate(written.iter_rows()):
            for column, cell in enumerate(cells):
                if cell.data_type == "f" and row < len(rows) and column < len(rows[row]) and rows[row][column] is None:
                    rows[row][column] = _UNCALCULATED
        for merged in sheet.merged_cells.ranges:
            first = rows[merged.min_row - 1][merged.min_col - 1]
            for row in range(merged.min_row, min(merged.max_row, len(rows))):
                rows[row][merged.min_col - 1] = first
        return rows


def _value(cell: Any) -> Any:
    """What a cell holds; Excel keeps a day as the midnight with which it begins."""
    if isinstance(cell, datetime):
        if cell.year < 1901:
            return cell.time()
        return cell.date() if cell.time() == time() else cell
    if isinstance(cell, str) and cell in _ERRORS:
        return Unreadable("cell_error", f"the cell shows {cell}; mend the formula")
    return cell
