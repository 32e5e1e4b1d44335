"""Who enrols for a course or a camp: what the house asks of every participant, and for which ages it is.

A house writes its own questions, each with the reason for it, and nobody else is asked them. The answers are about people, often
children: they are kept with the order, and nowhere else.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from etalage.model.errors import Refused
from etalage.model.words import Words

LONGEST, LONGEST_NAME = 500, 120
"""Signs of an answer, and of a name."""
OLDEST = 120
NAME, AGE, AWARE = "name", "age", "aware"
"""What is asked besides the house's own questions, and the tick of who goes on though it is made for another age; no question's id."""


class Form(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Rule(StrEnum):
    """What becomes of somebody of another age."""

    WARN = "warn"
    """They are told, and may go on."""
    LIMIT = "limit"


class Option(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One of the answers that can be chosen."""

    id: str
    words: Words


class Question(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a house asks of every participant, and why: both are shown."""

    id: str
    words: Words
    reason: Words
    kind: Form = Form.TEXT
    required: bool = True
    choices: tuple[Option, ...] = ()


class Ages(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """For whom it is, in years on the first date; None is without an end."""

    since: int | None = None
    until: int | None = None
    rule: Rule = Rule.WARN

    def fits(self, age: int) -> bool:
        """Whether somebody is of these ages."""
        return (self.since is None or age >= self.since) and (self.until is None or age <= self.until)


class Enrolment(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How one enrols for all dates of a production together.

    `performance` is the date that is sold, and stands for all; `also` are the others. `dates`: all of them, in words.
    """

    performance: str
    also: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    ages: Ages | None = None


class Participant(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """Who takes part. `age` in years on the first date, only where it matters; `answers`: question → "yes", "no", a choice's id or a text."""

    name: str
    age: int | None = None
    answers: Mapping[str, str] = {}


def doubts(enrolment: Enrolment, who: Participant) -> list[Refused]:
    """What is not right about somebody yet, in the order in which it is asked; `where` is `name`, `age` or a question's id.

    `participant_unnamed`, `age_missing`, `age_refused`, `age_unusual` (one may go on, once one has said so), `answer_missing`,
    `answer_long`, `answer_wrong`.
    """
    found = []
    if not who.name.strip() or len(who.name) > LONGEST_NAME or not who.name.isprintable():
        found.append(Refused("participant_unnamed", "Write the name of who takes part.", where=NAME))
    if enrolment.ages:
        found += _doubt_age(enrolment.ages, who.age)
    for question in enrolment.questions:
        found += _doubt_answer(question, who.answers.get(question.id, "").strip())
    strange = who.answers.keys() - {question.id for question in enrolment.questions}
    return found + [Refused("answer_wrong", "Nobody asks this here.", where=one[:100]) for one in sorted(strange)]


def _doubt_age(ages: Ages, age: int | None) -> list[Refused]:
    if age is None or not 0 <= age <= OLDEST:
        return [Refused("age_missing", "Write the age in whole years, as it will be on the first day.", where=AGE)]
    if ages.fits(age):
        return []
    return [_misfit(ages, code="age_unusual") if ages.rule is Rule.WARN else _misfit(ages, code="age_refused")]


def _misfit(ages: Ages, code: str) -> Refused:
    detail = {name: str(years) for name, years in (("from", ages.since), ("to", ages.until)) if years is not None}
    if ages.until is None:
        return Refused(code, "This is made for %(from)s years and older.", where=AGE, detail=detail)
    if ages.since is None:
        return Refused(code, "This is made for up to %(to)s years.", where=AGE, detail=detail)
    return Refused(code, "This is made for %(from)s to %(to)s years.", where=AGE, detail=detail)


def _doubt_answer(question: Question, answer: str) -> list[Refused]:
    if not answer:
        return [Refused("answer_missing", "Answer this question.", where=question.id)] if question.required else []
    known = {option.id for option in question.choices} if question.kind is Form.CHOICE else {"yes", "no"}
    if question.kind is not Form.TEXT and answer not in known:
        return [Refused("answer_wrong", "Choose one of the answers.", where=question.id)]
    if len(answer) > LONGEST:
        detail = {"number": str(LONGEST)}
        return [Refused("answer_long", "Write it in at most %(number)s signs.", where=question.id, detail=detail)]
    return []
