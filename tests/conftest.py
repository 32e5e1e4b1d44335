"""Fixtures for all tests: an empty shop, the golden region, and the whole demo served for browsers."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from xdist.scheduler import LoadScopeScheduling

from demo import inventory, posters, region
from etalage.config import moment_now
from tests.shop import GOLDEN_DAY, ROOT, Shop


class SideBySide(LoadScopeScheduling):
    """Of two processes (`make test`) one has a browser, the other all the rest; who is ready first looks at the pages."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(("tests/browser/test_pages.py", "tests/browser/test_at_pretix.py")):
            return "pages"  # last: where a browser once ran, no event loop of a test's own runs any more
        return "browser" if nodeid.startswith("tests/browser/") else "shop"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SideBySide:
    return SideBySide(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Accounts at a provider are asked only by who says so: `pytest -m provider`, whatever keys are in the environment."""
    if "provider" not in config.option.markexpr:
        asking = [one for one in items if one.get_closest_marker("provider")]
        config.hook.pytest_deselected(items=asking)
        items[:] = [one for one in items if one not in asking]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """An Etalage with nothing in it yet."""
    return Shop(tmp_path)


def lay_out(shop: Shop, *, pictures: bool) -> None:
    """The demo region's content as of the golden day."""
    for name in ("houses", "clusters", "shared"):
        shutil.copytree(
            ROOT / "content" / name,
            shop.content / name,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("source", "generated"),
        )
    today = moment_now(shop.now).date()
    list(region.write(shop.content, today))
    list(inventory.write(shop.content, today))
    if pictures:
        list(posters.hang(region.posters(shop.content, today)))


def with_posters(shop: Shop) -> None:
    """The pictures to share are made once for all tests: they are the same whoever draws them (tests/plugins/test_sharing.py)."""
    kept = ROOT / "var" / "share-for-tests"
    kept.mkdir(parents=True, exist_ok=True)
    (shop.folder / "var").mkdir()
    (shop.folder / "var" / "share").symlink_to(kept)


@pytest.fixture(scope="session")
def golden_region(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The demo region as of a fixed day, built without its pictures: quick, and the same on every machine."""
    shop = Shop(tmp_path_factory.mktemp("region"))
    lay_out(shop, pictures=False)
    with_posters(shop)
    shop.build()
    return shop


@pytest.fixture(scope="session")
def demo_shop() -> Shop:
    """The demo region with its pictures. They take a minute or two to make, so they are kept in var/ between runs."""
    shop = Shop(_demo_folder(), url=f"http://{{site}}.localhost:{_port()}")
    shutil.rmtree(shop.content / "houses", ignore_errors=True) if _is_stale(shop) else None
    shutil.rmtree(shop.output, ignore_errors=True)
    shutil.rmtree(shop.folder / "var" / "build", ignore_errors=True)
    for sold in (shop.folder / "var").glob("records.sqlite*"):  # the golden day begins anew
        sold.unlink()
    lay_out(shop, pictures=True)
    (shop.folder / "drawn").touch()
    shelf = shop.folder / "var" / "pictures"  # what `make demo` made ready is ready here too
    if not shelf.exists():
        shelf.parent.mkdir(parents=True, exist_ok=True)
        (ROOT / "var" / "pictures").mkdir(parents=True, exist_ok=True)
        shelf.symlink_to(ROOT / "var" / "pictures")
    shop.build()
    return shop


@pytest.fixture(scope="session")
def demo_server(demo_shop: Shop) -> Iterator[str]:
    """The demo, served as `build.py serve` does, on the golden day; gives the pattern of its addresses."""
    port = demo_shop.url.rpartition(":")[2]
    line = [sys.executable, "-m", "tests.golden_counter", str(demo_shop.folder), port]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, cwd=ROOT) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/api/health", server)
            yield demo_shop.url
        finally:
            server.terminate()
            server.wait(timeout=10)


def _demo_folder() -> Path:
    """Each process has a demo of its own; the second takes over what the first one drew."""
    first = ROOT / "var" / "demo-for-tests"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    mine = first if worker == "gw0" else first.with_name(f"{first.name}-{worker}")
    for other in first.parent.glob(f"{first.name}*"):
        if not mine.exists() and (other / "drawn").exists():
            shutil.copytree(other, mine, symlinks=True, ignore=shutil.ignore_patterns("output", "drawn", "*.db*"))
    return mine


_CHOSEN: list[int] = []


def _port() -> int:
    """A free port, the same for the whole session: addresses are in the pages."""
    if not _CHOSEN:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            _CHOSEN.append(probe.getsockname()[1])
    return _CHOSEN[0]


def _is_stale(shop: Shop) -> bool:
    """Whether the posters' code changed since they were drawn."""
    mark = shop.folder / "posters.stamp"
    code = "".join(path.read_text("utf-8") for path in sorted((ROOT / "demo").rglob("*.py")))
    stale = not mark.exists() or mark.read_text("utf-8") != code
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(code, "utf-8")
    return stale


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        try:
            if httpx.get(url, timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    pytest.fail(f"{url} does not answer; status {server.poll()}, golden day {GOLDEN_DAY}")
