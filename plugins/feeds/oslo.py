"""OSLO Cultuurparticipatie (data.vlaanderen.be/doc/applicatieprofiel/cultuurparticipatie) as JSON-LD, per month.

An activity is a production with all its dates; the document of a month has every production with a date in it, and the places and
organisers that these name. The words are those that publiq itself gives out (its mapping from UiTdatabank), with publiq's own
additions where its shapes ask for them (`platform:`, when we handled it). A newcomer's traps: text carries its language even when
there is one; a moment is an xsd:dateTime with its offset; at most one type, theme and place per activity; and nothing here may
depend on the hour of building, so "handled" is the day the page last changed.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import msgspec

from etalage.catalogue.addresses import Addresses, slug
from etalage.catalogue.selling import is_sold_here
from etalage.model import moments
from etalage.model.catalogue import Catalogue
from etalage.model.house import House
from etalage.model.offer import Price, TariffKind
from etalage.model.programme import Kind, Performance, Production, Status, Venue
from etalage.model.site import Page, Site
from etalage.model.words import Words

Node = dict[str, Any]
CP = "https://data.vlaanderen.be/ns/cultuurparticipatie#"
CONCEPT = "https://data.cultuurparticipatie.be/id/concept/"
TERM = "https://taxonomy.uitdatabank.be/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def _moment(iri: str) -> Node:
    return {"@id": iri, "@type": f"{XSD}dateTime"}


def _text(iri: str) -> Node:
    return {"@id": iri, "@container": "@language"}


def _way(iri: str) -> Node:
    return {"@id": iri, "@type": "@id"}


CONTEXT: Node = {
    "Activiteit": "http://www.cidoc-crm.org/cidoc-crm/E7_Activity", "Organisator": f"{CP}Organisator",
    "Locatie": "http://purl.org/dc/terms/Location", "Adres": "http://www.w3.org/ns/locn#Address",
    "Geometrie": "http://www.w3.org/ns/locn#Geometry", "Ruimtetijd": "http://www.cidoc-crm.org/cidoc-crm/E92_Spacetime_Volume",
    "Periode": "http://data.europa.eu/m8g/PeriodOfTime", "Prijsinfo": "https://schema.org/PriceSpecification",
    "Bedrag": "https://schema.org/MonetaryAmount", "Identificator": "http://www.w3.org/ns/adms#Identifier",
    "GestructureerdeIdentificator": "https://data.vlaanderen.be/ns/generiek#GestructureerdeIdentificator",
    "Boekingsinfo": f"{CP}Boekingsinfo", "Contactpunt": "https://schema.org/ContactPoint",
    "VirtueleLocatie": "https://schema.org/VirtualLocation", "Beeld": "https://schema.org/ImageObject",
    "Catalogus": "http://www.w3.org/ns/dcat#Dataset", "Distributie": "http://www.w3.org/ns/dcat#Distribution",
    "titel": _text("http://purl.org/dc/terms/title"), "beschrijving": _text("http://purl.org/dc/terms/description"),
    "naam": _text(f"{CP}Realisator.naam"), "plaatsnaam": _text("http://www.w3.org/ns/locn#locatorName"),
    "label": _text("http://www.w3.org/2004/02/skos/core#prefLabel"), "type": _way("http://purl.org/dc/terms/type"),
    "identificator": "http://www.w3.org/ns/adms#identifier", "notatie": {"@id": "http://www.w3.org/2004/02/skos/core#notation", "@type": f"{XSD}anyURI"},
    "bron": _way("https://data.uitwisselingsplatform.be/ns/platform#bron"), "toegekendDoor": _way("http://purl.org/dc/terms/creator"),
    "gestructureerd": "https://data.vlaanderen.be/ns/generiek#gestructureerdeIdentificator",
    "naamruimte": "https://data.vlaanderen.be/ns/generiek#naamruimte",
    "lokaal": "https://data.vlaanderen.be/ns/generiek#lokaleIdentificator",
    "verwerktOp": _moment("https://data.uitwisselingsplatform.be/ns/platform#verwerktOp"),
    "aangepastOp": _moment("http://purl.org/dc/terms/modified"),
    "virtueleLocatie": "https://data.uitwisselingsplatform.be/ns/platform#virtueleLocatie",
    "gerealiseerdDoor": _way("http://www.cidoc-crm.org/cidoc-crm/P14_carried_out_by"),
    "ruimtetijd": f"{CP}Activiteit.ruimtetijd", "waar": _way("http://www.cidoc-crm.org/cidoc-crm/P161_has_spatial_projection"),
    "wanneer": "http://www.cidoc-crm.org/cidoc-crm/P160_has_temporal_projection",
    "van": _moment("http://data.europa.eu/m8g/startTime"), "tot": _moment("http://data.europa.eu/m8g/endTime"),
    "tijdspanne": "http://www.cidoc-crm.org/cidoc-crm/P4_has_time-span", "locatie": _way("http://www.w3.org/ns/prov#atLocation"),
    "locatieType": _way(f"{CP}Activiteit.locatieType"), "status": f"{CP}Activiteit.status",
    "prijs": f"{CP}Activiteit.prijs", "bedrag": "https://schema.org/price", "munt": "https://schema.org/currency",
    "waarde": {"@id": "https://schema.org/value", "@type": f"{XSD}decimal"},
    "prijscategorie": _way(f"{CP}Prijsinfo.prijscategorie"), "boeking": f"{CP}Activiteit.boeking",
    "contactpunt": "https://schema.org/contactPoint", "url": {"@id": "https://schema.org/url", "@type": f"{XSD}anyURI"},
    "telefoon": "https://schema.org/telephone", "email": "https://schema.org/email",
    "homepage": "http://xmlns.com/foaf/0.1/homepage", "trefwoord": "http://www.w3.org/ns/dcat#keyword",
    "adres": "http://www.w3.org/ns/locn#address", "straat": "http://www.w3.org/ns/locn#thoroughfare",
    "postcode": "http://www.w3.org/ns/locn#postCode", "gemeente": _text("http://www.w3.org/ns/locn#postName"),
    "land": "http://www.w3.org/ns/locn#adminUnitL1", "geometrie": "http://www.w3.org/ns/locn#geometry",
    "wkt": {"@id": "http://www.opengis.net/ont/geosparql#asWKT", "@type": "http://www.opengis.net/ont/geosparql#wktLiteral"},
    "beeld": "https://schema.org/image", "rechthebbende": "https://schema.org/copyrightHolder",
    "distributie": "http://www.w3.org/ns/dcat#distribution", "toegang": _way("http://www.w3.org/ns/dcat#accessURL"),
    "mediatype": "http://www.w3.org/ns/dcat#mediaType", "landingspagina": _way("http://www.w3.org/ns/dcat#landingPage"),
    "conformAan": _way("http://purl.org/dc/terms/conformsTo"), "inhoud": "@graph",
}  # fmt: skip
"""Every word of ours as the address it stands for; it travels in the document, for a reader may have no network."""

_BY_KIND = {
    Kind.FILM: "0.50.6.0.0", Kind.EXPO: "0.0.0.0.0", Kind.COURSE: "0.3.1.0.0", Kind.CAMP: "0.57.0.0.0", Kind.TALK: "0.3.2.0.0",
}  # fmt: skip
_BY_GENRE = {
    "theater": "0.55.0.0.0", "humor": "0.55.0.0.0", "circus": "0.55.0.0.0", "muziektheater": "0.55.0.0.0",
    "familie": "0.55.0.0.0", "dans": "0.54.0.0.0", "klassiek": "0.50.4.0.0", "jazz": "0.50.4.0.0", "pop-rock": "0.50.4.0.0",
    "folk-wereld": "0.50.4.0.0", "elektronisch": "0.50.4.0.0", "film": "0.50.6.0.0", "expo": "0.0.0.0.0",
    "lezing": "0.3.2.0.0", "literatuur": "0.3.2.0.0", "workshop": "0.3.1.0.1", "feest": "0.28.0.0.0",
}  # fmt: skip
"""Our kinds and genres → UiTdatabank's eventtype (taxonomy.uitdatabank.be); none fits: 0.51.0.0.0, "type onbepaald"."""


