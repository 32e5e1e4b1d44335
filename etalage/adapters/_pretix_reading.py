"""A pretix event as a production: what it is called, where and when it is, what it costs.

What a newcomer would get wrong: a date that is not active is either not announced yet or withdrawn, and pretix does not say
which. It stays on the programme only when staff gave it a word in the meta data (`status = geannuleerd`); otherwise it is left
out, and the harvest, which remembers, says "removed". The same holds for an event that is not live.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from etalage.adapters import _clean
from etalage.adapters._pretix_answers import Date, Event, Occasion, Settings, words
from etalage.adapters._pretix_meta import YES, Meta, Notes
from etalage.adapters._pretix_offer import Shop, offer
from etalage.model.errors import Refused
from etalage.model.house import House, find_venue
from etalage.model.moments import local
from etalage.model.offer import Stock
from etalage.model.programme import Kind, Performance, Picture, Production, Status, Venue
from etalage.model.record import Problem, Record, Weight
from etalage.model.words import Words, pick

_CITY = re.compile(r"(?:B-)?(\d{4,5})\s+(\D+)")
OVER = frozenset({Status.CANCELLED, Status.POSTPONED})


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """All that pretix says about one event; `dates` in any order."""

    event: Event
    settings: Settings
    dates: tuple[Date, ...]
    shop: Shop


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """An event as read: its record, if it can be one, and what staff should mend."""

    id: str
    record: Record | None
    problems: tuple[Problem, ...] = ()


def is_on_programme(occasion: Event | Date) -> bool:
    """Whether visitors may know of it: public, and open or explicitly called off."""
    return occasion.is_public and (
        _is_open(occasion) or bool((occasion.meta_data.get("status") or "").strip())
    )


def _is_open(occasion: Event | Date) -> bool:
    return occasion.active if isinstance(occasion, Date) else occasion.live and occasion.is_on_the_web


class Reader:
    """Turns what pretix says into records of one house.

    `shop` is the address of the organizer's shop, `defaults` the meta data of events that have none of their own; `now` decides
    which offers are open.
    """

    def __init__(
        self, source: str, house: House, shop: str, defaults: Mapping[str, str | None], now: datetime
    ) -> None:
        self.source, self.house, self.shop, self.defaults, self.now = source, house, shop, defaults, now
        self.language = house.languages[0]

    def read(self, event: Event, look: Callable[[], Seen]) -> Reading:
        """Read one event, and `look` closer only when it can be a record at all."""
        id = f"{self.source}/{_clean.plain(event.slug)}"
        notes = Notes(self.source, id)
        record = None
        title = words(event.name, self.language)
        try:
            _clean.identifier(event.slug)
        except Refused as refusal:
            notes.add("slug", refusal.code, refusal.say, Weight.RECORD)
        else:
            if title:
                record = self._record(look(), id, title, notes)
            else:
                notes.add(
                    "title", "title_missing", "the event has no name; give it one in pretix", Weight.RECORD
                )
        return Reading(id=id, record=record, problems=tuple(notes.found))

    def _record(self, seen: Seen, id: str, title: Words, notes: Notes) -> Record:
        event, settings = seen.event, seen.settings
        if event.testmode:
            notes.add(
                "testmode",
                "shop_in_testmode",
                "its tickets are not valid; switch test mode off in pretix",
                Weight.DOUBT,
            )
        meta = Meta({**self.defaults, **event.meta_data}, self.house, notes)
        shown = [self._performance(seen, occasion, meta, id, title, notes) for occasion in _occasions(seen)]
        is_expo = meta.kind is Kind.EXPO and not event.has_subevents
        begins = self._local(event.date_from)
        production = Production(
            id=id, houses=(self.house.id,), title=title, kind=meta.kind, subtitle=meta.words("subtitle"),
            summary=meta.words("summary"), description=words(settings.frontpage_text, self.language, _prose), company=meta.text("company"),
            genres=meta.genres, tags=meta.list("tags"), languages=meta.languages, surtitles=meta.list("surtitles"),
            age_min=meta.number("age_min"), age_max=meta.number("age_max"), duration=meta.number("duration"),
            interval=meta.number("interval"), facts=meta.facts, pictures=meta.picture() or _header(settings, notes),
            videos=meta.links("video"), links=meta.links("website"),
            opens=begins.date() if is_expo else None,
            closes=self._local(event.date_to or event.date_from).date() if is_expo else None,
            performances=() if is_expo else tuple(performance for performance, _ in shown),
            uitpas=meta.text("uitpas").casefold() in YES, organiser=meta.text("organiser"),
            purchase_url=self._address(event, event), keys=meta.keys,
        )  # fmt: skip
        venues = {venue.id: venue for _, venue in shown if venue}
        return Record(production=production, venues=tuple(venues.values()))

    def _performance(
        self, seen: Seen, occasion: Event | Date, meta: Meta, id: str, title: Words, notes: Notes
    ) -> tuple[Performance, Venue | None]:
        """One date, and where it is."""
        date = occasion if isinstance(occasion, Date) else None
        name = f"{id}/{date.id}" if date else id
        own = Meta(occasion.meta_data, self.house, notes, name) if date else meta
        status = meta.status if own.status is Status.SCHEDULED else own.status
        prices, stock = offer(seen.shop, date, self.now, self.language)
        venue, hall = self._place(occasion, name, notes)
        begins = [moment for moment in (seen.event.presale_start, occasion.presale_start) if moment]
        ends = [moment for moment in (seen.event.presale_end, occasion.presale_end) if moment]
        return Performance(
            id=name, start=self._local(occasion.date_from), end=self._end(occasion, name, notes),
            timed=seen.settings.show_times,
            doors=self._local(occasion.date_admission) if occasion.date_admission else None,
            venue=venue.id if venue else "", hall=hall, status=status,
            note={code: said for code, said in words(occasion.name, self.language).items() if said != title.get(code)},
            prices=prices, stock=Stock.UNKNOWN if status in OVER else stock, seated=occasion.seating_plan is not None,
            sale_from=self._local(max(begins)) if begins else None, sale_until=self._local(min(ends)) if ends else None,
            purchase_url="" if status in OVER else self._address(seen.event, occasion),
            keys=own.keys if date else {},
        ), venue  # fmt: skip

    def _end(self, occasion: Occasion, name: str, notes: Notes) -> datetime | None:
        if occasion.date_to is None:
            return None
        if occasion.date_to < occasion.date_from:
            notes.add(
                "date_to",
                "end_before_start",
                "it ends before it starts; mend the times in pretix",
                record=name,
            )
            return None
        return self._local(occasion.date_to)

    def _local(self, moment: datetime) -> datetime:
        return local(moment, self.house.timezone)

    def _address(self, event: Event, occasion: Event | Date) -> str:
        """Where a visitor buys; nowhere when the shop is closed or only pretends to sell."""
        if event.testmode or not event.live or not _is_open(occasion):
            return ""
        shop = event.public_url or f"{self.shop}{event.slug}/"
        return _clean.address(f"{shop}{occasion.id}/" if isinstance(occasion, Date) else shop)

    def _place(self, occasion: Occasion, name: str, notes: Notes) -> tuple[Venue | None, str]:
        """The venue and the hall that the location names; a place that the house does not list is made of the text."""
        written, _ = pick(words(occasion.location, self.language, _clean.lines), self.house.languages)
        venue, hall = find_venue(self.house.venues, written)
        if venue or not written:
            return venue, hall
        if self.house.venues:
            said_line = written.replace("\n", ", ")
            notes.add("location", "venue_unknown", f"{said_line[:80]!r} is none of the house's venues; add it or an alias", Weight.DOUBT, record=name)  # fmt: skip
        return _made_venue(written.split("\n"), occasion), ""


def _prose(markdown: str) -> str:
    """Safe HTML from what pretix calls rich text."""
    return _clean.prose(markdown, "markdown")


def _occasions(seen: Seen) -> Sequence[Event | Date]:
    """What one can attend: the event itself, or its dates in order."""
    if not seen.event.has_subevents:
        return (seen.event,)
    return sorted(filter(is_on_programme, seen.dates), key=lambda date: (date.date_from, date.id))


def _made_venue(lines: Sequence[str], occasion: Occasion) -> Venue:
    """A venue from an address as people write it: name, street, postal code and city, each on a line."""
    name, *rest = lines
    city = next((found for found in map(_CITY.fullmatch, rest) if found), None)
    streets = [line for line in rest if not city or line != city[0]]
    return Venue(
        id=_clean.slug(name), name=name, street=streets[0] if streets else "", postal=city[1] if city else "",
        city=city[2].strip() if city else "", latitude=occasion.geo_lat, longitude=occasion.geo_lon,
    )  # fmt: skip


def _header(settings: Settings, notes: Notes) -> tuple[Picture, ...]:
    """The picture of the shop's own page."""
    for name, src in (("og_image", settings.og_image), ("logo_image", settings.logo_image)):
        if src:
            try:
                return (Picture(src=_clean.address(src)),)
            except Refused as refusal:
                notes.add(f"settings.{name}", refusal.code, refusal.say)
    return ()
