"""The pages that staff wrote, and the one for lost visitors."""

from collections.abc import Iterator

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, to
from etalage.model.site import Page


def draw(d: Drawing) -> Iterator[Page]:
    """One page a text."""
    for text in d.given.texts:
        yield d.page("text.html", to(Addresses.text, text.id), subject=text.id, extra=(text.stamp,))
    yield d.page("404.html", to(Addresses.root, "404.html"), indexed=False)
