"""The gallery: every component that has examples, for who asks for it, and nowhere to get lost."""

from plugins import assets
from plugins.agenda import gallery
from tests.make import production
from tests.theme.conftest import THEMES

COMPONENTS = THEMES / "base" / "components"


def test_a_site_has_a_gallery_only_where_it_asks_for_one(drawn):
    assert not [page for page in drawn(production("toml:linde/a")).html if page.template == "gallery.html"]
    site = drawn(production("toml:linde/a"), gallery=True)
    assert [page.url for page in site.html if page.template == "gallery.html"] == ["gallery/", "fr/gallery/"]
    assert site.page("gallery/").css_first("meta[name=robots]").attributes["content"] == "noindex"


def test_it_shows_every_example_of_every_component(drawn):
    tree = drawn(production("toml:linde/a"), gallery=True).page("gallery/")
    shown = {node.attributes["data-component"]: len(node.css(".example")) for node in tree.css("[data-component]")}
    wanted = {name: len(gallery.described(COMPONENTS, name)["examples"]) for name in gallery.names(COMPONENTS)}
    assert shown == {name: count for name, count in wanted.items() if count and name not in gallery.AROUND}
    assert len(shown) > 12


def test_an_example_leads_nowhere_and_is_never_over(drawn):
    tree = drawn(production("toml:linde/a"), gallery=True).page("gallery/")
    inside = [node.attributes["href"] for node in tree.css(".example a")]
    assert inside and all(href == "#main" or "://" in href for href in inside)
    assert tree.css(".example [data-end]") == []
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))


def test_the_logo_stands_beside_the_name_or_in_its_place(tmp_path):
    files = assets.prepare(THEMES, "foelie", tmp_path / "a")
    assert files["logo"] == "mark" and files["logo.viewbox"] == "0 0 33 32" and files["logo.width"] == "33"
    assert "var(--colour-accent)" in (tmp_path / "a" / files["logo.svg"]).read_text("utf-8"), (
        "it is coloured where it stands"
    )


def test_a_wordmark_is_still_read_aloud(drawn, files, env):
    env.globals["asset"] = {**files, "logo": "wordmark"}.__getitem__
    try:
        brand = drawn(production("toml:linde/a")).page("").css_first(".brand")
    finally:
        env.globals["asset"] = files.__getitem__
    assert brand.css_first("span.hidden").text() == "CC De Linde"
    assert brand.css_first("svg").attributes["aria-hidden"] == "true"
