"""What Mollie shows in test mode instead of its page: first the ways to pay, then what should become of the payment.

In front of the app of tests/simulators/mollie_wire.py. Each form goes with a hidden word, without which it is refused.
"""

from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from tests.simulators.mollie_wire import MollieWire

STATES = ("open", "paid", "failed", "canceled")
TOKEN = "of-this-visit"


class MollieScreens:
    """`changed`: the screens ask for a script, as they may one day."""

    def __init__(self, wire: MollieWire) -> None:
        self.mollie, self.changed = wire.mollie, False
        self.app = Starlette(
            routes=[
                Route("/checkout/{id}", self.ways, methods=["GET"]),
                Route("/checkout/test-mode/{id}", self.states, methods=["GET"]),
                Route("/checkout/test-mode/{id}", self.press, methods=["POST"]),
                Mount("/", wire.app),
            ]
        )

    def ways(self, request: Request) -> Response:
        """How one may pay."""
        if self.changed:
            return HTMLResponse(
                '<!doctype html><title>Mollie</title><div id="app"></div><script src="/app.js"></script>'
            )
        buttons = "".join(f'<button name="method" value="{one}">{one}</button>' for one in self.mollie.methods)
        way = f"/checkout/test-mode/{request.path_params['id']}"
        return HTMLResponse(f'<!doctype html><title>Mollie</title><form action="{way}">{buttons}</form>')

    def states(self, request: Request) -> Response:
        """What should become of it."""
        del request
        radios = "".join(f'<input type="radio" name="final_state" value="{one}">{one}' for one in STATES)
        hidden = f'<input type="hidden" name="token" value="{TOKEN}">'
        page = (
            f'<!doctype html><title>Mollie</title><form method="post">{hidden}{radios}<button>Continue</button></form>'
        )
        return HTMLResponse(page)

    async def press(self, request: Request) -> Response:
        """So it is."""
        id = request.path_params["id"]
        given = dict(parse_qsl((await request.body()).decode()))
        state = given.get("final_state", "")
        if given.get("token") != TOKEN or state not in STATES:
            return HTMLResponse("<!doctype html><title>Mollie</title><p>This form is not ours.", 403)
        if state == "paid":
            await run_in_threadpool(self.mollie.pay, id)
        elif state != "open":
            await run_in_threadpool(self.mollie.fail, id, state)
        return RedirectResponse(self.mollie.rows[id]["redirectUrl"], 303)
