"""Who enrols for a course or a camp: what its house asks of every participant, on the page where one gives one's own name.

What is filled in is about people, often children. It goes from the form into the order, and is never kept before.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from starlette.requests import Request

from etalage.model.basket import Wish
from etalage.model.enrolment import AGE, AWARE, NAME, Ages, Enrolment, Form, Participant, Question, doubts
from etalage.model.errors import Refused
from etalage.model.shelf import Item
from etalage.model.words import pick
from functions import shelves
from functions.frames import Place
from functions.letterbox import Mistake
from functions.shelves import Voice

Given = Mapping[str, str]
"""What was filled in: "performance.number.field" → text."""
Participants = Mapping[str, tuple[Participant, ...]]
"""Performance → who takes part, one for each place."""


class Field(msgspec.Struct, frozen=True):
    """Something that is asked of a participant, as the page shows it. `options`: value → words, () for a text."""

    id: str
    name: str
    kind: str
    label: str
    lang: str
    reason: str
    value: str
    required: bool = True
    options: Sequence[tuple[str, str]] = ()
    wrong: str = ""
    warning: str = ""
    aware: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """What is asked for one course: the fields of each participant."""

    item: Item
    people: Sequence[Sequence[Field]]


def of(request: Request, performances: Iterable[str], language: str) -> dict[str, Enrolment]:
    """How one enrols by each of these dates; nothing of what is sold by ticket. The visitor's own site says so first."""
    known, sites = shelves.of(request), shelves.nearest(request)
    found = {}
    for one in performances:
        pages = (known.shelf(site, language) for site in sites)
        shelf = next((shelf for shelf in pages if one in shelf.items), None)
        enrolment = shelf.enrolment(one) if shelf else None
        if enrolment:
            found[one] = enrolment
    return found


def examine(
    enrolments: Mapping[str, Enrolment], wishes: Sequence[Wish], given: Participants, *, aware: bool = False
) -> None:
    """Refuse `participants_differ` when there are not as many as places, and the first doubt about one of them.

    `aware`: one goes on though somebody is of an unusual age.
    """
    places = _places(enrolments, wishes)
    for performance in {**places, **given}:
        if len(given.get(performance, ())) != places.get(performance, 0):
            raise Refused(
                "participants_differ", "Tell of every participant what the house asks.", where=performance[:200]
            )
    for performance, people in given.items():
        for who in people:
            for doubt in doubts(enrolments[performance], who):
                if not (aware and doubt.code == "age_unusual"):
                    raise doubt


def read(enrolments: Mapping[str, Enrolment], wishes: Sequence[Wish], given: Given) -> Participants:
    """The participants as they were filled in, right or wrong."""
    return {
        performance: tuple(_participant(enrolments[performance], performance, number, given) for number in range(places))
        for performance, places in _places(enrolments, wishes).items()
    }  # fmt: skip


def sheets(
    enrolments: Mapping[str, Enrolment], wishes: Sequence[Wish], items: Mapping[str, Item], given: Given, place: Place, *, judged: bool
) -> tuple[list[Sheet], list[Mistake]]:  # fmt: skip
    """What is asked, with what was filled in; `judged`, also what has to be mended, in the order of the page."""
    voice, made, mistakes = Voice(place.shelf), list[Sheet](), list[Mistake]()
    people = read(enrolments, wishes, given)
    for at, (performance, several) in enumerate(people.items(), 1):
        enrolment, rows = enrolments[performance], []
        for number, who in enumerate(several):
            wrong = {no.where: no for no in reversed(doubts(enrolment, who))} if judged else {}
            aware = given.get(f"{performance}.{number}.{AWARE}", "")
            if aware and AGE in wrong and wrong[AGE].code == "age_unusual":
                wrong.pop(AGE)
            names = _Names(f"p{at}-{number + 1}", f"q.{performance}.{number}", wrong, voice)
            rows.append(_fields(enrolment, who, names, aware))
            who_is_it = voice.say("Participant %(number)s", number=number + 1)
            asked = {f"p{at}-{number + 1}-{question.id}" for question in enrolment.questions}
            for one in rows[-1]:
                if said := one.wrong or one.warning:
                    about = f"{one.label} {said}" if one.id in asked else said
                    mistakes.append(Mistake(one.id, f"{who_is_it}: {about}"))
        made.append(Sheet(items[performance], rows))
    return made, mistakes


def ages_in_words(ages: Ages | None, voice: Voice) -> str:
    """For whom it is; "" for everybody."""
    if ages is None:
        return ""
    if ages.until is None:
        return voice.say("This is made for %(from)s years and older.", **{"from": ages.since})
    if ages.since is None:
        return voice.say("This is made for up to %(to)s years.", to=ages.until)
    return voice.say("This is made for %(from)s to %(to)s years.", **{"from": ages.since, "to": ages.until})


class _Names(msgspec.Struct, frozen=True):
    """How the fields of one participant are called on the page, and what is wrong with them."""

    id: str
    name: str
    wrong: Mapping[str, Refused]
    voice: Voice

    def field(self, field: str, kind: str, label: str, reason: str, value: str, **more: object) -> Field:
        no = self.wrong.get(field)
        words = self.voice.say(no.say, **no.detail) if no else ""
        if no and no.code == "age_refused":
            words += " " + self.voice.say("Ask the house what it has for another age.")
        if no and no.code == "age_unusual":
            more["warning"], words = words, ""
        known = {"id": f"{self.id}-{field}", "name": f"{self.name}.{field}", "lang": "", "wrong": words}
        return msgspec.convert(known | {"kind": kind, "label": label, "reason": reason, "value": value} | more, Field)


def _fields(enrolment: Enrolment, who: Participant, names: _Names, aware: str) -> list[Field]:
    voice, age = names.voice, "" if who.age is None else str(who.age)
    fields = [
        names.field(
            NAME, "text", voice.say("Name of the participant"), voice.say("So that one knows who is coming."), who.name
        )
    ]
    if enrolment.ages:
        label, reason = voice.say("Age on the first day"), ages_in_words(enrolment.ages, voice)
        fields.append(names.field(AGE, "number", label, reason, age, aware=aware))
    return fields + [_asked(question, who.answers.get(question.id, ""), names) for question in enrolment.questions]


def _asked(question: Question, answer: str, names: _Names) -> Field:
    voice = names.voice
    words, lang = pick(question.words, (voice.language,))
    if question.kind is Form.YES_NO:
        options = [("yes", voice.say("Yes")), ("no", voice.say("No"))]
    else:
        options = [(one.id, pick(one.words, (voice.language,))[0]) for one in question.choices]
    return names.field(
        question.id, "choice" if options else "text", words, pick(question.reason, (voice.language,))[0], answer,
        lang="" if lang == voice.language else lang, required=question.required, options=options,
    )  # fmt: skip


def _places(enrolments: Mapping[str, Enrolment], wishes: Sequence[Wish]) -> dict[str, int]:
    places: dict[str, int] = {}
    for wish in wishes:
        if wish.performance in enrolments:
            places[wish.performance] = places.get(wish.performance, 0) + wish.number
    return places


def _participant(enrolment: Enrolment, performance: str, number: int, given: Given) -> Participant:
    def said(field: str) -> str:
        return " ".join(given.get(f"{performance}.{number}.{field}", "").split())

    years = said(AGE)
    age = int(years) if enrolment.ages and years.isascii() and years.isdigit() and len(years) < 4 else None
    answers = {question.id: answer for question in enrolment.questions if (answer := said(question.id))}
    return Participant(name=said(NAME), age=age, answers=answers)
