"""A brochure as JSON, XML or CSV, with the pictures for print beside it."""

import csv
import io
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import msgspec

from etalage.catalogue.brochure import Brochure, PrintPicture
from etalage.model.programme import Picture
from etalage.model.record import Problem
from etalage.model.words import Words, pick
from etalage.ports.pictures import Pictures

FORMATS = ("json", "xml", "csv")
FOLDER = "pictures"
_WORDS = frozenset(
    {
        "name",
        "title",
        "subtitle",
        "summary",
        "description",
        "alt",
        "tariff",
        "category",
        "note",
        "role",
        "text",
        "genres",
    }
)
"""The fields that are text per language: `<title lang="nl">`."""
_ONE = {
    "productions": "production", "genres": "genre", "tags": "tag", "languages": "language", "houses": "house", "facilities": "facility",
    "credits": "credit", "press": "quote", "dates": "date", "prices": "price", "pictures": "picture",
}  # fmt: skip
"""A list's element → that of each of its items."""
_ENDINGS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG", "png"), (b"GIF8", "gif"))


def schema() -> bytes:
    """The JSON Schema of a brochure, as docs/reference/brochure.schema.json has it."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Brochure)), indent=1) + b"\n"


def write(brochure: Brochure, form: str) -> bytes:
    """The export in that form."""
    if form == "xml":
        return as_xml(brochure)
    if form == "csv":
        return as_csv(brochure)
    return msgspec.json.format(msgspec.json.encode(brochure), indent=1) + b"\n"


def as_xml(brochure: Brochure) -> bytes:
    """The same tree: a field is an element, what is not known is left out, a text has its language, HTML is escaped."""
    root = Tree.Element("brochure")
    _fill(root, msgspec.to_builtins(brochure))
    Tree.indent(root, " ")
    return bytes(Tree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _fill(element: Tree.Element, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, list | tuple):
            if value:
                many = Tree.SubElement(element, name)
                for each in value:
                    _add(many, _ONE[name], each, is_words=name in _WORDS)
        elif value not in (None, "", {}):
            _add(element, name, value, is_words=name in _WORDS)


def _add(parent: Tree.Element, name: str, value: Any, *, is_words: bool) -> None:
    if isinstance(value, dict) and is_words:
        if parent.tag == "genres":
            _words(Tree.SubElement(parent, name), "name", value)
        else:
            _words(parent, name, value)
    elif isinstance(value, dict):
        _fill(Tree.SubElement(parent, name), value)
    else:
        Tree.SubElement(parent, name).text = str(value).lower() if isinstance(value, bool) else str(value)


def _words(parent: Tree.Element, name: str, words: Words) -> None:
    for language, text in words.items():
        Tree.SubElement(parent, name, {"lang": language} if language else {}).text = text


def as_csv(brochure: Brochure) -> bytes:
    """A line per date, in the site's first words; what opens in a spreadsheet must not be taken for a formula."""
    file = io.StringIO()
    lines = csv.writer(file, delimiter=";", lineterminator="\r\n")
    lines.writerow(["date", "start", "end", "title", "subtitle", "company", "genre", "venue", "hall", "city", "price", "summary", "url", "picture", "photo"])  # fmt: skip
    languages = tuple(brochure.name)
    for row in _rows(brochure, languages):
        lines.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _rows(brochure: Brochure, languages: tuple[str, ...]) -> Iterator[list[str]]:
    def said(words: Words) -> str:
        return pick(words, languages)[0]

    for one in brochure.productions:
        picture = one.pictures[0] if one.pictures else None
        about = [said(one.title), said(one.subtitle), one.company, said(one.genres[0]) if one.genres else ""]
        rest = [said(one.summary), one.url, picture.file if picture else "", picture.credit if picture else ""]
        for date in one.dates:
            cents = [price.cents for price in date.prices if price.kind == "standard"]
            start, end = (f"{moment:%H:%M}" if moment and date.timed else "" for moment in (date.start, date.end))
            amount = f"{min(cents) // 100},{min(cents) % 100:02}" if cents else ""
            yield [f"{date.start:%Y-%m-%d}", start, end, *about, date.venue, date.hall, date.city, amount, *rest]
        if not one.dates:
            yield [f"{one.opens or ''}", "", f"{one.closes or ''}", *about, "", "", "", "", *rest]


def lay_out_pictures(
    shown: Mapping[str, tuple[str, Picture]], maker: Pictures, content: Path, folder: Path
) -> tuple[dict[str, PrintPicture], list[Problem]]:
    """Copy the originals beside the export. `shown`: `src` → the name it gets without its ending, and the picture.

    Also what is wrong with the pictures that are missing.
    """
    made, problems = maker.prepare([picture for _, picture in shown.values()], content)
    found: dict[str, PrintPicture] = {}
    for src, (name, picture) in shown.items():
        original = maker.original(src, content)
        if original is None or src not in made:
            continue
        file = f"{FOLDER}/{name}.{_ending(original)}"
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, folder / file)
        found[src] = PrintPicture(
            file=file, width=made[src].width, height=made[src].height, alt=picture.alt, credit=picture.credit
        )
    return found, problems


def _ending(path: Path) -> str:
    """By what is in it: a copy from the web has no ending, and one from a camera may have a wrong one."""
    with path.open("rb") as file:
        head = file.read(16)
    if head[8:12] == b"WEBP":
        return "webp"
    return next(
        (ending for mark, ending in _ENDINGS if head.startswith(mark)), "avif" if head[4:8] == b"ftyp" else "bin"
    )
