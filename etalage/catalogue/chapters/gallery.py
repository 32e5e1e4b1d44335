"""The gallery of components, where a site asks for it: for who makes a theme, not for visitors."""

from collections.abc import Iterator

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, to
from etalage.model.site import Page


def draw(d: Drawing) -> Iterator[Page]:
    """One page, or none; search engines are asked to stay away."""
    if d.site.gallery:
        yield d.page("gallery.html", to(Addresses.root, "gallery/"), indexed=False, extra=(d.given.examples,))
