"""Tickets as a tagged PDF, with fpdf2 and segno (decision 0039).

A newcomer's trap: fpdf2 by itself tags only pictures. `tag` below uses two of its private methods, so the version is pinned exactly,
and tests/laws/printer.py reads each file with another program.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import segno
from fpdf import FPDF
from fpdf.prefs import ViewerPreferences
from PIL import Image

from etalage.model.booklet import Booklet, Sheet

FONTS = Path(__file__).parent / "fonts"
MARGIN, QR = 18.0, 62.0
"""Millimetres: around the page, and the side of a QR with its quiet zone."""
QUIET = 4
"""Modules of white around a QR (ISO/IEC 18004, 9.1)."""
DOTS = 8
"""Dots of the picture per module of the QR, so that no screen blurs it."""
_OTHER = re.compile("[^\\s\u0020-\u024f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2122\u2190-\u2193\u2212]")
"""Signs that are not in the Latin letters."""
DARK, SOFT = (20, 20, 20), (80, 80, 80)

logging.getLogger("fontTools").setLevel(logging.ERROR)  # a line per table at each subset
logging.getLogger("fpdf").setLevel(
    logging.ERROR
)  # it warns of each sign that a font lacks, and names the ticket's words


class FpdfPrinter:
    """Prints on A4, which is also readable on a phone: large letters, the QR on top."""

    def print(self, booklet: Booklet) -> bytes:
        """The PDF of these tickets."""
        page = _Page(booklet)
        for sheet, seen, count in zip(booklet.sheets, booklet.seen, booklet.count, strict=True):
            page.draw(sheet, seen, count)
        return page.file()

    def picture(self, code: str) -> str:
        """The QR of a code, for a screen."""
        drawn: str = segno.make_qr(code, error="m").svg_inline(
            border=QUIET, omitsize=True, light="#fff", dark="#000", lineclass=None, svgclass=None
        )
        return drawn


class _Page(FPDF):
    """A PDF that is being drawn."""

    def __init__(self, booklet: Booklet) -> None:
        super().__init__(format="A4")
        self.booklet = booklet
        self.set_margin(MARGIN)
        self.set_auto_page_break(False)
        letters = "wide" if _OTHER.search(_words(booklet)) else "latin"  # to read the wide ones takes twice as long
        self.add_font("sans", "", FONTS / f"{letters}.ttf")
        self.add_font("sans", "B", FONTS / f"{letters}-bold.ttf")
        self.set_lang(booklet.language)
        self.set_title(_plain(booklet.title))
        self.set_author(_plain(booklet.author))
        self.set_creator("Etalage")
        self.set_creation_date(booklet.made)
        self.set_xmp_metadata(_XMP.format(title=escape(_plain(booklet.title)), language=booklet.language))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def draw(self, sheet: Sheet, seen: str, count: str) -> None:
        """One ticket on a page of its own."""
        self.add_page()
        with self.decoration():
            self.set_fill_color(*_rgb(self.booklet.colour))
            self.rect(0, 0, self.w, 5, style="F")
        self.words(sheet.house, 12, "B", SOFT, lines=1)
        self.words(sheet.title, 24, "B", tag="H1", lang=sheet.lang, lines=3, after=2)
        self.words(sheet.when, 15, "B", lines=2, after=8)
        self.qr(sheet.code, seen)
        self.words(sheet.code, 10, "", SOFT, lines=2, after=5)
        for label, text in sheet.facts:
            self.words(f"{label}: {text}", 13, "", lines=3, after=1)
        if sheet.directions:
            self.ln(3)
            self.words(sheet.directions, 11, "", SOFT, lines=8)
        self.foot(count)

    def words(
        self, text: str, size: int, style: str, colour: tuple[int, int, int] = DARK, *, lines: int, after: float = 1,
        tag: str = "P", lang: str = "",
    ) -> None:  # fmt: skip
        """A paragraph of so many lines at most."""
        self.set_font("sans", style, size)
        self.set_text_color(*colour)
        rows = self._rows(text, size)
        if len(rows) > lines:
            rows = [*rows[: lines - 1], rows[lines - 1].rstrip()[:-1] + "…"]
        with self.tag(tag, lang):
            for row in rows:
                self.cell(w=self.epw, h=size * 0.48, text=row.strip(), new_x="LMARGIN", new_y="NEXT")
        self.ln(after)

    def _rows(self, text: str, size: int) -> Sequence[str]:
        """The words in lines as wide as the page."""
        rows = self.multi_cell(w=self.epw, h=size * 0.48, text=_plain(text), align="L", dry_run=True, output="LINES")
        return rows if isinstance(rows, list) else []

    def qr(self, code: str, seen: str) -> None:
        """The code as a picture, with words for who does not see it."""
        picture, made = BytesIO(), segno.make_qr(code, error="m")
        made.save(picture, kind="png", scale=DOTS, border=QUIET)
        quiet = QR * QUIET / made.symbol_size(border=QUIET)[0]  # so that its first dark module stands under the words
        with Image.open(picture) as image:
            self.image(image.convert("L"), x=MARGIN - quiet, y=self.y - quiet, w=QR, h=QR, alt_text=_plain(seen))
        self.set_y(self.y + QR - 2 * quiet + 1)

    def foot(self, count: str) -> None:
        """What stands below on each page."""
        self.set_y(-MARGIN - 12)
        self.words(count, 9, "", SOFT, lines=1, after=0)
        self.words(self.booklet.note, 9, "", SOFT, lines=2, after=0)

    @contextmanager
    def tag(self, name: str, lang: str = "") -> Iterator[None]:
        """What is drawn inside is this element, in reading order; in another language when `lang` says so."""
        mcid = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{name}", mcid=mcid)
        self._out(f"/{name} <</MCID {mcid}>> BDC")
        other = lang and lang != self.booklet.language and lang.isascii() and lang.isalpha()
        if other:
            self._out(f"/Span <</Lang ({lang})>> BDC")
        yield
        self._out("EMC EMC" if other else "EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """What is drawn inside says nothing."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def file(self) -> bytes:
        """The whole file."""
        return bytes(self.output())


def _words(booklet: Booklet) -> str:
    """All that is printed."""
    facts = [text for sheet in booklet.sheets for fact in sheet.facts for text in fact]
    sheets = [text for one in booklet.sheets for text in (one.code, one.title, one.house, one.when, one.directions)]
    return "".join([booklet.note, *booklet.count, *facts, *sheets])


def _plain(text: str) -> str:
    """Words on one line, of signs that a font may have."""
    shown = (sign if sign.isprintable() else " " for sign in text)
    return " ".join("".join("\ufffd" if 0xD800 <= ord(sign) <= 0xDFFF else sign for sign in shown).split())


def _rgb(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)) if colour else DARK


_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
