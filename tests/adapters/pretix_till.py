"""A house at pretix for the laws of Ticketing: the same on a real pretix and on the simulator, made through its API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from etalage.adapters._pretix_note import NOTE
from etalage.adapters.pretix_ticketing import PretixTicketing
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.errors import EtalageError
from etalage.model.house import House
from etalage.model.sale import Line
from etalage.ports.records import ANY, Drop
from tests.servers.pretix_api import Api, Event, plan
from tests.simulators.pretix import BASE_URL
from tests.simulators.pretix_sale import SellingPretix
from tests.simulators.trouble import Trouble

OPENS = "2030-11-08T20:00:00+01:00"
NUMBERS = count(1)


class PretixTill:
    """Three performances of an organizer, and adapters on them; `trouble` stands on the wire between the two.

    Each till is a house of its own, for the laws say "a" to every one of them and pretix never forgets a reference.
    """

    places, later_places = 8, 3

    def __init__(self, api: Api, folder: Path, wire: httpx.BaseTransport, token: str, clock: Callable[[], datetime]) -> None:  # fmt: skip
        self.api, self.trouble, self.token, self.clock = api, Trouble(wire), token, clock
        self.records = SqliteRecords(folder / "records.db", clock)
        self.house = House(id=f"kassa-{next(NUMBERS)}", name={"nl": "Kassahuis"})
        self.made: list[Event] = []
        self.opened: list[PretixTicketing] = []
        self.concert, self.counted = self._concert("concert")
        self.later = self.counted.rpartition("/")[0] + f"/{self.concert.dates[-1]}"
        ticket = self.concert.items["Ticket"]
        self.standard, self.reduced = (f"{ticket['id']}/{variation['id']}" for variation in ticket["variations"])
        self.hall, self.numbered, self.seat_tariff = self._hall()
        _, self.closed = self._concert("voorbij", presale_end="2020-01-01T00:00:00+01:00")

    @property
    def now(self) -> datetime:
        return self.clock()

    def ticketing(self, **options: Any) -> PretixTicketing:
        base = str(self.api.client.base_url)
        given = {
            "source": "pretix:kassa",
            "transport": self.trouble,
            "clock": self.clock,
            "sleep": lambda _: None,
        } | options
        self.opened.append(PretixTicketing(self.house, base, self.api.organizer, self.token, self.records, **given))
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
        self.trouble.inner.close()
        self.records.close()
        self.api.client.close()

    def free(self) -> int | None:
        """What a newcomer hears is left of the concert."""
        return self.ticketing().availability([self.counted])[self.counted].free

    def orders(self, event: Event | None = None) -> list[dict[str, Any]]:
        """The orders of an event, else of the concert, as pretix tells staff."""
        found: list[dict[str, Any]] = self.api.send("GET", f"{(event or self.concert).path}orders/")["results"]
        return found

    def carts(self) -> list[dict[str, Any]]:
        """What is in carts of the concert."""
        found: list[dict[str, Any]] = self.api.send("GET", f"{self.concert.path}cartpositions/")["results"]
        return found

    def sell_elsewhere(self, number: int) -> object:
        """Somebody in pretix' own shop buys so many places of the concert."""
        ticket = self.concert.items["Ticket"]
        place = {"item": ticket["id"], "variation": ticket["variations"][0]["id"], "price": "18.00"}
        body = {"email": "koper@huizen.invalid", "status": "p", "payment_provider": "manual"}
        return self.api.send(
            "POST",
            f"{self.concert.path}orders/",
            body | {"positions": [place | {"subevent": self.concert.dates[0]}] * number},
        )

    def do_with_order(self, what: str, **body: str) -> object:
        """Staff, or pretix' periodic job, does something with the first order."""
        return self.api.send("POST", f"{self.concert.path}orders/{self.orders()[0]['code']}/{what}/", body)

    def take_seat(self) -> object:
        """Somebody in pretix' own shop buys the first seat."""
        return self.hall.order(self.hall.items["Plaats"], seats=["Zaal-A-1"])

    def open_door(self, places: int) -> list[Line]:
        """An event that costs nothing, and a line for each of its places."""
        event = self._event("opendeur")
        ticket = event.item("Gratis", "0.00")
        event.quota("Zaal", places, [ticket])
        event.patch(live=True)
        name = f"pretix:kassa/{event.slug}"
        return [Line(key=f"g{n}", performance=name, tariff=str(ticket["id"])) for n in range(places)]

    def forget(self, reference: str) -> None:
        """Our own note of a sale is past its time."""
        self.records.transact([Drop(kind=NOTE, id=f"{self.house.id}/{reference}", expect=ANY)])

    def _concert(self, kind: str, **more: Any) -> tuple[Event, str]:
        """A date of a series, with a price of its own."""
        event = self._event(kind, has_subevents=True)
        ticket = event.item("Ticket", "20.00", {"Basis": None, "-26": "12.00"})
        date = event.date(OPENS, item_price_overrides=[{"item": ticket["id"], "price": "18.00"}], **more)
        event.quota("Zaal", self.places, [ticket], date)
        event.quota("Andere dag", 1, [ticket], event.date("2030-11-09T20:00:00+01:00"))
        again = event.date("2030-11-10T20:00:00+01:00", item_price_overrides=[{"item": ticket["id"], "price": "18.00"}])
        event.quota("Nog een dag", self.later_places, [ticket], again)
        event.patch(live=True)
        return event, f"pretix:kassa/{event.slug}/{date}"

    def _hall(self) -> tuple[Event, str, str]:
        event = self._event("zaal")
        seat = event.item("Plaats", "15.00")
        event.quota("Zaal", 18, [seat])
        drawn = self.api.send(
            "POST", "seatingplans/", {"name": "Zaal", "layout": plan("Zaal", {"Zaal": ("zaal", 3, 6)})}
        )
        event.patch(seating_plan=drawn["id"], seat_category_mapping={"zaal": seat["id"]})
        self.api.send("POST", f"{event.path}seats/bulk_block/", {"seat_guids": ["Zaal-C-6"]})
        event.patch(live=True)
        return event, f"pretix:kassa/{event.slug}", str(seat["id"])

    def _event(self, kind: str, **more: Any) -> Event:
        self.made.append(self.api.event(f"{kind}-{next(NUMBERS)}", kind.title(), OPENS, **more))
        return self.made[-1]


