"""Copies of a SQLite store: made while sales go on, and put back when nobody sells.

What a newcomer would get wrong: the file alone is not the store while it is open, for what was written last stands in its log. So
copies are SQLite's own (sqlite.org/backup.html): all of one moment, and a writer never waits for it.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from etalage.model.errors import Refused, Unavailable


def save(path: Path, to: Path) -> int:
    """Copy the store to a new file, whole or not at all; gives the number of documents in it.

    Refuses `backup_exists`, `backup_missing` when there is no store yet. Unavailable `records_unavailable`.
    """
    if to.exists():
        raise Refused("backup_exists", "there is a file of that name already; give another", where=str(to))
    if not path.exists():
        raise Refused("backup_missing", "there are no records yet", where=str(path))
    half = to.with_name(f".{to.name}.half")
    half.unlink(missing_ok=True)
    with _told(path):
        to.parent.mkdir(parents=True, exist_ok=True)
        half.touch(mode=0o600)  # it holds names and addresses
        with closing(sqlite3.connect(path)) as here, closing(sqlite3.connect(half)) as there:
            here.backup(there)
            there.execute("pragma journal_mode = delete")  # one file
            number = _examine(there, half)
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.replace(to)
    return number


def restore(path: Path, copy: Path) -> int:
    """Put a copy back in place of the store; gives the number of documents in it. What was there stays if it fails.

    Refuses `backup_missing`, `backup_wrong` for what is no copy of ours, `records_open` while any process has the store open.
    """
    if not copy.is_file():
        raise Refused("backup_missing", "there is no such file", where=str(copy))
    with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as source:
        try:
            number = _examine(source, copy)
        except sqlite3.DatabaseError as error:
            raise Refused("backup_wrong", f"this is no copy of our records: {error}", where=str(copy)) from error
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as store:
                _be_alone(store, path)
                source.backup(store)
    return number


def _be_alone(store: sqlite3.Connection, path: Path) -> None:
    """Refuse while others have it open: SQLite gives up its write-ahead log only for who is alone, and holds on to being alone."""
    store.execute("pragma locking_mode = exclusive")
    try:
        mode = store.execute("pragma journal_mode = delete").fetchone()
        store.execute("begin exclusive")
        store.execute("commit")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        mode = None
    if mode != ("delete",):
        raise Refused("records_open", "a process has the records open: stop every server first", where=str(path))


def _examine(copy: sqlite3.Connection, path: Path) -> int:
    if copy.execute("pragma quick_check").fetchone() != ("ok",):
        raise Refused("backup_wrong", "this copy is damaged", where=str(path))
    ((number,),) = copy.execute("select count(*) from record").fetchall()
    return int(number)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise Unavailable("records_unavailable", f"the records cannot be copied: {error}", where=str(path)) from error
