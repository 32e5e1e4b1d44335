"""What belongs to an order's link besides its page: the tickets to print, the dates for a calendar, and having them sent again."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from etalage.model.checkout import Checkout
from etalage.model.errors import EtalageError, Refused, Unavailable
from functions import frames, keeping, letterbox, shelves
from functions.answers import PRIVATE
from functions.letters import Secretary
from functions.orders import MOST_MISSES, look_up
from functions.sale import count, sale_of
from functions.shelves import Voice

MOST = 60
"""Files and letters that one client may ask for in ten minutes: to print is work."""


async def paper(request: Request) -> Response:
    """GET /order/{token}/tickets.pdf: a page per ticket that is good now."""
    content = await _made(request, lambda secretary, known: secretary.tickets(known))
    name = {"content-disposition": 'inline; filename="tickets.pdf"'}
    return Response(content, media_type="application/pdf", headers=PRIVATE | name)


async def wallet_pass(request: Request) -> Response:
    """GET /order/{token}/{serial}.pkpass: one ticket for the wallet of a phone; of one that went back, that it is void."""
    serial = request.path_params["serial"]
    content = await _made(request, lambda secretary, known: secretary.wallet_pass(known, serial))
    name = {"content-disposition": 'attachment; filename="ticket.pkpass"'}
    return Response(content, media_type="application/vnd.apple.pkpass", headers=PRIVATE | name)


async def calendar(request: Request) -> Response:
    """GET /order/{token}.ics: its dates."""
    content = await _made(request, lambda secretary, known: secretary.calendar(known, secretary.clock()))
    return Response(content, media_type="text/calendar", headers=PRIVATE)


async def again(request: Request) -> Response:
    """POST /order/{token}/resend: have the tickets sent again, to the address that bought them.

    The answer is the same to the letter for every link, real or not, paid or not: it tells nobody what there is.
    """
    letterbox.from_our_page(request)
    count(request, "resend", MOST)
    await run_in_threadpool(_ask_again, request)
    place = frames.place_of(request, strict=False) if request.path_params.get("site") else _first(request)
    heading = Voice(place.shelf).say("If there are tickets for this link, they are on their way.")
    return frames.page(request, place, "resent.html", 202, PRIVATE, heading=heading)


def _ask_again(request: Request) -> None:
    sale = sale_of(request)
    try:
        known = look_up(request)
    except EtalageError:
        return
    if sale.post is not None:
        sale.post.again(known.key)


async def _made(request: Request, make: Callable[[Secretary, Checkout], bytes]) -> bytes:
    count(request, "papers", MOST)
    secretary = sale_of(request).secretary
    if secretary is None:
        raise Unavailable("sale_missing", "this app was started without a sale")
    try:
        return await run_in_threadpool(lambda: make(secretary, look_up(request)))
    except Refused as no:
        if no.code == "tickets_none":
            raise
        count(request, "order-miss", MOST_MISSES)
        raise Refused("order_unknown", "This order is not here.") from no


def _first(request: Request) -> frames.Place:
    """Where an order of no site is told of: the first site there is."""
    sites = shelves.of(request).sites()
    return frames.place_of(request, sites[0] if sites else "", strict=False)


def routes(root: str = "") -> list[Route]:
    """What a site answers, in its first language and in each of the others."""
    return [
        route
        for folder in (root, f"{root}/{{language:language}}")
        for route in (
            Route(f"{folder}/order/{{token}}/tickets.pdf", paper, methods=["GET"]),
            Route(f"{folder}/order/{{token}}/{{serial}}.pkpass", wallet_pass, methods=["GET"]),
            Route(f"{folder}/order/{{token}}.ics", calendar, methods=["GET"]),
            Route(f"{folder}/order/{{token}}/resend", again, methods=["POST"]),
            Route(f"{folder}/order/{{token}}/keep", keeping.choose, methods=["POST"]),
        )
    ]
