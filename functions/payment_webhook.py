"""POST /api/payments/{provider}/webhook: a provider says that something happened. It is a hint: we look for ourselves."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.errors import Refused
from functions.answers import PRIVATE
from functions.sale import sale_of
from functions.serving import serve

LARGEST = 64_000


async def webhook(request: Request) -> Response:
    """200 when we know what it is about, and also when we do not: a stranger learns nothing. 400 for what is forged."""
    sale = sale_of(request)
    provider = sale.providers.get(request.path_params["provider"])
    if provider is None:
        raise Refused("provider_unknown", "Nobody takes money by that name here.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise Refused("body_too_large", "This is too much to read.")
    hint = provider.read_webhook(dict(request.headers), body)

    def look() -> None:
        try:
            sale.saga.hear(provider.status(hint.id))
        except Refused as no:
            if no.code not in ("payment_absent", "checkout_unknown"):
                raise

    await (serve(sale.saga.records, look) if provider.ours else run_in_threadpool(look))
    return JSONResponse({}, headers=PRIVATE)
