"""The page to search and filter on. It holds all that can be chosen; the answers come from the index or from the function."""

from collections.abc import Iterator

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, to
from etalage.catalogue.facets import facets
from etalage.catalogue.harvest import stamp
from etalage.model.site import Page


def draw(d: Drawing) -> Iterator[Page]:
    """One per language."""
    if not d.site.search:
        return
    offered = facets(d.catalogue, d.showing, d.site.houses)
    genres = {genre.id: genre.name for found in d.showing.found.values() for genre in found.production.genres}
    names = [genres[genre] for genre in offered.genres] + [d.catalogue.venues[venue].name for venue in offered.venues]
    yield d.page("search.html", to(Addresses.search), extra=(stamp(offered, names),))
