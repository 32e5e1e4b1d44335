"""Puts the stand-in on a wire: the token server and the operations that a webshop needs, with what goes wrong on command.

`moods`: one for each request to come, "METHOD /path" or "" for any → "unauthorized", "forbidden", "busy", "busy:2" (Retry-After), "broken" (500
before anything), "down" (503), "fails_after" (500 when it was done), "lost" (done, and the line breaks), "garbled" (done, and nobody can
read the answer), "hang" (no answer). `quirks`: documented oddities, see QUIRKS.
"""

import asyncio
import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.uitpas.region import Client
from demo.uitpas.simulator import PROBS, Fault, Sale, Tariff, Uitpas

QUIRKS = ("other_spelling", "status_in_words", "bare_answers", "other_number", "shuffled", "not_found_404")
LASTS = timedelta(days=1)


@dataclass
class Exchange:
    """A request and what was answered."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    status: int
    answer: Any


@dataclass
class Mood:
    """What goes wrong with the next request to `where`."""

    what: str
    where: str = ""


@dataclass
class UitpasWire:
    """The stand-in behind an app."""

    uitpas: Uitpas
    moods: list[Mood] = field(default_factory=list)
    quirks: set[str] = field(default_factory=set)
    seen: list[Exchange] = field(default_factory=list)
    tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    renewals: int = 0
    black_hole: bool = False
    """Nothing is answered at all."""

    def __post_init__(self) -> None:
        self.app = Starlette(
            routes=[
                Route("/realms/uitid/protocol/openid-connect/token", self.token, methods=["POST"]),
                Route("/{path:path}", self.api, methods=["GET", "POST", "PUT", "DELETE"]),
            ]
        )

    async def token(self, request: Request) -> Response:
        """A token for a client."""
        mood = self._mood("POST /token")
        if self.black_hole or mood == "hang":
            return await _hang(request)
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        header = request.headers.get("authorization", "")
        if header.startswith("Basic "):
            name, _, word = base64.b64decode(header[6:]).decode().partition(":")
            form |= {"client_id": name, "client_secret": word}
        self.renewals += 1
        if mood:
            return _trouble(mood)
        known = self._client(form.get("client_id", ""))
        if known is None or known.secret != form.get("client_secret") or form.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "invalid_client", "error_description": "Invalid client credentials"}, 401)
        word = secrets.token_urlsafe(24)
        self.tokens[word] = (known.id, self.uitpas.now() + LASTS)
        return JSONResponse({"access_token": word, "expires_in": int(LASTS.total_seconds()), "token_type": "Bearer"})

    async def api(self, request: Request) -> Response:
        """One operation."""
        path, body = request.url.path, await request.body()
        mood = self._mood(f"{request.method} {path}")
        if self.black_hole or mood == "hang":
            return await _hang(request)
        if mood in ("forbidden", "broken", "down") or mood.startswith("busy"):
            return self._note(request, body, _trouble(mood))
        if mood == "unauthorized":
            self.tokens.clear()
        try:
            answer = await run_in_threadpool(self._answer, request, body)
        except Fault as no:
            answer = self._problem(no)
        self._note(request, body, answer)
        if mood == "fails_after":
            return _trouble("broken")
        if mood == "garbled":
            return Response(b"<html>oops", 200, media_type="application/json")
        if mood == "lost":
            raise ConnectionResetError("the line broke")
        return answer

    def _answer(self, request: Request, body: bytes) -> Response:
        client = self._let_in(request)
        query, parts = dict(request.query_params), request.url.path.strip("/").split("/")
        match (request.method, *parts):
            case ("GET", "permissions"):
                return JSONResponse(self._permissions(client))
            case ("GET", "tariffs"):
                found, message = self.uitpas.tariffs(
                    client, query["eventId"], query["uitpasNumber"], _cents(query["regularPrice"])
                )
                told = {"available": [_told(one) for one in found]}
                return JSONResponse(told | ({"endUserMessage": message} if message else {}))
            case ("GET", "tariffs", "static"):
                found = self.uitpas.static(client, query["eventId"], _cents(query["regularPrice"]))
                return JSONResponse({"available": [_told(one) for one in found]})
            case ("POST", "ticket-sales"):
                return JSONResponse(self._sold_now(self.uitpas.register(client, _rows(body))))
            case ("GET", "ticket-sales"):
                return JSONResponse(self._page(client, query))
            case ("DELETE", "ticket-sales", id):
                self.uitpas.cancel(client, id)
                return Response(status_code=204)
            case ("GET", "events", id, "card-systems"):
                event = self.uitpas.event(id)
                organizer = next(one for one in self.uitpas.region.organizers if one.id == event.organizer)
                systems = [one for one in self.uitpas.region.systems if one.id in organizer.systems]
                return JSONResponse([{"id": one.id, "name": one.name, "enabled": event.enabled} for one in systems])
        raise Fault("url/not-found", 404)

    def _let_in(self, request: Request) -> Client:
        word = request.headers.get("authorization", "").removeprefix("Bearer ")
        id, until = self.tokens.get(word, ("", datetime.min.replace(tzinfo=UTC)))
        known = self._client(id)
        if known is None or until <= self.uitpas.now():
            raise Fault("auth/unauthorized", 401)
        return known

    def _client(self, id: str) -> Client | None:
        return next((one for one in self.uitpas.region.clients if one.id == id), None)

    def _permissions(self, client: Client) -> list[dict[str, Any]]:
        names = {one.id: one.name for one in self.uitpas.region.organizers}
        details = [{"id": one, "label": {"nl": one}, "cardSystemIds": [1]} for one in client.permissions]
        return [
            {"organizer": {"id": id, "name": names[id]}, "permissions": list(client.permissions), "permissionDetails": details}
            for id in client.organizers
        ]  # fmt: skip

    def _page(self, client: Client, query: Mapping[str, str]) -> dict[str, Any]:
        if "eventId" not in query:
            raise Fault("body/invalid-data")
        start, limit = int(query.get("start", "0")), int(query.get("limit", "20"))
        if limit > 500:
            raise Fault("url/query-limit-exceeded")
        found = self.uitpas.sold(client, query["eventId"])
        return {"totalItems": len(found), "member": [self._sale(one) for one in found[start : start + limit]]}

    def _sold_now(self, sales: list[Sale]) -> list[dict[str, Any]]:
        rows = [self._sale(one) for one in sales]
        for row in rows:
            if "bare_answers" in self.quirks:
                del row["regularPrice"]
            if "other_number" in self.quirks:
                row["uitpasNumber"] = "0560002524314"
        return rows[::-1] if "shuffled" in self.quirks else rows

    def _sale(self, sale: Sale) -> dict[str, Any]:
        tariff = {name: value for name, value in _told(sale.tariff).items() if name != "remaining"}
        return {
            "id": sale.id, "creationDate": sale.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "tariff": tariff, "uitpasNumber": sale.number,
            "eventId": sale.event, "eventTitle": self.uitpas.event(sale.event).title, "regularPrice": sale.regular / 100,
            "regularPriceLabel": sale.label,
        }  # fmt: skip

    def _problem(self, no: Fault) -> Response:
        kind, status = no.kind, no.status
        if "other_spelling" in self.quirks and kind == "uitpas/invalid-uitpasnumber":
            kind = "uitpas/invalid-uitpas-number"
        if "not_found_404" in self.quirks and kind == "uitpas/event-not-found":
            status = 404
        title = kind.rpartition("/")[2].replace("-", " ").capitalize()
        body: dict[str, Any] = {"type": PROBS + kind, "title": title, "status": status}
        if "status_in_words" in self.quirks:
            body["status"] = str(status)
        if no.words:
            body["endUserMessage"] = dict(no.words)
        if no.pointer:
            body["schemaErrors"] = [{"jsonPointer": no.pointer, "error": title}]
        return JSONResponse(body, status, media_type="application/problem+json")

    def _mood(self, asked: str) -> str:
        found = next((one for one in self.moods if asked.startswith(one.where)), None)
        if found:
            self.moods.remove(found)
        return found.what if found else ""

    def _note(self, request: Request, body: bytes, answer: Response) -> Response:
        sent, given = (json.loads(one) if one else None for one in (body, bytes(answer.body)))
        self.seen.append(
            Exchange(request.method, request.url.path, dict(request.query_params), sent, answer.status_code, given)
        )
        return answer


async def _hang(request: Request) -> Response:
    """Say nothing until who asked has gone."""
    while not await request.is_disconnected():  # noqa: ASYNC110 - nothing tells when somebody hangs up
        await asyncio.sleep(0.05)
    return Response(status_code=499)


def _trouble(mood: str) -> Response:
    name, _, wait = mood.partition(":")
    status, kind = {
        "forbidden": (403, "auth/forbidden"), "broken": (500, "error"), "down": (503, "error"), "busy": (429, "uitpas/rate-limited"),
    }[name]  # fmt: skip
    body = {"type": PROBS + kind, "title": name, "status": status}
    return JSONResponse(body, status, {"retry-after": wait} if wait else None, media_type="application/problem+json")


def _rows(body: bytes) -> list[dict[str, Any]]:
    if not body:
        raise Fault("body/missing")
    try:
        rows = json.loads(body)
    except ValueError as error:
        raise Fault("body/invalid-syntax") from error
    good = isinstance(rows, list) and rows and all(map(_is_whole, rows))
    if not good:
        raise Fault("body/invalid-data", pointer="/0")
    return list(rows)


def _is_whole(row: Any) -> bool:
    """Whether a sale has all that it must have. A price in words is none."""
    if not isinstance(row, dict) or not isinstance(row.get("tariff"), dict):
        return False
    price = row.get("regularPrice")
    texts = (row["tariff"].get("id"), row.get("eventId"), row.get("uitpasNumber"))
    return isinstance(price, (int, float)) and price >= 0 and all(isinstance(one, str) and one for one in texts)


def _told(tariff: Tariff) -> dict[str, Any]:
    return {
        "id": tariff.id,
        "name": tariff.name,
        "price": tariff.price / 100,
        "type": tariff.type,
        "remaining": tariff.remaining,
    }


def _cents(given: str) -> int:
    try:
        return round(float(given) * 100)
    except ValueError as error:
        raise Fault("body/invalid-data") from error
