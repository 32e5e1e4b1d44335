"""Who makes tickets of paper, or what a screen shows in its place."""

from typing import Protocol

from etalage.model.booklet import Booklet


class Printer(Protocol):
    """Makes a PDF, and pictures of codes.

    Laws (tests/laws/printer.py):

    1. A page per sheet, in their order, however long its words: what does not fit is cut with "…", never on another page.
    2. All words are there as text; the code is there as a QR that reads as exactly that code, and as text beneath it.
    3. The file is tagged (ISO 14289-1): title and language set, a heading per page, the QR a figure with words for who does not see it,
       all the rest paragraphs in reading order or marked as decoration. A title in another language says so.
    4. Letters of any alphabet that is written from left to right are printed as they are, and kept in the file; a sign that no
       font of ours has shows as an empty box.
    5. The same booklet gives the same bytes.
    6. `picture` is an SVG that stands in a page by itself: black on white with its quiet zone, no size of its own, no style, no script;
       it reads as exactly the code.
    """

    def print(self, booklet: Booklet) -> bytes:
        """The PDF of these tickets."""
        ...

    def picture(self, code: str) -> str:
        """The QR of a code, for a screen."""
        ...
