"""What is asked of who enrols: every answer is held to its question, and every age to the house's rule."""

import pytest

from etalage.model.enrolment import Ages, Enrolment, Form, Option, Participant, Question, Rule, doubts

WHY = {"nl": "Daarom."}
CAMP = Enrolment(
    performance="toml:linde/kamp/1",
    questions=(
        Question(id="allergie", words={"nl": "Allergie?"}, reason=WHY, required=False),
        Question(id="alleen", words={"nl": "Alleen naar huis?"}, reason=WHY, kind=Form.YES_NO),
        Question(id="groep", words={"nl": "Groep?"}, reason=WHY, kind=Form.CHOICE, required=False,
                 choices=(Option(id="spel", words={"nl": "Spel"}), Option(id="licht", words={"nl": "Licht"}))),
    ),
    ages=Ages(since=6, until=9, rule=Rule.LIMIT),
)  # fmt: skip
LIES = Participant(name="Lies", age=7, answers={"alleen": "no", "groep": "licht"})


def codes(enrolment: Enrolment, who: Participant) -> list[tuple[str, str]]:
    return [(no.code, no.where) for no in doubts(enrolment, who)]


def test_who_tells_all_may_come() -> None:
    assert codes(CAMP, LIES) == []
    assert codes(Enrolment(performance="toml:linde/cursus/1"), Participant(name="Jan")) == [], (
        "without an age rule no age"
    )


def test_what_is_missing_is_told_in_the_order_of_the_page() -> None:
    assert codes(CAMP, Participant(name=" ")) == [
        ("participant_unnamed", "name"), ("age_missing", "age"), ("answer_missing", "alleen"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"alleen": "maybe"}, ("answer_wrong", "alleen")),
        ({"alleen": "yes", "groep": "dans"}, ("answer_wrong", "groep")),
        ({"alleen": "yes", "allergie": "x" * 501}, ("answer_long", "allergie")),
        ({"alleen": "yes", "rijksregister": "00"}, ("answer_wrong", "rijksregister")),
    ],
)
def test_an_answer_is_one_that_was_asked_for(answers: dict[str, str], told: tuple[str, str]) -> None:
    assert codes(CAMP, Participant(name="Lies", age=7, answers=answers)) == [told]


@pytest.mark.parametrize(("age", "fits"), [(5, False), (6, True), (9, True), (10, False)])
@pytest.mark.parametrize(("rule", "code"), [(Rule.LIMIT, "age_refused"), (Rule.WARN, "age_unusual")])
def test_an_age_is_warned_of_or_refused(age: int, fits: bool, rule: Rule, code: str) -> None:
    camp = Enrolment(performance="toml:linde/kamp/1", ages=Ages(since=6, until=9, rule=rule))
    found = doubts(camp, Participant(name="Lies", age=age))
    assert [no.code for no in found] == ([] if fits else [code])
    assert all(no.detail == {"from": "6", "to": "9"} for no in found)


def test_an_end_may_be_left_open() -> None:
    assert Ages(since=16).fits(99) and not Ages(since=16).fits(15)
    assert Ages(until=3).fits(0) and not Ages(until=3).fits(4)
    grown = Enrolment(performance="toml:linde/cursus/1", ages=Ages(since=16))
    assert doubts(grown, Participant(name="Jan", age=15))[0].say == "This is made for %(from)s years and older."
