"""Staff at the command line: they list orders, look one up, and give it back."""

import csv
import os
import stat
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from etalage import config, wiring
from etalage.model.basket import Wish
from etalage.model.checkout import State
from etalage.model.errors import Refused
from etalage.model.payment import Act
from etalage.model.sale import Buyer, Line
from etalage.model.shelf import Item, Shelf
from etalage.sales.counter import Counter, Order, Place
from etalage.sales.doorkeepers import Doorkeepers
from etalage.sales.letters import letters_of
from etalage.sales.organisers import Organisers
from tests.shop import Shop

HOUSE = """
name = "De Linde"
url = "https://linde.example"
[ticketing]
system = "local"
"""
INVENTORY = """
[[ranks]]
id = "zaal"
capacity = 5
[[rates]]
id = "basis"
prices = { zaal = 18 }
[[offers]]
performances = ["toml:linde/*"]
"""
BUYER = Buyer(email="an@voorbeeld.test", name="An Voorbeeld")
PLACE = Place(
    site="linde", back="https://linde.example/order/{token}", hook="https://linde.example/hook", provider="sandbox"
)


class Till:
    """A house that sells, behind the command line."""

    def __init__(self, folder: Path) -> None:
        self.shop = Shop(folder)
        self.shop.house("linde", HOUSE)
        (self.shop.content / "houses" / "linde" / "inventory.toml").write_text(INVENTORY, "utf-8")
        self.workspace = config.Workspace.at(folder, self.shop.content, self.shop.output, folder / "var")
        self.number = 0
        self.open()

    def open(self) -> None:
        self.till = wiring.till(config.load(self.workspace), "https://linde.example/sandbox/")

    def sell(self, act: Act | None = Act.PAY, places: int = 1) -> str:
        """Sell a place, or more; gives the order's code."""
        self.number += 1
        counter = Counter(
            self.till.records, self.till.quotes, self.till.saga, wiring.clock, lambda n: bytes([self.number]) * n, lambda key: key
        )  # fmt: skip
        order = Order(lines=(Wish(performance="toml:linde/a/1", quantity=places),), buyer=BUYER)
        key, checkout = counter.take(order, PLACE, f"key-number-{self.number}")
        if act:
            self.till.sandbox.act(checkout.payment, act)
            self.till.saga.run(key)
        return key

    def free(self) -> int | None:
        return self.till.houses("linde").availability(["toml:linde/a/1"])["toml:linde/a/1"].free


@pytest.fixture
def till(tmp_path: Path):
    made = Till(tmp_path)
    yield made
    made.till.records.close()


def test_a_list_tells_what_was_sold_and_not_to_whom(till: Till) -> None:
    first, second = till.sell(), till.sell(None)
    report = till.shop.run("orders", "list")
    assert [(one["order"], one["state"], one["total"]) for one in report["orders"]] == [
        (second, "awaiting", 1800), (first, "done", 1800),
    ]  # fmt: skip
    assert "oorbeeld" not in str(report) and report["foreign"] == []
    done = till.shop.run("orders", "list", "--state", "done", "--house", "linde")
    assert [one["order"] for one in done["orders"]] == [first]
    later = (wiring.clock() + timedelta(hours=1)).isoformat()
    assert till.shop.run("orders", "list", "--since", later)["orders"] == []
    assert till.shop.run("orders", "list", "--alerts")["orders"] == []


def test_one_order_is_told_whole(till: Till) -> None:
    code = till.sell()
    told = till.shop.run("orders", "show", f"{code}.signature")["order"]
    assert told["buyer"]["email"] == BUYER.email and len(told["tickets"]) == 1 and told["tickets"][0]["code"]
    assert till.shop.run("orders", "show", "nothing", status=1)["trouble"]


def test_a_refund_gives_money_and_place_back_once(till: Till) -> None:
    code = till.sell()
    assert till.free() == 4
    for _ in range(2):
        told = till.shop.run("orders", "refund", code, "--house", "linde")["order"]
        assert (told["state"], told["refunded"], told["shares"][0]["state"]) == ("done", 1800, "refunded")
    assert till.free() == 5 and till.till.sandbox.find(code).back.cents == 1800


def test_a_ticket_goes_back_alone(till: Till) -> None:
    code = till.sell(places=2)
    first, second = (one.code for one in till.till.saga.read(code).shares[0].tickets)
    for _ in range(2):
        told = till.shop.run("orders", "refund", code, "--ticket", first)["order"]
        assert (told["state"], told["refunded"], told["shares"][0]["state"]) == ("done", 1800, "confirmed")
    assert [one.code for one in till.till.saga.read(code).good] == [second] and till.free() == 4
    shown = till.shop.run("orders", "show", code)["order"]["backs"]
    assert [(one["amount"], one["tickets"], one["way"]) for one in shown] == [(1800, 1, "done")]
    wrong = till.shop.run("orders", "refund", code, "--ticket", "NOTHING", status=1)
    assert "no such ticket" in str(wrong["trouble"])


def test_a_date_that_is_off_is_counted_first_and_then_given_back(till: Till) -> None:
    first, _, unpaid = till.sell(places=2), till.sell(), till.sell(None)
    date = ("orders", "refund", "--performance", "toml:linde/a/1")
    told = till.shop.run(*date)
    assert (told["places"], told["amount"], told["unpaid"], told["done"]) == (3, 5400, 1, False) and till.free() == 1
    told = till.shop.run(*date, "--yes")
    assert sorted(told["orders"].values()) == ["done", "done", "undone"] and till.free() == 5
    assert till.till.saga.read(first).refunded.cents == 3600 and till.till.saga.read(unpaid).state is State.UNDONE
    again = till.shop.run(*date, "--yes")
    assert (again["places"], again["orders"]) == (0, {})
    assert till.shop.run("orders", "refund", "--performance", "toml:lindee/a/1", status=1)["trouble"]
    assert till.shop.run("orders", "refund", status=1)["trouble"]


