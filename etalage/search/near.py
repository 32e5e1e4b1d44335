"""A letter wrong, missing, too many, or two that changed places: the known words one edit away.

One edit leaves the first or the last half of a word whole, so candidates stand together in the list of words or in that of
words read backwards. The browser loads only those pieces.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

SHORTEST = 4
LONG = 7
"""From here on two edits may be mended, when both are in the same half."""
SHORTEST_TAIL = 5
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
        there = set(self._candidates(word))
        found = {other for other in there if is_near(word, other)}
        if not found and len(word) >= LONG:
            found = {other for other in there if is_near(word, other, 2)}
        return sorted(found, key=lambda other: (-self.count[other], other))[:MOST]

    def tail(self, word: str, leave: Callable[[str], bool]) -> str:
        """The longest known word at the end of one that is not known: "avondwandeling" is a wandeling. Empty when there is none.

        `leave` says of what stands before it that it is no word of its own.
        """
        turned, best = word[::-1], ""
        for other in _starting(self.backward, turned[:SHORTEST_TAIL]):
            start = word[: len(word) - len(other)]
            if len(other) > len(best) and turned.startswith(other) and len(start) >= SHORTEST and not leave(start):
                best = other
        return best[::-1] if len(best) >= SHORTEST_TAIL else ""

    def _candidates(self, word: str) -> Iterator[str]:
        start, end = keys(word)
        yield from _starting(self.forward, start)
        yield from (other[::-1] for other in _starting(self.backward, end))


def keys(word: str) -> tuple[str, str]:
    """What a word at one edit begins with, or, read backwards, begins with: just under half, for two that changed places."""
    half = max(1, len(word) // 2 - 1)
    return word[:half], word[::-1][:half]


def is_near(one: str, other: str, edits: int = 1) -> bool:
    """Whether at most so many edits make one word the other; the same word is not near itself."""
    if one == other or abs(len(one) - len(other)) > edits:
        return False
    return _left(one, other, edits)


def _left(one: str, other: str, edits: int) -> bool:
    """Whether the edits that are left suffice, from the first letter that differs."""
    at = 0
    while at < len(one) and at < len(other) and one[at] == other[at]:
        at += 1
    one, other = one[at:], other[at:]
    if not one or not other:
        return len(one) + len(other) <= edits
    if not edits:
        return False
    if _left(one[1:], other[1:], edits - 1) or _left(one[1:], other, edits - 1) or _left(one, other[1:], edits - 1):
        return True
    return one[:2] == other[1::-1] and len(one) > 1 and len(other) > 1 and _left(one[2:], other[2:], edits - 1)


def _starting(words: Sequence[str], start: str) -> Iterator[str]:
    for at in range(bisect_left(words, start), len(words)):
        if not words[at].startswith(start):
            return
        yield words[at]
