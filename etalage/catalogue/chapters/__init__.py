"""The chapters of a plan: each yields the pages of one kind, in one language. A new kind of page is a new chapter here."""

from collections.abc import Callable, Iterator

from etalage.catalogue.chapters import feeds, front, lists, productions, search, texts
from etalage.catalogue.drawing import Drawing
from etalage.model.site import Page

CHAPTERS: tuple[Callable[[Drawing], Iterator[Page]], ...] = (
    front.draw,
    front.agenda,
    productions.draw,
    lists.draw,
    texts.draw,
    feeds.draw,
    search.draw,
)
"""In the order of the plan."""
