"""A made-up person buys, and is then looked for everywhere (A38): they may only be where docs/reference/data-map.md says."""

import logging
import re
import sqlite3
from pathlib import Path

import pytest

from etalage.model.payment import Act
from etalage.sales.doorkeepers import Doorkeepers
from tests.functions.guest import SITE
from tests.functions.test_counter_pages import Client
from tests.functions.test_sale import BRUG, CLASS, LINDE, Till, till  # noqa: F401 - a fixture
from tests.sales.world import no
from tests.shop import ROOT

CANARY = ("kanarie.vogel@kooi.test", "Kanarie Zangvogel")
PHONE = "0499 47 11 47"
TRACE = re.compile(r"kanarie|zangvogel|kooi\.test|0499", re.IGNORECASE)


@pytest.fixture
def guest(till: Till, tmp_path: Path) -> Client:
    return Client(till, tmp_path)


def mapped() -> set[str]:
    """The kinds of record in which a buyer's name or address may be."""
    rows = (ROOT / "docs" / "reference" / "data-map.md").read_text("utf-8").splitlines()
    cells = [row.split("|")[1:3] for row in rows if row.startswith("| `")]
    return {kind.strip(" `") for kind, what in cells if "e-mail address" in what}


def kinds(folder: Path) -> dict[str, bool]:
    """Every kind of record there is, and whether the person is in one of it."""
    found: dict[str, bool] = {}
    for file in folder.rglob("*.db"):
        with sqlite3.connect(file) as connection:
            for kind, id, value in connection.execute("select kind, id, value from record"):
                found[kind] = found.get(kind, False) or bool(TRACE.search(id + bytes(value).decode("utf-8", "replace")))
    return found


def test_who_bought_is_where_the_map_says_and_nowhere_else(
    guest: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    mail, name = CANARY
    guest.put_in(LINDE, 2)
    guest.put_in(BRUG, 1)
    guest.check_out(email="kanarie", name=name)  # with a mistake first
    guest.world.houses["brug"].always["confirm"] = no("house_refused")
    paying = guest.check_out(email=mail, name=name, consent="linde")
    assert paying.status_code == 303
    payment = paying.headers["location"].rpartition("/")[2]
    public = [guest.visitor.get("/sandbox/" + payment).text]
    guest.till.press(payment)
    asked = guest.ask_for_class(
        "toml:linde/klas", CLASS, email=mail, name=name, phone=PHONE, remark=f"Vraag naar {name}."
    )
    assert asked.status_code == 303
    public.append(guest.get(asked.headers["location"].partition(SITE)[2]).text)
    sent = [*map(str, guest.world.calls), str(guest.world.sandbox.kept(payment))]
    guest.till.deliver()
    order = guest.world.sandbox.kept(payment).request.back.partition(SITE)[2]
    public += [
        guest.get(order).text,
        guest.visitor.get(f"/api/orders/{order.rpartition('/')[2]}").text,
        guest.get("basket").text,
    ]
    assert guest.world.sandbox.find(guest.orders()[0].key).back.cents, "a house refused, so something went back"
    doors = Doorkeepers(guest.world.records, lambda: guest.world.now, lambda n: bytes([7]) * n)
    code = guest.orders()[0].share("linde").tickets[0].code
    public.append(guest.post(f"door/{doors.allow('linde')}", {"code": code, "p": LINDE}).text)
    seen = kinds(tmp_path)
    assert {kind for kind, there in seen.items() if there} == {"checkout", "request"} == mapped()
    assert seen.keys() - {"sequence"} <= {
        *mapped(),
        "basket",
        "letter",
        "checkout-key",
        "inventory-order",
        "sandbox-payment",
        "sandbox-reference",
        "inventory-stock",
        "ticket-code",
        "door",
        "ledger-entry",
    }
    out, err = capfd.readouterr()
    for where, texts in {
        "logs": [caplog.text, out, err], "pages": public, "the provider": sent, "cookies": list(guest.cookies.values()),
        "addresses": [paying.headers["location"], asked.headers["location"], order],
    }.items():  # fmt: skip
        assert not [text for text in texts if TRACE.search(text)], where
    others = [path for path in tmp_path.rglob("*") if path.is_file() and ".db" not in path.name]
    assert code not in caplog.text + out + err, "what opens the door is in no log either"
    assert not [path for path in others if TRACE.search(path.read_text("utf-8", "replace") + str(path))]


def test_it_goes_when_its_time_is_over(guest: Client, tmp_path: Path) -> None:
    guest.put_in(LINDE, 1)
    payment = guest.check_out(email=CANARY[0], name=CANARY[1]).headers["location"].rpartition("/")[2]
    guest.world.sandbox.act(payment, Act.PAY)
    guest.world.saga.run(guest.orders()[0].key)
    guest.ask_for_class("toml:linde/klas", CLASS, email=CANARY[0], name=CANARY[1])
    assert kinds(tmp_path)["checkout"] and kinds(tmp_path)["request"]
    guest.world.pass_time(days=13 * 30.5)
    for number in range(3):  # what has expired goes with the next commits
        guest.world.records.put("word", f"{number}", b"", expect=-1)
    assert kinds(tmp_path).keys().isdisjoint({"checkout", "request", "basket"})
