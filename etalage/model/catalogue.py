"""Everything the houses show, joined and enriched, with where each part came from."""

from collections.abc import Mapping

import msgspec

from etalage.model.house import Cluster, House
from etalage.model.programme import Production, Venue
from etalage.model.record import Problem
from etalage.model.tip import Wishes


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A production in the catalogue. `stamp` changes with anything in it.

    `origins` says for each field which source (or "overlay:<file>") won, where that is not simply the production's own
    source; `also` are the ids under which other sources know it. `tips`: what staff want, or not, beside it.
    """

    production: Production
    stamp: str
    origins: Mapping[str, str] = {}
    also: tuple[str, ...] = ()
    tips: Wishes = Wishes()


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All entries by production id, the venues they name, the houses and clusters, and what staff should look at."""

    entries: Mapping[str, Entry]
    venues: Mapping[str, Venue]
    houses: Mapping[str, House] = {}
    clusters: Mapping[str, Cluster] = {}
    problems: tuple[Problem, ...] = ()
    aliases: Mapping[str, str] = {}
