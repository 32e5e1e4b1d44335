"""The rules and the books of the stand-in: what a pass may have now, what was registered, and what was cancelled.

Facts: publiq's API description 4.0 (operations /tariffs and /ticket-sales) and its guides.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from demo.uitpas import words
from demo.uitpas.region import CardSystem, Client, Coupon, Event, Pass, Region, Social
from demo.uitpas.words import Words

PROBS = "https://api.publiq.be/probs/"
SOCIAL = "SOCIALTARIFF"


class Fault(Exception):
    """An answer that is no: `kind` is the end of its type, as "uitpas/maximum-reached"."""

    def __init__(self, kind: str, status: int = 400, words: Words | None = None, pointer: str = "") -> None:
        super().__init__(kind)
        self.kind, self.status, self.words, self.pointer = kind, status, words or {}, pointer


@dataclass(frozen=True)
class Tariff:
    """What a pass may have, in cents."""

    id: str
    name: str
    price: int
    type: str
    remaining: int


@dataclass(frozen=True)
class Sale:
    """A registered sale."""

    id: str
    number: str
    event: str
    tariff: Tariff
    regular: int
    label: str
    at: datetime
    client: str


@dataclass
class Uitpas:
    """`now` is the clock. `events`: id → event; `unknown` gives one for an id that is not there, for who has no UiTdatabank."""

    region: Region
    now: Callable[[], datetime]
    unknown: Callable[[str], Event | None] = lambda _: None
    sales: dict[str, Sale] = field(default_factory=dict)
    last: int = 70_000
    """The number of the newest sale."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.passes: dict[str, Pass] = {one.number: one for one in self.region.passes}
        self.events = {one.id: one for one in self.region.events}
        self._systems = {one.id: one for one in self.region.systems}
        self._organizers = {one.id: one for one in self.region.organizers}

    def event(self, id: str) -> Event:
        """An event; a fault when there is none."""
        found = self.events.get(id) or self.unknown(id)
        if found is None:
            raise Fault("uitpas/event-not-found")
        return found

    def tariffs(self, client: Client, event: str, number: str, regular: int) -> tuple[Sequence[Tariff], Words]:
        """What a pass may have of one ticket, and what its holder should know."""
        with self.lock:
            known = self._may(client, event, "TARIFFS_READ")
            return self._tariffs(known, self.holder(number), regular)

    def static(self, client: Client, event: str, regular: int) -> Sequence[Tariff]:
        """What somebody of the region with the social tariff pays, whoever it is."""
        known = self._may(client, event, "TARIFFS_READ")
        system = self._system_of(known)
        if not system:
            raise Fault("uitpas/social-tariff-not-available")
        return [Tariff(SOCIAL, f"Kansentarief {system.name}", _share(system, regular), SOCIAL, 1)]

    def register(self, client: Client, wanted: Sequence[Mapping[str, Any]]) -> list[Sale]:
        """All of them, or none."""
        with self.lock:
            before, counter = dict(self.sales), self.last
            made = []
            try:
                for place, row in enumerate(wanted):
                    made.append(self._register(client, row, f"/{place}"))
            except Fault:
                self.sales, self.last = before, counter
                raise
            return made

    def cancel(self, client: Client, id: str) -> None:
        """Take one back."""
        with self.lock:
            found = self.sales.get(id)
            if found is None:
                raise Fault("uitpas/ticket-sale-not-found", 404)
            self._may(client, found.event, "TICKETSALES_REGISTER")
            del self.sales[id]

    def sold(self, client: Client, event: str) -> list[Sale]:
        """All of an event that stand."""
        with self.lock:
            self._may(client, event, "TICKETSALES_SEARCH")
            return [one for one in self.sales.values() if one.event == event]

    def holder(self, number: str) -> Pass:
        """A pass that may be asked about; a fault for every other."""
        if not (number.isascii() and number.isdigit() and len(number) == 13):
            raise Fault("uitpas/invalid-uitpasnumber", words=words.UNKNOWN)
        found = self.passes.get(number)
        if found is None:
            raise Fault("uitpas/passholder-not-found", words=words.UNKNOWN)
        if found.status != "ACTIVE":
            raise Fault("uitpas/invalid-card-status", words=words.BLOCKED)
        if not found.registered:
            raise Fault("uitpas/invalid-card", words=words.NOBODYS)
        if found.system not in self._systems:
            raise Fault("uitpas/passholder-no-active-cardsystems", words=words.UNKNOWN)
        return found

    def _tariffs(self, event: Event, holder: Pass, regular: int) -> tuple[Sequence[Tariff], Words]:
        found, message, no = [], dict[str, str](), None
        here = self._system_of(event)
        is_here = here is not None and holder.system == here.id and event.enabled
        if holder.social is Social.ACTIVE and is_here and here:
            left = self._left(event, holder)
            if left > 0:
                found.append(Tariff(SOCIAL, f"Kansentarief {here.name}", _share(here, regular), SOCIAL, left))
            else:
                message = dict(words.USED_UP)
        elif holder.social is Social.ACTIVE:
            message = dict(words.ELSEWHERE)
        elif holder.social is Social.EXPIRED:
            no = Fault("uitpas/social-tariff-expired", words=words.EXPIRED)
        elif holder.social is Social.SUSPENDED:
            no = Fault("uitpas/social-tariff-suspended", words=words.SUSPENDED)
        for coupon in holder.coupons if is_here else ():
            left = self._coupon_left(coupon, holder)
            if left > 0 and regular > 0:
                found.append(Tariff(coupon.id, coupon.name, max(0, regular - coupon.off), "COUPON", left))
        if no and not found:
            raise no
        return found, (dict(no.words) if no else message)

    def _register(self, client: Client, row: Mapping[str, Any], pointer: str) -> Sale:
        event = self._may(client, str(row["eventId"]), "TICKETSALES_REGISTER")
        holder, regular = self.holder(str(row["uitpasNumber"])), round(row["regularPrice"] * 100)
        wanted = str(row["tariff"]["id"])
        found, _ = self._tariffs(event, holder, regular)
        tariff = next((one for one in found if one.id == wanted), None)
        if tariff is None:
            if wanted == SOCIAL:
                raise Fault("uitpas/maximum-reached", words=words.USED_UP, pointer=pointer)
            raise Fault("uitpas/invalid-coupon", words=words.USED_COUPON, pointer=pointer)
        self.last += 7
        sale = Sale(
            str(self.last), holder.number, event.id, replace(tariff, remaining=0), regular, str(row.get("regularPriceLabel", "")), self.now(),
            client.id,
        )  # fmt: skip
        self.sales[sale.id] = sale
        return sale

    def _may(self, client: Client, event: str, permission: str) -> Event:
        known = self.event(event)
        if known.organizer not in client.organizers or permission not in client.permissions:
            raise Fault("auth/forbidden", 403)
        return known

    def _system_of(self, event: Event) -> CardSystem | None:
        organizer = self._organizers.get(event.organizer)
        return self._systems.get(organizer.systems[0]) if organizer and organizer.systems and event.enabled else None

    def _left(self, event: Event, holder: Pass) -> int:
        mine = [one for one in self.sales.values() if one.number == holder.number and one.tariff.type == SOCIAL]
        if holder.group:
            today = self.now().date()
            return holder.group - sum(one.at.date() == today for one in mine)
        begin = _begin(event.period, self.now())
        return event.volume - sum(one.event == event.id and (begin is None or one.at >= begin) for one in mine)

    def _coupon_left(self, coupon: Coupon, holder: Pass) -> int:
        return coupon.uses - sum(
            one.number == holder.number and one.tariff.id == coupon.id for one in self.sales.values()
        )


def _share(system: CardSystem, regular: int) -> int:
    """What the passholder pays: rounded down to ten cents, as municipalities like it."""
    return min(regular, max(system.least, regular * system.percent // 1000 * 10))


def _begin(period: str, now: datetime) -> datetime | None:
    """Since when tickets of this period count; None for always."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "DAY": day,
        "WEEK": day - timedelta(days=day.weekday()),
        "MONTH": day.replace(day=1),
        "YEAR": day.replace(day=1, month=1),
    }.get(period)
