"""The two cookies of a site, set when something is put in a basket and not before: which basket, and how many places are in it.

The first cannot be read by a page; the second is only a number, so that a static page can show it without asking anybody.
"""

import re

from starlette.requests import Request
from starlette.responses import Response

from functions.frames import Place
from functions.guard import is_secure

BASKET, COUNT = "basket", "basket_count"
KEPT = 86_400
"""Seconds, as long as the basket itself (etalage/sales/baskets.py)."""
_TOKEN = re.compile(r"[0-9a-f]{32}")


def basket_of(request: Request) -> str:
    """The token of the visitor's basket; "" when they have none."""
    given = request.cookies.get(BASKET, "")
    return given if _TOKEN.fullmatch(given) else ""


def remember(response: Response, request: Request, place: Place, token: str, places: int) -> None:
    """Let the browser keep the basket, for this site only."""
    secure = is_secure(request.scope)
    response.set_cookie(BASKET, token, max_age=KEPT, path=place.base, secure=secure, httponly=True, samesite="lax")
    response.set_cookie(COUNT, str(places), max_age=KEPT, path=place.base, secure=secure, samesite="lax")


def forget(response: Response, place: Place) -> None:
    """Let the browser drop it."""
    for name in (BASKET, COUNT):
        response.delete_cookie(name, path=place.base)
