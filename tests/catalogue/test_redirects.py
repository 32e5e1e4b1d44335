"""Old addresses lead to where things stand today; lines that would lead astray are left out and reported."""

import pytest

from etalage.catalogue.redirects import settle
from etalage.model.errors import Refused
from etalage.model.redirect import OldAddress, file_of, split

PAGES = ("", "agenda/", "genre/jazz/", "programma/winterreis/")
PRODUCTIONS = {"csv:linde/winter": "programma/winterreis/"}


def lines(*pairs: tuple[str, str]) -> list[OldAddress]:
    made = []
    for number, (old, new) in enumerate(pairs, 1):
        path, query = split(old)
        made.append(OldAddress(path=path, query=query, target=new, where=f"houses/linde/redirects.csv:{number}"))
    return made


def led(*pairs: tuple[str, str], base: str = "") -> dict[str, str]:
    return {one.path: one.new for one in settle(lines(*pairs), PAGES, PRODUCTIONS, base)[0]}


def told(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [(problem.code, problem.record) for problem in settle(lines(*pairs), PAGES, PRODUCTIONS)[1]]


@pytest.mark.parametrize(
    ("target", "new"),
    [
        ("/agenda/", "agenda/"), ("/agenda", "agenda/"), ("/", "./"), ("/genre/jazz/#dates", "genre/jazz/#dates"),
        ("csv:linde/winter", "programma/winterreis/"), ("https://elders.example/x", "https://elders.example/x"),
    ],
)  # fmt: skip
def test_a_line_leads_to_a_page_a_production_or_another_site(target: str, new: str) -> None:
    assert led(("/oud", target)) == {"/oud": new}


def test_a_target_that_moved_itself_is_followed_to_its_end() -> None:
    assert led(("/oudst", "/ouder"), ("/ouder/", "/oud"), ("/oud", "/agenda/"))["/oudst"] == "agenda/"


def test_the_path_that_a_site_stands_under_may_be_written_or_left_out() -> None:
    assert led(("/uit/oud", "/uit/agenda/"), ("/uitje", "/agenda/"), base="/uit") == {
        "/oud": "agenda/",
        "/uitje": "agenda/",
    }


def test_the_same_page_with_another_query_may_lead_elsewhere() -> None:
    found, problems = settle(lines(("/event.php?id=1", "/agenda/"), ("/event.php?id=2", "/genre/jazz/")), PAGES, {})
    assert [(one.query, one.new) for one in found] == [((("id", "1"),), "agenda/"), ((("id", "2"),), "genre/jazz/")]
    assert not problems


@pytest.mark.parametrize(
    ("pairs", "code", "line"),
    [
        ([("/oud", "/weg/")], "redirect_nowhere", "line 1"),
        ([("/oud", "csv:linde/zomer")], "redirect_nowhere", "line 1"),
        ([("/agenda", "/genre/jazz/")], "redirect_shadows", "line 1"),
        ([("/oud", "/agenda/"), ("/oud/", "/genre/jazz/")], "redirect_double", "line 2"),
        ([("/a", "/a/")], "redirect_loop", "line 1"),
    ],
)
def test_a_line_that_leads_astray_is_left_out_and_named(pairs: list[tuple[str, str]], code: str, line: str) -> None:
    assert told(*pairs) == [(code, line)]
    assert "redirect_double" in code or led(*pairs) == {}


def test_a_circle_names_all_its_lines() -> None:
    problems = settle(lines(("/a", "/b"), ("/b", "/c"), ("/c", "/a")), PAGES, {})[1]
    assert {problem.code for problem in problems} == {"redirect_loop"} and len(problems) == 3
    assert "/a (1) → /b (2) → /c (3) → /a (1)" in problems[0].reason


@pytest.mark.parametrize(
    "old", ["oud", "/a/../b", "//elders/x", "/a#b", "ftp://oud.example/a", "/a b", "/a/*", "http://[oud"]
)
def test_what_no_server_is_asked_for_is_refused(old: str) -> None:
    with pytest.raises(Refused):
        split(old)


def test_the_old_site_may_be_named_in_full_and_escaped() -> None:
    assert split("https://oud.example/caf%C3%A9.php?b=2&a=1") == ("/café.php", (("a", "1"), ("b", "2")))


def test_a_page_can_stand_in_only_where_a_browser_takes_it_for_one() -> None:
    assert [file_of(path) for path in ("/oud", "/oud/", "/", "/oud.html", "/event.php", "/a.b/c")] == [
        "oud/index.html", "oud/index.html", "index.html", "oud.html", "", "a.b/c/index.html",
    ]  # fmt: skip
