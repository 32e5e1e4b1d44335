"""The questions of a course as staff write them, and what they are told of a mistake: where, what, and what to do."""

from typing import Any

import pytest
import yaml

from etalage.adapters import _questions
from etalage.model.enrolment import Ages, Form, Question, Rule
from etalage.model.errors import Refused

GOOD = """
- id: allergie
  words: {nl: "Is er een allergie?", fr: "Une allergie ?"}
  reason: Voor het vieruurtje.
  required: false
- id: groep
  words: In welke groep?
  reason: Zo verdelen we.
  kind: choice
  choices:
    - {id: spel, words: Spel}
    - {id: licht, words: Licht}
"""


def say(value: Any) -> dict[str, str]:
    return value if isinstance(value, dict) else {"nl": str(value)} if value else {}


def read(text: str) -> tuple[tuple[Question, ...], list[str]]:
    complaints: list[str] = []
    return _questions.questions(yaml.safe_load(text), say, complaints.append), complaints


def test_questions_have_words_a_reason_and_a_form() -> None:
    (allergy, group), complaints = read(GOOD)
    assert complaints == []
    assert allergy == Question(
        id="allergie", words={"nl": "Is er een allergie?", "fr": "Une allergie ?"}, reason={"nl": "Voor het vieruurtje."}, required=False
    )  # fmt: skip
    assert group.kind is Form.CHOICE and group.required and [one.id for one in group.choices] == ["spel", "licht"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  reason: Voor het vieruurtje.\n", "", "question 1 (allergie): reason is missing: why do you ask it"),
        ("words: In welke groep?", "words:", "question 2 (groep): words is missing"),
        ("id: groep", "id: allergie", "the id 'allergie' is that of an earlier question"),
        ("id: allergie", "id: name", "the id 'name' is taken"),
        ("id: allergie", "id: een allergie", "write letters, digits and dashes"),
        ("required: false", "verplicht: nee", "'verplicht' means nothing here; there are id, words"),
        ("required: false", "required: misschien", "write true or false"),
        ("kind: choice", "kind: keuze", "write text, choice or yes_no"),
        ("kind: choice", "kind: text", "two or more choices"),
        ("    - {id: licht, words: Licht}\n", "", "two or more choices"),
        ("{id: licht,", "{id: spel,", "give each choice an id of its own"),
    ],
)
def test_a_question_that_is_wrong_is_left_out_and_the_others_stay(old: str, new: str, said: str) -> None:
    assert old in GOOD
    questions, complaints = read(GOOD.replace(old, new))
    assert len(questions) == 1 and len(complaints) == 1 and said in complaints[0]


def test_what_is_no_list_of_questions_says_how_to_write_one() -> None:
    assert read("Allergie?") == (
        (),
        ["question 1: write id, words and reason under each other, as docs/reference/overlays.md shows"],
    )


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"from": 6, "to": 9}, Ages(since=6, until=9)),
        ({"from": 16, "rule": "limit"}, Ages(since=16, rule=Rule.LIMIT)),
        ({"to": 3, "rule": "warn"}, Ages(until=3)),
    ],
)
def test_ages(given: Any, meant: Ages) -> None:
    assert _questions.ages(given) == meant


@pytest.mark.parametrize(
    "given",
    [
        "6-9",
        {},
        {"rule": "warn"},
        {"from": "zes"},
        {"from": 9, "to": 6},
        {"from": 6, "rule": "streng"},
        {"van": 6},
        {"from": True},
    ],
)
def test_ages_that_mean_nothing_are_refused(given: Any) -> None:
    with pytest.raises(Refused) as told:
        _questions.ages(given)
    assert told.value.code == "overlay_wrong" and "write" in told.value.say
