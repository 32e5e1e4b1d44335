"""Our own inventory keeps the laws of Ticketing on SQLite, as one stock and in shards."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from etalage.adapters.local_ticketing import LocalTicketing
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.errors import Refused
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money
from etalage.model.sale import Line, OrderState, Seat, SeatState
from etalage.ports.records import Change, Decide, Key, Record, Records, T
from etalage.ports.ticketing import Ticketing
from tests.laws.ticketing import TTL, TicketingLaws, lines, sell
from tests.shop import ROOT

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RATES = (
    Rate(id="standard", prices={"zaal": Money(1800), "parterre": Money(2400)}, name={"nl": "Basis"}),
    Rate(id="reduced", prices={"zaal": Money(1200)}, name={"nl": "-26"}),
    Rate(id="duo", prices={"balkon": Money(900)}, least=2, most=4),
)
SEATS = tuple(
    Seat(id=f"p-{row}-{number}", zone="parterre", row=row, number=str(number))
    for row in ("A", "B")
    for number in range(1, 7)
)


class Slow:
    """Records that read, wait, and then write whatever is there: the control."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.get, self.several = records.get, records.several

    def change(self, keys: Sequence[Key], decide: Decide[T]) -> T:
        changes: Sequence[Change]
        changes, answer = decide([self.records.get(*key) for key in keys])
        time.sleep(0.01)
        if changes:
            self.records.transact(changes)
        return answer


class LocalLab:
    counted, numbered, closed = "toml:linde/a/1", "toml:linde/b/1", "toml:linde/c/1"
    later, later_places = "toml:linde/a/2", 3
    places, standard, reduced, seat_tariff = 12, "zaal.standard", "zaal.reduced", "parterre.standard"

    def __init__(self, folder: Path, *, sharded: bool = False, places: int = 12) -> None:
        self.folder, self.now, self.sharded, self.places = folder, NOON, sharded, places
        zaal = Rank(id="zaal", capacity=places)
        blocked = (*SEATS[:-1], Seat(id=SEATS[-1].id, state=SeatState.BLOCKED))
        self.offerings = {
            self.counted: Offering(performance=self.counted, ranks=(zaal,), rates=RATES[:2]),
            self.numbered: Offering(
                performance=self.numbered, ranks=(Rank(id="parterre", seats=blocked),), rates=RATES[:1]
            ),
            self.later: Offering(
                performance=self.later, ranks=(Rank(id="zaal", capacity=self.later_places),), rates=RATES[:2]
            ),
            self.closed: Offering(
                performance=self.closed, ranks=(zaal,), rates=RATES[:2], closes=NOON - timedelta(hours=1)
            ),
        }
        self.store = SqliteRecords(folder / "records.db", lambda: self.now)

    def ticketing(self) -> LocalTicketing:
        return self._on(self.store)

    def unguarded(self) -> Ticketing:
        return self._on(Slow(self.store))  # type: ignore[arg-type]

    def pass_time(self, by: timedelta) -> None:
        self.now += by

    def _on(self, records: Records) -> LocalTicketing:
        return LocalTicketing("linde", records, self.offerings.get, lambda: self.now, os.urandom, sharded=self.sharded)


class TestSqlite(TicketingLaws):
    @pytest.fixture
    def lab(self, tmp_path: Path) -> LocalLab:
        return LocalLab(tmp_path)


