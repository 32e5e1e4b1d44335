"""A sale is killed at every point it passes, and after a restart money, tickets and records agree (reliability A9, A10)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sales.crash import STORIES
from tests.shop import ROOT


def killed(story: str, folder: Path, *options: str) -> list[dict[str, Any]]:
    line = [sys.executable, "-m", "tests.sales.crash", story, str(folder), *options]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=280, check=False)
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
def test_control_a_sale_that_does_not_know_its_references_again_goes_wrong(tmp_path: Path) -> None:
    assert any(point["wrong"] for point in killed("sold", tmp_path, "--forgetful"))
