"""A newcomer follows docs/how-to/payments.md: each table and command of it as it is printed, with a simulated provider at the other end."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import build
from commands import counter
from etalage import wiring
from etalage.adapters import _mollie_line, _stripe_line
from etalage.config import Workspace
from functions.app import make_app
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import Line, StripeLab, line
from tests.shop import ROOT, Shop
from tests.visitor import Visitor

pytest.importorskip("stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock")
pytest.importorskip("mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock")

HOW_TO = (ROOT / "docs" / "how-to" / "payments.md").read_text("utf-8")
TABLES = re.findall(r"```toml\n(.*?)```", HOW_TO, re.DOTALL)
COMMANDS = [one for block in re.findall(r"```sh\n(.*?)```", HOW_TO, re.DOTALL) for one in block.splitlines()]
HOUSE = """
name = "{name}"
url = "https://{id}.example"
[[sources]]
kind = "csv"
path = "source/programma.csv"
[ticketing]
system = "local"
"""
ROWS = "productie;id;titel;datum;uur;locatie;genre;prijs\nwinter;1;{name} zingt;12/12/2099;20:00;{name};Klassiek;18\n"
INVENTORY = """
[[ranks]]
id = "zaal"
capacity = 5
[[rates]]
id = "basis"
prices = {{ zaal = 18 }}
[[offers]]
performances = ["csv:{id}/*"]
"""
HOUSES = {"linde": "De Linde", "brug": "De Brug", "kaai": "De Kaai"}
CLUSTER = 'name = "Regio"\nurl = "https://regio.example"\nmembers = ["linde", "brug", "kaai"]\n'
BUYER = {"email": "an@voorbeeld.test", "name": "An Voorbeeld"}


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three houses that sell, and their cluster, without a word about payments."""
    shop = Shop(tmp_path_factory.mktemp("region"))
    for id, name in HOUSES.items():
        shop.house(id, HOUSE.format(id=id, name=name), programma__csv=ROWS.format(name=name))
        (shop.content / "houses" / id / "inventory.toml").write_text(INVENTORY.format(id=id), "utf-8")
    cluster = shop.content / "clusters" / "regio"
    cluster.mkdir(parents=True)
    (cluster / "cluster.toml").write_text(CLUSTER, "utf-8")
    shop.build()
    return shop.folder


class Newcomer:
    """Somebody with these houses, and the how-to."""

    def __init__(self, folder: Path, wire: Line, patch: pytest.MonkeyPatch, capsys: Any) -> None:
        self.shop, self.wire, self.patch, self.capsys = Shop(folder), wire, patch, capsys

    def at_stripe(self) -> StripeLab:
        """An account, its key and its webhook's secret, under the names that the how-to gives them."""
        lab = StripeLab(self.wire, wiring.clock)
        self.patch.setattr(_stripe_line, "HOME", self.wire.base)
        self.patch.setenv("STRIPE_KEY", lab.stripe.key)
        self.patch.setenv("STRIPE_WEBHOOK_SECRET", lab.stripe.secret)
        return lab

    def at_mollie(self) -> MollieLab:
        lab = MollieLab(self.wire, wiring.clock)
        self.patch.setattr(_mollie_line, "HOME", self.wire.base)
        self.patch.setenv("MOLLIE_KEY", lab.mollie.key)
        return lab

    def write(self, table: str, house: str = "") -> None:
        """Write a table of the how-to in a house's settings, or in the cluster's."""
        if house:
            path = self.shop.content / "houses" / house / "house.toml"
            path.write_text(HOUSE.format(id=house, name=HOUSES[house]) + table, "utf-8")
        else:
            (self.shop.content / "clusters" / "regio" / "cluster.toml").write_text(CLUSTER + table, "utf-8")

    def type(self, command: str) -> tuple[int, str]:
        """What a command of ours ends with, and what it says."""
        python, script, *words = command.split()
        assert (python, script) == ("python", "build.py")
        folders = [
            part for name in ("content", "output", "var") for part in (f"--{name}", str(self.shop.folder / name))
        ]
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            build.app([*words, *folders], standalone_mode=False)
        out, err = self.capsys.readouterr()
        return int(str(end.value.code)), out + err

    def open(self) -> Visitor:
        """A visitor of the shop, as it opens with these settings."""
        workspace = Workspace.at(ROOT, self.shop.content, self.shop.output, self.shop.folder / "var")
        sale = counter.open_sale(workspace, "http://localhost/sandbox/")
        assert sale
        return Visitor(make_app(self.shop.output, sale=sale))

    def buy(self, visitor: Visitor, *houses: str, site: str = "linde") -> Any:
        lines = [{"performance": f"csv:{house}/winter/1", "quantity": 1} for house in houses or ("linde",)]
        body = {"lines": lines, "buyer": BUYER, "language": "nl"}
        return visitor.post(f"/sites/{site}/api/checkout", json=body, headers={"idempotency-key": f"a-key-of-{houses}"})


