"""What the search page shows: everything that can be chosen, and every word that is needed to say what was found.

The words go on the page as JSON (`SearchView.words`). The script and the function both read them there, so that a date, a
price or a status is said in the same way by all three; and neither needs a list of months or a translation of its own.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec

from etalage.catalogue.facets import Facets, facets
from etalage.catalogue.showing import Showing
from etalage.model.money import Money
from etalage.model.offer import Stock
from etalage.model.programme import Kind, Status
from etalage.model.site import Page, SiteKind
from etalage.search.filters import AGES, EUROS
from etalage.search.words import words as words_of
from plugins.agenda.speech import Said, said

if TYPE_CHECKING:
    from plugins.agenda.generator import Frame

KILOMETRES = (5, 10, 20, 50)
MANY = 8
"""From so many boxes on, a facet scrolls in its own frame."""
MONDAY = date(2024, 1, 1)
MODULES = [
    *(f"components/agenda-search/{name}.js" for name in ("question", "answer", "saying")),
    "js/distance.js",
    *(f"js/search/{name}.js" for name in ("search", "days", "filters", "sieve", "store", "times", "words")),
]
"""What the page's script imports, fetched together with it."""
STEMMERS = ("nl", "fr", "en", "de")
BLANK = SimpleNamespace(
    url="", title="", is_off=False, iso="2000-01-01", above="", number="", month="", by="", meta="", states=(),
)  # fmt: skip


class Choice(msgspec.Struct):
    """One value of a filter, as it stands in an address; an empty one is "any"."""

    value: str
    label: Said


class Facet(msgspec.Struct):
    """The values of one filter. `kind` is that of its inputs: checkbox or radio. `name`: as in an address."""

    name: str
    title: str
    kind: str
    choices: Sequence[Choice]
    shape: str = "boxes"
    """How they stand: boxes below each other, pills side by side, or a long list."""
    dates: bool = False
    """With two fields for a first and a last day."""
    near: bool = False
    """With how far around, and a way to say "here"."""
    start_open: bool = False


class SearchView(msgspec.Struct):
    """The page, before anything was asked. `folder`: where the index is; `find`: the function; `page`: this page."""

    page: str
    find: str
    folder: str
    facets: Sequence[Facet]
    kilometres: Sequence[Choice]
    words: SimpleNamespace
    json: str
    """The words again, for whoever fills in the answer."""
    blank: SimpleNamespace
    """A result with every part and nothing in it."""


