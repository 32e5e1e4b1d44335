"""GET /organiser/{token}: what a receptive organiser's dates have sold. Figures and nothing else; the house can take the link back."""

from collections.abc import Sequence

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from etalage.model.errors import Refused
from etalage.model.shelf import Item
from etalage.sales.organisers import Figures, Organisers
from functions import frames
from functions.answers import PRIVATE
from functions.availability import what_is_left
from functions.sale import Sale, count, sale_of
from functions.shelves import Voice
from functions.sums import euros

MOST, MOST_MISSES = 120, 60


class Row(msgspec.Struct, frozen=True):
    """A date as the page shows it; `free` is "" when its house does not tell."""

    item: Item
    sold: int
    free: str
    revenue: str


async def show(request: Request) -> Response:
    """The page."""
    count(request, "organiser", MOST)
    place, sale = frames.place_of(request), sale_of(request)
    organisers = Organisers(sale.counter.records, sale.counter.clock, sale.counter.rng)
    try:
        known = await run_in_threadpool(organisers.look, request.path_params["token"])
    except Refused:
        count(request, "organiser-miss", MOST_MISSES)
        raise
    rows = await run_in_threadpool(_rows, sale, place, known)
    total = euros(sum(one.revenue for one in known), place.shelf.language)
    heading = Voice(place.shelf).say("What is sold")
    return frames.page(
        request,
        place,
        "organiser.html",
        200,
        PRIVATE,
        heading=heading,
        rows=rows,
        total=total,
        sold=sum(one.sold for one in known),
    )


def _rows(sale: Sale, place: frames.Place, known: Sequence[Figures]) -> list[Row]:
    left_over, rows = what_is_left(sale, [one.performance for one in known]), []
    for one in known:
        left = left_over.get(one.performance)
        free = str(left.free) if left and left.free is not None else ""
        item = place.shelf.items.get(one.performance) or Item(id=one.performance, title=one.performance, url="")
        rows.append(Row(item, one.sold, free, euros(one.revenue, place.shelf.language)))
    return rows


def routes(folder: str) -> list[Route]:
    """The page under a folder."""
    return [Route(f"{folder}/organiser/{{token}}", show, methods=["GET"])]
