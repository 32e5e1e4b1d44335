"""What a production's page says: each kind its own, all that happened to a date, and no hole where nothing was filled in."""

from datetime import date, time

import pytest

from etalage.model.offer import Stock
from etalage.model.programme import Kind, Opening, PressQuote, Status
from tests.make import at, performance, price, production

BUY = {"purchase_url": "https://tickets.example/1"}


def words(tree, selector="main"):
    """The text of a part of a page, on one line."""
    return " ".join(node.text(separator=" ") for node in tree.css(selector)).replace("\n", " ")


def test_a_date_has_its_price_and_its_way_to_tickets(drawn):
    tree = drawn(production("toml:linde/a", "Winterreis", performance("1", prices=(price(1250),), **BUY))).production()
    assert tree.css_first(".performance .button").attributes["href"] == "https://tickets.example/1"
    assert "€ 12,50" in words(tree, ".performance").replace("\xa0", " ")
    assert tree.css_first(".performance time").attributes["datetime"] == "2026-12-05T20:00:00+01:00"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"status": Status.CANCELLED}, "Geannuleerd"),
        ({"status": Status.MOVED, "previous_start": at("2026-12-01 20:00")}, "Verplaatst"),
        ({"status": Status.POSTPONED}, "Uitgesteld"),
        ({"status": Status.REMOVED}, "Niet meer op het programma"),
        ({"stock": Stock.NONE}, "Uitverkocht"),
        ({"stock": Stock.FEW}, "Laatste tickets"),
        ({"sale_from": at("2026-12-01 10:00")}, "In verkoop vanaf dinsdag 1 december, 10:00"),
        ({"sale_until": at("2026-11-01 10:00")}, "De verkoop is afgelopen"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_happened_to_a_date_stands_beside_it_in_words(drawn, more, said):
    tree = drawn(production("toml:linde/a", "A", performance("1", **BUY, **more), "2026-12-24 20:00")).production()
    assert said in words(tree, ".performance")


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.POSTPONED, Status.REMOVED])
def test_a_date_that_is_off_sells_nothing(drawn, status):
    tree = drawn(production("toml:linde/a", "A", performance("1", status=status, **BUY))).production()
    assert tree.css(".performance .button") == []


def test_a_date_that_is_not_on_sale_yet_has_no_way_to_tickets(drawn):
    tree = drawn(
        production("toml:linde/a", "A", performance("1", sale_from=at("2026-12-01 10:00"), **BUY))
    ).production()
    assert tree.css(".performance .button") == []


def test_past_dates_are_folded_away_and_sell_nothing(drawn):
    tree = drawn(
        production("toml:linde/a", "A", performance("1", "2026-11-01 20:00", **BUY), "2026-12-05 20:00")
    ).production()
    assert len(tree.css("details.past .performance")) == 1
    assert tree.css("details.past .button") == []
    assert "open" not in tree.css_first("details.past").attributes


def test_what_is_over_says_so_first(drawn):
    tree = drawn(production("toml:linde/a", "A", "2026-11-01 20:00")).production()
    assert "Dit is voorbij." in words(tree, ".opening")
    assert "open" in tree.css_first("details.past").attributes


def test_prices_that_are_alike_stand_once_and_else_with_each_date(drawn):
    alike = [performance(str(n), f"2026-12-0{n} 20:00", prices=(price(1200), price(800, "-26"))) for n in (1, 2)]
    tree = drawn(production("toml:linde/a", "A", *alike)).production()
    assert len(tree.css(".prices")) == 1
    assert tree.css(".performance .prices") == []
    other = [alike[0], performance("3", "2026-12-03 20:00", prices=(price(1500),))]
    assert len(drawn(production("toml:linde/a", "A", *other)).production().css(".performance .prices")) == 2


def test_an_expo_shows_its_period_and_its_hours(drawn):
    expo = production(
        "toml:linde/a", "A", kind=Kind.EXPO, performances=(), opens=date(2026, 11, 1), closes=date(2027, 1, 10),
        openings=(Opening(weekday=2, opens=time(10), closes=time(17)),), facts={"curator": {"nl": "Ina"}},
    )  # fmt: skip
    tree = drawn(expo).production()
    assert "zondag 10 januari 2027" in words(tree, ".period")
    assert words(tree, ".hours").split() == ["woensdag", "10:00", "–", "17:00"]
    assert "Curator Ina" in " ".join(words(tree, ".facts").split())


