"""A page for every production, and a calendar of its dates."""

from collections.abc import Iterator, Mapping, Sequence

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.chapters.linked import linked
from etalage.catalogue.drawing import Drawing, to
from etalage.catalogue.showing import is_past
from etalage.model.catalogue import Entry as Found
from etalage.model.site import Entry, Page

RELATED = 4


def draw(d: Drawing) -> Iterator[Page]:
    """Past and vanished productions too: their addresses stay."""
    works = _tours(d)
    for found in d.showing.found.values():
        yield from _production(d, works, found)


def _production(d: Drawing, works: Mapping[str, Sequence[str]], found: Found) -> Iterator[Page]:
    production = found.production
    slug = d.slugs[production.id]
    related = _related(d, found)
    today, now = d.today, d.given.now
    past = [p.id for p in production.performances if p.start.date() < today and is_past(p, today)]
    unsold = [p.id for p in production.performances if p.sale_from and p.sale_from > now]
    closed = production.closes is not None and production.closes < today
    tour = [d.card(i) for i in works.get(production.keys.get("work", ""), ()) if i != production.id]
    yield d.page(
        "production.html", to(Addresses.production, slug), subject=production.id, entries=related,
        canonical=_canonical(d, found), extra=(d.card(production.id), *past, "unsold", *unsold, str(closed), *tour, d.given.shared.get((production.id, d.language), "")),
        indexed=not production.removed, linked=linked(d, production),
    )  # fmt: skip
    if d.site.calendars and d.language == d.site.languages[0] and production.performances:
        yield d.page(
            "production.ics", to(Addresses.calendar, slug), subject=production.id, indexed=False,
            extra=(d.card(production.id),),
        )  # fmt: skip


def _related(d: Drawing, found: Found) -> tuple[Entry, ...]:
    """The next of the same genre after this one, round the end of the list."""
    identity = found.production.id
    for genre in found.production.genres:
        row = d.genres.get(genre.id, ())
        if len(row) > 1:
            at = d.positions[genre.id].get(identity, -1)
            following = row[at + 1 : at + 1 + RELATED]
            if len(following) < RELATED:
                following += row[: min(RELATED - len(following), len(row) - len(following))]
            return tuple([Entry(other) for other in following if other != identity])
    return ()


def _tours(d: Drawing) -> dict[str, list[str]]:
    """Work → the productions of it: each page names the others."""
    works: dict[str, list[str]] = {}
    for identity, found in d.showing.found.items():
        work = found.production.keys.get("work")
        if work:
            works.setdefault(work, []).append(identity)
    return works


def _canonical(d: Drawing, found: Found) -> str:
    """The owner's own page, where the owner has a site; else this one."""
    production = found.production
    home = d.given.homes.get(production.houses[0])
    if home is None or home.site.id == d.site.id or not home.site.url or production.id not in home.addresses:
        return ""
    language = d.language if d.language in home.site.languages else home.site.languages[0]
    there = Addresses(language, language == home.site.languages[0])
    return f"{home.site.url}/{there.production(home.addresses[production.id])}"
