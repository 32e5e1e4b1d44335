"""shelf.json: what the wishlist's function must know of every date (etalage/model/shelf.py)."""

from collections.abc import Iterator

import msgspec

from etalage.catalogue.selling import is_asked_here, is_sold_here
from etalage.catalogue.showing import AS_A_WHOLE
from etalage.model.programme import Performance, Production, Status
from etalage.model.shelf import Item, Shelf
from etalage.model.site import Entry, Page, Site
from plugins.agenda.speech import Speech
from plugins.agenda.viewer import Viewer
from plugins.agenda.views import CardView

_OFF = (Status.CANCELLED, Status.POSTPONED, Status.REMOVED)


def stock(site: Site, speech: Speech, viewer: Viewer, page: Page) -> bytes:
    """The shelf of one language."""
    items = {item.id: item for entry in page.entries for item in _items(viewer, entry)}
    shelf = Shelf(
        site=site.id, name=str(speech.say(site.name)), language=page.language, languages=site.languages, timezone=site.timezone,
        wishlist=viewer.addresses.wishlist(), words=speech.translations.messages, items=items,
    )  # fmt: skip
    return msgspec.json.encode(shelf)


def _items(viewer: Viewer, entry: Entry) -> Iterator[Item]:
    production, card = viewer.catalogue.entries[entry.production].production, viewer.card(entry)
    if production.closes or production.kind in AS_A_WHOLE or not production.performances:
        place = ", ".join(part for part in (card.venue, card.city) if part)
        yield _item(card, production.id, when=card.when, place=place, start=_first(production), end=_last(production),
                    off=production.removed)  # fmt: skip
    for number, one in enumerate(production.performances, 1):
        sold = production.kind not in AS_A_WHOLE and is_sold_here(viewer.site, production, one)
        classes = production.id if is_asked_here(viewer.site, production, one) else ""
        yield _date(viewer, card, one, number, gone=production.removed, sold=sold, classes=classes)


def _date(
    viewer: Viewer, card: CardView, one: Performance, number: int, *, gone: bool, sold: bool, classes: str
) -> Item:
    venue, _ = viewer.venues.get(one.venue, (None, ""))
    day = viewer.speech.day_year(one.start.date())
    where = (one.hall, venue.name if venue else "", venue.city if venue else "")
    return _item(
        card, one.id, url=f"{card.url}#d{number}", when=f"{day}, {viewer.speech.clock(one.start)}" if one.timed else day,
        start=one.start.isoformat() if one.timed else one.start.date().isoformat(),
        end=one.end.isoformat() if one.end and one.timed else "", place=", ".join(part for part in where if part),
        state=viewer.labels.status(Status.REMOVED if gone else one.status), off=gone or one.status in _OFF, sold=sold,
        classes=classes,
        doors=viewer.speech.clock(one.doors) if one.doors else "",
    )  # fmt: skip


def _item(card: CardView, identity: str, *, url: str = "", **more: str | bool) -> Item:
    lang = str(card.title.attr).partition('"')[2].rstrip('"')
    return msgspec.convert(
        {
            "id": identity,
            "title": str(card.title),
            "url": url or card.url,
            "lang": lang,
            "house": str(card.house),
            **more,
        },
        Item,
    )


def _first(production: Production) -> str:
    if production.performances:
        return production.performances[0].start.isoformat()
    return production.opens.isoformat() if production.opens else ""


def _last(production: Production) -> str:
    if production.closes:
        return production.closes.isoformat()
    return production.performances[-1].start.isoformat() if production.performances else ""
