"""A sale is killed at every point it passes, and after a restart money, tickets and records agree (reliability A9, A10)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sales.crash import STORIES
from tests.servers.fixtures import ministack  # noqa: F401
from tests.shop import ROOT

ALL = os.environ.get("ETALAGE_CRASH") == "all"


def killed(story: str, folder: Path, *options: str) -> list[dict[str, Any]]:
    line = [sys.executable, "-m", "tests.sales.crash", story, str(folder), *options]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=3000 if ALL else 280, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("story", STORIES)
def test_killed_anywhere_a_sale_comes_right(story: str, tmp_path: Path) -> None:
    points = killed(story, tmp_path, "--pairs", "12")
    print(f"{story}: killed at {len(points)} points")
    assert len(points) > 20
    assert [point for point in points if point["wrong"]] == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "story",
    STORIES
    if ALL
    else ("sold", "sold_out_at_one", "refused_after_the_pivot", "paid_late", "given_back", "moved", "in_turn"),
)
def test_killed_anywhere_a_sale_of_our_own_comes_right(story: str, tmp_path: Path) -> None:
    """Where nobody outside is asked many steps share a commit: what was killed in it never was."""
    points = killed(story, tmp_path, "--ours")
    print(f"{story}: killed at {len(points)} points of our own")
    assert len(points) > 10
    assert [point for point in points if point["wrong"]] == []


@pytest.mark.server
@pytest.mark.timeout(3000 if ALL else 600)
@pytest.mark.parametrize("story", STORIES if ALL else ("sold", "refused_after_the_pivot", "given_back"))
def test_killed_on_a_table_a_sale_comes_right_too(story: str, ministack: str, tmp_path: Path) -> None:
    """On DynamoDB: every third point of three stories; with ETALAGE_CRASH=all every point of all."""
    points = killed(story, tmp_path, "--tables", ministack, "--every", "1" if ALL else "3")
    print(f"{story}: killed at {len(points)} points on a table")
    assert len(points) > 6
    assert [point for point in points if point["wrong"]] == []


@pytest.mark.timeout(300)
def test_control_a_sale_that_does_not_know_its_references_again_goes_wrong(tmp_path: Path) -> None:
    assert any(point["wrong"] for point in killed("sold", tmp_path, "--forgetful"))
