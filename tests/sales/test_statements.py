"""A statement per house and period: all that happened, once, and the same again whenever it is asked for."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.checkout import Shown, State
from etalage.model.entry import Account, Entry, What
from etalage.model.errors import Refused
from etalage.model.journal import Sum, journal
from etalage.model.statement import Statement, month_before, read_period
from etalage.sales import ledger
from etalage.sales.statements import Statements
from tests.sales.test_ledger import Life
from tests.sales.world import NOON, PRICE, World

BRUSSELS = "Europe/Brussels"
NOVEMBER, DECEMBER = read_period("2026-11"), read_period("2026-12")
SHOWN = {
    f"toml:{house}/a/1": Shown(prices={"zaal.basis": PRICE}, vat={"zaal.basis": 600}) for house in ("linde", "brug")
}


@pytest.fixture
def sold(tmp_path: Path) -> World:
    """Two places at De Linde and one at De Brug, sold in November."""
    world = World(tmp_path)
    sell(world, "co1")
    return world


def sell(world: World, key: str) -> None:
    world.basket(key=key, shown=SHOWN)
    world.saga.run(key)
    world.pay(key)
    assert world.saga.run(key).state is State.DONE


def books(world: World) -> Statements:
    return Statements(world.records, lambda account: {"sandbox": "regio"}.get(account, ""), world.now)


def book(records: SqliteRecords, entries: list[Entry], now: datetime) -> None:
    for entry in entries:
        records.transact([ledger.put(entry, now)])


def to_december(world: World) -> None:
    world.now = datetime(2026, 12, 3, tzinfo=UTC)


def test_before_the_period_is_over_it_is_a_preview(sold: World) -> None:
    sold.pass_time(hours=1)
    drawn = books(sold).close("linde", NOVEMBER, BRUSSELS)
    assert (drawn.final, drawn.owed) == (False, {"sandbox": 2 * PRICE})
    sold.ticket_back(sold.codes("linde")[0])
    sold.pass_time(hours=1)
    assert books(sold).close("linde", NOVEMBER, BRUSSELS).owed == {"sandbox": PRICE}


def test_once_given_it_stays_as_it_was_and_what_comes_late_stands_in_the_next(sold: World) -> None:
    to_december(sold)
    given = books(sold).close("linde", NOVEMBER, BRUSSELS)
    assert given.final and given.owed == {"sandbox": 2 * PRICE} and not [row for row in given.rows if row.earlier]
    sold.saga.give_back("co1", ["linde"])
    sold.pass_time(hours=1)
    (paid,) = [entry for entry in ledger.entries(sold.records) if entry.what is What.PAID]
    late = replace(paid, order="co9", at=NOON)  # booked a week after it happened
    sold.records.transact([ledger.put(late, sold.now)])
    sold.pass_time(days=40)
    assert books(sold).close("linde", NOVEMBER, BRUSSELS) == given
    after = books(sold).close("linde", DECEMBER, BRUSSELS)
    assert [(row.what, row.cents, row.earlier) for row in after.rows] == [
        (What.PAID, 2 * PRICE, True),
        (What.BACK, -2 * PRICE, False),
    ]


def test_days_are_those_of_the_house(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.now = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # half past midnight in Brussels
    sell(world, "co1")
    world.pass_time(days=60)
    assert books(world).close("linde", NOVEMBER, BRUSSELS).rows == []
    (row,) = books(world).close("linde", DECEMBER, BRUSSELS).rows
    assert row.day == date(2026, 12, 1)


def test_what_was_paid_by_bank_is_noted_once_and_no_longer_owed(sold: World) -> None:
    with pytest.raises(Refused) as early:
        books(sold).pay("linde", NOVEMBER, BRUSSELS)
    assert early.value.code == "statement_open"
    to_december(sold)
    books(sold).close("linde", NOVEMBER, BRUSSELS)
    for _ in range(2):
        assert books(sold).pay("linde", NOVEMBER, BRUSSELS).paid == {"sandbox"}
    sums = ledger.balances(ledger.entries(sold.records))
    assert sums[Account.HOUSE, "linde"] == 0 and sums[Account.BANK, "sandbox"] == -2 * PRICE and not sum(sums.values())
    sold.pass_time(days=40)
    assert books(sold).close("linde", DECEMBER, BRUSSELS).rows == [], "that it was paid is no line of the next"


def test_books_that_were_changed_under_a_statement_are_told(sold: World) -> None:
    to_december(sold)
    books(sold).close("linde", NOVEMBER, BRUSSELS)
    (record,) = [one for one in sold.records.walk(ledger.ENTRY) if one.id == "co1/paid"]
    sold.records.put(ledger.ENTRY, record.id, record.value, expect=record.version, expires=sold.now)
    sold.pass_time(minutes=1)
    with pytest.raises(Refused) as changed:
        books(sold).close("linde", NOVEMBER, BRUSSELS)
    assert changed.value.code == "statement_changed"


def test_on_its_own_account_nothing_is_owed_and_fees_are_a_cost(sold: World) -> None:
    (paid,) = ledger.entries(sold.records)
    sold.pass_time(hours=1)
    drawn = Statements(sold.records, lambda _: "linde", sold.now).draw("linde", NOVEMBER, BRUSSELS)
    assert drawn.owed == {} and drawn.own == {"sandbox"} and drawn.cents == 2 * PRICE == -paid.lines[1].cents


def test_the_journal_is_per_day_and_rate(sold: World) -> None:
    sold.ticket_back(sold.codes("linde")[0])
    sold.pass_time(days=1)
    sell(sold, "co2")
    sold.pass_time(hours=1)
    rows = books(sold).draw("linde", NOVEMBER, BRUSSELS).rows
    day, next_day = date(2026, 11, 22), date(2026, 11, 23)
    assert journal(rows) == [
        Sum(day, "sandbox", What.BACK, 600, -PRICE),
        Sum(day, "sandbox", What.PAID, 600, 2 * PRICE),
        Sum(next_day, "sandbox", What.PAID, 600, 2 * PRICE),
    ]
    assert [one.tax for one in journal(rows)] == [-85, 170, 170], "15.00 holds 0.85 at 6 %"


@pytest.mark.parametrize(("cents", "rate", "tax"), [(106, 600, 6), (100, 600, 6), (121, 2100, 21), (1, 2100, 0), (1000, 0, 0), (-1500, 600, -85), (500, -1, 0)])  # fmt: skip
def test_vat_is_in_the_price(cents: int, rate: int, tax: int) -> None:
    assert Sum(NOON.date(), "x", What.PAID, rate, cents).tax == tax


def test_whatever_is_asked_in_whichever_order_every_cent_stands_once(tmp_path: Path) -> None:
    """A hundred lives over three months; statements are given at odd moments, some twice, and then all that is left."""
    dice = Random(6)
    for turn in range(100):
        records = SqliteRecords(tmp_path / f"{turn}.db", lambda: NOON)
        life = Life(dice)
        given: dict[tuple[str, str], Statement] = {}
        houses = [share.house for share in life.order.shares]
        known = 0
        for step in range(30):
            now = NOON + timedelta(days=3 * step, hours=dice.randrange(24))
            life.now = now - timedelta(hours=dice.randrange(100))
            life.go_on()
            if dice.random() < 0.7:  # the provider may have been silent
                book(records, life.entries[known:], now)
                known = len(life.entries)
            house, period = (
                dice.choice(houses),
                read_period(dice.choice(("2026-11", "2026-12", "2026-11-10..2026-12-10"))),
            )
            drawn = Statements(records, lambda _: "regio", now).close(house, period, BRUSSELS)
            before = given.get((house, period.name))
            assert before is None or drawn == before
            if drawn.final:
                given[house, period.name] = drawn
        book(records, life.entries[known:], now)
        now += timedelta(days=400)
        last = [
            Statements(records, lambda _: "regio", now).close(house, read_period("2027-12"), BRUSSELS)
            for house in houses
        ]
        sums = ledger.balances(life.entries)
        for house in houses:
            mine = [one for one in (*given.values(), *last) if one.house == house]
            assert sum(one.cents for one in mine) == -sums[Account.HOUSE, house]
            lines = [(row.id, row.vat) for one in mine for row in one.rows]
            assert len(set(lines)) == len(lines)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-11-01", "2026-11-10..2026-11-01", "2026-11..2026-12", "x..y"]
)
def test_a_period_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused) as no:
        read_period(text)
    assert no.value.code == "period_wrong"


def test_without_a_word_it_is_last_month() -> None:
    assert month_before(date(2027, 1, 31)).name == "2026-12" and month_before(date(2028, 3, 1)).last == date(
        2028, 2, 29
    )
