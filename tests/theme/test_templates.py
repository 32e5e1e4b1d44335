"""Every template and component compiles, keeps the promises of a strict policy, and leads nowhere outside its site."""

import re
from itertools import pairwise

import pytest

from plugins.assets import template_folders
from tests.make import production
from tests.theme.conftest import HOUSES, THEMES

TEMPLATES = sorted(path.name for path in (THEMES / "base" / "templates").glob("*.html"))
SOURCES = sorted([*THEMES.glob("*/templates/*.html"), *THEMES.glob("*/components/*/*.html")])
PLANNED = (
    "404", "agenda", "curated", "embed", "frame", "genre", "home", "house", "last-minute", "lists", "offline", "production", "redirect",
    "screen", "search", "text", "venue", "wishlist",
)  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(env, name):
    assert env.get_template(name)


@pytest.mark.parametrize("name", PLANNED)
def test_every_page_of_the_plan_has_its_template(name):
    assert f"{name}.html" in TEMPLATES


@pytest.mark.parametrize("house", HOUSES)
def test_a_house_brings_tokens_and_no_component_of_its_own(house):
    assert {path.suffix for path in (THEMES / house).glob("*")} <= {".css", ""}
    assert template_folders(THEMES, house)[-1] == THEMES / "base"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_template_needs_no_exception_from_a_strict_policy(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_link_begins_with_a_slash(path):
    """A site is also served under /sites/<site>/."""
    text = path.read_text("utf-8").replace('<base href="/">', "")
    assert not re.search(r"""(?:href|src|action)=["']/""", text)


def test_a_page_asks_nothing_of_another_machine(drawn):
    site = drawn(production("toml:linde/a"))
    for page in site.html:
        tree = site.page(page.url)
        assert [node.attributes["src"] for node in tree.css("[src]") if "://" in node.attributes["src"]] == [], page.url
        assert [
            node.html for node in tree.css("link[rel=stylesheet], link[rel=icon]") if "://" in node.attributes["href"]
        ] == []


def test_every_page_has_one_heading_of_the_first_level_and_skips_none(drawn):
    site = drawn(production("toml:linde/a", "Winterreis", "2026-12-05 20:00", "2026-12-06 20:00"))
    for page in site.html:
        levels = [int(node.tag[1]) for node in site.page(page.url).css("main h1, main h2, main h3")]
        assert levels.count(1) == 1, page.url
        assert all(after - before <= 1 for before, after in pairwise(levels)), (page.url, levels)


def test_every_page_says_its_language_and_where_it_stands(drawn):
    site = drawn(production("toml:linde/a"))
    for page in site.html:
        if page.template in ("404.html", "redirect.html", "embed.html", "screen.html"):
            continue
        tree = site.page(page.url)
        assert tree.css_first("html").attributes["lang"] == page.language
        assert tree.css_first("link[rel=canonical]").attributes["href"] == page.canonical
        others = {node.attributes["hreflang"]: node.attributes["href"] for node in tree.css("link[hreflang]")}
        assert others == {language: f"https://linde.example/{url}" for language, url in page.alternates.items()} | {
            "x-default": f"https://linde.example/{page.alternates['nl']}"
        }


def test_text_in_another_language_says_so(drawn):
    tree = drawn(production("toml:linde/a")).page("fr/programme/winterreis/")
    assert tree.css_first("h1").attributes["lang"] == "nl"


def test_the_page_that_is_not_there_works_at_any_depth(drawn):
    tree = drawn(production("toml:linde/a")).page("fr/404.html")
    assert tree.css_first("base").attributes["href"] == "/"
    targets = [node.attributes.get("href") or node.attributes.get("src") for node in tree.css("link, a, script, use")]
    assert targets
    assert [target for target in targets if target.startswith("..")] == []


def test_an_old_address_leads_on(drawn):
    tree = drawn(production("toml:linde/a")).page("programma/oud/")
    assert tree.css_first("meta[http-equiv=refresh]").attributes["content"] == "0; url=../../programma/winterreis/"
    assert tree.css_first("main a").attributes["href"] == "../../programma/winterreis/"
    assert tree.css_first("link[rel=canonical]").attributes["href"] == "https://linde.example/programma/winterreis/"


def test_markup_in_a_title_is_shown_and_not_believed(drawn):
    site = drawn(production("toml:linde/a", 'Rozen & <b onclick="x">kolen</b>'))
    for page in site.html:
        assert "<b onclick" not in site.text(page.url), page.url
