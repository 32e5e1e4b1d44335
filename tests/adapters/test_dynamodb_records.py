"""Records in DynamoDB: the port's laws, and what only a network can do: collide, be slow, be silent after it has obeyed."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest
from botocore.exceptions import ClientError

from etalage.adapters._turns import LONGEST_WAIT, MOST_DOUBTS, MOST_TRIES, Turns
from etalage.adapters.dynamodb_records import DynamoRecords
from etalage.model.errors import EtalageError, Stale, Unavailable
from etalage.ports.records import ABSENT, ANY, Change, Drop, Put, Record
from tests.adapters.dynamo_lab import (
    NOBODY,
    DynamoLab,
    Faults,
    answer,
    broken,
    conflict,
    count_up,
    lost,
    now_and_then,
    reach,
    running,
    silence,
    throttled,
)
from tests.laws.records import NOON, TURNS, RecordsLaws
from tests.servers.fixtures import ministack  # noqa: F401

pytestmark = pytest.mark.server
WRITE, READ, BOTH = "TransactWriteItems", "GetItem", "TransactGetItems"


@pytest.fixture(scope="module")
def faults(ministack: str) -> Faults:
    return Faults(reach(ministack))


@pytest.fixture
def lab(ministack: str, faults: Faults) -> Iterator[DynamoLab]:
    faults.clear()
    yield DynamoLab(ministack, faults.client, faults)
    faults.clear()


class TestDynamo(RecordsLaws):
    """On the fixture `lab` of this module."""


def told(call: Any) -> str:
    with pytest.raises(EtalageError) as no:
        call()
    return no.value.code


def add(records: DynamoRecords) -> int:
    """One more; how many there are."""

    def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], int]:
        many = int(found[0].value) + 1 if found[0] else 1
        return [Put(kind="count", id="a", value=b"%d" % many, expect=ANY)], many

    return records.change([("count", "a")], decide)


# --- in each other's way ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [conflict, throttled])
def test_who_is_in_the_way_is_waited_for(lab: DynamoLab, fault: Any) -> None:
    records = lab.hurried()
    lab.faults.come(WRITE, [fault, fault, None, fault])
    version = records.put("a", "a", b"x", expect=ABSENT)
    assert records.get("a", "a").version == version and lab.faults.count(WRITE) == 3
    assert add(records) == 1 and lab.faults.count(WRITE) == 5 and len(lab.waits) == 3
    lab.faults.come(READ, [throttled])
    assert records.get("count", "a").value == b"1"


@pytest.mark.parametrize("fault", [conflict, throttled])
def test_after_eight_tries_the_visitor_hears_that_it_is_busy(lab: DynamoLab, fault: Any) -> None:
    records = lab.hurried()
    lab.faults.come(WRITE, repeat(fault))
    assert told(lambda: records.put("a", "a", b"x", expect=ABSENT)) == "records_busy"
    assert lab.faults.count(WRITE) == MOST_TRIES == 8, "boto3 has no tries of its own"
    assert told(lambda: add(records)) == "records_busy" and lab.faults.count(WRITE) == 2 * MOST_TRIES
    lab.faults.come(READ, repeat(throttled))
    assert told(lambda: records.get("a", "a")) == "records_busy"
    lab.faults.clear()
    assert records.several([("a", "a"), ("count", "a")]) == [None, None], "nothing was changed"
    assert add(records) == 1


def test_each_wait_is_longer_at_most_and_no_two_are_alike(lab: DynamoLab) -> None:
    lab.faults.come(WRITE, repeat(conflict))
    for _ in range(20):
        told(lambda: lab.hurried().put("a", "a", b"", expect=ANY))
    rounds = [lab.waits[start : start + 7] for start in range(0, 140, 7)]
    for turn, waits in enumerate(zip(*rounds, strict=True)):
        assert max(waits) <= min(LONGEST_WAIT, 0.02 * 2**turn) and min(waits) < max(waits) / 2
    assert len(set(lab.waits)) == 140


def test_a_decision_is_made_anew_when_somebody_was_first(lab: DynamoLab) -> None:
    records, seen = lab.hurried(), []

    def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], int]:
        seen.append(found[0].value if found[0] else None)
        if len(seen) == 1:
            lab.records().put("a", "a", b"theirs", expect=ABSENT)
        return [Put(kind="a", id="a", value=b"mine", expect=ANY)], len(seen)

    assert records.change([("a", "a")], decide) == 2
    assert seen == [None, b"theirs"] and records.get("a", "a").value == b"mine"


def test_what_is_seen_together_was_there_together(lab: DynamoLab) -> None:
    """A no that rests on two documents is as true as a yes: both are read in one transaction."""
    records = lab.hurried()
    records.transact([Put(kind="left", id=id, value=b"1", expect=ABSENT) for id in "ab"])
    lab.faults.come(BOTH, [conflict])
    assert (
        records.change([("left", "a"), ("left", "b")], lambda found: ([], [one.value for one in found])) == [b"1"] * 2
    )
    assert lab.faults.count(BOTH) == 2 and not lab.faults.count("BatchGetItem")


def test_no_turn_is_lost_when_two_processes_change(lab: DynamoLab) -> None:
    wait = lab.tally_elsewhere("count", "a", TURNS, how="count_up")
    count_up(lab.records(), "count", "a", TURNS)
    wait()
    assert lab.records().get("count", "a").value == b"%d" % (2 * TURNS)


def rivals(lab: DynamoLab, turns: list[Turns]) -> tuple[int, int]:
    """Eight threads add one five times; how many times it was done, and how often the server was asked to."""

    def work(mine: Turns) -> int:
        done = 0
        for _ in range(5):
            try:
                add(lab.records(turns=mine))
            except Unavailable:
                continue
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        done = sum(pool.map(work, turns))
    assert lab.records().get("count", "a").value == b"%d" % done
    return done, lab.faults.count(WRITE)


def test_threads_of_one_process_do_not_spoil_each_others_tries(lab: DynamoLab) -> None:
    assert rivals(lab, [Turns()] * 8) == (40, 40)


def test_control_without_turns_they_do(lab: DynamoLab) -> None:
    done, asked = rivals(lab, [Turns() for _ in range(8)])
    assert asked > done


# --- silence ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [lost, broken])
def test_what_was_done_before_the_answer_was_lost_is_done_once(lab: DynamoLab, fault: Any) -> None:
    records = lab.hurried()
    lab.faults.come(WRITE, [fault, None, fault])
    version = records.put("a", "a", b"x", expect=ABSENT)
    assert records.get("a", "a") == Record("a", "a", b"x", version)
    assert add(records) == 1 and records.get("count", "a").value == b"1"
    lab.faults.come(WRITE, [fault])
    assert records.transact([Drop(kind="a", id="a", expect=version)]) == (0,)
    assert records.get("a", "a") is None


@pytest.fixture
def forgetful(lab: DynamoLab) -> Iterator[DynamoLab]:
    """A server that keeps no ClientRequestToken: to Amazon, the eleventh minute."""

    def forget(params: dict[str, Any], **_: Any) -> None:
        params.pop("ClientRequestToken", None)

    events = lab.client.meta.events
    events.register_last("before-parameter-build.dynamodb.TransactWriteItems", forget)
    yield lab
    events.unregister("before-parameter-build.dynamodb.TransactWriteItems", forget)


def test_a_version_of_ours_in_the_table_proves_that_it_was_done(forgetful: DynamoLab) -> None:
    records = forgetful.hurried()
    forgetful.faults.come(WRITE, [lost, None, lost])
    version = records.put("a", "a", b"x", expect=ABSENT)
    assert records.get("a", "a").version == version
    assert add(records) == 1 and records.get("count", "a").value == b"1"


def test_control_who_does_not_look_believes_that_somebody_else_was_first(
    forgetful: DynamoLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DynamoRecords, "_is_done", lambda *_: False)
    forgetful.faults.come(WRITE, [lost, None, lost])
    records = forgetful.hurried()
    assert told(lambda: records.put("a", "a", b"x", expect=ABSENT)) == "record_stale"
    assert add(records) == 2, "counted twice"


def test_a_conflict_after_silence_may_be_with_ourselves(forgetful: DynamoLab) -> None:
    records = forgetful.hurried()
    forgetful.faults.come(WRITE, [lost, conflict])
    version = records.put("a", "a", b"x", expect=ABSENT)
    assert records.get("a", "a").version == version
    forgetful.faults.come(WRITE, [silence, conflict])
    version = records.put("a", "a", b"y", expect=version)
    assert records.get("a", "a") == Record("a", "a", b"y", version)


def test_a_try_that_still_runs_is_waited_for(lab: DynamoLab) -> None:
    records = lab.hurried()
    lab.faults.come(WRITE, [lost, running, None])
    version = records.put("a", "a", b"x", expect=ABSENT)
    assert records.get("a", "a").version == version and lab.faults.count(WRITE) == 3


def test_somebody_who_was_first_during_the_silence_was_first(lab: DynamoLab) -> None:
    records, other = lab.hurried(), lab.records()

    def overtaken(client: Any, request: Any) -> None:
        other.put("a", "a", b"theirs", expect=ABSENT)
        silence(client, request)

    lab.faults.come(WRITE, [overtaken])
    with pytest.raises(Stale) as no:
        records.put("a", "a", b"mine", expect=ABSENT)
    assert no.value.where == "a a" and records.get("a", "a").value == b"theirs"


def test_a_server_that_stays_silent_is_unavailable(lab: DynamoLab) -> None:
    records = lab.hurried()
    lab.faults.come(WRITE, repeat(silence))
    assert told(lambda: records.put("a", "a", b"", expect=ANY)) == "records_unavailable"
    assert lab.faults.count(WRITE) == MOST_DOUBTS
    lab.faults.come(READ, repeat(silence))
    assert told(lambda: records.get("a", "a")) == told(lambda: add(records)) == "records_unavailable"
    lab.faults.clear()
    assert records.get("a", "a") is None


def test_no_server_and_no_table_are_unavailable(lab: DynamoLab) -> None:
    nowhere = DynamoRecords(reach("http://127.0.0.1:9"), "records", lambda: NOON, sleep=lab.waits.append)
    tableless = DynamoRecords(lab.client, "no-such-table", lambda: NOON)
    for records in (nowhere, tableless):
        assert told(lambda r=records: r.get("a", "a")) == "records_unavailable"
        assert told(lambda r=records: r.put("a", "a", b"", expect=ANY)) == "records_unavailable"
        assert told(lambda r=records: r.due("a", NOON)) == "records_unavailable"
        assert told(lambda r=records: add(r)) == "records_unavailable"


def test_nobody_in_particular_is_let_in(lab: DynamoLab, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.delitem(NOBODY, "AWS_ACCESS_KEY_ID")
        patch.delenv("AWS_ACCESS_KEY_ID", raising=False)
        client = reach(lab.url)
        assert told(lambda: DynamoRecords(client, lab.table, lambda: NOON).get("a", "a")) == "records_unavailable"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_all_weathers_each_turn_counts_once(lab: DynamoLab, seed: int) -> None:
    lab.faults.come(WRITE, now_and_then(seed, conflict=0.15, throttled=0.1, lost=0.1, broken=0.05))
    lab.faults.come(READ, now_and_then(seed + 100, throttled=0.1))

    def work(_: int) -> int:
        try:
            return add(lab.records())
        except Unavailable as no:
            return 0 if no.code == "records_busy" else -1

    with ThreadPoolExecutor(8) as pool:
        counts = [count for count in pool.map(work, range(60)) if count]
    assert sorted(counts) == list(range(1, len(counts) + 1)) and len(counts) > 50
    lab.faults.clear()
    assert lab.records().get("count", "a").value == b"%d" % len(counts)


def test_every_read_but_the_indexs_is_consistent(lab: DynamoLab) -> None:
    asked = {}

    def look(verb: str) -> Any:
        return [lambda _, request: asked.setdefault(verb, json.loads(request.body)) and None]

    for verb in (READ, "BatchGetItem"):
        lab.faults.come(verb, look(verb))
    lab.records().get("a", "a")
    lab.records().several([("a", "a")])
    assert asked[READ]["ConsistentRead"] is asked["BatchGetItem"]["RequestItems"][lab.table]["ConsistentRead"] is True


# --- what fits, and what lies about ------------------------------------------------------------------------------------


def test_the_longest_names_of_any_script_fit(lab: DynamoLab) -> None:
    records, kind, id = lab.records(), "𝔎" * 500, "𝔦" * 500
    version = records.put(kind, id, b"x", expect=ABSENT, due=NOON)
    records.put("𝔎" * 499 + "k", id, b"y", expect=ABSENT, due=NOON)
    assert records.get(kind, id) == Record(kind, id, b"x", version, NOON)
    assert [one.value for one in records.due(kind, NOON)] == [b"x"]


def test_a_hundred_documents_of_thirty_thousand_bytes_fit(lab: DynamoLab) -> None:
    records = lab.records()
    records.transact([Put(kind="a", id=f"{n}", value=b"x" * 30_000, expect=ABSENT) for n in range(100)])
    found = records.change([("a", f"{n}") for n in range(100)], lambda found: ([], found))
    assert {len(one.value) for one in found} == {30_000}


def test_a_question_that_makes_no_sense_is_a_bug(lab: DynamoLab) -> None:
    with pytest.raises(ClientError):
        lab.records().get("a", "")


def test_what_a_batch_left_out_is_asked_again(lab: DynamoLab) -> None:
    records = lab.hurried()
    records.transact([Put(kind="a", id=f"{n}", value=b"%d" % n, expect=ABSENT) for n in range(3)])

    def half(client: Any, request: Any) -> Any:
        asked = json.loads(request.body)["RequestItems"]
        return answer(request, 200, {"Responses": {lab.table: []}, "UnprocessedKeys": asked})

    lab.faults.come("BatchGetItem", [half])
    assert [one.value for one in records.several([("a", "2"), ("a", "0"), ("a", "2")])] == [b"2", b"0", b"2"]
    assert len(lab.waits) == 1
    lab.faults.come("BatchGetItem", repeat(half))
    assert told(lambda: records.several([("a", "2")])) == "records_busy"


def test_an_index_that_lags_puts_nothing_on_the_list(lab: DynamoLab) -> None:
    """It still tells of one that was done, one that was dropped, and of one twice: where it was and where it is."""
    records = lab.records()
    records.put("sale", "done", b"", expect=ABSENT)
    records.put("sale", "later", b"", expect=ABSENT, due=NOON + timedelta(hours=1))
    records.put("sale", "moved", b"", expect=ABSENT, due=NOON - timedelta(minutes=1))
    records.put("sale", "waits", b"", expect=ABSENT, due=NOON - timedelta(minutes=2))

    def lagging(client: Any, request: Any) -> Any:
        told = ["done", "dropped", "later", "moved", "waits", "moved"]
        return answer(request, 200, {"Items": [{"id": {"S": id}, "kind": {"S": "sale"}} for id in told]})

    lab.faults.come("Query", [lagging])
    assert [one.id for one in records.due("sale", NOON)] == ["waits", "moved"]


def test_a_list_longer_than_a_page_comes_whole(lab: DynamoLab) -> None:
    records = lab.records()
    for start in range(0, 230, 100):
        changes = [
            Put(kind="sale", id=f"{n:03}", value=b"", expect=ABSENT, due=NOON + timedelta(seconds=n), expires=None if n % 2 else lab.now + timedelta(hours=1))
            for n in range(start, min(start + 100, 230))
        ]  # fmt: skip
        records.transact(changes)
    lab.now += timedelta(hours=2)  # the even ones lie there expired, and cost pages
    before = NOON + timedelta(hours=1)
    odd = [f"{n:03}" for n in range(1, 230, 2)]
    assert [one.id for one in records.due("sale", before, limit=1000)] == odd
    assert [one.id for one in records.due("sale", before, limit=60)] == odd[:60]


def test_what_expired_is_taken_away_a_day_later_by_the_table(lab: DynamoLab, faults: Faults) -> None:
    from etalage.adapters._dynamodb_table import create

    lab.records().put("a", "a", b"", expect=ABSENT, expires=NOON)
    (item,) = lab.client.scan(TableName=lab.table)["Items"]
    assert int(item["ttl"]["N"]) == int((NOON + timedelta(days=1)).timestamp())
    create(lab.client, f"{lab.table}-2")
    told = lab.client.describe_time_to_live(TableName=f"{lab.table}-2")["TimeToLiveDescription"]
    assert told == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
