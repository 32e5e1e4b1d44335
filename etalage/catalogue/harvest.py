"""Read a source, and keep what it said: the cursor, the last good records, and the age of both.

A newcomer's trap: a source that fails, or is suddenly empty, is not an empty programme. What we had stays, staff are told,
and the command that asked ends with an error.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.programme import Status
from etalage.model.record import Changes, Problem, Record, Weight, pack, unpack
from etalage.ports.event_source import EventSource
from etalage.ports.files import Files

FORMAT = 3
SUDDEN_LOSS = 0.5
"""A complete read that misses more than this part of what we had is believed only when staff say so (`--accept`)."""
SMALL = 10
"""With fewer records than this, a loss is believed unless nothing at all is left."""


class Kept(msgspec.Struct, frozen=True):
    """A record as last read, and a stamp that changes with anything in it. `gone`: its source no longer has it."""

    record: Record
    stamp: str
    gone: bool = False


class Harvest(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one source now. `failure` says why this time brought nothing; `fetched` is of the last good read."""

    source: str
    kept: Mapping[str, Kept]
    fetched: datetime | None
    problems: tuple[Problem, ...] = ()
    failure: str = ""
    changed: tuple[str, ...] = ()


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """A kept record as bytes: encoded once, for its stamp and for the store."""

    raw: msgspec.Raw
    stamp: str
    gone: bool = False
    carries: bool = False
    """`raw` holds performances that the source dropped; `stamp` is of the record as the source gives it."""


class _Memory(msgspec.Struct, kw_only=True):
    format: int
    fingerprint: str
    cursor: str
    fetched: datetime
    problems: tuple[Problem, ...]
    kept: dict[str, _Stored]


# JSON and not MessagePack, which keeps a moment but not the clock it was read from: 20:00+01:00 would come back as 19:00+00:00.
_encode = msgspec.json.Encoder().encode
_decode_memory = msgspec.json.Decoder(_Memory).decode


def harvest(source: EventSource, files: Files, now: datetime, fingerprint: str = "", accept: bool = False) -> Harvest:
    """Read what changed since the last good read, and keep it.

    `fingerprint` says how records are read (settings, code): when it differs, everything is read again. `accept` believes
    a programme that lost most of itself. Never raises for a source's failure: it is in the answer.
    """
    memory = _remember(files, source.id)
    known = memory if memory and memory.fingerprint == fingerprint else None
    try:
        changes = source.changes_since(known.cursor if known else None)
        stored, fresh, changed = _apply(changes, memory.kept if memory else {}, now, trust=accept)
    except (Unavailable, Refused) as error:
        return _last_good(source.id, memory, error)
    problems = changes.problems if changes.complete or known is None else _still_standing(known, changes)
    if known is None or changed or changes.cursor != known.cursor or problems != known.problems:
        memory = _Memory(
            format=FORMAT, fingerprint=fingerprint, cursor=changes.cursor, fetched=now, problems=problems, kept=stored
        )  # fmt: skip
        files.write(_name(source.id), _encode(memory))
    return Harvest(
        source=source.id, kept=_open(stored, fresh), fetched=now, problems=problems, changed=tuple(changed)
    )  # fmt: skip


def recall(source: str, files: Files) -> Harvest:
    """What is known of a source without asking it."""
    memory = _remember(files, source)
    if memory is None:
        return Harvest(source=source, kept={}, fetched=None)
    return Harvest(source=source, kept=_open(memory.kept, {}), fetched=memory.fetched, problems=memory.problems)


def stamp(*values: object) -> str:
    """A short name of the values' content; the same for the same content, in any process."""
    return blake2b(_encode(values), digest_size=9).hexdigest()


