"""/request?p=ID: a teacher asks for places for a class. Staff of the house answer; nothing is held or paid."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from etalage.model.basket import house_of
from etalage.model.errors import Refused
from etalage.model.school import SchoolRequest
from etalage.model.shelf import Item
from etalage.sales.requests import Requests
from functions import frames, letterbox
from functions.answers import PRIVATE
from functions.ask_form import CHOICES, MOST_WORDS, Form, read
from functions.clocks import last_moment
from functions.frames import Place
from functions.letterbox import Mistake
from functions.links import FORM, REQUEST, foreign
from functions.sale import WINDOW, count, sale_of, shown_of
from functions.shelves import Voice

MOST, MOST_LETTERS = 30, 12
"""Requests from one network, and letters to one address, in ten minutes: a school asks for several classes at once."""
OURS = "ask "
"""So a form of this page is called when it is signed."""


async def show(request: Request) -> Response:
    """GET: the form."""
    place, sale = frames.place_of(request), sale_of(request)
    dates = dates_of(request, place)
    word = sale.links.sign(FORM, OURS + sale.counter.rng(16).hex())
    return page(request, place, dates, Form(form=word), ())


async def act(request: Request) -> Response:
    """POST: pass it on to the house. The same form sent twice is one request; one that was changed in between is another."""
    letterbox.from_our_page(request)
    count(request, "ask", MOST)
    form = await letterbox.read_form(request, Form)
    place, sale = frames.place_of(request), sale_of(request)
    dates, number = dates_of(request, place), sale.links.read_form(form.form)
    if not number.startswith(OURS):
        raise foreign()
    filled, mistakes = read(form, dates, Voice(place.shelf))
    if filled is None:
        return page(request, place, dates, form, mistakes, status=422)
    limits: letterbox.Limits = request.app.state.limits
    limits.count("ask-letter", filled.email.casefold(), MOST_LETTERS, WINDOW)
    production = request.query_params.get("p", "")
    what = msgspec.json.encode((place.shelf.site, place.shelf.language, production, form))
    key = sha256(number.encode() + what).hexdigest()[:32]
    token = sale.links.sign(REQUEST, key)
    asked = SchoolRequest(
        key=key, site=place.shelf.site, house=house_of(filled.dates[0]), production=production, language=place.shelf.language,
        back=f"{request.url.scheme}://{request.url.netloc}{place.way(f'request/{token}')}", made=sale.counter.clock(),
        shown={id: shown_of(dates[id]) for id in filled.dates}, **{name: getattr(filled, name) for name in filled.__struct_fields__},
    )  # fmt: skip
    await run_in_threadpool(Requests(sale.counter.records, sale.counter.clock).ask, asked)
    return RedirectResponse(place.way(f"request/{token}"), 303, headers=PRIVATE)


def page(
    request: Request, place: Place, dates: Mapping[str, Item], form: Form, mistakes: Sequence[Mistake], *, status: int = 200
) -> Response:  # fmt: skip
    """The form with what was filled in, and what is wrong with it."""
    say, first = Voice(place.shelf).say, next(iter(dates.values()))
    choices = list(zip(CHOICES, (say("First choice"), say("Second choice"), say("Third choice")), strict=True))
    choices = [one for number, one in enumerate(choices) if number < len(dates) or getattr(form, one[0])]
    wrong = dict.fromkeys(form.__struct_fields__, "") | {one.field: one.words for one in reversed(mistakes)}
    return frames.page(
        request, place, "ask.html", status, PRIVATE, heading=say("Ask for places for your class"), item=first, given=form, mistakes=mistakes,
        wrong=wrong, dates=dates, choices=choices, way=place.way(f"request?{request.url.query}"), most=MOST_WORDS,
    )  # fmt: skip


def dates_of(request: Request, place: Place) -> dict[str, Item]:
    """The dates to come of the production that is asked for; refuses `not_requested_here` what takes no requests."""
    wanted, now = request.query_params.get("p", ""), sale_of(request).counter.clock()
    found = open_dates(place.shelf.items, wanted, place.shelf.timezone, now)
    if not found:
        raise Refused("not_requested_here", "Places for a class cannot be asked for here now.")
    return found


def open_dates(items: Mapping[str, Item], wanted: str, zone: str, now: datetime) -> dict[str, Item]:
    """The dates to come for which a class can be asked: of a production, or the one date's production that is named."""
    production = items[wanted].classes if wanted in items else wanted
    return {
        id: item
        for id, item in items.items()
        if item.classes
        and item.classes == production
        and not item.off
        and (over := last_moment(item, zone))
        and over > now
    }


def routes(folder: str) -> list[Route]:
    """The page under a folder."""
    return [
        Route(f"{folder}/request", show, methods=["GET"]),
        Route(f"{folder}/request", act, methods=["POST"]),
    ]
