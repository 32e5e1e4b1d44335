"""Tables for a spreadsheet: CSV that Excel and LibreOffice open as it is, and in which nobody's words become a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (owasp.org, "CSV Injection")."""


_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
"""A number is no formula, also below zero."""


def write(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A line per row, with semicolons as a European spreadsheet wants them, in UTF-8 with the mark that Excel asks for."""
    file = io.StringIO()
    lines = csv.writer(file, delimiter=";", lineterminator="\r\n")
    lines.writerow(head)
    for row in rows:
        lines.writerow(
            [f"'{cell}" if cell.startswith(FORMULAS) and not _NUMBER.fullmatch(cell) else cell for cell in row]
        )
    return b"\xef\xbb\xbf" + file.getvalue().encode()
