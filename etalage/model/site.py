"""A site, and the plan of all its pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from etalage.model.house import Contact
from etalage.model.words import Words


class SiteKind(StrEnum):
    """A house's own site, or that of a cluster of houses."""

    HOUSE = "house"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
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
    tagline: Words = field(default_factory=dict)
    contact: Contact = field(default_factory=Contact)
    page_size: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A page of text that staff wrote, in one or more languages. `body` is safe HTML."""

    id: str
    title: Words
    body: Words
    menu: bool = False
    order: int = 100
    summary: Words = field(default_factory=dict)
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in a list: a production, and which of its performances the line stands for ("" for all)."""

    production: str
    performance: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an agenda and what is on."""

    day: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A way to another page of the same kind: its label's subject and its address; `here` for the page itself."""

    label: str
    url: str
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
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
    days: tuple[Day, ...] = ()
    steps: tuple[Step, ...] = ()
    number: int = 1
    of: int = 1
    previous: str = ""
    next: str = ""
    total: int = 0
    indexed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """Every page of one site, in order, and the addresses productions got (to be kept for the next plan)."""

    site: Site
    today: date
    pages: tuple[Page, ...]
    addresses: Mapping[str, str]
    redirects: Mapping[str, str] = field(default_factory=dict)
