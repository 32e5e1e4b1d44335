"""The wishlist's pages: the look of the house, readable and usable without JavaScript, holding nothing personal."""

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from tests.functions.conftest import MATINEE, OFF, QUIZ, WINTER, Counter
from tests.shop import Shop

HTML = {"accept": "text/html"}
SAME = {"origin": "http://linde.localhost:8000"}


def page(answer, status: int = 200) -> Tree:
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answer.headers
    return Tree(answer.text)


def fields(tree: Tree) -> dict[str, str]:
    return {node.attributes["name"]: node.attributes["value"] for node in tree.css(".wish-form > input[type=hidden]")}


def test_a_shared_list_looks_like_the_house_it_is_of(counter: Counter, built: Shop) -> None:
    made = counter.share()
    tree = page(counter.get(f"/wishlist/{made['token']}"))
    home = Tree(built.page("linde/index.html"))
    assert (
        tree.css_first("link[rel=stylesheet]").attributes["href"]
        == "/" + home.css_first("link[rel=stylesheet]").attributes["href"][2:]
    )
    assert tree.css_first("html").attributes["lang"] == "nl" and tree.css_first(".brand").text() == "De Linde"
    assert tree.css_first("title").text() == "Een verlanglijst · De Linde" and len(tree.css("h1")) == 1
    assert [node.text() for node in tree.css(".wish-title")] == ["Winterreis", "Dorpsquiz & co"]
    assert tree.css_first("meta[name=robots]").attributes["content"] == "noindex"
    assert not tree.css("link[rel=canonical], meta[property='og:url'], link[hreflang]")


def test_every_link_of_it_leads_somewhere(counter: Counter) -> None:
    token = counter.share()["token"]
    for start in (f"/wishlist/{token}", f"/fr/wishlist/{token}", f"/wishlist?p={WINTER}"):
        for base, headers in (("", {}), ("/sites/linde", {"host": "127.0.0.1:8000"})):
            tree = page(counter.get(base + start, headers=headers))
            links = {
                node.attributes.get("href") or node.attributes.get("src") for node in tree.css("a, link, script[src]")
            }
            inside = {link.partition("#")[0] for link in links if not link.startswith(("#", "mailto:", "tel:", "http"))}
            assert len(inside) > 10
            for link in inside:
                assert link.startswith(f"{base}/"), link
                assert counter.get(link, headers=headers).status_code in (200, 303), link


def test_its_other_languages_are_the_same_list(counter: Counter) -> None:
    token = counter.share()["token"]
    tree = page(counter.get(f"/wishlist/{token}"))
    french = tree.css_first("a[hreflang=fr]").attributes["href"]
    assert french == f"/fr/wishlist/{token}"
    tree = page(counter.get(french))
    assert tree.css_first("html").attributes["lang"] == "fr"
    assert tree.css_first(".wish-when").text() == "samedi 12 décembre 2026, 20h00"
    assert tree.css_first("a[hreflang=nl]").attributes["href"] == f"/wishlist/{token}"
    assert page(counter.get(f"/de/wishlist/{token}", headers=HTML), 404)


def test_a_friend_ticks_without_javascript_and_has_second_thoughts(counter: Counter) -> None:
    token = counter.share(WINTER, QUIZ)["token"]
    tree = page(counter.get(f"/wishlist/{token}"))
    assert tree.css_first(".wish-form").attributes == {
        "class": "wish-form",
        "method": "post",
        "action": f"/wishlist/{token}",
    }
    boxes = [node.attributes["value"] for node in tree.css("input[type=checkbox][name=p]")]
    assert boxes == [WINTER, QUIZ]
    sent = fields(tree) | {"p": [WINTER], "name": "Ann", "act": "join"}
    for _ in range(2):  # the page is loaded again: she is on it once
        tree = page(counter.post(f"/wishlist/{token}", data=sent, headers=SAME))
    assert [node.text() for node in tree.css(".wish-joins")] == ["Gaat mee: Ann"]
    assert tree.css_first("[role=status]").text() == "Genoteerd: je gaat mee."
    other = page(counter.get(f"/wishlist/{token}"))
    assert fields(other)["key"] != fields(tree)["key"] and not other.css("button[value=leave]")
    tree = page(counter.post(f"/wishlist/{token}", data=fields(tree) | {"act": "leave", "name": ""}, headers=SAME))
    assert not tree.css(".wish-joins")


