"""The laws of etalage/ports/records.py as tests: one class, bound to every adapter.

An adapter conforms in three lines, in tests/adapters/test_<system>_records.py:

    class TestSqlite(RecordsLaws):
        @pytest.fixture
        def lab(self, tmp_path): return SqliteLab(tmp_path)

What a newcomer would get wrong: a race that never happens proves nothing. Every law about two writers is told by a function
that takes the records, and a control hands it records whose guard is off (`Unguarded`): there it must fail.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
from msgspec.structs import replace

from etalage.model.errors import Refused, Stale
from etalage.ports.records import ABSENT, ANY, Change, Check, Decide, Drop, Key, Put, Record, Records, T

WRITERS = 8
TURNS = 25
NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


class Lab(Protocol):
    """What a law needs of one adapter's surroundings."""

    now: datetime
    """What the store's clock says; a law moves it."""

    def records(self) -> Records:
        """A new adapter on the same store."""
        ...

    def tally_elsewhere(self, kind: str, id: str, turns: int) -> Callable[[], None]:
        """Start a process of its own that does `tally`; gives how to wait for its end."""
        ...


class Unguarded:
    """Records that write whatever is there: the control."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def get(self, kind: str, id: str) -> Record | None:
        return self.records.get(kind, id)

    def put(self, kind: str, id: str, value: bytes, *, expect: int, due=None, expires=None) -> int:
        return self.records.put(kind, id, value, expect=ANY, due=due, expires=expires)

    def transact(self, changes: Sequence[Change]) -> tuple[int, ...]:
        return self.records.transact([replace(change, expect=ANY) for change in changes])

    def due(self, kind: str, before: datetime, limit: int = 100) -> Sequence[Record]:
        return self.records.due(kind, before, limit)

    def several(self, keys: Sequence[Key]) -> Sequence[Record | None]:
        return self.records.several(keys)

    def change(self, keys: Sequence[Key], decide: Decide[T]) -> T:
        changes, answer = decide([self.records.get(*key) for key in keys])
        if changes:
            self.transact(changes)
        return answer


def tally(records: Records, kind: str, id: str, turns: int) -> None:
    """Add one, so many times: read, write on what was read, and when somebody was first, again."""
    for _ in range(turns):
        while True:
            known = records.get(kind, id)
            try:
                records.put(
                    kind, id, b"%d" % (int(known.value) + 1 if known else 1), expect=known.version if known else ABSENT
                )
            except Stale:
                continue
            break


def winners(records: Records) -> int:
    """So many writers read the same version at the same moment and write on it: how many were told that they won."""
    records.put("race", "a", b"start", expect=ANY)
    ready = threading.Barrier(WRITERS)

    def write(number: int) -> int:
        known = records.get("race", "a")
        ready.wait(timeout=10)
        try:
            records.put("race", "a", b"%d" % number, expect=known.version)
        except Stale:
            return 0
        return 1

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(write, range(WRITERS)))


class RecordsLaws:
    @pytest.fixture
    def records(self, lab: Lab) -> Records:
        return lab.records()

    def test_1_what_was_put_comes_back(self, records: Records) -> None:
        due, expires = NOON + timedelta(hours=1, microseconds=7), NOON + timedelta(days=4000)
        version = records.put("list", "été/ſ ☃", b'{"a":1}\x00\xff', expect=ABSENT, due=due, expires=expires)
        assert records.get("list", "été/ſ ☃") == Record("list", "été/ſ ☃", b'{"a":1}\x00\xff', version, due, expires)
        assert records.get("list", "niets") is None

    def test_1_a_moment_of_another_zone_is_the_same_moment(self, records: Records) -> None:
        there = datetime.fromisoformat("2027-03-28T03:30:00.000001+02:00")
        records.put("list", "a", b"", expect=ABSENT, due=there)
        assert records.get("list", "a").due == there

    def test_2_no_version_comes_back(self, records: Records) -> None:
        seen = [records.put("list", "a", b"1", expect=ABSENT)]
        seen.append(records.put("list", "a", b"1", expect=seen[-1]))
        records.transact([Drop(kind="list", id="a", expect=seen[-1])])
        seen.append(records.put("list", "a", b"1", expect=ABSENT))
        assert len(set(seen)) == 3 and not {ABSENT, ANY} & set(seen)
        with pytest.raises(Stale):  # who still holds the first one does not win from the third
            records.put("list", "a", b"late", expect=seen[0])

    def test_3_a_write_on_what_is_no_longer_there_is_told(self, records: Records) -> None:
        first = records.put("list", "a", b"1", expect=ABSENT)
        second = records.put("list", "a", b"2", expect=first)
        for expect in (first, ABSENT):
            with pytest.raises(Stale) as told:
                records.put("list", "a", b"3", expect=expect)
            assert told.value.code == "record_stale"
        with pytest.raises(Stale):
            records.put("list", "b", b"3", expect=second)
        with pytest.raises(Stale):
            records.transact([Drop(kind="list", id="a", expect=first)])
        assert records.get("list", "a").value == b"2" and records.get("list", "b") is None
        records.put("list", "a", b"4", expect=ANY)
        assert records.get("list", "a").value == b"4"

    def test_4_all_or_nothing(self, records: Records) -> None:
        a = records.put("list", "a", b"a", expect=ABSENT)
        b = records.put("list", "b", b"b", expect=ABSENT)
        changes = [
            Put(kind="list", id="a", value=b"A", expect=a), Put(kind="list", id="c", value=b"C", expect=ABSENT),
            Drop(kind="list", id="b", expect=b + 1_000_000),
        ]  # fmt: skip
        with pytest.raises(Stale):
            records.transact(changes)
        assert [records.get("list", id).value for id in "ab"] == [b"a", b"b"] and records.get("list", "c") is None
        given = records.transact(
            [*changes[:2], Drop(kind="list", id="b", expect=b), Check(kind="list", id="d", expect=ABSENT)]
        )
        assert given[:2] == (records.get("list", "a").version, records.get("list", "c").version) and given[2:] == (0, 0)
        assert records.get("list", "b") is None and records.get("list", "d") is None

    def test_4_a_check_guards_and_writes_nothing(self, records: Records) -> None:
        a = records.put("list", "a", b"a", expect=ABSENT)
        records.transact([Check(kind="list", id="a", expect=a), Put(kind="list", id="b", value=b"b", expect=ABSENT)])
        assert records.get("list", "a").version == a
        with pytest.raises(Stale):
            records.transact(
                [Check(kind="list", id="a", expect=ABSENT), Put(kind="list", id="b", value=b"B", expect=ANY)]
            )
        assert records.get("list", "b").value == b"b"

    def test_5_of_many_writers_on_one_version_one_wins(self, records: Records) -> None:
        assert winners(records) == 1

    def test_5_control_without_the_guard_all_believe_they_won(self, records: Records) -> None:
        assert winners(Unguarded(records)) == WRITERS

    def test_5_no_turn_is_lost_between_threads(self, lab: Lab) -> None:
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(lambda _: tally(lab.records(), "count", "a", TURNS), range(WRITERS)))
        assert lab.records().get("count", "a").value == b"%d" % (WRITERS * TURNS)

    def test_5_no_turn_is_lost_between_processes(self, lab: Lab) -> None:
        waits = [lab.tally_elsewhere("count", "a", TURNS) for _ in range(2)]
        tally(lab.records(), "count", "a", TURNS)
        for wait in waits:
            wait()
        assert lab.records().get("count", "a").value == b"%d" % (3 * TURNS)

    def test_5_two_transactions_that_cross_do_not_both_go_through(self, records: Records) -> None:
        """Each reads both and writes one: together they would break what each alone keeps."""
        for _ in range(TURNS):
            a = records.put("pair", "a", b"free", expect=ANY)
            b = records.put("pair", "b", b"free", expect=ANY)
            ready = threading.Barrier(2)

            def take(mine: str, seen: int, other: str, other_seen: int, ready: threading.Barrier = ready) -> int:
                ready.wait(timeout=10)
                put = Put(kind="pair", id=mine, value=b"taken", expect=seen)
                try:
                    records.transact([put, Check(kind="pair", id=other, expect=other_seen)])
                except Stale:
                    return 0
                return 1

            with ThreadPoolExecutor(2) as pool:
                jobs = [pool.submit(take, "a", a, "b", b), pool.submit(take, "b", b, "a", a)]
                assert sum(job.result() for job in jobs) == 1

    def test_6_who_opens_the_store_later_sees_what_was_answered(self, lab: Lab) -> None:
        version = lab.records().put("list", "a", b"kept", expect=ABSENT)
        assert lab.records().get("list", "a") == Record("list", "a", b"kept", version)

    def test_7_what_is_due_comes_longest_waiting_first(self, records: Records) -> None:
        for id, minutes in (("later", 30), ("first", 5), ("now", 10), ("never", None)):
            due = None if minutes is None else NOON + timedelta(minutes=minutes)
            records.put("sale", id, b"", expect=ABSENT, due=due)
        records.put("other", "x", b"", expect=ABSENT, due=NOON)
        before = NOON + timedelta(minutes=10)
        assert [one.id for one in records.due("sale", before)] == ["first", "now"]
        assert [one.id for one in records.due("sale", before, limit=1)] == ["first"]
        known = records.get("sale", "first")
        records.put("sale", "first", b"done", expect=known.version)
        assert [one.id for one in records.due("sale", before)] == ["now"]

    def test_8_what_has_expired_is_not_there(self, lab: Lab, records: Records) -> None:
        version = records.put("list", "a", b"old", expect=ABSENT, due=NOON, expires=lab.now + timedelta(hours=1))
        lab.now += timedelta(minutes=59)
        assert records.get("list", "a")
        lab.now += timedelta(minutes=1)
        assert records.get("list", "a") is None
        assert list(records.due("list", lab.now)) == []
        with pytest.raises(Stale):
            records.put("list", "a", b"x", expect=version)
        records.put("list", "a", b"new", expect=ABSENT)
        assert records.get("list", "a").value == b"new"

    def test_9_kinds_do_not_see_each_other(self, records: Records) -> None:
        records.put("list", "a", b"1", expect=ABSENT)
        records.put("lis", "ta", b"2", expect=ABSENT)
        records.put("sale", "a", b"3", expect=ABSENT)
        assert [records.get(*key).value for key in (("list", "a"), ("lis", "ta"), ("sale", "a"))] == [b"1", b"2", b"3"]

    @pytest.mark.parametrize(
        "changes",
        [
            [],
            [Put(kind="list", id=f"{n}", value=b"", expect=ANY) for n in range(101)],
            [Put(kind="list", id="a", value=b"", expect=ANY), Drop(kind="list", id="a", expect=ANY)],
            [Put(kind="list", id="a", value=b"x" * 350_001, expect=ANY)],
            [Put(kind="list", id=id, value=b"x" * 340_000, expect=ANY) for id in "abcdefghi"],
            [Put(kind="list", id="a", value=b"", expect=ANY, due=NOON.replace(tzinfo=None))],
            [Put(kind="list", id="", value=b"", expect=ANY)],
            [Put(kind="list", id="a\0b", value=b"", expect=ANY)],
            [Put(kind="k" * 501, id="a", value=b"", expect=ANY)],
        ],
        ids=["none", "101", "twice", "large", "heavy", "naive", "nameless", "nul", "long"],
    )
    def test_10_what_no_store_can_do_is_refused(self, records: Records, changes: list[Change]) -> None:
        with pytest.raises(Refused) as no:
            records.transact(changes)
        assert no.value.code == "record_wrong"
        assert records.get("list", "a") is None

    def test_10_a_hundred_changes_and_the_largest_value_fit(self, records: Records) -> None:
        changes = [Put(kind="list", id=f"{n}", value=b"x", expect=ABSENT) for n in range(99)]
        records.transact([*changes, Put(kind="list", id="big", value=b"x" * 350_000, expect=ABSENT)])
        assert len(records.get("list", "big").value) == 350_000

    def test_10_a_change_looks_at_a_hundred_documents(self, records: Records) -> None:
        keys = [("list", f"{n}") for n in range(101)]
        assert records.change(keys[:100], lambda found: ([], len(found))) == 100
        with pytest.raises(Refused) as no:
            records.change(keys, lambda found: ([], len(found)))
        assert no.value.code == "record_wrong"

    def test_12_a_change_is_as_if_one_were_alone(self, lab: Lab) -> None:
        def add(records: Records) -> int:
            def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], int]:
                many = int(found[0].value) + 1 if found[0] else 1
                return [Put(kind="count", id="a", value=b"%d" % many, expect=ANY)], many

            return records.change([("count", "a")], decide)

        with ThreadPoolExecutor(WRITERS) as pool:
            counts = list(pool.map(lambda _: add(lab.records()), range(WRITERS * TURNS)))
        assert sorted(counts) == list(range(1, WRITERS * TURNS + 1))

    def test_12_what_is_decided_on_several_documents_holds_for_all(self, records: Records) -> None:
        """Ten take one of the last three of both; a half would be a broken pair."""
        left = {"a": 3, "b": 3}
        for id, number in left.items():
            records.put("left", id, b"%d" % number, expect=ABSENT)

        def take(number: int) -> bool:
            def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], bool]:
                a, b, mine = found
                if mine or not int(a.value) or not int(b.value):
                    return [], False
                return [
                    Put(kind="left", id="a", value=b"%d" % (int(a.value) - 1), expect=ANY),
                    Put(kind="left", id="b", value=b"%d" % (int(b.value) - 1), expect=ANY),
                    Put(kind="taken", id=f"{number}", value=b"", expect=ANY),
                ], True

            return records.change([("left", "a"), ("left", "b"), ("taken", f"{number}")], decide)

        with ThreadPoolExecutor(WRITERS) as pool:
            assert sum(pool.map(take, range(10))) == 3
        assert [records.get("left", id).value for id in left] == [b"0", b"0"]
        assert sum(one is not None for one in records.several([("taken", f"{n}") for n in range(10)])) == 3

    def test_12_who_says_no_changes_nothing(self, records: Records) -> None:
        def decide(_: Sequence[Record | None]) -> tuple[Sequence[Change], None]:
            raise Refused("sold_out", "there is nothing left")

        with pytest.raises(Refused) as no:
            records.change([("left", "a")], decide)
        assert no.value.code == "sold_out" and records.get("left", "a") is None
        records.put("left", "a", b"1", expect=ABSENT)  # and the store goes on

    def test_12_what_was_not_read_is_not_changed(self, records: Records) -> None:
        for kind, id in (("left", "b"), ("other", "a")):
            with pytest.raises(Refused) as no:
                records.change(
                    [("left", "a")], lambda _, k=kind, i=id: ([Put(kind=k, id=i, value=b"", expect=ANY)], None)
                )
            assert no.value.code == "record_wrong" and records.get(kind, id) is None

    def test_12_documents_are_dropped_and_expire_as_elsewhere(self, lab: Lab, records: Records) -> None:
        records.put("left", "a", b"1", expect=ABSENT, expires=lab.now + timedelta(hours=1))
        lab.now += timedelta(hours=2)
        assert records.change([("left", "a")], lambda found: ([], found)) == [None]
        records.put("left", "a", b"2", expect=ABSENT)
        records.change([("left", "a")], lambda _: ([Drop(kind="left", id="a", expect=ANY)], None))
        assert records.get("left", "a") is None

    def test_13_several_come_in_the_order_they_were_asked(self, records: Records) -> None:
        for id in "abc":
            records.put("list", id, id.encode(), expect=ABSENT)
        found = records.several([("list", "c"), ("list", "x"), ("list", "a"), ("other", "b")])
        assert [one and one.value for one in found] == [b"c", None, b"a", None]
        many = [("list", f"{n}") for n in range(230)]
        assert list(records.several(many)) == [None] * 230

    def test_13_many_are_as_each_is_alone_also_among_what_is_being_done(self, lab: Lab, records: Records) -> None:
        hour = timedelta(hours=1)
        for n in range(30):
            kind, end = ("list", "other")[n % 2], lab.now + hour if n % 5 == 0 else None
            records.put(kind, f'é"{n}', b"%d" % n, expect=ABSENT, due=NOON if n % 3 else None, expires=end)
        keys = [(kind, f'é"{n}') for n in range(29, -2, -1) for kind in ("list", "other")]

        def look() -> int:
            assert list(records.several(keys)) == [records.get(*key) for key in keys]
            return sum(one is not None for one in records.several(keys))

        def work() -> list[int]:
            found = [look()]
            records.put("list", 'é"3', b"new", expect=ABSENT)
            records.transact([Drop(kind="list", id='é"4', expect=ANY), Drop(kind="other", id='é"7', expect=ANY)])
            return [*found, look()]

        assert look() == 30
        lab.now += hour
        assert look() == 24 and records.together(work) == [24, 23] and look() == 23

    def test_14_a_walk_meets_every_document_of_its_kind_once(self, lab: Lab, records: Records) -> None:
        """More than fits in a page: 200 documents, or a megabyte."""
        hour = timedelta(hours=1)
        for start in range(0, 450, 90):
            records.transact(
                [
                    Put(kind="sale", id=f"{n}", value=b"x" * 3000, expect=ABSENT, due=NOON if n % 2 else None, expires=lab.now + hour if n == 7 else None)
                    for n in range(start, start + 90)
                ]
            )  # fmt: skip
        records.put("sales", "x", b"", expect=ABSENT)
        lab.now += hour
        met = list(records.walk("sale"))
        assert sorted(int(one.id) for one in met) == [n for n in range(450) if n != 7]
        assert all(one == records.get("sale", one.id) for one in met[:20]) and list(records.walk("none")) == []

    def test_14_what_stays_is_met_while_others_come_and_go(self, records: Records) -> None:
        records.transact([Put(kind="sale", id=f"{n:03}", value=b"", expect=ABSENT) for n in range(100)])
        met = []
        for one in records.walk("sale"):
            met.append(one.id)
            if len(met) == 1:
                records.put("sale", "other", b"", expect=ABSENT)
                records.transact([Drop(kind="sale", id="050", expect=ANY)])
        assert {f"{n:03}" for n in range(100)} - set(met) <= {"050"} and len(met) == len(set(met))

    def test_15_what_is_done_together_sees_itself_and_stays(self, lab: Lab, records: Records) -> None:
        def work() -> int:
            first = records.put("list", "a", b"1", expect=ABSENT)
            second = records.put("list", "a", records.get("list", "a").value + b"2", expect=first)
            with pytest.raises(Stale):  # and what fails inside hurts nothing but itself
                records.transact(
                    [
                        Put(kind="list", id="b", value=b"x", expect=ABSENT),
                        Put(kind="list", id="a", value=b"x", expect=first),
                    ]
                )
            records.together(lambda: records.put("list", "c", b"inside", expect=ANY, due=NOON))
            assert [one and one.value for one in records.several([("list", "b"), ("list", "c")])] == [None, b"inside"]
            assert [one.id for one in records.due("list", lab.now)] == ["c"]
            records.change([("list", "c")], lambda found: ([Drop(kind="list", id="c", expect=ANY)], None))
            return second

        version = records.together(work)
        seen = lab.records().get("list", "a")
        assert (seen.value, seen.version) == (b"12", version)
        assert lab.records().several([("list", "b"), ("list", "c")]) == [None, None]

    def test_15_what_it_raises_goes_on_to_the_caller(self, records: Records) -> None:
        def work() -> None:
            raise Refused("sold_out", "no")

        with pytest.raises(Refused, match="no"):
            records.together(work)
        assert records.put("list", "a", b"1", expect=ABSENT)

    def test_15_many_who_do_several_things_are_not_in_each_others_way(self, records: Records) -> None:
        def add(_: int) -> None:
            def work() -> None:
                known = records.get("list", "sum")
                records.put(
                    "list",
                    "sum",
                    b"%d" % (int(known.value) + 1 if known else 1),
                    expect=known.version if known else ABSENT,
                )

            while True:
                try:
                    return records.together(work)
                except Stale:  # where it is no single commit
                    continue

        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(add, range(40)))
        assert records.get("list", "sum").value == b"40"

    def test_16_a_promise_is_kept_meanwhile(self, lab: Lab, records: Records) -> None:
        gate = threading.Event()

        def work() -> bytes:
            gate.wait(10)
            first = records.put("list", "a", b"1", expect=ABSENT)
            records.put("list", "a", b"12", expect=first)
            return records.get("list", "a").value

        promise = records.promise(work)
        assert not promise.done()
        gate.set()
        assert promise.result(10) == b"12" == lab.records().get("list", "a").value

    def test_16_what_it_raised_is_told(self, records: Records) -> None:
        def work() -> None:
            raise Refused("sold_out", "no")

        with pytest.raises(Refused, match="no"):
            records.promise(work).result(10)
        assert records.promise(lambda: records.put("list", "a", b"1", expect=ABSENT)).result(10)

    def test_16_one_that_is_cancelled_in_time_is_not_begun(self, records: Records) -> None:
        gate, begun = threading.Event(), set()
        busy = [records.promise(lambda: gate.wait(10)) for _ in range(60)]
        last = [records.promise(lambda n=n: begun.add(n)) for n in range(20)]
        gone = {n for n, one in enumerate(last) if n % 2 and one.cancel()}
        gate.set()
        assert all(one.result(10) for one in busy)
        for n in set(range(20)) - gone:
            last[n].result(10)
        assert len(gone) == 10 and begun == set(range(20)) - gone

    def test_17_inside_it_is_told_whether_all_others_wait_and_then_nothing_is_changed_by_what_raises(
        self, records: Records
    ) -> None:
        told = []

        def work() -> None:
            told.append(records.inside())
            records.put("list", "a", b"1", expect=ANY)
            raise Refused("sold_out", "no")

        for do in (records.together, lambda work: records.promise(work).result(10)):
            with pytest.raises(Refused, match="no"):
                do(work)
        assert not records.inside() and len(set(told)) == 1
        assert told[0] is (records.get("list", "a") is None)
