"""The site without a network, and on a home screen: the page that says so, the manifest, the service worker."""

from collections.abc import Iterator

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, to
from etalage.model.site import Page


def draw(d: Drawing) -> Iterator[Page]:
    """A worker for the whole site, also when the site wants none: then one that takes itself away (decision 0020)."""
    if d.language == d.site.languages[0]:
        yield d.page("sw.js", to(Addresses.root, "sw.js"), indexed=False)
    if d.site.offline:
        yield d.page("offline.html", to(Addresses.root, "offline/"), indexed=False)
        yield d.page("manifest.webmanifest", to(Addresses.root, "manifest.webmanifest"), indexed=False)
