"""What a house shows: venues, productions and their performances.

A production is the work, a performance one date that one can attend. Everything outside text has been cleaned before it
gets here: `description` is safe HTML of an allow-list, all other text is plain and free of control characters.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum

import msgspec

from etalage.model.enrolment import Ages, Question
from etalage.model.offer import Price, Stock
from etalage.model.words import Words


class Kind(StrEnum):
    """How one takes part; decides the fields a page shows and, later, the flow of a sale."""

    SHOW = "show"
    FILM = "film"
    EXPO = "expo"  # a period with opening hours instead of performances
    COURSE = "course"  # one enrols for all dates together
    CAMP = "camp"
    SCHOOL = "school"  # for classes; not on sale to the public
    TALK = "talk"
    WALKIN = "walkin"  # free, no ticket
    ONLINE = "online"


FACTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.SHOW: (),
    Kind.FILM: ("director", "cast", "country", "year", "version"),
    Kind.EXPO: ("artist", "curator", "guided_tours"),
    Kind.COURSE: ("teacher", "level", "bring", "included"),
    Kind.CAMP: ("teacher", "day_care", "bring", "included"),
    Kind.SCHOOL: ("grades", "teaching_material", "max_group"),
    Kind.TALK: ("speaker", "moderator"),
    Kind.WALKIN: ("bring",),
    Kind.ONLINE: ("platform", "replay"),
}
"""The extra facts a page of each kind shows, in this order; other facts are kept but not shown."""


AS_A_WHOLE = frozenset({Kind.COURSE, Kind.CAMP})
"""One enrols for all dates together, each participant by name: a registration, no ticket sale."""


class Status(StrEnum):
    """What happened to a performance since it was announced."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    MOVED = "moved"  # another date: `previous_start` says which it was; or another place: `previous_venue`
    POSTPONED = "postponed"  # new date not known yet
    REMOVED = "removed"  # vanished from its source without a word


FACILITIES = (
    "wheelchair",
    "companion",
    "hearing_loop",
    "sign_language",
    "audio_description",
    "captions",
    "relaxed",
    "adapted_toilet",
    "reserved_parking",
    "assistance_dog",
)
"""Accessibility facilities a venue or a performance can name; words for visitors are in the theme's translations."""


class Venue(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An address with, perhaps, several halls. Latitude and longitude in degrees (WGS 84)."""

    id: str
    name: str
    street: str = ""
    postal: str = ""
    city: str = ""
    country: str = "BE"
    latitude: float | None = None
    longitude: float | None = None
    halls: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    directions: Words = {}


class Genre(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A genre from the shared list, or a house's own: its id is then made from its name."""

    id: str
    name: Words


class Credit(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who did what, as data: `role` in the visitor's words ("regie"), `name` as it is spelled."""

    name: str
    role: Words = {}


class Picture(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A picture by file path (relative to the content folder) or http(s) address. `alt` empty means: not described yet.

    `focus` is the point that must stay in view, as fractions from the left and the top.
    """

    src: str
    alt: Words = {}
    credit: str = ""
    focus: tuple[float, float] = (0.5, 0.5)


class PressQuote(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a paper wrote: never without its source."""

    text: Words
    source: str
    day: date | None = None
    stars: int | None = None
    url: str = ""


class Link(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An http(s) address elsewhere: a trailer, the company's site."""

    url: str
    label: Words = {}


class Opening(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Opening hours on one weekday (0 = Monday) of an expo's period."""

    weekday: int
    opens: time
    closes: time


class Performance(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One date in one hall. `start` and `end` are aware, with the local offset; `timed` is false when only the day is known."""

    id: str
    start: datetime
    end: datetime | None = None
    timed: bool = True
    doors: datetime | None = None
    venue: str = ""
    hall: str = ""
    status: Status = Status.SCHEDULED
    previous_start: datetime | None = None
    previous_venue: str = ""
    note: Words = {}
    prices: tuple[Price, ...] = ()
    stock: Stock = Stock.UNKNOWN
    seated: bool | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    purchase_url: str = ""
    online_url: str = ""
    facilities: tuple[str, ...] = ()
    keys: Mapping[str, str] = {}


class Production(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A work on the programme, with all its performances in order of start.

    `id` carries its source ("pretix:ccnoord/theater"); `houses` names the owner first, then who else presents it.
    `duration` in minutes with the interval; `interval` in minutes, 0 means: none, None: not known. `questions` and `ages`: what is
    asked of who enrols, and for whom it is; only of a kind for which one enrols.
    """

    id: str
    houses: tuple[str, ...]
    title: Words
    kind: Kind = Kind.SHOW
    subtitle: Words = {}
    summary: Words = {}
    description: Words = {}
    company: str = ""
    genres: tuple[Genre, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    surtitles: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    duration: int | None = None
    interval: int | None = None
    facts: Mapping[str, Words] = {}
    credits: tuple[Credit, ...] = ()
    pictures: tuple[Picture, ...] = ()
    press: tuple[PressQuote, ...] = ()
    videos: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    opens: date | None = None
    closes: date | None = None
    openings: tuple[Opening, ...] = ()
    performances: tuple[Performance, ...] = ()
    facilities: tuple[str, ...] = ()
    uitpas: bool = False
    organiser: str = ""
    purchase_url: str = ""
    keys: Mapping[str, str] = {}
    slug: str = ""
    removed: bool = False
    questions: tuple[Question, ...] = ()
    ages: Ages | None = None
