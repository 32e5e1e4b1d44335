"""The screen's data: today and a week more, in words, with the moments that the script counts with."""

import json

import msgspec

from etalage.model.offer import Stock
from etalage.model.programme import Kind, Status
from tests.make import ZAAL, at, performance, production

OTHER = msgspec.structs.replace(ZAAL, id="kapel", name="De Kapel")


def screen(site, path="screen/today.json"):
    return json.loads(site.file(path))


def test_a_line_says_start_end_interval_and_hall(fed):
    one = performance("toml:linde/a/1", "2026-11-21 20:00", end=at("2026-11-21 22:15"), hall="Grote zaal")
    line = screen(fed(production("toml:linde/a", "Winterreis", one, interval=20)))["shows"][0]
    assert (line["clock"], line["end"], line["interval"]) == ("20:00", "22:15", "pauze van 20 minuten")
    assert line["place"] == "Grote zaal, CC De Linde" and line["until"] == "2026-11-21T22:15:00+01:00"


def test_what_nobody_knows_is_left_out(fed):
    line = screen(fed(production("toml:linde/a", "Winterreis", "2026-11-21 20:00")))["shows"][0]
    assert (line["end"], line["interval"], line["state"]) == ("", "", "")


def test_cancelled_and_sold_out_say_so(fed):
    site = fed(
        production(
            "toml:linde/a",
            "A",
            performance("toml:linde/a/1", "2026-11-21 20:00", status=Status.CANCELLED, end=at("2026-11-21 22:00")),
        ),
        production("toml:linde/b", "B", performance("toml:linde/b/1", "2026-11-21 21:00", stock=Stock.NONE)),
    )
    lines = screen(site)["shows"]
    assert [(line["state"], line["is_off"], line["end"]) for line in lines] == [
        ("Geannuleerd", True, ""),
        ("Uitverkocht", False, ""),
    ]


def test_a_week_is_in_it_and_no_more_and_nothing_to_watch_at_home(fed):
    site = fed(
        production("toml:linde/a", "A", "2026-11-21 20:00", "2026-11-28 20:00", "2026-11-29 20:00"),
        production("toml:linde/t", "Thuis", "2026-11-21 20:00", kind=Kind.ONLINE),
    )
    assert [line["day"] for line in screen(site)["shows"]] == ["za 21 nov", "za 28 nov"]


def test_each_of_several_venues_has_a_screen_that_need_not_name_it(fed):
    one = production("toml:linde/a", "A", performance("toml:linde/a/1", "2026-11-21 20:00", hall="Foyer"))
    other = production(
        "toml:linde/b", "B", performance("toml:linde/b/1", "2026-11-21 20:00", venue="kapel", hall="Koor")
    )
    site = fed(one, other, venues=(ZAAL, OTHER))
    kapel = screen(site, "screen/kapel/today.json")
    assert kapel["place"] == "De Kapel" and [line["place"] for line in kapel["shows"]] == ["Koor"]
    assert [line["place"] for line in screen(site)["shows"]] == ["Foyer, CC De Linde", "Koor, De Kapel"]
    assert not [path for path in fed(one).paths("today.json") if path != "screen/today.json"]