@pytest.fixture
def newcomer(
    tmp_path: Path, built: Path, wire: Line, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Newcomer:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return Newcomer(tmp_path, wire, monkeypatch, capsys)


def table(*words: str) -> str:
    """The table of the how-to with these words in it."""
    (found,) = [one for one in TABLES if all(word in one for word in words)]
    return found


def test_every_command_is_one_that_is_run_here() -> None:
    """The first was run by hand in a new environment; the lock that it names has what it promises."""
    assert COMMANDS == ["pip install --require-hashes -r requirements/payments.lock", "python build.py doctor"]
    lock = (ROOT / "requirements" / "payments.lock").read_text("utf-8")
    for sdk, version in (("stripe", "16.1.0"), ("mollie-api-python", "4.0.0")):
        assert f"\n{sdk}=={version}" in f"\n{lock}" and f"{sdk} {version}" in HOW_TO
    assert lock.count("--hash=sha256:") > 2
    assert _stripe_line.API_VERSION in HOW_TO


def test_to_a_test_payment_at_stripe(newcomer: Newcomer) -> None:
    lab = newcomer.at_stripe()
    newcomer.write(TABLES[1], "linde")
    _, said = newcomer.type("python build.py doctor")
    assert "well  payments stripe-linde (test)" in said and "not well  payments" not in said
    visitor = newcomer.open()
    order = newcomer.buy(visitor).json()
    assert order["pay_url"].startswith(newcomer.wire.base)
    (id,) = [id for id, row in lab.stripe.rows.items() if row["object"] == "checkout.session"]
    lab.pay(id)
    sent = lab.call(id)
    answer = visitor.post("/api/payments/stripe-linde/webhook", content=sent.body, headers=dict(sent.headers))
    assert answer.status_code == 200
    done = visitor.get(f"/api/orders/{order['order']}").json()
    assert done["state"] == "done" and done["lines"][0]["tickets"][0]["code"]


def test_to_a_test_payment_at_mollie(newcomer: Newcomer) -> None:
    lab = newcomer.at_mollie()
    newcomer.write(table('provider = "mollie"'), "linde")
    _, said = newcomer.type("python build.py doctor")
    assert "well  payments mollie-linde (test): bancontact" in said
    visitor = newcomer.open()
    order = newcomer.buy(visitor).json()
    (id,) = lab.mollie.rows
    lab.pay(id)
    sent = lab.call(id)
    answer = visitor.post("/api/payments/mollie-linde/webhook", content=sent.body, headers=dict(sent.headers))
    assert answer.status_code == 200
    assert visitor.get(f"/api/orders/{order['order']}").json()["state"] == "done"


def test_split_as_it_is_written(newcomer: Newcomer) -> None:
    lab = newcomer.at_stripe()
    written = table("split", "[payments.houses]")
    lab.stripe.connect(ready := re.findall(r'brug = "(\S+)"', written)[0])
    newcomer.write(written)
    status, said = newcomer.type("python build.py doctor")
    assert status == 1 and "kaai" in said and ready not in said, "who cannot receive is named, and nobody else"
    lab.stripe.connect(re.findall(r'kaai = "(\S+)"', written)[0])
    _, said = newcomer.type("python build.py doctor")
    assert "well  payments stripe-regio (test)" in said and "not well  payments" not in said
    visitor = newcomer.open()
    order = newcomer.buy(visitor, "linde", "brug", "kaai", site="regio").json()
    (id,) = [id for id, row in lab.stripe.rows.items() if row["object"] == "checkout.session"]
    lab.pay(id)
    assert visitor.get(f"/api/orders/{order['order']}").json()["state"] == "done"


def closed(newcomer: Newcomer, why: str) -> None:
    status, said = newcomer.type("python build.py doctor")
    assert status == 1 and "not well  payments" in said and why in said
    assert newcomer.buy(newcomer.open()).status_code == 503, "nobody can pay, nobody gets a ticket for nothing"


def to_live(written: str) -> str:
    return written.replace('mode = "test"', 'mode = "live"')


@pytest.mark.parametrize(
    ("at", "words"), [(Newcomer.at_stripe, "webhook_env"), (Newcomer.at_mollie, 'provider = "mollie"')]
)
def test_a_key_of_the_other_mode_or_none_closes_the_counter(
    newcomer: Newcomer, at: Callable[[Newcomer], Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(newcomer)
    written = next(one for one in TABLES if words in one)
    newcomer.write(to_live(written))
    closed(newcomer, "play money and real money")
    newcomer.write(written)
    for name in ("STRIPE_KEY", "MOLLIE_KEY"):
        monkeypatch.delenv(name, raising=False)
    closed(newcomer, "_KEY")


def test_one_site_with_real_money_and_another_without_does_not_open(newcomer: Newcomer) -> None:
    newcomer.at_mollie()
    newcomer.write(to_live(table('provider = "mollie"')), "linde")
    status, said = newcomer.type("python build.py doctor")
    assert status == 2 and "takes real money" in said
