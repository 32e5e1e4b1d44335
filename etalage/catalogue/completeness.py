"""What staff should still fill in, before visitors miss it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from etalage.model.catalogue import Catalogue, Entry
from etalage.model.programme import Kind, Production
from etalage.model.record import Problem, Weight

_WANTS_TIMES = frozenset({Kind.SHOW, Kind.FILM, Kind.SCHOOL})
_ASK: Mapping[str, str] = {
    "picture": "there is no picture; a page with one is opened more often",
    "alt": "a picture has no description: who cannot see it gets nothing",
    "genre": "no genre: visitors who filter will not find it",
    "age_min": "for which age? write 0 when everybody is welcome",
    "duration": "how long does it take, interval included?",
    "interval": "is there an interval? write its minutes, or 0 for none",
    "summary": "no summary: lists and search engines take the first sentence of the text",
    "description": "there is no text at all",
    "prices": "there is no price, and it is not marked as free",
    "end": "a performance has no end time: visitors cannot plan the way home",
}


def examine(catalogue: Catalogue, required: Mapping[str, Sequence[str]], today: date) -> tuple[Problem, ...]:
    """List what is missing from productions that are still to come. `required`: house → names, the keys of the tables here."""
    missing: list[Problem] = []
    for entry in catalogue.entries.values():
        production = entry.production
        wanted = required.get(production.houses[0], ())
        if wanted and not production.removed and is_coming(production, today):
            missing += [_ask(entry, name) for name, hole in _HOLES.items() if name in wanted and hole(production)]
    return tuple(missing)


def is_coming(production: Production, today: date) -> bool:
    """Whether anything of it is today or later."""
    if production.closes is not None:
        return production.closes >= today
    return any((p.end or p.start).date() >= today for p in production.performances)


def _timed(production: Production) -> bool:
    return production.kind in _WANTS_TIMES


_HOLES: Mapping[str, Callable[[Production], bool]] = {
    "picture": lambda one: not one.pictures,
    "alt": lambda one: any(not picture.alt for picture in one.pictures),
    "genre": lambda one: not one.genres,
    "age_min": lambda one: one.age_min is None and one.kind is not Kind.EXPO,
    "duration": lambda one: _timed(one) and one.duration is None,
    "interval": lambda one: _timed(one) and one.interval is None and (one.duration or 0) > 75,
    "summary": lambda one: not one.summary,
    "description": lambda one: not one.description,
    "prices": lambda one: one.kind is not Kind.WALKIN and any(not p.prices for p in one.performances),
    "end": lambda one: one.duration is None and any(p.end is None and p.timed for p in one.performances),
}
"""What is missing, in the order in which it is asked."""


def _ask(entry: Entry, name: str) -> Problem:
    production = entry.production
    return Problem(
        source=production.id.partition("/")[0], record=production.id, field=name, code=f"missing_{name}",
        reason=_ask_words(name, production), weight=Weight.DOUBT,
    )  # fmt: skip


def _ask_words(name: str, production: Production) -> str:
    return f"{next(iter(production.title.values()), production.id)!r}: {_ASK[name]}"
