"""Who does a house's accounts: last month's statement as a page and as tables, the same each time, and that it was paid."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from etalage import wiring
from etalage.model.entry import Entry
from etalage.sales import ledger
from tests.commands.test_orders import Till


class Office:
    """A house that sold three places two months ago, and gave one of them back since."""

    def __init__(self, folder: Path) -> None:
        self.till = Till(folder)
        self.folder = folder / "statements"
        self.sold = wiring.clock() - timedelta(days=62)
        records = self.till.till.records
        keys = [self.till.sell(), self.till.sell(places=2)]
        entries = list(ledger.entries(records))
        for number, key in enumerate(keys):  # as they would have been written then
            (paid,) = [entry for entry in entries if entry.order == key]
            self.book(replace(paid, order=f"then{number}", at=self.sold), self.sold)
        self.month = f"{self.sold:%Y-%m}"

    def book(self, entry: Entry, at: datetime) -> None:
        self.till.till.records.transact([ledger.put(entry, at)])

    def settle(self, *more: str, status: int = 0) -> dict:
        return self.till.shop.run(
            "settle", "--period", self.month, "--to-folder", str(self.folder), *more, status=status
        )

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}

    def table(self, name: str) -> list[dict[str, str]]:
        text = (self.folder / name).read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(text.splitlines(), delimiter=";"))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.till.till.records.close()


def test_a_statement_is_a_page_a_table_and_a_journal_and_the_same_each_time(office: Office) -> None:
    report = office.settle()
    assert report["statements"]["linde"] == {
        "final": True, "lines": 2, "total": 5400, "owed": {"sandbox": 5400}, "paid": [],
    }  # fmt: skip
    first = office.files()
    assert list(first) == ["linde.csv", "linde.html", "linde.journal.csv"]
    assert [row["amount"] for row in office.table("linde.csv")] == ["18,00", "36,00"]
    (row,) = office.table("linde.journal.csv")
    assert (row["what"], row["including_vat"], row["vat"]) == ("paid", "54,00", "")
    page = first["linde.html"].decode()
    assert "€54.00" in page and "De Linde" in page and "preview" not in page
    office.settle()
    assert office.files() == first


def test_what_comes_to_light_later_changes_nothing_that_was_given(office: Office) -> None:
    office.settle()
    first = office.files()
    (known,) = [entry for entry in ledger.entries(office.till.till.records) if entry.order == "then0"]
    office.book(replace(known, order="late"), wiring.clock())
    assert office.settle()["statements"]["linde"]["total"] == 5400 and office.files() == first


def test_this_month_is_a_preview(office: Office) -> None:
    month = f"{wiring.clock():%Y-%m}"
    report = office.till.shop.run("settle", "--period", month, "--to-folder", str(office.folder))
    assert report["statements"]["linde"]["final"] is False
    assert "A preview" in office.files()["linde.preview.html"].decode()


def test_it_was_paid(office: Office) -> None:
    assert "was not given yet" in office.settle("--house", "linde", "--paid", status=1)["trouble"][0]
    office.settle()
    assert office.settle("--house", "linde", "--paid")["statements"]["linde"]["paid"] == ["sandbox"]
    assert "This was paid" in office.files()["linde.html"].decode()
    owed = office.till.shop.run("orders", "books")
    assert owed["owed"]["linde"] == 5400 and owed["bank"] == -5400, "what was sold today is still owed"


def test_what_nobody_can_mean_is_refused(office: Office) -> None:
    run = office.till.shop.run
    assert "is no period" in str(run("settle", "--period", "soon", status=1))
    assert "there is no house" in str(run("settle", "--house", "nobody", status=1))
    assert "say with --house" in str(run("settle", "--paid", status=1))
