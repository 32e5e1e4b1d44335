"""A programme as a CSV file, from Excel, LibreOffice or a box office's export.

A newcomer's trap: what Belgian Excel calls CSV has semicolons, Windows-1252 letters and sometimes a first line `sep=;`.
"""

import csv
import io
import re
from collections.abc import Iterator

from etalage.adapters import _rows
from etalage.adapters._clerk import Clerk
from etalage.adapters._fields import Draft
from etalage.adapters._file_source import FileSource
from etalage.adapters._rows import TableSettings
from etalage.model.errors import Unavailable

_DELIMITERS = ";,\t|"
_SEP_LINE = re.compile(r'"?sep=(.)"?\r?', re.IGNORECASE)
_HEAD = 50_000
"""Signs in which the heading is looked for."""
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class CsvEventSource(FileSource):
    """The EventSource port on a CSV file."""

    Settings = TableSettings
    dated = True

    def drafts(self, data: bytes, clerk: Clerk) -> Iterator[tuple[Draft, str]]:
        """Every production, called by its row as a spreadsheet counts them."""
        rows = self._table(decode(data))
        named = ((f"rij {number}", cells) for number, cells in enumerate(rows, 1))
        return _rows.drafts(named, clerk, self.settings.group_by, self.name)

    def _table(self, text: str) -> list[list[str]]:
        first, _, rest = text.partition("\n")
        if told := _SEP_LINE.fullmatch(first):
            return self._whole(rest, told[1])
        return self._whole(text, max(_DELIMITERS, key=lambda delimiter: _makes_sense(text[:_HEAD], delimiter)))

    def _whole(self, text: str, delimiter: str) -> list[list[str]]:
        """All rows; raises `Unavailable` when the file was cut off, within quotes or in a row shorter than all others."""
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise Unavailable("source_cut_off", f"{self.name} stops within quotes; export it again") from error
            rows = _rows_of(text, delimiter)
        widths = {len(row) for row in rows[:-1] if any(row)}
        if len(widths) == 1 and 0 < len(rows[-1]) < widths.pop() and not text.endswith(("\n", "\r")):
            raise Unavailable("source_cut_off", f"{self.name} stops in the middle of its last row; export it again")
        return rows


def _makes_sense(head: str, delimiter: str) -> int:
    """How many columns we recognise in the beginning of a file, parted by that."""
    return max(map(_rows.recognised, _rows_of(head, delimiter)[: _rows.HEADING_WITHIN]), default=0)


def _rows_of(text: str, delimiter: str) -> list[list[str]]:
    """The rows, with stray quotes taken as they come."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:  # a field of more than 131,072 signs, as when a quote is never closed
        return []


def decode(data: bytes) -> str:
    """UTF-8 or UTF-16 as the file says, else UTF-8 when it is that, else Windows-1252 as Excel writes it."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
