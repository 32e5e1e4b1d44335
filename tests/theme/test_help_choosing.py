"""What helps a visitor choose, as it is drawn: the reason in words, where to go instead, a curator's voice."""

import msgspec
import pytest

from etalage.model.curation import CuratedList, Curator, Pick
from etalage.model.genres import GENRES
from etalage.model.offer import Stock
from etalage.model.tip import Reason, Tip
from plugins.agenda.advice import Advisor
from tests.make import ZAAL, performance, production

THEATER, JAZZ = (GENRES["theater"],), (GENRES["jazz"],)
LIST = CuratedList(
    id="rust", title={"nl": "Voor wie van rust houdt"}, curator=Curator(name="Nele <Boterdaele>", role={"nl": "programmator"}),
    picks=(Pick("toml:linde/a", {"nl": "Omdat er niets gebeurt."}),), intro={"nl": "<p>Kom op tijd.</p>"}, stamp="1",
)  # fmt: skip


def advisor(drawn, language: str, *lists: CuratedList) -> Advisor:
    return Advisor(drawn(production("toml:linde/a", genres=THEATER)).frames[language].viewer, lists)


@pytest.mark.parametrize(
    ("reason", "dutch", "french"),
    [
        (Reason("pin"), "Tip van het huis", "Un conseil de la maison"),
        (Reason("maker", "Grintweg"), "Ook van Grintweg", "Aussi de Grintweg"),
        (Reason("person", "Lies & Bram"), "Ook met Lies & Bram", "Aussi avec Lies & Bram"),
        (Reason("tag", "Elve"), "Ook: Elve", "Aussi : Elve"),
        (Reason("genre", "folk-wereld"), "Ook folk & wereld", "Aussi : folk & monde"),
        (Reason("genre_age", "circus", 6), "Ook circus, vanaf 6 jaar", "Aussi : cirque, dès 6 ans"),
        (Reason("age", "", 4), "Ook voor kinderen vanaf 4 jaar", "Aussi pour les enfants dès 4 ans"),
        (Reason("free"), "Ook gratis", "Gratuit aussi"),
        (Reason("other", "dans"), "Iets heel anders: dans", "Tout autre chose : danse"),
        (
            Reason("other_week", "dans"),
            "Iets heel anders, die week: dans",
            "Tout autre chose, cette semaine-là : danse",
        ),
        (Reason("near"), "", ""),
    ],
)
def test_a_reason_is_a_sentence(drawn, reason, dutch, french):
    assert [advisor(drawn, language).why(reason) for language in ("nl", "fr")] == [dutch, french]


def test_a_name_with_a_percent_sign_is_only_a_name(drawn):
    assert advisor(drawn, "nl").why(Reason("person", "100 %(genre)s")) == "Ook met 100 %(genre)s"


def test_distances_are_said_in_whole_kilometres_and_only_when_known(drawn):
    assert [advisor(drawn, "nl").far(km) for km in (None, 0, 12)] == ["", "om de hoek", "op 12 km van hier"]


def test_each_tip_stands_with_its_reason(drawn):
    others = [
        production(f"toml:linde/{name}", name, f"2026-12-0{n} 20:00", genres=genres)
        for n, name, genres in ((6, "B", THEATER), (7, "C", JAZZ))
    ]
    tree = drawn(production("toml:linde/a", genres=THEATER), *others).production()
    found = [(tip.css_first("h3").text(strip=True), tip.css_first(".tip-why").text()) for tip in tree.css(".tip")]
    assert found == [("B", "Ook theater"), ("C", "Iets heel anders, die week: jazz")]


def test_who_finds_it_sold_out_is_led_to_the_date_that_has_places(drawn):
    dates = (
        performance("w/1", "2026-12-05 20:00", stock=Stock.NONE),
        performance("w/2", "2026-12-06 20:00", stock=Stock.FEW),
    )
    tree = drawn(production("toml:linde/w", "Wachtlijn", *dates)).production()
    block = tree.css_first("[data-sold-out='toml:linde/w']")
    link = block.css_first("a").attributes["href"]
    assert link.endswith("/wachtlijn/#d2") and tree.css_first("#d2").attributes["data-performance"] == "w/2"
    assert "zo 6 dec, 20:00" in block.text() and "Laatste tickets" in block.text()


def test_a_neighbours_line_leads_to_the_neighbours_own_site_and_names_it(drawn):
    frame = drawn(production("toml:linde/a"), production("toml:brug/b", "Blues"), houses=("linde",)).frames["nl"]
    tip = Tip(
        production="toml:brug/b",
        performance="toml:brug/b/1",
        why=Reason("near"),
        km=12,
        url="https://brug.example/programma/blues/",
    )
    module = frame.env.get_template("components/near/near.html").module
    html = str(module.near("", [frame.advisor.tip(tip)]))
    assert 'href="https://brug.example/programma/blues/"' in html
    assert "Brug" in html and "op 12 km van hier" in html and "Oosterlo" in html


def test_a_curated_list_has_the_curators_name_and_reasons(env, drawn):
    site = drawn(production("toml:linde/a"), lists=(LIST,))
    tree = site.page("lijsten/rust/")
    assert "Gekozen door Nele <Boterdaele>, programmator" in tree.css_first(".curator").text()
    assert tree.css_first(".pick blockquote").text(strip=True) == "Omdat er niets gebeurt."
    assert "Kom op tijd." in tree.css_first(".prose").text()
    assert site.page("").css_first(".list-teaser a").attributes["href"].endswith("lijsten/rust/")
    chosen = site.production().css_first(".chosen")
    assert (
        "Omdat er niets gebeurt." in chosen.text() and chosen.css_first("a").attributes["href"] == "../../lijsten/rust/"
    )


def test_a_list_that_is_over_says_so(drawn):
    over = msgspec.structs.replace(LIST, picks=(Pick("toml:linde/weg"),))
    site = drawn(production("toml:linde/a"), lists=(over,))
    assert "voorbij" in site.page("lijsten/rust/").css_first(".notice").text()
    assert not site.page("").css(".list-teaser") and "geen lijst" in site.page("lijsten/").css_first("main").text()


def test_a_list_of_next_month_is_linked_from_nowhere_yet(drawn):
    from datetime import date

    site = drawn(production("toml:linde/a"), lists=(msgspec.structs.replace(LIST, opens=date(2027, 1, 1)),))
    assert "lijsten" not in site.text("") and not [page for page in site.html if "lijsten" in page.url]


def test_the_last_minute_page_says_where_things_are_only_when_that_is_known(drawn):
    tonight = production("toml:linde/a", "Vanavond", "2026-11-21 20:00")
    tree = drawn(tonight).page("last-minute/")
    assert tree.css_first(".row").attributes.get("data-at") is None
    here = msgspec.structs.replace(ZAAL, latitude=51.5, longitude=3.25)
    tree = drawn(tonight, venues={ZAAL.id: here}).page("last-minute/")
    assert tree.css_first(".row").attributes["data-at"] == "51.5000,3.2500"
    assert (
        tree.css_first("last-minute").attributes["hidden"] is None
    )  # there, with no value: hidden until its script runs


def test_an_empty_last_minute_page_says_so(drawn):
    tree = drawn(production("toml:linde/a", "Later", "2027-03-01 20:00")).page("last-minute/")
    assert "hidden" not in tree.css_first("[data-when-empty]").attributes
    assert not tree.css("last-minute")
