"""Who writes for a visitor: the records' own thread where nobody outside is asked, else a thread that may wait."""

import threading
from pathlib import Path
from typing import Any

import pytest

from etalage.adapters.local_ticketing import LocalTicketing
from etalage.adapters.sandbox_payments import SandboxPayments
from tests.functions.test_sale import Till, open_till
from tests.sales.world import World


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """House, or "money" → the threads in which it was asked."""
    told: dict[str, set[str]] = {}
    for owner, verb, name in (
        (LocalTicketing, "hold", lambda one: one.house),
        (LocalTicketing, "confirm", lambda one: one.house),
        (SandboxPayments, "start", lambda _: "money"),
        (SandboxPayments, "act", lambda _: "money"),
    ):
        usual = getattr(owner, verb)

        def asked(self: Any, *given: Any, usual: Any = usual, name: Any = name, **named: Any) -> Any:
            told.setdefault(name(self), set()).add(threading.current_thread().name.partition("_")[0])
            return usual(self, *given, **named)

        monkeypatch.setattr(owner, verb, asked)
    return told


def sell(till: Till) -> None:
    """From a basket over two houses to tickets."""
    made = till.buy().json()
    assert till.press(made["pay_url"]).status_code == 303
    while not till.world.calls:
        threading.Event().wait(0.01)
    assert till.deliver() == [200]
    assert till.visitor.get(f"/api/orders/{made['order']}").json()["state"] == "done"


def test_a_sale_of_our_own_inventory_is_written_by_the_records_alone(tmp_path: Path, seen: dict[str, set[str]]) -> None:
    sell(open_till(tmp_path, world=World(tmp_path, ours=True)))
    assert seen == {"linde": {"records"}, "brug": {"records"}, "money": {"records"}}


def test_a_house_outside_is_asked_in_its_own_threads_and_nobody_waits_for_it(
    tmp_path: Path, seen: dict[str, set[str]]
) -> None:
    world = World(tmp_path, ours=True)
    del world._pools["brug"]
    sell(open_till(tmp_path, world=world))
    assert seen["brug"] == {"brug"} and seen["linde"].isdisjoint({"brug"})


def test_what_was_begun_before_somebody_outside_was_to_be_asked_is_not_there_twice(tmp_path: Path) -> None:
    world = World(tmp_path, ours=True)
    del world._pools["brug"]
    till = open_till(tmp_path, world=world)
    made = till.buy()
    assert made.status_code == 201 and till.buy().json() == made.json()
    assert (world.free("linde"), world.free("brug")) == (3, 4)
    assert len(list(world.records.walk("checkout"))) == 1


@pytest.mark.parametrize("outside", [False, True])
def test_who_comes_too_late_hears_it_each_time_and_what_was_begun_stands_as_undone(
    tmp_path: Path, outside: bool
) -> None:
    world = World(tmp_path, ours=True)
    if outside:
        del world._pools["brug"]
    till = open_till(tmp_path, world=world)
    assert till.buy(linde=1, brug=5).status_code == 201
    late = {"idempotency-key": "a-key-of-who-comes-late"}
    for _ in range(2):
        no = till.buy(**late)
        assert (no.status_code, no.json()["code"]) == (409, "sold_out")
    assert sorted(world.saga.read(one.id).state.value for one in world.records.walk("checkout")) == [
        "awaiting",
        "undone",
    ]
    assert world.free("linde") == 4, "and it keeps nothing"
