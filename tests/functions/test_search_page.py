"""GET /search in the site's own page: form filled in, filters as links, hostile words as text, unreadable filters named."""

from datetime import datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from etalage import wiring
from etalage.config import Workspace
from functions.app import make_app
from functions.search_page import question
from tests.shop import Shop
from tests.visitor import Visitor

NOON = datetime.fromisoformat("2026-11-22T12:00:00+01:00")


@pytest.fixture(scope="module")
def visitor(golden_region: Shop) -> Visitor:
    folder = golden_region.folder
    work = Workspace(
        content=golden_region.content, output=golden_region.output, var=folder / "var", themes=Path("themes")
    )
    return Visitor(make_app(golden_region.output, desk=wiring.desk(work, lambda: NOON)))


def page(visitor: Visitor, asked: str = "", site: str = "langsdeelve", status: int = 200) -> Tree:
    answer = visitor.get(f"/sites/{site}/search{asked}")
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers.get("x-robots-tag") == ("noindex" if asked else None), "answers are without end"
    return Tree(answer.text)


def words(tree: Tree, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(selector)]


def test_it_is_the_sites_own_page_with_the_answer_in_it(visitor: Visitor, golden_region: Shop) -> None:
    tree, built = page(visitor, "?q=jazz"), Tree(golden_region.page("langsdeelve/zoeken/index.html"))
    assert words(tree, ".site-nav") == words(built, ".site-nav")
    assert tree.css_first("title").text().startswith("jazz · ")
    assert tree.css_first("#q").attributes["value"] == "jazz"
    rows = tree.css(".search-list > .rows > .found")
    assert words(tree, ".search-total") == [f"{len(rows)} voorstellingen"]
    assert all(row.css_first("a").attributes["href"].startswith("/sites/langsdeelve/programma/") for row in rows)
    assert (
        tree.css_first("link[rel=canonical]").attributes["href"]
        == built.css_first("link[rel=canonical]").attributes["href"]
    )


def test_every_link_of_the_page_leads_into_the_site(visitor: Visitor, golden_region: Shop) -> None:
    for site, path in (("langsdeelve", "search"), ("foelie", "fr/search")):
        tree = Tree(visitor.get(f"/sites/{site}/{path}?q=dans").text)
        ways = [
            node.attributes[name] or ""
            for name in ("href", "src", "action")
            for node in tree.css(f"body [{name}], link[{name}], script[{name}]")
        ]
        assert ways and not [way for way in ways if way.startswith("..")]
        for way in {
            way.partition("?")[0].partition("#")[0]
            for way in ways
            if way.startswith("/sites/") and "/search" not in way
        }:
            if way.endswith("/basket"):  # a function, which a server without a sale has too
                assert visitor.get(way).status_code == 503
                continue
            file = golden_region.output / way.removeprefix("/sites/")
            assert file.is_file() or (file / "index.html").is_file(), way


def test_a_filter_is_checked_named_and_can_be_taken_away(visitor: Visitor) -> None:
    tree = page(visitor, "?q=nacht&genre=jazz&day=4&day=5&left=1")
    checked = {
        (node.attributes["name"], node.attributes["value"])
        for node in tree.css(".choice > input[checked]")
        if node.attributes["value"]
    }
    assert checked == {("genre", "jazz"), ("day", "4"), ("day", "5"), ("left", "1")}
    assert words(tree, ".chip-name") == ["donderdag", "vrijdag", "Jazz", "Nog plaatsen vrij"]
    assert tree.css(".chip")[0].attributes["href"] == "?q=nacht&day=5&genre=jazz&left=1"
    assert tree.css_first(".chip-clear").attributes["href"] == "?q=nacht"
    assert (
        "open" in tree.css_first('[data-facet="day"]').attributes
        and "open" not in tree.css_first('[data-facet="age"]').attributes
    )


def test_counts_stand_beside_the_values(visitor: Visitor) -> None:
    tree = page(visitor)
    for value in ("jazz", "theater"):
        box = tree.css_first(f'input[name="genre"][value="{value}"]').parent
        number = int(box.css_first(".choice-count").text())
        assert words(page(visitor, f"?genre={value}"), ".search-total")[0].startswith(f"{number} ")
    assert tree.css_first('input[name="date"][value=""]').parent.css_first(".choice-count").text() == ""


def test_values_that_nobody_thought_of_are_added_to_their_filter(visitor: Visitor) -> None:
    tree = page(visitor, "?age=7&price=12.50&date=2026-12-05&town=brussel&km=7&from=2026-12-01&genre=zzz")
    assert {"7 jaar", "tot € 12,50", "za 5 dec", "tot 7 km", "vanaf di 1 dec", "zzz"} <= {
        w.replace("\xa0", " ") for w in words(tree, ".chip-name")
    }
    for name, value in (("age", "7"), ("price", "12.50"), ("date", "2026-12-05"), ("genre", "zzz")):
        assert "checked" in tree.css_first(f'input[name="{name}"][value="{value}"]').attributes
    assert tree.css_first('select[name="km"] option[selected]').attributes["value"] == "7"
    assert tree.css_first('input[name="from"]').attributes["value"] == "2026-12-01"
    assert len(tree.css('input[name="age"][checked], input[name="date"][checked]')) == 2


