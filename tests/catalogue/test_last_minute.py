"""The last-minute page: what still has places in the next days, as far as is known."""

from typing import Any

import msgspec
import pytest

from etalage.catalogue.plan import Given, plan
from etalage.model.offer import Stock
from etalage.model.programme import Kind, Performance, Status
from etalage.model.site import Page, Site
from tests.catalogue.test_plan import SITE, catalogue_of, page
from tests.make import NOON, at, performance, production


def last_minute(*dates: Performance, site: Site = SITE, **more: Any) -> Page:
    show = production("toml:linde/a", "Winterreis", *dates, **more)
    return page(plan(catalogue_of(show), site, Given(now=NOON)), "last-minute/")


def shown(*dates: Performance, **more: Any) -> list[str]:
    return [entry.performance for day in last_minute(*dates, **more).days for entry in day.entries]


def test_the_dates_of_the_next_seven_days_the_soonest_first() -> None:
    dates = [performance(day, f"2026-{day} 20:00") for day in ("11-30", "11-28", "11-21", "11-20", "11-24")]
    assert shown(*dates) == ["11-21", "11-24", "11-28"]


@pytest.mark.parametrize(
    "more",
    [
        {"stock": Stock.NONE}, {"status": Status.CANCELLED}, {"status": Status.POSTPONED}, {"status": Status.REMOVED},
        {"sale_until": at("2026-11-20 12:00")}, {"sale_from": at("2026-11-22 10:00")},
    ],
    ids=lambda more: next(iter(more.values())),
)  # fmt: skip
def test_what_one_cannot_get_into_is_not_there(more: dict[str, Any]) -> None:
    assert shown(performance("x", "2026-11-23 20:00", **more)) == []


def test_last_tickets_and_what_nobody_counts_are_there() -> None:
    dates = [
        performance(str(n), f"2026-11-2{n} 20:00", stock=stock) for n, stock in ((2, Stock.FEW), (3, Stock.UNKNOWN))
    ]
    assert shown(*dates) == ["2", "3"]


def test_what_is_for_schools_is_not_for_tonight() -> None:
    assert shown(performance("x", "2026-11-23 10:00"), kind=Kind.SCHOOL) == []


def test_a_course_that_began_cannot_be_joined_any_more() -> None:
    assert shown(performance("1", "2026-11-16 19:00"), performance("2", "2026-11-23 19:00"), kind=Kind.COURSE) == []


def test_a_house_chooses_how_far_it_looks_and_may_have_no_such_page() -> None:
    far = msgspec.structs.replace(SITE, last_minute=10)
    assert shown(performance("x", "2026-11-30 20:00"), site=far) == ["x"]
    none = plan(catalogue_of(production("toml:linde/a")), msgspec.structs.replace(SITE, last_minute=0), Given(now=NOON))
    assert not [one for one in none.pages if one.template == "last-minute.html"]


def test_it_is_there_when_it_is_empty() -> None:
    assert last_minute(performance("x", "2027-11-30 20:00")).days == ()
