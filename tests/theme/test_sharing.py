"""Pages that are shown elsewhere: the foyer's screen and the list in another site; and how a page names its feeds."""

from etalage.model.programme import Genre
from tests.make import at, performance, production

JAZZ = Genre(id="jazz", name={"nl": "Jazz"})


def test_the_screen_stands_alone_and_is_found_by_nobody(drawn):
    tonight = performance("toml:linde/a/1", "2026-11-21 20:00", hall="Grote zaal", end=at("2026-11-21 22:00"))
    tree = drawn(production("toml:linde/a", "Winterreis", tonight)).page("screen/")
    assert tree.css_first("meta[name=robots]").attributes["content"] == "noindex"
    assert not tree.css("a") and not tree.css("body > header, body > footer")
    assert tree.css_first(".screen-shows .screen-clock span").text() == "20:00"
    assert tree.css_first(".screen-shows .screen-end").text().strip() == "tot 22:00"
    assert "hidden" in tree.css_first(".screen-none").attributes


def test_an_empty_screen_says_so_and_what_is_next(drawn):
    tree = drawn(production("toml:linde/a", "Winterreis", "2026-11-24 20:00")).page("screen/")
    assert not tree.css(".screen-shows li")
    assert "hidden" not in tree.css_first(".screen-none").attributes
    assert tree.css_first(".screen-next").text() == "Volgende: di 24 nov, 20:00 · Winterreis"


def test_an_embedded_list_leads_out_of_its_frame_and_needs_no_script(drawn):
    site = drawn(*(production(f"toml:linde/{n}", f"Show {n}", "2026-12-05 20:00", genres=(JAZZ,)) for n in range(8)))
    tree = site.page("embed/genre/jazz/")
    assert tree.css_first("base").attributes["target"] == "_top"
    assert not tree.css("script") and len(tree.css("main li")) == 8
    assert tree.css_first("h1").text().split() == ["Jazz", "CC", "De", "Linde"]
    assert len(site.page("embed/5/").css("main li")) == 5


def test_a_list_names_its_feeds_and_shows_the_way_to_them(drawn):
    tree = drawn(production("toml:linde/a", genres=(JAZZ,))).page("fr/genre/jazz/")
    found = {
        node.attributes["type"]: node.attributes["href"] for node in tree.css("link[rel=alternate][type][title^=Jazz]")
    }
    assert found == {
        "application/atom+xml": "../../../fr/genre/jazz/feed.xml", "application/feed+json": "../../../fr/genre/jazz/feed.json",
        "text/calendar": "../../../fr/genre/jazz/agenda.ics",
    }  # fmt: skip
    ways = [node.attributes["href"] for node in tree.css(".subscribe a")]
    assert "webcal://linde.example/fr/genre/jazz/agenda.ics" in ways


def test_the_agenda_offers_the_filters_that_visitors_pick_most(drawn):
    tree = drawn(production("toml:linde/a")).page("agenda/")
    ways = {node.text(): node.attributes["href"] for node in tree.css(".subscribe a")}
    assert ways["In het weekend"] == "webcal://linde.example/agenda/weekend/agenda.ics"


def test_a_production_names_its_linked_data(drawn):
    tree = drawn(production("toml:linde/a")).production()
    assert tree.css_first("link[type='application/ld+json']").attributes["href"] == "../../linked-data/2026-12.jsonld"