def test_an_unreadable_filter_is_named_and_the_rest_counts(visitor: Visitor) -> None:
    tree = page(visitor, "?genre=dans&date=nooit&price=veel&access=trap,wheelchair&sort=zomaar", status=400)
    said = words(tree, ".search-notices .notice")
    assert [line for line in said if "“Wanneer”" in line and "niet lezen" in line]
    assert len(said) == 4
    assert [
        pair
        for pair in (("genre", "dans"), ("access", "wheelchair"))
        if not tree.css(f'input[name="{pair[0]}"][value="{pair[1]}"][checked]')
    ] == []
    plain = page(visitor, "?genre=dans&access=wheelchair")
    assert words(tree, ".found") == words(plain, ".found") != []


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "<!-- /list --><b>x</b>",
        "{{ 7*7 }}%(num)s",
        "\\1\\g<0>",
        "a\x00b\r\nc",
        "%",
    ],
)
def test_hostile_words_stay_words(visitor: Visitor, hostile: str) -> None:
    answer = visitor.get("/sites/langsdeelve/search", params={"q": hostile, "genre": hostile, "venue": hostile})
    assert answer.status_code == 200
    tree = Tree(answer.text)
    seen = "".join(sign if sign.isprintable() else " " for sign in hostile)
    assert tree.css_first("#q").attributes["value"] == seen
    assert not tree.css("main script") and not tree.css("main img") and not tree.css("main b:not(time b)")
    assert " ".join(seen.split()) in words(tree, "h2.search-total")[0]


def test_a_very_long_question_is_cut_and_a_thousand_filters_do_not_matter(visitor: Visitor) -> None:
    tree = page(visitor, f"?q={'lang' * 500}")
    assert len(tree.css_first("#q").attributes["value"]) == 200
    assert page(visitor, "?" + "&".join(f"genre=g{n}" for n in range(1000))).css(".chip")


def test_pages_lead_on_and_back(visitor: Visitor) -> None:
    first, last = page(visitor, "?left=1"), page(visitor, "?left=1&page=99")
    assert first.css_first("a[rel=next]").attributes["href"] == "?left=1&page=2" and not first.css("a[rel=prev]")
    assert last.css("a[rel=prev]") and not last.css("a[rel=next]") and last.css(".search-list .found")
    second = page(visitor, "?left=1&page=2")
    assert words(second, ".found")[0] not in words(first, ".found")


def test_nothing_found_says_what_to_leave_out_and_what_there_is(visitor: Visitor) -> None:
    tree = page(visitor, "?genre=circus&date=today&left=1")
    assert words(tree, ".search-total") == ["Niets gevonden"]
    without = {
        node.css_first("a").text(): node.css_first("a").attributes["href"] for node in tree.css(".search-without li")
    }
    assert without["Zonder “Vandaag”"] == "?genre=circus&left=1"
    assert tree.css(".search-instead + .rows .found")


def test_a_correction_and_a_time_are_explained(visitor: Visitor) -> None:
    assert words(page(visitor, "?q=consert"), ".notice") == [
        "Bedoelde je “concert”? Dat zie je hier; voor “consert” is er niets."
    ]
    assert words(page(visitor, "?q=dans in december"), ".notice") == ["Begrepen als: di 1 dec tot en met do 31 dec"]


def test_other_languages_ask_the_same_question(visitor: Visitor) -> None:
    tree = Tree(visitor.get("/sites/foelie/fr/search?q=danse&left=1").text)
    assert tree.css_first("html").attributes["lang"] == "fr"
    ways = [node.attributes["href"] for node in tree.css(".languages a")]
    assert ways[0] == "/sites/foelie/search?q=danse&left=1" and ways[2] == "/sites/foelie/en/search?q=danse&left=1"
    on_host = Tree(visitor.get("/fr/search?q=danse", headers={"host": "foelie.localhost:8000"}).text)
    assert on_host.css_first("form#search").attributes["action"] == "/fr/search"


def test_the_servers_own_host_leads_to_a_site(visitor: Visitor) -> None:
    assert visitor.get("/search?site=foelie&q=a b").headers["location"] == "/sites/foelie/search?q=a+b"
    assert visitor.get("/search?genre=jazz").headers["location"] == "/sites/langsdeelve/search?genre=jazz"
    assert visitor.get("/search?site=weg").status_code == 404


def test_what_is_not_there_is_said(visitor: Visitor, tmp_path: Path) -> None:
    assert visitor.get("/sites/weg/search").status_code == 404
    assert visitor.get("/sites/klokzeel/fr/search").status_code == 404
    assert Visitor(make_app(tmp_path)).get("/sites/foelie/search").status_code == 503


def test_a_question_is_read_whatever_is_in_the_address() -> None:
    asked = question([("q", "a"), ("page", "-1"), ("page", "2"), ("day", "9,1"), ("x", "y"), ("uitpas", "ja")])
    assert (asked.text, asked.page, asked.filters.day) == ("a", 1, (1,))
    assert set(asked.unreadable) == {"page", "day", "uitpas"}
    assert question([]).address() == "?" and question([("page", "٣")]).page == 1