class Oslo:
    """Writes a site's linked data. `changed` gives the day a production last changed; `image` a picture's address, or ""."""

    def __init__(
        self, catalogue: Catalogue, site: Site, slugs: Any, changed: Callable[[str], date], image: Callable[[Production], str]
    ) -> None:  # fmt: skip
        self.catalogue, self.site, self.slugs, self.changed, self.image = catalogue, site, slugs, changed, image
        self.here = Addresses(site.languages[0], True)

    def of_month(self, page: Page) -> bytes:
        """The activities of a month, and the organisers and places that they name."""
        found = [self.catalogue.entries[entry.production].production for entry in page.entries]
        days = {one.id: self.changed(one.id) for one in found}
        latest = max(days.values(), default=None)
        graph = [self._activity(one, days[one.id]) for one in found]
        if latest:
            houses = dict.fromkeys(house for one in found for house in one.houses if house in self.catalogue.houses)
            graph += [self._organiser(self.catalogue.houses[house], latest) for house in houses]
            venues = dict.fromkeys(
                p.venue for one in found for p in one.performances if p.venue in self.catalogue.venues
            )
            graph += [self._place(self.catalogue.venues[venue], latest) for venue in venues]
        return _written({"@context": CONTEXT, "@id": f"{self.site.url}/{page.url}", "inhoud": graph})

    def of_all(self, page: Page) -> bytes:
        """The catalogue (DCAT): where each month is."""
        url = self.site.url
        distributions = [
            {
                "@type": "Distributie",
                "@id": f"{url}/{step.url}",
                "toegang": f"{url}/{step.url}",
                "mediatype": "application/ld+json",
            }
            for step in page.steps
        ]
        return _written({
            "@context": CONTEXT, "@id": f"{url}/{page.url}", "@type": "Catalogus", "titel": self._words(self.site.name),
            "beschrijving": self._words(self.site.tagline), "landingspagina": f"{url}/",
            "conformAan": "https://data.vlaanderen.be/doc/applicatieprofiel/cultuurparticipatie/", "distributie": distributions,
        })  # fmt: skip

    def _activity(self, production: Production, changed: date) -> Node:
        iri = self._iri(production)
        node: Node = {
            "@id": iri, "@type": "Activiteit", "identificator": self._identifier(iri, production.id),
            "titel": self._words(production.title), "type": TERM + _term(production), "verwerktOp": self._midnight(changed),
            "aangepastOp": self._midnight(changed), "gerealiseerdDoor": [self._house(h) for h in production.houses],
            "locatieType": f"{CONCEPT}Aanwezigheidsmodus/{'online' if production.kind is Kind.ONLINE else 'fysiek'}",
        }  # fmt: skip
        if words := self._words(production.summary):
            node["beschrijving"] = words
        if dates := [self._spacetime(one) for one in production.performances if one.status is not Status.REMOVED]:
            node["ruimtetijd"] = dates
        if period := _span(production, self.site.timezone):
            node["tijdspanne"] = self._period(*period)
        if prices := list(self._prices(production)):
            node["prijs"] = prices
        if production.tags:
            node["trefwoord"] = list(production.tags)
        if online := next((one.online_url for one in production.performances if one.online_url), ""):
            node["virtueleLocatie"] = {"@type": "VirtueleLocatie", "url": online}
        if status := _status(production):
            node["status"] = status
        if (image := self.image(production)) and production.pictures:
            node["beeld"] = {"@type": "Beeld", "url": image} | (
                {"rechthebbende": production.pictures[0].credit} if production.pictures[0].credit else {}
            )
        if any(is_sold_here(self.site, production, one) for one in production.performances):
            buy = f"{self.site.url}/{self.here.production(self.slugs[production.id])}"
        else:
            buy = next(
                (one.purchase_url for one in production.performances if one.purchase_url), production.purchase_url
            )
        if buy:
            node["boeking"] = {"@type": "Boekingsinfo", "contactpunt": {"@type": "Contactpunt", "url": buy}}
        return node

    def _iri(self, production: Production) -> str:
        return f"{self.site.url}/{self.here.production(self.slugs[production.id])}#activiteit"

    def _house(self, identity: str) -> str:
        return f"{self.site.url}/{self.here.house(identity)}#organisator"

    def _venue(self, identity: str) -> str:
        return f"{self.site.url}/{self.here.venue(identity)}#locatie"

    def _identifier(self, iri: str, local: str) -> Node:
        """Who knows it by which name: an address that is its own, and the id as its source has it."""
        home = f"{self.site.url}/"
        return {
            "@type": "Identificator", "notatie": iri, "bron": home, "toegekendDoor": home,
            "gestructureerd": {"@type": "GestructureerdeIdentificator", "naamruimte": home, "lokaal": local},
        }  # fmt: skip

    def _spacetime(self, one: Performance) -> Node:
        last = one.end if one.end and one.timed else None
        node: Node = {"@type": "Ruimtetijd", "wanneer": self._period(one.start, last)}
        if one.venue in self.catalogue.venues:
            node["waar"] = self._venue(one.venue)
        return node

    @staticmethod
    def _period(start: datetime, end: datetime | None) -> Node:
        return {"@type": "Periode", "van": start.isoformat()} | ({"tot": end.isoformat()} if end else {})

    def _prices(self, production: Production) -> Iterator[Node]:
        """What the first date that has prices costs; a social tariff only as a tariff, never as somebody's own price."""
        prices: Sequence[Price] = next((one.prices for one in production.performances if one.prices), ())
        for price in prices:
            base = price.kind in (TariffKind.STANDARD, TariffKind.FREE)
            amount = f"{price.amount.cents // 100}.{price.amount.cents % 100:02}"
            label = self._words(price.tariff) or {self.site.languages[0]: "Basistarief"}
            yield {
                "@type": "Prijsinfo", "label": label, "prijscategorie": f"{CONCEPT}PrijsCategorieType/{'basis' if base else 'tarief'}",
                "bedrag": {"@type": "Bedrag", "munt": price.amount.currency, "waarde": amount},
            }  # fmt: skip

    def _organiser(self, house: House, changed: date) -> Node:
        iri = self._house(house.id)
        node: Node = {
            "@id": iri, "@type": "Organisator", "identificator": self._identifier(iri, house.id), "naam": self._words(house.name),
            "verwerktOp": self._midnight(changed),
        }  # fmt: skip
        if house.url:
            node["homepage"] = house.url
        contact = {"telefoon": house.contact.phone, "email": house.contact.email}
        points = [{"@type": "Contactpunt", key: value} for key, value in contact.items() if value]
        if points:
            node["contactpunt"] = points
        if house.contact.city:
            node["adres"] = self._address(house.contact.street, house.contact.postal, house.contact.city, "BE")
        return node

    def _place(self, venue: Venue, changed: date) -> Node:
        iri = self._venue(venue.id)
        node: Node = {
            "@id": iri, "@type": "Locatie", "identificator": self._identifier(iri, slug(venue.id)),
            "plaatsnaam": {self.site.languages[0]: venue.name}, "verwerktOp": self._midnight(changed),
            "adres": self._address(venue.street, venue.postal, venue.city, venue.country),
        }  # fmt: skip
        if venue.latitude is not None and venue.longitude is not None:
            node["geometrie"] = {"@type": "Geometrie", "wkt": f"POINT ({venue.longitude} {venue.latitude})"}
        return node

    def _address(self, street: str, postal: str, city: str, country: str) -> Node:
        known = {
            "straat": street,
            "postcode": postal,
            "gemeente": {self.site.languages[0]: city} if city else "",
            "land": country,
        }
        return {"@type": "Adres"} | {key: value for key, value in known.items() if value}

    def _words(self, words: Words) -> Node:
        return {language: text for language, text in words.items() if text and language}

    def _midnight(self, day: date) -> str:
        return moments.at(day, time(), self.site.timezone).isoformat()


def _term(production: Production) -> str:
    known = _BY_KIND.get(production.kind)
    return known or next((_BY_GENRE[g.id] for g in production.genres if g.id in _BY_GENRE), "0.51.0.0.0")


def _span(production: Production, zone: str) -> tuple[datetime, datetime] | None:
    """An expo's period; other activities have their dates."""
    if production.closes is None:
        return None
    opens = production.opens or production.closes
    return moments.at(opens, time(), zone), moments.at(production.closes, time(23, 59), zone)


def _status(production: Production) -> str:
    """What happened to the whole of it."""
    states = {one.status for one in production.performances}
    if states and states <= {Status.CANCELLED, Status.REMOVED}:
        return "geannuleerd"
    return "uitgesteld" if states == {Status.POSTPONED} else ""


def _written(document: Node) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=0) + b"\n"
