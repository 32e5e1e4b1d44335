"""Staff at the command line: the records are copied while the shop is open, and put back when it is closed."""

import subprocess
import sys
from pathlib import Path

import pytest

from etalage import wiring
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.ports.records import ANY, Drop
from tests.adapters.dynamo_lab import NOBODY, REGION, DynamoLab, Faults, reach
from tests.commands.test_orders import Till
from tests.servers.fixtures import ministack  # noqa: F401
from tests.shop import ROOT


@pytest.fixture
def till(tmp_path: Path):
    made = Till(tmp_path)
    yield made
    if isinstance(made.till.records, SqliteRecords):
        made.till.records.close()


def test_a_copy_is_put_back_and_what_was_sold_since_is_gone_from_the_records(till: Till, tmp_path: Path) -> None:
    kept = till.sell()
    copy = str(tmp_path / "copies" / "noon.sqlite")
    assert till.shop.run("backup", copy)["backup"]["documents"] > 0
    lost = till.sell()
    assert "stop every server" in till.shop.run("restore", copy, status=1)["trouble"][0]
    till.till.records.close()
    assert till.shop.run("restore", copy)["restored"]["file"] == copy
    assert [one["order"] for one in till.shop.run("orders", "list")["orders"]] == [kept]
    assert till.till.records.get("checkout", lost) is None and till.free() == 4
    # The sandbox's own payments lie in the same file, so they went back with it, and all agrees again.
    told = till.shop.run("orders", "reconcile")["reconciled"]
    assert (told["right"], told["written"], told["unmatched"]) == ([kept], [], [])


def test_money_that_nobody_can_place_ends_the_command_with_trouble(till: Till, tmp_path: Path) -> None:
    code = till.sell()
    till.till.records.transact(
        [Drop(kind="checkout", id=code, expect=ANY), Drop(kind="inventory-order", id=f"linde/{code}-linde", expect=ANY)]
    )  # as if they were restored, and the provider was not
    told = till.shop.run("orders", "reconcile", status=1)
    assert told["reconciled"]["unmatched"] == [code] and code in told["trouble"][0]
    assert [one["alert"] for one in till.shop.run("orders", "list", "--alerts")["orders"]] == ["unmatched"]
    assert till.shop.run("orders", "refund", code)["order"]["refunded"] == 1800
    assert till.shop.run("orders", "list", "--alerts")["orders"] == []


def test_the_books_say_who_is_owed_what_and_where_the_provider_disagrees(till: Till) -> None:
    one, two = till.sell(), till.sell()
    till.shop.run("orders", "refund", two)
    told = till.shop.run("orders", "books")
    assert (told["owed"], told["received"], told["differences"]) == ({"linde": 1800}, {"sandbox": 1800}, [])
    till.till.records.transact([Drop(kind="ledger-entry", id=f"{one}/paid", expect=ANY)])
    told = till.shop.run("orders", "books", status=1)
    assert [(each["order"], each["code"]) for each in told["differences"]] == [(one, "payment_unknown")]
    assert "18.00 at sandbox" in told["trouble"][0]


def test_the_doctor_looks_at_the_records(till: Till) -> None:
    assert till.shop.run("doctor", status=None)["trouble"] == []
    till.till.records.close()
    path = till.shop.folder / "var" / "records.sqlite"
    for file in path.parent.glob("records.sqlite*"):  # with its log, from which it would be mended
        file.unlink()
    path.write_bytes(b"no database, but long enough to look at" * 50)
    (trouble,) = till.shop.run("doctor", status=1)["trouble"]
    assert trouble.startswith("records: ")


def test_a_store_that_is_none_is_refused(till: Till) -> None:
    for given in ("mongo", "dynamodb", "dynamodb:"):
        told = till.shop.run("orders", "list", status=1, env={"ETALAGE_RECORDS": given})
        assert "write sqlite, or dynamodb:" in told["trouble"][0]


def test_without_the_variable_no_sdk_is_loaded(till: Till) -> None:
    code = "import sys; from etalage import wiring; print(wiring.records_table() == '', 'boto3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_a_table_is_chosen_by_the_environment(till: Till, ministack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = DynamoLab(ministack, reach(ministack), Faults(reach(ministack)))
    env = NOBODY | {
        "ETALAGE_RECORDS": f"dynamodb:{lab.table}", "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_DYNAMODB": ministack,
    }  # fmt: skip
    assert till.shop.run("doctor", status=None, env=env)["trouble"] == []
    assert "point-in-time" in till.shop.run("backup", "x", status=1, env=env)["trouble"][0]
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert not isinstance(wiring.records(till.workspace), SqliteRecords)
    till.open()
    code = till.sell()
    assert till.shop.run("orders", "list", env=env)["orders"][0]["order"] == code
    assert till.shop.run("orders", "refund", code, env=env)["order"]["refunded"] == 1800
    assert not (till.shop.folder / "var" / "records.sqlite").exists(), "nothing went to the file"
