"""A page for every production, and a calendar of its dates."""

from collections.abc import Iterator, Mapping, Sequence

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.chapters.linked import linked
from etalage.catalogue.drawing import Drawing, to
from etalage.catalogue.homes import own_page
from etalage.catalogue.showing import is_past
from etalage.model.catalogue import Entry as Found
from etalage.model.site import Page


def draw(d: Drawing) -> Iterator[Page]:
    """Past and vanished productions too: their addresses stay."""
    works = _tours(d)
    for found in d.showing.found.values():
        yield from _production(d, works, found)


def _production(d: Drawing, works: Mapping[str, Sequence[str]], found: Found) -> Iterator[Page]:
    production = found.production
    slug = d.slugs[production.id]
    tips = d.advice.tips.of(production.id)
    instead = d.advice.instead(production.id, d.language)
    chosen = d.advice.chosen.get(production.id, ())
    today, now = d.today, d.given.now
    past = [p.id for p in production.performances if p.start.date() < today and is_past(p, today)]
    unsold = [p.id for p in production.performances if p.sale_from and p.sale_from > now]
    closed = production.closes is not None and production.closes < today
    tour = [d.card(i) for i in works.get(production.keys.get("work", ""), ()) if i != production.id]
    yield d.page(
        "production.html", to(Addresses.production, slug), subject=production.id,
        entries=tuple([entry for entry, _ in tips]), reasons=tuple([why for _, why in tips]), instead=instead, chosen=chosen,
        canonical=_canonical(d, found), extra=(
            d.card(production.id), *past, "unsold", *unsold, str(closed), *tour,
            d.given.shared.get((production.id, d.language), ""),
            *(d.advice.tip_stamps(instead) if instead else ()), *(d.advice.choice_stamps(chosen) if chosen else ()),
        ), indexed=not production.removed, linked=linked(d, production),
    )  # fmt: skip
    if d.site.calendars and d.language == d.site.languages[0] and production.performances:
        yield d.page(
            "production.ics", to(Addresses.calendar, slug), subject=production.id, indexed=False,
            extra=(d.card(production.id),),
        )  # fmt: skip


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
    home = d.given.homes.get(found.production.houses[0])
    return "" if home is None or home.site.id == d.site.id else own_page(found.production, d.given.homes, d.language)