def _apply(
    changes: Changes, had: Mapping[str, _Stored], now: datetime, trust: bool
) -> tuple[dict[str, _Stored], dict[str, Record], list[str]]:
    """Put what came over what we had: everything as stored, the records just read, and the ids that changed."""
    stored: dict[str, _Stored] = {}
    fresh: dict[str, Record] = {}
    changed: list[str] = []
    for record, raw in zip(changes.records, changes.packed or map(pack, changes.records), strict=True):
        identity = record.production.id
        name = blake2b(raw, digest_size=9).hexdigest()
        old = had.get(identity)
        if old is not None and old.stamp == name and not old.gone:
            stored[identity] = old
            if not old.carries:
                fresh[identity] = record
            continue
        changed.append(identity)
        whole = _carry(record, old, now) if old is not None else record
        stored[identity] = _Stored(
            msgspec.Raw(raw if whole is record else pack(whole)), name, False, whole is not record
        )
        fresh[identity] = whole
    absent = [i for i, old in had.items() if not old.gone and i not in stored] if changes.complete else changes.gone
    if changes.complete:
        _believe(len(stored), len(absent), sum(not old.gone for old in had.values()), trust)
    everything = {**had, **stored} if had else stored
    for identity in absent:
        if identity in had and not had[identity].gone:
            everything[identity] = msgspec.structs.replace(had[identity], gone=True)
            changed.append(identity)
    return everything, fresh, changed


def _carry(record: Record, old: _Stored, now: datetime) -> Record:
    """Keep the coming performances that the source dropped without a word: their page says so, it is not a 404."""
    production = record.production
    ids = {performance.id for performance in production.performances}
    dropped = [
        performance if performance.status is Status.CANCELLED else replace(performance, status=Status.REMOVED)
        for performance in unpack(old.raw).production.performances
        if performance.id not in ids and performance.start >= now
    ]
    if not dropped:
        return record
    together = sorted((*production.performances, *dropped), key=lambda performance: (performance.start, performance.id))
    return replace(record, production=replace(production, performances=tuple(together)))


def _open(stored: Mapping[str, _Stored], fresh: Mapping[str, Record]) -> dict[str, Kept]:
    return {
        identity: Kept(
            fresh[identity] if identity in fresh else unpack(one.raw), one.stamp + "-gone" * one.gone, one.gone
        )
        for identity, one in stored.items()
    }


def _believe(now: int, lost: int, before: int, trust: bool) -> None:
    if trust or not before:
        return
    if not now:
        raise Unavailable(
            "source_empty", f"the source has nothing any more, it had {before}; if that is right, fetch with --accept"
        )
    if lost > before * SUDDEN_LOSS and before >= SMALL:
        raise Unavailable(
            "source_shrunk", f"{lost} of {before} productions are gone at once; if that is right, fetch with --accept"
        )


def _still_standing(known: _Memory, changes: Changes) -> tuple[Problem, ...]:
    """The new problems, and the old ones of records that were not read again."""
    again = {record.production.id for record in changes.records} | set(changes.gone)
    again |= {problem.record for problem in changes.problems}
    return tuple(problem for problem in known.problems if not _about(problem, again)) + changes.problems


def _about(problem: Problem, records: Iterable[str]) -> bool:
    return any(problem.record == one or problem.record.startswith(one + "/") for one in records)


def _last_good(source: str, memory: _Memory | None, error: EtalageError) -> Harvest:
    problem = Problem(source=source, record="", field="", code=error.code, reason=error.say, weight=Weight.RECORD)
    if memory is None:
        return Harvest(source=source, kept={}, fetched=None, problems=(problem,), failure=error.say)
    return Harvest(
        source=source, kept=_open(memory.kept, {}), fetched=memory.fetched, problems=(*memory.problems, problem),
        failure=error.say,
    )  # fmt: skip


def _remember(files: Files, source: str) -> _Memory | None:
    content = files.read(_name(source))
    if content is None:
        return None
    try:
        memory = _decode_memory(content)
    except msgspec.MsgspecError:  # written by another version of us: read everything again
        return None
    return memory if memory.format == FORMAT else None


def _name(source: str) -> str:
    return "harvest/" + source.replace(":", "-") + ".json"
