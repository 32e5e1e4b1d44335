"""/api/wishlists: share a list, read it, tick what one would join, take it away. functions/wishlist_pages.py is the same for people.

docs/reference/wishlist.md says what goes in and out. No address of a visitor, no name and no token is ever logged here.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from etalage.model import wishlist as rules
from etalage.model.errors import Refused, Unavailable
from etalage.model.shelf import Item, Shelf
from etalage.model.wishlist import Wishlist
from etalage.sales.wishlists import Shared, Wishlists
from functions import frames, letterbox, shelves
from functions.answers import PRIVATE
from functions.clocks import last_moment
from functions.frames import Place

MOST_MADE, MOST_TICKS, MOST_MISSES = 30, 60, 60
"""Lists, ticks, and tokens that do not exist, for one client in WINDOW seconds. Who reads a list that exists is never counted."""
WINDOW = 600

_Result = TypeVar("_Result")


class MakeBody(msgspec.Struct, forbid_unknown_fields=True):
    """`performances`: ids of dates, or of productions without; `site`: whose list, where the address does not say it."""

    performances: list[str]
    site: str = ""


class JoinBody(msgspec.Struct, forbid_unknown_fields=True):
    """`key`: what an earlier tick was answered with, to change it."""

    performances: list[str]
    name: str = ""
    key: str = ""


class LeaveBody(msgspec.Struct, forbid_unknown_fields=True):
    """`key`: what the tick was answered with."""

    key: str


async def make(request: Request) -> Response:
    """POST /api/wishlists: 201 with the token, the address, and the secret with which it can be taken away."""
    letterbox.from_our_page(request)
    body = await letterbox.read_json(request, MakeBody)
    ids = rules.snapshot(body.performances)
    place = frames.place_of(request, body.site or whose(request, ids))
    made = await share(request, place, ids)
    url = address(request, place, made.token)
    answer = {"token": made.token, "url": url, "secret": made.secret, "expires": made.wishlist.expires.isoformat()}
    return JSONResponse(answer, 201, {**PRIVATE, "location": url})


def look(request: Request) -> Response:
    """GET /api/wishlists?p=ID&p=ID: what these dates are now; one that is not in the agenda is left out."""
    ids = request.query_params.getlist("p")[: rules.LONGEST]
    place = frames.place_of(request, whose(request, ids))
    return JSONResponse({"items": [_as_json(item) for item in on_shelf(place.shelf, ids)]}, headers=PRIVATE)


async def read(request: Request) -> Response:
    """GET /api/wishlists/{token}: the list."""
    known = await find(request)
    shelf = frames.place_of(request, known.site).shelf
    joins = friends(known)
    items = [{**_as_json(item), "joins": joins.get(item.id, [])} for item in on_shelf(shelf, known.performances)]
    body = {
        "site": known.site, "performances": known.performances, "made": known.made.isoformat(), "expires": known.expires.isoformat(),
        "items": items,
    }  # fmt: skip
    return JSONResponse(body, headers=PRIVATE)


async def remove(request: Request) -> Response:
    """DELETE /api/wishlists/{token}, with `Authorization: Bearer <secret>`: 204."""
    letterbox.from_our_page(request)
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    await delete(request, secret.strip() if kind.lower() == "bearer" else "")
    return Response(status_code=204, headers=PRIVATE)


async def join(request: Request) -> Response:
    """POST /api/wishlists/{token}/joins: 201 with the key that changes or withdraws it."""
    letterbox.from_our_page(request)
    body = await letterbox.read_json(request, JoinBody)
    key = body.key or desk(request).word()
    await tick(request, key, body.performances, body.name)
    return JSONResponse({"key": key}, 201, PRIVATE)


async def leave(request: Request) -> Response:
    """POST /api/wishlists/{token}/leave: 204, also when the key is on it no more."""
    letterbox.from_our_page(request)
    body = await letterbox.read_json(request, LeaveBody)
    await withdraw(request, body.key)
    return Response(status_code=204, headers=PRIVATE)


ROUTES = [
    Route("/wishlists", make, methods=["POST"]),
    Route("/wishlists", look, methods=["GET"]),
    Route("/wishlists/{token}", read, methods=["GET"]),
    Route("/wishlists/{token}", remove, methods=["DELETE"]),
    Route("/wishlists/{token}/joins", join, methods=["POST"]),
    Route("/wishlists/{token}/leave", leave, methods=["POST"]),
]


# What the pages do too.


def desk(request: Request) -> Wishlists:
    """The use case; Unavailable where the app has no records."""
    lists: Wishlists | None = request.app.state.lists
    if lists is None:
        raise Unavailable("records_unavailable", "this app was started without records")
    return lists


async def share(request: Request, place: Place, ids: Sequence[str]) -> Shared:
    """Make a list of dates that are all in the agenda."""
    items = on_shelf(place.shelf, ids)
    if len(items) < len(ids):
        raise Refused("performance_unknown", "One of these dates is not in our agenda.")
    count(request, "make", MOST_MADE)
    dates = [moment for item in items if (moment := last_moment(item, place.shelf.timezone))]
    return await _call(desk(request).make, place.shelf.site, list(ids), dates)


async def find(request: Request) -> Wishlist:
    """The list of the address. Who guesses tokens is stopped; who has one never is."""
    try:
        known = await _call(desk(request).read, request.path_params["token"])
    except Refused:
        count(request, "miss", MOST_MISSES)
        raise
    if request.path_params.get("site", known.site) != known.site:
        raise Refused("list_unknown", "This list is not here: it was removed, or its dates are long past.")
    return known


async def tick(request: Request, key: str, ids: Sequence[str], name: str) -> Wishlist:
    """A friend's tick."""
    await find(request)
    count(request, "tick", MOST_TICKS)
    return await _call(desk(request).join, request.path_params["token"], key, list(ids), name)