def fault(call: Callable[[], object]) -> EtalageError:
    """What a call says is wrong."""
    with pytest.raises(EtalageError) as raised:
        call()
    return raised.value


def now() -> datetime:
    return datetime.now(UTC)


class RealTill(PretixTill):
    """On a real pretix, with the rights of sell-through-pretix.md. Its clock cannot be moved: carts and orders grow older."""

    def __init__(self, pretix: Any, folder: Path) -> None:
        self.pretix = pretix
        client = httpx.Client(base_url=pretix.base_url, timeout=60)
        house = pretix.houses["kassa"]
        super().__init__(Api(client, "kassa", house.token), folder, httpx.HTTPTransport(), house.seller, now)

    def pass_time(self, by: timedelta) -> None:
        self.pretix.ages("kassa", by.total_seconds())


class SimulatedTill(PretixTill):
    """On the simulator, whose clock is ours; `pretix` is what it knows."""

    def __init__(self, folder: Path) -> None:
        self.moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
        simulator = SellingPretix(lambda: self.moment)
        self.pretix = simulator.organizer("kassa", "sesam")
        client = httpx.Client(base_url=BASE_URL, transport=simulator.transport())
        super().__init__(Api(client, "kassa", "sesam"), folder, simulator.transport(), "sesam", lambda: self.moment)

    def pass_time(self, by: timedelta) -> None:
        self.moment += by
