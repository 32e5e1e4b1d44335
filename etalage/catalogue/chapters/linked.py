"""Linked data: a document per month, in all languages at once, and a catalogue of them (decision 0024)."""

from collections import defaultdict
from collections.abc import Iterator

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, to
from etalage.model.programme import Performance, Production, Status
from etalage.model.site import Entry, Page, Step


def draw(d: Drawing) -> Iterator[Page]:
    """With the first language only."""
    if not d.site.sharing.linked_data or d.language != d.site.languages[0]:
        return
    months: dict[str, dict[str, str]] = defaultdict(dict)
    for found in d.showing.found.values():
        production = found.production
        dates = () if production.removed else _dates(production)
        for one in dates:
            months[f"{one.start:%Y-%m}"].setdefault(production.id, one.start.isoformat())
        if not dates and not production.removed and (month := _opening(production)):
            months[month].setdefault(production.id, "")
    steps = []
    for month, starts in sorted(months.items()):
        entries = tuple(Entry(identity) for identity in sorted(starts, key=lambda i: (starts[i], i)))
        page = d.page("month.jsonld", to(_address, month), subject=month, indexed=False, entries=entries)
        steps.append(Step(month, page.url))
        yield page
    yield d.page("catalogue.jsonld", to(_address, ""), indexed=False, steps=tuple(steps))


def linked(d: Drawing, production: Production) -> str:
    """The document that a production's page points to: that of its next date, else of its last."""
    if not d.site.sharing.linked_data or production.removed:
        return ""
    dates = d.showing.coming.get(production.id) or _dates(production)[-1:]
    month = f"{dates[0].start:%Y-%m}" if dates else _opening(production)
    return d.here.linked(month) if month else ""


def _dates(production: Production) -> tuple[Performance, ...]:
    return tuple(one for one in production.performances if one.status is not Status.REMOVED)


def _opening(production: Production) -> str:
    """Where an expo without dates of its own stands: the month it opens."""
    day = production.opens or production.closes
    return f"{day:%Y-%m}" if day else ""


def _address(addresses: Addresses, month: str) -> str:
    return addresses.linked(month)
