"""Hearts: on what one can still go to, and nowhere else; few bytes each, for they stand on every card."""

from datetime import date

from etalage.model.programme import Kind, Status
from tests.make import performance, production


def hearts(tree, inside=""):
    return [node.attributes["data-id"] for node in tree.css(f"{inside} wish-button")]


def test_each_date_of_a_show_has_its_own_and_a_card_that_of_its_next(drawn):
    site = drawn(production("toml:linde/a", "Winterreis", "2026-12-05 20:00", "2026-12-06 20:00"))
    assert hearts(site.page("agenda/2026-12/"), ".row") == ["toml:linde/a/1", "toml:linde/a/2"]
    assert hearts(site.page(""), ".card") == ["toml:linde/a/1"]
    assert hearts(site.production(), ".performance") == ["toml:linde/a/1", "toml:linde/a/2"]
    assert hearts(site.production(), ".over-title") == ["toml:linde/a/1"]


def test_what_is_over_or_off_has_none(drawn):
    dates = (performance("x/1", "2026-11-01 20:00"), performance("x/2", "2026-12-05 20:00", status=Status.CANCELLED))
    site = drawn(production("toml:linde/a", "Winterreis", *dates))
    assert all(not hearts(site.page(page.url)) for page in site.html)


def test_what_is_visited_or_followed_as_a_whole_is_kept_as_a_whole(drawn):
    course = production("toml:linde/cursus", "Tekenen", "2026-12-05 20:00", "2026-12-12 20:00", kind=Kind.COURSE)
    expo = production(
        "toml:linde/expo", "Stoelen", kind=Kind.EXPO, opens=date(2026, 11, 1), closes=date(2027, 1, 10), performances=()
    )
    over = production(
        "toml:linde/oud", "Banken", kind=Kind.EXPO, opens=date(2026, 1, 1), closes=date(2026, 2, 1), performances=()
    )
    for one in (course, expo):
        assert set(hearts(drawn(one).production())) == {one.id}
    assert hearts(drawn(over).production()) == []


def test_a_house_without_wishlists_has_neither_hearts_nor_a_way_to_them(drawn):
    site = drawn(production("toml:linde/a"), wishlist=False)
    for page in site.html:
        text = site.text(page.url)
        assert "wish" not in text.replace("wishes.", "").lower(), page.url


def test_a_heart_is_one_small_element(drawn):
    text = drawn(production("toml:linde/a")).text("agenda/2026-12/")
    assert '<wish-button data-id="toml:linde/a/1"></wish-button>' in text


def test_ones_own_list_is_read_without_javascript_as_what_it_is(drawn):
    tree = drawn(production("toml:linde/a")).page("verlanglijst/")
    assert "JavaScript" in tree.css_first("noscript").text()
    assert tree.css_first("meta[name=robots]").attributes["content"] == "noindex"
    assert tree.css(".wish-basket") == []  # nothing is sold here
