"""Whether a visitor's own device may keep the page of an order, to be opened at the door without a network.

The page itself says `no-store`: nobody on the way keeps it. Only the worker of the site (themes/base/worker/sw.js) reads the moment
until which it may, keeps the page in a cache of its own, and lets go of it then, or as soon as an answer names no moment any more.
"""

from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from etalage.model.checkout import Checkout, State
from functions import guard, letterbox
from functions.answers import PRIVATE
from functions.sale import count

HEADER = "x-keep-until"
COOKIE = "unkept"
AFTER = timedelta(hours=6)
"""So long after the last date, for who is late or stands outside once more."""
MOST = 60
A_YEAR = 31_536_000


class Choice(msgspec.Struct, forbid_unknown_fields=True):
    """What the button says."""

    keep: str


def until(known: Checkout, now: datetime) -> datetime | None:
    """Until when the page is of use without a network; None when it has no ticket that is good, or its dates are not known or over."""
    if known.state is not State.DONE:
        return None
    ends = [
        end
        for one in {ticket.performance for ticket in known.good}
        if one in known.shown and (end := known.shown[one].last)
    ]
    last = max(ends, default=now - AFTER) + AFTER
    return last if last > now else None


def is_unwanted(request: Request) -> bool:
    """Whether somebody said on this device that it must not."""
    return request.cookies.get(COOKIE) == "1"


async def choose(request: Request) -> Response:
    """POST /order/{token}/keep: keep this order's page on this device, or do not; for this order only."""
    letterbox.from_our_page(request)
    count(request, "keep", MOST)
    given = await letterbox.read_form(request, Choice)
    page = request.url.path.removesuffix("/keep")
    answer = RedirectResponse(page, 303, headers=PRIVATE)
    if given.keep == "no":
        secure = guard.is_secure(request.scope)
        answer.set_cookie(COOKIE, "1", max_age=A_YEAR, path=page, secure=secure, httponly=True, samesite="lax")
    else:
        answer.delete_cookie(COOKIE, path=page)
    return answer
