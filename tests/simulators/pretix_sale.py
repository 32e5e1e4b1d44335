"""A pretix in memory that also sells: carts, orders, payments, refunds and seats, as 2026.8 answers about them.

Held to the same laws as the real one (tests/adapters/test_pretix_ticketing.py). One lock is its quota lock. It knows what a client
could get wrong: half a cart is a 200; a code is taken once; late money is booked before anybody looks for places; and an
idempotency key whose worker died answers 409 for a day. Texts of errors are not pretix' own: nobody may read them.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.simulators.pretix import Organizer, PretixSimulator, Row

LISTS = frozenset(
    "events subevents items quotas categories seats seatingplans orders cartpositions orderpositions payments refunds".split()
)
LIVING = ("n", "p")
BRUSSELS = ZoneInfo("Europe/Brussels")


class No(Exception):
    """An answer that says no."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(body)
        self.status, self.body = status, body


class SellingPretix(PretixSimulator):
    """One installation that sells."""

    def organizer(self, slug: str, token: str) -> "SellingOrganizer":
        """Add an organizer with a token that may do everything there."""
        self.organizers[token] = made = SellingOrganizer(slug, self.clock)
        return made


class SellingOrganizer(Organizer):
    """The rows of one organizer, and its counter. `keys`: idempotency keys whose worker died."""

    def __init__(self, slug: str, clock: Callable[[], datetime]) -> None:
        super().__init__(slug, clock)
        self.lock = threading.RLock()
        self.keys: set[str] = set()

    def answer(self, request: httpx.Request, path: list[str], body: Any) -> httpx.Response:
        """Answer a call below this organizer, one after the other."""
        with self.lock:
            if request.headers.get("x-idempotency-key", "") in self.keys:
                return httpx.Response(409, headers={"retry-after": "5"}, json={"detail": "Concurrent request."})
            if path[0] == "events" and len(path) > 1 and path[1] not in self.rows("events"):
                return httpx.Response(403, json={"detail": "Forbidden."})
            try:
                return self._serve(request, path, body)
            except No as no:
                return httpx.Response(no.status, json=no.body)

    def _serve(self, request: httpx.Request, path: list[str], body: Any) -> httpx.Response:
        match request.method, path:
            case "GET", ["orders", code]:
                return httpx.Response(200, json=self._told(self._order(code)))
            case "POST", ["events", event, "orders"]:
                return httpx.Response(201, json=self._sell(event, body))
            case "PATCH", ["events", _, "orders", code]:
                self._order(code).update(body)
                return httpx.Response(200, json=self._told(self._order(code)))
            case "POST", ["events", _, "orders", code, *what]:
                self._do(self._order(code), what, body)
                return httpx.Response(200 if what != ["refunds"] else 201, json={})
            case "POST", ["events", event, "orderpositions", number, "regenerate_secrets"]:
                self._position(event, int(number))["secret"] = f"geheim{next(self._ids):010}"
                return httpx.Response(200, json={})
            case "DELETE", ["events", event, "orderpositions", number]:
                self._cancel_position(event, int(number))
                return httpx.Response(204)
            case "POST", ["events", event, "cartpositions", "bulk_create"]:
                return httpx.Response(200, json={"results": self._fill(event, body)})
            case "DELETE", ["events", event, "cartpositions", number]:
                if self.rows("events", event, "cartpositions").pop(number, None) is None:
                    raise No(404, {"detail": "Not found."})
                return httpx.Response(204)
            case "GET", [*parent, name] if name not in LISTS and name != "settings":
                if name not in self.rows(*parent):
                    raise No(404, {"detail": "Not found."})
                return httpx.Response(200, json=self.rows(*parent)[name])
        return super().answer(request, path, body)

    # --- what is left ---------------------------------------------------------------------------------------------

    def _rows(self, path: list[str], query: Mapping[str, str]) -> Iterator[Row]:
        if path[-1] == "cartpositions":
            found = sorted(self.rows(*path).values(), key=lambda row: (row["datetime"], row["id"]))
            yield from reversed(found) if query.get("ordering") == "-datetime" else found
        elif path[-1] == "quotas" and "subevent" in query:
            yield from (row for row in super()._rows(path, query) if str(row["subevent"]) == query["subevent"])
        else:
            yield from super()._rows(path, query)

    def _positions(self, event: str) -> Iterator[Row]:
        """What takes up room: living positions of living orders, and carts that have not lapsed."""
        now = self.clock()
        for order in self.rows("events", event, "orders").values():
            if order["status"] in LIVING:
                yield from (one for one in order["positions"] if not one["canceled"])
        for cart in self.rows("events", event, "cartpositions").values():
            if datetime.fromisoformat(cart["expires"]) > now:
                yield cart

    def _seats(self, path: list[str], query: Mapping[str, str]) -> Iterator[Row]:
        date = self.rows(*path[:2], "subevents")[path[3]] if len(path) > 3 else None
        occasion, number = date or self.rows("events")[path[1]], date and date["id"]
        blocked = self.rows(*path[:-1], "blocked")
        taken = {
            one["seat"]["seat_guid"]: one
            for one in self._positions(path[1])
            if one["seat"] and one["subevent"] == number
        }
        layout = self.rows("seatingplans")[str(occasion["seating_plan"])]["layout"]
        for zone in layout["zones"]:
            for row in zone["rows"]:
                for seat in row["seats"]:
                    guid, product = seat["seat_guid"], occasion["seat_category_mapping"].get(seat["category"])
                    who = taken.get(guid)
                    told = {"seat_guid": guid, "blocked": guid in blocked, "product": product, "voucher": None}
                    told |= {
                        "zone_name": zone["name"],
                        "row_name": row["row_number"],
                        "seat_number": seat["seat_number"],
                    }
                    told |= {"cartposition": who["id"] if who and "cart_id" in who else None}
                    told |= {"orderposition": who["id"] if who and "cart_id" not in who else None}
                    if _wanted(told, who, query):
                        yield told

    def _lacks(self, event: str, wanted: Row, ours: list[Row]) -> str:
        """The field in which a position cannot be had, '' when it can; `ours` are counted as taken too."""
        items, date = self.rows("events", event, "items"), wanted.get("subevent")
        item = items.get(str(wanted["item"]))
        if item is None or not item["active"]:
            return "item"
        which = "variations" if wanted.get("variation") else "items"
        id = wanted.get("variation") or wanted["item"]
        quotas = [
            row for row in self.rows("events", event, "quotas").values() if row["subevent"] == date and id in row[which]
        ]
        for quota in quotas:
            left = self._room(event, quota)["available_number"]
            used = sum(
                (one.get("variation") or one["item"]) in quota[which] for one in ours if one.get("subevent") == date
            )
            if left is not None and left <= used:
                return "item"
        if not quotas:
            return "item"
        return "" if self._seat_is_free(event, wanted, ours) else "seat"

    def _seat_is_free(self, event: str, wanted: Row, ours: list[Row]) -> bool:
        date, seat = wanted.get("subevent"), wanted.get("seat")
        occasion = self.rows("events", event, "subevents")[str(date)] if date else self.rows("events")[event]
        seated = wanted["item"] in occasion["seat_category_mapping"].values()
        if not seat or not seated:
            return bool(seat) == seated
        path = ["events", event, *(["subevents", str(date)] if date else []), "seats"]
        free = self._seats(path, {"is_available": "true", "blocked": "false", "seat_guid": seat})
        return any(free) and seat not in [one.get("seat") for one in ours if one.get("subevent") == date]

    def _price(self, event: str, wanted: Row) -> str:
        if wanted.get("price") is not None:
            return str(wanted["price"])
        item, date = self.rows("events", event, "items")[str(wanted["item"])], wanted.get("subevent")
        row = self.rows("events", event, "subevents")[str(date)] if date else {}
        prices = [
            one["price"] for one in row.get("variation_price_overrides", []) if one["variation"] == wanted["variation"]
        ]
        prices += [one["default_price"] for one in item.get("variations", []) if one["id"] == wanted["variation"]]
        prices += [one["price"] for one in row.get("item_price_overrides", []) if one["item"] == wanted["item"]]
        return str(next((price for price in prices if price is not None), item["default_price"]))

    # --- carts ----------------------------------------------------------------------------------------------------

    def _fill(self, event: str, rows: list[Row]) -> list[Row]:
        """Put in a cart what can be had, and say of the rest that it cannot."""
        results: list[Row] = []
        for row in rows:
            assert row["cart_id"].endswith("@api"), "Cart ID should end in @api or be empty."
            if lack := self._lacks(event, row, []):
                field = "non_field_errors" if lack == "item" else lack
                results.append({"success": False, "data": None, "errors": {field: ["No."]}})
                continue
            made = dict(row) | {"id": next(self._ids), "datetime": self.clock().isoformat()}
            made["seat"] = {"seat_guid": row["seat"]} if row.get("seat") else None
            self.rows("events", event, "cartpositions")[str(made["id"])] = made
            results.append({"success": True, "data": made, "errors": None})
        return results

    # --- orders ---------------------------------------------------------------------------------------------------

    def _order(self, code: str) -> Row:
        for path, rows in self.lists.items():
            if path[-1] == "orders" and code in rows:
                return rows[code]
        raise No(404, {"detail": "Not found."})

    def _sell(self, event: str, body: Row) -> Row:
        """Make an order, or pretend to; what stands in the carts it consumes is its own."""
        wanted, code = body["positions"], body.get("code") or f"A{next(self._ids)}"
        if any(path[-1] == "orders" and code in rows for path, rows in self.lists.items()):
            raise No(400, {"code": ["This order code is already in use."]})
        if body.get("locale", "nl") not in self.settings.get(event, {}).get("locales", ["nl"]):
            raise No(400, {"locale": ["No."]})
        carts, now = self.rows("events", event, "cartpositions"), self.clock()
        own = [one for one in carts.values() if one["cart_id"] in body.get("consume_carts", ())]
        own = [one for one in own if datetime.fromisoformat(one["expires"]) > now]
        for one in own:
            del carts[str(one["id"])]
        errors: list[Row] = []
        for number, row in enumerate(wanted):
            lack = self._lacks(event, row, wanted[:number])
            errors.append({lack: ["No."]} if lack else {})
        if any(errors) or body.get("simulate"):
            carts.update({str(one["id"]): one for one in own})
        if any(errors):
            raise No(400, {"positions": errors})
        prices = [self._price(event, row) for row in wanted]
        if body.get("simulate"):
            return {"total": _sum(prices), "positions": [{"price": price} for price in prices]}
        order = self._made(event, code, body, prices)
        self.rows("events", event, "orders")[code] = order
        return self._told(order)

    def _made(self, event: str, code: str, body: Row, prices: list[str]) -> Row:
        positions = [
            {
                "id": next(self._ids), "positionid": place, "item": row["item"], "variation": row.get("variation"),
                "subevent": row.get("subevent"), "seat": {"seat_guid": row["seat"]} if row.get("seat") else None,
                "price": price, "secret": f"geheim{next(self._ids):010}", "canceled": False,
            }
            for place, (row, price) in enumerate(zip(body["positions"], prices, strict=True), 1)
        ]  # fmt: skip
        total, expires = _sum(prices), body.get("expires") or (self.clock() + timedelta(days=14)).isoformat()
        status = "p" if Decimal(total) == 0 else body.get("status", "n")
        payment = {"local_id": 1, "amount": total, "state": "confirmed" if status == "p" else "created"}
        return {
            "code": code, "event": event, "status": status, "expires": expires, "total": total, "email": body.get("email"),
            "api_meta": body.get("api_meta", {}), "positions": positions, "payments": [payment], "refunds": [],
        }  # fmt: skip

    def _told(self, order: Row) -> Row:
        return json.loads(json.dumps(order))  # type: ignore[no-any-return]

    def _do(self, order: Row, what: list[str], body: Row) -> None:
        """What one can do with an order."""
        match what:
            case ["payments", number, "confirm"]:
                self._confirm(order, int(number))
            case ["mark_paid"]:
                if order["status"] not in ("n", "e"):
                    raise No(400, {"detail": "The order is not pending or expired."})
                order["payments"].append({"local_id": len(order["payments"]) + 1, "amount": "0.00", "state": "created"})
                self._confirm(order, len(order["payments"]))
            case ["mark_expired"]:
                if order["status"] != "n":
                    raise No(400, {"detail": "The order is not pending."})
                order["status"] = "e"
            case ["mark_canceled"]:
                if order["status"] == "c":
                    raise No(400, {"detail": "The order is not allowed to be canceled."})
                order["status"] = "c"
            case ["change"]:
                self._change(order, body["patch_positions"])
            case ["extend"]:
                # A paid order becomes pending again: pretix does not look (base/services/orders.py, extend_order).
                if order["status"] != "n" and not self._is_available(order):
                    raise No(400, {"detail": "No longer available."})
                end = datetime.combine(datetime.fromisoformat(body["expires"]), time(23, 59, 59), BRUSSELS)
                order |= {"status": "n", "expires": end.isoformat()}
            case ["refunds"]:
                order["refunds"].append({"local_id": len(order["refunds"]) + 1, "state": "created"} | body)
            case ["refunds", number, "done" | "cancel" as end]:
                refund = order["refunds"][int(number) - 1]
                if refund["state"] != "created":
                    raise No(400, {"detail": "Invalid state of refund"})
                refund["state"] = "done" if end == "done" else "canceled"
            case _:
                raise No(404, {"detail": "Not found."})

    def _change(self, order: Row, changes: list[Row]) -> None:
        """Give positions another date and seat, all or none. Their secrets stay (pretix_random keeps them)."""
        before, event = json.loads(json.dumps(order["positions"])), order["event"]
        known = {one["id"]: one for one in order["positions"]}
        if not all(one["position"] in known for one in changes):
            raise No(400, {"patch_positions": [{"position": ["Invalid pk."]}]})
        rows = [known[one["position"]] | one["body"] for one in changes]
        for row in rows:
            assert str(row["subevent"]) in self.rows("events", event, "subevents"), "another event's date"
            known[row["id"]]["canceled"] = True
        if any(
            self._lacks(event, row | {"seat": row.get("seat") or None}, rows[:number])
            for number, row in enumerate(rows)
        ):
            order["positions"] = before
            raise No(400, ["No longer available."])
        for row in rows:
            seat = {"seat_guid": row["seat"]} if row.get("seat") else None
            known[row["id"]] |= {"subevent": row["subevent"], "seat": seat, "canceled": False}

    def _position(self, event: str, number: int) -> Row:
        for order in self.rows("events", event, "orders").values():
            for one in order["positions"]:
                if one["id"] == number:
                    return one
        raise No(404, {"detail": "Not found."})

    def _confirm(self, order: Row, number: int) -> None:
        """Book the money first, then look whether there are places."""
        payment = order["payments"][number - 1]
        if payment["state"] != "created":
            raise No(400, {"detail": "Invalid state of payment"})
        payment["state"] = "confirmed"
        booked = sum(Decimal(one["amount"]) for one in order["payments"] if one["state"] == "confirmed")
        if order["status"] in "pc" or booked < Decimal(order["total"]):
            return
        if order["status"] == "e" and not self._is_available(order):
            raise No(400, {"detail": "No longer available."})
        order["status"] = "p"

    def _is_available(self, order: Row) -> bool:
        living = [one for one in order["positions"] if not one["canceled"]]
        rows = [one | {"seat": one["seat"] and one["seat"]["seat_guid"]} for one in living]
        was, order["status"] = order["status"], "e"
        free = not any(self._lacks(order["event"], row, rows[:number]) for number, row in enumerate(rows))
        order["status"] = was
        return free

    def _cancel_position(self, event: str, number: int) -> None:
        for order in self.rows("events", event, "orders").values():
            living = [one for one in order["positions"] if not one["canceled"]]
            for one in living:
                if one["id"] == number:
                    if len(living) == 1:
                        raise No(400, ["This would leave the order empty."])
                    one["canceled"] = True
                    order["total"] = _sum(other["price"] for other in living if other is not one)
                    return
        raise No(404, {"detail": "Not found."})


def _wanted(told: Row, who: Row | None, query: Mapping[str, str]) -> bool:
    if (query.get("is_available") == "true" and who) or (query.get("blocked") == "false" and told["blocked"]):
        return False
    return query.get("seat_guid", told["seat_guid"]) == told["seat_guid"]


def _sum(prices: Any) -> str:
    return f"{sum((Decimal(price) for price in prices), Decimal(0)):.2f}"
