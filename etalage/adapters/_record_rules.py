"""What every Records adapter refuses before it asks its store (law 10), and how a moment is kept."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from etalage.model.errors import Refused
from etalage.ports.records import (
    ABSENT,
    ANY,
    HEAVIEST,
    LARGEST,
    LONGEST_ID,
    MOST_CHANGES,
    Change,
    Check,
    Key,
    Put,
    Record,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def guarded(keys: Sequence[Key], found: Sequence[Record | None], changes: Sequence[Change]) -> list[Change]:
    """What was decided on documents, on the condition that they are still as they were read."""
    examine_known(keys, changes)
    known = dict(zip(keys, found, strict=True))
    touched = {(change.kind, change.id) for change in changes}
    others = [Check(kind=kind, id=id, expect=ANY) for kind, id in keys if (kind, id) not in touched]
    return [replace(change, expect=_version(known[change.kind, change.id])) for change in (*changes, *others)]


def _version(record: Record | None) -> int:
    return record.version if record else ABSENT


def examine_known(keys: Sequence[Key], changes: Sequence[Change]) -> None:
    """Refuse a change of a document that was not read first."""
    known = frozenset(keys)
    for change in changes:
        if (change.kind, change.id) not in known:
            raise _wrong(f"{change.kind} {change.id} was not read before it was changed")


def examine_keys(keys: Sequence[Key]) -> None:
    """Refuse more documents than one transaction can guard."""
    if len(set(keys)) > MOST_CHANGES:
        raise _wrong(f"{len(keys)} documents in one change: at most {MOST_CHANGES}")


def examine(changes: Sequence[Change]) -> None:
    """Refuse a transaction that no adapter could do."""
    if not 0 < len(changes) <= MOST_CHANGES:
        raise _wrong(f"{len(changes)} changes in one transaction: from 1 to {MOST_CHANGES}")
    if len(changes) > 1 and len({(change.kind, change.id) for change in changes}) < len(changes):
        raise _wrong("one document twice in a transaction")
    weight = 0
    for change in changes:
        if not (_is_name(change.kind) and _is_name(change.id)):
            raise _wrong(f"a kind or id has 1 to {LONGEST_ID} letters and no NUL")
        if isinstance(change, Put):
            weight += len(change.value)
            if len(change.value) > LARGEST:
                raise _wrong(f"a value of {len(change.value)} bytes: at most {LARGEST}")
            if (change.due and change.due.tzinfo is None) or (change.expires and change.expires.tzinfo is None):
                raise _wrong("a moment without time zone")
    if weight > HEAVIEST:
        raise _wrong(f"{weight} bytes in one transaction: at most {HEAVIEST}")


def _is_name(given: str) -> bool:
    return 0 < len(given) <= LONGEST_ID and "\0" not in given


def stamp(moment: datetime) -> int:
    """Microseconds since 1970: exact, and in order."""
    away = moment - _EPOCH
    return (away.days * 86_400 + away.seconds) * 1_000_000 + away.microseconds


def moment(stamp: int) -> datetime:
    """Microseconds since 1970 as a moment, in UTC."""
    seconds, micro = divmod(stamp, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)


def _wrong(say: str) -> Refused:
    return Refused("record_wrong", say)
