"""The laws of etalage/ports/printer.py as tests: what is printed is read again by programs of others."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
import resvg_py
import zxingcpp
from msgspec.structs import replace
from pdfua import validate
from PIL import Image
from pypdf.generic import DictionaryObject

from etalage.model.booklet import Booklet, Sheet
from etalage.ports.printer import Printer

SHEET = Sheet(
    code="LINDE-7F3K", title="Die Winterreise", lang="de", house="CC De Linde", when="zaterdag 5 december 2026, 20:00",
    facts=(("Waar", "Grote zaal, CC De Linde, Gent"), ("Plaats", "A12")), directions="Vijf minuten van de halte.",
)  # fmt: skip


def booklet(*sheets: Sheet, **more: str) -> Booklet:
    given = {
        "title": "Je tickets: Die Winterreise",
        "language": "nl",
        "author": "CC De Linde",
        "colour": "#a03050",
        "note": "Bestelling 1234",
    }
    return Booklet(
        made=datetime(2026, 11, 22, 12, tzinfo=UTC), sheets=sheets, seen=tuple(f"QR-code van dit ticket: {one.code}" for one in sheets),
        count=tuple(f"Ticket {number} van {len(sheets)}" for number in range(1, len(sheets) + 1)), **(given | more),
    )  # fmt: skip


def many(number: int) -> Booklet:
    return booklet(*(replace(SHEET, code=f"LINDE-{one:04}") for one in range(number)))


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content), strict=True)


def words(page: pypdf.PageObject) -> str:
    return " ".join(page.extract_text().split())


def elements(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    """The structure's elements in reading order."""
    root = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    document = (root[0] if isinstance(root, list) else root).get_object()
    assert document["/S"] == "/Document"
    return [kid.get_object() for kid in document["/K"]]


class PrinterLaws:
    @pytest.mark.parametrize("number", [1, 7, 40])
    def test_1_and_2_a_page_per_ticket_with_its_words_and_its_code(self, printer: Printer, number: int) -> None:
        pages = read(printer.print(many(number))).pages
        assert len(pages) == number
        for one, page in enumerate(pages):
            told = words(page)
            for word in (
                "Die Winterreise",
                "CC De Linde",
                "zaterdag 5 december 2026, 20:00",
                "Plaats: A12",
                f"LINDE-{one:04}",
            ):
                assert word in told
            assert f"Ticket {one + 1} van {number}" in told and "Bestelling 1234" in told
            [seen] = zxingcpp.read_barcodes(page.images[0].image)
            assert seen.text == f"LINDE-{one:04}" and seen.format == zxingcpp.BarcodeFormat.QRCode

    @pytest.mark.parametrize("code", ["a", "0123456789", "zq5kcv8sz8wy1fkcm7tp9v2nr0a3d6hj", "É/ü?&=#%", "x" * 400])
    def test_2_the_code_is_read_as_it_is(self, printer: Printer, code: str) -> None:
        page = read(printer.print(booklet(replace(SHEET, code=code)))).pages[0]
        [seen] = zxingcpp.read_barcodes(page.images[0].image)
        assert seen.text == code

    @pytest.mark.parametrize("code", ["a", "zq5kcv8sz8wy1fkcm7tp9v2nr0a3d6hj", "É/ü?&=#%<\"'>"])
    def test_6_a_picture_for_a_screen_reads_as_the_code(self, printer: Printer, code: str) -> None:
        drawn = printer.picture(code)
        assert drawn.startswith("<svg viewBox=") and "style" not in drawn
        with Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=drawn, width=400, height=400))) as seen:
            [read_as] = zxingcpp.read_barcodes(seen.convert("L"))
        assert read_as.text == code

    def test_1_words_without_end_stay_on_their_page(self, printer: Printer) -> None:
        long = "Een titel die nooit ophoudt " * 60
        sheet = replace(
            SHEET, title=long, house=long, when=long, directions=long, facts=(("Waar", long), ("Plaats", "x" * 2000))
        )
        reader = read(printer.print(booklet(sheet, SHEET)))
        assert len(reader.pages) == 2
        first = words(reader.pages[0])
        assert "…" in first and "LINDE-7F3K" in first and "Ticket 1 van 2" in first

    @pytest.mark.parametrize("number", [1, 7, 40])
    def test_3_who_does_not_see_it_hears_it(self, printer: Printer, number: int) -> None:
        reader = read(printer.print(many(number)))
        root = reader.trailer["/Root"]
        assert root["/Lang"] == "nl" and root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata is not None and reader.metadata.title == "Je tickets: Die Winterreise"
        told = elements(reader)
        assert [one["/S"] for one in told].count("/H1") == number
        figures = [one["/Alt"] for one in told if one["/S"] == "/Figure"]
        assert figures == [f"QR-code van dit ticket: LINDE-{one:04}" for one in range(number)]
        assert {one["/S"] for one in told} == {"/H1", "/P", "/Figure"}
        assert all("/StructParents" in page for page in reader.pages)

    def test_3_the_basic_checks_of_pdf_ua_find_nothing(self, printer: Printer, tmp_path: Path) -> None:
        path = tmp_path / "tickets.pdf"
        path.write_bytes(printer.print(many(7)))
        assert [(one.rule_id, one.message) for one in validate(str(path)).findings] == []

    def test_3_all_that_is_drawn_is_marked(self, printer: Printer) -> None:
        """Words outside of a tag are never read aloud."""
        content = read(printer.print(many(1))).pages[0].get_contents()
        assert content is not None
        depth = 0
        for operands, operator in content.operations:
            depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
            if operator in (b"Tj", b"TJ", b"Do", b"f", b"S", b"B"):
                assert depth, (operands, operator)
        assert depth == 0

    def test_3_a_title_in_another_language_says_so(self, printer: Printer) -> None:
        def spoken(sheet: Sheet) -> bytes:
            content = read(printer.print(booklet(sheet))).pages[0].get_contents()
            assert content is not None
            return content.get_data()

        assert b"/Lang (de)" in spoken(SHEET)
        for lang in ("", "nl", "d(e) BDC"):
            assert b"/Lang" not in spoken(replace(SHEET, lang=lang))

    def test_4_letters_of_any_alphabet_are_printed(self, printer: Printer) -> None:
        title = "Łódź Ğüneş Привет Ωμέγα Հայերեն ქართული œuvre"
        assert title in words(read(printer.print(booklet(replace(SHEET, title=title)))).pages[0])

    @pytest.mark.parametrize(
        "title", ["日本", "\ud800", "a\0b", "x\u202ey", "\u0301" * 50, "\r\n\t", "(\\) Tj ET", "{}", "<b>&amp;"]
    )
    def test_4_no_sign_breaks_the_page(self, printer: Printer, title: str) -> None:
        reader = read(printer.print(booklet(replace(SHEET, title=title, house=title), title=title, note=title)))
        assert len(reader.pages) == 1 and "LINDE-7F3K" in words(reader.pages[0])

    def test_5_the_same_booklet_is_the_same_file(self, printer: Printer) -> None:
        assert printer.print(many(3)) == printer.print(many(3))
        assert printer.print(many(3)) != printer.print(booklet(*many(3).sheets, title="Anders"))
