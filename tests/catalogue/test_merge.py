"""The same thing known to several sources becomes one; what is doubtful is said, not guessed."""

from hypothesis import given
from hypothesis import strategies as st

from etalage.catalogue.likeness import is_same_title
from etalage.catalogue.merge import Rules, merge
from etalage.model.catalogue import Catalogue
from etalage.model.programme import Genre, Status, Venue
from tests.make import harvested, house, performance, price, production

HOUSES = {"linde": house()}
KASSA, PLANNING = "pretix:linde", "icalendar:linde"
FIRST_THE_TILL = {"linde": Rules(order=(KASSA, PLANNING))}


def joined(*harvests: object, rules: dict[str, Rules] | None = None, houses: object = None) -> Catalogue:
    return merge(harvests, houses or HOUSES, FIRST_THE_TILL if rules is None else rules)  # type: ignore[arg-type]


def codes(catalogue: Catalogue) -> list[str]:
    return [problem.code for problem in catalogue.problems]


def test_a_show_known_to_the_till_and_the_planning_is_shown_once() -> None:
    till = production("pretix:linde/winterreis", "Winterreis", company="")
    planning = production("icalendar:linde/77", "Ensemble Noord: Winterreis", company="Ensemble Noord", duration=80)
    catalogue = joined(harvested(KASSA, till), harvested(PLANNING, planning))
    assert list(catalogue.entries) == ["pretix:linde/winterreis"]
    entry = catalogue.entries["pretix:linde/winterreis"]
    assert entry.also == ("icalendar:linde/77",)
    assert len(entry.production.performances) == 1
    assert entry.production.title == {"nl": "Winterreis"}
    assert entry.production.company == "Ensemble Noord"
    assert catalogue.problems == ()


def test_each_field_says_which_source_won_it() -> None:
    till = production("pretix:linde/a", "Winterreis", performance("pretix:linde/a", prices=(price(1800),)))
    planning = production(
        "icalendar:linde/a", "Winterreis", performance("icalendar:linde/a/1", hall="Grote zaal"), duration=80
    )
    entry = joined(harvested(KASSA, till), harvested(PLANNING, planning)).entries["pretix:linde/a"]
    assert entry.origins == {"duration": PLANNING, "performance pretix:linde/a hall": PLANNING}
    assert entry.production.performances[0].prices == (price(1800),)
    assert entry.production.performances[0].hall == "Grote zaal"


def test_staff_can_prefer_a_source_for_one_field() -> None:
    rules = {"linde": Rules(order=(KASSA, PLANNING), fields={"title": PLANNING})}
    till, planning = production("pretix:linde/a", "WINTERREIS 5/12"), production("icalendar:linde/a", "Winterreis")
    entry = joined(harvested(KASSA, till), harvested(PLANNING, planning), rules=rules).entries["pretix:linde/a"]
    assert entry.production.title == {"nl": "Winterreis"}
    assert entry.origins["title"] == PLANNING


def test_an_explicit_key_joins_whatever_the_titles_say() -> None:
    till = production("pretix:linde/a", "Abo 3", keys={"cdbid": "111"})
    planning = production("icalendar:linde/b", "De kersenpluk", "2026-12-06 15:00", keys={"cdbid": "111"})
    catalogue = joined(harvested(KASSA, till), harvested(PLANNING, planning))
    assert len(catalogue.entries) == 1
    assert len(catalogue.entries["pretix:linde/a"].production.performances) == 2


def test_a_work_key_relates_a_tour_but_joins_nothing() -> None:
    till = production("pretix:linde/a", keys={"work": "tour"})
    planning = production("icalendar:linde/b", "Winterreis", "2026-12-19 20:00", keys={"work": "tour"})
    assert len(joined(harvested(KASSA, till), harvested(PLANNING, planning)).entries) == 2


def test_staff_can_say_that_two_ids_are_the_same_or_are_not() -> None:
    till, planning = production("pretix:linde/a", "Abo 3"), production("icalendar:linde/b", "Iets anders")
    same = {"linde": Rules(order=(KASSA,), same=(("pretix:linde/a", "icalendar:linde/b"),))}
    assert len(joined(harvested(KASSA, till), harvested(PLANNING, planning), rules=same).entries) == 1
    alike = production("icalendar:linde/c", "Abo 3")
    apart = {"linde": Rules(order=(KASSA,), different=(("pretix:linde/a", "icalendar:linde/c"),))}
    catalogue = joined(harvested(KASSA, till), harvested(PLANNING, alike), rules=apart)
    assert len(catalogue.entries) == 2
    assert catalogue.problems == ()


def test_an_id_that_no_source_has_is_reported() -> None:
    rules = {"linde": Rules(same=(("pretix:linde/a", "icalendar:linde/weg"),))}
    catalogue = joined(harvested(KASSA, production("pretix:linde/a")), harvested(PLANNING), rules=rules)
    assert codes(catalogue) == ["merge_unknown"]


def test_two_titles_in_one_hall_at_one_hour_are_a_doubt_and_both_are_shown() -> None:
    till = production("pretix:linde/a", "Winterreis", performance("pretix:linde/a", hall="Foyer"))
    planning = production("icalendar:linde/b", "Quiz van de harmonie", performance("icalendar:linde/b/1", hall="foyer"))
    catalogue = joined(harvested(KASSA, till), harvested(PLANNING, planning))
    assert len(catalogue.entries) == 2
    assert codes(catalogue) == ["perhaps_the_same"]
    assert "Winterreis" in catalogue.problems[0].reason and "[merge]" in catalogue.problems[0].reason


