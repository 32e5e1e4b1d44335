"""What one commit to a SQLite file will have written: judged and read as if it stood there, and written once when all is decided.

Many jobs share a commit, and a sale writes its own document three times in one of them; so what is written over is never written at all.

A newcomer's trap: who asks for more than a document (what is due, all of a kind) asks the file, so the draft goes there first. It is kept all
the same: a job that fails takes the file back to where it began, and with it what others had drafted before.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from etalage.adapters._record_rules import moment, stamp
from etalage.model.errors import Stale
from etalage.ports.records import ABSENT, ANY, Change, Drop, Key, Put, Record, T

Row = tuple[str, str, bytes, int, int | None, int | None]
"""kind, id, value, version, due, expires: as the table has it."""
ONE = (
    "select kind, id, value, version, due, expires from record"
    " where kind = ? and id = ? and (expires is null or expires > ?)"
)
_MANY = (
    "select record.kind, record.id, record.value, version, due, expires from json_each(?) as wanted"
    " cross join record on record.kind = ? and record.id = wanted.value where (expires is null or expires > ?)"
)
FEW = 4
"""Documents that are quicker asked for one by one."""
_PUT = (
    "insert into record values (?, ?, ?, ?, ?, ?) on conflict (kind, id) do update set"
    " value = excluded.value, version = excluded.version, due = excluded.due, expires = excluded.expires"
)
_DROP = "delete from record where kind = ? and id = ?"


class Draft:
    """A transaction that was begun. `last`: the last version that was given out; `now`: what has expired by then is not there."""

    def __init__(self, connection: sqlite3.Connection, now: int) -> None:
        self.connection, self.now = connection, now
        self.last: int = connection.execute("select last from sequence").fetchone()[0]
        self._read: dict[Key, Row | None] = {}
        """What the file has: nobody else writes there before we commit."""
        self._rows: dict[Key, Row | None] = {}
        self._before: list[tuple[Key, bool, Row | None]] = []
        """Of each change, newest last: its document, whether it was drafted already, and as what."""
        self._saved: list[bool] = []
        """Of each attempt that goes on, the outermost first: whether the file has a savepoint for it."""

    def find(self, key: Key) -> Record | None:
        """The document, or None."""
        row = self._row(key)
        return record(row) if row else None

    def find_all(self, keys: Sequence[Key]) -> list[Record | None]:
        """These documents, asked for together as far as that is quicker."""
        missing = [key for key in keys if key not in self._rows and key not in self._read]
        if len(missing) > FEW:
            self._read |= read_all(self.connection.execute, missing, self.now)
        return [self.find(key) for key in keys]

    def select(self, sql: str, values: tuple[object, ...]) -> list[Row]:
        """What the file answers with all of this in it."""
        for at, saved in enumerate(self._saved):
            if not saved:
                self.connection.execute("savepoint attempt")
                self._saved[at] = True
        self._write()
        return list(self.connection.execute(sql, values))

    def judge(self, change: Change) -> None:
        """Raise Stale unless what is there is what the change expects."""
        if change.expect == ANY:
            return
        row = self._row((change.kind, change.id))
        if (row[3] if row else ABSENT) != change.expect:
            raise Stale("record_stale", "somebody was first: read it again", where=f"{change.kind} {change.id}")

    def apply(self, change: Change) -> int:
        """Do a change that was judged; the version of a Put."""
        key = (change.kind, change.id)
        if isinstance(change, Put):
            self.last += 1
            self._set(key, (*key, change.value, self.last, _maybe(change.due), _maybe(change.expires)))
            return self.last
        if isinstance(change, Drop):
            self._set(key, None)
        return 0

    def attempt(self, work: Callable[[], T]) -> T:
        """Do all of it, or nothing."""
        mark = len(self._before)
        self._saved.append(False)
        try:
            answer = work()
        except sqlite3.Error:
            raise
        except Exception:
            if self._saved.pop():
                self.connection.execute("rollback to attempt")
                self.connection.execute("release attempt")
            self._take_back(mark)
            raise
        if self._saved.pop():
            self.connection.execute("release attempt")
        return answer

    def end(self, swept: int) -> None:
        """Write it, forget at most so many documents that have expired, and commit."""
        if self._rows:
            self._write()
            self.connection.execute(
                "delete from record where (kind, id) in (select kind, id from record where expires <= ? limit ?)",
                (self.now, swept),
            )
            self.connection.execute("update sequence set last = ?", (self.last,))
        self.connection.execute("commit")

    def _row(self, key: Key) -> Row | None:
        """What the table is to have of it, unless it has expired."""
        if key in self._rows:
            row = self._rows[key]
        elif key in self._read:
            row = self._read[key]
        else:
            row = self._read[key] = self.connection.execute(ONE, (*key, self.now)).fetchone()
        return row if row and (row[5] is None or row[5] > self.now) else None

    def _set(self, key: Key, row: Row | None) -> None:
        self._before.append((key, key in self._rows, self._rows.get(key)))
        self._rows[key] = row

    def _take_back(self, mark: int) -> None:
        while len(self._before) > mark:
            key, drafted, row = self._before.pop()
            if drafted:
                self._rows[key] = row
            else:
                del self._rows[key]

    def _write(self) -> None:
        self.connection.executemany(_DROP, [key for key, row in self._rows.items() if row is None])
        self.connection.executemany(_PUT, [row for row in self._rows.values() if row])


def read_all(execute: Callable[..., Iterable[Row]], keys: Sequence[Key], now: int) -> dict[Key, Row | None]:
    """What the file has of these: one question for each kind."""
    kinds: dict[str, list[str]] = {}
    for kind, id in keys:
        kinds.setdefault(kind, []).append(id)
    found: dict[Key, Row | None] = dict.fromkeys(keys)
    for kind, ids in kinds.items():
        found |= {(row[0], row[1]): row for row in execute(_MANY, (json.dumps(ids), kind, now))}
    return found


def record(row: Row) -> Record:
    """A document as the table has it."""
    kind, id, value, version, due, expires = row
    return Record(kind, id, value, version, _moment(due), _moment(expires))


def _maybe(given: datetime | None) -> int | None:
    return None if given is None else stamp(given)


def _moment(found: int | None) -> datetime | None:
    return None if found is None else moment(found)
