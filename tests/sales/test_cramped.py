"""The disk is full, or may not be written, in the middle of a sale: nothing is acknowledged, and all goes on when it is well (A26)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etalage.model.errors import Unavailable
from tests.sales.world import World
from tests.shop import ROOT


def taken_away(how: str, folder: Path) -> list[dict[str, Any]]:
    """The points of a sale at which the disk was taken away."""
    line = [sys.executable, "-m", "tests.sales.cramped", how, str(folder)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("how", ["full", "small", "read-only"])
def test_a_sale_comes_right_when_the_disk_is_well_again(how: str, tmp_path: Path) -> None:
    points = taken_away(how, tmp_path)
    told = [point for point in points if point["told"]]
    print(f"{how}: taken away at {len(points)} points, told at {len(told)}")
    assert len(points) >= 6 and [point for point in points if point["wrong"]] == []
    if how != "small":  # there, what still fits in a page is written
        assert told == points


def test_control_a_store_that_says_yes_and_writes_nothing_loses_sales(tmp_path: Path) -> None:
    assert any(point["wrong"] for point in taken_away("careless", tmp_path))


def test_who_begins_while_it_is_read_only_is_told_and_nothing_is_there(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.records.get("checkout", "co1")
    usual = world.records._commit
    world.records._commit = lambda connection, jobs: (
        connection.execute("pragma query_only = on") and usual(connection, jobs)
    )
    with pytest.raises(Unavailable) as told:
        world.basket()
    assert told.value.code == "records_unavailable" and world.records.get("checkout", "co1") is None
    world.records._commit = usual
    world.basket()
    assert world.saga.run("co1").pay_url