def test_what_is_not_paid_is_cancelled_and_not_refunded(till: Till) -> None:
    code = till.sell(None)
    assert "not paid" in till.shop.run("orders", "refund", code, status=1)["trouble"][0]
    assert till.shop.run("orders", "cancel", code)["order"]["state"] == "undone"
    assert till.till.saga.read(code).state is State.UNDONE and till.free() == 5


def test_what_was_asked_wrongly_is_said(till: Till) -> None:
    assert "no state" in till.shop.run("orders", "list", "--state", "sold", status=1)["trouble"][0]
    assert "no date" in till.shop.run("orders", "list", "--since", "gisteren", status=1)["trouble"][0]


def test_the_list_for_the_door_has_who_may_come_in_and_no_formulas(till: Till) -> None:
    first, gone, _ = till.sell(), till.sell(), till.sell(None)
    till.shop.run("orders", "cancel", gone)
    checkout, version = till.till.saga._read(first)
    hostile = replace(checkout, buyer=replace(BUYER, name='=HYPERLINK("http://evil.example")'))
    till.till.saga.write(hostile, version)
    till.sell()
    path = till.shop.folder / "door.csv"
    told = till.shop.run("orders", "door", "toml:linde/a/1", "--to", str(path))
    assert told["places"] == 2 and "oorbeeld" not in str(told)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    assert head == ["name", "tariff", "seat", "code", "order"]
    assert [row[0] for row in rows] == ['\'=HYPERLINK("http://evil.example")', "An Voorbeeld"]
    assert rows[0][4] == first and all(row[3] for row in rows)


def test_where_visitors_come_from_is_counted(till: Till, tmp_path: Path) -> None:
    till.sell()
    till.sell(None)  # not paid, so not counted
    list_of = tmp_path / "postcodes.csv"
    assert till.shop.run("orders", "postcodes", "linde", "--to", str(list_of))["origins"] == {"": 1}
    assert list_of.read_text("utf-8-sig").splitlines()[0].startswith("postcode")


def test_an_organisers_link_is_given_and_taken_back(till: Till) -> None:
    till.sell()
    url = till.shop.run("orders", "organiser", "toml:linde/a/1")["url"]
    assert url.startswith("https://linde.example/organiser/")
    organisers = Organisers(till.till.records, wiring.clock, os.urandom)
    assert [(one.sold, one.revenue) for one in organisers.look(url.rpartition("/")[2])] == [(1, 0)], (
        "no page showed a price"
    )
    till.shop.run("orders", "organiser", "--revoke", url)
    with pytest.raises(Refused, match="nothing under"):
        organisers.look(url.rpartition("/")[2])
    assert till.shop.run("orders", "organiser", status=1)["trouble"]


def test_a_doors_link_is_given_and_taken_back(till: Till) -> None:
    key = till.sell()
    code = till.till.saga.read(key).shares[0].tickets[0].code
    url = till.shop.run("orders", "doorkeeper", "linde")["url"]
    assert url.startswith("https://linde.example/door/")
    doors = Doorkeepers(till.till.records, wiring.clock, os.urandom)
    assert doors.house(url.rpartition("/")[2]) == "linde"
    assert doors.ask("linde", code, "toml:linde/a/1").verdict == "good"
    till.shop.run("orders", "doorkeeper", "--revoke", url)
    with pytest.raises(Refused, match="nothing under"):
        doors.house(url.rpartition("/")[2])
    assert "linde" in str(till.shop.run("orders", "doorkeeper", "lindee", status=1)["trouble"])


def test_tickets_move_to_another_date_and_what_cannot_is_said(till: Till) -> None:
    key = till.sell()
    to = ("--from", "toml:linde/a/1", "--to", "toml:linde/a/2")
    lost = till.shop.run("orders", "move", key, *to, status=1)
    assert "built site" in str(lost["trouble"]), "nobody can write of a date that no site shows"
    item = Item(id="toml:linde/a/2", title="Namiddag", url="", when="zondag", start="2026-12-06T15:00+01:00")
    shelf = Shelf(
        site="linde", name="De Linde", language="nl", languages=("nl",), timezone="Europe/Brussels", wishlist="", items={item.id: item}
    )  # fmt: skip
    (till.shop.output / "linde").mkdir(parents=True, exist_ok=True)
    (till.shop.output / "linde" / "shelf.json").write_bytes(msgspec.json.encode(shelf))
    for _ in range(2):
        told = till.shop.run("orders", "move", key, *to)
        assert told["order"]["state"] == "done"
    order = till.till.saga.read(key)
    assert {ticket.performance for ticket in order.shares[0].tickets} == {"toml:linde/a/2"}
    assert till.free() == 5 and order.shown["toml:linde/a/2"].title == "Namiddag"
    assert list(letters_of(till.till.records, order)) == ["order", "moved-1"]
    (till.shop.output / "linde" / "shelf.json").write_bytes(
        msgspec.json.encode(shelf).replace(b"linde/a/2", b"linde/a/3")
    )
    till.till.houses("linde").hold(
        "others",
        [Line(key=f"x{n}", performance="toml:linde/a/3", tariff="zaal.basis") for n in range(5)],
        timedelta(hours=1),
    )
    full = till.shop.run("orders", "move", key, "--from", "toml:linde/a/2", "--to", "toml:linde/a/3", status=1)
    after = till.till.saga.read(key).shares[0]
    assert "sold_out" in str(full["trouble"]) and after.code == "sold_out"
    assert (after.state, after.lines, after.tickets) == ("confirmed", order.shares[0].lines, order.shares[0].tickets)
