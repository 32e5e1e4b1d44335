"""The real shop in a process whose clock is wrong by a day, in the nights when clocks are moved, and on a leap day (A31).

libfaketime (Debian: libfaketime) gives the process the time that stands in a file; the test turns that clock, so nobody waits. Whose
clock decides: the one of the process that asks, for all it keeps (docs/reference/records.md, law 8).
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest

from etalage import config, wiring
from etalage.adapters.sandbox_payments import TOLERANCE
from etalage.model.checkout import State
from tests.shop import ROOT, Shop
from tools.showroom import free_port, wait

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed: apt-get install libfaketime")

BRUSSELS = ZoneInfo("Europe/Brussels")
KEPT = timedelta(minutes=20)
"""So long a basket keeps its places (docs/reference/counter.md)."""
HOUSE = """
name = "De Linde"
languages = ["nl"]
url = "https://linde.example"
search = false
[share]
pictures = false
[ticketing]
system = "local"
[[sources]]
kind = "csv"
path = "source/programma.csv"
"""
INVENTORY = """
[[ranks]]
id = "zaal"
capacity = 1
[[rates]]
id = "basis"
prices = { zaal = 18 }
[[offers]]
performances = ["csv:linde/*"]
"""
NIGHTS = {
    "spring": (datetime(2026, 3, 29, 0, 50, tzinfo=UTC), "03:10", "29/03/2026", "03:30", "2026-03-29T03:30:00+02:00"),
    "autumn": (datetime(2026, 10, 25, 0, 50, tzinfo=UTC), "02:10", "25/10/2026", "20:00", "2026-10-25T20:00:00+01:00"),
    "leap": (datetime(2028, 2, 28, 23, 50, tzinfo=UTC), "01:10", "29/02/2028", "20:00", "2028-02-29T20:00:00+01:00"),
}  # fmt: skip
"""When one buys; what the clock in the street says twenty minutes later; the date that is bought, and its moment."""


class Street:
    """The shop, and the clock of its process."""

    def __init__(self, folder: Path) -> None:
        assert LIBRARY
        self.visitors: list[httpx.Client] = []
        self.real = wiring.clock().replace(microsecond=0)
        self.shop, self.file = Shop(folder, now="2026-03-01"), folder / "clock"
        rows = [f"{name};{day};{clock}" for name, (_, _, day, clock, _) in NIGHTS.items()]
        names = ("ahead", "behind", "told26", "told-26")
        rows += [f"{name};{self.real + timedelta(days=30):%d/%m/%Y};20:00" for name in names]
        table = "".join(f"{id};1;{id};{day};{clock};Basis 18\n" for id, day, clock in (row.split(";") for row in rows))
        self.shop.house("linde", HOUSE, programma__csv="productie;id;titel;datum;uur;prijs\n" + table)
        (self.shop.content / "houses" / "linde" / "inventory.toml").write_text(INVENTORY, "utf-8")
        self.shop.build()
        self.workspace = config.Workspace.at(folder, self.shop.content, self.shop.output, folder / "var")
        self.turn(self.real)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/sites/linde/"
        folders = [part for name in ("content", "output", "var") for part in (f"--{name}", str(folder / name))]
        line = [sys.executable, str(ROOT / "build.py"), "serve", "--no-reload", "--port", str(self.port), *folders]
        false = {
            "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip
        self.process = subprocess.Popen(line, env=os.environ | false, stdout=subprocess.DEVNULL)
        wait(f"http://127.0.0.1:{self.port}/api/health", self.process)

    def turn(self, now: datetime) -> None:
        """Let it be this moment in the shop's process; from then on its clock runs."""
        ahead = (now - wiring.clock()).total_seconds()
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{ahead:+.3f}\n", "utf-8")
        fresh.replace(self.file)

    def visitor(self) -> httpx.Client:
        self.visitors.append(httpx.Client(base_url=self.url, timeout=60))
        return self.visitors[-1]

    def state(self, payment: str) -> State:
        """Where the order of a payment stands, as it is kept."""
        till = wiring.till(config.load(self.workspace), "")
        return till.saga.read(till.sandbox.kept(payment).request.reference).state

    def wants(self, visitor: httpx.Client, name: str) -> int:
        """Put the only place of a date in the basket; what is answered."""
        return visitor.post(
            "basket", data={"act": "add", "p": f"csv:linde/{name}/1", "t": "zaal.basis", "n": "1"}
        ).status_code


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    made = Street(tmp_path_factory.mktemp("street"))
    yield made
    for visitor in made.visitors:
        visitor.close()
    made.process.terminate()
    made.process.wait(20)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def buy(visitor: httpx.Client) -> tuple[str, str]:
    """From the basket to the payment page; the payment, and the address of the order."""
    form = re.search(r'name="form" value="([^"]+)"', visitor.get("checkout").text)[1]
    paying = visitor.post("checkout", data={"form": form, "email": "an@voorbeeld.test", "name": "An Voorbeeld"})
    assert paying.status_code == 303
    return paying.headers["location"].rpartition("/")[2], paying.headers["location"]