def test_a_friend_takes_dates_over_and_shares_them_on(counter: Counter) -> None:
    token = counter.share(WINTER, QUIZ)["token"]
    sent = {"p": [QUIZ], "act": "copy", "key": "k", "name": ""}
    answer = counter.post(f"/wishlist/{token}", data=sent, headers=SAME)
    assert answer.status_code == 303
    tree = page(counter.get(answer.headers["location"]))
    assert [node.text() for node in tree.css(".wish-title")] == ["Dorpsquiz & co"]
    ids = [node.attributes["value"] for node in tree.css("input[name=p]")]
    tree = page(counter.post("/wishlist", data={"p": ids, "act": "make"}, headers=SAME), 201)
    url = tree.css_first("#link").attributes["value"]
    assert url.startswith("http://linde.localhost:8000/wishlist/") and token not in url
    secret = tree.css_first("input[name=secret]").attributes["value"]
    path = url.removeprefix("http://linde.localhost:8000")
    assert page(counter.post(path, data={"act": "delete", "secret": "no"}, headers=SAME | HTML), 403)
    page(counter.post(path, data={"act": "delete", "secret": secret}, headers=SAME))
    assert page(counter.get(path, headers=HTML), 404).css_first("h1").text().startswith("Deze lijst is er niet")


def test_ones_own_list_is_a_page_of_the_site(counter: Counter) -> None:
    assert counter.get("/wishlist").headers["location"] == "/verlanglijst/"
    assert counter.get("/fr/wishlist").headers["location"] == "/fr/mes-envies/"
    assert (
        counter.get("/sites/linde/wishlist", headers={"host": "127.0.0.1"}).headers["location"]
        == "/sites/linde/verlanglijst/"
    )
    assert counter.get("/verlanglijst/").status_code == 200


def test_the_page_of_a_new_list_holds_nothing_personal(counter: Counter) -> None:
    made = counter.share()
    answer = counter.get(
        f"/wishlist/{made['token']}", headers={"user-agent": "Kanarie/1.0", "x-forwarded-for": "192.0.2.77"}
    )
    for trace in ("Kanarie", "192.0.2.77", "127.0.0.1", made["secret"], "Gaat mee"):
        assert trace not in answer.text


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", '"><script>', "ann@example.be"])
def test_a_hostile_name_is_refused_on_a_page_too(counter: Counter, name: str) -> None:
    token = counter.share()["token"]
    sent = {"p": WINTER, "name": name, "key": "k", "act": "join"}
    tree = page(counter.post(f"/wishlist/{token}", data=sent, headers=SAME | HTML), 422)
    assert "voornaam" in tree.css_first("h1").text() and tree.css_first(".brand")
    assert name not in tree.html


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        ({"act": "join", "p": WINTER, "key": "k", "role": "admin"}, 422, "body_wrong"), ({"act": "fly", "key": "k"}, 422, "body_wrong"),
        ({"act": "join", "key": "k"}, 422, "join_empty"), ({"act": "join", "p": QUIZ, "key": "k"}, 422, "join_empty"), ({}, 422, "body_wrong"),
        ({"act": "join", "p": WINTER}, 422, "body_wrong"), ({"act": "copy"}, 422, "list_empty"),
        ({"act": ["join", "delete"], "p": WINTER, "key": "k"}, 422, "body_wrong"),
        ({"act": "join", "p": [f"{n}" for n in range(300)]}, 400, "body_unreadable"), ({"act": "x" * 40_000}, 413, "body_too_large"),
    ],
)  # fmt: skip
def test_a_hostile_form_is_refused_with_a_page_that_says_why(counter: Counter, data, status: int, code: str) -> None:
    token = counter.share(WINTER)["token"]
    tree = page(
        counter.post(
            f"/wishlist/{token}", data=data, headers=SAME | HTML | {"content-type": "application/x-www-form-urlencoded"}
        ),
        status,
    )
    assert code in tree.css_first("main").text()


def test_a_title_with_markup_is_shown_and_not_believed(counter: Counter) -> None:
    answer = counter.get(f"/wishlist/{counter.share(QUIZ)['token']}")
    assert "<b>Dorpsquiz" not in answer.text


def test_what_is_cancelled_or_over_says_so_and_cannot_be_ticked(counter: Counter) -> None:
    token = counter.share(WINTER, MATINEE, OFF)["token"]
    counter.now = counter.now.replace(month=12, day=12, hour=23)
    tree = page(counter.get(f"/wishlist/{token}"))
    assert [node.text() for node in tree.css(".wish-title")] == [
        "Winterreis",
        "Weggevallen",
        "Winterreis",
    ]  # what is over comes last
    assert [node.text() for node in tree.css(".wish-state")] == ["Geannuleerd"]
    assert [node.attributes["value"] for node in tree.css("input[type=checkbox]")] == [MATINEE]


def test_a_strict_policy_needs_no_exception(counter: Counter) -> None:
    token = counter.share()["token"]
    for path in (f"/wishlist/{token}", f"/wishlist?p={WINTER}", "/wishlist/niets"):
        tree = Tree(counter.get(path, headers=HTML).text)
        assert not tree.css("style, [style], script:not([src]), [onclick], [onload]")
