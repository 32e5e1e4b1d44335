"""Filters in an address: read, written, refused in words; and what they mean on the dates themselves."""

from datetime import date

import pytest

from etalage.model.errors import Refused
from etalage.search.filters import Filters, read, write
from etalage.search.holidays import holiday
from etalage.search.sieve import Sieve, When
from etalage.search.table import Facts, Place, Row, Table, number_of, weekdays_of

TODAY = date(2026, 11, 22)


def test_an_address_says_what_it_filters_and_comes_back_the_same() -> None:
    pairs = [("q", "jazz"), ("genre", "dans,theater"), ("genre", "jazz"), ("day", "7"), ("day", "6"), ("price", "12.5"), ("left", "1"), ("from", "2026-12-01"), ("km", "10")]  # fmt: skip
    filters = read(pairs)
    assert filters == Filters(
        genre=("dans", "theater", "jazz"), day=(6, 7), price=1250, left=True, since="2026-12-01", km=10
    )
    assert read(write(filters)) == filters
    assert ("price", "12.50") in write(filters) and ("day", "6") in write(filters)


def test_where_a_visitor_is_never_stands_in_an_address() -> None:
    assert write(Filters(here=(50.8, 4.3), km=10)) == [("km", "10")]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("date", "ooit", "today"), ("date", "2026-02-30", "2026-12-05"), ("day", "8", "1 to 7"), ("price", "gratis", "0 is free"), ("age", "-1", "0 to 120"),
     ("access", "lift", "wheelchair"), ("left", "ja", "leave it out"), ("from", "morgen", "2026-12-05"), ("km", "9" * 400, "1 to 500"), ("day", "²", "1 to 7")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_may_stand_there(name: str, value: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        read([(name, value)])
    assert refused.value.code == "filter_unreadable" and says in refused.value.say and len(refused.value.say) < 300


def row(
    day: date, *, last: date | None = None, venue: int = 0, cents: int = 1000, left: bool = True, quarter: int = 80
) -> Row:
    first, end = number_of(day), number_of(last or day)
    return Row(first, end, weekdays_of(first, end), quarter, venue, cents, left, 0)


def table(*facts: Facts) -> Table:
    venues = (Place("linde", "De Linde", 0, 50.85, 4.35), Place("kaai", "De Kaai", 1, 51.05, 3.72))
    return Table(
        facts,
        (("jazz", "Jazz"), ("dans", "Dans")),
        (("huis", "Huis"),),
        (("brussel", "Brussel"), ("gent", "Gent")),
        venues,
    )


def found(asked: Filters, *facts: Facts, when: When | None = None) -> list[int]:
    return list(Sieve(table(*facts), asked, TODAY, when or When()).sift(range(len(facts))).passed)


SATURDAY, SUNDAY, MONDAY = date(2026, 11, 28), date(2026, 11, 29), date(2026, 11, 30)


def test_filters_are_true_of_one_and_the_same_evening() -> None:
    split = Facts((0,), (0,), -1, -1, False, (row(SATURDAY, left=False), row(MONDAY)))
    whole = Facts((0,), (0,), -1, -1, False, (row(SATURDAY), row(MONDAY, left=False)))
    assert found(Filters(day=(6,), left=True), split, whole) == [1]


def test_a_count_leaves_its_own_filter_out() -> None:
    jazz = Facts((0,), (0,), -1, -1, False, (row(SATURDAY),))
    dans = Facts((1,), (0,), -1, -1, False, (row(SATURDAY, cents=3000),))
    counts = Sieve(table(jazz, dans), Filters(genre=("jazz",), price=2000), TODAY).sift(range(2)).counts
    assert counts["genre"] == {"jazz": 1}, "dance costs more than one wants to pay"
    assert counts["price"] == {"10": 1, "20": 1, "30": 1}, "only jazz counts"
    counts = Sieve(table(jazz, dans), Filters(genre=("jazz",)), TODAY).sift(range(2)).counts
    assert counts["genre"] == {"jazz": 1, "dans": 1} and counts["day"] == {"6": 1}


def test_a_town_reaches_as_far_as_one_wants_to_go() -> None:
    here = Facts((), (), -1, -1, False, (row(SATURDAY),))
    there = Facts((), (), -1, -1, False, (row(SATURDAY, venue=1),))
    nowhere = Facts((), (), -1, -1, False, (row(SATURDAY, venue=-1),))
    assert found(Filters(town=("brussel",)), here, there, nowhere) == [0]
    assert found(Filters(town=("brussel",), km=49), here, there, nowhere) == [0]
    assert found(Filters(town=("brussel",), km=50), here, there, nowhere) == [0, 1], "Ghent is 49.6 km from Brussels"
    assert found(Filters(here=(51.05, 3.72), km=1), here, there, nowhere) == [1]


def test_nothing_said_about_age_is_no_promise() -> None:
    silent = Facts((), (), -1, -1, False, (row(SATURDAY),))
    eight = Facts((), (), 8, 12, False, (row(SATURDAY),))
    assert [found(Filters(age=age), silent, eight) for age in (7, 8, 12, 13)] == [[], [1], [1], []]


def test_an_expo_is_open_on_its_days_only_and_what_is_over_is_gone() -> None:
    first, last = number_of(date(2026, 11, 1)), number_of(MONDAY)
    weekends = Facts((), (), -1, -1, False, (Row(first, last, 0b1100000, 96, -1, -1, True, 0),))
    past = Facts((), (), -1, -1, False, (row(date(2026, 11, 21)),))
    assert found(Filters(), weekends, past) == [0]
    assert found(Filters(date="2026-11-30"), weekends) == [] and found(Filters(date="weekend"), weekends) == [0]
    assert found(Filters(), weekends, when=When(quarter=68)) == [0], "nobody said that it closes early"


@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [("autumn", 2026, "2026-10-31", "2026-11-08"), ("christmas", 2026, "2026-12-19", "2027-01-03"), ("christmas", 2027, "2027-12-25", "2028-01-09"),
     ("carnival", 2026, "2026-02-14", "2026-02-22"), ("easter", 2026, "2026-04-04", "2026-04-19"), ("easter", 2024, "2024-03-30", "2024-04-14")],
)  # fmt: skip
def test_school_holidays_are_those_of_the_flemish_calendar(name: str, year: int, first: str, last: str) -> None:
    assert holiday(name, year) == (date.fromisoformat(first), date.fromisoformat(last))
