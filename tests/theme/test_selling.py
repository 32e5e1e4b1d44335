"""A date that its house sells through us leads to the site's own counter, and says what is left in one place; others lead to the house."""

import json

import pytest

from etalage.model.offer import Stock
from etalage.model.programme import Kind, Status
from tests.make import at, performance, price, production

THERE = "https://tickets.example/1"
HERE = {"sells": {"linde": ""}}
ONE = "toml:linde/a/1"


def date(identity=ONE, **more):
    return performance(identity, **{"prices": (price(1250),), "purchase_url": THERE, **more})


def shown(drawn, *dates, kind=Kind.SHOW, **site):
    """The page of a production with these dates."""
    return drawn(production("toml:linde/a", "Winterreis", *dates, kind=kind), **(site or HERE))


def offers(tree):
    """What a search engine reads."""
    event = json.loads(tree.css_first("script[type='application/ld+json']").text())
    return {offer["url"] for offer in event["offers"]}


def test_its_tickets_are_chosen_on_this_very_site_in_ones_own_language(drawn):
    site = shown(drawn, date())
    button = site.production().css_first(".performance .button")
    assert button.attributes["href"] == f"../../choose?p={ONE}" and "hidden" not in button.attributes
    french = site.page("fr/programme/winterreis/").css_first(".performance .button")
    assert french.attributes["href"] == f"../../../fr/choose?p={ONE}"


def test_a_search_engine_is_led_there_too(drawn):
    site = shown(drawn, date())
    assert offers(site.production()) == {f"https://linde.example/choose?p={ONE}"}
    assert offers(site.page("fr/programme/winterreis/")) == {f"https://linde.example/fr/choose?p={ONE}"}
    assert offers(shown(drawn, date(), sells={}).production()) == {THERE}


@pytest.mark.parametrize("sells", [{}, {"brug": ""}, {"linde": "pretix:linde/"}])
def test_what_its_house_does_not_sell_through_us_leads_to_the_house(drawn, sells):
    tree = shown(drawn, date(), sells=sells).production()
    assert tree.css_first(".performance .button").attributes["href"] == THERE
    assert tree.css("[data-live]") == []


def test_a_house_that_sells_through_its_pretix_sells_what_is_in_there(drawn):
    one = production("pretix:linde/a", "Winterreis", date("pretix:linde/a/3"))
    tree = drawn(one, sells={"linde": "pretix:linde/"}).production()
    assert tree.css_first(".performance .button").attributes["href"] == "../../choose?p=pretix:linde/a/3"


@pytest.mark.parametrize("kind", [Kind.WALKIN, Kind.SCHOOL])
def test_what_needs_no_ticket_or_is_reserved_by_teachers_is_not_sold_to_the_public(drawn, kind):
    assert shown(drawn, date(), kind=kind).production().css("[data-live]") == []


def test_neither_is_what_has_no_price_and_no_way_to_tickets(drawn):
    assert shown(drawn, date(prices=(), purchase_url="")).production().css("[data-live], .button[href*=choose]") == []


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.POSTPONED, Status.REMOVED])
def test_a_date_that_is_off_asks_nobody_what_is_left(drawn, status):
    site = shown(drawn, date(status=status))
    assert all(site.page(page.url).css("[data-live]") == [] for page in site.html)


def test_sold_out_is_said_where_the_button_was_and_the_button_can_come_back(drawn):
    line = shown(drawn, date(stock=Stock.NONE)).production().css_first(".buy")
    assert line.css_first(".stock").text() == "Uitverkocht" and "hidden" in line.css_first(".button").attributes
    assert line.attributes["data-live"] == ONE


def test_the_last_tickets_are_said_beside_the_button_and_once(drawn):
    tree = shown(drawn, date(stock=Stock.FEW)).production()
    assert tree.css_first(".buy > .button") and tree.css_first(".buy .stock").text() == "Laatste tickets"
    assert tree.css_first(".performance").text().count("Laatste tickets") == 1


def test_before_the_sale_it_says_from_when_and_knows_the_moment(drawn):
    line = shown(drawn, date(sale_from=at("2026-12-01 10:00"))).production().css_first(".buy")
    assert line.css_first(".stock").text() == "In verkoop vanaf dinsdag 1 december, 10:00"
    assert (
        line.attributes["data-opens"] == "2026-12-01T10:00:00+01:00"
        and "hidden" in line.css_first(".button").attributes
    )


def test_one_enrols_for_a_course_as_a_whole(drawn):
    dates = (date(), date("toml:linde/a/2", start="2026-12-12 20:00"))
    tree = shown(drawn, *dates, kind=Kind.COURSE).production()
    assert [line.attributes["data-live"] for line in tree.css("[data-live].buy")] == [ONE]
    assert "Schrijf je in" in tree.css_first(".buy .button").text()


def test_an_expo_in_time_slots_has_one_way_in_and_stands_once_a_day_in_lists(drawn):
    starts = ("2026-12-05 13:00", "2026-12-05 14:00", "2026-12-06 13:00")
    slots = [date(f"toml:linde/a/{number}", start=start) for number, start in enumerate(starts, 1)]
    opens, closes = slots[0].start.date(), slots[2].start.date()
    expo = production("toml:linde/a", "Winterreis", *slots, kind=Kind.EXPO, opens=opens, closes=closes)
    site = drawn(expo, **HERE)
    tree = site.production()
    assert [line.attributes["data-live"] for line in tree.css("[data-live].buy")] == [ONE]
    assert len(tree.css("details .performance")) == 3
    rows = [row.attributes for row in site.page("agenda/2026-12/").css(".row")]
    assert [row.get("data-live") for row in rows] == [None, "toml:linde/a/3"], (
        "what is left of one slot is not of the day"
    )
    assert rows[0]["data-end"] in ("2026-12-05", slots[1].start.isoformat()), "and the day is over with its last"


def test_lists_know_which_date_they_show(drawn):
    site = shown(drawn, date(), date("toml:linde/a/2", start="2026-12-12 20:00"))
    assert [row.attributes["data-live"] for row in site.page("agenda/2026-12/").css(".row")] == [ONE, "toml:linde/a/2"]
    assert site.page("").css_first(".card").attributes["data-live"] == ONE


def test_a_way_to_the_basket_stands_in_the_header_of_who_sells(drawn):
    selling, other = shown(drawn, date()), shown(drawn, date(), sells={})
    assert all(
        site.page(p.url).css_first(".basket-way").attributes["href"].endswith("basket")
        for site in [selling]
        for p in selling.html
        if "site-head" in site.text(p.url)
    )
    assert not any(other.page(page.url).css(".basket-way") for page in other.html)


def test_pages_are_drawn_again_exactly_when_a_house_begins_to_sell_what_they_show(drawn):
    linde, brug = (
        production("toml:linde/a", "Winterreis", date()),
        production("toml:brug/b", "Zomer", date("toml:brug/b/1")),
    )

    def keys(sells):
        return {
            page.url: page.key for page in drawn(linde, brug, sells=sells).plan.pages if page.path.endswith(".html")
        }

    before, after = keys({"linde": ""}), keys({"linde": "", "brug": ""})
    changed = {url for url in before if before[url] != after[url]}
    assert "programma/zomer/" in changed and "agenda/2026-12/" in changed
    assert "programma/winterreis/" not in changed and "praktisch/" not in changed
    assert keys({"linde": "", "kade": ""}) == before
