"""Where originals become pictures that a page can show."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from etalage.model.picture import Rendition
from etalage.model.programme import Picture
from etalage.model.record import Problem

Progress = Callable[[int, int, str], None]
"""Told after each piece of work: how many are done, of how many, and whose turn it was."""
RecordOf = Callable[[str], str | None]
"""The id of the record that shows the picture with this `src`; a mapping's `get` will do."""


class Pictures(Protocol):
    """Originals, from the content folder or the web, made ready: cut, scaled, encoded, and kept.

    Laws (tests/laws/pictures.py holds every adapter to them):

    1. Every file that a rendition names is in `folder`, at `shelf(stamp)/name`, whole, and of the format, size and
       bytes it says. No file is wider or taller than its part of the original.
    2. The same original, focal point and recipe give the same stamp and the same bytes, on any run; another original
       or focal point gives another stamp.
    3. A picture that cannot be used is a Problem with source, record, field and reason and is not in the answer; the
       others are. What is too large is refused before it is decoded.
    4. Preparing again what did not change decodes nothing, asks the web nothing and gives an equal answer.
    5. Nothing outside `root` is read, through links neither; nothing is fetched from an address that is not public.
    6. Files stand upright, are in sRGB and carry no metadata; transparency stays, where the format knows it.
    7. A web address that is silent leaves the copy we have, with a Problem of weight doubt; without a copy it is a
       Problem and no picture. It is asked again later, not at once.
    8. Progress counts up by one and ends at its total; without work it is not called.
    9. Two that prepare at once, in one folder, both get the whole answer.
    10. `original` is the very file, with the bytes that staff or the web gave; it asks the web nothing, and reads nothing
       outside `root`.
    """

    def original(self, src: str, root: Path) -> Path | None:
        """The file that a picture is made from, as it is: for print. Nothing is fetched; None for what cannot be used."""
        ...

    folder: Path
    """Where the files are; only this port writes here. It may be emptied at any time: everything is then made again."""

    def prepare(
        self,
        pictures: Iterable[Picture],
        root: Path,
        *,
        record_of: RecordOf = ...,
        progress: Progress | None = None,
    ) -> tuple[dict[str, Rendition], list[Problem]]:
        """Make all of them ready: `src` → rendition, in the order given, and what is wrong with the others.

        `root` is the folder that paths are relative to. One `src` has one rendition: the first focal point that staff
        chose (anything but the middle) is used, and a second, different one is a Problem of weight doubt.
        """
        ...
