"""A list that somebody chose, under their own name and with their reasons."""

from datetime import date

import msgspec

from etalage.model.programme import Picture
from etalage.model.words import Words


class Curator(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who chose: a name, what they are to the visitor ("programmator dans"), perhaps a portrait."""

    name: str
    role: Words = {}
    picture: Picture | None = None


class Pick(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing chosen: a production's id or the address of its page, as the curator wrote it, and why."""

    item: str
    because: Words = {}


class CuratedList(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A list as its file has it, in one or more languages. `intro` is safe HTML; `opens` and `closes` are its first and last day.

    `file` is where staff mend it; `stamp` changes with anything in it.
    """

    id: str
    title: Words
    curator: Curator
    picks: tuple[Pick, ...]
    intro: Words = {}
    summary: Words = {}
    opens: date | None = None
    closes: date | None = None
    order: int = 100
    file: str = ""
    stamp: str = ""
