"""The season has everything that can happen to a house, in every language it promises."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

import pytest

from demo import region, when
from demo.season import HOUSES, Announcement, announcements
from etalage.model import moments
from etalage.model.offer import Stock, TariffKind
from etalage.model.programme import FACTS, Kind, Performance, Production, Status

SUNDAY = date(2026, 11, 22)


def season(today: date = SUNDAY) -> list[Announcement]:
    return [one for house in HOUSES for one in announcements(house, today)]


def dates(today: date = SUNDAY) -> list[tuple[Production, Performance]]:
    return [(one.production, performance) for one in season(today) for performance in one.production.performances]


def test_the_season_is_large_enough_to_browse() -> None:
    assert len(season()) >= 60
    assert len(dates()) >= 150


def test_every_kind_and_most_genres_are_there() -> None:
    kinds = Counter(one.production.kind for one in season())
    genres = {genre.id for one in season() for genre in one.production.genres}
    assert set(kinds) == set(Kind)
    assert len(genres) >= 17


def test_the_season_is_spread_over_nine_months_and_densest_at_first() -> None:
    weeks = [(performance.start.date() - SUNDAY).days // 7 for _, performance in dates()]
    assert min(weeks) < -1
    assert max(weeks) >= 28
    assert sum(0 <= week <= 8 for week in weeks) > len(weeks) / 2


def is_long_expo(it: Production) -> bool:
    return bool(it.opens and it.closes and it.openings and it.closes - it.opens > timedelta(weeks=20))


def ends_at(clock: time) -> Callable[[Production, Performance], bool]:
    return lambda _, date: date.end is not None and date.end.time() == clock


def is_after_midnight(_: Production, date: Performance) -> bool:
    return date.end is not None and date.end.date() > date.start.date() and time() < date.end.time() < time(6)


def is_on_the_night_the_clocks_change(_: Production, date: Performance) -> bool:
    return (
        date.start.date() == when.next_change(SUNDAY)
        and date.end is not None
        and date.start.utcoffset() != date.end.utcoffset()
    )


def has_ranks(_: Production, date: Performance) -> bool:
    kinds = {price.kind for price in date.prices}
    return len({price.category["nl"] for price in date.prices if price.category}) > 1 and len(kinds) == 3


AWKWARD_DATES: dict[str, Callable[[Production, Performance], bool]] = {
    "cancelled": lambda _, d: d.status is Status.CANCELLED,
    "moved to another day": lambda _, d: d.status is Status.MOVED and d.previous_start is not None,
    "moved to another place": lambda _, d: d.status is Status.MOVED and bool(d.previous_venue),
    "postponed": lambda _, d: d.status is Status.POSTPONED,
    "sold out": lambda _, d: d.stock is Stock.NONE,
    "last tickets": lambda _, d: d.stock is Stock.FEW,
    "free": lambda _, d: any(price.kind is TariffKind.FREE for price in d.prices),
    "ends at midnight": ends_at(time()),
    "ends after midnight": is_after_midnight,
    "on the night the clocks change": is_on_the_night_the_clocks_change,
    "without an end": lambda _, d: d.end is None and d.timed,
    "without an hour": lambda _, d: not d.timed,
    "sale not begun": lambda _, d: d.sale_from is not None and d.sale_from.date() > SUNDAY,
    "several ranks and tariffs": has_ranks,
    "at home": lambda _, d: bool(d.online_url),
    "five days long": lambda p, d: p.kind is Kind.CAMP and d.end is not None and d.end - d.start > timedelta(days=3),
    "relaxed, with an interpreter": lambda _, d: {"relaxed", "sign_language"} <= set(d.facilities),
    "standing": lambda _, d: d.seated is False,
    "past": lambda _, d: d.start.date() < SUNDAY - timedelta(days=7),
}
AWKWARD_PRODUCTIONS: dict[str, Callable[[Production], bool]] = {
    "long expo": is_long_expo,
    "without a picture": lambda p: not p.pictures,
    "very long title": lambda p: len(p.title["nl"]) >= 150,
    "three languages": lambda p: set(p.description) == {"nl", "fr", "en"},
    "from an age": lambda p: p.age_min == 8 and p.age_max is None,
    "for ages between": lambda p: (p.age_min, p.age_max) == (6, 10),
    "course of ten dates": lambda p: p.kind is Kind.COURSE and len(p.performances) == 10,
    "camp of five dates": lambda p: p.kind is Kind.CAMP and len(p.performances) == 5,
    "press quotes": lambda p: any(quote.source and quote.day and quote.stars for quote in p.press),
    "credits": lambda p: len({credit.name for credit in p.credits}) > 4,
    "video": lambda p: bool(p.videos),
    "surtitles": lambda p: bool(p.surtitles),
    "hearing loop": lambda p: "hearing_loop" in p.facilities,
    "no spoken words": lambda p: p.languages == ("zxx",),
    "of an association": lambda p: bool(p.organiser),
    "social tariff": lambda p: p.uitpas,
}


@pytest.mark.parametrize("case", AWKWARD_DATES)
def test_every_awkward_date_is_there(case: str) -> None:
    assert any(AWKWARD_DATES[case](production, performance) for production, performance in dates())


@pytest.mark.parametrize("case", AWKWARD_PRODUCTIONS)
def test_every_awkward_production_is_there(case: str) -> None:
    assert any(AWKWARD_PRODUCTIONS[case](one.production) for one in season())


def test_shows_tour_between_houses() -> None:
    works = Counter((one.production.keys.get("work"), one.production.houses) for one in season())
    houses = Counter(work for work, _ in works if work)
    assert sum(count > 1 for count in houses.values()) >= 3


def test_some_performances_are_presented_by_two_houses() -> None:
    seen = Counter(
        (performance.start, performance.venue, production.title["nl"])
        for production, performance in dates()
        if performance.venue
    )
    assert sum(count == 2 for count in seen.values()) >= 3


def test_ids_are_unique_and_do_not_depend_on_the_day() -> None:
    def ids(today: date) -> list[tuple[str, str, str]]:
        return [(p.houses[0], p.id, d.id) for p, d in dates(today)]

    assert len(ids(SUNDAY)) == len(set(ids(SUNDAY)))
    assert ids(SUNDAY) == ids(date(2027, 6, 1))


def test_everything_is_told_in_the_languages_of_its_house() -> None:
    for one in season():
        it, languages = one.production, set(HOUSES[one.production.houses[0]].languages)
        told = [it.title, it.description, *it.facts.values(), *(picture.alt for picture in it.pictures)]
        told += [words for p in it.performances for words in (p.note, *(price.tariff for price in p.prices)) if words]
        told += [it.summary] if one.file != "verenigingen" else []
        assert all(set(words) == languages and all(words.values()) for words in told), it.id


def test_texts_have_the_length_of_a_brochure() -> None:
    for one in season():
        for language, text in one.production.description.items():
            assert 50 <= len(text.split()) <= 200, (one.production.id, language)


def test_facts_are_those_of_the_kind() -> None:
    for one in season():
        assert set(one.production.facts) <= set(FACTS[one.production.kind]), one.production.id


def moments_of(found: Iterable[Announcement]) -> list[datetime]:
    return [p.start for one in found for p in one.production.performances if one.production.id != "het-verzette-uur"]


def test_whole_weeks_later_everything_is_whole_weeks_later() -> None:
    weeks = timedelta(weeks=5)
    now, later = (moments_of(season(today)) for today in (SUNDAY, SUNDAY + weeks))
    assert [moment.replace(tzinfo=None) + weeks for moment in now] == [moment.replace(tzinfo=None) for moment in later]
    assert all(moment == moments.fixed(moment) for moment in now)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_season_can_be_written_on_any_day_of_the_year(month: int) -> None:
    for day in (1, 11, 25, 28):
        assert len(dates(date(2027, month, day))) == len(dates())


def test_the_same_day_gives_the_same_bytes() -> None:
    assert region.exports(SUNDAY) == region.exports(SUNDAY)
    assert region.exports(SUNDAY) != region.exports(SUNDAY + timedelta(days=1))
