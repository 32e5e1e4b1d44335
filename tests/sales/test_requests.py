"""A school asks for places: what may come after what, one letter with each answer, and gone when nobody needs it any more."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.checkout import Shown
from etalage.model.errors import Refused, Unavailable
from etalage.model.school import ARROWS, SchoolRequest, Stage
from etalage.ports.records import ANY
from etalage.sales.letters import LETTER, owed_of
from etalage.sales.requests import KEPT, REQUEST, Requests
from tests.make import at

MONDAY, TUESDAY = "toml:linde/klas/1", "toml:linde/klas/2"
SHOWN = {
    MONDAY: Shown(title="Klas zonder muren", when="maandag 7 december", start="2026-12-07T10:00+01:00", house="De Linde"),
    TUESDAY: Shown(title="Klas zonder muren", when="dinsdag 8 december", start="2026-12-08T10:00+01:00", house="De Linde"),
}  # fmt: skip


class Office:
    """A house's desk for schools."""

    def __init__(self, folder: Path) -> None:
        self.now: datetime = at("2026-11-22 12:00")
        self.file = folder / "records.sqlite"
        self.records = SqliteRecords(self.file, lambda: self.now)
        self.requests = Requests(self.records, lambda: self.now)

    def ask(self, key: str = "r1") -> SchoolRequest:
        return self.requests.ask(
            SchoolRequest(
                key=key, site="linde", house="linde", production="toml:linde/klas", language="nl", back=f"https://linde.test/request/{key}",
                made=self.now, school="De Sprong", group="3B", pupils=22, teachers=2, dates=(MONDAY, TUESDAY), shown=SHOWN,
                name="Juf Els", email="els@sprong.test",
            )
        )  # fmt: skip

    def bring_to(self, stage: Stage, key: str) -> SchoolRequest:
        known = self.ask(key)
        if stage in (Stage.PROPOSED, Stage.CONFIRMED):
            known = self.requests.propose(key, MONDAY, SHOWN[MONDAY])
        if stage is Stage.CONFIRMED:
            known = self.requests.confirm(key, known.step)
        if stage is Stage.DECLINED:
            known = self.requests.decline(key)
        return self.requests.withdraw(key) if stage is Stage.WITHDRAWN else known

    def letters(self) -> set[str]:
        return {record.id.partition("/")[2] for record in self.records.walk(LETTER)}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.records.close()


@pytest.mark.parametrize(("before", "after"), product(Stage, list(Stage)[1:]))
def test_one_goes_only_where_the_table_leads(office: Office, before: Stage, after: Stage) -> None:
    known = office.bring_to(before, "r1")
    act = {
        Stage.PROPOSED: lambda: office.requests.propose("r1", TUESDAY, SHOWN[TUESDAY]),
        Stage.CONFIRMED: lambda: office.requests.confirm("r1", known.step),
        Stage.DECLINED: lambda: office.requests.decline("r1"),
        Stage.WITHDRAWN: lambda: office.requests.withdraw("r1"),
    }[after]
    if after in ARROWS[before]:
        assert act().stage is after and office.requests.look("r1").step == known.step + 1
    elif after is before:
        assert act() == known, "twice is once"
    else:
        with pytest.raises(Refused) as no:
            act()
        assert no.value.code == "request_over" and office.requests.look("r1") == known


def test_a_letter_with_each_answer_and_none_twice(office: Office) -> None:
    assert office.ask() == office.ask(), "the same form sent twice is one request"
    assert office.letters() == {"asked", "house"}
    for _ in range(2):
        office.requests.propose("r1", MONDAY, SHOWN[MONDAY], "De bus stopt voor de deur.")
    office.requests.propose("r1", TUESDAY, SHOWN[TUESDAY])
    for _ in range(2):
        office.requests.confirm("r1", 2)
    office.requests.decline("r1", "De acteur is ziek.")
    assert office.letters() == {"asked", "house", "proposed-1", "proposed-2", "confirmed-3", "declined-4"}
    assert owed_of(office.records, "r1", ["declined-4"])["declined-4"].about == "4"


def test_a_teacher_says_yes_to_what_they_saw(office: Office) -> None:
    office.ask()
    seen = office.requests.propose("r1", MONDAY, SHOWN[MONDAY])
    office.requests.propose("r1", TUESDAY, SHOWN[TUESDAY])
    with pytest.raises(Refused) as no:
        office.requests.confirm("r1", seen.step)
    assert no.value.code == "request_changed" and office.requests.look("r1").proposed == TUESDAY
    office.now = at("2026-12-08 10:01")
    with pytest.raises(Refused) as no:
        office.requests.confirm("r1", 2)
    assert no.value.code == "request_over", "its date is past"


def test_it_is_gone_when_nobody_needs_it_any_more(office: Office) -> None:
    office.bring_to(Stage.CONFIRMED, "comes")
    office.bring_to(Stage.WITHDRAWN, "stays-home")
    office.now += KEPT + timedelta(minutes=1)
    assert [one.key for one in office.requests.all()[0]] == ["comes"], "who does not come is forgotten sooner"
    office.now = at("2026-12-08 10:00") + KEPT + timedelta(minutes=1)
    assert office.requests.all() == ([], [])
    for number in range(2):  # what has expired goes with the next commits
        office.records.put("word", f"{number}", b"", expect=ANY)
    with sqlite3.connect(office.file) as connection:
        left = b"".join(bytes(row[0]) for row in connection.execute("select value from record"))
    assert b"sprong" not in left and b"Els" not in left


def test_what_a_later_version_wrote_is_left_alone(office: Office) -> None:
    office.ask()
    office.records.put(REQUEST, "r2", b'{"key":"r2","wheelchair":true}', expect=ANY)
    known, foreign = office.requests.all()
    assert [one.key for one in known] == ["r1"] and foreign == ["r2"]
    with pytest.raises(Unavailable) as no:
        office.requests.decline("r2")
    assert no.value.code == "request_foreign"
    with pytest.raises(Refused) as gone:
        office.requests.look("never")
    assert gone.value.code == "request_unknown"
