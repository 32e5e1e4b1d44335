"""Backup and restore of the SQLite store: consistent while others write, and never under somebody's feet."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from etalage.adapters import _sqlite_copies as copies
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.errors import EtalageError, Refused
from etalage.ports.records import ANY
from tests.adapters.test_sqlite_records import WITHOUT_END, start
from tests.laws.records import NOON


def open_store(path: Path) -> SqliteRecords:
    return SqliteRecords(path, lambda: NOON)


def code(call) -> str:
    with pytest.raises(EtalageError) as told:
        call()
    return told.value.code


def put(path: Path, **values: bytes) -> None:
    records = open_store(path)
    for id, value in values.items():
        records.put("n", id, value, expect=ANY, due=NOON, expires=NOON + timedelta(days=9))
    records.close()


def pairs_in(path: Path) -> tuple[int, int]:
    records = open_store(path)
    found = tuple(int(records.get("n", side).value) for side in ("left", "right"))
    records.close()
    return found


def copy_under_load(path: Path, folder: Path, how) -> list[bool]:
    """Copy again and again while another process writes pairs; whether each copy holds two equal halves."""
    writer = start(WITHOUT_END, str(path), stdout=subprocess.PIPE)
    whole = []
    try:
        for number in range(8):
            for _ in range(20):  # so that it has written since the last copy
                answered = int(writer.stdout.readline())
            to = folder / f"{number}.sqlite"
            try:
                how(path, to)
                left, right = pairs_in(to)
            except Exception:
                whole.append(False)
            else:
                whole.append(left == right and left >= answered)
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    return whole


def test_a_copy_made_while_others_write_is_of_one_moment_and_holds_all_that_was_answered(tmp_path: Path) -> None:
    assert copy_under_load(tmp_path / "r.sqlite", tmp_path, copies.save) == [True] * 8


def test_control_who_copies_the_file_alone_loses_what_was_answered(tmp_path: Path) -> None:
    def copy_file(path: Path, to: Path) -> None:
        to.write_bytes(path.read_bytes())

    assert not all(copy_under_load(tmp_path / "r.sqlite", tmp_path, copy_file))


def test_what_was_put_back_is_as_it_was(tmp_path: Path) -> None:
    path, copy = tmp_path / "r.sqlite", tmp_path / "backups" / "copy.sqlite"
    put(path, a=b"1", b=b"2")
    assert copies.save(path, copy) == 2 and oct(copy.stat().st_mode)[-3:] == "600"
    assert [one.name for one in copy.parent.iterdir()] == ["copy.sqlite"]
    put(path, a=b"later", c=b"3")
    assert copies.restore(path, copy) == 2
    records = open_store(path)
    assert [one and one.value for one in records.several([("n", "a"), ("n", "b"), ("n", "c")])] == [b"1", b"2", None]
    assert records.get("n", "a").due == NOON
    records.put("n", "a", b"4", expect=records.get("n", "a").version)
    assert records._open().execute("pragma journal_mode").fetchone() == ("wal",)
    records.close()


def test_a_store_that_is_lost_is_made_anew(tmp_path: Path) -> None:
    put(tmp_path / "r.sqlite", a=b"1")
    copies.save(tmp_path / "r.sqlite", tmp_path / "copy.sqlite")
    assert copies.restore(tmp_path / "elsewhere" / "r.sqlite", tmp_path / "copy.sqlite") == 1


READER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from etalage.adapters.sqlite_records import SqliteRecords
records = SqliteRecords(Path(sys.argv[1]), lambda: datetime(2026, 11, 21, 11, tzinfo=UTC))
print(records.get("n", "a").value.decode(), flush=True)
sys.stdin.readline()
print(records.get("n", "a").value.decode(), flush=True)
"""


def test_nothing_is_put_back_while_a_process_has_the_store_open(tmp_path: Path) -> None:
    path, copy = tmp_path / "r.sqlite", tmp_path / "copy.sqlite"
    put(path, a=b"1")
    copies.save(path, copy)
    put(path, a=b"2")
    reader = start(READER, str(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert reader.stdout.readline() == "2\n"
        assert code(lambda: copies.restore(path, copy)) == "records_open"
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "2\n", "who has it open sees nothing of it"
    finally:
        reader.kill()
        reader.wait()
        reader.stdin.close()
        reader.stdout.close()
    copies.restore(path, copy)
    records = open_store(path)
    assert records.get("n", "a").value == b"1"
    records.close()


@pytest.mark.parametrize("content", [b"no database, but long enough to look at" * 50, b""])
def test_what_is_no_copy_of_ours_is_refused_and_changes_nothing(tmp_path: Path, content: bytes) -> None:
    put(tmp_path / "r.sqlite", a=b"1")
    (tmp_path / "x").write_bytes(content)
    assert code(lambda: copies.restore(tmp_path / "r.sqlite", tmp_path / "x")) == "backup_wrong"
    records = open_store(tmp_path / "r.sqlite")
    assert records.get("n", "a").value == b"1"
    records.close()


def test_no_copy_is_written_over_and_none_made_of_nothing(tmp_path: Path) -> None:
    put(tmp_path / "r.sqlite", a=b"1")
    with pytest.raises(Refused):
        copies.save(tmp_path / "r.sqlite", tmp_path / "r.sqlite")
    assert code(lambda: copies.save(tmp_path / "none", tmp_path / "x")) == "backup_missing"
    assert code(lambda: copies.restore(tmp_path / "r.sqlite", tmp_path / "none")) == "backup_missing"
