"""The Records port on one DynamoDB table: for a shop without a machine of its own.

Every write is a TransactWriteItems with a condition per document, every read that a decision rests on is consistent, and
several documents are seen as of one moment (TransactGetItems). A version is a random number that we choose before we write: it
never comes back (law 2), and a version of ours in the table proves that a write whose answer was lost was done.

What a newcomer would get wrong: `due` finds its documents through an index that follows the table, mostly within a second, so
each is read again, consistently, before it is given. One that was written just now may come a little later; none comes wrongly.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from etalage.adapters import _dynamodb_table as table
from etalage.adapters._dynamodb_table import Busy, Doubt
from etalage.adapters._record_rules import examine, examine_keys, guarded, stamp
from etalage.adapters._turns import Tries, Turns
from etalage.model.errors import Stale
from etalage.ports.records import Change, Decide, Key, Put, Record, T

_PAGE = 100
"""Documents in one read (BatchGetItem and TransactGetItems take no more)."""
_CLERKS = 40
"""Promises that are kept at a time: as many as an app has threads for what it asks for itself."""
_TURNS = Turns()
"""Of the whole process: two adapters on one table are rivals as two threads are."""


class DynamoRecords:
    """Documents in the table `name`. `clock` decides what has expired.

    `client` is `connect(region)`'s. `rng` must be the system's own: version names come from it, not only waits.
    """

    def __init__(
        self, client: Any, name: str, clock: Callable[[], datetime], *, rng: Callable[[int], bytes] = os.urandom,
        sleep: Callable[[float], None] = time.sleep, turns: Turns = _TURNS,
    ) -> None:  # fmt: skip
        self.client, self.name, self.clock = client, name, clock
        self._rng, self._sleep, self._turns = rng, sleep, turns
        self._clerks = ThreadPoolExecutor(_CLERKS, thread_name_prefix="records")

    def get(self, kind: str, id: str) -> Record | None:
        """The document, or None."""
        return self._see([(kind, id)], self._tries())[0]

    def put(
        self, kind: str, id: str, value: bytes, *, expect: int, due: datetime | None = None, expires: datetime | None = None
    ) -> int:  # fmt: skip
        """Write one document; give its new version."""
        return self.transact([Put(kind=kind, id=id, value=value, expect=expect, due=due, expires=expires)])[0]

    def several(self, keys: Sequence[Key]) -> Sequence[Record | None]:
        """These documents, a hundred at a time."""
        tries, wanted, items = self._tries(), list(dict.fromkeys(keys)), dict[tuple[str, str], table.Item]()
        waiting = [table.key_of(key) for key in wanted]
        while waiting:
            page = {"Keys": waiting[:_PAGE], "ConsistentRead": True}
            answer = self._ask("batch_get_item", tries, RequestItems={self.name: page})
            items |= {_place(item): item for item in answer["Responses"].get(self.name, ())}
            left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
            waiting = [*waiting[_PAGE:], *left]
            if left:  # it was too much at once: 16 MB, or more than the table's share
                tries.again()
        now = stamp(self.clock())
        found = {key: table.read(key, items.get(_place(table.key_of(key))), now) for key in wanted}
        return [found[key] for key in keys]

    def transact(self, changes: Sequence[Change]) -> tuple[int, ...]:
        """Do all changes or none."""
        examine(changes)
        given, tries = self._versions(changes), self._tries()
        while True:
            try:
                self._settle(changes, given, tries)
            except Busy:
                tries.again()
            else:
                return given

    def change(self, keys: Sequence[Key], decide: Decide[T]) -> T:
        """Read, ask, and write on the condition that all is still as it was read; else the same again."""
        examine_keys(keys)
        tries = self._tries()
        with self._turns.of(keys):
            while True:
                found = self._see(keys, tries)
                changes, answer = decide(found)
                if not changes:
                    return answer
                wanted = guarded(keys, found, changes)
                examine(wanted)
                try:
                    self._settle(wanted, self._versions(wanted), tries)
                except (Busy, Stale):
                    tries.again()
                else:
                    return answer

    def together(self, work: Callable[[], T]) -> T:
        """One after the other: a transaction here cannot be read in."""
        return work()

    def promise(self, work: Callable[[], T]) -> Future[T]:
        """The same, in a thread."""
        return self._clerks.submit(work)

    def inside(self) -> bool:
        """Never: nobody waits for another here."""
        return False

    def due(self, kind: str, before: datetime, limit: int = 100) -> Sequence[Record]:
        """What should be looked at by now, the longest waiting first."""
        until, found, tries = stamp(before), dict[str, Record](), self._tries()
        request: dict[str, Any] = {
            "TableName": self.name,
            "IndexName": "due",
            "KeyConditionExpression": "#kind = :kind AND #due <= :until",
            "ExpressionAttributeNames": {"#kind": "kind", "#due": "due"},
            "ExpressionAttributeValues": {":kind": table.key_of((kind, "-"))["kind"], ":until": {"N": str(until)}},
            "Limit": min(limit, _PAGE),
        }
        while len(found) < limit:
            page = self._ask("query", tries, **request)
            read = self.several([(kind, table.id_of(item)) for item in page["Items"]])
            found |= {one.id: one for one in read if one and one.due and one.due <= before}
            if "LastEvaluatedKey" not in page:
                break
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        return sorted(found.values(), key=lambda one: (one.due, one.id))[:limit]

    def walk(self, kind: str) -> Iterator[Record]:
        """All documents of a kind: the whole table is read for it, a megabyte at a time."""
        short = table.key_of((kind, "-"))["kind"]
        request: dict[str, Any] = {
            "TableName": self.name, "ConsistentRead": True, "FilterExpression": "#kind = :kind",
            "ExpressionAttributeNames": {"#kind": "kind"}, "ExpressionAttributeValues": {":kind": short},
        }  # fmt: skip
        while True:
            page = self._ask("scan", self._tries(), **request)
            now = stamp(self.clock())
            for item in page["Items"]:
                if found := table.read((kind, table.id_of(item)), item, now):
                    yield found
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    # --- one call ------------------------------------------------------------------------------------------------

    def _tries(self) -> Tries:
        return Tries(self._rng, self._sleep)

    def _versions(self, changes: Sequence[Change]) -> tuple[int, ...]:
        """A version for each Put: 1 to 2**62, so never ABSENT or ANY, and never one that was there before."""
        return tuple((int.from_bytes(self._rng(8)) >> 2) + 1 if isinstance(change, Put) else 0 for change in changes)

    def _see(self, keys: Sequence[Key], tries: Tries) -> list[Record | None]:
        """Documents as they are at one moment."""
        wanted = list(dict.fromkeys(keys))
        if len(wanted) == 1:
            one = self._ask("get_item", tries, TableName=self.name, Key=table.key_of(wanted[0]), ConsistentRead=True)
            items = [one.get("Item")]
        elif wanted:
            asked = [{"Get": {"TableName": self.name, "Key": table.key_of(key)}} for key in wanted]
            answer = self._ask("transact_get_items", tries, TransactItems=asked)
            items = [one.get("Item") for one in answer["Responses"]]
        else:
            items = []
        now = stamp(self.clock())
        found = {key: table.read(key, item, now) for key, item in zip(wanted, items, strict=True)}
        return [found[key] for key in keys]

    def _ask(self, verb: str, tries: Tries, **request: Any) -> Mapping[str, Any]:
        """Read, as often as the tries allow."""
        while True:
            try:
                answer: Mapping[str, Any] = table.call(self.client, verb, request)
            except (Busy, Doubt) as no:
                tries.again(doubt=isinstance(no, Doubt))
            else:
                return answer

    def _settle(self, changes: Sequence[Change], given: tuple[int, ...], tries: Tries) -> None:
        """Write, until it is known whether it was done; Stale or Busy when it was not.

        After silence the very same request goes again, token and all: DynamoDB does it once within ten minutes, and our tries
        end long before. A no that follows may be to our own first try, so the table is asked for a version of ours.
        """
        now = stamp(self.clock())
        pairs = zip(changes, given, strict=True)
        actions = [one for change, version in pairs if (one := table.action(self.name, change, version, now))]
        if not actions:
            return
        request = {"TransactItems": actions, "ClientRequestToken": self._rng(16).hex()}
        doubt = False
        while True:
            try:
                table.call(self.client, "transact_write_items", request)
            except Doubt:
                doubt = True
                tries.again(doubt=True)
            except (Busy, Stale) as no:
                if not doubt:
                    raise
                if self._is_done(changes, given, tries):
                    return
                if isinstance(no, Stale):
                    raise
                tries.again(doubt=True)  # perhaps in the way of our own first try
            else:
                return

    def _is_done(self, changes: Sequence[Change], given: tuple[int, ...], tries: Tries) -> bool:
        """Whether a version of ours is there, for what was put: all of it was done, or none."""
        for change, version in zip(changes, given, strict=True):
            if version:
                key = table.key_of((change.kind, change.id))
                found = self._ask("get_item", tries, TableName=self.name, Key=key, ConsistentRead=True)
                return table.version_of(found.get("Item")) == version
        return False


def _place(key: table.Item) -> tuple[str, str]:
    return table.id_of(key), str(key["kind"]["S"])
