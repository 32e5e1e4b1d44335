"""A house that takes requests of schools: its page asks for them, and staff answer at the command line."""

import csv
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from etalage import config, wiring
from etalage.model.school import SchoolRequest, Stage
from etalage.sales.requests import Requests
from functions.ask_page import shown_of
from functions.shelves import Shelves
from tests.shop import Shop

HOUSE = """
name = "De Linde"
languages = ["nl", "fr"]
url = "https://linde.example"
[[sources]]
kind = "csv"
path = "source/programma.csv"
"""
TAKES = '\n[schools]\nrequests = true\nmail = "scholen@linde.example"\n'
FIRST, FULL, OFF, OTHER = (f"csv:linde/{id}" for id in ("klas/1", "klas/2", "klas/3", "avond/1"))


class House:
    """De Linde, on the day of the test: a class may come in twenty days."""

    def __init__(self, folder: Path) -> None:
        today = wiring.clock().date()
        self.shop = Shop(folder, now=today.isoformat())
        day = f"{today + timedelta(days=20):%d/%m/%Y}"
        self.rows = f"""productie;id;titel;soort;datum;uur;prijs;status;beschikbaarheid
klas;1;Klas zonder muren;school;{day};10:00;Leerling 5;;
klas;2;Klas zonder muren;school;{day};13:30;Leerling 5;;uitverkocht
klas;3;Klas zonder muren;school;{day};15:00;Leerling 5;geannuleerd;
avond;1;Avond zonder muren;voorstelling;{day};20:00;Basis 12;;
"""
        self.open(TAKES)
        workspace = config.Workspace.at(folder, self.shop.content, self.shop.output, folder / "var")
        self.records = wiring.records(workspace)
        self.requests = Requests(self.records, wiring.clock)

    def open(self, table: str) -> None:
        self.shop.house("linde", HOUSE + table, programma__csv=self.rows)
        self.shop.build()

    def ask(self, **more: str) -> SchoolRequest:
        item = Shelves(self.shop.output).shelf("linde").items[FIRST]
        return self.requests.ask(
            SchoolRequest(
                key="r1", site="linde", house="linde", production="csv:linde/klas", language="nl", back="https://linde.example/request/x",
                made=wiring.clock(), school=more.get("school", "De Sprong"), group="3B", pupils=22, teachers=2, dates=(FIRST,),
                shown={FIRST: shown_of(item)}, name="Juf Els", email="els@sprong.test",
            )
        )  # fmt: skip


@pytest.fixture(scope="module")
def linde(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("linde"))
    yield made
    made.records.close()


def test_staff_propose_a_date_and_take_it_back(linde: House, tmp_path: Path) -> None:
    linde.ask(school='=HYPERLINK("http://evil.example")')
    listed = linde.shop.run("orders", "requests", "--house", "linde")
    assert [(one["state"], one["pupils"]) for one in listed["requests"]] == [("asked", 22)] and "Els" not in str(listed)
    told = linde.shop.run("orders", "requests", "show", "r1")["request"]
    assert told["email"] == "els@sprong.test" and told["dates"][0]["date"] == FIRST
    assert [(one["letter"], one["state"]) for one in told["letters"]] == [("asked", "waiting"), ("house", "waiting")]
    for wrong in (OTHER, OFF, "csv:linde/klas/9"):
        trouble = linde.shop.run("orders", "requests", "propose", "r1", "--date", wrong, status=1)["trouble"]
        assert "no date to come" in trouble[0] and FIRST in trouble[0]
    after = linde.shop.run("orders", "requests", "propose", "r1", "--date", FULL, "--say", "Er kwam plaats vrij.")
    assert after["request"]["state"] == "proposed" and linde.requests.look("r1").proposed == FULL, (
        "staff know what is free"
    )
    table = tmp_path / "aanvragen.csv"
    linde.shop.run("orders", "requests", "--state", "proposed", "--csv", str(table))
    (row,) = csv.DictReader(table.read_text("utf-8-sig").splitlines(), delimiter=";")
    assert row["school"].startswith("'=") and row["name"] == "Juf Els" and "13:30" in row["proposed"]
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    linde.shop.run("orders", "requests", "decline", "r1", "--say", "Toch niet.")
    assert linde.requests.look("r1").stage is Stage.DECLINED
    assert linde.shop.run("orders", "requests", "decline", "r1", "--say", "Echt niet.", status=1)["trouble"]
    assert linde.shop.run("orders", "requests", "show", "nothing", status=1)["trouble"]
    assert "no state" in linde.shop.run("orders", "requests", "--state", "paid", status=1)["trouble"][0]


def test_the_page_asks_where_the_house_takes_requests(linde: House) -> None:
    page = "linde/programma/klas-zonder-muren/index.html"
    button = 'href="../../request?p=csv:linde/klas"'
    assert button in linde.shop.page(page) and "choose?p" not in linde.shop.page(page)
    assert "request?p" not in linde.shop.page("linde/programma/avond-zonder-muren/index.html")
    items = Shelves(linde.shop.output).shelf("linde").items
    assert {id for id, item in items.items() if item.classes} == {FIRST}, "what is full or off is not asked for"
    linde.open("")
    assert "request?p" not in linde.shop.page(page)
    linde.shop.house("linde", HOUSE + '\n[schools]\nmail = "geen adres"\n')
    assert "schools.mail" in str(linde.shop.run("plan", status=2))
