"""The waiting room for people and scripts: `admitted` guards what starts a sale, and a page says how many are before you.

What a newcomer would get wrong: most who wait have a page that looks by itself, and each look must be cheap; and a visitor
who is sent here must come back to what they wanted, in the same browser, without anything in an address that somebody else
could use. Who waits is known by two cookies (etalage/sales/admission.py) that are set here and nowhere else.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from math import ceil
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from etalage.model import moments
from etalage.model.errors import Refused
from etalage.model.peak import Peak, Stage, Standing
from etalage.sales.admission import Admission
from functions import answers, frames, guard
from functions.answers import PRIVATE
from functions.frames import Place
from functions.letterbox import Limits
from functions.sale import WINDOW, count, sale_of
from functions.shelves import Voice

SESSION = "waiting"
MOST = 300
"""Newcomers in the line from one address in ten minutes: many phones share one."""
CLICKS = 200
"""Requests of one session that is in, in ten minutes: enough for a buyer, too few for who shares it with a hundred others."""
_HANDS = ThreadPoolExecutor(4, thread_name_prefix="waiting")
"""Threads of the room's own: who waits takes none from who reads the agenda or buys elsewhere."""
T = TypeVar("T")
CALMEST, BUSIEST = 20, 2
"""Seconds between two looks of a page without JavaScript."""


async def admitted(request: Request, performances: Iterable[str], back: str = "") -> Response | None:
    """None when whoever asks may buy these performances now; else what they get instead.

    People go to the waiting page (303), and from there to `back`, a path of this site; without it, to where they are. Scripts
    get a 503 `waiting` with Retry-After and the cookies to come back with.
    """
    room = sale_of(request).room
    peaks = room.on(performances) if room else []
    if room is None or not peaks:
        return None
    if "prefetch" in request.headers.get("sec-purpose", ""):  # nobody has asked for it yet
        return Response(status_code=503, headers=PRIVATE)
    for peak in peaks:
        standing = await _knock(request, room, peak)
        if standing.stage is not Stage.IN:
            return _wait(request, peak, standing, back)
    return None


async def page(request: Request) -> Response:
    """GET /waiting?room=ID&to=PATH: how many are before you; and when it is your turn, on to where you wanted to be."""
    place, room = frames.place_of(request), sale_of(request).room
    to = _own(request.query_params.get("to", ""), place)
    peak = room.find(request.query_params.get("room", "")) if room else None
    if room is None or peak is None:
        return RedirectResponse(to, 303, headers=PRIVATE)
    voice = Voice(place.shelf)
    try:
        standing = await _look(request, room, peak)
    except Refused as no:
        heading = voice.say("You are not in the queue (any more)")
        return frames.page(request, place, "unqueued.html", 403, PRIVATE, heading=heading, to=to, why=voice.say(no.say))
    if standing.stage is Stage.IN:
        return RedirectResponse(to, 303, headers=PRIVATE)
    here = {"room": peak.id, "to": to}
    calm = request.query_params.get("calm") == "1"
    pause = max(
        BUSIEST, min(CALMEST, ceil(standing.again)) if standing.stage is Stage.WAITING else ceil(standing.again)
    )
    more = {
        "told": _told(peak, standing, voice, place.shelf.timezone), "calm": calm, "to": to, "look": f"{place.way('waiting')}?{urlencode(here)}",
        "ask": f"{place.base}api/waiting?{urlencode({'room': peak.id})}", "early": standing.stage is Stage.EARLY,
    }  # fmt: skip
    head = "" if calm else f'<noscript><meta http-equiv="refresh" content="{pause}"></noscript>\n'
    heading = voice.say("You are in the queue")
    return frames.page(request, place, "waiting.html", 200, PRIVATE, heading=heading, head=head, **more)


async def look(request: Request) -> Response:
    """GET /api/waiting?room=ID: the same for scripts, with the cookies that came with the 503."""
    voice, place = answers.voice_of(request)
    room = sale_of(request).room
    peak = room.find(request.query_params.get("room", "")) if room else None
    if room is None or peak is None:
        raise Refused("room_unknown", "Nobody has to wait for this now.")
    standing = await _look(request, room, peak)
    zone = place.shelf.timezone if place else "UTC"
    return JSONResponse(_told(peak, standing, voice, zone), headers=PRIVATE)


