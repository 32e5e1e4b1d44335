"""/request/{token}: a school's request as its teacher sees it: what was asked, what the house answers; to confirm or to take back."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from etalage.model.errors import Refused
from etalage.model.school import ARROWS, SchoolRequest, Stage
from etalage.sales.requests import Requests
from functions import frames, letterbox
from functions.answers import PRIVATE
from functions.frames import Place
from functions.links import FORM, REQUEST, foreign
from functions.sale import count, sale_of
from functions.school_words import facts, house_name
from functions.shelves import Voice

MOST, MOST_MISSES = 60, 60


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    """A button that was pressed. `form` says that it is ours, and which proposal it stood under."""

    form: str
    act: str = ""
    step: str = ""


async def show(request: Request) -> Response:
    """GET: the request as it is now."""
    return page(request, frames.place_of(request), await _look_up(request))


async def act(request: Request) -> Response:
    """POST: confirm what is proposed, or take the request back. Pressed twice it is done once."""
    letterbox.from_our_page(request)
    count(request, "request", MOST)
    given, known = await letterbox.read_form(request, Answer), await _look_up(request)
    place, sale = frames.place_of(request), sale_of(request)
    step = sale.links.read_form(given.form).removeprefix(f"request {known.key} ")
    if step != given.step or not step.isdigit():
        raise foreign()
    if given.act not in ("confirm", "withdraw"):
        raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": "act"})
    requests = Requests(sale.counter.records, sale.counter.clock)
    try:
        if given.act == "confirm":
            await run_in_threadpool(requests.confirm, known.key, int(given.step))
        else:
            await run_in_threadpool(requests.withdraw, known.key)
    except Refused as no:
        now = await run_in_threadpool(requests.look, known.key)
        return page(request, place, now, problem=Voice(place.shelf).say(no.say), status=409)
    return RedirectResponse(place.way(f"request/{request.path_params['token']}"), 303, headers=PRIVATE)


def page(request: Request, place: Place, known: SchoolRequest, *, problem: str = "", status: int = 200) -> Response:
    """The page."""
    voice, sale = Voice(place.shelf), sale_of(request)
    house, now = house_name(known), sale.counter.clock()
    say = voice.say
    heading, intro = {
        Stage.ASKED: (
            say("Your request has come in"), say("%(house)s answers you by e-mail. Nothing is reserved yet.", house=house),
        ),
        Stage.PROPOSED: (
            say("A proposal for your class"), say("%(house)s proposes this date:", house=house),
        ),
        Stage.CONFIRMED: (say("It is agreed"), say("You are expected:")),
        Stage.DECLINED: (say("No places for your class"), say("%(house)s has no places for your class.", house=house)),
        Stage.WITHDRAWN: (say("You took your request back"), say("Nothing more is expected of you.")),
    }[known.stage]  # fmt: skip
    return frames.page(
        request, place, "request.html", status, PRIVATE, heading=heading, intro=intro, known=known, problem=problem, facts=facts(known, voice),
        date=known.shown[known.proposed] if known.stage in (Stage.PROPOSED, Stage.CONFIRMED) else None,
        said="" if known.stage is Stage.WITHDRAWN else known.say,
        may_confirm=known.stage is Stage.PROPOSED and not known.is_past(now), may_withdraw=Stage.WITHDRAWN in ARROWS[known.stage],
        form=sale.links.sign(FORM, f"request {known.key} {known.step}"), way=place.way(f"request/{request.path_params['token']}"),
    )  # fmt: skip


async def _look_up(request: Request) -> SchoolRequest:
    """The request of a link; refuses `request_unknown` alike what never was and what is gone."""
    sale = sale_of(request)

    def look() -> SchoolRequest:
        key = sale.links.read(REQUEST, request.path_params["token"])
        return Requests(sale.counter.records, sale.counter.clock).look(key)

    try:
        return await run_in_threadpool(look)
    except Refused as no:
        count(request, "request-miss", MOST_MISSES)
        raise Refused("request_unknown", "This request is not here.") from no


def routes(folder: str) -> list[Route]:
    """The page under a folder."""
    return [
        Route(f"{folder}/request/{{token}}", show, methods=["GET"]),
        Route(f"{folder}/request/{{token}}", act, methods=["POST"]),
    ]
