"""Lists that stand in another site: bare pages for an iframe, their data for the element, and the element's script."""

from collections.abc import Iterator, Sequence

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.chapters.feeds import next_of
from etalage.catalogue.drawing import Drawing, to
from etalage.catalogue.names import genre_of
from etalage.model.site import Page, SiteKind
from etalage.model.words import Words, pick

MOST = 20
SHORT = 5
"""The lengths of a list that can be asked for without a script; the element's `limit` is any."""
SCRIPT = "embed/etalage-agenda.js"
"""Its name never changes: it is written by hand in other people's pages."""


def draw(d: Drawing) -> Iterator[Page]:
    """Of the whole site, of each genre that is on and, on a cluster, of each house."""
    if not d.site.sharing.embed:
        return
    yield from _lists(d, "", "", {}, d.showing.next)
    for genre in sorted({g.id for found in d.showing.found.values() for g in found.production.genres}):
        yield from _lists(d, "genre", genre, genre_of(genre, d.catalogue).name, d.genres.get(genre, ()))
    for house in d.site.houses if d.site.kind is SiteKind.CLUSTER else ():
        name = d.catalogue.houses[house].name if house in d.catalogue.houses else {}
        yield from _lists(d, "house", house, name, d.houses.get(house, ()))
    if d.language == d.site.languages[0]:
        yield d.page("etalage-agenda.js", to(_script), indexed=False)


def _lists(d: Drawing, kind: str, identity: str, name: Words, ids: Sequence[str]) -> Iterator[Page]:
    entries = tuple(next_of(d, i) for i in ids[:MOST])
    called = pick(name, (d.language, *d.site.languages))[0]
    for limit in (0, SHORT):
        shown = entries[:limit] if limit else entries
        yield d.page(
            "embed.html", to(Addresses.embed, kind, identity, limit), subject=called, entries=shown, indexed=False
        )
    yield d.page("feed.json", to(_data, kind, identity), entries=entries, name=called, indexed=False)


def _data(addresses: Addresses, kind: str, identity: str) -> str:
    return addresses.embed(kind, identity) + "feed.json"


def _script(addresses: Addresses) -> str:
    del addresses
    return SCRIPT
