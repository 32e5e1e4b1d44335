"""What a build leaves for the functions: a site's dates as visitors read them, and the words of its language."""

from collections.abc import Mapping, Sequence

import msgspec

from etalage.model.enrolment import Enrolment

FILE = "shelf.json"
FRAME = "frame.tpl"
"""A whole page in the site's look with nothing in it; both stand at the root of each language."""
HERE = "<!-- here -->"
"""Where a function's page goes into the frame."""


class Item(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A date, or a production that is visited as one whole. `url` is relative to the site's root.

    `start` and `end` are ISO moments, or days where the time is not known; `when` says it in words, `state` what happened to it.
    `sold`: it is a date that its house sells through us; `classes`: the production for which teachers ask for this date here.
    `doors`: when they open, as a clock shows it.
    """

    id: str
    title: str
    url: str
    lang: str = ""
    start: str = ""
    end: str = ""
    when: str = ""
    place: str = ""
    house: str = ""
    state: str = ""
    off: bool = False
    sold: bool = False
    doors: str = ""
    classes: str = ""
    keys: Mapping[str, str] = {}
    """What systems of passes call it: `cdbid` is its id in UiTdatabank."""


class Shelf(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One language of a site. `words`: English message → its text, or its texts for one and for many.

    `enrolments`: the courses and camps that are sold here; `slots`: of each expo the dates that are, the soonest first.
    """

    site: str
    name: str
    language: str
    languages: Sequence[str]
    timezone: str
    wishlist: str
    words: Mapping[str, Sequence[str]] = {}
    items: Mapping[str, Item] = {}
    enrolments: Sequence[Enrolment] = ()
    slots: Sequence[Sequence[str]] = ()

    def enrolment(self, performance: str) -> Enrolment | None:
        """How one enrols by this date; None of what is sold by ticket."""
        return next((one for one in self.enrolments if performance in (one.performance, *one.also)), None)

    def beside(self, performance: str) -> Sequence[str]:
        """The time slots of an expo that this one is among, itself included; nothing of another date."""
        return next((slots for slots in self.slots if performance in slots), ())
