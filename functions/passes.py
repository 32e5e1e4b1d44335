"""POST /api/uitpas/tariffs: what a pass may have of a price, told to its holder. The number comes in a body, and goes to its own system alone."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.basket import Priced, Wish
from etalage.model.discount import Entitlement
from etalage.model.shelf import Item
from etalage.model.words import pick
from functions import frames, letterbox
from functions.answers import PRIVATE
from functions.quote import name_of
from functions.sale import Sale, count, in_agenda, sale_of

MOST = 40
"""Numbers of one client in ten minutes: a few families behind one address. Thirteen digits are not guessed in that."""


class PassBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whose pass it is, and what for. Without a tariff the house's standard one is meant."""

    performance: str
    number: str
    tariff: str = ""
    quantity: int = 1


class Offer(NamedTuple):
    """What a pass may have of a line: the quote's name, "" for nothing, what one may choose, and what its system says."""

    quote: str
    entitlements: tuple[Entitlement, ...]
    message: str


async def tariffs(request: Request) -> Response:
    """Answer with what may be chosen instead of the regular price."""
    letterbox.from_our_page(request)
    count(request, "pass", MOST)
    body = await letterbox.read_json(request, PassBody)
    items = in_agenda(request, [body.performance])
    wish = Wish(performance=body.performance, tariff=body.tariff, quantity=body.quantity)
    found = await ask(sale_of(request), wish, items, body.number, frames.spoken(request))
    told = [
        {"id": one.id, "name": one.name, "price": one.price.cents, "remaining": one.remaining}
        for one in found.entitlements
    ]
    return JSONResponse({"quote": found.quote, "tariffs": told, "message": found.message}, headers=PRIVATE)


async def ask(sale: Sale, wish: Wish, items: Mapping[str, Item], number: str, language: str) -> Offer:
    """Ask the pass's own system; refuses and raises as `Passes.look` does."""

    def look() -> Offer:
        (line,) = sale.quotes.quote([wish]).lines
        keys = items[wish.performance].keys
        quote, told = sale.passes.look(line, label_of(line), keys, number)
        return Offer(quote, told.entitlements, pick(told.message, (language, "nl"))[0])

    return await run_in_threadpool(look)


def label_of(line: Priced) -> str:
    """What the tariff is called in the reports of a pass's system."""
    return name_of(next(one for one in line.tariffs if one.id == line.tariff), "nl")
