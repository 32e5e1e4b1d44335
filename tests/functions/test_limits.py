"""What one may take at once is said before one chooses, and not only when it was too much."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from etalage.model.money import Money
from etalage.model.sale import Tariff
from tests.functions.test_counter_pages import Client
from tests.functions.test_sale import LINDE, open_till


def tariff(id: str, category: str = "", **limits: int | str) -> Tariff:
    return Tariff(id=id, price=Money(1500), name={"nl": id}, category={"nl": category} if category else {}, **limits)


HALL = {"least": 2, "most": 4, "shared": "zaal"}
CASES = [
    ([tariff("basis", most=3)], [], [[0, 1, 2, 3]]),
    ([tariff("basis", together=3), tariff("kind", together=3)], ["At most 3"], [[0, 1, 2, 3]] * 2),
    ([tariff("basis", **HALL, together=6), tariff("kind", **HALL, together=6)], ["At least 2", "At most 4"], [[0, 1, 2, 3, 4]] * 2),
    ([tariff("basis", **HALL, together=3), tariff("kind", **HALL, together=3)], ["At least 2", "At most 3"], [[0, 1, 2, 3]] * 2),
    ([tariff("basis", "Zaal", **HALL), tariff("kind", "Zaal", **HALL), tariff("balkon", least=3, most=4)], ["Zaal: At least 2", "Zaal: At most 4"],
     [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [0, 3, 4]]),
    ([tariff("basis", **HALL), tariff("balkon")], [], [[0, 2, 3, 4], list(range(11))]),
]  # fmt: skip
"""Prices; the first words of each sentence above them; the numbers of each."""


@pytest.fixture
def guest(tmp_path: Path) -> Client:
    return Client(open_till(tmp_path, places=20), tmp_path)


@pytest.mark.parametrize(("tariffs", "words", "numbers"), CASES)
def test_limits_are_told_with_the_prices(
    guest: Client,
    monkeypatch: pytest.MonkeyPatch,
    tariffs: Sequence[Tariff],
    words: list[str],
    numbers: list[list[int]],
) -> None:
    monkeypatch.setattr(guest.world.houses["linde"]._house, "tariffs", lambda _: tariffs)
    page = Tree(guest.get(f"choose?p={LINDE}").text)
    told = [one.text() for one in page.css(".till-form > p.small") if "in one order" in one.text()]
    assert [one.partition(" together")[0] for one in told] == words
    assert [[int(one.text()) for one in choice.css("option")] for choice in page.css(".till-choice")] == numbers
