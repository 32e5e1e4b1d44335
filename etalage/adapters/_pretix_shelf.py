"""What pretix has for sale of a performance now: choices, room, seats, and whether one may buy.

What a newcomer would get wrong: pretix' API sells also what its shop would not: before and after the presale, while the shop is
offline, more than an order may hold. So the counter looks before it sells (pretix 2026.8, api/serializers/order.py).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import msgspec

from etalage.adapters._pretix_answers import Category, Date, Event, Item, Quota, Settings
from etalage.adapters._pretix_desk import GONE, Desk
from etalage.adapters._pretix_memory import Memory
from etalage.adapters._pretix_offer import Choice, Shop, choices, least, ranks, room, tariffs
from etalage.model.errors import Refused
from etalage.model.house import House
from etalage.model.moments import at, local
from etalage.model.offer import Stock, stock_of
from etalage.model.sale import Availability, Line, Seat, SeatState, Tariff

AT_LEAST, AT_MOST = "At least %(number)s together in one order.", "At most %(number)s together in one order."
"""Of all variations of an item, as functions/choose.py says before one chooses."""


class SeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """A seat as pretix lists it; one of the three numbers says who has it."""

    seat_guid: str
    zone_name: str | None = ""
    row_name: str | None = ""
    seat_number: str | None = ""
    product: int | None = None
    blocked: bool = False
    orderposition: int | None = None
    cartposition: int | None = None
    voucher: int | None = None


class Layout(msgspec.Struct, frozen=True):
    """How a hall is drawn."""

    layout: Mapping[str, Any]


class Shelf:
    """Looks at one pretix during one visit. `source`: how its performances' ids begin; `memory`: of earlier visits, or new."""

    def __init__(self, desk: Desk, house: House, source: str, now: datetime, memory: Memory) -> None:
        self.client, self.house, self.source, self.now, self.memory = desk.client, house, source, now, memory

    def split(self, performance: str) -> tuple[str, int | None] | None:
        """The event and date that a performance's id names; None for one that is not of this pretix."""
        ours, _, rest = performance.partition("/")
        slug, _, date = rest.partition("/")
        if ours != self.source or not slug or (date and not date.isdecimal()):
            return None
        return slug, int(date) if date else None

    def name(self, event: str, date: int | None) -> str:
        """The performance's id."""
        return f"{self.source}/{event}/{date}" if date else f"{self.source}/{event}"

    def open(self, performance: str) -> tuple[Shop, Date | None] | None:
        """What is for sale of a performance; None when nothing is, or there is no such performance."""
        found = self.known(performance)
        return found if found and is_open(found[0].event, found[1], self.now, self.house.timezone) else None

    def known(self, performance: str) -> tuple[Shop, Date | None] | None:
        """The shop and the date of a performance, on sale or not."""
        split = self.split(performance)
        event = self.event(split[0]) if split else None
        if not split or not event or event.has_subevents != (split[1] is not None):
            return None
        date = self.date(split[0], split[1]) if split[1] is not None else None
        return (self.shop(*split), date) if date or split[1] is None else None

    def tariffs(self, performance: str) -> Sequence[Tariff]:
        """What one can choose now."""
        found = self.open(performance)
        if not found:
            return ()
        return tariffs(*found, self.now, self.house.languages[0], self._most(found[0].event.slug) or 0)

    def availability(self, performance: str) -> Availability | None:
        """What is left; None when pretix does not know the performance."""
        found = self.known(performance)
        if not found:
            return None
        shop, date = found
        if not is_open(shop.event, date, self.now, self.house.timezone):
            return Availability(state=Stock.NONE, free=0, as_of=self.now)
        offered = choices(shop, date, self.now)
        if not offered:
            return Availability(state=Stock.UNKNOWN, as_of=self.now)
        seats = self._free_seats(shop.event, date)
        free = least([room(offered), seats])
        per_tariff = {choice.id: least([room([choice]), seats]) for choice in offered}
        return Availability(state=stock_of(free), free=free, as_of=self.now, per_tariff=per_tariff)

    def seatmap(self, performance: str) -> Sequence[Seat]:
        """The numbered places, drawn where pretix' plan has them."""
        found = self.known(performance)
        plan = (found[1] or found[0].event).seating_plan if found else None
        if not found or plan is None:
            return ()
        shop, date = found
        offered = choices(shop, date, self.now)
        names = {item.id: tuple(choice.id for choice in offered if choice.item.id == item.id) for item in shop.items}
        drawing = self.client.find(f"seatingplans/{plan}/", Layout)
        points = _points(drawing.layout) if drawing else {}
        rows = self.client.all(f"{_path(shop.event, date)}seats/", SeatRow, lambda row: row.seat_guid)
        return [_seat(row, names.get(row.product or 0, ()), points.get(row.seat_guid, (None, None))) for row in rows]

    def examine(self, lines: Sequence[Line]) -> list[Choice]:
        """The choice of each line, in order. Refuses what the shop would not sell; whether there is room is pretix' to say.

        `sale_closed`, `tariff_unknown`, `seat_unknown`, `seat_twice`, `too_many_places`, `too_few`.
        """
        found = [self._choice(line) for line in lines]
        seats = Counter((line.performance, line.seat) for line in lines if line.seat)
        if any(number > 1 for number in seats.values()):
            raise Refused("seat_twice", "The same seat stands there twice.")
        items = {choice.item.id: choice.item for choice in found}
        for id, number in Counter(choice.item.id for choice in found).items():
            most, fewest = items[id].max_per_order, items[id].min_per_order
            shared = bool(items[id].variations)
            if most and number > most:
                raise _too_many(most, str(id), shared=shared)
            if fewest and number < fewest:
                say = AT_LEAST if shared else "Of this price one takes at least %(number)s."
                raise Refused("too_few", say, where=str(id), detail={"number": str(fewest)})
        for slug, number in Counter(map(self._slug, lines)).items():
            most = self._most(slug)
            if most and number > most:
                raise _too_many(most, slug)
        return found

    def has_seat(self, line: Line) -> bool:
        """Whether the performance has that seat at all."""
        slug, date = self.split(line.performance) or ("", None)
        event = self.event(slug)
        shown = self.date(slug, date) if date else None
        return bool(event and self.client.count(f"{_path(event, shown)}seats/", seat_guid=line.seat))

    def _choice(self, line: Line) -> Choice:
        found = self.open(line.performance)
        if not found:
            raise Refused("sale_closed", "This performance is not on sale now.", where=line.performance)
        sold = {tariff.id for tariff in tariffs(*found, self.now, self.house.languages[0])}
        choice = next((one for one in choices(*found, self.now) if one.id == line.tariff and one.id in sold), None)
        if not choice:
            raise Refused("tariff_unknown", "This price is not there any more. Choose another one.", where=line.tariff)
        if bool(line.seat) != (choice.item.id in ranks(*found)):
            raise Refused("seat_unknown", "Choose a seat that is in the plan.", where=line.key)
        return choice

    def _slug(self, line: Line) -> str:
        return (self.split(line.performance) or ("", None))[0]

    def is_there(self, slug: str) -> bool:
        """Whether pretix knows the event at this moment."""
        return self.client.find(f"events/{slug}/", Event, none=GONE) is not None

    def event(self, slug: str) -> Event | None:
        """An event; None when there is none."""
        path = f"events/{slug}/"
        return self.memory.recall((path,), self.now, lambda: self.client.find(path, Event, none=GONE))

    def date(self, slug: str, number: int) -> Date | None:
        """A date of a series; None when there is none."""
        path = f"events/{slug}/subevents/{number}/"
        return self.memory.recall((path,), self.now, lambda: self.client.find(path, Date))

    def shop(self, slug: str, date: int | None) -> Shop:
        """All that is sold of an event on a date."""
        return self.memory.recall(("shop", slug, date), self.now, lambda: self._shop(slug, date))

    def _most(self, slug: str) -> int | None:
        path = f"events/{slug}/settings/"
        return self.memory.recall((path,), self.now, lambda: self.client.one(path, Settings)).max_items_per_order

    def _shop(self, slug: str, date: int | None) -> Shop:
        path = f"events/{slug}/"
        event = self.event(slug) or self.client.one(path, Event)
        items = self.client.all(f"{path}items/", Item, lambda item: item.id, keep=True)
        headed = any(item.category for item in items)
        categories = self.client.all(f"{path}categories/", Category, lambda one: one.id) if headed else ()
        query = {"with_availability": "true"} | ({"subevent": str(date)} if date else {})
        quotas = self.client.all(f"{path}quotas/", Quota, lambda quota: quota.id, query)
        addons = frozenset(category.id for category in categories if category.is_addon)
        return Shop(event=event, items=items, quotas=quotas, seats={}, addons=addons)

    def _free_seats(self, event: Event, date: Date | None) -> int | None:
        if (date or event).seating_plan is None:
            return None
        return self.client.count(f"{_path(event, date)}seats/", is_available="true", blocked="false")


