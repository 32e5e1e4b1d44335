"""Real data, messy on purpose: 159 activities of a city festival become a site through a mapping alone."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.shop import ROOT, Shop

FEED = ROOT.parent / "shared" / "data" / "gentse-feesten-2016-07-17.json"
HOUSE = Path(__file__).parents[1] / "festival" / "houses" / "gentse-feesten" / "house.toml"

pytestmark = pytest.mark.skipif(
    not FEED.exists(), reason=f"the festival's programme is not at {FEED}; it is not part of the project"
)


@pytest.fixture(scope="module")
def festival(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("festival"), now="2016-07-10")
    toml = "\n".join(line for line in HOUSE.read_text("utf-8").splitlines() if not line.startswith("pictures"))
    shop.house("gentse-feesten", toml, activiteiten__json=FEED.read_bytes())
    shop.build()
    return shop


def activities() -> list[dict[str, object]]:
    return json.loads(FEED.read_bytes())


def test_every_activity_is_there_once(festival: Shop) -> None:
    plan = festival.run("plan")["sites"]["gentse-feesten"]["pages"]
    shown = [
        e["performance"]
        for page in plan
        if page["template"] == "agenda.html" and page.get("subject")
        for d in page.get("days", [])
        for e in d["entries"]
    ]
    assert len(shown) == len(set(shown)) == len(activities()) == 159
    assert {one.rpartition("/")[2] for one in shown} == {str(activity["id"]) for activity in activities()}


def test_times_and_prices_are_those_of_the_feed(festival: Shop) -> None:
    pages = {
        name: data.decode()
        for name, data in festival.written().items()
        if "/programma/" in name and name.endswith("index.html")
    }
    whole = "".join(pages.values())
    for activity in activities():
        day = datetime.fromtimestamp(int(str(activity["datum"])), ZoneInfo("Europe/Brussels")).date().isoformat()
        if activity["startuur"]:
            assert f"{day}T{str(activity['startuur']).zfill(5)}:00+02:00" in whole, activity["titel"]
        else:
            assert f'datetime="{day}"' in whole, activity["titel"]
        if activity["prijs"]:
            cents = round(float(str(activity["prijs"])) * 100)
            written = f"€\u00a0{cents // 100}" if cents % 100 == 0 else f"€\u00a0{cents // 100},{cents % 100:02}"
            assert written in whole, activity["titel"]


def test_nothing_is_broken_and_all_text_is_clean(festival: Shop) -> None:
    assert festival.run("check", status=None)["trouble"] == []
    for name, data in festival.written().items():
        if name.endswith(".html"):
            text = data.decode()
            assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in text), name
            assert "&amp;amp;" not in text and "False" not in text and "\r" not in text, name
