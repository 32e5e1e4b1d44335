"""What is read by other software: the feed and the calendar of all that is coming."""

from collections.abc import Iterator

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.chapters.front import ahead
from etalage.catalogue.drawing import Drawing, to
from etalage.model.site import Page


def draw(d: Drawing) -> Iterator[Page]:
    """One of each per language."""
    yield d.page("feed.xml", to(Addresses.root, "feed.xml"), indexed=False, entries=ahead(d))
    if d.site.calendars:
        every = tuple(d.showing.ahead)
        yield d.page("agenda.ics", to(Addresses.root, "agenda.ics"), indexed=False, entries=every)
