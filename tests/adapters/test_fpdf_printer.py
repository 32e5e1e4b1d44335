"""fpdf2 keeps the laws of Printer."""

import pytest

from etalage.adapters.fpdf_printer import FpdfPrinter
from tests.laws.printer import SHEET, PrinterLaws, booklet, read


class TestFpdfPrinter(PrinterLaws):
    @pytest.fixture
    def printer(self) -> FpdfPrinter:
        return FpdfPrinter()


def test_without_a_colour_it_is_black() -> None:
    for colour, drawn in (("#ff0000", b"1 0 0 rg"), ("", b"0.0784 0.0784 0.0784 rg")):
        content = read(FpdfPrinter().print(booklet(SHEET, colour=colour))).pages[0].get_contents()
        assert content is not None and drawn in content.get_data()
