"""From text to words: lower case, no accents, apart at everything that is no letter or digit.

Accents go before stemming, so that "theatre", "théâtre" and "THÉÂTRE" are one word, also where the stemmer would treat an
accented ending differently. What a newcomer would get wrong: an apostrophe parts words (l'amour, foto's), and the single
letter that is left of it is dropped. Ported in themes/base/static/js/search/words.js.
"""

import re
import unicodedata
from functools import lru_cache

_APART = re.compile(r"[^\w]+|_+")
_MARKS = re.compile(r"[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ĳ": "ij", "ı": "i"}
)


def fold(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)))


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded; single letters are dropped, digits stay."""
    return tuple(word for word in _APART.split(fold(text)) if len(word) > 1 or word.isdecimal())
