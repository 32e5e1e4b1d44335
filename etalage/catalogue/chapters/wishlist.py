"""One's own wishlist, and what the wishlist's function needs to answer in the site's look and words.

A newcomer's trap: frame.tpl and shelf.json are no pages. A function reads them and fills them in (functions/frames.py).
"""

from collections.abc import Iterator
from datetime import timedelta

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, to
from etalage.catalogue.showing import is_past
from etalage.model.programme import Production
from etalage.model.site import Entry, Page

REMEMBERED = timedelta(days=60)
"""So long after a date a list still says what it was; a shared list lives as long (etalage/model/wishlist.py)."""


def draw(d: Drawing) -> Iterator[Page]:
    """The page of one's own list; the frame around a function's page; the dates that can be on a list, with their words."""
    if not d.site.wishlist:
        return
    yield d.page("wishlist.html", to(Addresses.wishlist), indexed=False)
    yield d.page("frame.html", to(Addresses.root, "frame.tpl"), indexed=False)
    known = [found.production for found in d.showing.found.values() if _is_remembered(d, found.production)]
    expos = [f"{bool(p.opens and p.opens > d.today)} {p.closes < d.today}" for p in known if p.closes]  # in their words
    entries = tuple(Entry(production.id) for production in known)
    yield d.page("shelf.json", to(Addresses.root, "shelf.json"), indexed=False, entries=entries, extra=expos)


def _is_remembered(d: Drawing, production: Production) -> bool:
    since = d.today - REMEMBERED
    if production.closes and production.closes >= since:
        return True
    return any(not is_past(one, since) for one in production.performances)