async def withdraw(request: Request, key: str) -> Wishlist:
    """A friend's second thought."""
    await find(request)
    count(request, "tick", MOST_TICKS)
    return await _call(desk(request).leave, request.path_params["token"], key)


async def delete(request: Request, secret: str) -> None:
    """The maker's second thought."""
    await find(request)
    count(request, "tick", MOST_TICKS)
    await _call(desk(request).delete, request.path_params["token"], secret)


def count(request: Request, what: str, most: int) -> None:
    """Count what this client does; refuses `too_many`."""
    limits: letterbox.Limits = request.app.state.limits
    limits.count(what, letterbox.client_of(request), most, WINDOW)


def whose(request: Request, ids: Sequence[str]) -> str:
    """Where no address says the site: the first that shows all of these, else the first that shows one."""
    if "site" in request.path_params:
        return str(request.path_params["site"])
    known = shelves.of(request)
    found = [(sum(one in known.shelf(site).items for one in ids), site) for site in known.sites()]
    if not found:
        raise Refused("site_unknown", "There is no such site here.")
    return max(found, key=lambda one: one[0])[1]


def on_shelf(shelf: Shelf, ids: Sequence[str]) -> list[Item]:
    """These dates as the agenda has them, those of them that it has."""
    return [shelf.items[one] for one in ids if one in shelf.items]


def friends(known: Wishlist) -> dict[str, list[str]]:
    """Id → the names of who would join, "" for who left none."""
    joins: dict[str, list[str]] = {}
    for friend in known.joins:
        for one in friend.performances:
            joins.setdefault(one, []).append(friend.name)
    return joins


def address(request: Request, place: Place, token: str) -> str:
    """The full address of a list's page."""
    return f"{request.url.scheme}://{request.url.netloc}{place.way(f'wishlist/{token}')}"


def _as_json(item: Item) -> dict[str, Any]:
    return {"id": item.id, "title": item.title, "url": item.url, "when": item.when, **msgspec.to_builtins(item)}


async def _call(act: Callable[..., _Result], *what: Any) -> _Result:
    """The records wait for a disk: not on the loop that serves everybody."""
    return await run_in_threadpool(act, *what)
