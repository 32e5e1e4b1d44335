"""When two titles name the same thing. Rules, no scores: staff must be able to predict them."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_FILLER = frozenset(
    "de het een en van in op the a an of and le la les un une des du et d l der die das ein und".split()
)


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Without accents, case and punctuation: "Café — Müller!" becomes "cafe muller"."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(_WORD.findall(text.casefold()))


def is_same_title(one: str, other: str) -> bool:
    """The same words, or all significant words of the shorter title in the longer: "Winterreis" and "Ensemble X: Winterreis".

    A single word of under five letters, or fillers alone, say too little to join two records.
    """
    a, b = folded(one), folded(other)
    if a == b:
        return bool(a)
    shorter, longer = sorted((_significant(a), _significant(b)), key=len)
    return _tells_enough(shorter) and shorter <= longer


def resembles(one: str, other: str) -> bool:
    """At least half of the significant words of the shorter title are in the other: worth a look, not more."""
    shorter, longer = sorted((_significant(folded(one)), _significant(folded(other))), key=len)
    return bool(shorter) and len(shorter & longer) * 2 >= len(shorter)


def _significant(text: str) -> frozenset[str]:
    return frozenset(word for word in text.split() if word not in _FILLER)


def _tells_enough(words: frozenset[str]) -> bool:
    return len(words) > 1 or any(len(word) >= 5 for word in words)
