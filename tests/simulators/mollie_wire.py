"""The simulated Mollie on a wire: its API for the real SDK, and its hosted page for a browser.

`moods` are the next answers' moods: "busy" (too many calls), "down" (nothing is done), "lost" (it is done, and the answer is not
there), "broken" (a fault, which its key repeats; what Mollie really does then is told nowhere). Keys are remembered for an hour.
`writes` are the moods of the next answers to what changes something.
"""

import html
import json
import threading
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.simulators.mollie import Fault, Row
from tests.simulators.mollie_connect import MollieConnectSimulator

LAPSES = timedelta(hours=1)
WAYS = {
    "bancontact": "Bancontact",
    "creditcard": "Kaart",
    "belfius": "Belfius",
    "failed": "Mislukt",
    "canceled": "Annuleren",
}


@dataclass
class Exchange:
    """A request and its answer."""

    method: str
    path: str
    given: Row
    status: int
    answer: Row
    headers: dict[str, str]


class MollieWire:
    """The simulator behind an app."""

    def __init__(self, mollie: MollieConnectSimulator) -> None:
        self.mollie = mollie
        self.moods: list[str] = []
        self.writes: list[str] = []
        self.seen: list[Exchange] = []
        self._keys: dict[str, tuple[object, str, int, Row]] = {}
        self._lock = threading.Lock()
        self.app = Starlette(
            routes=[
                Route("/checkout/{id}", self.page, methods=["GET"]),
                Route("/checkout/{id}", self.press, methods=["POST"]),
                Route("/bank/{id}", self.bank, methods=["GET"]),
                Route("/favicon.ico", lambda _: Response(status_code=204)),
                Route("/v2/{path:path}", self.api, methods=["GET", "POST", "DELETE"]),
            ]
        )

    async def api(self, request: Request) -> Response:
        """Answer a call of the SDK."""
        body = await request.body()
        return await run_in_threadpool(self._answer, request, body)

    def _answer(self, request: Request, body: bytes) -> Response:
        with self._lock:
            mood = self.moods.pop(0) if self.moods else ""
            if request.method == "POST" and self.writes:
                mood = self.writes.pop(0)
            if mood == "down":
                return HTMLResponse("<h1>503 Service Unavailable</h1>", 503)
            given = json.loads(body) if request.method == "POST" else dict(request.query_params)
            try:
                self._let_in(request.headers.get("authorization", ""), mood)
                status, answer, again = self._once(request, body, given, broken=mood == "broken")
            except Fault as fault:
                status, answer, again = fault.status, fault.body, False
            if mood == "lost":
                return HTMLResponse("<h1>502 Bad Gateway</h1>", 502)
            self.seen.append(
                Exchange(request.method, request.url.path, given, status, deepcopy(answer), dict(request.headers))
            )
            more = {"idempotent-replayed": "true"} if again else {}
            return Response(json.dumps(answer), status, more, media_type="application/hal+json")

    def _let_in(self, given: str, mood: str) -> None:
        if given != f"Bearer {self.mollie.key}":
            raise Fault(401, f"Missing authentication, or failed to authenticate: {given}")
        if mood == "busy":
            raise Fault(429, "Too many requests")

    def _once(self, request: Request, body: bytes, given: Row, *, broken: bool) -> tuple[int, Row, bool]:
        """Do it, or say again what was said under this key, whatever is asked now."""
        key, now = request.headers.get("idempotency-key", ""), self.mollie.clock()
        at, path, status, answer = self._keys.get(key, (None, "", 0, {}))
        if request.method == "POST" and at and now - at < LAPSES and path == request.url.path:  # type: ignore[operator]
            return status, answer, True
        if broken:
            status, answer = 500, Fault(500, "Something went wrong").body
        else:
            status, answer = self._act(request.method, request.url.path, given)
            answer = deepcopy(answer)
        if request.method == "POST" and key:
            self._keys[key] = (now, request.url.path, status, answer)
        return status, answer, False

    def _act(self, method: str, path: str, given: Row) -> tuple[int, Row]:
        match (method, *path.strip("/").split("/")[1:]):
            case ("POST", "payments"):
                return 201, self.mollie.create(given)
            case ("GET", "payments"):
                return 200, self._list(given)
            case ("GET", "payments", id):
                return 200, self.mollie.shown(self.mollie.find(id), given.get("embed", ""))
            case ("DELETE", "payments", id):
                return 200, self.mollie.cancel(id)
            case ("POST", "payments", id, "refunds"):
                return 201, self.mollie.refund(id, given)
            case ("POST", "payments", id, "routes"):
                return 201, self.mollie.route(id, given)
            case ("GET", "payments", id, "routes"):
                rows = self.mollie.routes_of(id)
                about = {"href": "https://docs.mollie.com", "type": "text/html"}
                here = {"href": f"{self.mollie.home}/v2/payments/{id}/routes", "type": "application/hal+json"}
                return 200, {
                    "count": len(rows),
                    "_embedded": {"routes": rows},
                    "_links": {"self": here, "documentation": about},
                }
            case ("GET", "methods"):
                rows = [
                    {"resource": "method", "id": id, "description": id, "status": "activated"}
                    for id in self.mollie.methods
                ]
                return 200, {"count": len(rows), "_embedded": {"methods": rows}, "_links": {}}
        raise Fault(404, "No route")

    def _list(self, given: Row) -> Row:
        """A page of payments, the newest first."""
        ids, size = list(reversed(self.mollie.rows)), int(given.get("limit", 50))
        if given.get("from"):
            ids = ids[ids.index(given["from"]) :]
        rows, more = [self.mollie.find(id) for id in ids[:size]], ids[size : size + 1]
        next_ = (
            {"href": f"{self.mollie.home}/v2/payments?from={more[0]}&limit={size}", "type": "application/hal+json"}
            if more
            else None
        )
        self_ = {"href": f"{self.mollie.home}/v2/payments", "type": "application/hal+json"}
        links = {
            "self": self_,
            "previous": None,
            "next": next_,
            "documentation": {"href": "https://docs.mollie.com", "type": "text/html"},
        }
        return {"count": len(rows), "_embedded": {"payments": rows}, "_links": links}

    # --- the page --------------------------------------------------------------------------------------------------

    def page(self, request: Request) -> Response:
        """What a visitor sees: what it costs, and how one may pay."""
        row = self.mollie.find(request.path_params["id"])
        if row["status"] != "open":
            return HTMLResponse("<!doctype html><title>Mollie</title><p>This payment is over.", 410)
        buttons = "".join(f'<button name="way" value="{way}">{name}</button> ' for way, name in WAYS.items())
        return HTMLResponse(
            f'<!doctype html><html lang="nl"><title>Mollie, nagebootst</title><h1>€ {row["amount"]["value"]}</h1><form method="post">{buttons}</form>'
        )

    async def press(self, request: Request) -> Response:
        """A visitor chose how to pay, confirmed at the bank, or gave up."""
        id = request.path_params["id"]
        way = dict(parse_qsl((await request.body()).decode())).get("way", "")
        if way == "bancontact":
            return RedirectResponse(f"/bank/{id}", 303)
        if way in ("failed", "canceled"):
            await run_in_threadpool(self.mollie.fail, id, way)
        else:
            act = self.mollie.begin if way == "belfius" else self.mollie.pay
            await run_in_threadpool(act, id, "bancontact" if way == "confirmed" else way)
        return RedirectResponse(self.mollie.rows[id]["redirectUrl"], 303)

    def bank(self, request: Request) -> Response:
        """The bank's own page, to which Bancontact sends the visitor."""
        id = html.escape(request.path_params["id"])
        return HTMLResponse(
            f'<!doctype html><html lang="nl"><title>Bank</title><form method="post" action="/checkout/{id}"><button name="way" value="confirmed">Bevestigen</button></form>'
        )
