"""A house that was really built, with the app over it: functions answer in its look and its words."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from etalage.adapters.sqlite_records import SqliteRecords
from etalage.sales.wishlists import Wishlists
from functions.app import make_app
from functions.letterbox import Limits
from tests.make import at
from tests.shop import Shop
from tests.visitor import Visitor

HOUSE = """
name = "De Linde"
languages = ["nl", "fr"]
url = "https://linde.example"

[[venues]]
id = "linde"
name = "De Linde"
street = "Kerkplein 1"
postal = "0410"
city = "Oosterlo"
halls = ["Zaal"]

[[sources]]
kind = "csv"
path = "source/programma.csv"
"""
ROWS = """productie;id;titel;datum;uur;locatie;genre;prijs;status
winter;1;Winterreis;12/12/2026;20:00;De Linde;Klassiek;Basis 18;
winter;2;Winterreis;13/12/2026;15:00;De Linde;Klassiek;Basis 18;
quiz;1;<b>Dorpsquiz</b> & co;14/01/2027;19:30;De Linde;Feest;gratis;
weg;1;Weggevallen;15/01/2027;19:30;De Linde;Feest;gratis;geannuleerd
"""
WINTER, MATINEE, QUIZ, OFF = "csv:linde/winter/1", "csv:linde/winter/2", "csv:linde/quiz/1", "csv:linde/weg/1"
HOST = {"host": "linde.localhost:8000"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """De Linde, in Dutch and French."""
    shop = Shop(tmp_path_factory.mktemp("linde"))
    shop.house("linde", HOUSE, programma__csv=ROWS)
    shop.build()
    return shop


class Counter:
    """The functions of De Linde: `now` and `ticks` are the clocks, `visitor` asks from the house's own host."""

    def __init__(self, output: Path, folder: Path) -> None:
        self.now: datetime = at("2026-11-22 12:00")
        self.ticks = 0.0
        self.records = SqliteRecords(folder / "records.sqlite", lambda: self.now)
        self.app = make_app(output, lists=Wishlists(self.records, lambda: self.now, os.urandom))
        self.app.state.limits = Limits(b"key", lambda: self.ticks)
        self.visitor = Visitor(self.app)

    def get(self, path: str, **more):
        return self.visitor.get(path, headers=HOST | more.pop("headers", {}), **more)

    def post(self, path: str, **more):
        return self.visitor.post(path, headers=HOST | more.pop("headers", {}), **more)

    def share(self, *ids: str) -> dict[str, str]:
        answer = self.post("/api/wishlists", json={"performances": ids or (WINTER, QUIZ)})
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture
def counter(built: Shop, tmp_path: Path):
    """The app over De Linde, with records of the test's own."""
    made = Counter(built.output, tmp_path)
    yield made
    made.records.close()