def search(frame: "Frame", page: Page) -> dict[str, Any]:
    """The search page of a language."""
    addresses, build = frame.viewer.addresses, frame.build
    offered = facets(build.catalogue, Showing(build.catalogue, frame.site, build.plan.today), frame.site.houses)
    panel = _Panel(frame)
    shown = list(panel.facets(offered))
    words = _words(frame, {facet.name: facet.title for facet in shown})
    view = SearchView(
        page=page.url, find=addresses.find(), folder=f"search/{frame.language}/", facets=shown,
        kilometres=panel.kilometres(), words=SimpleNamespace(**words), blank=BLANK, json=json.dumps(words, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
    stemmer = [f"js/search/stem/{frame.language}.js"] if frame.language in STEMMERS else []
    return {"search": view, "preload": [*MODULES, *stemmer]}


class _Panel:
    def __init__(self, frame: "Frame") -> None:
        self.frame, self.speech, self.viewer = frame, frame.speech, frame.viewer
        self._ = frame.speech.gettext

    def facets(self, offered: Facets) -> Iterable[Facet]:
        """Only those that leave something to choose."""
        _ = self._
        yield Facet("date", _("When"), "radio", self._dates(offered), "pills", dates=True, start_open=True)
        yield Facet("day", _("Weekday"), "checkbox", self._weekdays(), "pills")
        catalogue, say = self.frame.build.catalogue, self.speech.say
        genres = [(genre, self.viewer.genre(genre)[1]) for genre in offered.genres]
        towns = [("-".join(words_of(town)), said(town)) for town in offered.towns]
        houses = [(house, say(catalogue.houses[house].name)) for house in offered.houses if house in catalogue.houses]
        venues = [(venue, said(catalogue.venues[venue].name)) for venue in offered.venues]
        yield from self._listed("genre", _("Genre"), genres, start_open=True)
        yield from self._listed("town", _("Place"), towns, near=True)
        if self.frame.site.kind is SiteKind.CLUSTER:
            yield from self._listed("house", _("House"), houses)
        yield from self._listed("venue", _("Venue"), venues)
        if offered.ages:
            ages = [Choice(str(age), said(_("%(age)s years") % {"age": age})) for age in AGES]
            yield Facet("age", _("Age"), "radio", [Choice("", said(_("Any age"))), *ages], "pills")
        if offered.prices:
            yield Facet("price", _("Price"), "radio", self._prices(), "pills")
        facilities = [(name, said(self.viewer.labels.facility(name))) for name in offered.facilities]
        yield from self._listed("access", _("Accessibility"), facilities, least=1, by_name=False)
        if offered.uitpas:
            yield Facet("uitpas", "UiTPAS", "checkbox", [Choice("1", said(_("With UiTPAS discount")))])
        yield Facet("left", _("Tickets"), "checkbox", [Choice("1", said(_("Places left")))])

    def kilometres(self) -> list[Choice]:
        """How far around."""
        return [Choice(str(km), said(self._("up to %(km)s km") % {"km": km})) for km in KILOMETRES]

    def _listed(
        self, name: str, title: str, pairs: Sequence[tuple[str, Said]], *, least: int = 2, by_name: bool = True, **more: bool
    ) -> Iterable[Facet]:  # fmt: skip
        if len(pairs) < least:
            return
        ordered = sorted(pairs, key=lambda pair: pair[1].casefold()) if by_name else pairs
        choices = [Choice(value, label) for value, label in ordered]
        yield Facet(name, title, "checkbox", choices, "long" if len(choices) > MANY else "boxes", **more)

    def _dates(self, offered: Facets) -> list[Choice]:
        _ = self._
        periods = {
            "": _("Any day"), "today": _("Today"), "tomorrow": _("Tomorrow"), "weekend": _("This weekend"),
            "week": _("Next 7 days"),
        }  # fmt: skip
        name, year = self.speech.month_name, self.speech.month  # a month of another year says which
        months = {month: year(month) if month.endswith("-01") else name(month) for month in offered.months}
        return [Choice(value, said(label)) for value, label in (periods | months).items()]

    def _weekdays(self) -> list[Choice]:
        return [Choice(str(day + 1), said(self.speech.weekday(day))) for day in range(7)]

    def _prices(self) -> list[Choice]:
        _ = self._
        labels = [
            _("up to %(amount)s") % {"amount": self.speech.money(Money(euros * 100))} if euros else _("Free")
            for euros in EUROS
        ]
        return [
            Choice("", said(_("Any price"))),
            *(Choice(str(e), said(t)) for e, t in zip(EUROS, labels, strict=True)),
        ]


def _words(frame: "Frame", names: Mapping[str, str]) -> dict[str, Any]:
    """Every word of an answer. Values are named as in Python: %(num)s."""
    speech, labels = frame.speech, frame.viewer.labels
    _, ngettext = speech.gettext, speech.ngettext
    week = [MONDAY + timedelta(days=day) for day in range(7)]
    return {
        "language": speech.language,
        "cluster": frame.site.kind is SiteKind.CLUSTER,
        "weekdays": [speech.day_short(day).split(" ")[0] for day in week],
        "long_weekdays": [speech.weekday(day) for day in range(7)],
        "months": [speech.day_short(date(2024, month, 1)).split(" ")[2] for month in range(1, 13)],
        "clock": "h" if speech.language == "fr" else ":",
        "money": [speech.money(Money(100)), speech.money(Money(150))],  # € 1 and € 1,50: the pattern of all amounts
        "kinds": {kind.value: labels.kind(kind) for kind in Kind},
        "status": {status.value: labels.status(status) for status in Status if labels.status(status)},
        "stock": {stock.value: labels.stock(stock) for stock in (Stock.FEW, Stock.NONE)},
        "free": labels.free,
        "from_price": labels.from_price("%(amount)s"),
        "more": [ngettext("and %(count)d more date", "and %(count)d more dates", count).replace("(count)d", "(num)s") for count in (1, 2)],
        "total": [ngettext("%(num)s performance", "%(num)s performances", count) for count in (1, 2)],
        "shows": [ngettext("Show %(num)s performance", "Show %(num)s performances", count) for count in (1, 2)],
        "none": _("Nothing found"),
        "none_for": _("Nothing found for “%(text)s”"),
        "heading": _("Search the programme"),
        "search": _("Search"),
        "filter": _("Filters"),
        "filters": _("Filters that are on"),
        "show": _("Show what there is"),
        "show_more": _("Show more"),
        "all": _("Everything that is coming up"),
        "sort": _("Sort by"),
        "sorts": [
            ("", _("best match")), ("date", _("date")), ("price", _("price")), ("distance", _("distance")),
        ],
        "wipe": _("Clear everything"),
        "tips": _("Check the spelling, or try another or fewer words. The name of a town, an artist or a genre works too."),
        "instead": _("What there is"),
        "periods": {"today": _("Today"), "tomorrow": _("Tomorrow"), "weekend": _("This weekend"),
                    "week": _("Next 7 days"), "month": _("This month")},
        "names": names,
        "age": _("%(age)s years"),
        "up_to": _("up to %(amount)s"),
        "km": _("up to %(km)s km"),
        "until": _("until"),
        "since": _("from"),
        "day_from": _("from %(day)s"),
        "day_until": _("until %(day)s"),
        "distance": _("%(km)s km away"),
        "corrected": _("Did you mean “%(to)s”? That is what you see; nothing has “%(from)s”."),
        "understood": _("Understood as: %(when)s"),
        "between": _("%(first)s to %(last)s"),
        "evening": _("in the evening"),
        "here": _("Near me"),
        "remove": _("Remove the filter"),
        "removed": _("Filter removed: %(name)s."),
        "without": _("Without “%(name)s”"),
        "unreadable": _("The filter “%(name)s” in this address cannot be read, so it is left out."),
        "failed": _("The search does not answer. Press Search to try in another way."),
        "nowhere": _("Your device does not tell where you are. Choose a place instead."),
        "page": _("Page %(number)s of %(of)s"),
        "previous": _("Previous"),
        "next": _("Next"),
    }  # fmt: skip
