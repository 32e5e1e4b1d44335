"""A shop for a bench: one house with its own inventory, served by as many web processes as asked, in a folder that goes with it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from etalage.adapters.local_ticketing import LocalTicketing
from etalage.config import Workspace, load
from etalage.wiring import clock, till
from tools.showroom import free_port, wait

ROOT = Path(__file__).resolve().parents[2]
HOUSE, PRICE = "linde", 18
COUNTED, NUMBERED = (f"toml:{HOUSE}/{name}/1" for name in ("vol", "stoelen"))
"""A show with few places, and one with numbered seats."""
SEASON = tuple(f"toml:{HOUSE}/seizoen/{number}" for number in range(1, 401))
"""A season of halls with a thousand places each, that no bench fills."""
WHEN = "2099-06-01T20:00:00+02:00"


@dataclass(frozen=True)
class Shop:
    """Where it stands, and where its web processes listen."""

    folder: Path
    ports: Sequence[int]
    pids: Sequence[int]

    def house(self) -> LocalTicketing:
        """The house's own books, past the web processes."""
        made = till(load(Workspace.at(self.folder)), "", clock).houses(HOUSE)
        assert isinstance(made, LocalTicketing)
        return made


@contextmanager
def open_shop(
    folder: Path,
    processes: int,
    *,
    places: int = 1000,
    seats: int = 50,
    unguarded: bool = False,
    more: str = "",
    keys: Mapping[str, str] = {},
) -> Iterator[Shop]:
    """Lay out the shop and serve it; `unguarded` lets the store forget its conditions, so that a race can be lost.

    `more`: what else stands in its house.toml; `keys`: performance → its id in UiTdatabank.
    """
    _lay_out(folder, places, seats, more, keys)
    ports = [free_port() for _ in range(processes)]
    servers: list[subprocess.Popen[bytes]] = []
    with ExitStack() as stack:
        for port in ports:
            command = [
                sys.executable,
                "-m",
                "bench.sale.serve",
                str(folder),
                str(port),
                "unguarded" if unguarded else "",
            ]
            process = stack.enter_context(subprocess.Popen(command, cwd=ROOT))
            stack.callback(process.terminate)
            servers.append(process)
        for port, server in zip(ports, servers, strict=True):
            wait(f"http://127.0.0.1:{port}/api/health", server)
        yield Shop(folder, ports, [server.pid for server in servers])


def _lay_out(folder: Path, places: int, seats: int, more: str, keys: Mapping[str, str]) -> None:
    house = folder / "content" / "houses" / HOUSE
    house.mkdir(parents=True)
    (house / "house.toml").write_text(
        'name = "De Linde"\nurl = "https://linde.example"\n[ticketing]\nsystem = "local"\n' + more, "utf-8"
    )
    rows = seats // 10
    (house / "inventory.toml").write_text(
        f"""most = 10
[[ranks]]
id = "zaal"
capacity = {places}
[[ranks]]
id = "stoel"
rows = [{", ".join(f'{{ row = "{chr(65 + row)}", seats = 10 }}' for row in range(rows))}]
[[ranks]]
id = "plein"
capacity = 1000
[[rates]]
id = "basis"
prices = {{ zaal = {PRICE}, stoel = {PRICE}, plein = {PRICE} }}
[[offers]]
performances = ["{COUNTED}"]
ranks = ["zaal"]
[[offers]]
performances = ["{NUMBERED}"]
ranks = ["stoel"]
[[offers]]
performances = ["toml:{HOUSE}/seizoen/*"]
ranks = ["plein"]
""",
        "utf-8",
    )
    output = folder / "output" / HOUSE
    output.mkdir(parents=True)
    items = {
        one: {
            "id": one,
            "start": WHEN,
            "title": "A",
            "url": "programma/a/",
            "keys": {"cdbid": keys[one]} if one in keys else {},
        }
        for one in (COUNTED, NUMBERED, *SEASON)
    }
    shelf = {
        "site": HOUSE, "name": "De Linde", "language": "nl", "languages": ["nl"], "timezone": "Europe/Brussels", "wishlist": "",
        "items": items,
    }  # fmt: skip
    (output / "shelf.json").write_text(json.dumps(shelf), "utf-8")
    (output / "index.html").write_text("<!doctype html><title>De Linde</title>", "utf-8")
    (output / "agenda").mkdir()
    lines = "".join(f'<li><a href="../programma/{at}/">Voorstelling {at}</a> om 20:00</li>' for at in range(400))
    (output / "agenda" / "index.html").write_text(f"<!doctype html><title>Agenda</title><ul>{lines}</ul>", "utf-8")
