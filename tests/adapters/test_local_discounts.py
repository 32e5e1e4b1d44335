"""A house's own card under the laws of Discounts, and what its own records keep."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from etalage.adapters._luhn import is_checked
from etalage.adapters.local_discounts import Card, LocalDiscounts
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.ports.records import Records
from tests.laws.discounts import REGULAR, Laws, claim


def card(first: str) -> str:
    """Ten digits of which the last one is right."""
    return next(first + str(last) for last in range(10) if is_checked(first + str(last)))


LOST = (card("770000001"), card("770000002"))
CARD = Card(name={"nl": "Ledenkaart"}, begins="77", digits=10, percent=25, group="779", group_most=3, lost=LOST)


class Lab:
    event, other = "csv:linde/winter/1", "csv:linde/winter/2"
    number, group = card("771234567"), card("779234567")
    without, unknown = LOST
    is_outside = False

    def __init__(self, records: Records) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.records, self._ids = records, count(1)

    def discounts(self) -> LocalDiscounts:
        return LocalDiscounts(
            "linde", CARD, self.records, b"key", lambda: self.now, lambda n: next(self._ids).to_bytes(n, "big")
        )

    def lose(self) -> None:
        raise AssertionError("our own records lose no answers")

    def silence(self, requests: int = 1) -> None:
        raise AssertionError("our own records are never silent")


class TestLocalDiscounts(Laws):
    @pytest.fixture
    def lab(self, tmp_path: Path) -> Lab:
        return Lab(SqliteRecords(tmp_path / "records.sqlite", lambda: datetime(2026, 11, 22, 12, tzinfo=UTC)))

    def test_the_records_know_no_number(self, lab: Lab, tmp_path: Path) -> None:
        system = lab.discounts()
        system.register([claim(lab, system), claim(lab, system, lab.group)])
        written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert written and not [one for one in (lab.number, lab.group) if one.encode() in written]

    def test_a_number_is_read_as_it_is_typed(self, lab: Lab) -> None:
        system = lab.discounts()
        spaced = f"{lab.number[:2]}-{lab.number[2:6]} {lab.number[6:]}"
        assert system.reads(spaced) == lab.number
        wrong = lab.number[:-1] + str((int(lab.number[-1]) + 1) % 10)
        assert system.reads(wrong) == system.reads("66" + lab.number[2:]) == ""

    def test_a_quarter_off(self, lab: Lab) -> None:
        (given,) = lab.discounts().entitlements(lab.event, REGULAR, lab.number).entitlements
        assert (given.price.cents, given.name) == (1350, "Ledenkaart")
