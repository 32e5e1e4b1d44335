"""The Excel source under the laws, and what a workbook hides: formulas, merged cells, sheets, sizes."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from etalage.adapters import xlsx_event_source
from etalage.adapters.xlsx_event_source import XlsxEventSource
from etalage.model.errors import Refused, Unavailable
from tests.adapters.file_lab import FileLab, read, told
from tests.laws.event_source import EventSourceLaws


class XlsxLab(FileLab):
    kind, file = XlsxEventSource, "programma.xlsx"

    def content(self) -> bytes:
        book = openpyxl.Workbook()
        book.active.append(["Id", "Titel", "Datum", "Uur", "Beschrijving"])
        for key, (title, text) in self.rows.items():
            book.active.append([key, *map(writable, (title,)), dt.date(2027, 1, 12), dt.time(20, 15), writable(text)])
        for number in range(self.broken):
            book.active.append([f"stuk{number}", "Zonder datum"])
        return saved(book)


def writable(text: str) -> str:
    """Excel itself cannot hold control characters; openpyxl refuses them."""
    return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook as a file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet(*rows: list[object]) -> openpyxl.Workbook:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


class TestXlsxFiles(EventSourceLaws):
    @pytest.fixture
    def lab(self, tmp_path):
        return XlsxLab(tmp_path)


def test_cells_are_read_as_they_are_meant(tmp_path):
    book = sheet(
        ["Programma 2027"],
        [],
        ["nr", "titel", "datum", "uur", "einduur", "duur", "prijs", "leeftijd", "uitpas"],
        [
            12,
            1984,
            dt.datetime.fromisoformat("2027-01-12"),
            dt.time(20, 15),
            dt.time(22),
            dt.time(1, 30),
            12.5,
            8,
            True,
        ],
        ["b", "Tekst", "13/01/2027", "20u", None, 90, "gratis", "8+", "nee"],
        ["c", "Dag en uur", dt.datetime.fromisoformat("2027-01-14T20:30"), None, None, None, 0, None, None],
    )
    changes = read(XlsxEventSource, tmp_path, saved(book))
    assert not changes.problems
    first, second, third = (record.production for record in changes.records)
    assert (first.id, first.title, first.duration, first.age_min, first.uitpas) == (
        "x:lab/12",
        {"nl": "1984"},
        90,
        8,
        True,
    )
    assert first.performances[0].start == dt.datetime.fromisoformat("2027-01-12T20:15+01:00")
    assert first.performances[0].prices[0].amount.cents == 1250
    assert second.performances[0].start == dt.datetime.fromisoformat("2027-01-13T20:00+01:00")
    assert third.performances[0].start == dt.datetime.fromisoformat("2027-01-14T20:30+01:00")
    assert third.performances[0].prices[0].amount.cents == 0


def test_a_formula_gives_the_value_it_last_had(tmp_path):
    """openpyxl writes formulas without values; Excel writes both, so the value is put in by hand."""
    book = sheet(["id", "titel", "datum"], ["a", '="Winter"&"reis"', dt.date(2027, 1, 12)])
    content = with_part(
        saved(book),
        "xl/worksheets/sheet1.xml",
        lambda xml: (
            xml.replace(b"<v />", b"<v>Winterreis</v>")
            .replace(b"<v></v>", b"<v>Winterreis</v>")
            .replace(b'<c r="B2"', b'<c r="B2" t="str"')
        ),
    )
    changes = read(XlsxEventSource, tmp_path, content)
    assert changes.records[0].production.title == {"nl": "Winterreis"}


def test_a_formula_without_a_value_is_told(tmp_path):
    book = sheet(["id", "titel", "datum", "prijs"], ["a", "A", dt.date(2027, 1, 12), "=10+2"])
    changes = read(XlsxEventSource, tmp_path, saved(book))
    assert changes.records[0].production.performances[0].prices == ()
    assert told(changes) == [("rij 2", "prices", "formula_uncalculated", "field")]


def test_a_cell_with_an_error_is_told(tmp_path):
    changes = read(
        XlsxEventSource,
        tmp_path,
        saved(sheet(["id", "titel", "datum", "prijs"], ["a", "A", dt.date(2027, 1, 12), "#REF!"])),
    )
    assert told(changes) == [("rij 2", "prices", "cell_error", "field")]


def test_a_cell_merged_over_rows_counts_for_each(tmp_path):
    book = sheet(
        ["titel", "datum", "uur"], ["Reis", dt.date(2027, 1, 12), "20:00"], [None, dt.date(2027, 1, 13), "20:00"]
    )
    book.active.merge_cells("A2:A3")
    changes = read(XlsxEventSource, tmp_path, saved(book), group_by="title")
    assert [len(record.production.performances) for record in changes.records] == [2]


def test_a_title_merged_over_the_columns_is_no_heading(tmp_path):
    book = sheet(["Titel en datum van alles", None], ["titel", "datum"], ["A", dt.date(2027, 1, 12)])
    book.active.merge_cells("A1:B1")
    assert len(read(XlsxEventSource, tmp_path, saved(book)).records) == 1


def test_every_visible_sheet_with_a_heading_is_read(tmp_path):
    book = sheet(["titel", "datum"], ["A", dt.date(2027, 1, 12)])
    other = book.create_sheet("Lente")
    other.append(["titel", "datum"])
    other.append(["B", "straks"])
    hidden = book.create_sheet("Oud")
    hidden.append(["titel", "datum"])
    hidden.append(["C", dt.date(2027, 1, 12)])
    hidden.sheet_state = "hidden"
    book.create_sheet("Memo").append(["bellen", "met de drukker"])
    changes = read(XlsxEventSource, tmp_path, saved(book))
    assert [record.production.title["nl"] for record in changes.records] == ["A"]
    assert told(changes) == [("b/1", "date", "date_unreadable", "record")]
    changes = read(XlsxEventSource, tmp_path, saved(book), sheet="Oud")
    assert [record.production.title["nl"] for record in changes.records] == ["C"]
    with pytest.raises(Refused) as refusal:
        read(XlsxEventSource, tmp_path, saved(book), sheet="Herfst")
    assert refusal.value.code == "settings_wrong"


def test_a_workbook_without_our_columns_is_no_programme(tmp_path):
    with pytest.raises(Unavailable) as refusal:
        read(XlsxEventSource, tmp_path, saved(sheet(["a", "b"], [1, 2])))
    assert refusal.value.code == "columns_unknown"


def test_a_zip_that_unpacks_to_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_event_source, "UNPACKED_LIMIT", 5_000_000)
    content = with_part(saved(sheet(["titel", "datum"])), "xl/media/bomb.bin", lambda _: b"0" * 6_000_000)
    assert len(content) < 100_000
    with pytest.raises(Unavailable) as refusal:
        read(XlsxEventSource, tmp_path, content)
    assert refusal.value.code == "source_too_big"


def test_a_sheet_that_claims_a_million_rows_is_refused(tmp_path):
    book = sheet(["titel", "datum"], ["A", dt.date(2027, 1, 12)])
    book.active["XFD1048576"] = "x"
    with pytest.raises(Unavailable) as refusal:
        read(XlsxEventSource, tmp_path, saved(book))
    assert refusal.value.code == "source_too_big"


@pytest.mark.parametrize("content", [b"PK\x03\x04half", b"titel;datum\nA;B\n"])
def test_what_is_no_workbook_is_no_programme(tmp_path, content):
    with pytest.raises(Unavailable) as refusal:
        read(XlsxEventSource, tmp_path, content)
    assert refusal.value.code == "source_unreadable"


def test_a_zip_that_is_no_workbook_is_no_programme(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types")
    with pytest.raises(Unavailable) as refusal:
        read(XlsxEventSource, tmp_path, file.getvalue())
    assert refusal.value.code == "source_unreadable"


def with_part(book: bytes, name: str, change) -> bytes:
    """The workbook with one part changed, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, change(old.read(name) if name in old.namelist() else b""))
    return file.getvalue()
