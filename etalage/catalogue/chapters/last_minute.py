"""What still has places in the next days."""

from collections.abc import Iterator
from datetime import timedelta

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.attending import has_places
from etalage.catalogue.drawing import Drawing, to
from etalage.catalogue.showing import by_day
from etalage.model.programme import Kind, Performance, Production
from etalage.model.site import Page


def draw(d: Drawing) -> Iterator[Page]:
    """Soonest first, and no further than the site's settings say; as many as fit on one page."""
    if not d.site.last_minute:
        return
    last = d.today + timedelta(days=d.site.last_minute)
    found = []
    for entry in d.showing.ahead:
        production = d.showing.found[entry.production].production
        performance = next(p for p in production.performances if p.id == entry.performance)
        day = performance.start.date()
        if day > last:
            break
        if day >= d.today and _is_for_now(d, production, performance):
            found.append((performance.start, entry))
    near = d.advice.near(d.language)
    days = by_day(found[: d.site.page_size])
    yield d.page(
        "last-minute.html", to(Addresses.last_minute), days=days, total=len(found), subject=d.today.isoformat(), near=near,
        extra=d.advice.tip_stamps(near),
    )  # fmt: skip


def _is_for_now(d: Drawing, production: Production, performance: Performance) -> bool:
    """Whether one can decide now to go: there are places as far as is known, and they are sold or free."""
    if production.kind is Kind.SCHOOL or not has_places(performance, d.today):
        return False
    return performance.sale_from is None or performance.sale_from <= d.given.now