def is_open(event: Event, date: Date | None, now: datetime, zone: str) -> bool:
    """Whether pretix' own shop would sell it now (base/models/event.py, presale_is_running)."""
    if not (event.live and event.is_public and event.is_on_the_web) or event.testmode:
        return False
    if date and not (date.active and date.is_public):
        return False
    occasion = date or event
    begins = [moment for moment in (event.presale_start, occasion.presale_start) if moment]
    ends = [moment for moment in (event.presale_end, occasion.presale_end) if moment]
    midnight = at(local(occasion.date_from, zone).date() + timedelta(days=1), time.min, zone)
    return all(now >= moment for moment in begins) and now <= min(ends, default=occasion.date_to or midnight)


def _path(event: Event, date: Date | None) -> str:
    return f"events/{event.slug}/subevents/{date.id}/" if date else f"events/{event.slug}/"


def _seat(row: SeatRow, names: tuple[str, ...], point: tuple[float | None, float | None]) -> Seat:
    state = SeatState.TAKEN if row.orderposition or row.cartposition or row.voucher else SeatState.FREE
    return Seat(
        id=row.seat_guid, zone=row.zone_name or "", row=row.row_name or "", number=row.seat_number or "",
        state=SeatState.BLOCKED if row.blocked else state, tariffs=names, x=point[0], y=point[1],
    )  # fmt: skip


def _points(layout: Mapping[str, Any]) -> dict[str, tuple[float | None, float | None]]:
    """Where each seat is: pretix counts a seat from its row, a row from its zone (static/seating/seating-plan.schema.json)."""
    points: dict[str, tuple[float | None, float | None]] = {}
    for zone in layout.get("zones", ()):
        for row in zone.get("rows", ()):
            for seat in row.get("seats", ()):
                steps = [step.get("position") or {} for step in (zone, row, seat)]
                points[seat["seat_guid"]] = (sum(s.get("x", 0) for s in steps), sum(s.get("y", 0) for s in steps))
    return points


def _too_many(most: int, where: str, *, shared: bool = False) -> Refused:
    say = AT_MOST if shared else "At most %(number)s in one order."
    return Refused("too_many_places", say, where=where, detail={"number": str(most)})
