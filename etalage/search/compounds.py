"""Compounds taken apart by the words the programme itself uses: "kindertheater" is kinder + theater.

No list of words and no linking letters: a part counts when its stem is a word of the corpus that may be a part, and the
stemmer takes the -s- and -en- away. The head of a compound stands last, so the longest last part wins.
"""

from collections.abc import Callable

SHORTEST = 3
SHORTEST_COMPOUND = 7
MOST_PARTS = 3


def split(
    word: str, is_part: Callable[[str], bool], stem: Callable[[str], str], parts: int = MOST_PARTS
) -> tuple[str, ...]:
    """The stems of a word's parts; empty when it is no compound of known words."""
    if len(word) < (SHORTEST_COMPOUND if parts == MOST_PARTS else 2 * SHORTEST) or not (
        word.isascii() and word.isalpha()
    ):
        return ()
    lefts = [at for at in range(SHORTEST, len(word) - SHORTEST + 1) if is_part(stem(word[:at]))]
    for at in lefts:
        right = stem(word[at:])
        if is_part(right):
            return stem(word[:at]), right
    if parts > 2:
        for at in lefts:
            rest = split(word[at:], is_part, stem, parts - 1)
            if rest:
                return (stem(word[:at]), *rest)
    return ()


def head(word: str, is_head: Callable[[str], bool], stem: Callable[[str], str], leave: Callable[[str], bool]) -> str:
    """The stem of a last part that is known behind one that is not: "herstelcafé" is a café. Empty when there is none.

    `leave` says of what stands before it that it is no word of its own (a preposition: "voorstelling" is no stelling).
    """
    if not (word.isascii() and word.isalpha()):
        return ""
    for at in range(4, len(word) - 3):
        found = stem(word[at:])
        if is_head(found) and not leave(word[:at]):
            return found
    return ""