def pay(visitor: httpx.Client, way: str) -> httpx.Response:
    """Pay, and hear nothing of it by webhook: who comes back from paying makes it go on."""
    back = visitor.post(way, data={"act": "pay", "tell": "never"})
    assert back.status_code == 303
    return visitor.get(back.headers["location"])


@pytest.mark.parametrize(("name", "hours"), [("ahead", 26), ("behind", -26)])
def test_a_process_a_day_off_keeps_places_as_long_as_any_other(street: Street, name: str, hours: int) -> None:
    now = street.real + timedelta(hours=hours)
    first, second = street.visitor(), street.visitor()
    street.turn(now)
    assert street.wants(first, name) == 303
    street.turn(now + KEPT - minutes(0.5))
    assert street.wants(second, name) == 409, "not a minute too early"
    street.turn(now + KEPT + minutes(0.5))
    assert street.wants(second, name) == 303, "and not a minute too late"
    _, way = buy(second)
    order = pay(second, way)
    assert order.status_code == 200 and order.text.count("till-code") == 1
    assert street.wants(first, name) == 409


@pytest.mark.parametrize("hours", [26, -26])
def test_a_webhook_is_believed_by_the_clock_of_who_hears_it(street: Street, hours: int) -> None:
    now, visitor = street.real + timedelta(hours=hours), street.visitor()
    street.turn(now)
    assert street.wants(visitor, f"told{hours}") == 303
    payment, way = buy(visitor)
    assert visitor.post(way, data={"act": "pay", "tell": "never"}).status_code == 303

    def hear(clock: datetime) -> int:
        """A call that the provider signed when it was that late, by its own clock."""
        sandbox = wiring.till(config.load(street.workspace), "", lambda: clock).sandbox
        hook, headers, body = sandbox.call(payment)
        return httpx.post(hook, headers=dict(headers), content=body, timeout=60).status_code

    for clock in (street.real, now + TOLERANCE + minutes(1), now - TOLERANCE - minutes(1)):
        assert hear(clock) == 400
    assert street.state(payment) is State.AWAITING
    assert [hear(now + TOLERANCE - minutes(1)), hear(now - TOLERANCE + minutes(1))] == [200, 200]
    assert street.state(payment) is State.DONE


@pytest.mark.parametrize("name", NIGHTS)
def test_in_the_nights_when_clocks_are_moved_and_on_a_leap_day(street: Street, name: str) -> None:
    night, until, _, _, starts = NIGHTS[name]
    first, second = street.visitor(), street.visitor()
    street.turn(night)
    assert street.wants(first, name) == 303 and f"tot {until}" in first.get("basket").text
    street.turn(night + KEPT - minutes(0.5))
    assert street.wants(second, name) == 409
    street.turn(night + KEPT + minutes(0.5))
    assert street.wants(second, name) == 303, "twenty minutes, not eighty and not minus forty"
    _, way = buy(second)
    order = pay(second, way)
    calendar = icalendar.Calendar.from_ical(second.get(f"{order.url}.ics").content)
    (event,) = calendar.walk("VEVENT")
    moment = event.decoded("dtstart")
    assert moment == datetime.fromisoformat(starts) and moment.astimezone(BRUSSELS).isoformat() == starts
    way = f"choose?p=csv:linde/{name}/1"
    street.turn(moment - minutes(0.5))
    assert first.get(way).status_code == 200, "it has not begun"
    street.turn(moment + minutes(0.5))
    assert first.get(way).status_code == 422, "it has"
