"""/door/{token}: whether a ticket is good, for who stands at a house's door with a phone. It changes nothing and tells no name.

A code comes in the body of a form, never in an address, so that no log and no browser's history has it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from etalage.model.basket import house_of
from etalage.model.errors import EtalageError, Refused
from etalage.model.sale import Order
from etalage.model.shelf import Item, Shelf
from etalage.sales.doorkeepers import Answer, Doorkeepers, Verdict
from functions import frames, letterbox
from functions.answers import PRIVATE
from functions.clocks import last_moment
from functions.frames import Place
from functions.sale import Sale, count, sale_of
from functions.shelves import Voice

PATIENCE = 2.0
"""Seconds that a house may take to say whether it took a ticket back. There is a queue at the door."""
MOST, MOST_MISSES = 3000, 60
"""Questions, and codes or links that nobody knows, of one client in ten minutes: a full house comes in, but nobody guesses."""
MOST_DATES = 40
"""Dates to choose from: who stands at a door stands there soon."""
LATE = timedelta(hours=6)
"""So long after its end, or its start when no end is known, a date is still offered."""


HEADERS = PRIVATE | {"permissions-policy": "camera=(self)"}
"""The camera is for this page alone, which asks first."""


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """What the form sends: a code, and the date that stands at the door."""

    code: str = ""
    p: str = ""


async def show(request: Request) -> Response:
    """GET: the form for tonight's date, or the choice of a date."""
    house = await _house(request)
    return _page(request, house, request.query_params.get("p", ""), None)


async def ask(request: Request) -> Response:
    """POST: what to say of a code."""
    letterbox.from_our_page(request)
    house = await _house(request)
    given = await letterbox.read_form(request, Question)
    if not given.code.strip():
        return _page(request, house, given.p, None)
    answer = await run_in_threadpool(_doors(request).ask, house, given.code, given.p)
    if answer.verdict is Verdict.UNKNOWN:
        count(request, "door-miss", MOST_MISSES)
    return _page(request, house, given.p, answer)


async def _house(request: Request) -> str:
    """The house of the link. Who guessed too often is answered nothing, right or wrong."""
    count(request, "door", MOST)
    count(request, "door-miss", MOST_MISSES, look=True)
    try:
        return await run_in_threadpool(_doors(request).house, request.path_params["token"])
    except Refused:
        count(request, "door-miss", MOST_MISSES)
        raise


def _doors(request: Request) -> Doorkeepers:
    sale = sale_of(request)
    counter = sale.counter
    return Doorkeepers(counter.records, counter.clock, counter.rng, lambda house, one: _what_is_known(sale, house, one))


def _what_is_known(sale: Sale, house: str, reference: str) -> Order | None:
    """What a house has of a sale; None when it does not say so in a moment."""
    try:
        job = sale.quotes.ask(house, lambda ticketing: ticketing.lookup(reference))
    except EtalageError:  # it is not a house of ours any more, or its queue is full
        return None
    try:
        return job.result(timeout=PATIENCE)
    except (EtalageError, TimeoutError):
        job.cancel()
        return None


def _page(request: Request, house: str, asked: str, answer: Answer | None) -> Response:
    place = frames.place_of(request)
    dates = _dates(place.shelf, house, sale_of(request).saga.clock())
    date = next((one for one in dates if one.id == asked), None) or (None if asked else _tonight(dates))
    here = place.way(f"door/{request.path_params['token']}")
    if date is None or "choose" in request.query_params:
        heading = Voice(place.shelf).say("Which date is it?")
        return frames.page(
            request, place, "door_dates.html", 200, HEADERS, heading=heading, dates=dates[:MOST_DATES], here=here
        )
    return frames.page(
        request, place, "door.html", 200, HEADERS, heading=_heading(place, answer), date=date, here=here, answer=answer,
        verdict=answer.verdict.value if answer else "",
    )  # fmt: skip


def _heading(place: Place, answer: Answer | None) -> str:
    """The answer itself: it is the first that one sees, and that a screen reader says."""
    say = Voice(place.shelf).say
    if answer is None:
        return say("Is this ticket good?")
    return {
        Verdict.GOOD: say("Good for this performance"),
        Verdict.OTHER: say("Not for this performance"),
        Verdict.VOID: say("Not good any more"),
        Verdict.UNKNOWN: say("We do not know this ticket"),
    }[answer.verdict]


def _dates(shelf: Shelf, house: str, now: datetime) -> Sequence[Item]:
    """What the house sells through us and is not long past, the first on top."""
    sold = [one for id, one in shelf.items.items() if one.sold and not one.off and house_of(id) == house]
    there = [one for one in sold if (over := last_moment(one, shelf.timezone)) is None or over + LATE > now]
    return sorted(there, key=lambda one: (one.start, one.id))


def _tonight(dates: Sequence[Item]) -> Item | None:
    """The only date of the day on which the next one is; None when there are several, or none."""
    today = [one for one in dates if one.start[:10] == dates[0].start[:10]]
    return today[0] if len(today) == 1 else None


def routes(folder: str) -> list[Route]:
    """The page under a folder."""
    way = f"{folder}/door/{{token}}"
    return [Route(way, show, methods=["GET"]), Route(way, ask, methods=["POST"])]
