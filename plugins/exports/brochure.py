"""A brochure as JSON, XML or CSV."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as Tree

import msgspec

from etalage.catalogue.brochure import Brochure
from etalage.model import spreadsheet
from etalage.model.words import Words, pick

FORMATS = ("json", "xml", "csv")
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
    """A line per date, in the site's first words."""
    head = ("date", "start", "end", "title", "subtitle", "company", "genre", "venue", "hall", "city", "price", "summary", "url", "picture", "photo")  # fmt: skip
    return spreadsheet.write(head, _rows(brochure, tuple(brochure.name)))


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
