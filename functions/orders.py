"""GET /api/orders/{token}: an order, as far as it is now. Who comes back from paying makes it go on."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.checkout import Checkout, Part, Share
from etalage.model.errors import Refused
from etalage.sales import rounds
from functions import turns
from functions.answers import PRIVATE
from functions.links import ORDER
from functions.sale import Sale, count, sale_of

MOST_MISSES = 60


async def order(request: Request) -> Response:
    """The order of a token."""
    sale = sale_of(request)
    known, found = await run_in_threadpool(_look, request, sale)
    return JSONResponse(as_json(request.path_params["token"], known) | turns.told(sale, found), headers=PRIVATE)


def _look(request: Request, sale: Sale) -> tuple[Checkout, rounds.Round]:
    """The order, and those that are paid in turn with it."""
    try:
        known = look_up(request)
    except Refused as no:
        count(request, "order-miss", MOST_MISSES)
        raise Refused("order_unknown", "This order is not here.") from no
    return known, rounds.show(sale.saga, known)


def as_json(token: str, known: Checkout) -> dict[str, object]:
    """An order as scripts get it: nothing of who bought it."""
    return {
        "order": token, "state": known.state.value, "lines": [line for share in known.shares for line in _lines(share)],
        "total": known.total.cents, "refunded": known.refunded.cents, "currency": known.total.currency, "pay_url": known.pay_url,
        "code": known.code,
    }  # fmt: skip


def look_up(request: Request) -> Checkout:
    """The order of the token in the address, gone on with as far as one can now; refuses `order_unknown`."""
    sale = sale_of(request)
    known = sale.counter.show(sale.links.read(ORDER, request.path_params["token"]))
    if known.site and request.path_params.get("site", known.site) != known.site:
        raise Refused("order_unknown", "This order is not here.")
    return known


def _lines(share: Share) -> list[dict[str, object]]:
    """A line per performance and tariff, with its tickets."""
    rows: dict[tuple[str, str], list[dict[str, object]]] = {}
    for line in share.lines:
        rows.setdefault((line.performance, line.tariff), [])
    for ticket in share.tickets if share.state in (Part.CONFIRMED, Part.PARTLY) else ():
        rows[ticket.performance, ticket.tariff].append(
            {"code": ticket.code, "seat": ticket.seat, "cancelled": ticket.cancelled}
        )
    return [
        {
            "performance": performance,
            "tariff": tariff,
            "house": share.house,
            "state": share.state.value,
            "tickets": tickets,
        }
        for (performance, tariff), tickets in rows.items()
    ]
