"""A letter wrong, missing, too many, or two that changed places: the known words one edit away.

One edit leaves the first or the last half of a word whole, so candidates stand together in the list of words or in that of
words read backwards. The browser loads only those pieces.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

SHORTEST = 4
MOST = 3
"""Corrections that are searched for at once."""


class Vocabulary:
    """Words as they are written, with in how many documents each stands."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.count = words
        self.forward = sorted(words)
        self.backward = sorted(word[::-1] for word in words)

    def near(self, word: str) -> list[str]:
        """The words at one edit, those that stand in most documents first."""
        if len(word) < SHORTEST:
            return []
        found = {other for other in self._candidates(word) if is_near(word, other)}
        return sorted(found, key=lambda other: (-self.count[other], other))[:MOST]

    def _candidates(self, word: str) -> Iterator[str]:
        start, end = keys(word)
        yield from _starting(self.forward, start)
        yield from (other[::-1] for other in _starting(self.backward, end))


def keys(word: str) -> tuple[str, str]:
    """What a word at one edit begins with, or, read backwards, begins with: just under half, for two that changed places."""
    half = max(1, len(word) // 2 - 1)
    return word[:half], word[::-1][:half]


def is_near(one: str, other: str) -> bool:
    """Whether one edit makes one word the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = 0
    while at < len(one) and one[at] == other[at]:
        at += 1
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    return one[at + 1 :] == other[at + 1 :] or (
        one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    )


def _starting(words: Sequence[str], start: str) -> Iterator[str]:
    for at in range(bisect_left(words, start), len(words)):
        if not words[at].startswith(start):
            return
        yield words[at]
