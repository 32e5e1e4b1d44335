"""What the page of one production proposes, and why: rules that staff can predict."""

from typing import Any

import pytest

from etalage.catalogue.ahead import Ahead
from etalage.catalogue.showing import Showing
from etalage.catalogue.tips import TIPS, NextOfGenre, Tips
from etalage.model.catalogue import Catalogue, Entry
from etalage.model.genres import GENRES
from etalage.model.offer import Stock
from etalage.model.programme import Credit, Kind, Production, Status
from etalage.model.site import Site, SiteKind
from etalage.model.tip import Reason, Wishes
from tests.make import NOON, performance, price, production

SITE = Site(id="linde", kind=SiteKind.HOUSE, name={}, languages=("nl",), houses=("linde",))


def show(name: str, day: str = "2026-12-05", genre: str = "theater", **more: Any) -> Production:
    """A production on one evening in De Linde."""
    dates = more.pop("dates", (f"{day} 20:00",))
    genres = tuple(GENRES[each] for each in genre.split()) if genre else ()
    return production(f"toml:linde/{name}", name.capitalize(), *dates, **{"genres": genres, **more})


def tips_of(first: Production, *others: Production, wishes: Wishes | None = None) -> list[tuple[str, str, str]]:
    """Name, code and subject of each tip on the first one's page."""
    entries = {one.id: Entry(production=one, stamp="") for one in (first, *others)}
    showing = Showing(Catalogue(entries=entries, venues={}), SITE, NOON.date())
    found = Tips(Ahead(showing, "nl"), {first.id: wishes} if wishes else {}).of(first.id)
    return [(entry.production.rpartition("/")[2], why.code, why.what) for entry, why in found]


def with_people(*names: str) -> dict[str, Any]:
    return {"credits": tuple(Credit(name=name) for name in names)}


def test_the_same_maker_comes_before_the_same_person_before_the_same_genre() -> None:
    first = show("a", company="Compagnie Grintweg", **with_people("Lies Maes"))
    found = tips_of(
        first, show("genre", "2026-12-06"), show("met", "2026-12-07", "dans", **with_people("Lies Maes")),
        show("van", "2026-12-08", "dans", company="compagnie grintweg"),
    )  # fmt: skip
    assert found == [
        ("van", "maker", "Compagnie Grintweg"),
        ("met", "person", "Lies Maes"),
        ("genre", "genre", "theater"),
    ]


def test_one_tip_is_of_another_kind_altogether_and_says_so() -> None:
    same = [show(f"t{n}", f"2026-12-{n:02}") for n in range(6, 12)]
    found = tips_of(show("a"), *same, show("concert", "2026-12-09", "jazz"), show("komedie", "2026-12-08", "humor"))
    assert len(found) == TIPS
    assert found[-1] == ("concert", "other_week", "jazz")
    assert {code for _, code, _ in found[:-1]} == {"genre"}


def test_when_all_is_of_one_kind_the_other_genre_will_do() -> None:
    found = tips_of(show("a"), show("b", "2026-12-06"), show("lach", "2027-02-09", "humor"))
    assert found == [("b", "genre", "theater"), ("lach", "other", "humor")]


def test_what_nothing_resembles_gets_no_tip_not_even_a_strange_one() -> None:
    assert tips_of(show("a"), show("b", "2026-12-06", "jazz")) == []


@pytest.mark.parametrize(
    "gone",
    [
        show("b", "2026-11-01"),
        show("b", dates=(performance("toml:linde/b/1", stock=Stock.NONE),)),
        show("b", dates=(performance("toml:linde/b/1", status=Status.CANCELLED),)),
        show("b", dates=(performance("toml:linde/b/1", status=Status.POSTPONED),)),
        show("b", dates=(performance("toml:linde/b/1", sale_until=NOON.replace(day=20)),)),
        show("b", removed=True),
        show("b", kind=Kind.SCHOOL),
        show("b", kind=Kind.COURSE, dates=("2026-11-01 19:00", "2026-12-01 19:00")),
    ],
    ids=[
        "past",
        "sold out",
        "cancelled",
        "postponed",
        "sale over",
        "vanished",
        "for schools",
        "a course that has begun",
    ],
)
def test_only_what_one_can_still_attend_is_proposed(gone: Production) -> None:
    assert tips_of(show("a"), gone) == []


def test_the_date_that_is_shown_is_the_first_with_places() -> None:
    dates = (
        performance("toml:linde/b/1", "2026-12-06 20:00", stock=Stock.NONE),
        performance("toml:linde/b/2", "2026-12-07 20:00"),
    )
    entries = {one.id: Entry(production=one, stamp="") for one in (show("a"), show("b", dates=dates))}
    showing = Showing(Catalogue(entries=entries, venues={}), SITE, NOON.date())
    ((entry, why),) = Tips(Ahead(showing, "nl"), {}).of("toml:linde/a")
    assert (entry.performance, why) == ("toml:linde/b/2", Reason("genre", "theater"))


def test_a_maker_is_the_reason_for_two_tips_at_most() -> None:
    same = [show(f"v{n}", f"2026-12-{n:02}", "dans", company="Kantel vzw") for n in range(6, 10)]
    found = tips_of(show("a", company="Kantel vzw"), *same, show("b", "2026-12-20"))
    assert [code for _, code, _ in found] == ["maker", "maker", "genre", "other_week"]


