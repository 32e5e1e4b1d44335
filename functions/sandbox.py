"""The sandbox's own page: pay, fail, cancel, let it expire, or pay late; and whether we hear of it once, twice, later or never.

It stands in for a provider's page and is there only where the sandbox takes the money. Nothing on it is real, and it says so.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import msgspec
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from etalage.model.errors import Refused
from etalage.model.payment import Act
from functions import frames, letterbox
from functions.answers import PRIVATE
from functions.sale import Sale, Sandbox, sale_of
from functions.serving import serve

_HERE = Path(__file__).parent / "templates"
TELL = {"once": 1, "twice": 2, "later": 0, "never": 0}
"""How often we hear of it at once."""
LATER = timedelta(minutes=1)
_CALLERS = ThreadPoolExecutor(4, thread_name_prefix="sandbox")


class Choice(msgspec.Struct, forbid_unknown_fields=True):
    """What was pressed, and how we are to hear of it."""

    act: str
    tell: str = "once"


def page(request: Request) -> Response:
    """The payment, and what one can do with it."""
    kept = _sandbox(request).kept(request.path_params["id"])
    euros, cents = divmod(kept.payment.amount.cents, 100)
    amount = f"€ {euros},{cents:02}"
    html = (
        frames.templates()
        .get_template("sandbox.html")
        .render(payment=kept.payment, amount=amount, back=kept.request.back, shares=kept.request.shares)
    )
    return HTMLResponse(
        html,
        headers={
            **PRIVATE,
            "content-security-policy": "default-src 'none'; img-src data:; style-src 'self'; form-action 'self' *; base-uri 'none'; frame-ancestors 'none'",
        },
    )


async def act(request: Request) -> Response:
    """Do it, tell our webhook as asked, and send the visitor back."""
    letterbox.from_our_page(request)
    choice = await letterbox.read_form(request, Choice)
    if choice.act not in set(Act) or choice.tell not in TELL:
        raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": "act or tell"})
    sandbox, id = _sandbox(request), request.path_params["id"]
    sale = sale_of(request)

    def press() -> str:
        back = sandbox.kept(id).request.back
        sandbox.act(id, Act(choice.act))
        if choice.tell == "later":
            sandbox.call_later(id, sale.saga.clock() + LATER)
        return back

    back = await serve(sale.saga.records, press)
    return RedirectResponse(back, 303, headers=PRIVATE, background=BackgroundTask(_call, sale, id, choice.tell))


def style(request: Request) -> Response:
    """The page's own look."""
    del request
    return Response(
        (_HERE / "sandbox.css").read_bytes(), media_type="text/css", headers={"cache-control": "public, max-age=3600"}
    )


def make_calls(sale: Sale) -> None:
    """Make the calls that waited for their moment."""
    for id in sale.sandbox.calls_due() if sale.sandbox else ():
        _tell(sale, id, 1)


async def _call(sale: Sale, id: str, tell: str) -> None:
    """Call as a provider would: in threads of its own, for the call comes back to us, and a visitor's threads must be there for it."""
    with suppress(asyncio.CancelledError):  # the shop closes; the sweep asks, as about every call that does not come
        await asyncio.get_running_loop().run_in_executor(_CALLERS, _tell, sale, id, TELL[tell])


def _tell(sale: Sale, id: str, times: int) -> None:
    if sale.sandbox:
        for _ in range(times):
            sale.sandbox.tell(id)


def _sandbox(request: Request) -> Sandbox:
    sandbox = sale_of(request).sandbox
    if sandbox is None:
        raise Refused("payment_absent", "There is no such payment.")
    return sandbox


ROUTES = [
    Route("/sandbox/style.css", style),
    Route("/sandbox/{id}", page, methods=["GET"]),
    Route("/sandbox/{id}", act, methods=["POST"]),
]
