"""What tests write through pretix' API: events with items, quotas, dates and orders. On a real pretix and on the simulator."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx


class Api:
    """One organizer's API; every call must succeed."""

    def __init__(self, client: httpx.Client, organizer: str, token: str) -> None:
        self.client, self.organizer = client, organizer
        self.root, self.headers = f"/api/v1/organizers/{organizer}/", {"Authorization": f"Token {token}"}

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a call and give what came back; fail loudly with pretix' own words."""
        answer = self.client.request(method, self.root + path, json=body, headers=self.headers)
        if answer.is_error:
            raise RuntimeError(f"{method} {path} {answer.status_code}: {answer.text[:600]}")
        return answer.json() if answer.content else None

    def event(
        self, slug: str, name: Mapping[str, str] | str, start: str, end: str | None = None, **more: Any
    ) -> "Event":
        """Make an event that is not live yet. Moments as ISO text with an offset."""
        names = name if isinstance(name, Mapping) else {"nl": name}
        body = {
            "slug": slug,
            "name": names,
            "date_from": start,
            "date_to": end,
            "currency": "EUR",
            "live": False,
        }
        body |= {
            "testmode": False,
            "is_public": True,
            "timezone": "Europe/Brussels",
            "location": {"nl": "CC Noord"},
        }
        self.send("POST", "events/", body | {"has_subevents": False, "meta_data": {}} | more)
        return Event(self, slug)


class Event:
    """An event in the making, and the ids that it got."""

    def __init__(self, api: Api, slug: str) -> None:
        self.api, self.slug, self.path = api, slug, f"events/{slug}/"
        self.items: dict[str, Any] = {}
        self.quotas: dict[str, int] = {}
        self.dates: list[int] = []

    def settings(self, **values: Any) -> None:
        """Change settings: the description is `frontpage_text`."""
        self.api.send("PATCH", self.path + "settings/", values)

    def item(self, label: str, price: str, variations: Mapping[str, str | None] | None = None, **more: Any) -> Any:
        """Add something to buy; `label` is its Dutch name. A variation without a price costs what the item does."""
        body = {
            "name": {"nl": label},
            "default_price": price,
            "admission": True,
            "active": True,
            "category": None,
        }
        made = [
            {
                "value": {"nl": tariff},
                "default_price": amount,
                "active": True,
                "position": place,
                "description": {},
            }
            for place, (tariff, amount) in enumerate((variations or {}).items())
        ]
        order = {"position": len(self.items), "tax_rule": None, "variations": made}
        self.items[label] = self.api.send("POST", self.path + "items/", body | order | more)
        return self.items[label]

    def quota(self, name: str, size: int | None, items: Sequence[Any], date: int | None = None, only: str = "") -> int:
        """Give items, or of each `only` the variation of that name, a number of places together."""
        variations = [v["id"] for item in items for v in item["variations"] if only in ("", v["value"]["nl"])]
        body = {"name": name, "size": size, "items": [item["id"] for item in items], "variations": variations}
        self.quotas[name] = self.api.send("POST", self.path + "quotas/", body | {"subevent": date})["id"]
        return self.quotas[name]

    def date(self, start: str, end: str | None = None, **more: Any) -> int:
        """Add a date to a series."""
        body = {
            "name": {"nl": "Oom Wanja"},
            "active": True,
            "is_public": True,
            "date_from": start,
            "date_to": end,
        }
        body |= {"location": {"nl": "CC Noord, Schouwburg"}, "meta_data": {}}
        body |= {"item_price_overrides": [], "variation_price_overrides": []}
        self.dates.append(self.api.send("POST", self.path + "subevents/", body | more)["id"])
        return self.dates[-1]

    def order(self, item: Any, date: int | None = None, seats: Sequence[str | None] = (None,)) -> str:
        """Sell one place per entry of `seats` (None: no seat number)."""
        position: dict[str, Any] = {"item": item["id"], "variation": None, "subevent": date}
        position |= {"answers": [], "price": item["default_price"]}
        positions = [position | ({"seat": seat} if seat else {}) for seat in seats]
        body = {"email": "koper@huizen.invalid", "locale": "nl", "status": "p", "payment_provider": "manual"}
        return self.api.send("POST", self.path + "orders/", body | {"positions": positions})["code"]

    def patch(self, **values: Any) -> None:
        """Change the event itself."""
        self.api.send("PATCH", self.path, values)

    def facts(self) -> dict[str, Any]:
        """What a test must know: ids of items, variations, quotas and dates."""
        items = {
            name: {"id": item["id"], "variations": {v["value"]["nl"]: v["id"] for v in item["variations"]}}
            for name, item in self.items.items()
        }
        return {"items": items, "quotas": self.quotas, "dates": self.dates}


def plan(name: str, zones: Mapping[str, tuple[str, int, int]]) -> dict[str, Any]:
    """A seating plan as pretix writes it: zone → (category, rows, seats a row); seats are called Zone-A-1."""
    drawn = [
        {
            "name": zone,
            "zone_id": zone,
            "position": {"x": 0, "y": 200 * place},
            "areas": [],
            "rows": [_row(zone, chr(65 + row), row, category, width) for row in range(rows)],
        }
        for place, (zone, (category, rows, width)) in enumerate(zones.items())
    ]
    categories = [{"name": category, "color": "#7f4a91"} for category, _, _ in zones.values()]
    return {
        "name": name,
        "categories": categories,
        "zones": drawn,
        "size": {"width": 400, "height": 200 * len(zones)},
    }


def _row(zone: str, letter: str, place: int, category: str, width: int) -> dict[str, Any]:
    seats = [
        {
            "seat_guid": f"{zone}-{letter}-{number}",
            "seat_number": str(number),
            "category": category,
            "position": {"x": 30 * number, "y": 0},
        }
        for number in range(1, width + 1)
    ]
    return {
        "row_number": letter,
        "row_number_position": "both",
        "position": {"x": 0, "y": 30 * place},
        "seats": seats,
    }
