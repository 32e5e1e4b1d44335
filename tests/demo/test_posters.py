"""Posters: every one can be drawn, the same each time, and differs from the others."""

from datetime import date
from pathlib import Path

from PIL import Image

from demo import posters, region
from demo.season import HOUSES, announcements

SUNDAY = date(2026, 11, 22)


def test_every_family_is_asked_for_and_every_drawing_used() -> None:
    asked = [one.poster for house in HOUSES for one in announcements(house, SUNDAY) if one.poster]
    drawings = {posters.drawing(poster) for poster in asked}
    assert {poster["style"] for poster in asked} == posters.FAMILIES.keys()
    assert drawings == {drawing for family in posters.FAMILIES.values() for drawing in family.values()}


def test_a_poster_depends_on_its_production_and_not_on_the_day(tmp_path: Path) -> None:
    now, later = (region.posters(tmp_path, day) for day in (SUNDAY, date(2027, 5, 3)))
    assert now == later
    assert len(now) >= 60


def test_the_same_poster_is_drawn_the_same_way_twice() -> None:
    one, again, other = (
        posters.draw("foelie", identity, {"style": "tiles", "variant": "mirrors"}) for identity in ("a", "a", "b")
    )
    assert one.size == posters.WIDE
    assert one.tobytes() == again.tobytes() != other.tobytes()


def test_only_missing_posters_are_drawn(tmp_path: Path) -> None:
    wanted = {
        tmp_path / "a.jpg": ("meerstoel", "a", {"style": "op", "variant": "sundial"}),
        tmp_path / "b.jpg": ("klokzeel", "b", {"style": "blocks", "variant": "gears", "tall": True}),
    }
    assert list(posters.hang(wanted)) == list(wanted)
    assert list(posters.hang(wanted)) == []
    with Image.open(tmp_path / "b.jpg") as picture:
        assert picture.height == posters.LONGEST and picture.width < picture.height
