"""schema.org JSON-LD: one Event per performance, as search engines ask for it (Google's Event profile, 2026)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from etalage.model.catalogue import Catalogue
from etalage.model.offer import Price, Stock
from etalage.model.programme import Kind, Performance, Production, Status, Venue
from etalage.model.site import Page, Site
from plugins.agenda.speech import Speech
from plugins.agenda.views import PerformanceView, PriceView, ProductionView

SCHEMA = "https://schema.org/"
_BY_KIND = {
    Kind.FILM: "ScreeningEvent", Kind.EXPO: "ExhibitionEvent", Kind.COURSE: "EducationEvent", Kind.CAMP: "ChildrensEvent",
    Kind.TALK: "EducationEvent", Kind.SCHOOL: "ChildrensEvent",
}  # fmt: skip
_BY_GENRE = {
    "theater": "TheaterEvent", "dans": "DanceEvent", "humor": "ComedyEvent", "muziektheater": "TheaterEvent",
    "klassiek": "MusicEvent", "jazz": "MusicEvent", "pop-rock": "MusicEvent", "folk-wereld": "MusicEvent",
    "elektronisch": "MusicEvent", "familie": "ChildrensEvent", "film": "ScreeningEvent", "literatuur": "LiteraryEvent",
    "expo": "ExhibitionEvent", "lezing": "EducationEvent", "workshop": "EducationEvent",
}  # fmt: skip
_STATUS = {
    Status.SCHEDULED: "EventScheduled", Status.CANCELLED: "EventCancelled", Status.MOVED: "EventScheduled",
    Status.POSTPONED: "EventPostponed", Status.REMOVED: "EventCancelled",
}  # fmt: skip
_STOCK = {Stock.PLENTY: "InStock", Stock.FEW: "LimitedAvailability", Stock.NONE: "SoldOut"}


class Structured:
    """Writes the JSON-LD of a production's page in one language."""

    def __init__(self, catalogue: Catalogue, site: Site, speech: Speech) -> None:
        self.catalogue, self.site, self.speech = catalogue, site, speech
        self.encode = msgspec.json.Encoder().encode
        self.offers: dict[int, tuple[Sequence[PriceView], Sequence[str]]] = {}
        self.places: dict[tuple[str, str], msgspec.Raw] = {}

    def of(self, production: Production, view: ProductionView, page: Page, image: str) -> Markup:
        """A script element with every performance that still counts, or the expo's period."""
        written = {date.id: date for date in (*view.past, *view.performances)}
        events = [
            self._event(production, one, written[one.id], page)
            for one in production.performances
            if one.status is not Status.REMOVED
        ]
        if not events and production.closes:
            events = [self.encode(self._period(production)).decode()]
        if not events:
            return Markup("")
        common = self.encode(self._common(production, view, page, image)).decode()[1:-1]
        whole = [f"{common},{event[1:-1]}" for event in events]
        content = whole[0] if len(whole) == 1 else f'"@graph":[{",".join(f"{{{event}}}" for event in whole)}]'
        safe = f'{{"@context":"{SCHEMA}",{content}}}'.replace("<", "\\u003c").replace("&", "\\u0026")
        return Markup(f'<script type="application/ld+json">{safe}</script>')  # noqa: S704 - JSON with < and & written as escapes

    def _common(self, production: Production, view: ProductionView, page: Page, image: str) -> dict[str, Any]:
        kind = _BY_KIND.get(production.kind) or next(
            (_BY_GENRE[g.id] for g in production.genres if g.id in _BY_GENRE), "Event"
        )
        common: dict[str, Any] = {"@type": kind, "name": str(view.title), "url": page.canonical}
        if view.summary:
            common["description"] = str(view.summary)
        if image:
            common["image"] = [image]
        languages = [language for language in production.languages if language != "zxx"]
        if languages:
            common["inLanguage"] = languages if len(languages) > 1 else languages[0]
        if production.company:
            common["performer"] = {"@type": "PerformingGroup", "name": production.company}
        house = self.catalogue.houses.get(production.houses[0])
        if house:
            common["organizer"] = {"@type": "Organization", "name": str(self.speech.say(house.name))}
            if house.url:
                common["organizer"]["url"] = house.url
        if production.age_min is not None:
            common["typicalAgeRange"] = f"{production.age_min}-{production.age_max or ''}"
        return common

    def _event(self, production: Production, one: Performance, shown: PerformanceView, page: Page) -> str:
        online = production.kind is Kind.ONLINE or (one.online_url and not one.venue)
        event: dict[str, Any] = {
            "startDate": shown.iso,
            "eventStatus": SCHEMA + self._status(one),
            "eventAttendanceMode": SCHEMA + ("OnlineEventAttendanceMode" if online else "OfflineEventAttendanceMode"),
            "location": {"@type": "VirtualLocation", "url": one.online_url or page.canonical} if online
            else self._place(one.venue, one.hall, production),
        }  # fmt: skip
        if shown.end_iso:
            event["endDate"] = shown.end_iso
        if one.doors:
            event["doorTime"] = one.doors.isoformat()
        if one.previous_start:
            event["previousStartDate"] = one.previous_start.isoformat()
        offers = self._offers(production, one, shown, page)
        if offers:
            event["offers"] = offers
        if production.kind is Kind.WALKIN or (one.prices and all(not p.amount.cents for p in one.prices)):
            event["isAccessibleForFree"] = True
        return self.encode(event).decode()

    @staticmethod
    def _status(one: Performance) -> str:
        """A moved date is "rescheduled" only where we can say which date it was."""
        return "EventRescheduled" if one.previous_start and one.status is Status.MOVED else _STATUS[one.status]

    def _period(self, production: Production) -> dict[str, Any]:
        house = self.catalogue.houses.get(production.houses[0])
        venue = house.venues[0].id if house and house.venues else ""
        period: dict[str, Any] = {
            "startDate": f"{production.opens or production.closes:%Y-%m-%d}", "endDate": f"{production.closes:%Y-%m-%d}",
            "eventStatus": SCHEMA + ("EventCancelled" if production.removed else "EventScheduled"),
            "eventAttendanceMode": SCHEMA + "OfflineEventAttendanceMode", "location": self._place(venue, "", production),
        }  # fmt: skip
        return period

    def _offers(
        self, production: Production, one: Performance, shown: PerformanceView, page: Page
    ) -> msgspec.Raw | None:
        if not one.prices:
            return None
        fixed = self._fixed(one.prices, shown.prices)
        here = f"{self.site.url}/{shown.choose_url}" if shown.choose_url else ""
        own = {"url": here or one.purchase_url or production.purchase_url or page.canonical}
        if one.stock in _STOCK:
            own["availability"] = SCHEMA + _STOCK[one.stock]
        if one.sale_from:
            own["validFrom"] = one.sale_from.isoformat()
        rest = self.encode(own).decode()[1:]
        return msgspec.Raw(f"[{','.join(f'{offer},{rest}' for offer in fixed)}]".encode())

    def _fixed(self, prices: Sequence[Price], shown: Sequence[PriceView]) -> Sequence[str]:
        """What the offers of the same prices have in common, as open JSON. By identity: the same prices are shown by one view."""
        known = self.offers.get(id(shown))
        if known is None:
            say = self.speech.say
            fixed = []
            for price in prices:
                offer = {
                    "@type": "Offer", "price": f"{price.amount.cents // 100}.{price.amount.cents % 100:02}",
                    "priceCurrency": price.amount.currency,
                }  # fmt: skip
                name = " – ".join(part for part in (say(price.category), say(price.tariff)) if part)
                fixed.append(self.encode({**offer, "name": name} if name else offer).decode()[:-1])
            known = self.offers[id(shown)] = (shown, fixed)
        return known[1]

    def _place(self, identity: str, hall: str, production: Production) -> msgspec.Raw:
        known = self.places.get((identity, hall))
        if known is None:
            known = self.places[identity, hall] = msgspec.Raw(self.encode(self._placed(identity, hall, production)))
        return known

    def _placed(self, identity: str, hall: str, production: Production) -> Mapping[str, Any]:
        venue = self.catalogue.venues.get(identity) or self._fallback(production)
        address: dict[str, str] = {"@type": "PostalAddress", "addressCountry": venue.country}
        known = (("streetAddress", venue.street), ("postalCode", venue.postal), ("addressLocality", venue.city))
        address.update((name, value) for name, value in known if value)
        place = {"@type": "Place", "name": f"{venue.name}, {hall}" if hall else venue.name, "address": address}
        if venue.latitude is not None and venue.longitude is not None:
            place["geo"] = {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
        return place

    def _fallback(self, production: Production) -> Venue:
        """No place was given: the house's first, else its address."""
        house = self.catalogue.houses.get(production.houses[0])
        if house and house.venues:
            return house.venues[0]
        contact = house.contact if house else None
        name = str(self.speech.say(house.name)) if house else production.houses[0]
        return Venue(
            id="", name=name, street=contact.street if contact else "", postal=contact.postal if contact else "",
            city=contact.city if contact else "",
        )  # fmt: skip
