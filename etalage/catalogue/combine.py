"""One production out of several records of it, field by field, with which source won each."""

from collections.abc import Mapping, Sequence

import msgspec

from etalage.catalogue.harvest import Kept, stamp
from etalage.model.catalogue import Entry
from etalage.model.offer import Stock
from etalage.model.programme import Kind, Performance, Production, Status

_OWN = {"id", "houses", "performances", "removed", "keys"}
_FIELDS = tuple(name for name in Production.__struct_fields__ if name not in _OWN)
_PERFORMANCE_FIELDS = tuple(n for n in Performance.__struct_fields__ if n not in ("id", "start", "timed", "keys"))
_NOTHING: Mapping[str, object] = {
    "kind": Kind.SHOW,
    "status": Status.SCHEDULED,
    "stock": Stock.UNKNOWN,
    "uitpas": False,
}
_KEEP_ZERO = {"interval", "age_min"}


def combine(
    group: Sequence[Kept], sources: Sequence[str], paired: Mapping[str, str],
    preferred: Mapping[str, str],
) -> Entry:  # fmt: skip
    """Combine records of the same production, the most believed first.

    `paired` maps a performance to the believed one it is the same as; `preferred` names the source that staff trust for a
    field ("prices" is a field of performances). A field is taken from the first source that says something.
    """
    productions = [one.record.production for one in group]
    origins: dict[str, str] = {}
    values: dict[str, object] = {}
    for name in _FIELDS:
        for n in _turns(sources, preferred.get(name)):
            value = getattr(productions[n], name)
            if says_something(name, value):
                values[name] = value
                if n:
                    origins[name] = sources[n]
                break
    keys = {key: value for production in reversed(productions) for key, value in production.keys.items()}
    performances = _performances(productions, sources, paired, preferred, origins)
    production = msgspec.structs.replace(
        productions[0], **values, keys=keys, performances=performances,
        houses=_presenters(productions), removed=all(one.gone for one in group),
    )  # fmt: skip
    return Entry(
        production=production, stamp=stamp(*(one.stamp for one in group), production), origins=origins,
        also=tuple(one.id for one in productions[1:]),
    )  # fmt: skip


def says_something(name: str, value: object) -> bool:
    """Whether a value is information: not empty, not what a field is when nobody wrote it."""
    if name in _NOTHING:
        return value != _NOTHING[name]
    return bool(value) or (name in _KEEP_ZERO and value is not None) or value is False


def _turns(sources: Sequence[str], preferred: str | None) -> Sequence[int]:
    order = range(len(sources))
    return sorted(order, key=lambda n: (sources[n] != preferred, n)) if preferred else order


def _performances(
    productions: Sequence[Production], sources: Sequence[str], paired: Mapping[str, str], preferred: Mapping[str, str],
    origins: dict[str, str],
) -> tuple[Performance, ...]:  # fmt: skip
    """All performances once, paired ones combined, in order of start."""
    same: dict[str, list[tuple[Performance, str]]] = {}
    for production, source in zip(productions, sources, strict=True):
        for performance in production.performances:
            same.setdefault(paired.get(performance.id, performance.id), []).append((performance, source))
    result = []
    for versions in same.values():
        first = versions[0][0]
        values: dict[str, object] = {}
        for name in _PERFORMANCE_FIELDS:
            for n in _turns([source for _, source in versions], preferred.get(name)):
                value = getattr(versions[n][0], name)
                if says_something(name, value):
                    values[name] = value
                    if n:
                        origins[f"performance {first.id} {name}"] = versions[n][1]
                    break
        if not first.timed:
            timed = next((p for p, _ in versions if p.timed), None)
            if timed is not None:
                values |= {"start": timed.start, "end": timed.end, "timed": True}
        result.append(msgspec.structs.replace(first, **values) if len(versions) > 1 else first)
    return tuple(sorted(result, key=lambda p: (p.start, p.id)))


def _presenters(productions: Sequence[Production]) -> tuple[str, ...]:
    """The owner first: the most believed record's house; then every other house that lists it."""
    return tuple(dict.fromkeys(house for production in productions for house in production.houses))
