"""What happens on opening when a house's inventory is wrong: it sells nothing, staff hear of it, the others go on."""

import gc
import logging
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import counter
from etalage import config, wiring
from etalage.model.errors import Refused
from etalage.sales.queues import Here, Queue
from tests.commands.test_orders import HOUSE, INVENTORY
from tests.shop import Shop


@pytest.mark.parametrize("written", [None, "[[ranks]]\nid = 'zaal'\n"])
def test_one_house_without_a_usable_inventory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, written: str | None
) -> None:
    caplog.set_level(logging.WARNING, "etalage.house")
    shop = Shop(tmp_path)
    for house in ("linde", "brug"):
        shop.house(house, HOUSE)
    (shop.content / "houses" / "linde" / "inventory.toml").write_text(INVENTORY, "utf-8")
    if written:
        (shop.content / "houses" / "brug" / "inventory.toml").write_text(written, "utf-8")
    workspace = config.Workspace.at(tmp_path, shop.content, shop.output, tmp_path / "var")
    till = wiring.till(config.load(workspace), "https://linde.example/sandbox/")
    assert till.houses("linde").tariffs("toml:linde/a/1")
    with pytest.raises(Refused, match="its own page"):
        till.houses("brug")
    (told,) = [record.message for record in caplog.records if record.name == "etalage.house"]
    assert told.startswith("brug sells nothing:") and "inventory.toml" in told


def test_who_asks_somebody_outside_has_a_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRUG_TOKEN", "token")
    shop = Shop(tmp_path)
    shop.house("linde", HOUSE)
    (shop.content / "houses" / "linde" / "inventory.toml").write_text(INVENTORY, "utf-8")
    pretix = 'system = "pretix"\nurl = "https://pretix.example"\norganizer = "brug"\ntoken_env = "BRUG_TOKEN"\n'
    shop.house("brug", HOUSE.replace('system = "local"\n', pretix))
    workspace = config.Workspace.at(tmp_path, shop.content, shop.output, tmp_path / "var")
    pool = wiring.till(config.load(workspace), "https://linde.example/sandbox/").saga.pool
    assert (type(pool("linde")), type(pool("brug"))) == (Here, Queue)


class Ring:
    """What holds only itself, as an error that remembers where it happened."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def without_garbage() -> Iterator[None]:
    """As build.py begins: nothing is collected."""
    before = gc.get_threshold()
    gc.disable()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    gc.enable()


@pytest.mark.usefixtures("without_garbage")
def test_a_shop_that_stays_open_lets_go_of_what_nobody_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Shop(tmp_path).house("linde", HOUSE)
    gone: list[bool] = []

    def serve(app: object, **how: object) -> None:
        ring = weakref.ref(Ring())
        kept = [[] for _ in range(2 * counter.GARBAGE[0])]
        gone.append(bool(app and how and kept) and ring() is None)

    monkeypatch.setattr(counter.uvicorn, "run", serve)
    asked = dict.fromkeys(("now", "content", "output", "var", "themes")) | {"root": tmp_path}
    counter.open_shop(asked, port=8000, reload=False, url="")
    assert gone == [True]