def test_different_shows_in_different_halls_at_the_same_hour_are_no_doubt() -> None:
    till = production("pretix:linde/a", "Winterreis", performance("pretix:linde/a", hall="Foyer"))
    planning = production("icalendar:linde/b", "Quiz", performance("icalendar:linde/b/1", hall="Grote zaal"))
    assert joined(harvested(KASSA, till), harvested(PLANNING, planning)).problems == ()


def test_times_that_differ_are_reported_and_both_dates_stay() -> None:
    till = production("pretix:linde/a", "Winterreis", "2026-12-05 20:00", "2026-12-06 20:00")
    planning = production("icalendar:linde/b", "Winterreis", "2026-12-05 20:00", "2026-12-06 20:30")
    catalogue = joined(harvested(KASSA, till), harvested(PLANNING, planning))
    assert codes(catalogue) == ["times_differ"]
    assert len(catalogue.entries["pretix:linde/a"].production.performances) == 3


def test_a_date_without_a_time_takes_the_time_of_the_other_source() -> None:
    till = production("pretix:linde/a", keys={"cdbid": "1"})
    diary = performance("icalendar:linde/b/1", "2026-12-05 00:00", timed=False)
    planning = production("icalendar:linde/b", "Winterreis", diary, keys={"cdbid": "1"})
    for order in ((KASSA, PLANNING), (PLANNING, KASSA)):
        catalogue = joined(harvested(KASSA, till), harvested(PLANNING, planning), rules={"linde": Rules(order=order)})
        (entry,) = catalogue.entries.values()
        assert [(p.timed, p.start.hour) for p in entry.production.performances] == [(True, 20)]


def test_records_of_one_source_are_never_joined() -> None:
    catalogue = joined(
        harvested(KASSA, production("pretix:linde/a"), production("pretix:linde/b")),
        harvested(PLANNING, production("icalendar:linde/ver", "Elders", "2026-12-30 20:00")),
    )
    assert len(catalogue.entries) == 3


def test_a_guest_house_that_lists_a_neighbours_show_leaves_it_to_its_owner() -> None:
    guest = Venue(id="de-brug", name="GC De Brug", postal="0411")
    houses = {"brug": house("brug", venues=(guest,)), "linde": house()}
    theirs = production("toml:brug/x", "Winterreis")
    ours = production("toml:linde/y", "Winterreis")
    catalogue = joined(harvested("toml:brug", theirs), harvested("toml:linde", ours), rules={}, houses=houses)
    assert [e.production.houses for e in catalogue.entries.values()] == [("linde", "brug")]
    assert catalogue.aliases == {"toml:brug/x": "toml:linde/y"}


def test_venues_written_alike_are_the_same_place() -> None:
    other = Venue(id="text-1", name="cc de linde", postal="0410")
    from etalage.catalogue.harvest import Harvest, Kept
    from etalage.model.record import Record
    from tests.make import NOON

    far = production("icalendar:linde/b", "Winterreis", performance("icalendar:linde/b/1", venue="text-1"))
    planning = Harvest(source=PLANNING, fetched=NOON, kept={far.id: Kept(Record(production=far, venues=(other,)), "s")})
    assert len(joined(harvested(KASSA, production("pretix:linde/a")), planning).entries) == 1


def test_what_a_source_no_longer_has_stays_and_says_so() -> None:
    catalogue = joined(harvested(KASSA, production("pretix:linde/a"), gone=("pretix:linde/a",)))
    entry = catalogue.entries["pretix:linde/a"]
    assert entry.production.removed
    assert entry.production.performances[0].status is Status.REMOVED


def test_genres_of_the_other_source_fill_a_hole() -> None:
    genre = Genre(id="theater", name={"nl": "Theater"})
    till, planning = production("pretix:linde/a"), production("icalendar:linde/b", genres=(genre,))
    (entry,) = joined(harvested(KASSA, till), harvested(PLANNING, planning)).entries.values()
    assert entry.production.genres == (genre,)


def test_titles_are_the_same_by_rules_that_staff_can_predict() -> None:
    assert is_same_title("Café — Müller!", "cafe müller")
    assert is_same_title("De Kersentuin", "Toneelhuis Oost: De kersentuin")
    assert is_same_title("Nacht", "Een nacht zonder slaap")
    assert not is_same_title("Zee", "De zee en wij")
    assert not is_same_title("De man", "De man van La Mancha komt")
    assert not is_same_title("Het concert", "")
    assert not is_same_title("De", "De kersentuin")


@given(st.lists(st.sampled_from(["Winterreis", "Kersentuin", "Quiz", "Jazz"]), min_size=1, max_size=6))
def test_no_performance_is_ever_lost_or_doubled(titles: list[str]) -> None:
    """Whatever is joined: every moment of every source is there exactly once per distinct moment and title group."""
    days = [f"2026-12-{n + 1:02} 20:00" for n in range(len(titles))]
    till = [production(f"pretix:linde/{n}", t, d) for n, (t, d) in enumerate(zip(titles, days, strict=True))]
    planning = [production(f"icalendar:linde/{n}", t, d) for n, (t, d) in enumerate(zip(titles, days, strict=True))]
    catalogue = joined(harvested(KASSA, *till), harvested(PLANNING, *planning))
    starts = sorted(p.start for e in catalogue.entries.values() for p in e.production.performances)
    assert starts == sorted(one.performances[0].start for one in till)
    assert set(catalogue.aliases) == {one.id for one in planning}
