"""Records in SQLite: the port's laws, and what only a file can do: be killed, be full, be read-only."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from etalage.adapters import sqlite_records
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.errors import Unavailable
from etalage.ports.records import ABSENT, ANY, Drop, Put
from tests.laws.records import NOON, RecordsLaws
from tests.shop import ROOT

ELSEWHERE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from etalage.adapters.sqlite_records import SqliteRecords
from tests.laws.records import tally
tally(SqliteRecords(Path(sys.argv[1]), lambda: datetime(2026, 11, 21, 11, tzinfo=UTC)), sys.argv[2], sys.argv[3], int(sys.argv[4]))
"""
WITHOUT_END = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.ports.records import ANY, Put
records = SqliteRecords(Path(sys.argv[1]), lambda: datetime(2026, 11, 21, 11, tzinfo=UTC))
number = 0
while True:
    number += 1
    records.transact([Put(kind="n", id=side, value=b"%d" % number, expect=ANY) for side in ("left", "right")])
    print(number, flush=True)
"""


def start(code: str, *arguments: str, **more) -> subprocess.Popen[str]:
    line = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(line, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True, **more)


class SqliteLab:
    def __init__(self, folder: Path) -> None:
        self.path, self.now, self.opened = folder / "records.sqlite", NOON, []

    def records(self) -> SqliteRecords:
        made = SqliteRecords(self.path, lambda: self.now)
        self.opened.append(made)
        return made

    def tally_elsewhere(self, kind: str, id: str, turns: int) -> Callable[[], None]:
        process = start(ELSEWHERE, str(self.path), kind, id, str(turns))

        def wait() -> None:
            assert process.wait(timeout=60) == 0

        return wait


class TestSqlite(RecordsLaws):
    @pytest.fixture
    def lab(self, tmp_path: Path):
        lab = SqliteLab(tmp_path / "var")
        yield lab
        for records in lab.opened:
            records.close()


@pytest.fixture
def lab(tmp_path: Path):
    made = SqliteLab(tmp_path)
    yield made
    for records in made.opened:
        records.close()


def test_it_writes_ahead_and_syncs_at_every_commit(lab: SqliteLab) -> None:
    records = lab.records()
    records.put("a", "a", b"", expect=ABSENT)
    connection = records._open()
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("pragma synchronous").fetchone() == (2,)
    connection.close()


def test_writers_that_wait_together_are_committed_together(lab: SqliteLab) -> None:
    """A writer that is held up finds a queue, and needs far fewer commits than there were jobs."""
    records, commits = lab.records(), []
    usual = records._commit

    def slow(connection, jobs):
        time.sleep(0.02)
        answers = usual(connection, jobs)
        commits.append(len(jobs))  # with those that came meanwhile
        return answers

    records._commit = slow
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: records.put("a", f"{n}", b"", expect=ABSENT), range(160)))
    assert sum(commits) == 160 and len(commits) <= 40
    assert all(records.get("a", f"{n}") for n in range(160))


def test_one_bad_job_in_a_commit_hurts_no_other(lab: SqliteLab) -> None:
    records = lab.records()
    records.put("a", "taken", b"", expect=ABSENT)

    def job(number: int) -> bool:
        id = "taken" if number % 2 else f"{number}"
        try:
            return bool(records.put("a", id, b"", expect=ABSENT))
        except Exception:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(job, range(60))) == [number % 2 == 0 for number in range(60)]


@pytest.mark.slow
def test_what_was_answered_survives_a_kill_and_a_pair_is_never_half(lab: SqliteLab) -> None:
    for _ in range(3):
        process = start(WITHOUT_END, str(lab.path), stdout=subprocess.PIPE)
        said = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
        process.wait(timeout=10)
        process.stdout.close()
        answered = int([line for line in said if line.endswith("\n")][-1])
        records = lab.records()
        left, right = (int(records.get("n", side).value) for side in ("left", "right"))
        assert left == right and left >= answered


def test_a_full_disk_is_unavailable_and_passes(lab: SqliteLab) -> None:
    records = lab.records()
    records.put("a", "small", b"x", expect=ABSENT)
    usual = records._open

    def cramped():
        connection = usual()
        connection.execute("pragma max_page_count = 1")  # SQLite's own way to play a full disk: SQLITE_FULL
        return connection

    records.close()
    records._open = cramped
    with pytest.raises(Unavailable) as no:
        records.put("a", "large", b"x" * 300_000, expect=ABSENT)
    assert no.value.code == "records_unavailable"
    records._open = usual
    records.put("a", "large", b"x" * 300_000, expect=ABSENT)
    assert records.get("a", "small") and records.get("a", "large")


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    path.write_bytes(b"no database, but long enough to look at" * 50)
    records = SqliteRecords(path, lambda: NOON)
    for act in (lambda: records.get("a", "a"), lambda: records.put("a", "a", b"", expect=ANY)):
        with pytest.raises(Unavailable):
            act()
    records.close()


def test_what_has_expired_is_swept_away_in_time(lab: SqliteLab) -> None:
    records = lab.records()
    changes = [Put(kind="a", id=f"{n}", value=b"x", expect=ANY, expires=NOON + timedelta(hours=1)) for n in range(80)]
    records.transact(changes)
    lab.now += timedelta(hours=2)
    for _ in range(2):
        records.put("b", "b", b"", expect=ANY)
    with sqlite3.connect(lab.path) as beside:
        assert beside.execute("select count(*) from record where kind = 'a'").fetchone() == (0,)
    beside.close()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="this system does not show open files as /dev/fd")
def test_threads_that_come_and_go_leave_no_open_files(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON)
    records.put("word", "a", b"well", expect=ABSENT)
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(40):
        reader = threading.Thread(target=records.get, args=("word", "a"))
        reader.start()
        reader.join()
    assert len(list(Path("/dev/fd").iterdir())) - before < 10
    records.close()


def test_a_folder_that_cannot_be_made_is_told_to_who_reads(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file stands here")
    records = SqliteRecords(tmp_path / "var" / "records.sqlite", lambda: NOON)
    with pytest.raises(Unavailable, match="cannot be used"):
        records.get("word", "a")


def test_what_is_done_together_is_one_commit_and_all_of_it_or_nothing(lab: SqliteLab) -> None:
    records = lab.records()

    def work(end: str) -> None:
        first = records.put("a", "first", b"", expect=ABSENT)
        records.change([("a", "second")], lambda _: ([Put(kind="a", id="second", value=b"", expect=ANY)], first))
        if end:
            raise Unavailable("house_busy", end)

    with pytest.raises(Unavailable, match="no"):
        records.together(lambda: work("no"))
    assert lab.records().several([("a", "first"), ("a", "second")]) == [None, None]
    commits, usual = [], records._commit
    records._commit = lambda connection, jobs: (commits.append(len(jobs)), usual(connection, jobs))[1]
    records.together(lambda: work(""))
    assert commits == [1] and all(lab.records().several([("a", "first"), ("a", "second")]))


def test_a_new_file_that_many_open_at_once(tmp_path: Path) -> None:
    """SQLite tells one of two who turn on the log of a new file that it is busy, whatever it was asked to wait."""
    for turn in range(100):
        opened = [SqliteRecords(tmp_path / f"{turn}.sqlite", lambda: NOON) for _ in range(2)]
        ready = threading.Barrier(6)

        def look(records: SqliteRecords, ready: threading.Barrier) -> None:
            ready.wait()
            assert records.get("a", "a") is None

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(look, opened * 3, [ready] * 6))
        for records in opened:
            records.close()


def test_while_another_process_writes_one_waits_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON)
    records.put("word", "a", b"", expect=ABSENT)
    other = sqlite3.connect(records.path, isolation_level=None)
    other.execute("begin immediate")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(records.put, "word", "b", b"", expect=ABSENT)
        time.sleep(0.3)
        assert not waiting.done()
        other.execute("commit")
        assert waiting.result(5)
    other.execute("begin immediate")
    monkeypatch.setattr(sqlite_records, "PATIENCE", 0.2)
    with pytest.raises(Unavailable) as tired:
        records.put("word", "c", b"", expect=ABSENT)
    assert tired.value.code == "records_unavailable"
    other.execute("commit")
    assert records.put("word", "c", b"", expect=ABSENT)
    other.close()
    records.close()


def test_what_is_written_over_in_one_commit_is_written_once(tmp_path: Path) -> None:
    records, said = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON), list[str]()
    records.put("word", "a", b"0", expect=ABSENT)

    def work() -> int:
        said.clear()
        records._draft.connection.set_trace_callback(said.append)
        version = records.get("word", "a").version
        for number in range(1, 5):
            version = records.put("word", "a", b"%d" % number, expect=version)
        records.transact([Put(kind="word", id="b", value=b"", expect=ABSENT)])
        records.transact([Drop(kind="word", id="b", expect=ANY)])
        return version

    version = records.together(work)
    assert sum(line.startswith("insert") for line in said) == 1
    found = records.get("word", "a")
    assert (found.value, found.version) == (b"4", version) and records.get("word", "b") is None
    records.close()


def test_a_job_that_fails_takes_back_its_own_and_nothing_else(tmp_path: Path) -> None:
    """Also when it asked the file itself, which had to have all of the draft for that."""
    records = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON)
    records.put("word", "old", b"0", expect=ABSENT)

    def inner(look: bool) -> None:
        records.put("word", "old", b"2", expect=ANY)
        records.put("word", "new", b"2", expect=ABSENT)
        if look:
            assert [one.value for one in records.walk("word")] == [b"2", b"2", b"1"]
        raise Unavailable("house_busy", "no")

    def outer(look: bool) -> None:
        records.put("word", "own", b"1", expect=ANY)
        records.put("word", "old", b"1", expect=ANY)
        with pytest.raises(Unavailable):
            records.together(lambda: inner(look))
        assert [one and one.value for one in records.several([("word", "old"), ("word", "new")])] == [b"1", None]
        assert {one.id: one.value for one in records.walk("word")} == {"old": b"1", "own": b"1"}

    for look in (False, True):
        records.together(lambda look=look: outer(look))
        assert {one.id: one.value for one in records.walk("word")} == {"old": b"1", "own": b"1"}
    records.close()


def test_of_many_in_one_commit_each_sees_those_before_it(tmp_path: Path) -> None:
    records, gate = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON), threading.Event()
    commits, usual = [], records._commit
    records._commit = lambda connection, jobs: (usual(connection, jobs), commits.append(len(jobs)))[0]

    def add(number: int) -> None:
        def decide(found: list) -> tuple:
            if number % 3 == 2:
                raise Unavailable("house_busy", "every third thinks better of it")
            had = found[0].value if found[0] else b""
            return [Put(kind="word", id="a", value=had + b"x", expect=ANY)], None

        records.change([("word", "a")], decide)

    with ThreadPoolExecutor(31) as pool:
        first = pool.submit(records.change, [("word", "b")], lambda _: ([], gate.wait(5)))
        while records._draft is None:
            time.sleep(0.01)
        crowd = [pool.submit(add, number) for number in range(30)]
        while records._jobs.qsize() < 30:
            time.sleep(0.01)
        gate.set()
        assert first.result()
        assert sum(one.exception() is not None for one in crowd) == 10
    assert commits == [31] and records.get("word", "a").value == b"x" * 20
    records.close()


def test_who_only_reads_waits_for_nobody_who_writes(tmp_path: Path) -> None:
    """Nor does a thread that has read nothing yet: its connection is opened meanwhile."""
    records = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON)
    records.put("word", "a", b"1", expect=ABSENT)
    other = sqlite3.connect(records.path, isolation_level=None)
    other.execute("begin immediate")
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(records.get, "word", "a") for _ in range(8)]
        assert [one.result(5).value for one in found] == [b"1"] * 8
    other.execute("commit")
    other.close()
    records.close()


def test_who_comes_while_a_commit_waits_for_its_turn_is_in_it(tmp_path: Path) -> None:
    records, commits = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON), []
    records.put("word", "a", b"", expect=ABSENT)
    usual = records._commit
    records._commit = lambda connection, jobs: (usual(connection, jobs), commits.append(len(jobs)))[0]
    other = sqlite3.connect(records.path, isolation_level=None)
    other.execute("begin immediate")
    promises = [records.promise(lambda: records.put("word", "b", b"", expect=ABSENT))]
    while records._jobs.qsize():
        time.sleep(0.01)
    promises += [records.promise(lambda n=n: records.put("word", f"{n}", b"", expect=ABSENT)) for n in range(20)]
    other.execute("commit")
    assert all(one.result(5) for one in promises) and commits == [21]
    other.close()
    records.close()


def test_when_a_commit_cannot_be_done_all_who_wait_hear_it_and_the_next_is_done(tmp_path: Path) -> None:
    records, gate = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON), threading.Event()
    first = records.promise(lambda: (gate.wait(5), records._draft.connection.execute("no such word"))[0])
    while first.running() is False:
        time.sleep(0.01)
    behind = [records.promise(lambda n=n: records.put("word", f"{n}", b"", expect=ABSENT)) for n in range(3)]
    assert behind[1].cancel(), "who goes away in time is not waited for"
    gate.set()
    for one in (first, behind[0], behind[2]):
        with pytest.raises(Unavailable, match="cannot be used"):
            one.result(5)
    assert records.put("word", "0", b"", expect=ABSENT)
    records.close()


def test_a_promise_whose_owner_is_gone_leaves_the_writer_alive(tmp_path: Path) -> None:
    records, gate = SqliteRecords(tmp_path / "records.sqlite", lambda: NOON), threading.Event()
    first = records.promise(lambda: gate.wait(5))
    gone = [records.promise(lambda: records.put("word", "a", b"", expect=ABSENT)) for _ in range(3)]
    assert all(one.cancel() for one in gone)
    gate.set()
    assert first.result(5) and records.get("word", "a") is None
    assert records.put("word", "a", b"", expect=ABSENT)
    last = records.promise(lambda: gate.wait(5))
    records.close()
    assert last.result(0), "what was queued is done before it closes"
