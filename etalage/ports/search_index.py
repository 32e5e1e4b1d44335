"""Where words are looked up: a store of weighed words. What words mean, and what comes first, is etalage/search's business."""

from collections.abc import Mapping, Sequence
from typing import Protocol

Document = Mapping[str, int]
"""Term → its weight in the document, 1 to 255."""


class SearchIndex(Protocol):
    """The words of one site in one language; documents are known by their place in the sequence.

    1. Before the first `replace`, the stamp is "" and nothing is found.
    2. After `replace(documents, stamp)` exactly these documents are found, and `stamp()` says which they are.
    3. Everybody who opens the index later finds the same; who has it open finds the former or the new documents, never a mix.
    4. A `replace` that fails leaves what was there.
    5. `find` gives each document that has at least one of the terms the highest of weight times the factor asked for.
    6. `starting` gives the terms that begin so with in how many documents each is, in alphabetical order; "" gives all.
    """

    def stamp(self) -> str:
        """What `replace` was told last."""

    def replace(self, documents: Sequence[Document], stamp: str) -> None:
        """Keep these documents and no others."""

    def find(self, terms: Mapping[str, int]) -> dict[int, int]:
        """Documents by number with their scores; `terms`: term → factor, both above zero."""

    def starting(self, prefix: str) -> Sequence[tuple[str, int]]:
        """The terms that begin with these letters."""
