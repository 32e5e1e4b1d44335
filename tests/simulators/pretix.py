"""A pretix in memory: the calls of its API that we read, and the few that fill it, as its documentation and 2026.8 answer.

Held to the same laws as the real one, and to the same season (tests/servers/pretix_seed.py): a reader finds the same in both.
It checks tokens and pages as pretix does; what it stores it does not validate. Prices, languages and reservations are ours to
read, not its to compute: it only counts what is left. Times are the injected clock's.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from itertools import count
from typing import Any

import httpx

Row = dict[str, Any]
BASE_URL = "https://pretix.simulated.invalid"
DEFAULTS: Mapping[str, Row] = {
    "events": {
        "presale_start": None,
        "presale_end": None,
        "date_admission": None,
        "geo_lat": None,
        "geo_lon": None,
    }
    | {
        "seating_plan": None,
        "seat_category_mapping": {},
        "all_sales_channels": True,
        "limit_sales_channels": [],
    },
    "subevents": {
        "presale_start": None,
        "presale_end": None,
        "date_admission": None,
        "geo_lat": None,
        "geo_lon": None,
    }
    | {"seating_plan": None, "seat_category_mapping": {}, "frontpage_text": None},
    "items": {
        "all_sales_channels": True,
        "limit_sales_channels": [],
        "free_price": False,
        "description": None,
    }
    | {
        "available_from": None,
        "available_from_mode": "hide",
        "available_until": None,
        "available_until_mode": "hide",
    }
    | {"require_voucher": False, "hide_without_voucher": False, "require_bundling": False},
    "quotas": {"closed": False, "ignore_for_event_availability": False},
}
SETTINGS: Row = {
    "frontpage_text": {},
    "og_image": None,
    "logo_image": None,
    "show_times": True,
    "locales": ["nl"],
    "max_items_per_order": 10,
}


class PretixSimulator:
    """One installation with any number of organizers; `transport()` is how a client reaches it."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.organizers: dict[str, Organizer] = {}
        self.clock = clock

    def organizer(self, slug: str, token: str) -> "Organizer":
        """Add an organizer with a token that may do everything there."""
        self.organizers[token] = Organizer(slug, self.clock)
        return self.organizers[token]

    def transport(self) -> httpx.BaseTransport:
        """Reach it without a network."""
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one call."""
        found = re.fullmatch(r"/api/v1/organizers/([^/]+)/(.*)", request.url.path)
        if not found:
            return httpx.Response(404, html="<!DOCTYPE html><title>Niet gevonden</title>")
        organizer = self.organizers.get(request.headers.get("authorization", "").removeprefix("Token "))
        if organizer is None:
            return httpx.Response(401, json={"detail": "Invalid token."})
        if organizer.slug != found[1]:
            return httpx.Response(403, json={"detail": "Je hebt geen toestemming om deze actie uit te voeren."})
        body = json.loads(request.content) if request.content else {}
        return organizer.answer(request, [part for part in found[2].split("/") if part], body)


class Organizer:
    """The rows of one organizer, by the path of their list: ("events",), ("events", "jazz", "items") …"""

    def __init__(self, slug: str, clock: Callable[[], datetime]) -> None:
        self.slug, self.clock = slug, clock
        self.lists: dict[tuple[str, ...], dict[str, Row]] = {}
        self.settings: dict[str, Row] = {}
        self.modified: dict[tuple[str, ...], datetime] = {}
        self._ids = count(1)

    def answer(self, request: httpx.Request, path: list[str], body: Row) -> httpx.Response:
        """Answer a call below this organizer."""
        if path[0] == "events" and len(path) > 1 and path[1] not in self.rows("events"):
            return httpx.Response(403, json={"detail": "Je hebt geen toestemming om deze actie uit te voeren."})
        if path[-1] == "settings":
            own = self.settings.setdefault(path[1], deepcopy(SETTINGS))
            own.update(body)
            return httpx.Response(200, json=own)
        if path[-1] == "bulk_block":
            self.rows(*path[:-2], "blocked").update({guid: {} for guid in body["seat_guids"]})
            return httpx.Response(200, json={})
        if request.method == "GET":
            return self._list(request, path)
        return getattr(self, f"_{request.method.lower()}")(path, body)

    def rows(self, *path: str) -> dict[str, Row]:
        """The list at that path, by id."""
        return self.lists.setdefault(path, {})

    def _post(self, path: list[str], body: Row) -> httpx.Response:
        kind = path[-1]
        name = body["slug"] if kind == "events" else str(next(self._ids))
        if name in self.rows(*path):
            return httpx.Response(400, json={"slug": ["This slug has already been used for a different event."]})
        row = deepcopy(DEFAULTS.get(kind, {})) | body
        row |= {"public_url": f"{BASE_URL}/{self.slug}/{name}/"} if kind == "events" else {"id": int(name)}
        for variation in row.get("variations", ()) if kind == "items" else ():
            variation["id"] = next(self._ids)
        row |= {"event": path[1]} if kind == "subevents" else {"code": f"A{name}"} if kind == "orders" else {}
        return self._stored(path, name, row, 201)

    def _patch(self, path: list[str], body: Row) -> httpx.Response:
        *parent, name = path
        return self._stored(parent, name, self.rows(*parent)[name] | body, 200)

    def _delete(self, path: list[str], body: Row) -> httpx.Response:
        *parent, name = path
        del self.rows(*parent)[name]
        self.lists = {place: rows for place, rows in self.lists.items() if place[: len(path)] != tuple(path)}
        return httpx.Response(204)

    def _stored(self, parent: list[str], name: str, row: Row, status: int) -> httpx.Response:
        self.rows(*parent)[name] = row
        self.modified[tuple(parent)] = self.clock()
        return httpx.Response(status, json=row)

    def _list(self, request: httpx.Request, path: list[str]) -> httpx.Response:
        query = dict(request.url.params)
        headers = {"date": format_datetime(self.clock(), usegmt=True)}
        if path[-1] == "items" and tuple(path) in self.modified:
            changed = self.modified[tuple(path)].replace(microsecond=0)
            headers["last-modified"] = format_datetime(changed, usegmt=True)
            since = request.headers.get("if-modified-since")
            if since and changed <= parsedate_to_datetime(since):
                return httpx.Response(304, headers=headers)
        rows = list(self._rows(path, query))
        size, page = min(int(query.get("page_size", 50)), 50), int(query.get("page", 1))
        if page > 1 and (page - 1) * size >= len(rows):
            return httpx.Response(404, json={"detail": "Ongeldige pagina."})
        more = str(request.url.copy_merge_params({"page": page + 1})) if page * size < len(rows) else None
        found = {
            "count": len(rows),
            "next": more,
            "previous": None,
            "results": rows[(page - 1) * size : page * size],
        }
        return httpx.Response(200, headers=headers, json=found)

    def _rows(self, path: list[str], query: Mapping[str, str]) -> Iterator[Row]:
        """The rows of a list as the query asks for them, in pretix' order."""
        if path == ["subevents"]:
            every = [row for event in self.rows("events") for row in self.rows("events", event, "subevents").values()]
            after = datetime.fromisoformat(query.get("ends_after", "1970-01-01T00:00:00+00:00"))
            yield from (row for row in every if datetime.fromisoformat(row["date_to"] or row["date_from"]) >= after)
        elif path[-1] == "quotas":
            yield from (row | self._room(path[1], row) for row in self.rows(*path).values())
        elif path[-1] == "seats":
            yield from self._seats(path, query)
        elif path[-1] == "items":
            rates = {row["id"]: row["rate"] for row in self.rows("events", path[1], "taxrules").values()}
            for row in self.rows(*path).values():
                yield row | {"tax_rate": rates.get(row.get("tax_rule"), "0.00")}
        else:
            yield from (
                row
                for _, row in sorted(self.rows(*path).items(), key=lambda pair: pair[0] if path == ["events"] else "")
            )

    def _positions(self, event: str) -> Iterator[Row]:
        for order in self.rows("events", event, "orders").values():
            yield from order["positions"]

    def _room(self, event: str, quota: Row) -> Row:
        """What is left of a quota."""
        if quota["size"] is None:
            return {"available": True, "available_number": None}
        sold = [
            position
            for position in self._positions(event)
            if position["subevent"] == quota["subevent"]
            and (position["variation"] or position["item"]) in quota["variations" if position["variation"] else "items"]
        ]
        left = 0 if quota["closed"] else max(0, quota["size"] - len(sold))
        return {"available": left > 0, "available_number": left}

    def _seats(self, path: list[str], query: Mapping[str, str]) -> Iterator[Row]:
        """The seats of an event, or of a date of a series."""
        date = self.rows(*path[:2], "subevents")[path[3]] if len(path) > 3 else None
        occasion = date or self.rows("events")[path[1]]
        blocked = self.rows(*path[:-1], "blocked")
        taken = {p.get("seat") for p in self._positions(path[1]) if p["subevent"] == (date and date["id"])}
        hidden = (taken if query.get("is_available") == "true" else set()) | (
            blocked.keys() if query.get("blocked") == "false" else set()
        )
        for zone in self.rows("seatingplans")[str(occasion["seating_plan"])]["layout"]["zones"]:
            guids = [seat["seat_guid"] for row in zone["rows"] for seat in row["seats"]]
            yield from ({"seat_guid": guid, "blocked": guid in blocked} for guid in guids if guid not in hidden)
