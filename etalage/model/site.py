"""A site, and the plan of all its pages."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from etalage.model.house import Contact
from etalage.model.words import Words


class SiteKind(StrEnum):
    """A house's own site, or that of a cluster of houses."""

    HOUSE = "house"
    CLUSTER = "cluster"


class Site(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One shop window. The first of `languages` is at the root; the others are in a folder of their code.

    `url` is where the site will stand, without a closing slash; `houses` whose programme it shows.
    """

    id: str
    kind: SiteKind
    name: Words
    languages: tuple[str, ...]
    houses: tuple[str, ...]
    url: str = ""
    theme: str = "base"
    timezone: str = "Europe/Brussels"
    tagline: Words = {}
    contact: Contact = Contact()
    page_size: int = 60
    calendars: bool = True
    search: bool = True


class Text(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A page of text that staff wrote, in one or more languages. `body` is safe HTML."""

    id: str
    title: Words
    body: Words
    menu: bool = False
    order: int = 100
    summary: Words = {}
    stamp: str = ""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line in a list: a production, and which of its performances the line stands for ("" for all)."""

    production: str
    performance: str = ""


class Day(msgspec.Struct, frozen=True, omit_defaults=True):
    """One day of an agenda and what is on."""

    day: date
    entries: tuple[Entry, ...]


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """A way to another page of the same kind: its label's subject and its address; `here` for the page itself."""

    label: str
    url: str
    here: bool = False


class Page(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One page of a site: all that a template needs to know but the words.

    `url` is relative to the site's root ("programma/winterreis/", "" for home); `path` the file it becomes.
    `alternates` are the same page in each language of the site, itself included. `key` changes when, and only when,
    something that the page shows changed: a page whose key is known needs no rendering.
    """

    url: str
    path: str
    template: str
    language: str
    alternates: Mapping[str, str]
    canonical: str
    key: str = ""
    subject: str = ""
    entries: tuple[Entry, ...] = ()
    ongoing: tuple[Entry, ...] = ()
    days: tuple[Day, ...] = ()
    steps: tuple[Step, ...] = ()
    number: int = 1
    of: int = 1
    previous: str = ""
    next: str = ""
    total: int = 0
    indexed: bool = True


class SitePlan(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Every page of one site, in order; `addresses` and `former` are to be kept for the next plan.

    `addresses`: production id → its slug here. `former`: a slug that was given up → the production that had it.
    """

    site: Site
    today: date
    pages: tuple[Page, ...]
    addresses: Mapping[str, str]
    former: Mapping[str, str] = {}
