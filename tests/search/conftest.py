"""The demo region's indexes, asked through the function's desk and through the browser's own modules in Node."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from etalage import wiring
from etalage.config import Workspace, load, moment_now
from etalage.search.desk import Desk
from tests.shop import ROOT, Shop
from tools import lighthouse

SCRIPTS = ROOT / "themes" / "base" / "static" / "js" / "search"
NOW = "2026-11-22T10:00:00+01:00"

Browser = Callable[[str, str, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
"""(site, language, questions) → answers, as index.find gives them."""


def workspace_of(shop: Shop) -> Workspace:
    return Workspace.at(shop.folder, themes=ROOT / "themes")


@pytest.fixture(scope="session")
def desk(golden_region: Shop) -> Desk:
    """The information desk of the golden region."""
    return wiring.desk(workspace_of(golden_region), lambda: moment_now(NOW))


@pytest.fixture(scope="session")
def settings(golden_region: Shop) -> Any:
    return load(workspace_of(golden_region))


@pytest.fixture(scope="session")
def node() -> str:
    """Node, which runs the browser's modules: the one that Playwright brings, so it is there wherever the tests are."""
    return lighthouse.node()


@pytest.fixture(scope="session")
def browser_index(golden_region: Shop, node: str) -> Browser:
    """Ask the golden region's static index as a browser does."""

    def ask(site: str, language: str, questions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        folder = golden_region.output / site / "search" / language
        given = json.dumps([{"now": NOW, **question} for question in questions])
        line = [node, "--no-warnings", str(ROOT / "tests" / "search" / "ask.mjs"), str(SCRIPTS), str(folder)]
        done = subprocess.run(line, input=given, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers

    return ask
