"""The foyer's screen shows what comes, leaves out what nobody knows, and tells staff what that is."""

from datetime import date
from typing import Any

import msgspec

from etalage.catalogue.foyer import end_of, gaps, until
from etalage.catalogue.harvest import stamp
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.programme import Kind, Status
from tests.make import ZAAL, at, performance, production

TODAY = date(2026, 12, 5)
HALLS = msgspec.structs.replace(ZAAL, halls=("Grote zaal", "Foyer"))


def asked(*productions: Any, houses: frozenset[str] = frozenset({"linde"})) -> list[str]:
    entries = {one.id: Entry(production=one, stamp=stamp(one)) for one in productions}
    found = gaps(Catalogue(entries=entries, venues={ZAAL.id: HALLS}), houses, TODAY)
    assert all(problem.code == "screen_gap" and problem.reason for problem in found)
    return [problem.field for problem in found]


def test_a_date_this_week_without_hall_end_and_interval_is_reported_once_each() -> None:
    assert asked(production("toml:linde/a")) == ["hall", "end"]
    assert asked(production("toml:linde/a", duration=120)) == ["hall", "interval"]
    assert asked(production("toml:linde/a", "A", "2026-12-05 20:00", "2026-12-06 20:00")) == ["hall", "end"]


def test_what_is_complete_short_or_far_away_is_not_reported() -> None:
    full = performance("toml:linde/a/1", hall="Foyer", end=at("2026-12-05 22:00"))
    assert asked(production("toml:linde/a", "A", full, interval=0)) == []
    short = performance("toml:linde/a/1", hall="Foyer", end=at("2026-12-05 21:00"))
    assert asked(production("toml:linde/a", "A", short)) == []
    assert asked(production("toml:linde/a", "A", "2026-12-20 20:00")) == []


def test_what_nobody_waits_for_in_the_foyer_is_not_reported() -> None:
    cancelled = performance("toml:linde/a/1", status=Status.CANCELLED)
    assert asked(production("toml:linde/a", "A", cancelled)) == []
    assert asked(production("toml:linde/a", kind=Kind.WALKIN), production("toml:linde/b", kind=Kind.ONLINE)) == []
    assert asked(production("toml:linde/a"), houses=frozenset()) == []


def test_an_end_comes_from_the_date_else_from_the_duration_else_it_is_not_said() -> None:
    show = production("toml:linde/a", duration=100)
    assert end_of(show, show.performances[0]) == at("2026-12-05 21:40")
    unsure = production("toml:linde/b")
    assert end_of(unsure, unsure.performances[0]) is None
    assert until(unsure, unsure.performances[0]) == at("2026-12-05 22:00")
