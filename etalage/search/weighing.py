"""From documents to an index: which words are in which documents, and how much each weighs there, as one byte.

BM25F (Robertson and Zaragoza, 2009): a word's fields are added up by their weights before they level off, and rare words weigh
more. The weight of a word in a document is settled here, once, so that every reader of the index ranks alike by adding bytes.
A newcomer's trap: a compound also counts, at half its weight, for its parts: "jazzconcert" is found under "jazz".
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log

import msgspec

from etalage.search.compounds import head, split
from etalage.search.documents import FIELDS, PAIRED, STRONG, Document
from etalage.search.languages import language_of
from etalage.search.near import SHORTEST
from etalage.search.stems import stems
from etalage.search.words import words

LEVEL = 2.0
"""How soon repeating a word brings nothing any more (BM25's k1)."""
EVENNESS = 0.5
"""How much a long description counts against its words (BM25's b)."""
PART, HEAD = 0.5, 0.35
BEGIN, END = "^", "$"
"""Make a pair with the first and the last word of a title: who types all of it wants that one. As
they are written, not their stems: "dans" is not the whole of "Dansers"."""


class Postings(msgspec.Struct, frozen=True, array_like=True):
    """Where a word is: documents by number, ascending, and its weight in each, 1 to 255. `part`: may be part of a compound."""

    documents: Sequence[int]
    weights: bytes
    part: bool


class Weighed(msgspec.Struct, frozen=True):
    """An index: stem → postings, and the words as they are written → in how many documents, for typing errors."""

    terms: Mapping[str, Postings]
    vocabulary: Mapping[str, int]


def weigh(documents: Sequence[Document], language: str) -> Weighed:
    """Weigh every word of every document."""
    read = [[(field, words(text)) for field, text in document.texts if text] for document in documents]
    forms = _Forms(read, language)
    lengths = [sum(len(found) for field, found in texts if field == "text") for texts in read]
    average = sum(lengths) / len(lengths) if sum(lengths) else 1.0
    found: dict[str, list[float]] = defaultdict(list)
    for number, (texts, length) in enumerate(zip(read, lengths, strict=True)):
        for term, amount in _amounts(texts, forms, 1 - EVENNESS + EVENNESS * length / average).items():
            found[term] += (number, amount / (amount + LEVEL))
    highest = log(1 + len(documents) / 0.75)  # no word is rarer, so no weight goes over 255
    terms = {}
    for term in sorted(found):
        there = list(map(int, found[term][::2]))
        scale = 255 * log(1 + (len(documents) - len(there) + 0.5) / (len(there) + 0.5)) / highest
        weights = bytes([int(amount * scale + 0.5) or 1 for amount in found[term][1::2]])
        terms[term] = Postings(there, weights, term in forms.parts)
    return Weighed(terms, forms.vocabulary)


def _amounts(texts: Sequence[tuple[str, Sequence[str]]], forms: "_Forms", norm: float) -> dict[str, float]:
    amounts: dict[str, float] = {}
    for field, found in texts:
        weight = FIELDS[field] / (norm if field == "text" else 1)
        terms = forms.of_titles if field == "title" else forms.of_texts
        for word in found:
            for term, share in terms[word]:
                amounts[term] = amounts.get(term, 0.0) + weight * share
        if field in PAIRED:
            for one, other in pairwise(found):
                pair = f"{forms.stemmed[one]} {forms.stemmed[other]}"
                amounts[pair] = amounts.get(pair, 0.0) + weight
        if field == "title" and found:
            for edge in (f"{found[0]} {BEGIN}", f"{found[-1]} {END}"):
                amounts[edge] = amounts.get(edge, 0.0) + weight
    return amounts


class _Forms:
    """The terms of each word as it is written, and what the corpus as a whole knows."""

    def __init__(self, read: Sequence[Sequence[tuple[str, Sequence[str]]]], language: str) -> None:
        self.language = language_of(language)
        self.stop = frozenset(self.language.stop)
        self.stem = stems(language).stem
        count: Counter[str] = Counter()
        strong: set[str] = set()
        for texts in read:
            count.update({word for _, found in texts for word in found})
            strong.update(word for field, found in texts if field in STRONG for word in found)
        strong -= self.stop
        self.stemmed = {word: self.stem(word) for word in count}
        spread: Counter[str] = Counter()
        for word, times in count.items():
            spread[self.stemmed[word]] += times
        at_the_door = {self.stemmed[word] for word in strong}
        self.parts = {
            stem
            for stem, times in spread.items()
            if times > 1
            and (len(stem) > 3 or stem in at_the_door)
            and len(stem) > 2
            and stem.isalpha()
            and stem not in self.stop
        }
        self.heads = {stem for stem in self.parts & at_the_door if len(stem) > 3}
        self.of_texts = {word: self._terms(word) for word in count}
        """Word → its stem, and its parts when it is a compound; nothing for words that say nothing."""
        self.of_titles = {word: terms or ((self.stemmed[word], 1.0),) for word, terms in self.of_texts.items()}
        """In titles those count as well."""
        self.vocabulary = {
            word: times
            for word, times in sorted(count.items())
            if (times > 1 or word in strong) and len(word) >= SHORTEST - 1 and word.isalpha() and word not in self.stop
        }

    def _terms(self, word: str) -> tuple[tuple[str, float], ...]:
        if word in self.stop:
            return ()
        stem = self.stemmed[word]
        if not self.language.compounds:
            return ((stem, 1.0),)
        parts = split(word, self.parts.__contains__, self.stem)
        if not parts:
            last = head(word, self.heads.__contains__, self.stem, self.stop.__contains__)
            return ((stem, 1.0), (last, HEAD)) if last and last != stem else ((stem, 1.0),)
        return ((stem, 1.0), *((part, PART) for part in parts if part != stem))