class TestSharded(TicketingLaws):
    """Three stocks of one rank: a party that fits in none of them sits over two."""

    @pytest.fixture
    def lab(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalLab:
        monkeypatch.setattr("etalage.adapters.local_ticketing.SHARD", 4)
        return LocalLab(tmp_path, sharded=True)


@pytest.fixture
def lab(tmp_path: Path) -> LocalLab:
    return LocalLab(tmp_path)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        call()
    return no.value.code


def test_limits_per_order_and_per_price_are_the_houses(lab: LocalLab) -> None:
    rank = Rank(id="balkon", capacity=20)
    lab.offerings["x"] = Offering(performance="x", ranks=(rank,), rates=RATES[2:], most=6)
    house = lab.ticketing()

    def take(number: int) -> object:
        return house.hold(
            f"r{number}", [Line(key=f"l{n}", performance="x", tariff="balkon.duo") for n in range(number)], TTL
        )

    assert refused(lambda: take(1)) == "too_few"
    assert refused(lambda: take(5)) == "too_many_places" == refused(lambda: take(7))
    take(4)


def test_a_sale_opens_and_closes_at_its_moment(lab: LocalLab) -> None:
    known = lab.offerings[lab.counted]
    opens, closes = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    lab.offerings[lab.counted] = Offering(
        performance=lab.counted, ranks=known.ranks, rates=known.rates, opens=opens, closes=closes
    )
    house = lab.ticketing()
    assert refused(lambda: house.hold("a", lines(lab, 1), TTL)) == "sale_closed" and not house.tariffs(lab.counted)
    assert house.availability([lab.counted])[lab.counted].free == lab.places, "not on sale yet is not sold out"
    lab.now = opens
    hold = house.hold("a", lines(lab, 1), TTL * 10)
    lab.now = closes
    assert refused(lambda: house.hold("b", lines(lab, 1), TTL)) == "sale_closed"
    assert house.availability([lab.counted])[lab.counted].free == 0
    assert house.lookup("a").state is OrderState.HELD and hold.amount == Money(1800), "who was in time goes on"


def test_what_is_sold_stays_sold_when_the_process_ends(lab: LocalLab) -> None:
    order = sell(lab.ticketing(), "a", lines(lab, 2))
    lab.store.close()
    again = LocalLab(lab.folder)
    assert again.ticketing().lookup("a") == order
    assert again.ticketing().availability([lab.counted])[lab.counted].free == lab.places - 2


def test_a_large_party_over_every_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etalage.adapters.local_ticketing.SHARD", 4)
    lab = LocalLab(tmp_path, sharded=True)
    house = lab.ticketing()
    sell(house, "a", lines(lab, 10))
    assert refused(lambda: house.hold("b", lines(lab, 3), TTL)) == "sold_out"
    sell(house, "c", lines(lab, 2))
    house.cancel("a", ["l1", "l10"])
    sell(house, "d", lines(lab, 2))
    assert house.availability([lab.counted])[lab.counted].free == 0


def test_two_buyers_cannot_have_one_seat_twice_in_one_basket(lab: LocalLab) -> None:
    twice = [Line(key=f"l{n}", performance=lab.numbered, tariff=lab.seat_tariff, seat="p-A-1") for n in range(2)]
    assert refused(lambda: lab.ticketing().hold("a", twice, TTL)) == "seat_twice"


def test_the_store_holds_nothing_that_it_need_not(lab: LocalLab) -> None:
    """Of a hold nothing personal is known; of a sale the name and address that its tickets need."""
    house = lab.ticketing()
    house.hold("a", lines(lab, 1), TTL)
    found: Record | None = lab.store.get("inventory-order", "linde/a")
    assert found and b"voorbeeld" not in found.value


BUYERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from etalage.model.errors import Refused
from etalage.model.sale import Line
from tests.adapters.test_local_ticketing import LocalLab
from tests.laws.ticketing import sell
lab, name = LocalLab(Path(sys.argv[1]), places=40), sys.argv[2]
def buy(number):
    try:
        sell(lab.ticketing(), f"{name}-{number}", [Line(key="l", performance=lab.counted, tariff=lab.standard)])
    except Refused as no:
        return no.code
    return "sold"
with ThreadPoolExecutor(16) as pool:
    print(*pool.map(buy, range(60)))
"""


def test_two_processes_sell_what_there_is_and_no_more(tmp_path: Path) -> None:
    line = [sys.executable, "-c", BUYERS, str(tmp_path)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    shops = [subprocess.Popen([*line, name], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) for name in "ab"]
    told = [word for shop in shops for word in shop.communicate(timeout=60)[0].split()]
    assert (told.count("sold"), told.count("sold_out"), len(told)) == (40, 80, 120)
    lab = LocalLab(tmp_path, places=40)
    assert lab.ticketing().availability([lab.counted])[lab.counted].free == 0


def test_a_basket_over_many_large_halls_is_refused_and_not_broken(tmp_path: Path) -> None:
    lab = LocalLab(tmp_path, sharded=True)
    rank = Rank(id="zaal", capacity=2000)
    names = [f"toml:linde/groot/{n}" for n in range(12)]
    lab.offerings |= {name: Offering(performance=name, ranks=(rank,), rates=RATES[:1]) for name in names}
    lab.offerings[names[0]] = Offering(performance=names[0], ranks=(Rank(id="zaal", capacity=1),), rates=RATES[:1])
    house = lab.ticketing()
    wanted = [Line(key=f"l{n}", performance=name, tariff="zaal.standard") for n, name in enumerate(names)]
    house.hold("a", wanted, TTL)
    assert refused(lambda: house.hold("b", wanted, TTL)) == "sold_out"
    house.hold("c", wanted[1:], TTL)
