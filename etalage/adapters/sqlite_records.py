"""The Records port on one SQLite file: for a machine of one's own.

All writes go through one thread, which takes what has queued up and commits it together: one fsync for many writers
(sqlite.org/wal.html; `synchronous=FULL` syncs the log at each commit). Readers have a connection per thread and never wait.
Two processes may share the file: each has its own writer, and SQLite's lock puts them in turn.

A newcomer's trap: a change's condition is judged inside the transaction, never before it; and a job writes nothing before all
of it was judged, so that one that fails hurts nobody it was queued with. A job may be many things that are done `together`: then
the writer itself reads and writes on their behalf, in the draft of what it will commit (_sqlite_draft.py).
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakSet

from etalage.adapters._record_rules import examine, examine_keys, examine_known, stamp
from etalage.adapters._sqlite_draft import FEW, ONE, Draft, Row, read_all, record
from etalage.model.errors import Unavailable
from etalage.ports.records import Change, Decide, Key, Put, Record, T

AT_ONCE = 256
"""Jobs in one commit at most."""
CROWD = 5
"""After a commit of so many jobs the next waits until no more come: a fifth less CPU for each (Python's threads take turns)."""
PATIENCE = 20.0
"""Seconds to wait for another process's lock. Five were too few for two of 10,000 buyers at once (bench/run peak)."""
GLANCE = 0.0005
"""Seconds between two looks whether another process is done, or more jobs came."""
LOG = 4000
"""Pages of the log (of 4 kB) that are brought to the file together: every fifth commit of a busy shop waited for that with SQLite's own 1000."""
PAGE = 200
"""Documents read at once by `walk`: no reader holds the log of writes for long."""
SWEPT = 50
"""Expired documents removed per commit, so that no writer pays for a large sweep."""

_SCHEMA = (
    """create table if not exists record (
      kind text not null, id text not null, value blob not null, version integer not null, due integer, expires integer,
      primary key (kind, id)
    )""",
    "create index if not exists record_due on record (kind, due) where due is not null",
    "create index if not exists record_expires on record (expires) where expires is not null",
    "create table if not exists sequence (last integer not null)",
    "insert into sequence select 0 where not exists (select 1 from sequence)",
)
_IS_THERE = "select 1 from sqlite_master where name = 'sequence'"
_ROW = "select kind, id, value, version, due, expires from record where kind = ? and "
_ALIVE = " and (expires is null or expires > ?)"

Work = Callable[[Draft], Any]
"""What to do inside the transaction, and the answer."""
Job = tuple[Work, "Future[Any]"]


class SqliteRecords:
    """Documents in a file. `clock` decides what has expired."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path, self.clock = path, clock
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._here = threading.local()
        self._readers: WeakSet[_Reader] = WeakSet()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None
        self._draft: Draft | None = None
        """What the writer is about to commit; for its own thread only."""

    def get(self, kind: str, id: str) -> Record | None:
        """The document, or None."""
        inside = self._inside()
        if inside:
            return inside.find((kind, id))
        rows = self._read(ONE, (kind, id, self._now()))
        return record(rows[0]) if rows else None

    def put(
        self, kind: str, id: str, value: bytes, *, expect: int, due: datetime | None = None, expires: datetime | None = None
    ) -> int:  # fmt: skip
        """Write one document; give its new version."""
        return self.transact([Put(kind=kind, id=id, value=value, expect=expect, due=due, expires=expires)])[0]

    def transact(self, changes: Sequence[Change]) -> tuple[int, ...]:
        """Queue the changes and wait for the commit that has them."""
        examine(changes)

        def work(draft: Draft) -> tuple[int, ...]:
            for change in changes:
                draft.judge(change)
            return tuple(draft.apply(change) for change in changes)

        given: tuple[int, ...] = self._do(work)
        return given

    def change(self, keys: Sequence[Key], decide: Decide[T]) -> T:
        """Ask inside the transaction, where nobody else can write."""
        examine_keys(keys)

        def work(draft: Draft) -> T:
            changes, answer = decide(draft.find_all(keys))
            if changes:
                examine(changes)
                examine_known(keys, changes)
            for change in changes:  # there is nothing left to judge: nobody writes between
                draft.apply(change)
            return answer

        given: T = self._do(work)
        return given

    def several(self, keys: Sequence[Key]) -> Sequence[Record | None]:
        """These documents, many of them together: a hall with a thousand seats is asked for in a sixth of the time."""
        inside = self._inside()
        if inside:
            return inside.find_all(keys)
        if len(keys) <= FEW:
            return [self.get(*key) for key in keys]
        found = read_all(self._read, keys, self._now())
        return [record(row) if (row := found[key]) else None for key in keys]

    def together(self, work: Callable[[], T]) -> T:
        """Do it in the writer's thread, as one job."""
        given: T = self._do(lambda draft: draft.attempt(work))
        return given

    def promise(self, work: Callable[[], T]) -> Future[T]:
        """Queue it for the writer's thread."""
        return self._queue(lambda draft: draft.attempt(work))

    def inside(self) -> bool:
        """Whether this is the writer's thread, in the middle of a job."""
        return self._inside() is not None

    def due(self, kind: str, before: datetime, limit: int = 100) -> Sequence[Record]:
        """What should be looked at by now, the longest waiting first."""
        sql = _ROW + "due <= ?" + _ALIVE + " order by due, id limit ?"
        return [record(row) for row in self._read(sql, (kind, stamp(before), self._now(), limit))]

    def walk(self, kind: str) -> Iterator[Record]:
        """All documents of a kind, in the order of their ids."""
        last = ""
        while page := self._read(_ROW + "id > ?" + _ALIVE + " order by id limit ?", (kind, last, self._now(), PAGE)):
            for row in page:
                yield record(row)
            last = str(page[-1][1])

    def _do(self, work: Work) -> Any:
        inside = self._inside()
        if inside:
            return work(inside)
        return self._queue(work).result()

    def _queue(self, work: Work) -> "Future[Any]":
        done: Future[Any] = Future()
        self._start()
        self._jobs.put((work, done))
        return done

    def close(self) -> None:
        """Let the writer end when all that is queued is written, and let go of the file. Whoever asks again opens it again."""
        with self._starting:
            if self._writer:
                self._jobs.put(None)
                self._writer.join()
                self._writer = None
            self._here = threading.local()
            for reader in list(self._readers):
                reader.connection.close()
            self._readers.clear()

    def _now(self) -> int:
        return stamp(self.clock())

    def _inside(self) -> Draft | None:
        """What is about to be committed, when this is the writer's thread: it is in the middle of a job then."""
        return self._draft if threading.current_thread() is self._writer else None

    def _read(self, sql: str, values: tuple[object, ...]) -> list[Row]:
        inside = self._inside()
        if inside:
            return inside.select(sql, values)
        try:
            reader: _Reader | None = getattr(self._here, "reader", None)
            if reader is None:
                reader = self._here.reader = _Reader(self._open())
                self._readers.add(reader)
            return list(reader.connection.execute(sql, values))
        except (sqlite3.Error, OSError) as error:
            raise _silent(error) from error

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            self._turn_on_log(connection)
            connection.execute("pragma synchronous = full")
            connection.execute(f"pragma wal_autocheckpoint = {LOG}")
            if connection.execute("pragma synchronous").fetchone() != (2,):
                raise sqlite3.OperationalError("synchronous is not FULL")
            if not connection.execute(_IS_THERE).fetchone():  # who only reads waits for nobody who writes
                _begin(connection)
                for line in (*_SCHEMA, "commit"):
                    connection.execute(line)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _turn_on_log(self, connection: sqlite3.Connection) -> None:
        """Of two that open a new file at once SQLite lets one do this, and tells the other at once that it is busy."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                connection.execute("pragma journal_mode = wal")
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > end:
                    raise
                time.sleep(0.01)
            else:
                return

    def _start(self) -> None:
        if self._writer is None:
            with self._starting:
                if self._writer is None:
                    self._writer = threading.Thread(target=self._write, name="records", daemon=True)
                    self._writer.start()

    def _write(self) -> None:
        """The writer's life: take what is queued, commit it together, tell everybody."""
        connection: sqlite3.Connection | None = None
        crowded = False
        while (job := self._jobs.get()) is not None:
            if not job[1].set_running_or_notify_cancel():  # who wanted it is gone
                continue
            jobs = [job]
            if crowded:
                self._gather(jobs)
            try:
                connection = connection or self._open()
                answers = self._commit(connection, jobs)
            except (sqlite3.Error, OSError) as error:
                if connection:
                    connection.close()
                while self._take(jobs):  # who waited behind them waited for the same
                    pass
                connection, answers = None, [_Raised(_silent(error))] * len(jobs)
            crowded = len(jobs) >= CROWD
            for (_, done), answer in zip(jobs, answers, strict=True):
                if isinstance(answer, _Raised):
                    done.set_exception(answer.error)
                else:
                    done.set_result(answer)
        if connection:
            connection.close()

    def _gather(self, jobs: list[Job]) -> None:
        """Wait as long as more come: they are made ready in this very process, which does not go well while the writer works beside it."""
        known = 0
        while known < len(jobs):
            known = len(jobs)
            time.sleep(GLANCE)
            while self._take(jobs):
                pass

    def _take(self, jobs: list[Job]) -> bool:
        """Take along another one that is queued, if there is one."""
        if len(jobs) == AT_ONCE:
            return False
        try:
            job = self._jobs.get_nowait()
        except queue.Empty:
            return False
        if job is None:  # the end, and it stays there until all before it is done
            self._jobs.put(None)
            return False
        if job[1].set_running_or_notify_cancel():
            jobs.append(job)
        return True

    def _commit(self, connection: sqlite3.Connection, jobs: list[Job]) -> list[Any]:
        """Do the jobs, and those that come meanwhile; an answer for each."""
        answers: list[Any] = []
        _begin(connection)
        self._draft = draft = Draft(connection, self._now())
        for work, _ in jobs:
            answers.append(self._answer(work, draft))
            self._take(jobs)
        draft.end(SWEPT)
        return answers

    def _answer(self, work: Work, draft: Draft) -> Any:
        try:
            return work(draft)
        except sqlite3.Error:
            raise
        except Exception as error:  # the caller's own; it hears of it, and the writer lives on
            return _Raised(error)


def _begin(connection: sqlite3.Connection) -> None:
    """Have one's turn among the processes. SQLite itself looks less and less often, ten times a second at last, and waits while nobody writes."""
    connection.execute("pragma busy_timeout = 0")
    end = time.monotonic() + PATIENCE
    try:
        while not _begun(connection, end):
            time.sleep(GLANCE)
    finally:
        connection.execute(f"pragma busy_timeout = {int(1000 * PATIENCE)}")


def _begun(connection: sqlite3.Connection, end: float) -> bool:
    """Whether it is our turn; raises when it is not by the end."""
    try:
        connection.execute("begin immediate")
    except sqlite3.OperationalError as error:
        if not _is_busy(error) or time.monotonic() > end:
            raise
        return False
    return True


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Whether somebody else is at it; the higher bits tell what they do (sqlite.org/rescode.html), as mending the log of who was killed."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


class _Reader:
    """A thread's connection. Only the thread holds it, so that it closes when the thread ends."""

    __slots__ = ("__weakref__", "connection")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()  # its cache of statements refers to it, so that it would linger until the next collection


class _Raised:
    """An answer that is no answer."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _silent(error: Exception) -> Unavailable:
    return Unavailable("records_unavailable", f"the records cannot be used now: {error}")
