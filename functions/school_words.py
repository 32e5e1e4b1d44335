"""A school's request in words: for the teacher who asked, and for the house."""

from collections.abc import Sequence

import msgspec

from etalage.model.checkout import Shown
from etalage.model.letter import Owed, What
from etalage.model.school import SchoolRequest, Stage
from functions.shelves import Voice


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter about a request says. `date` is the one that it is about; `house` are the house's own words; `way` leads on."""

    to: str
    name: str
    subject: str
    intro: str
    date: Shown | None
    house: str
    facts: Sequence[tuple[str, str]]
    after: str
    way: str
    link: str


def answer(owed: Owed, request: SchoolRequest, voice: Voice, mail: str) -> Answer | None:
    """The letter that is owed; None when it is overtaken by another answer, or when the house wants none (`mail` is "")."""
    say, house, title = voice.say, house_name(request), {"title": request.title}
    if owed.what is What.HOUSE:
        if not mail or request.stage is Stage.WITHDRAWN:
            return None
        return Answer(
            to=mail, name=house, subject=say("A school asks for places: %(title)s", **title), intro=say("A school asks for places for a class."),
            date=None, house="", facts=facts(request, voice), way="", link="",
            after=say("Who asks, and how to answer, staff find with: %(command)s", command=f"build.py orders requests show {request.key}"),
        )  # fmt: skip
    if request.step != (int(owed.about) if owed.about else 0):
        return None
    look = say("Look at your request")
    subject, intro, after, way = {
        What.ASKED: (
            say("Your request: %(title)s", **title),
            say("Your request has come in. %(house)s answers you by e-mail. Nothing is reserved yet.", house=house), "", look,
        ),
        What.PROPOSED: (
            say("A proposal: %(title)s", **title), say("%(house)s proposes this date:", house=house),
            say("Confirm it, so that your places are certain. If it does not suit you, take your request back."), say("Answer the proposal"),
        ),
        What.CONFIRMED: (
            say("Agreed: %(title)s", **title), say("You are expected:"), say("Can you not come after all? Tell it on the page of your request."), look,
        ),
        What.DECLINED: (
            say("No places: %(title)s", **title), say("%(house)s has no places for your class.", house=house), "", look,
        ),
    }[owed.what]  # fmt: skip
    dated = owed.what in (What.PROPOSED, What.CONFIRMED)
    return Answer(
        to=request.email, name=request.name, subject=subject, intro=intro, date=request.shown[request.proposed] if dated else None,
        house=request.say if owed.what is not What.CONFIRMED else "", facts=facts(request, voice), after=after, way=way, link=request.back,
    )  # fmt: skip


def facts(request: SchoolRequest, voice: Voice) -> list[tuple[str, str]]:
    """Who would come and when; nobody's name."""
    say = voice.say
    dates = "; ".join(f"{number}. {request.shown[id].when}" for number, id in enumerate(request.dates, 1))
    return [
        (say("School"), request.school), (say("Class or year"), request.group), (say("Pupils"), str(request.pupils)),
        (say("Teachers who come along"), str(request.teachers)), (say("Preferred dates"), dates),
    ]  # fmt: skip


def house_name(request: SchoolRequest) -> str:
    """The house as the site shows it."""
    return next((one.house for one in request.shown.values() if one.house), request.house)
