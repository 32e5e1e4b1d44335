"""What one commit to a SQLite file will have written: judged and read as if it stood there, and written once when all is decided.

Many jobs share a commit, and a sale writes its own document three times in one of them; so what is written over is never written at all.

A newcomer's trap: who asks for more than a document (what is due, all of a kind) asks the file, so the draft goes there first. It is kept all
the same: a job that fails takes the file back to where it began, and with it what others had drafted before.
"""

import sqlite3
from collections.abc import Callable
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
_VERSION = "select version from record where kind = ? and id = ? and (expires is null or expires > ?)"
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
        self._rows: dict[Key, Row | None] = {}
        self._before: list[tuple[Key, bool, Row | None]] = []
        """Of each change, newest last: its document, whether it was drafted already, and as what."""

    def find(self, key: Key) -> Record | None:
        """The document, or None."""
        if key not in self._rows:
            row = self.connection.execute(ONE, (*key, self.now)).fetchone()
            return record(row) if row else None
        drafted = self._rows[key]
        return record(drafted) if drafted and self._lives(drafted) else None

    def select(self, sql: str, values: tuple[object, ...]) -> list[Row]:
        """What the file answers with all of this in it."""
        self._write()
        return list(self.connection.execute(sql, values))

    def judge(self, change: Change) -> None:
        """Raise Stale unless what is there is what the change expects."""
        if change.expect != ANY and self._version((change.kind, change.id)) != change.expect:
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
        self.connection.execute("savepoint job")
        try:
            answer = work()
        except sqlite3.Error:
            raise
        except Exception:
            self.connection.execute("rollback to job")
            self.connection.execute("release job")
            self._take_back(mark)
            raise
        self.connection.execute("release job")
        return answer

    def end(self, swept: int) -> None:
        """Write it, forget at most so many documents that have expired, and commit."""
        self._write()
        self.connection.execute(
            "delete from record where (kind, id) in (select kind, id from record where expires <= ? limit ?)",
            (self.now, swept),
        )
        self.connection.execute("update sequence set last = ?", (self.last,))
        self.connection.execute("commit")

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

    def _version(self, key: Key) -> int:
        if key in self._rows:
            drafted = self._rows[key]
            return drafted[3] if drafted and self._lives(drafted) else ABSENT
        found: tuple[int] | None = self.connection.execute(_VERSION, (*key, self.now)).fetchone()
        return found[0] if found else ABSENT

    def _lives(self, row: Row) -> bool:
        return row[5] is None or row[5] > self.now


def record(row: Row) -> Record:
    """A document as the table has it."""
    kind, id, value, version, due, expires = row
    return Record(kind, id, value, version, _moment(due), _moment(expires))


def _maybe(given: datetime | None) -> int | None:
    return None if given is None else stamp(given)


def _moment(found: int | None) -> datetime | None:
    return None if found is None else moment(found)