async def _look(request: Request, room: Admission, peak: Peak) -> Standing:
    session, turn = request.cookies.get(SESSION, ""), request.cookies.get(_turn(peak), "")
    far = room.glance(peak, session, turn)
    if far is not None:
        return far
    return await _ask(lambda: room.look(peak, session, turn))


async def _ask(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_HANDS, work)


async def _knock(request: Request, room: Admission, peak: Peak) -> Standing:
    """Where whoever asks stands; who has no turn, or one that is worth nothing, comes at the end of the line."""
    session, turn = request.cookies.get(SESSION, ""), request.cookies.get(_turn(peak), "")

    def look() -> Standing | None:
        if session and room.has_pass(peak, session):
            return Standing(stage=Stage.IN)
        try:
            return room.look(peak, session, turn)
        except Refused:
            return None

    def join() -> tuple[str, Standing]:
        made = room.join(peak, mine)
        return made, room.look(peak, mine, made)

    known = await _ask(look) if turn else None
    if known:
        if known.stage is Stage.IN:
            limits: Limits = request.app.state.limits
            limits.count("in", session, CLICKS, WINDOW)
        return known
    count(request, "waiting", MOST)
    mine = session if len(session) == 22 else room.session()
    made, standing = await _ask(join)
    if mine != session:
        _remember(request, room, peak, SESSION, mine)
    _remember(request, room, peak, _turn(peak), made)
    return standing


def _wait(request: Request, peak: Peak, standing: Standing, back: str) -> Response:
    """The way to wait."""
    if "/api/" in request.url.path:
        detail = {"wait": str(max(1, ceil(standing.again)))}
        no = Refused("waiting", "Many want tickets now. You have a place in the queue.", where=peak.id, detail=detail)
        return answers.refuse(request, no)
    place = frames.place_of(request)
    asked = urlencode({"room": peak.id, "to": _own(back or _wanted(request), place)})
    return RedirectResponse(f"{place.way('waiting')}?{asked}", 303, headers=PRIVATE)


def _remember(request: Request, room: Admission, peak: Peak, name: str, value: str) -> None:
    """Let the browser keep it until the peak is over, whatever the answer becomes."""
    place, age = answers.voice_of(request)[1], ceil((peak.until - room.clock()).total_seconds())
    guard.set_cookie(request, name, value, max_age=age, path=place.base if place else "/")
    request.cookies[name] = value


def _told(peak: Peak, standing: Standing, voice: Voice, zone: str) -> dict[str, object]:
    """Where somebody stands, with the words for it: the number, which changes all the time, apart from the rest."""
    before, about = "", ""
    if standing.stage is Stage.EARLY:
        time = f"{moments.local(peak.opens, zone):%H:%M}"
        about = voice.say("The sale opens at %(time)s.", time=time)
    elif standing.stage is Stage.WAITING:
        people = standing.ahead or 0
        before = voice.count("%(num)s person is before you.", "%(num)s people are before you.", people)
        before = before if people else voice.say("You are next.")
        minutes = ceil(standing.wait / 60)
        about = voice.count(
            "It is your turn in about %(num)s minute.", "It is your turn in about %(num)s minutes.", minutes
        )
        about = about if standing.wait > 60 else voice.say("It is your turn in less than a minute.")
    return {
        "stage": standing.stage.value, "ahead": standing.ahead, "wait": ceil(standing.wait), "again": round(standing.again, 2),
        "before": before, "about": about,
    }  # fmt: skip


def _wanted(request: Request) -> str:
    """Where whoever asks wants to be: this page; or the one whose form they sent."""
    if request.method in ("GET", "HEAD"):
        return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    sent = urlsplit(request.headers.get("referer", ""))
    return f"{sent.path}?{sent.query}" if sent.netloc == request.url.netloc else ""


def _own(path: str, place: Place) -> str:
    """A path of this site; for any other, its front page."""
    bad = path.startswith("//") or "\\" in path or not path.isprintable()
    return place.base if bad or not path.startswith(place.base) else path


def _turn(peak: Peak) -> str:
    """The name of the cookie with the turn."""
    return f"turn-{sha256(peak.id.encode()).hexdigest()[:8]}"


API = Route("/waiting", look)


def routes(root: str = "") -> list[Route]:
    """The page, in each language of a site."""
    return [Route(f"{folder}/waiting", page) for folder in (root, f"{root}/{{language:language}}")]
