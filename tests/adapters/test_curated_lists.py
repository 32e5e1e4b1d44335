"""Curated lists as staff write them: in minutes, under a name, with reasons; a mistake names its place and the rest goes on."""

from datetime import date
from pathlib import Path

import pytest

from etalage.adapters.markdown_editorial import MarkdownEditorial
from etalage.model.curation import CuratedList, Pick
from etalage.model.house import Cluster
from etalage.model.programme import Picture
from etalage.model.record import Problem
from tests.make import house

WHOLE = """---
title: Voor wie van rust houdt
summary: Zes avonden zonder versterker.
curator:
  name: Nele Boterdaele
  role: programmator muziek
  picture: images/nele.jpg
  alt: Nele lacht in een lege zaal.
from: 2026-11-01
until: 2027-02-28
order: 5
items:
  - production: pretix:linde/a
    because: Omdat er niets gebeurt.
  - production: /programma/winterreis/
    because: {nl: Om de piano., fr: Pour le piano.}
---
Kom **op tijd**.<script>x()</script>
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    for folder in ("houses/linde/lists", "clusters/regio/lists"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def read(content: Path, site: str = "linde") -> tuple[list[CuratedList], list[Problem]]:
    editorial = MarkdownEditorial(
        content, {"linde": house(languages=("nl", "fr"))}, {"regio": Cluster(id="regio", name={}, members=("linde",))}
    )
    lists, problems = editorial.lists(site)
    return list(lists), list(problems)


def written(content: Path, text: str, name: str = "rust.md") -> tuple[list[CuratedList], list[Problem]]:
    (content / "houses/linde/lists" / name).write_text(text, "utf-8")
    return read(content)


def test_a_list_reads_as_it_is_written(content: Path) -> None:
    ((one,), problems) = written(content, WHOLE)
    assert problems == []
    assert (one.id, one.title, one.summary, one.order) == (
        "rust", {"nl": "Voor wie van rust houdt"}, {"nl": "Zes avonden zonder versterker."}, 5,
    )  # fmt: skip
    assert (one.opens, one.closes, one.file) == (date(2026, 11, 1), date(2027, 2, 28), "houses/linde/lists/rust.md")
    assert (one.curator.name, one.curator.role) == ("Nele Boterdaele", {"nl": "programmator muziek"})
    assert one.curator.picture == Picture(
        src="houses/linde/images/nele.jpg", alt={"nl": "Nele lacht in een lege zaal."}
    )
    assert one.picks[1] == Pick("/programma/winterreis/", {"nl": "Om de piano.", "fr": "Pour le piano."})
    assert "<strong>op tijd</strong>" in one.intro["nl"] and "script" not in one.intro["nl"]


def test_another_language_adds_its_words_to_the_same_list(content: Path) -> None:
    written(content, WHOLE)
    french = "---\ntitle: Pour le calme\ncurator: {role: programmatrice}\nitems: [{production: pretix:linde/a, because: Il ne se passe rien.}]\n---\nVenez."
    ((one,), problems) = written(content, french, "rust.fr.md")
    assert problems == []
    assert one.title == {"nl": "Voor wie van rust houdt", "fr": "Pour le calme"}
    assert one.curator.role == {"nl": "programmator muziek", "fr": "programmatrice"}
    assert one.picks[0].because == {"nl": "Omdat er niets gebeurt.", "fr": "Il ne se passe rien."}
    assert len(one.picks) == 2 and set(one.intro) == {"nl", "fr"} and one.order == 5


def test_a_cluster_has_lists_of_its_own(content: Path) -> None:
    (content / "clusters/regio/lists/samen.md").write_text(
        "---\ncurator: Babette\nitems: [{production: x, because: Goed.}]\n---\n"
    )
    lists, problems = read(content, "regio")
    assert [(one.id, one.title, one.curator.name) for one in lists] == [("samen", {"nl": "Samen"}, "Babette")]
    assert problems == [] and read(content)[0] == []


def test_a_list_without_a_name_under_it_is_not_given_out(content: Path) -> None:
    lists, problems = written(content, WHOLE.replace("  name: Nele Boterdaele\n", ""))
    assert lists == []
    assert [(p.code, p.weight.value, p.source) for p in problems] == [
        ("curator_missing", "record", "list:houses/linde/lists/rust.md")
    ]


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("order: 5", "order: eerst", "order", "list_wrong"),
        ("from: 2026-11-01", "from: na Allerheiligen", "from", "list_wrong"),
        ("order: 5", "volgorde: 5", "volgorde", "list_wrong"),
        ("  alt: Nele lacht in een lege zaal.\n", "", "curator.picture", "alt_missing"),
        ("images/nele.jpg", "../../geheim.jpg", "curator.picture", "path_unsafe"),
        ("    because: Omdat er niets gebeurt.\n", "", "pretix:linde/a", "reason_missing"),
        ("  - production: pretix:linde/a\n", "  - voorstelling: pretix:linde/a\n", "items[1]", "list_wrong"),
    ],
)
def test_a_mistake_names_its_place_and_the_rest_is_there(
    content: Path, old: str, new: str, field: str, code: str
) -> None:
    assert old in WHOLE
    ((one,), problems) = written(content, WHOLE.replace(old, new))
    assert [(p.field, p.code) for p in problems] == [(field, code)]
    assert problems[0].reason and one.picks[-1].item == "/programma/winterreis/"


def test_a_list_that_cannot_be_read_leaves_the_others(content: Path) -> None:
    (content / "houses/linde/lists/stuk.md").write_bytes(b"---\ntitle: [\n---\n")
    lists, problems = written(content, WHOLE)
    assert [one.id for one in lists] == ["rust"] and [p.code for p in problems] == ["front_matter_wrong"]


def test_the_stamp_changes_with_the_words_in_any_language(content: Path) -> None:
    before = written(content, WHOLE)[0][0].stamp
    assert written(content, WHOLE)[0][0].stamp == before
    assert written(content, "---\ntitle: Calme\n---\n", "rust.fr.md")[0][0].stamp != before
