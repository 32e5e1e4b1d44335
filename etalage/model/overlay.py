"""What staff add to a production in content/, and whose word counts for a field."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from etalage.model.tip import Wishes
from etalage.model.words import Words


class Wins(StrEnum):
    """Who wins a field that both the source and the overlay fill.

    source: the overlay only fills what the source leaves empty. editor: the overlay is shown whatever the source says, and
    a later change in the source is reported. once: what the source said first stays, whatever it says later.
    """

    SOURCE = "source"
    EDITOR = "editor"
    ONCE = "once"


class Place(StrEnum):
    """Where the overlay's own text goes, beside the source's description."""

    AFTER = "after"
    BEFORE = "before"
    INSTEAD = "instead"


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an overlay: `value` as the field of Production has it (None: only a rule), and who wins."""

    value: Any
    wins: Wins = Wins.SOURCE


class Overlay(msgspec.Struct, frozen=True, kw_only=True):
    """The additions to one production, from one or more files (a file per language)."""

    production: str
    file: str
    fields: Mapping[str, Addition] = {}
    text: Words = {}
    place: Place = Place.AFTER
    stamp: str = ""
    tips: Wishes = Wishes()


LISTS = frozenset({"credits", "press", "videos", "links", "tags", "pictures", "genres", "facilities"})
"""Fields whose overlay is added to the source's list when the source wins, instead of being left out."""
