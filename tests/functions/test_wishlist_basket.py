"""A list in the basket with one press: a form of all that is sold through us, and of nothing else; also without JavaScript."""

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from tests.functions.conftest import HOUSE, MATINEE, OFF, QUIZ, ROWS, WINTER, Counter
from tests.functions.test_wishlist_pages import page
from tests.shop import Shop

OLD = "csv:linde/oud/1"


@pytest.fixture(scope="module")
def selling(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """De Linde, which sells through us; of the quiz nothing is for sale, and one show was in November."""
    shop = Shop(tmp_path_factory.mktemp("selling"))
    rows = ROWS.replace("Feest;gratis;\n", "Feest;;\n") + "oud;1;Herfst;25/11/2026;20:00;De Linde;Klassiek;Basis 18;\n"
    shop.house("linde", HOUSE + '\n[ticketing]\nsystem = "local"\n', programma__csv=rows)
    shop.build()
    return shop


@pytest.fixture
def till(selling: Shop, tmp_path: Path) -> Counter:
    return Counter(selling.output, tmp_path)


def form(tree: Tree) -> tuple[str, list[tuple[str, str]]]:
    """Where it goes, and what it sends."""
    (found,) = tree.css("form.wish-basket")
    assert found.attributes["method"] == "post" and found.css_first("button").text() in (
        "Zet alles in het mandje",
        "Tout mettre dans le panier",
    )
    return found.attributes["action"], [(one.attributes["name"], one.attributes["value"]) for one in found.css("input")]


def test_a_shared_list_puts_in_the_basket_what_can_be_bought(till: Counter) -> None:
    token = till.share(MATINEE, OFF, QUIZ, OLD, WINTER)["token"]
    sent = [("act", "add"), ("p", OLD), ("p", WINTER), ("p", MATINEE)]
    assert form(page(till.get(f"/wishlist/{token}"))) == ("/basket", sent)
    assert form(page(till.get(f"/fr/wishlist/{token}"))) == ("/fr/basket", sent)
    under = till.get(f"/sites/linde/wishlist/{token}", headers={"host": "127.0.0.1:8000"})
    assert form(page(under)) == ("/sites/linde/basket", sent)
    till.now = till.now.replace(day=26)  # the first of them is over
    assert form(page(till.get(f"/wishlist/{token}")))[1] == [("act", "add"), ("p", WINTER), ("p", MATINEE)]


def test_so_does_a_list_that_stands_in_its_address(till: Counter) -> None:
    tree = page(till.get("/wishlist", params={"p": [WINTER, OFF]}))
    assert form(tree) == ("/basket", [("act", "add"), ("p", WINTER)])


def test_a_list_of_what_nobody_sells_here_has_no_such_form(till: Counter, counter: Counter) -> None:
    assert page(till.get("/wishlist", params={"p": [QUIZ, OFF]})).css(".wish-basket") == []
    assert page(counter.get("/wishlist", params={"p": [WINTER]})).css(".wish-basket") == []


def test_scripts_are_told_what_is_sold(till: Counter) -> None:
    items = till.get("/api/wishlists", params={"p": [WINTER, QUIZ, OFF]}).json()["items"]
    assert {item["id"]: item.get("sold", False) for item in items} == {WINTER: True, QUIZ: False, OFF: False}
