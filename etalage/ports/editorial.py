"""What staff write themselves: additions to productions, and pages of text."""

from collections.abc import Sequence
from typing import Protocol

from etalage.model.curation import CuratedList
from etalage.model.overlay import Overlay
from etalage.model.record import Problem
from etalage.model.redirect import OldAddress
from etalage.model.site import Text


class Editorial(Protocol):
    """Staff's own words. Only read: nothing of ours ever writes into what staff edit.

    Laws:

    1. A file that cannot be read is a Problem with the file, the field and what to write; the other files are there.
    2. Bodies are safe HTML; plain fields hold no control characters.
    3. The same files give the same answer, in the same order; a stamp changes when, and only when, the content does.
    4. A picture without a description is not given out: it is a Problem that says where to describe it.
    5. A list without the name of who made it is not given out.
    """

    def overlays(self, house: str) -> tuple[Sequence[Overlay], Sequence[Problem]]:
        """The additions to the productions of a house."""
        ...

    def redirects(self, site: str) -> tuple[Sequence[OldAddress], Sequence[Problem]]:
        """The old addresses of a house's or cluster's site, in the order of the file."""
        ...

    def texts(self, site: str) -> tuple[Sequence[Text], Sequence[Problem]]:
        """The pages of a house's or cluster's site, with those that every site shares."""
        ...

    def lists(self, site: str) -> tuple[Sequence[CuratedList], Sequence[Problem]]:
        """The curated lists of a house's or cluster's site."""
        ...
