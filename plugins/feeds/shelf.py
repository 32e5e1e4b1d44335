"""shelf.json: what the wishlist's function must know of every date (etalage/model/shelf.py)."""

from collections.abc import Iterator, Mapping

import msgspec

from etalage.catalogue.selling import enrolled_by, is_asked_here, is_sold_here
from etalage.model.enrolment import Enrolment
from etalage.model.programme import AS_A_WHOLE, Kind, Performance, Production, Status
from etalage.model.shelf import Item, Shelf
from etalage.model.site import Entry, Page, Site
from plugins.agenda.speech import Speech
from plugins.agenda.viewer import Viewer
from plugins.agenda.views import CardView

CDBID = "cdbid"
"""The key under which a source gives the id that UiTdatabank has for a production, or for one of its dates."""
_OFF = (Status.CANCELLED, Status.POSTPONED, Status.REMOVED)


def stock(site: Site, speech: Speech, viewer: Viewer, page: Page) -> bytes:
    """The shelf of one language."""
    items = {item.id: item for entry in page.entries for item in _items(viewer, entry)}
    shown = [viewer.catalogue.entries[entry.production].production for entry in page.entries]
    shelf = Shelf(
        site=site.id, name=str(speech.say(site.name)), language=page.language, languages=site.languages, timezone=site.timezone,
        wishlist=viewer.addresses.wishlist(), words=speech.translations.messages, items=items,
        enrolments=[one for production in shown if (one := _enrolment(viewer, production))],
        slots=[slots for production in shown if (slots := _slots(viewer.site, production))],
    )  # fmt: skip
    return msgspec.json.encode(shelf)


def _enrolment(viewer: Viewer, production: Production) -> Enrolment | None:
    """How one enrols for a course or a camp; None of what is sold by the date. Whatever is shown of its price: who can buy is asked."""
    by = enrolled_by(production)
    if by is None or not viewer.site.sells:
        return None
    going = [one for one in production.performances if one.status not in _OFF]
    return Enrolment(
        performance=by.id, also=tuple(one.id for one in production.performances if one != by),
        dates=tuple(_when(viewer, one) for one in going), questions=production.questions, ages=production.ages,
    )  # fmt: skip


def _slots(site: Site, production: Production) -> list[str]:
    """The dates of an expo that are sold, in order."""
    if production.kind is not Kind.EXPO:
        return []
    return [
        one.id
        for one in sorted(production.performances, key=lambda one: one.start)
        if is_sold_here(site, production, one)
    ]


def _when(viewer: Viewer, one: Performance) -> str:
    day = viewer.speech.day_year(one.start.date())
    return f"{day}, {viewer.speech.clock(one.start)}" if one.timed else day


def _items(viewer: Viewer, entry: Entry) -> Iterator[Item]:
    production, card = viewer.catalogue.entries[entry.production].production, viewer.card(entry)
    if production.closes or production.kind in AS_A_WHOLE or not production.performances:
        place = ", ".join(part for part in (card.venue, card.city) if part)
        yield _item(card, production.id, when=card.when, place=place, start=_first(production), end=_last(production),
                    off=production.removed)  # fmt: skip
    for number, one in enumerate(production.performances, 1):
        sold = production.kind not in AS_A_WHOLE and is_sold_here(viewer.site, production, one)
        classes = production.id if is_asked_here(viewer.site, production, one) else ""
        keys = _keys(production, one) if sold else {}
        yield _date(viewer, card, one, number, gone=production.removed, sold=sold, classes=classes, keys=keys)


def _date(
    viewer: Viewer, card: CardView, one: Performance, number: int, *, gone: bool, sold: bool, classes: str, keys: Mapping[str, str],
) -> Item:  # fmt: skip
    venue, _ = viewer.venues.get(one.venue, (None, ""))
    where = (one.hall, venue.name if venue else "", venue.city if venue else "")
    return _item(
        card, one.id, url=f"{card.url}#d{number}", when=_when(viewer, one),
        start=one.start.isoformat() if one.timed else one.start.date().isoformat(),
        end=one.end.isoformat() if one.end and one.timed else "", place=", ".join(part for part in where if part),
        state=viewer.labels.status(Status.REMOVED if gone else one.status), off=gone or one.status in _OFF, sold=sold,
        doors=viewer.speech.clock(one.doors) if one.doors else "",
        classes=classes, keys=keys,
    )  # fmt: skip


def _keys(production: Production, one: Performance) -> dict[str, str]:
    """What systems of passes call a date: by its own key, else by that of the whole production."""
    found = one.keys.get(CDBID) or production.keys.get(CDBID)
    return {CDBID: found} if found else {}


def _item(card: CardView, identity: str, *, url: str = "", **more: str | bool | Mapping[str, str]) -> Item:
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