def test_staff_pin_what_comes_first_and_ban_what_never_comes() -> None:
    others = [show(name, f"2026-12-{day}") for name, day in (("b", "06"), ("c", "07"), ("d", "08"), ("ver", "30"))]
    wishes = Wishes(pin=("toml:linde/ver", "toml:linde/weg"), ban=("toml:linde/b",))
    found = tips_of(show("a"), *others, wishes=wishes)
    assert [(name, code) for name, code, _ in found] == [("ver", "pin"), ("c", "genre"), ("d", "genre")]


def test_a_page_full_of_pins_is_what_staff_asked_for() -> None:
    others = [show(f"p{n}", f"2026-12-{n:02}", "jazz") for n in range(6, 12)]
    found = tips_of(show("a"), *others, wishes=Wishes(pin=tuple(one.id for one in others)))
    assert [code for _, code, _ in found] == ["pin"] * TIPS


def test_children_are_proposed_what_is_for_their_age() -> None:
    def young(name: str, age: int, day: str) -> Production:
        return show(name, day, "familie circus", age_min=age, age_max=age + 4)

    found = tips_of(
        young("a", 6, "2026-12-05"),
        young("groot", 11, "2026-12-06"),
        young("even", 7, "2026-12-09"),
        show("wijn", genre="feest"),
    )
    assert found[0] == ("even", "genre_age", "circus")
    assert ("groot", "genre", "familie") in found and "wijn" not in [name for name, _, _ in found]


def test_another_house_with_the_same_work_is_no_tip_and_a_work_is_proposed_once() -> None:
    tour = [show(f"w{n}", f"2026-12-0{n}", keys={"work": "grint/overzet"}) for n in (6, 7)]
    assert tips_of(show("a", keys={"work": "grint/overzet"}), *tour) == []
    assert [name for name, _, _ in tips_of(show("a"), *tour)] == ["w6"]


def test_a_subject_that_everything_has_is_no_subject() -> None:
    many = [show(f"n{n}", f"2026-12-{n:02}", "jazz", tags=("seizoen",)) for n in range(6, 20)]
    assert tips_of(show("a", tags=("seizoen",)), *many) == []
    assert tips_of(show("a", tags=("Elve",)), show("b", "2026-12-06", "jazz", tags=("elve",)))[0] == (
        "b",
        "tag",
        "Elve",
    )


def test_of_one_genre_what_is_written_alike_comes_first() -> None:
    first = show("a", summary={"nl": "Een vuurtorenwachter zwijgt."})
    found = tips_of(
        first, show("b", "2026-12-06"), show("c", "2026-12-09", summary={"nl": "De laatste vuurtorenwachter."})
    )
    assert [name for name, _, _ in found] == ["c", "b"]


def test_what_is_over_still_proposes_what_is_to_come() -> None:
    assert [name for name, _, _ in tips_of(show("a", "2026-11-01"), show("b"))] == ["b"]


def test_partners_in_one_company_are_known_apart_but_karton_and_zoon_is_one_name() -> None:
    first = show("a", company="Ensemble Ontij & Samira Aït-Lahrib")
    assert tips_of(first, show("b", "2026-12-06", "jazz", company="Ensemble Ontij"))[0] == (
        "b",
        "person",
        "Ensemble Ontij",
    )
    assert (
        tips_of(show("a", company="Karton & Zoon"), show("b", "2026-12-06", "jazz", company="Zwaneleer & Zoon")) == []
    )


def test_free_is_a_reason_of_its_own() -> None:
    free = {"dates": (performance("toml:linde/b/1", prices=(price(0),)),)}
    assert tips_of(show("a", genre="", kind=Kind.WALKIN), show("b", genre="jazz", **free)) == [("b", "free", "")]


def test_a_thousand_productions_do_not_make_a_million_comparisons() -> None:
    """Every row that is looked at is cut, so ten times as many productions ask about ten times as much, not a hundred."""
    import sys

    def steps(many: int) -> int:
        shows = [
            show(
                f"s{n}",
                f"2026-12-{n % 28 + 1:02}",
                ("theater", "jazz", "dans")[n % 3],
                tags=(f"t{n % 50}",),
                **with_people(f"Wie {n % 40}"),
            )
            for n in range(many)
        ]
        entries = {one.id: Entry(production=one, stamp="") for one in shows}
        tips = Tips(Ahead(Showing(Catalogue(entries=entries, venues={}), SITE, NOON.date()), "nl"), {})
        count = 0

        def tick(_frame: Any, event: str, _: Any) -> Any:
            nonlocal count
            count += event == "line"
            return tick

        sys.settrace(tick)
        try:
            for one in shows:
                tips.of(one.id)
        finally:
            sys.settrace(None)
        return count

    assert steps(1000) < 14 * steps(100)


def test_a_site_without_tips_names_the_next_of_the_genre_round_the_end_of_the_row() -> None:
    row = {"theater": ["a", "b", "c", "d", "e", "f"], "jazz": ["g"]}
    plain = NextOfGenre(
        row, {**{one: ["theater"] for one in "abcdef"}, "g": ["jazz"], "past": ["jazz", "theater"], "none": []}
    )

    def names(identity: str) -> str:
        return "".join(entry.production for entry, _ in plain.of(identity))

    assert [names(i) for i in ("a", "d", "f")] == ["bcde", "efab", "abcd"]
    assert [names(i) for i in ("g", "none")] == ["", ""]
    assert names("past") == "abcd"  # of its first genre only one is to come
    assert "".join(e.production for e, _ in NextOfGenre({"x": ["a", "b"]}, {"a": ["x"]}).of("a")) == "b"
