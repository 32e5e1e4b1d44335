"""A house at pretix for the laws of Ticketing: the same on a real pretix and on the simulator, made through its API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from etalage.adapters.pretix_ticketing import PretixTicketing
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.house import House
from tests.servers.pretix_api import Api, Event, plan

OPENS = "2030-11-08T20:00:00+01:00"
NUMBERS = count(1)


class PretixTill:
    """Three performances of an organizer, and adapters on them. `wire` is how an adapter reaches pretix.

    Each till is a house of its own, for the laws say "a" to every one of them and pretix never forgets a reference.
    """

    places = 8

    def __init__(self, api: Api, folder: Path, wire: httpx.BaseTransport, clock: Callable[[], datetime]) -> None:
        self.api, self.wire, self.clock = api, wire, clock
        self.records = SqliteRecords(folder / "records.db", clock)
        self.house = House(id=f"kassa-{next(NUMBERS)}", name={"nl": "Kassahuis"})
        self.made: list[Event] = []
        self.opened: list[PretixTicketing] = []
        self.concert, self.counted = self._concert("concert")
        ticket = self.concert.items["Ticket"]
        self.standard, self.reduced = (f"{ticket['id']}/{variation['id']}" for variation in ticket["variations"])
        self.hall, self.numbered, self.seat_tariff = self._hall()
        _, self.closed = self._concert("voorbij", presale_end="2020-01-01T00:00:00+01:00")

    @property
    def now(self) -> datetime:
        return self.clock()

    def ticketing(self, **options: Any) -> PretixTicketing:
        base = str(self.api.client.base_url)
        token = self.api.headers["Authorization"].split()[1]
        given = {"source": "pretix:kassa", "transport": self.wire, "clock": self.clock, "sleep": lambda _: None} | options
        self.opened.append(PretixTicketing(self.house, base, self.api.organizer, token, self.records, **given))
        return self.opened[-1]

    def unguarded(self) -> PretixTicketing:
        """Its quota without a size: nothing guards the places then but we."""
        quota = self.concert.quotas["Zaal"]
        self.api.send("PATCH", f"{self.concert.path}quotas/{quota}/", {"size": None})
        return self.ticketing()

    def close(self) -> None:
        for house in self.opened:
            house.close()
        for event in self.made:
            event.patch(live=False)
        self.records.close()
        self.api.client.close()

    def _concert(self, kind: str, **more: Any) -> tuple[Event, str]:
        event = self._event(kind, **more)
        ticket = event.item("Ticket", "18.00", {"Basis": None, "-26": "12.00"})
        event.quota("Zaal", self.places, [ticket])
        event.patch(live=True)
        return event, f"pretix:kassa/{event.slug}"

    def _hall(self) -> tuple[Event, str, str]:
        event = self._event("zaal")
        seat = event.item("Plaats", "15.00")
        event.quota("Zaal", 18, [seat])
        drawn = self.api.send("POST", "seatingplans/", {"name": "Zaal", "layout": plan("Zaal", {"Zaal": ("zaal", 3, 6)})})
        event.patch(seating_plan=drawn["id"], seat_category_mapping={"zaal": seat["id"]})
        self.api.send("POST", f"{event.path}seats/bulk_block/", {"seat_guids": ["Zaal-C-6"]})
        event.patch(live=True)
        return event, f"pretix:kassa/{event.slug}", str(seat["id"])

    def _event(self, kind: str, **more: Any) -> Event:
        self.made.append(self.api.event(f"{kind}-{next(NUMBERS)}", kind.title(), OPENS, **more))
        return self.made[-1]


def now() -> datetime:
    return datetime.now(UTC)


class RealTill(PretixTill):
    """On a real pretix, whose clock cannot be moved: its carts and orders grow older instead."""

    def __init__(self, pretix: Any, folder: Path) -> None:
        self.pretix = pretix
        client = httpx.Client(base_url=pretix.base_url, timeout=60)
        super().__init__(Api(client, "kassa", pretix.houses["kassa"].token), folder, httpx.HTTPTransport(), now)

    def pass_time(self, by: timedelta) -> None:
        self.pretix.ages("kassa", by.total_seconds())
