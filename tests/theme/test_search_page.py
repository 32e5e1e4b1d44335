"""The search page as the build writes it: every choice, every word of an answer, and a form that works without a script."""

import json

from etalage.model.genres import GENRES
from etalage.model.site import SiteKind
from plugins.agenda.search_page import MODULES
from tests.make import performance, price, production

SHOW = production(
    "toml:linde/a", "Winterreis", performance("1", prices=(price(1250),), facilities=("captions",)), genres=(GENRES["jazz"], GENRES["dans"]),
    age_min=6, uitpas=True,
)  # fmt: skip


def facet(tree, name):
    return {
        node.attributes["value"]: node.parent.css_first(".choice-name").text()
        for node in tree.css(f'.choice > input[name="{name}"]')
    }


def test_it_has_what_can_be_chosen_and_nothing_that_cannot(drawn):
    tree = drawn(SHOW).page("zoeken/")
    assert facet(tree, "genre") == {"dans": "Dans", "jazz": "Jazz"}
    assert list(facet(tree, "access")) == ["captions"]
    assert list(facet(tree, "day")) == list("1234567") and facet(tree, "uitpas") == {"1": "Met UiTPAS-voordeel"}
    assert [w.replace("\xa0", " ") for w in facet(tree, "price").values()] == [
        "Elke prijs",
        "gratis",
        "tot € 10",
        "tot € 20",
        "tot € 30",
    ]
    assert facet(tree, "town") == facet(tree, "venue") == facet(tree, "house") == {}  # there is one: nothing to choose


def test_a_cluster_asks_which_house(drawn):
    other = production("toml:beuk/b", "Zomer")
    tree = drawn(SHOW, other, kind=SiteKind.CLUSTER).page("zoeken/")
    assert list(facet(tree, "house")) == ["beuk", "linde"]


def test_its_form_asks_the_function_and_its_script_the_index(drawn):
    site = drawn(SHOW)
    for url, root, language in (("zoeken/", "../", "nl"), ("fr/recherche/", "../../", "fr")):
        tree = site.page(url)
        folder = "" if language == "nl" else "fr/"
        assert tree.css_first("form#search").attributes["action"] == f"{root}{folder}search"
        host = tree.css_first("agenda-search").attributes
        assert host["data-index"] == f"{root}search/{language}/" and host["data-root"] == root
        assert json.loads(host["data-words"])["language"] == language
        assert len(tree.css("head link[rel=modulepreload]")) >= len(MODULES) + 1
        assert tree.css("meta[name=robots]") == []


def test_every_page_has_a_field_that_works_without_a_script(drawn):
    site = drawn(SHOW)
    for url, root in (("", "./"), ("agenda/", "../"), ("fr/programme/winterreis/", "../../../")):
        form = site.page(url).css_first("form.site-search").attributes
        language = "fr/" if url.startswith("fr") else ""
        assert form["action"] == f"{root if url else './'}{language}search" and form.get("method", "get") == "get"
        assert form["data-search"].endswith("fr/recherche/" if language else "zoeken/")
    assert site.page("zoeken/").css("form.site-search") == []  # it has its own


def test_the_agenda_leads_to_its_filters(drawn):
    site = drawn(SHOW)
    assert site.page("agenda/").css_first(".part-head a[data-search]").attributes["href"] == "../search"
    assert (
        site.page("agenda/2026-12/").css_first(".part-head a[data-search]").attributes["href"]
        == "../../search?date=2026-12"
    )


def test_a_site_without_search_has_no_field_and_no_way_to_it(drawn):
    site = drawn(SHOW, search=False)
    for page in site.html:
        assert "data-search" not in site.text(page.url) and "agenda-search" not in site.text(page.url), page.url