@pytest.mark.parametrize("kind", [Kind.COURSE, Kind.CAMP])
def test_a_course_is_one_list_of_sessions_with_one_way_in(drawn, kind):
    sessions = [performance(str(n), f"2026-12-0{n} 20:00", prices=(price(9000),), **BUY) for n in range(1, 5)]
    tree = drawn(production("toml:linde/a", "A", *sessions, kind=kind)).production()
    assert len(tree.css(".performance")) == 4
    assert len(tree.css(".production-dates .button")) == 1
    assert "4 keer" in words(tree, "#dates-head")


def test_who_walks_in_needs_no_ticket(drawn):
    tree = drawn(production("toml:linde/a", kind=Kind.WALKIN)).production()
    assert "Geen ticket nodig" in words(tree, ".notice")


def test_a_school_performance_is_not_sold_to_the_public(drawn):
    tree = drawn(production("toml:linde/a", kind=Kind.SCHOOL, facts={"grades": {"nl": "1 tot 4"}})).production()
    assert "Voor klassen" in words(tree, ".notice")
    assert tree.css_first(".production-dates a[href^='mailto:']")
    assert "1 tot 4" in words(tree, ".facts")


def test_what_is_online_says_how_to_watch(drawn):
    one = performance("1", online_url="https://kijk.example/")
    tree = drawn(
        production("toml:linde/a", "A", one, kind=Kind.ONLINE, facts={"replay": {"nl": "een week lang"}})
    ).production()
    assert tree.css_first(".performance-online a").attributes["href"] == "https://kijk.example/"
    assert "een week lang" in words(tree, ".facts")


def test_nothing_is_left_of_what_nobody_filled_in(drawn):
    tree = drawn(production("toml:linde/a", "A", "2026-12-05 20:00")).production()
    empty = [
        n.html for n in tree.css("main :is(p, li, ul, dl, dd, dt, section, h2, figure, td)") if not n.text().strip()
    ]
    assert empty == []
    assert tree.css(".press, .credits, .facts, .prices, picture") == []


def test_a_press_quote_names_its_source_and_says_its_stars(drawn):
    quote = PressQuote(text={"fr": "Magnifique."}, source="Zijdoek", stars=4)
    tree = drawn(production("toml:linde/a", press=(quote,))).production()
    assert tree.css_first(".press blockquote").attributes["lang"] == "fr"
    assert "4 sterren" in words(tree, ".press figcaption")


def test_the_agenda_goes_day_by_day_and_its_strip_leads_there(drawn):
    site = drawn(
        production("toml:linde/a", "A", "2026-11-21 20:00", "2026-12-05 20:00"), production("toml:linde/b", "B", "2026-12-05 15:00")
    )  # fmt: skip
    tree = site.page("agenda/")
    assert [node.attributes["id"] for node in tree.css(".day")] == ["d2026-11-21", "d2026-12-05"]
    assert [node.attributes["href"] for node in tree.css(".strip a")] == ["#d2026-11-21", "#d2026-12-05"]
    assert [node.text() for node in tree.css("#d2026-12-05 .row-hour")] == ["15:00", "20:00"]
    assert "Vandaag" in words(tree, "#d2026-11-21 .day-head")
    assert "Vandaag" not in words(tree, "#d2026-12-05 .day-head")


def test_what_is_past_in_a_month_is_folded_away(drawn):
    tree = drawn(production("toml:linde/a", "A", "2026-11-02 20:00", "2026-11-28 20:00")).page("agenda/2026-11/")
    assert len(tree.css("details.earlier .day")) == 1
    assert [node.attributes["id"] for node in tree.css(".days > .day")] == ["d2026-11-28"]


def test_a_site_without_a_programme_says_so(drawn):
    site = drawn()
    assert "Er staat nog niets op het programma" in words(site.page(""))
    assert "Hier staat nu niets" in words(site.page("agenda/"))
