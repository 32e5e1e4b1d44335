"""The chapters of a plan: each yields the pages of one kind, in one language. A new kind of page is a new chapter here."""

from collections.abc import Callable, Iterator

from etalage.catalogue.chapters import (
    curated,
    embed,
    feeds,
    front,
    gallery,
    last_minute,
    linked,
    lists,
    offline,
    productions,
    screen,
    search,
    texts,
    wishlist,
)  # fmt: skip
from etalage.catalogue.drawing import Drawing
from etalage.model.site import Page

CHAPTERS: tuple[Callable[[Drawing], Iterator[Page]], ...] = (
    front.draw,
    front.agenda,
    productions.draw,
    lists.draw,
    curated.draw,
    last_minute.draw,
    texts.draw,
    gallery.draw,
    feeds.draw,
    linked.draw,
    embed.draw,
    screen.draw,
    wishlist.draw,
    offline.draw,
    search.draw,
)
"""In the order of the plan."""
