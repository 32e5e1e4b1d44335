"""What the foyer's screen says, as its page and its data have it (docs/reference/feeds.md)."""

from datetime import date
from typing import Any

import msgspec

from etalage.catalogue.foyer import end_of, until
from etalage.model.catalogue import Catalogue
from etalage.model.offer import Stock
from etalage.model.programme import Performance, Production, Status
from etalage.model.site import Page, Site
from plugins.agenda.labels import Labels
from plugins.agenda.speech import Said, Speech


class ShowView(msgspec.Struct):
    """One line of the screen. `until`: as a moment, when it goes. Words are ready; what is not known is ""."""

    title: Said
    by: str
    start: str
    until: str
    day: str
    clock: str
    end: str
    interval: str
    place: str
    state: str
    is_off: bool


class ScreenView(msgspec.Struct):
    """The whole screen: where it hangs, what is on today, and the lines of the days after."""

    name: str
    place: str
    zone: str
    today: str
    shows: list[ShowView]
    later: list[ShowView]
    words: dict[str, str]


class Foyer:
    """Makes screens in one language of a site."""

    def __init__(self, catalogue: Catalogue, site: Site, speech: Speech, labels: Labels) -> None:
        self.catalogue, self.site, self.speech, self.labels = catalogue, site, speech, labels

    def screen(self, page: Page, today: date) -> ScreenView:
        """The screen of a page of the plan, as of today."""
        lines = {d.day: [self._line(*self._find(e), page.subject) for e in d.entries] for d in page.days}
        venue = self.catalogue.venues.get(page.subject)
        return ScreenView(
            name=str(self.speech.say(self.site.name)), place=venue.name if venue else "", zone=self.site.timezone,
            today=self.speech.day(today), shows=lines.get(today, []),
            later=[line for day, there in lines.items() if day > today for line in there], words=self._words(),
        )  # fmt: skip

    def data(self, page: Page, today: date) -> bytes:
        """The same for the script: every line with its moments, today's first."""
        view = self.screen(page, today)
        rest = {
            "name": view.name,
            "place": view.place,
            "zone": view.zone,
            "language": self.speech.language,
            "words": view.words,
        }
        return (
            msgspec.json.format(
                msgspec.json.encode({**rest, "shows": [*view.shows, *view.later]}, enc_hook=str), indent=1
            )
            + b"\n"
        )

    def _find(self, entry: Any) -> tuple[Production, Performance]:
        production = self.catalogue.entries[entry.production].production
        return production, next(p for p in production.performances if p.id == entry.performance)

    def _line(self, production: Production, one: Performance, here: str) -> ShowView:
        speech, end, off = self.speech, end_of(production, one), one.status in (Status.CANCELLED, Status.POSTPONED)
        venue = self.catalogue.venues.get(one.venue)
        state = self.labels.status(one.status) or (self.labels.stock(one.stock) if one.stock is Stock.NONE else "")
        where = (
            one.hall
            if here or not venue or venue.name == one.hall
            else ", ".join(p for p in (one.hall, venue.name) if p)
        )
        return ShowView(
            title=speech.say(production.title), by=str(speech.say(production.subtitle)) or production.company,
            start=one.start.isoformat(), until=until(production, one).isoformat(), day=speech.day_short(one.start.date()),
            clock=speech.clock(one.start) if one.timed else "", end=speech.clock(end) if end and one.timed and not off else "",
            interval="" if off else self._interval(production.interval), place=where, state=state, is_off=off,
        )  # fmt: skip

    def _interval(self, minutes: int | None) -> str:
        if minutes is None:
            return ""
        if not minutes:
            return self.speech.gettext("no interval")
        text = self.speech.ngettext("interval of %(count)d minute", "interval of %(count)d minutes", minutes)
        return text % {"count": minutes}

    def _words(self) -> dict[str, str]:
        _ = self.speech.gettext
        return {
            "none": _("Nothing more today"), "next": _("Next"), "until": _("until"), "pause": _("Pause"), "go_on": _("Go on"),
        }  # fmt: skip
