"""Overlays belong to staff: they survive every import, and what changes under them is reported."""

import msgspec
import pytest

from etalage.catalogue.enrich import Memory, enrich
from etalage.catalogue.merge import merge
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.overlay import Addition, Overlay, Place, Wins
from etalage.model.programme import Credit, Genre, Picture, Production
from etalage.model.tip import Wishes
from tests.make import harvested, house, production

ID = "pretix:linde/a"


def catalogue_of(*productions: Production) -> Catalogue:
    return merge([harvested("pretix:linde", *productions)], {"linde": house()}, {})


def laid(
    overlay: Overlay, memory: Memory | None = None, rules: dict[str, str] | None = None, **source: object
) -> tuple[Entry, Memory, list[str]]:
    catalogue, seen = enrich(catalogue_of(production(ID, **source)), [overlay], memory or {}, {"linde": rules or {}})  # type: ignore[arg-type]
    return catalogue.entries[ID], seen, [problem.code for problem in catalogue.problems]


def overlay(**fields: object) -> Overlay:
    made = {name: value if isinstance(value, Addition) else Addition(value=value) for name, value in fields.items()}
    return Overlay(production=ID, file="houses/linde/productions/a.md", fields=made, stamp="v1")


def test_an_overlay_fills_what_the_source_leaves_empty() -> None:
    entry, _, problems = laid(overlay(age_min=8, summary={"nl": "Kort."}))
    assert entry.production.age_min == 8 and entry.production.summary == {"nl": "Kort."}
    assert entry.origins["age_min"] == "overlay:houses/linde/productions/a.md"
    assert problems == []


def test_the_source_wins_unless_staff_say_otherwise() -> None:
    assert laid(overlay(duration=90), duration=75)[0].production.duration == 75
    mine = overlay(duration=Addition(value=90, wins=Wins.EDITOR))
    assert laid(mine, duration=75)[0].production.duration == 90


def test_an_interval_of_zero_is_an_answer() -> None:
    assert laid(overlay(interval=20), interval=0)[0].production.interval == 0


def test_words_are_joined_by_language() -> None:
    entry, _, _ = laid(overlay(title={"nl": "Anders", "fr": "Voyage d'hiver"}))
    assert entry.production.title == {"nl": "Winterreis", "fr": "Voyage d'hiver"}


def test_lists_are_joined_and_not_doubled() -> None:
    one, other = Credit(name="Lies Peeters"), Credit(name="Bram Maes")
    entry, _, _ = laid(overlay(credits=(one, other)), credits=(one,))
    assert entry.production.credits == (one, other)


def test_pictures_genres_and_text_find_their_place() -> None:
    picture, genre = (
        Picture(src="houses/linde/images/a.jpg", alt={"nl": "Een zangeres"}),
        Genre(id="klassiek", name={"nl": "Klassiek"}),
    )
    given = overlay(pictures=(picture,), genres=(genre,))
    for place, expected in (
        (Place.AFTER, "<p>bron</p>\n<p>wij</p>"), (Place.BEFORE, "<p>wij</p>\n<p>bron</p>"), (Place.INSTEAD, "<p>wij</p>"),
    ):  # fmt: skip
        said = Overlay(production=ID, file="a.md", fields=given.fields, text={"nl": "<p>wij</p>"}, place=place)
        entry, _, _ = laid(said, description={"nl": "<p>bron</p>"})
        assert entry.production.description == {"nl": expected}
        assert entry.production.pictures == (picture,) and entry.production.genres == (genre,)


def test_a_source_that_changes_under_an_editors_field_is_reported_until_staff_look() -> None:
    mine = overlay(duration=Addition(value=90, wins=Wins.EDITOR))
    _, memory, problems = laid(mine, duration=75)
    assert problems == []
    entry, memory, problems = laid(mine, memory, duration=80)
    assert entry.production.duration == 90 and problems == ["source_changed"]
    _, memory, problems = laid(mine, memory, duration=80)
    assert problems == ["source_changed"]
    again = Overlay(production=ID, file="a.md", fields=mine.fields, stamp="v2")
    _, _, problems = laid(again, memory, duration=80)
    assert problems == []


def test_once_keeps_what_the_source_said_first() -> None:
    rule = overlay(title=Addition(value=None, wins=Wins.ONCE))
    first = production(ID, "Winterreis")
    catalogue, memory = enrich(catalogue_of(first), [rule], {}, {"linde": {}})
    assert catalogue.entries[ID].production.title == {"nl": "Winterreis"}
    later, _ = enrich(catalogue_of(production(ID, "WINTERREIS UITVERKOCHT")), [rule], memory, {"linde": {}})
    assert later.entries[ID].production.title == {"nl": "Winterreis"}


def test_a_house_can_set_the_rule_for_all_its_productions() -> None:
    rules = {"linde": {"title": "once"}}
    catalogue, memory = enrich(catalogue_of(production(ID, "Eerst")), [], {}, rules)
    assert catalogue.entries[ID].production.title == {"nl": "Eerst"}
    later, _ = enrich(catalogue_of(production(ID, "Later")), [], memory, rules)
    assert later.entries[ID].production.title == {"nl": "Eerst"}


def test_an_overlay_without_a_production_is_reported_and_remembered() -> None:
    lost = Overlay(production="pretix:linde/weg", file="weg.md", fields={"age_min": Addition(value=6)})
    memory: Memory = {"pretix:linde/weg": {}}
    catalogue, seen = enrich(catalogue_of(production(ID)), [lost], memory, {"linde": {}})
    assert [problem.code for problem in catalogue.problems] == ["overlay_orphan"]
    assert seen == memory


def test_an_overlay_for_another_sources_id_reaches_the_joined_production() -> None:
    till, planning = production(ID), production("icalendar:linde/7")
    merged = merge([harvested("pretix:linde", till), harvested("icalendar:linde", planning)], {"linde": house()}, {})
    given = Overlay(production="icalendar:linde/7", file="a.md", fields={"age_min": Addition(value=6)})
    catalogue, _ = enrich(merged, [given], {}, {"linde": {}})
    (entry,) = catalogue.entries.values()
    assert entry.production.age_min == 6


@pytest.mark.parametrize("changed", [False, True])
def test_a_stamp_changes_with_the_overlay_and_only_then(changed: bool) -> None:
    before, _, _ = laid(overlay(age_min=8))
    after, _, _ = laid(overlay(age_min=9 if changed else 8))
    assert (before.stamp != after.stamp) is changed


def test_staffs_wishes_about_tips_are_kept_by_the_ids_that_count() -> None:
    wishes = Overlay(production=ID, file="a.md", tips=Wishes(pin=("csv:linde/x", "pretix:linde/weg"), ban=(ID,)))
    catalogue = msgspec.structs.replace(catalogue_of(production(ID)), aliases={"csv:linde/x": ID})
    enriched, _ = enrich(catalogue, [wishes], {}, {})
    assert enriched.entries[ID].tips == Wishes(pin=(ID,), ban=(ID,))
    assert [(p.code, p.field, p.source) for p in enriched.problems] == [("tip_unknown", "tips.pin", "overlay:a.md")]


def test_a_tip_on_another_page_is_no_change_of_this_production() -> None:
    entry, _, _ = laid(Overlay(production=ID, file="a.md", tips=Wishes(ban=(ID,))))
    assert entry.stamp == catalogue_of(production(ID)).entries[ID].stamp
