"""Tickets to print: one booklet per order, one sheet per ticket. All words are already in the reader's language."""

from datetime import datetime

import msgspec


class Sheet(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One ticket. `code`: what the door reads. `facts`: label and text, in order, only those there are. `lang`: of the title."""

    code: str
    title: str
    house: str
    lang: str = ""
    when: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    directions: str = ""


class Booklet(msgspec.Struct, frozen=True, kw_only=True):
    """An order's tickets. `seen`: what a reader of the QR is told in words, with the code; `count`: "Ticket 1 of 3", by sheet.

    `colour`: the house's, as #rrggbb, "" for none: only ever a line, no letters stand on it. `made`: the moment that the file bears.
    """

    title: str
    language: str
    author: str
    made: datetime
    sheets: tuple[Sheet, ...]
    seen: tuple[str, ...]
    count: tuple[str, ...]
    colour: str = ""
    note: str = ""
    """What stands at the foot of each sheet."""
