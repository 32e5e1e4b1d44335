"""The Records port on one SQLite file: for a machine of one's own.

All writes go through one thread, which takes what has queued up and commits it together: one fsync for many writers
(sqlite.org/wal.html; `synchronous=FULL` syncs the log at each commit). Readers have a connection per thread and never wait.
Two processes may share the file: each has its own writer, and SQLite's lock puts them in turn.

A newcomer's trap: a change's condition is judged inside the transaction, never before it; and a job that fails is rolled back
to its own savepoint, so that those it was queued with are not hurt.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

from etalage.adapters._record_rules import examine
from etalage.model.errors import Stale, Unavailable
from etalage.ports.records import ABSENT, ANY, Change, Drop, Put, Record

AT_ONCE = 256
"""Jobs in one commit at most."""
PATIENCE = 5.0
"""Seconds to wait for another process's lock."""
SWEPT = 50
"""Expired documents removed per commit, so that no writer pays for a large sweep."""

_SCHEMA = """
create table if not exists record (
  kind text not null, id text not null, value blob not null, version integer not null, due integer, expires integer,
  primary key (kind, id)
) without rowid;
create index if not exists record_due on record (kind, due) where due is not null;
create index if not exists record_expires on record (expires) where expires is not null;
create table if not exists sequence (last integer not null);
insert into sequence select 0 where not exists (select 1 from sequence);
"""
_ROW = "select kind, id, value, version, due, expires from record where kind = ? and "
_ALIVE = " and (expires is null or expires > ?)"
_VERSION = "select version from record where kind = ? and id = ? and (expires is null or expires > ?)"

Job = tuple[Sequence[Change], "Future[tuple[int, ...]]"]


class SqliteRecords:
    """Documents in a file. `clock` decides what has expired."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path, self.clock = path, clock
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._here = threading.local()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    def get(self, kind: str, id: str) -> Record | None:
        """The document, or None."""
        row = self._read(_ROW + "id = ?" + _ALIVE, (kind, id, self._now()))
        return _record(row[0]) if row else None

    def put(
        self, kind: str, id: str, value: bytes, *, expect: int, due: datetime | None = None, expires: datetime | None = None
    ) -> int:  # fmt: skip
        """Write one document; give its new version."""
        return self.transact([Put(kind=kind, id=id, value=value, expect=expect, due=due, expires=expires)])[0]

    def transact(self, changes: Sequence[Change]) -> tuple[int, ...]:
        """Queue the changes and wait for the commit that has them."""
        examine(changes)
        done: Future[tuple[int, ...]] = Future()
        self._start()
        self._jobs.put((tuple(changes), done))
        return done.result()

    def due(self, kind: str, before: datetime, limit: int = 100) -> Sequence[Record]:
        """What should be looked at by now, the longest waiting first."""
        sql = _ROW + "due <= ?" + _ALIVE + " order by due, id limit ?"
        return [_record(row) for row in self._read(sql, (kind, _stamp(before), self._now(), limit))]

    def close(self) -> None:
        """Let the writer end when all that is queued is written."""
        with self._starting:
            if self._writer:
                self._jobs.put(None)
                self._writer.join()
                self._writer = None

    def _now(self) -> int:
        return _stamp(self.clock())

    def _read(self, sql: str, values: tuple[object, ...]) -> list[tuple[object, ...]]:
        try:
            connection = getattr(self._here, "connection", None)
            if connection is None:
                connection = self._here.connection = self._open()
            return list(connection.execute(sql, values))
        except sqlite3.Error as error:
            raise _silent(error) from error

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        if connection.execute("pragma synchronous").fetchone() != (2,):
            raise sqlite3.OperationalError("synchronous is not FULL")
        connection.executescript(f"begin immediate; {_SCHEMA} commit;")
        return connection

    def _start(self) -> None:
        if self._writer is None:
            with self._starting:
                if self._writer is None:
                    self._writer = threading.Thread(target=self._write, name="records", daemon=True)
                    self._writer.start()

    def _write(self) -> None:
        """The writer's life: take what is queued, commit it together, tell everybody."""
        connection: sqlite3.Connection | None = None
        last = False
        while not last:
            jobs, last = self._take()
            try:
                connection = connection or self._open()
                answers = self._commit(connection, jobs)
            except sqlite3.Error as error:
                if connection:
                    connection.close()
                connection, answers = None, [_silent(error)] * len(jobs)
            for (_, done), answer in zip(jobs, answers, strict=True):
                if isinstance(answer, Exception):
                    done.set_exception(answer)
                else:
                    done.set_result(answer)
        if connection:
            connection.close()

    def _take(self) -> tuple[list[Job], bool]:
        """Wait for a job, and take along whatever else is there; and whether it was the last."""
        job = self._jobs.get()
        jobs: list[Job] = []
        while job is not None:
            jobs.append(job)
            if len(jobs) == AT_ONCE:
                return jobs, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _commit(self, connection: sqlite3.Connection, jobs: Sequence[Job]) -> list[tuple[int, ...] | Exception]:
        now = self._now()
        answers: list[tuple[int, ...] | Exception] = []
        connection.execute("begin immediate")
        for changes, _ in jobs:
            connection.execute("savepoint job")
            try:
                answers.append(tuple(_apply(connection, change, now) for change in changes))
            except Stale as stale:
                connection.execute("rollback to job")
                answers.append(stale)
            connection.execute("release job")
        connection.execute(
            "delete from record where (kind, id) in (select kind, id from record where expires <= ? limit ?)",
            (now, SWEPT),
        )
        connection.execute("commit")
        return answers


def _apply(connection: sqlite3.Connection, change: Change, now: int) -> int:
    """Do one change inside the transaction, if what is there is what it expects."""
    key = (change.kind, change.id)
    if change.expect != ANY:
        found = connection.execute(_VERSION, (*key, now)).fetchone()
        if (found[0] if found else ABSENT) != change.expect:
            raise Stale("record_stale", "somebody was first: read it again", where=f"{change.kind} {change.id}")
    if isinstance(change, Put):
        ((version,),) = connection.execute("update sequence set last = last + 1 returning last").fetchall()
        connection.execute(
            "insert or replace into record values (?, ?, ?, ?, ?, ?)",
            (*key, change.value, version, _maybe(change.due), _maybe(change.expires)),
        )
        return int(version)
    if isinstance(change, Drop):
        connection.execute("delete from record where kind = ? and id = ?", key)
    return 0


def _record(row: tuple[object, ...]) -> Record:
    kind, id, value, version, due, expires = row
    return Record(str(kind), str(id), bytes(value), int(version), _moment(due), _moment(expires))  # type: ignore[call-overload]


def _stamp(moment: datetime) -> int:
    """Microseconds since 1970: exact, and in order."""
    away = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (away.days * 86_400 + away.seconds) * 1_000_000 + away.microseconds


def _maybe(moment: datetime | None) -> int | None:
    return None if moment is None else _stamp(moment)


def _moment(stamp: object) -> datetime | None:
    if stamp is None:
        return None
    seconds, micro = divmod(int(stamp), 1_000_000)  # type: ignore[call-overload]
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)


def _silent(error: sqlite3.Error) -> Unavailable:
    return Unavailable("records_unavailable", f"the records cannot be used now: {error}")
