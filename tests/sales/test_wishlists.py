"""Stories of a shared list: made, read by friends, ticked, expired, taken away."""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.errors import Refused, Stale
from etalage.sales.wishlists import Wishlists
from tests.laws.records import NOON, Unguarded
from tests.make import at


class Table:
    """Wishlists over a file of their own, with a clock that a story moves."""

    def __init__(self, folder: Path) -> None:
        self.path, self.now = folder / "records.sqlite", NOON
        self.records = SqliteRecords(self.path, lambda: self.now)
        self.lists = Wishlists(self.records, lambda: self.now, os.urandom)


@pytest.fixture
def table(tmp_path: Path):
    made = Table(tmp_path)
    yield made
    made.records.close()


def code_of(act) -> str:
    with pytest.raises(Refused) as no:
        act()
    return no.value.code


def test_a_list_is_read_by_who_has_its_token_and_by_nobody_else(table: Table) -> None:
    made = table.lists.make("linde", ["a", "b"], [at("2026-12-05 20:00")])
    assert table.lists.read(made.token).performances == ("a", "b")
    for wrong in ("", made.token[:-1], made.token + "A", made.token.swapcase(), made.secret, "\ud800", "x" * 10_000):
        assert code_of(lambda wrong=wrong: table.lists.read(wrong)) == "list_unknown"


def test_no_two_tokens_are_alike_and_each_has_128_bits(table: Table) -> None:
    made = [table.lists.make("linde", ["a"], []) for _ in range(50)]
    words = {word for one in made for word in (one.token, one.secret)}
    assert len(words) == 100 and {len(word) for word in words} == {22}
    counter = itertools.count()
    same = Wishlists(table.records, lambda: table.now, lambda n: next(counter).to_bytes(n))
    assert same.make("linde", ["a"], []).token == "A" * 22  # randomness is handed in, and all of it is used


def test_a_stolen_copy_of_the_records_opens_no_list(table: Table) -> None:
    made = table.lists.make("linde", ["a"], [])
    table.lists.join(made.token, "my own key", ["a"], "Ann")
    table.records.close()
    stored = b"".join(path.read_bytes() for path in table.path.parent.iterdir())
    assert b"Ann" in stored
    for word in (made.token, made.secret, "my own key"):
        assert word.encode() not in stored


def test_a_list_is_over_two_months_after_its_last_date(table: Table) -> None:
    made = table.lists.make("linde", ["a"], [NOON + timedelta(days=10)])
    table.now += timedelta(days=69)
    table.lists.join(made.token, "k", ["a"], "Ann")  # a tick does not make it live longer
    table.now += timedelta(days=1)
    assert code_of(lambda: table.lists.read(made.token)) == "list_unknown"
    assert code_of(lambda: table.lists.join(made.token, "k", ["a"])) == "list_unknown"


def test_its_maker_takes_it_away_and_nobody_else(table: Table) -> None:
    made = table.lists.make("linde", ["a"], [])
    for wrong in ("", made.token, made.secret[:-1]):
        assert code_of(lambda wrong=wrong: table.lists.delete(made.token, wrong)) == "secret_wrong"
    table.lists.delete(made.token, made.secret)
    assert code_of(lambda: table.lists.read(made.token)) == "list_unknown"
    assert code_of(lambda: table.lists.delete(made.token, made.secret)) == "list_unknown"


def test_a_friend_ticks_changes_and_withdraws(table: Table) -> None:
    made = table.lists.make("linde", ["a", "b"], [])
    table.lists.join(made.token, "ann", ["a"], "Ann")
    table.lists.join(made.token, "ann", ["a", "b"], "Ann")
    table.lists.join(made.token, "bob", ["b"])
    assert [(join.name, join.performances) for join in table.lists.read(made.token).joins] == [
        ("Ann", ("a", "b")),
        ("", ("b",)),
    ]
    table.lists.leave(made.token, "somebody else")
    table.lists.leave(made.token, "ann")
    assert [join.performances for join in table.lists.read(made.token).joins] == [("b",)]


def tick_together(table: Table, records) -> int:
    lists = Wishlists(records, lambda: table.now, os.urandom)
    made = lists.make("linde", ["a"], [])

    def tick(number: int) -> None:
        try:
            lists.join(made.token, f"friend {number}", ["a"])
        except Stale:  # told to try again: so does a friend
            tick(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tick, range(24)))
    return len(lists.read(made.token).joins)


def test_friends_who_tick_at_the_same_moment_are_all_on_it(table: Table) -> None:
    assert tick_together(table, table.records) == 24


def test_control_without_the_guard_friends_get_lost(table: Table) -> None:
    class Slow(Unguarded):
        """Time between reading and writing, so that friends do meet."""

        def put(self, *args, **more) -> int:
            import time

            time.sleep(0.005)
            return super().put(*args, **more)

    assert tick_together(table, Slow(table.records)) < 24
