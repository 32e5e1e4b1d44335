"""POST /api/quote: what a basket costs now, asked at the houses."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.basket import Priced, Quote
from etalage.model.sale import Tariff
from etalage.model.words import Words
from functions import frames, letterbox
from functions.answers import PRIVATE
from functions.contract import LineSent
from functions.sale import count, in_agenda, sale_of

MOST = 240


class QuoteBody(msgspec.Struct, forbid_unknown_fields=True):
    """What is wanted."""

    lines: list[LineSent]


async def quote(request: Request) -> Response:
    """Answer with every line's price, and the other tariffs one could choose."""
    count(request, "quote", MOST)
    body = await letterbox.read_json(request, QuoteBody)
    in_agenda(request, (line.performance for line in body.lines))
    sale = sale_of(request)

    def price() -> Quote:
        return sale.quotes.quote(sale.passes.read([line.wish() for line in body.lines]))

    priced = await run_in_threadpool(price)
    language = frames.spoken(request)
    answer = {
        "lines": [_line(line, language) for line in priced.lines], "fees": priced.fees.cents, "total": priced.total.cents,
        "currency": priced.total.currency,
    }  # fmt: skip
    return JSONResponse(answer, headers=PRIVATE)


def _line(line: Priced, language: str) -> dict[str, object]:
    tariffs = [{"id": one.id, "name": name_of(one, language), "price": one.price.cents} for one in line.tariffs]
    return {
        "performance": line.performance, "house": line.house, "tariff": line.entitlement or line.tariff, "quantity": line.quantity, "price": line.price,
        "tariffs": tariffs,
    }  # fmt: skip


def name_of(tariff: Tariff, language: str) -> str:
    """A tariff as one reads it: where one sits, and who it is for."""
    return " · ".join(filter(None, (said(tariff.category, language), said(tariff.name, language))))


def said(words: Words, language: str) -> str:
    """Words in a language, else in the first there is."""
    return words.get(language) or next(iter(words.values()), "")
