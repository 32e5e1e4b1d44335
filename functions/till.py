"""The pages on which one buys: choose, basket, checkout, order; those on which a school asks; those for an organiser and for the door."""

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from etalage.model.checkout import Checkout
from etalage.model.errors import Refused
from functions import (
    ask_page,
    basket,
    checkout_page,
    door,
    order_page,
    orders,
    organiser,
    pass_page,
    request_page,
    shelves,
)
from functions.answers import PRIVATE
from functions.links import ORDER
from functions.sale import count, sale_of
from functions.wishlist import whose


def routes(root: str = "") -> list[Route]:
    """All of them, in a site's first language and in each of the others; `root` is the way to a site under a path."""
    return [
        route
        for folder in (root, f"{root}/{{language:language}}")
        for pages in (basket, pass_page, checkout_page, order_page, organiser, door, ask_page, request_page)
        for route in pages.routes(folder)
    ]


def to_site(request: Request) -> Response:
    """/choose, /basket and /checkout on the server's own host: to the site that shows the date, else to the one that shows most."""
    given = request.query_params.getlist("p")
    known = shelves.of(request)
    if not known.sites():
        raise Refused("site_unknown", "There is no such site here.")
    site = whose(request, given) if given else max(known.sites(), key=lambda one: len(known.shelf(one).items))
    asked = f"?{urlencode([('p', one) for one in given])}" if given else ""
    return RedirectResponse(f"/sites/{site}{request.url.path}{asked}", 303, headers=PRIVATE)


async def to_order(request: Request) -> Response:
    """/order/{token} on the server's own host, where scripts buy: to the site that it was bought on, or that shows what was bought."""
    sale, token = sale_of(request), request.path_params["token"]

    def read() -> Checkout:
        return sale.saga.read(sale.links.read(ORDER, token))

    try:
        known = await run_in_threadpool(read)
    except Refused as no:
        count(request, "order-miss", orders.MOST_MISSES)
        raise Refused("order_unknown", "This order is not here.") from no
    site = known.site or whose(request, [line.performance for share in known.shares for line in share.lines])
    return RedirectResponse(f"/sites/{site}/order/{token}", 303, headers=PRIVATE)


ELSEWHERE = [
    *(Route(f"/{name}", to_site, methods=["GET"]) for name in ("choose", "basket", "checkout")),
    Route("/order/{token}", to_order, methods=["GET"]),
]
