"""A site, and the plan of all its pages."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from etalage.model.house import Contact
from etalage.model.record import Problem
from etalage.model.redirect import Redirect
from etalage.model.tip import Choice, Reason, Tip
from etalage.model.words import Words


class SiteKind(StrEnum):
    """A house's own site, or that of a cluster of houses."""

    HOUSE = "house"
    CLUSTER = "cluster"


class Sharing(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a site makes for others: each part may be switched off under `[share]`.

    `lists`: feeds and calendars beside every list. `pictures`: one of 1200 × 630 for who shares a page. `linked_data`: a
    document per month in OSLO's words. `screen`: a page for the foyer. `embed`: pages and a script for other sites.
    """

    lists: bool = True
    pictures: bool = True
    linked_data: bool = True
    screen: bool = True
    embed: bool = True


class Site(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One shop window. The first of `languages` is at the root; the others are in a folder of their code.

    `url` is where the site will stand, without a closing slash; `houses` whose programme it shows. `near`: a house also shows
    what is on at its neighbours of a cluster. `last_minute`: how many days ahead that page looks; 0 for no such page.
    `sells`: every house that sells through us, of this site or not → how the ids begin of what it sells.
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
    gallery: bool = False
    sharing: Sharing = Sharing()
    wishlist: bool = True
    offline: bool = True
    near: bool = True
    last_minute: int = 7
    tips: bool = True
    search: bool = True
    sells: Mapping[str, str] = {}
    schools: tuple[str, ...] = ()


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
    `feeds` is the folder of the list that it shows or is a feed of: its feed.xml, feed.json and agenda.ics stand there.
    `name`: what such a feed is called; "" for the site's own. `linked`: the document with its linked data.

    `reasons` say why each of `entries` is there, where they do; `chosen` are curated lists that the page names, or what one
    says of the page's subject, or the picks that `entries` are; `near` is what neighbours show; `instead` is for who finds the subject sold out.
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
    feeds: str = ""
    name: str = ""
    linked: str = ""
    reasons: tuple[Reason, ...] = ()
    chosen: tuple[Choice, ...] = ()
    near: tuple[Tip, ...] = ()
    instead: tuple[Tip, ...] = ()


class SitePlan(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Every page of one site, in order; `addresses` and `former` are to be kept for the next plan.

    `addresses`: production id → its slug here. `former`: a slug that was given up → the production that had it.
    `redirects`: every old address with where it leads, for servers that can say so themselves.
    `problems`: what staff should mend in what they wrote for this site.
    """

    site: Site
    today: date
    pages: tuple[Page, ...]
    addresses: Mapping[str, str]
    former: Mapping[str, str] = {}
    redirects: tuple[Redirect, ...] = ()
    problems: tuple[Problem, ...] = ()
