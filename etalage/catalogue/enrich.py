"""Lay what staff wrote over what the sources say. Overlays belong to staff: no import ever changes one.

A newcomer's trap: "source wins" does not throw the overlay away. It fills holes, and lists (credits, press, tags) are joined.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from etalage.catalogue.combine import says_something
from etalage.catalogue.harvest import stamp
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.overlay import LISTS, Addition, Overlay, Place, Wins
from etalage.model.programme import AS_A_WHOLE, Production
from etalage.model.record import Problem, Weight
from etalage.model.tip import Wishes


class Seen(msgspec.Struct, frozen=True):
    """What the source said of a field when staff last wrote the overlay (`overlay` is its stamp); `value` for "once"."""

    stamp: str
    value: bytes = b""
    overlay: str = ""


Memory = Mapping[str, Mapping[str, Seen]]
"""Production id → field → what was seen. Kept between builds by who calls."""


def enrich(
    catalogue: Catalogue, overlays: Iterable[Overlay], memory: Memory, rules: Mapping[str, Mapping[str, str]]
) -> tuple[Catalogue, Memory]:
    """Give the catalogue with all overlays in it, and what to remember. `rules`: house → field → source | editor | once."""
    entries = dict(catalogue.entries)
    problems = list(catalogue.problems)
    remembered: dict[str, Mapping[str, Seen]] = {}
    given = list(overlays)
    for overlay in given:
        identity = catalogue.aliases.get(overlay.production, overlay.production)
        if identity not in entries:
            problems.append(_orphan(overlay))
            if overlay.production in memory:
                remembered[overlay.production] = memory[overlay.production]
            continue
        if overlay.tips != Wishes():
            entries[identity] = replace(entries[identity], tips=_wishes(overlay, catalogue, problems))
        house = rules.get(entries[identity].production.houses[0], {})
        seen = {**memory.get(identity, {}), **remembered.get(identity, {})}
        entries[identity], remembered[identity] = _lay(entries[identity], overlay, seen, house, problems)
    for house_id, house_rules in rules.items():
        once = [field for field, rule in house_rules.items() if rule == Wins.ONCE]
        if once:
            _keep_first(house_id, once, entries, memory, remembered, problems)
    return replace(catalogue, entries=entries, problems=tuple(problems)), remembered


def _wishes(overlay: Overlay, catalogue: Catalogue, problems: list[Problem]) -> Wishes:
    """The pins and bans by the ids that count; one that no source has is reported and left out."""
    kept: dict[str, tuple[str, ...]] = {}
    for field in ("pin", "ban"):
        ids = [catalogue.aliases.get(i, i) for i in getattr(overlay.tips, field)]
        problems += [_unknown_tip(overlay, field, i) for i in ids if i not in catalogue.entries]
        kept[field] = tuple(i for i in ids if i in catalogue.entries)
    return Wishes(**kept)


def _lay(
    entry: Entry, overlay: Overlay, seen: Mapping[str, Seen], rules: Mapping[str, str], problems: list[Problem]
) -> tuple[Entry, dict[str, Seen]]:
    production = entry.production
    values: dict[str, Any] = {}
    origins = dict(entry.origins)
    now_seen = dict(seen)
    for name, addition in overlay.fields.items():
        wins = Wins(rules[name]) if name in rules and addition.wins is Wins.SOURCE else addition.wins
        theirs = getattr(production, name)
        now_seen[name] = _notice(production, name, theirs, wins, seen.get(name), overlay, problems)
        value = _decide(name, theirs, addition, wins, now_seen[name])
        if value != theirs:
            values[name] = value
            origins[name] = f"overlay:{overlay.file}"
    text = _text(production, overlay)
    if text is not None:
        values["description"] = text
        origins["description"] = f"overlay:{overlay.file}"
    if not values:
        return entry, now_seen
    enriched = _asking(replace(production, **values), overlay, problems)
    return replace(entry, production=enriched, stamp=stamp(entry.stamp, enriched), origins=origins), now_seen


def _asking(production: Production, overlay: Overlay, problems: list[Problem]) -> Production:
    """Questions are for who enrols. Who buys a ticket is asked none, whatever an overlay says."""
    if production.kind in AS_A_WHOLE or not (production.questions or production.ages):
        return production
    problems.append(_asked_in_vain(production, overlay))
    return replace(production, questions=(), ages=None)


def _decide(name: str, theirs: Any, addition: Addition, wins: Wins, seen: Seen) -> Any:
    if wins is Wins.EDITOR:
        return addition.value if addition.value is not None else theirs
    if wins is Wins.ONCE and seen.value:
        return msgspec.json.decode(seen.value, type=_type_of(name))
    if addition.value is None:
        return theirs
    if isinstance(theirs, Mapping):
        return {**addition.value, **theirs}
    if name in LISTS:
        return theirs + tuple(one for one in addition.value if one not in theirs)
    return theirs if says_something(name, theirs) else addition.value


def _notice(
    production: Production,
    name: str,
    theirs: Any,
    wins: Wins,
    seen: Seen | None,
    overlay: Overlay,
    problems: list[Problem],
) -> Seen:
    """Remember what the source says under an overlay; report when it changes, until staff touch the overlay again."""
    now = stamp(theirs)
    if seen is None:
        once = wins is Wins.ONCE and says_something(name, theirs)
        return Seen(now, msgspec.json.encode(theirs) if once else b"", overlay.stamp)
    if seen.overlay != overlay.stamp:
        return Seen(now, seen.value, overlay.stamp)
    if wins is not Wins.SOURCE and now != seen.stamp:
        problems.append(_changed(production, name, overlay.file))
    return seen


def _text(production: Production, overlay: Overlay) -> Mapping[str, str] | None:
    if not overlay.text:
        return None
    result = dict(production.description)
    for language, text in overlay.text.items():
        theirs = result.get(language, "")
        parts = {
            Place.AFTER: (theirs, text),
            Place.BEFORE: (text, theirs),
            Place.INSTEAD: (text,),
        }[overlay.place]
        result[language] = "\n".join(part for part in parts if part)
    return result


def _keep_first(
    house: str, fields: Iterable[str], entries: dict[str, Entry], memory: Memory,
    remembered: dict[str, Mapping[str, Seen]], problems: list[Problem],
) -> None:  # fmt: skip
    """A house-wide "once": the first value of the field stays for every production of the house, overlay or none."""
    for identity, entry in entries.items():
        if entry.production.houses[0] != house:
            continue
        overlay = Overlay(
            production=identity, file="house.toml",
            fields={name: Addition(value=None, wins=Wins.ONCE) for name in fields if name not in remembered.get(identity, {})},
        )  # fmt: skip
        seen = {**memory.get(identity, {}), **remembered.get(identity, {})}
        entries[identity], remembered[identity] = _lay(entry, overlay, seen, {}, problems)


def _type_of(name: str) -> Any:
    return next(field.type for field in msgspec.structs.fields(Production) if field.name == name)


def _orphan(overlay: Overlay) -> Problem:
    return Problem(
        source=f"overlay:{overlay.file}", record=overlay.production, field="production", code="overlay_orphan",
        reason="no source has this id (any more); mend the id or remove the file", weight=Weight.DOUBT,
    )  # fmt: skip


def _unknown_tip(overlay: Overlay, field: str, identity: str) -> Problem:
    return Problem(
        source=f"overlay:{overlay.file}", record=overlay.production, field=f"tips.{field}", code="tip_unknown",
        reason=f"no source has {identity!r} (any more); mend the id or take it out", weight=Weight.DOUBT,
    )  # fmt: skip


def _asked_in_vain(production: Production, overlay: Overlay) -> Problem:
    return Problem(
        source=f"overlay:{overlay.file}", record=production.id, field="questions", code="questions_in_vain", weight=Weight.FIELD,
        reason=f"this is a {production.kind.value}, and only a course or a camp asks questions; write kind: course or camp, or take them out",
    )  # fmt: skip


def _changed(production: Production, name: str, file: str) -> Problem:
    return Problem(
        source=f"overlay:{file}", record=production.id, field=name, code="source_changed", weight=Weight.DOUBT,
        reason=f"the source changed {name} since you wrote your own; look whether yours still holds",
    )  # fmt: skip
