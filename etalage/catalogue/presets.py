"""The filters that visitors pick most, each with feeds of its own. Any other filter is the function's (functions/dates.py).

What a newcomer would get wrong: a preset says something of one date, not of a production, and never of "now": a calendar
that somebody follows must not lose a date because a day passed. So "at the weekend" is any weekend.
"""

from collections.abc import Callable, Mapping
from datetime import time

import msgspec

from etalage.model.programme import FACILITIES, Kind, Performance, Production
from etalage.model.words import Words

EVENING = time(17)
FRIDAY = 4


class Preset(msgspec.Struct, frozen=True):
    """A filter by name; `word` is its part of an address, per language."""

    name: Words
    word: Mapping[str, str]
    keeps: Callable[[Production, Performance], bool]


def is_free(production: Production, one: Performance) -> bool:
    """Nobody pays."""
    return production.kind is Kind.WALKIN or (bool(one.prices) and all(not p.amount.cents for p in one.prices))


def takes_uitpas(production: Production, one: Performance) -> bool:
    """The holder of an UiTPAS pays less or saves points."""
    del one
    return production.uitpas


def is_at_the_weekend(production: Production, one: Performance) -> bool:
    """From Friday evening to Sunday."""
    del production
    weekday = one.start.weekday()
    return weekday > FRIDAY or (weekday == FRIDAY and one.timed and one.start.time() >= EVENING)


def is_adapted(production: Production, one: Performance) -> bool:
    """Something is done for who hears, sees or concentrates otherwise: interpreted, described, captioned, relaxed."""
    adapted = {"sign_language", "audio_description", "captions", "relaxed"} & set(FACILITIES)
    return not adapted.isdisjoint((*production.facilities, *one.facilities))


PRESETS = (
    Preset(
        {"nl": "Gratis", "fr": "Gratuit", "en": "Free", "de": "Kostenlos"},
        {"nl": "gratis", "fr": "gratuit", "en": "free", "de": "kostenlos"},
        is_free,
    ),
    Preset(
        {"nl": "Met UiTPAS", "fr": "Avec UiTPAS", "en": "With UiTPAS", "de": "Mit UiTPAS"},
        {"nl": "uitpas", "fr": "uitpas", "en": "uitpas", "de": "uitpas"},
        takes_uitpas,
    ),
    Preset(
        {"nl": "In het weekend", "fr": "Le week-end", "en": "At the weekend", "de": "Am Wochenende"},
        {"nl": "weekend", "fr": "week-end", "en": "weekend", "de": "wochenende"},
        is_at_the_weekend,
    ),
    Preset(
        {"nl": "Met aanpassingen", "fr": "Avec adaptations", "en": "With adaptations", "de": "Mit Anpassungen"},
        {"nl": "aangepast", "fr": "adapte", "en": "adapted", "de": "angepasst"},
        is_adapted,
    ),
)  # fmt: skip
