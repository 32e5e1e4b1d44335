"""The foyer's screen: of the whole site and, where there are several, of each venue. A page, and its data for a week."""

from collections.abc import Iterator
from datetime import timedelta

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, to
from etalage.catalogue.foyer import DAYS, is_shown
from etalage.catalogue.showing import by_day
from etalage.model.programme import Performance, Production
from etalage.model.site import Entry, Page


def draw(d: Drawing) -> Iterator[Page]:
    """One per language: a foyer that speaks two hangs two."""
    if not d.site.sharing.screen:
        return
    week = list(_week(d))
    venues = sorted({p.venue for found in d.showing.found.values() for p in found.production.performances if p.venue})
    for venue in ("", *(venues if len(venues) > 1 else ())):
        dates = [(one.start, Entry(production.id, one.id)) for production, one in week if venue in ("", one.venue)]
        for template, address in (("screen.html", to(Addresses.screen, venue)), ("screen.json", to(_data, venue))):
            yield d.page(
                template, address, subject=venue, days=by_day(dates), extra=(d.today.isoformat(),), indexed=False
            )


def _week(d: Drawing) -> Iterator[tuple[Production, Performance]]:
    last = d.today + timedelta(days=DAYS)
    for entry in d.showing.ahead:
        production = d.showing.found[entry.production].production
        one = next(p for p in production.performances if p.id == entry.performance)
        if one.start.date() > last:
            return
        if is_shown(production, one):
            yield production, one


def _data(addresses: Addresses, venue: str) -> str:
    return addresses.screen(venue) + "today.json"
