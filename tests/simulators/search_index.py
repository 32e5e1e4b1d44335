"""A search index in memory, as simple as can be: what the others must agree with."""

from collections.abc import Mapping, Sequence

from etalage.ports.search_index import Document


class MemorySearchIndex:
    """Keeps the documents as they were given."""

    def __init__(self) -> None:
        self.documents: Sequence[Document] = ()
        self.said = ""
        self.where: dict[str, dict[int, int]] = {}

    def stamp(self) -> str:
        return self.said

    def replace(self, documents: Sequence[Document], stamp: str) -> None:
        where: dict[str, dict[int, int]] = {}
        for number, document in enumerate(documents):
            for term, weight in document.items():
                where.setdefault(term, {})[number] = weight
        self.where, self.said = where, stamp

    def find(self, terms: Mapping[str, int]) -> dict[int, int]:
        scores: dict[int, int] = {}
        for term, factor in terms.items():
            for number, weight in self.where.get(term, {}).items():
                scores[number] = max(scores.get(number, 0), weight * factor)
        return scores

    def starting(self, prefix: str) -> Sequence[tuple[str, int]]:
        return [(term, len(there)) for term, there in sorted(self.where.items()) if term.startswith(prefix)]
