"""[[peaks]] in house.toml and cluster.toml: what staff write, and what they are told when it cannot be."""

from datetime import timedelta
from pathlib import Path

import pytest

from etalage.config import Settings, Workspace, load
from etalage.model.errors import Refused

GOOD = {"from": "2026-06-01T10:00:00", "until": "2026-06-01T14:00:00", "admit": "5"}


def settings(folder: Path, *tables: dict[str, str], cluster: bool = False) -> Settings:
    """Two houses and their cluster; the tables are of De Linde, or of the cluster."""
    text = "".join("[[peaks]]\n" + "".join(f"{key} = {value}\n" for key, value in table.items()) for table in tables)
    for name in ("linde", "brug"):
        (folder / "content/houses" / name).mkdir(parents=True)
        own = text if name == "linde" and not cluster else ""
        (folder / "content/houses" / name / "house.toml").write_text(f'name = "{name}"\n{own}', "utf-8")
    (folder / "content/clusters/regio").mkdir(parents=True)
    own = text if cluster else ""
    (folder / "content/clusters/regio/cluster.toml").write_text(
        f'name = "Regio"\nmembers = ["linde", "brug"]\n{own}', "utf-8"
    )
    return load(Workspace.at(folder))


def test_off_unless_it_is_written(tmp_path: Path) -> None:
    assert settings(tmp_path).peaks == ()


def test_a_moment_is_by_the_clock_of_the_house(tmp_path: Path) -> None:
    (peak,) = settings(tmp_path, GOOD).peaks
    assert peak.opens.isoformat() == "2026-06-01T10:00:00+02:00" and peak.until - peak.opens == timedelta(hours=4)
    assert peak.opens - peak.doors == timedelta(minutes=30) and (peak.admit, peak.per) == (5, 1)
    assert peak.houses == ("linde",) and peak.covers("toml:linde/a/1") and not peak.covers("toml:brug/a/1")


def test_a_cluster_opens_for_all_its_members(tmp_path: Path) -> None:
    more = {
        "per": '"minute"',
        "doors": "0",
        "productions": '["toml:linde/a", "pretix:brug/b"]',
        "from": "2026-06-01T08:00:00Z",
    }
    (peak,) = settings(tmp_path, GOOD | more, cluster=True).peaks
    assert peak.houses == ("linde", "brug") and peak.per == 60 and peak.doors == peak.opens
    assert peak.covers("pretix:brug/b/7") and not peak.covers("pretix:brug/c/7")
    assert peak.id == "regio/2026-06-01T08:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"admit": "0"}, "peaks[1].admit = 0: write how many visitors, 1 to 1000"),
        ({"admit": '"5"'}, "Expected `int`, got `str` - at `$.peaks[0].admit`"),
        ({"per": '"hour"'}, "Invalid enum value 'hour' - at `$.peaks[0].per`"),
        ({"until": "2026-06-01T09:00:00"}, "write a moment after from"),
        ({"from": "2026-06-01"}, "$.peaks[0].from"),
        ({"doors": "-1"}, "peaks[1].doors = -1"),
        ({"productions": '["winterreis"]'}, "'winterreis' is no id of a production of linde"),
        ({"productions": '["toml:brug/a"]'}, "'toml:brug/a' is no id of a production of linde"),
        ({"amount": "5"}, "Object contains unknown field `amount`"),
        ({"from": "2026-03-29T02:30:00"}, "the clocks skip it"),
    ],
)
def test_what_cannot_be_is_refused_with_what_may_stand_there(tmp_path: Path, wrong: dict[str, str], told: str) -> None:
    with pytest.raises(Refused) as no:
        settings(tmp_path, GOOD | wrong)
    assert told in str(no.value)


def test_two_peaks_of_one_moment_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="another peak opens then"):
        settings(tmp_path, GOOD, GOOD)
