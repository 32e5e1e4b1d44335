"""Word forms: what is left of a word when its ending is taken off, by Snowball's stemmers (snowballstem.org, PyStemmer).

Dutch is Kraaij and Pohlmann's. It leaves some plurals and prefixes apart that visitors do not: SAME mends those. Words that
have anything but a to z in them stay as they are. Ported in themes/base/static/js/search/stem/.
"""

from collections.abc import Mapping
from functools import lru_cache

import Stemmer

NAMES: Mapping[str, str] = {"nl": "dutch", "fr": "french", "en": "english", "de": "german"}
SAME: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "kinder": "kind", "lieder": "lied", "bladder": "blad", "blader": "blad", "eier": "ei", "beelder": "beeld",
        "danst": "dans", "zingt": "zing", "speelt": "speel", "leest": "lees", "vertelt": "vertel", "lacht": "lach",
        "goochelt": "goochel", "reist": "reis", "kookt": "kook", "schrijft": "schrijf", "zoekt": "zoek", "droomt": "droom",
        "dichter": "dicht", "danser": "dans", "zanger": "zang", "zong": "zing", "theatr": "theater",
        "dan": "dans", "men": "mens", "kan": "kans", "glan": "glans", "prin": "prins", "wen": "wens", "gren": "grens", "beur": "beurs",
    },
    "en": {"theater": "theatr"},
}  # fmt: skip
"""Stem → the stem it belongs with."""


class Stems:
    """The stemmer of one language; a language that Snowball does not know keeps its words whole."""

    def __init__(self, language: str) -> None:
        name = NAMES.get(language)
        self.same = SAME.get(language, {})
        self.stemmer = Stemmer.Stemmer(name, 0) if name else None

    def stem(self, word: str) -> str:
        """The stem of a folded word."""
        if self.stemmer is None or not (word.isascii() and word.isalpha()):
            return word
        stem: str = self.stemmer.stemWord(word)
        return self.same.get(stem, stem)


@lru_cache(maxsize=8)
def stems(language: str) -> Stems:
    """The stemmer of a language, made once."""
    return Stems(language)
