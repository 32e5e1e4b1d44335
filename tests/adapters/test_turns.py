"""Who waits for a document gets it in time, or hears that it is busy; nobody waits in a ring."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from etalage.adapters._turns import Turns
from etalage.model.errors import Unavailable


def test_who_wants_two_documents_in_another_order_waits_in_no_ring() -> None:
    turns = Turns()
    at: list[int] = []

    def work(keys: Any) -> None:
        for _ in range(2000):
            with turns.of(keys):
                at.append(1)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [(0, 8), (8, 0)]))  # two numbers whose set remembers which came first
    assert len(at) == 4000


def test_a_turn_that_does_not_come_is_busy_and_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etalage.adapters._turns.PATIENCE", 0.05)
    turns = Turns()
    with turns.of([("a", "2")]), pytest.raises(Unavailable) as no, turns.of([("a", "1"), ("a", "2"), ("a", "3")]):
        pytest.fail("it was somebody else's turn")
    assert no.value.code == "records_busy"
    with turns.of([("a", "1"), ("a", "2"), ("a", "3")]):
        pass


def test_a_turn_ends_also_when_something_goes_wrong() -> None:
    turns = Turns()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turns.of([("a", "1")]):
            raise ZeroDivisionError
