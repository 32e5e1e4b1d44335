"""Our own inventory keeps the laws of Ticketing on DynamoDB, in shards, also when every fifth write is refused."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from etalage.adapters._local_desk import STOCK
from etalage.adapters.local_ticketing import LocalTicketing
from etalage.model.sale import OrderState
from etalage.ports.records import Records
from etalage.ports.ticketing import Ticketing
from tests.adapters.dynamo_lab import DynamoLab, Faults, now_and_then, reach
from tests.adapters.test_local_ticketing import LocalLab, Slow
from tests.laws.ticketing import TicketingLaws, rush
from tests.servers.fixtures import ministack  # noqa: F401

pytestmark = pytest.mark.server
PLACES, BUYERS = (200, 2000) if os.environ.get("ETALAGE_PEAK") else (20, 200)
"""With ETALAGE_PEAK=1 as large as reliability A2 asks; that takes minutes."""
STOCKS = min(PLACES // 4, 10)
"""Documents of a rank: four places each here, and ten at most."""


class DynamoHouse(LocalLab):
    """A house whose store is a table of its own; each till has its own adapter."""

    def __init__(self, folder: Path, dynamo: DynamoLab, **more: Any) -> None:
        super().__init__(folder, sharded=True, **more)
        self.dynamo = dynamo
        dynamo.now = self.now

    def ticketing(self) -> LocalTicketing:
        return self._on(self.dynamo.records())

    def unguarded(self) -> Ticketing:
        return self._on(Slow(self.dynamo.records()))  # type: ignore[arg-type]

    def pass_time(self, by: Any) -> None:
        super().pass_time(by)
        self.dynamo.now = self.now

    def sold(self) -> int:
        """Places sold, as the stocks say."""
        free: int = self.ticketing().availability([self.counted])[self.counted].free
        return self.places - free


@pytest.fixture(scope="module")
def faults(ministack: str) -> Faults:
    return Faults(reach(ministack))


@pytest.fixture
def dynamo(ministack: str, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoLab]:
    monkeypatch.setattr("etalage.adapters.local_ticketing.SHARD", 4)
    faults.clear()
    yield DynamoLab(ministack, faults.client, faults)
    faults.clear()


class TestDynamo(TicketingLaws):
    """Three stocks of one rank."""

    @pytest.fixture
    def lab(self, tmp_path: Path, dynamo: DynamoLab) -> DynamoHouse:
        return DynamoHouse(tmp_path, dynamo)


@pytest.fixture
def house(tmp_path: Path, dynamo: DynamoLab) -> DynamoHouse:
    return DynamoHouse(tmp_path, dynamo, places=PLACES)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_last_places_are_sold_once_each_in_bad_weather(house: DynamoHouse, seed: int) -> None:
    house.dynamo.faults.come("TransactWriteItems", now_and_then(seed, conflict=0.2))
    told = Counter(rush(house.ticketing, house.counted, house.standard, BUYERS))
    sold = [reference for reference in told if reference.startswith("rush-")]
    assert set(told) - set(sold) <= {"sold_out", "records_busy"}, told
    assert len(sold) == house.sold() == PLACES and told["records_busy"] <= BUYERS / 50, told
    house.dynamo.faults.clear()
    held = Counter(house.ticketing().lookup(f"rush-{number}").state for number in range(BUYERS))
    assert held[OrderState.CONFIRMED] == PLACES


def test_control_without_the_guard_more_is_sold_than_there_is(house: DynamoHouse) -> None:
    told = rush(house.unguarded, house.counted, house.standard, PLACES * 3)
    assert sum(one.startswith("rush-") for one in told) > PLACES


def test_the_stocks_are_several_documents(house: DynamoHouse) -> None:
    """So that one item is not asked for more than DynamoDB gives: 1,000 writes a second."""
    rush(house.ticketing, house.counted, house.standard, PLACES)
    records: Records = house.dynamo.records()
    found = records.several([(STOCK, f"{house.counted}/zaal/{shard}") for shard in range(STOCKS + 1)])
    assert [one is not None for one in found] == [True] * STOCKS + [False]
