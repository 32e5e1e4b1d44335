"""A pretix event as a draft for the clerk (_clerk.py): what pretix itself says, and what staff fill in as meta data.

What a newcomer would get wrong: a date that is not active is either not announced yet or withdrawn, and pretix does not say
which. It stays on the programme only when staff gave it a status in the meta data ("geannuleerd"); otherwise it is left out,
and the harvest, which remembers, says "removed". The same holds for an event that is not live.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from etalage.adapters import _clean, _drafts, _fields, _terms
from etalage.adapters._fields import Draft
from etalage.adapters._pretix_answers import Date, Event, Occasion, Settings, words
from etalage.adapters._pretix_offer import Shop, offer
from etalage.model.errors import Refused
from etalage.model.house import House, find_venue
from etalage.model.moments import local
from etalage.model.programme import Kind
from etalage.model.words import pick

_CITY = re.compile(r"(?:B-)?(\d{4,5})\s+(\D+)")
_NAMES = {
    "image_url": "pictures",
    "image_alt": "photo_alt",
    "image_credit": "photo_credit",
    "cdbid": "keys.cdbid",
}
"""Names of meta data that sheets do not have; all others are those of docs/reference/sources.md."""
_OF_WORK = frozenset(_fields.PRODUCTION) - {"description", "slug"} | {"age", "facts", "keys", "facilities"}
_OF_DATE = frozenset({"status", "previous_start", "previous_venue", "hall", "note", "online_url", "facilities", "keys"})


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """All that pretix says about one event; `dates` in any order."""

    event: Event
    settings: Settings
    dates: tuple[Date, ...]
    shop: Shop


def is_on_programme(occasion: Event | Date) -> bool:
    """Whether visitors may know of it: public, and open or called off in so many words."""
    return occasion.is_public and (_is_open(occasion) or bool(_named(occasion.meta_data.items(), "").get("status")))


class Drafts:
    """Writes drafts for one house. `shop` is the address of the organizer's shop; `now` decides which offers are open.

    `defaults` are the meta data of events that fill in none of their own.
    """

    def __init__(self, house: House, shop: str, defaults: Mapping[str, str | None], now: datetime) -> None:
        self.house, self.shop, self.now = house, shop, now
        self.defaults = tuple(defaults.items())
        self.language = house.languages[0]

    def write(self, seen: Seen) -> Draft:
        """Put down one event with its performances; a series without a date that visitors may know of has none."""
        event, settings = seen.event, seen.settings
        told = _named([*event.meta_data.items(), *self.defaults], self.language)
        draft: Draft = {
            **{field: value for field, value in told.items() if field in _OF_WORK | _OF_DATE},
            "id": event.slug,
            "title": words(event.name, self.language),
            "description": words(settings.frontpage_text, self.language, str),
            "purchase_url": self._address(event, event),
        }
        draft.setdefault("pictures", [src for src in (settings.og_image or settings.logo_image,) if src])
        if not event.has_subevents and _is_expo(told):
            return draft | self._place(event) | self._period(event)
        return draft | {"performances": [self._performance(seen, occasion) for occasion in _occasions(seen)]}

    def _performance(self, seen: Seen, occasion: Event | Date) -> Draft:
        date = occasion if isinstance(occasion, Date) else None
        prices, stock = offer(seen.shop, date, self.now, self.language)
        begins = [moment for moment in (seen.event.presale_start, occasion.presale_start) if moment]
        ends = [moment for moment in (seen.event.presale_end, occasion.presale_end) if moment]
        title = words(seen.event.name, self.language)
        note = {code: said for code, said in words(occasion.name, self.language).items() if said != title.get(code)}
        told = _named(occasion.meta_data.items(), self.language) if date else {}
        return {
            **({"note": note} if note else {}),
            **{field: value for field, value in told.items() if field in _OF_DATE},
            **self._place(occasion),
            **self._times(occasion, seen.settings),
            "id": date.id if date else "",
            "prices": prices,
            "stock": stock if _is_open(occasion) else None,
            "seated": occasion.seating_plan is not None,
            "sale_from": max(begins, default=None),
            "sale_until": min(ends, default=None),
            "purchase_url": self._address(seen.event, occasion),
        }

    def _times(self, occasion: Occasion, settings: Settings) -> Draft:
        if settings.show_times:
            return {"start": occasion.date_from, "end": occasion.date_to, "doors": occasion.date_admission}
        return {"date": local(occasion.date_from, self.house.timezone).date()}

    def _period(self, event: Event) -> Draft:
        """When an expo opens and closes."""
        first, last = event.date_from, event.date_to or event.date_from
        return {
            "opens": local(first, self.house.timezone).date(),
            "closes": local(last, self.house.timezone).date(),
        }

    def _place(self, occasion: Occasion) -> Draft:
        """The house's own venue by name; else a venue of the location's lines: name, street, postal code and city."""
        written, _ = pick(words(occasion.location, self.language, _clean.lines), self.house.languages)
        if not written or find_venue(self.house.venues, written)[0]:
            return {"venue": written}
        name, *rest = written.split("\n")
        city = next(filter(None, map(_CITY.fullmatch, rest)), None)
        street = next((line for line in rest if not city or line != city[0]), "")
        venue: Draft = {
            "name": name,
            "street": street,
            "latitude": occasion.geo_lat,
            "longitude": occasion.geo_lon,
        }
        return {"venue": venue | ({"postal": city[1], "city": city[2].strip()} if city else {})}

    def _address(self, event: Event, occasion: Event | Date) -> str:
        """Where a visitor buys; nowhere when the shop is closed or only pretends to sell."""
        if event.testmode or not event.live or not _is_open(occasion):
            return ""
        shop = event.public_url or f"{self.shop}{event.slug}/"
        return f"{shop}{occasion.id}/" if isinstance(occasion, Date) else shop


def _is_expo(told: Draft) -> bool:
    try:
        return _terms.kind(told.get("kind", Kind.SHOW)) is Kind.EXPO
    except Refused:  # the clerk reports it
        return False


def _is_open(occasion: Event | Date) -> bool:
    return occasion.active if isinstance(occasion, Date) else occasion.live and occasion.is_on_the_web


def _occasions(seen: Seen) -> Sequence[Event | Date]:
    """What one can attend: the event itself, or its dates in order."""
    if not seen.event.has_subevents:
        return (seen.event,)
    return sorted(filter(is_on_programme, seen.dates), key=lambda date: (date.date_from, date.id))


def _named(meta: Iterable[tuple[str, str | None]], language: str) -> Draft:
    """Meta data under our names; of two values the first counts."""
    named = ((*_field(name), (value or "").strip()) for name, value in meta)
    return _drafts.gather(named, language)


def _field(name: str) -> tuple[str, str]:
    known = _NAMES.get(name.strip().casefold())
    return (known, "") if known else _fields.field_of(name)
