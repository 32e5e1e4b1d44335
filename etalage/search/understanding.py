"""What a visitor's words ask of the index: each word a set of scored documents; all together the best answers first.

A word is looked up by its stem; as the beginning of a word while it is being typed; by its parts when it is a compound; and
only when all of that finds nothing, as a word at one edit. Ported in themes/base/static/js/search/search.js.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import msgspec

from etalage.ports.search_index import SearchIndex
from etalage.search.compounds import split
from etalage.search.languages import language_of
from etalage.search.near import Vocabulary
from etalage.search.sieve import ANY_TIME, When
from etalage.search.stems import stems
from etalage.search.times import both, numeric, read
from etalage.search.weighing import BEGIN, END
from etalage.search.words import words

WHOLE, BEGUN, PARTED, MENDED = 100, 60, 80, 80
"""Factors, in hundredths: the word itself, the beginning of one, its parts, a correction."""
SHORTEST_BEGINNING = 3
MOST_BEGINNINGS = 64
MOST_WORDS = 12


class Correction(msgspec.Struct, frozen=True, rename={"word": "from"}):
    """The word that was not known, and the one that was searched for in its place."""

    word: str
    to: str


class Understood(msgspec.Struct, frozen=True):
    """The words that were searched for, the time they asked for, and what was corrected."""

    words: tuple[str, ...]
    when: When = ANY_TIME
    corrected: Correction | None = None
    begun: bool = False
    """Whether the last word may still be being typed."""
    spoken: tuple[str, ...] = ()
    """All words but the time: those that say nothing may still be part of a title."""


class Understanding:
    """How words are understood in one index. `parts`: the stems that may be parts of compounds."""

    def __init__(self, language: str, index: SearchIndex, vocabulary: Vocabulary, parts: frozenset[str]) -> None:
        self.language = language_of(language)
        self.stop = frozenset(self.language.stop)
        self.stem = stems(language).stem
        self.index, self.vocabulary, self.parts = index, vocabulary, parts

    def read(self, text: str, today: date, *, with_times: bool = True) -> Understood:
        """The words and the time of a text. Words that say nothing are left out, unless there are no others."""
        when, rest = numeric(text, today) if with_times else (ANY_TIME, text)
        found: Sequence[str] = words(rest)
        last = found[-1] if found else ""
        if with_times:
            spoken, found = read(found, self.language, today)
            when = both(when, spoken)
        telling = tuple(word for word in found if word not in self.stop)[:MOST_WORDS]
        if not telling and when == ANY_TIME:
            telling = tuple(found[:MOST_WORDS])
        begun = bool(telling) and telling[-1] == last and rest[-1:].isalnum()
        return Understood(telling, when, begun=begun, spoken=tuple(found[:MOST_WORDS]))

    def search(self, asked: Understood) -> tuple[dict[int, int], Correction | None]:
        """Documents that have all the words, else those that have most of them, with their scores."""
        found: dict[int, tuple[int, int]] = {}
        corrected, instead = None, dict[str, str]()
        for place, word in enumerate(asked.words):
            scores = self._word(word, begun=asked.begun and place == len(asked.words) - 1)
            if not scores:
                scores, correction = self._mend(word)
                corrected = corrected or correction
                if correction:
                    instead[word] = correction.to
            for document, score in scores.items():
                matched, total = found.get(document, (0, 0))
                found[document] = matched + 1, total + score
        spoken = [instead.get(word, word) for word in asked.spoken]
        stemmed = [self.stem(word) for word in spoken]
        edges = [f"{spoken[0]} {BEGIN}", f"{spoken[-1]} {END}"] if spoken else []
        for pair in [f"{one} {other}" for one, other in pairwise(stemmed)] + edges:
            for document, score in self.index.find({pair: WHOLE}).items():
                if document in found:
                    matched, total = found[document]
                    found[document] = matched, total + score
        most = max((matched for matched, _ in found.values()), default=0)
        return {document: total for document, (matched, total) in found.items() if matched == most}, corrected

    def _word(self, word: str, *, begun: bool) -> dict[int, int]:
        stem = self.stem(word)
        wanted = {stem: WHOLE}
        if begun and len(word) >= SHORTEST_BEGINNING:
            there = [pair for pair in self.index.starting(word) if " " not in pair[0]]
            longer = sorted(there, key=lambda pair: (-pair[1], pair[0]))[:MOST_BEGINNINGS]
            wanted = {term: BEGUN for term, _ in longer} | wanted
        scores = self.index.find(wanted)
        if self.language.compounds and (len(wanted) == 1 or self.index.find({stem: WHOLE})):
            parts = split(word, self.parts.__contains__, self.stem)
            if parts:
                _add(scores, _together([self.index.find({part: PARTED}) for part in parts]))
        return scores

    def _mend(self, word: str) -> tuple[dict[int, int], Correction | None]:
        others = self.vocabulary.near(word)
        if not others:
            last = self.vocabulary.tail(word, self.stop.__contains__) if self.language.compounds else ""
            return (self.index.find({self.stem(last): PARTED}) if last else {}), None
        return self.index.find({self.stem(other): MENDED for other in others}), Correction(word, others[0])


def _together(scores: Sequence[Mapping[int, int]]) -> dict[int, int]:
    """The documents that have all the parts, with the middle of their scores."""
    shared = set(scores[0]).intersection(*scores[1:])
    return {document: sum(part[document] for part in scores) // len(scores) for document in shared}


def _add(scores: dict[int, int], others: Mapping[int, int]) -> None:
    for document, score in others.items():
        if score > scores.get(document, 0):
            scores[document] = score
