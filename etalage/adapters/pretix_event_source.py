"""A house's programme from pretix (docs/reference/pretix.md).

What a newcomer would get wrong: pretix does not signal every change (availability, settings, a date taken away), so a read
since a cursor reads as much as a full one; the cursor holds a stamp of each production, and only those whose stamp differs are
handed over. That makes it right by construction, also after a change in how we read.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from operator import attrgetter
from time import sleep as sleep_for
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec.structs import replace

from etalage.adapters import _clean
from etalage.adapters._clerk import Clerk
from etalage.adapters._pretix_answers import (
    Category,
    Date,
    Event,
    Item,
    MetaProperty,
    Quota,
    Settings,
)
from etalage.adapters._pretix_client import PretixClient
from etalage.adapters._pretix_drafts import Drafts, Seen, is_on_programme
from etalage.adapters._pretix_offer import EURO, Shop
from etalage.model.errors import EtalageError, Refused
from etalage.model.house import House
from etalage.model.moments import at
from etalage.model.record import Changes, Problem, Record, Weight

ROUNDS = 3
"""Readings that may be overtaken by changes before we give up."""


_id, _slug = attrgetter("id"), attrgetter("slug")


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """An event as read: its id, its record if it can be one, and what staff should mend."""

    id: str
    record: Record | None
    problems: tuple[Problem, ...]


class _Cursor(msgspec.Struct):
    """What was handed over last time: a stamp for each id."""

    stamps: dict[str, str]


class PretixEventSource:
    """EventSource on one pretix organizer; also `examine()` for the doctor.

    The token needs a team that has all events; no right is asked of it. `since` leaves out what was over before that day.
    Nothing is asked before the first read.
    """

    def __init__(
        self,
        id: str,
        house: House,
        base_url: str,
        organizer: str,
        token: str,
        *,
        since: date | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = sleep_for,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: float = 30.0,
    ) -> None:
        self.id, self.house, self._clock = id, house, clock
        self._since = at(since, time.min, house.timezone) if since else None
        self._client = PretixClient(
            base_url, organizer, token, transport=transport, sleep=sleep, chance=chance, timeout=timeout
        )

    def changes_since(self, cursor: str | None) -> Changes:
        """Read what is new, changed or gone since `cursor`; an unreadable cursor counts as none."""
        known = _stamps(cursor)
        with self._client:
            readings = self._read()
        stamps = {reading.id: _stamp(reading) for reading in readings}
        fresh = [reading for reading in readings if known is None or known.get(reading.id) != stamps[reading.id]]
        unusable = {reading.id for reading in fresh if not reading.record}
        return Changes(
            records=tuple(reading.record for reading in fresh if reading.record),
            cursor=msgspec.json.encode(_Cursor(stamps)).decode(),
            complete=known is None,
            gone=tuple(sorted(id for id in known or () if id not in stamps or id in unusable)),
            problems=tuple(problem for reading in fresh for problem in reading.problems),
        )

    def examine(self) -> list[Problem]:
        """Say in sentences what is wrong with address, token or organizer and what to do; nothing when all is well."""
        try:
            with self._client:
                events = self._client.all("events/", Event, _slug)
                shown = [event for event in events if is_on_programme(event)]
                if shown:
                    self._look(shown[0], ())
        except EtalageError as error:
            return [self._problem("", error.code, error.say, Weight.RECORD)]
        return [*self._doubts(len(events), len(shown))]

    def _read(self) -> list[Reading]:
        """Read everything; again when an event was taken away between the list and its details (pretix then says 403)."""
        for _ in range(ROUNDS - 1):
            try:
                return self._read_once()
            except Refused as refusal:
                if refusal.code != "token_powerless":
                    raise
        return self._read_once()

    def _read_once(self) -> list[Reading]:
        client = self._client
        clerk = Clerk(self.id, self.house, markup="markdown")
        drafts = Drafts(self.house, f"{client.base_url}/{client.organizer}/", self._defaults(), self._clock())
        events = [event for event in client.all("events/", Event, _slug) if is_on_programme(event)]
        dates = self._dates() if any(event.has_subevents for event in events) else {}
        return [
            self._reading(event, dates.get(event.slug, ()), drafts, clerk)
            for event in events
            if self._is_wanted(event, dates.get(event.slug, ()))
        ]

    def _reading(self, event: Event, dates: Sequence[Date], drafts: Drafts, clerk: Clerk) -> Reading:
        """Read one event closer, if it can have an address at all, and let the clerk make a record of it."""
        name, before = f"{self.id}/{_clean.plain(event.slug)}", len(clerk.problems)
        record = None
        try:
            _clean.identifier(event.slug)
        except Refused as refusal:
            clerk.report(name, "id", refusal, Weight.RECORD)
        else:
            record = clerk.register(drafts.write(self._look(event, dates)), name)
        if event.testmode:
            clerk.report(name, "testmode", Refused("shop_in_testmode", "its tickets are not valid; end test mode in pretix"), Weight.DOUBT)  # fmt: skip
        if event.currency != EURO:
            clerk.report(name, "currency", Refused("currency_unknown", f"its prices are in {event.currency}, we show euro only"))  # fmt: skip
        reading = Reading(id=name, record=record, problems=tuple(clerk.problems[before:]))
        return reading if event.has_subevents else _as_one(reading)

    def _defaults(self) -> Mapping[str, str | None]:
        return {one.name: one.default for one in self._client.all("event_meta_properties/", MetaProperty, _id)}

    def _dates(self) -> Mapping[str, Sequence[Date]]:
        """The dates of all series, by event."""
        query = {"ordering": "id"} | ({"ends_after": self._since.isoformat()} if self._since else {})
        dates: dict[str, list[Date]] = defaultdict(list)
        for one in self._client.all("subevents/", Date, _id, query):
            dates[one.event].append(one)
        return dates

    def _is_wanted(self, event: Event, dates: Sequence[Date]) -> bool:
        if event.has_subevents:
            return any(map(is_on_programme, dates))
        return self._since is None or (event.date_to or event.date_from) >= self._since

    def _look(self, event: Event, dates: Sequence[Date]) -> Seen:
        """Ask what the lists do not say: description, items, what is left of them, free seats."""
        client, path = self._client, f"events/{event.slug}/"
        settings = client.one(f"{path}settings/", Settings)
        items = client.all(f"{path}items/", Item, _id, keep=True)
        headed = any(item.category for item in items)
        categories = client.all(f"{path}categories/", Category, _id) if headed else ()
        quotas = client.all(f"{path}quotas/", Quota, _id, {"with_availability": "true"})
        shop = Shop(
            event=event, items=items, quotas=quotas, seats=self._seats(event, dates),
            addons=frozenset(category.id for category in categories if category.is_addon),
        )  # fmt: skip
        return Seen(event=event, settings=settings, dates=tuple(dates), shop=shop)

    def _seats(self, event: Event, dates: Sequence[Date]) -> dict[int | None, int]:
        """Free seats by date; `is_available` alone would count blocked seats too (pretix 2026.8)."""
        plans: dict[int | None, Event | Date] = (
            {date.id: date for date in dates} if event.has_subevents else {None: event}
        )
        return {
            place: self._client.count(
                f"events/{event.slug}/{f'subevents/{place}/' if place else ''}seats/",
                is_available="true",
                blocked="false",
            )
            for place, occasion in plans.items()
            if occasion.seating_plan is not None and is_on_programme(occasion)
        }

    def _doubts(self, events: int, shown: int) -> Iterator[Problem]:
        organizer, address = self._client.organizer, urlsplit(self._client.base_url)
        if address.scheme == "http" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
            yield self._problem("url", "token_in_the_clear", "the token travels unencrypted; write https:// in url", Weight.DOUBT)  # fmt: skip
        if not events:
            yield self._problem("organizer", "programme_empty", f"this token sees no events of {organizer!r}; give its team all events", Weight.DOUBT)  # fmt: skip
        elif not shown:
            yield self._problem("organizer", "programme_empty", f"{organizer!r} has {events} events, none of them live and public; take one live in pretix", Weight.DOUBT)  # fmt: skip

    def _problem(self, field: str, code: str, reason: str, weight: Weight) -> Problem:
        return Problem(source=self.id, record="", field=field, code=code, reason=reason, weight=weight)


def _as_one(reading: Reading) -> Reading:
    """An event that is no series is its own, only performance: the clerk's number for that is taken away again."""
    problems = tuple(replace(problem, record=reading.id) for problem in reading.problems)
    if not reading.record:
        return replace(reading, problems=problems)
    production = reading.record.production
    performances = tuple(replace(performance, id=production.id) for performance in production.performances)
    record = replace(reading.record, production=replace(production, performances=performances))
    return replace(reading, record=record, problems=problems)


def _stamps(cursor: str | None) -> Mapping[str, str] | None:
    """What a cursor knows; None for none, or for one of another version of us."""
    try:
        return msgspec.json.decode(cursor or "", type=_Cursor).stamps
    except msgspec.DecodeError:
        return None


def _stamp(reading: Reading) -> str:
    """A short name that changes with anything in the reading."""
    return blake2b(msgspec.msgpack.encode(reading), digest_size=9).hexdigest()
