"""inventory.toml as staff write it, and what they are told when it is wrong."""

from pathlib import Path

import pytest

from etalage.adapters import toml_inventory
from etalage.model.errors import Refused
from etalage.model.house import House
from etalage.model.money import Money
from etalage.model.sale import SeatState

HOUSE = House(id="linde", name={"nl": "De Linde"}, languages=("nl", "fr"))
GOOD = """
most = 8
[[ranks]]
id = "zaal"
name = "Zaal"
capacity = 100
[[ranks]]
id = "balkon"
rows = [{ row = "A", seats = 3, blocked = [2], wheelchair = [1] }, { row = "B", seats = 2, first = 10, step = 2 }]
[[rates]]
id = "basis"
name = { nl = "Basis", fr = "Plein tarif" }
prices = { zaal = 18, balkon = "22,50" }
[[rates]]
id = "jong"
kind = "reduction"
prices = { zaal = 12.5 }
most = 4
[[offers]]
performances = ["toml:linde/winterreis/1"]
opens = "2026-09-01 10:00"
capacity = { zaal = 60 }
[[offers]]
performances = ["toml:linde/*"]
ranks = ["zaal"]
rates = ["basis"]
most = 2
"""


def read(folder: Path, text: str) -> toml_inventory.Inventory:
    path = folder / "inventory.toml"
    path.write_text(text, "utf-8")
    return toml_inventory.read(path, HOUSE)


def test_ranks_rates_and_offers(tmp_path: Path) -> None:
    offering = read(tmp_path, GOOD).find("toml:linde/winterreis/1")
    assert [(t.id, t.price.cents) for t in offering.tariffs()] == [
        ("zaal.basis", 1800),
        ("zaal.jong", 1250),
        ("balkon.basis", 2250),
    ]
    assert [rank.places for rank in offering.ranks] == [60, 5] and offering.most == 8
    assert {t.together for t in offering.tariffs()} == {8}, "told before one chooses"
    assert [(s.id, s.state, s.wheelchair) for s in offering.ranks[1].seats] == [
        ("balkon-A-1", SeatState.FREE, True), ("balkon-A-2", SeatState.BLOCKED, False), ("balkon-A-3", SeatState.FREE, False),
        ("balkon-B-10", SeatState.FREE, False), ("balkon-B-12", SeatState.FREE, False),
    ]  # fmt: skip
    assert str(offering.opens) == "2026-09-01 10:00:00+02:00" and offering.rates[0].prices["zaal"] == Money(1800)


def test_a_price_knows_its_vat(tmp_path: Path) -> None:
    offering = read(tmp_path, "vat = 6\n" + GOOD.replace("most = 4", "vat = 5.5")).find("toml:linde/winterreis/1")
    assert [t.vat for t in offering.tariffs()] == [600, 550, 600]
    assert {t.vat for t in read(tmp_path, GOOD).find("toml:linde/winterreis/1").tariffs()} == {None}


def test_what_falls_under_a_name_is_offered_as_it_says(tmp_path: Path) -> None:
    inventory = read(tmp_path, GOOD)
    other = inventory.find("toml:linde/jazz/3")
    assert (
        other.performance == "toml:linde/jazz/3"
        and other.most == 2
        and [t.id for t in other.tariffs()] == ["zaal.basis"]
    )
    assert inventory.find("toml:brug/jazz/3") is None and inventory.find("toml:linde") is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("most = x", "Invalid"), ("[[ranks]]\nid='a'\ncapacity=1\n[[rates]]\nid='b'\nprices={c=1}\n[[offers]]\nperformances=[]", "'c'"),
        (GOOD.replace("capacity = 100", ""), "capacity or rows"), (GOOD.replace('"22,50"', '"10 tot 15"'), "10 tot 15"),
        (GOOD.replace('ranks = ["zaal"]', 'ranks = ["kelder"]'), "kelder"), (GOOD.replace("2026-09-01 10:00", "binnenkort"), "binnenkort"),
        (GOOD.replace('"toml:linde/*"', '"toml:linde/winterreis/1"'), "twice"), (GOOD.replace("seats = 3", "seats = 3000"), "3000"),
        (GOOD.replace('id = "jong"', 'id = "basis"'), "same id"), (GOOD.replace("kind =", "soort ="), "soort"),
        (f"vat = 600\n{GOOD}", "percentage"), (GOOD.replace("most = 4", "vat = 6.123"), "percentage"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file(tmp_path: Path, wrong: str, says: str) -> None:
    with pytest.raises(Refused) as no:
        read(tmp_path, wrong)
    assert no.value.code == "settings_wrong" and says in no.value.say and no.value.where.endswith("inventory.toml")


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="it is not there"):
        toml_inventory.read(tmp_path / "inventory.toml", HOUSE)


BESIDE = """
[[ranks]]
id = "atelier"
capacity = 12
[[rates]]
id = "erbij"
kind = "free"
prices = { atelier = 0 }
with_ticket = true
[[offers]]
performances = ["toml:linde/workshop/1"]
ranks = ["atelier"]
rates = ["erbij"]
with = ["toml:linde/winterreis/1"]
"""


def test_what_goes_with_a_ticket_is_named_on_both_sides(tmp_path: Path) -> None:
    inventory = read(tmp_path, GOOD.replace('["toml:linde/*"]', '["toml:linde/jazz/*"]') + BESIDE)
    show, extra = inventory.find("toml:linde/winterreis/1"), inventory.find("toml:linde/workshop/1")
    assert {tariff.extras for tariff in show.tariffs()} == {(("toml:linde/workshop/1",),)}
    assert [tariff.extra.shows for tariff in extra.tariffs()] == [("toml:linde/winterreis/1",)]
    assert "zaal.erbij" not in [tariff.id for tariff in show.tariffs()], "an offer without rates has the others"
    assert {tariff.extras for tariff in inventory.find("toml:linde/jazz/2").tariffs()} == {()}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('with = ["toml:linde/winterreis/1"]', "", "the rate 'erbij' goes with a ticket"),
        ("with_ticket = true", "", "name a rate under rates that has with_ticket"),
        ("winterreis/1\"]\n", "zomerreis/1\"]\n", "'toml:linde/zomerreis/1' is not among"),
        ("winterreis/1\"]\n", "workshop/1\"]\n", "'toml:linde/workshop/1' is not among"),
        ('with = ["toml:linde', 'with = ["toml:brug', "'toml:brug/winterreis/1' is not among"),
    ],
)  # fmt: skip
def test_what_goes_with_a_ticket_that_is_not_sold_here_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in BESIDE
    text = GOOD.replace('["toml:linde/*"]', '["toml:linde/jazz/*"]') + BESIDE.replace(old, new)
    with pytest.raises(Refused, match=said) as told:
        read(tmp_path, text)
    assert told.value.code == "settings_wrong"


def test_what_is_known_of_seats(tmp_path: Path) -> None:
    row = '{ row = "A", seats = 3, blocked = [2], wheelchair = [1] }'
    text = GOOD.replace(row, row[:-1] + ', companion = [3], notes = [{ seats = [3], note = "Een pilaar" }] }')
    seats = read(tmp_path, text).find("toml:linde/winterreis/1").ranks[1].seats
    assert [(seat.companion, seat.note) for seat in seats[:3]] == [
        (False, {}),
        (False, {}),
        (True, {"nl": "Een pilaar"}),
    ]
    with pytest.raises(Refused) as told:
        read(tmp_path, GOOD.replace("wheelchair = [1]", "wheelchair = [4]"))
    assert "row A: there is no seat 4" in told.value.say
