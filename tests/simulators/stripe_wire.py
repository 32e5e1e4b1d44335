"""Puts the simulated Stripe on a wire, for its real SDK: keys, form bodies, idempotency, expansion, errors, and the page one pays on.

What goes wrong on the way is asked for with `moods`, one for each request to come: "busy" (429, nothing happened), "down" (503,
nothing happened), "lost" (done, but the answer never came), "broken" (500 before anything was done, which the key then repeats). `writes` are moods for requests that change something. `barred` are the
addresses that a restricted key may not ask.
"""

import html
import threading
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.simulators.stripe import Fault, Row, shown
from tests.simulators.stripe_connect import StripeConnectSimulator

LAPSES = timedelta(hours=24)
DEEPEST = 4


@dataclass
class Exchange:
    """A request and what was answered, before anything was expanded."""

    method: str
    path: str
    params: Row
    status: int
    answer: Row
    headers: dict[str, str]


@dataclass
class Kept:
    """What was answered under an idempotency key."""

    at: datetime
    request: tuple[str, str]
    status: int
    answer: Row


class StripeWire:
    """The simulator behind an app."""

    def __init__(self, stripe: StripeConnectSimulator) -> None:
        self.stripe = stripe
        self.moods: list[str] = []
        self.writes: list[str] = []
        self.barred: set[str] = set()
        self.seen: list[Exchange] = []
        self._keys: dict[str, Kept] = {}
        self._lock = threading.Lock()
        self.app = Starlette(
            routes=[
                Route("/c/pay/{id}", self.page, methods=["GET"]),
                Route("/c/pay/{id}", self.press, methods=["POST"]),
                Route("/bank/{id}", self.bank, methods=["GET"]),
                Route("/favicon.ico", lambda _: Response(status_code=204)),
                Route("/{path:path}", self.api, methods=["GET", "POST"]),
            ]
        )

    async def api(self, request: Request) -> Response:
        """Answer a call of the SDK."""
        text = (await request.body()).decode() if request.method == "POST" else request.url.query
        return await run_in_threadpool(self._answer, request, text)

    def _answer(self, request: Request, text: str) -> Response:
        with self._lock:
            mood = self.moods.pop(0) if self.moods else ""
            if request.method == "POST" and self.writes:
                mood = self.writes.pop(0)
            headers = {
                "request-id": f"req_{len(self.seen)}",
                "stripe-version": request.headers.get("stripe-version", ""),
            }
            try:
                self._let_in(request, mood)
                if mood == "down":
                    return HTMLResponse("<h1>503 Service Unavailable</h1>", 503)
                params = nested(text)
                _look_for_empty(request.method, params)
                expand = params.pop("expand", [])
                kept, again = self._once(request, text, params, broken=mood == "broken")
                if mood == "lost":
                    return HTMLResponse("<h1>502 Bad Gateway</h1>", 502)
                self.seen.append(
                    Exchange(request.method, request.url.path, params, kept.status, kept.answer, dict(request.headers))
                )
                answer = deepcopy(kept.answer)
                for way in expand if kept.status == 200 else ():
                    self._expand(answer, way)
                return JSONResponse(answer, kept.status, headers | ({"idempotent-replayed": "true"} if again else {}))
            except Fault as fault:
                return JSONResponse(fault.body, fault.status, headers)

    def _let_in(self, request: Request, mood: str) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if given != self.stripe.key:
            say = f"Invalid API Key provided: {given[:8]}{'*' * 8}{given[-4:]}"
            raise Fault(say, status=401)
        if request.url.path in self.barred:
            raise Fault("The provided key does not have the required permissions for this endpoint.", status=403)
        if mood == "busy":
            say = "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits."
            raise Fault(say, status=429, code="rate_limit")

    def _once(self, request: Request, text: str, params: Row, *, broken: bool) -> tuple[Kept, bool]:
        """Do it, or say again what was said under this key. What was refused as wrong is not kept."""
        key, now = request.headers.get("idempotency-key", ""), self.stripe.clock()
        asked = (f"{request.method} {request.url.path}", text)
        known = self._keys.get(key)
        if request.method == "POST" and known and now - known.at < LAPSES:
            if known.request != asked:
                say = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                )
                say += f"Try using a key other than '{key}' if you meant to execute a different request."
                raise Fault(say, kind="idempotency_error")
            return known, True
        if broken:
            wrong = {"error": {"message": "An unknown error occurred", "type": "api_error"}}
            kept = Kept(now, asked, 500, wrong)
        else:
            kept = Kept(now, asked, *self._done(request.method, request.url.path, params))
        if request.method == "POST" and key:
            self._keys[key] = kept
        return kept, False

    def _done(self, method: str, path: str, params: Row) -> tuple[int, Row]:
        try:
            return 200, deepcopy(self._act(method, path, params))
        except Fault as fault:
            if not fault.kept:
                raise
            return fault.status, fault.body

    def _act(self, method: str, path: str, params: Row) -> Row:
        acts: dict[tuple[str, ...], Callable[[], Row]] = {
            ("POST", "v1", "checkout", "sessions"): lambda: self.stripe.create_session(params),
            ("GET", "v1", "checkout", "sessions"): lambda: self._list("checkout.session", path, params),
            ("POST", "v1", "refunds"): lambda: self.stripe.refund(params),
            ("GET", "v1", "refunds"): lambda: self._list("refund", path, params),
            ("POST", "v1", "transfers"): lambda: self.stripe.transfer(params),
            ("GET", "v1", "transfers"): lambda: self._list("transfer", path, params),
            ("GET", "v1", "disputes"): lambda: self._list("dispute", path, params),
            ("GET", "v1", "balance"): lambda: {
                "object": "balance",
                "livemode": "_live_" in self.stripe.key,
                "available": [],
            },
        }
        parts = tuple(path.strip("/").split("/"))
        if (method, *parts) in acts:
            return shown(acts[method, *parts]())
        match (method, *parts):
            case ("GET", "v1", "checkout", "sessions", id):
                return shown(self.stripe.find(id, "checkout.session", "session"))
            case ("POST", "v1", "checkout", "sessions", id, "expire"):
                return shown(self.stripe.expire(id))
            case ("POST", "v1", "transfers", id, "reversals"):
                return shown(self.stripe.reverse(id, params))
            case ("GET", "v1", "transfers", id, "reversals"):
                return self._list("transfer_reversal", path, params | {"transfer": id})
            case ("GET", "v1", "accounts", id):
                return shown(self.stripe.account(id))
        say = f"Unrecognized request URL ({method}: {path})."
        raise Fault(say, status=404)

    def _list(self, kind: str, path: str, params: Row) -> Row:
        """A page of a list, the newest first."""
        born = params.get("created", {})
        first, last = int(born.get("gte", 0)), int(born.get("lte", 10**12))
        wanted = {name: params[name] for name in ("payment_intent", "transfer_group", "transfer") if name in params}
        after = params.get("starting_after", "")
        rows = self.stripe.list(
            kind, lambda row: first <= row["created"] <= last and wanted.items() <= _plain(row).items()
        )
        if after:
            rows = rows[[row["id"] for row in rows].index(after) + 1 :]
        size = int(params.get("limit", 10))
        return {
            "object": "list",
            "url": path,
            "has_more": len(rows) > size,
            "data": [shown(row) for row in rows[:size]],
        }

    def _expand(self, row: Row, way: str) -> None:
        head, *rest = way.split(".")
        if 1 + len(rest) > DEEPEST:
            raise Fault("You cannot expand more than 4 levels of a property.", param="expand")
        if head == "data":
            for one in row["data"]:
                self._expand(one, ".".join(rest))
            return
        if head == "refunds" and row["object"] == "charge":
            made = self.stripe.list("refund", lambda one: one["charge"] == row["id"])
            data = [shown(one) for one in made[:10]]
            row["refunds"] = {"object": "list", "url": "/v1/refunds", "has_more": len(made) > 10, "data": data}
        if head not in row:
            raise Fault(f"This property cannot be expanded ({head}).", param="expand")
        if isinstance(row[head], str):
            row[head] = deepcopy(shown(self.stripe.rows[row[head]]))
        if rest and row[head]:
            self._expand(row[head], ".".join(rest))

    # --- the page --------------------------------------------------------------------------------------------------

    def page(self, request: Request) -> Response:
        """What a visitor sees: what it costs, and how one may pay."""
        session = self.stripe.find(request.path_params["id"], "checkout.session", "session")
        if session["status"] != "open":
            return HTMLResponse("<!doctype html><title>Stripe</title><p>This page has expired.", 410)
        ways = {
            "bancontact": "Bancontact",
            "card": "Kaart",
            "sepa_debit": "Domiciliëring",
            "declined": "Een geweigerde kaart",
        }
        buttons = "".join(f'<button name="way" value="{way}">{name}</button> ' for way, name in ways.items())
        back = html.escape(session["cancel_url"] or "")
        return HTMLResponse(
            f'<!doctype html><html lang="nl"><title>Stripe, nagebootst</title><h1>€ {session["amount_total"] / 100:.2f}</h1>'
            f'<form method="post">{buttons}</form><a href="{back}">Terug</a>'
        )

    async def press(self, request: Request) -> Response:
        """A visitor chose how to pay, or confirmed at the bank."""
        id = request.path_params["id"]
        way = dict(parse_qsl((await request.body()).decode())).get("way", "")
        if way == "bancontact":
            return RedirectResponse(f"/bank/{id}", 303)
        if way == "declined":
            return RedirectResponse(f"/c/pay/{id}", 303)
        back = self.stripe.rows[id]["success_url"]
        act = self.stripe.begin if way == "sepa_debit" else self.stripe.pay
        await run_in_threadpool(act, id, "bancontact" if way == "confirmed" else way)
        return RedirectResponse(back, 303)

    def bank(self, request: Request) -> Response:
        """The bank's own page, to which Bancontact sends the visitor."""
        return HTMLResponse(
            f'<!doctype html><html lang="nl"><title>Bank</title><form method="post" action="/c/pay/{html.escape(request.path_params["id"])}">'
            '<button name="way" value="confirmed">Bevestigen</button></form>'
        )


def _look_for_empty(method: str, params: Row) -> None:
    """To unset something is all that an empty text is for."""
    empty = [name for name, value in params.items() if value == ""]
    if method == "GET" and empty:
        raise Fault(f"You passed an empty string for '{empty[0]}'.", code="parameter_invalid_empty", param=empty[0])


def _plain(row: Row) -> Row:
    return {name: value for name, value in row.items() if isinstance(value, str)}


def nested(text: str) -> Row:
    """What a form of Stripe's says: a[b][0][c]=d."""
    made: Row = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *above, last = name.replace("]", "").split("[")
        place = made
        for part in above:
            place = place.setdefault(part, {})
        place[last] = value
    found: Row = _listed(made)
    return found


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    return list(inner.values()) if inner and all(name.isdigit() for name in inner) else inner
