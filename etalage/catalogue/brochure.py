"""What goes to the printer, the press and the newsletter: chosen productions of a site with their dates in a period.

The structs are the format: JSON as msgspec writes it, XML as plugins/exports does, and the schema of both in
docs/reference/brochure.schema.json, which a test makes anew and compares. What a newcomer would get wrong: only the dates of the
period are in it, and a cancelled date is not; print cannot be taken back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import msgspec

from etalage.catalogue.names import genre_of
from etalage.catalogue.showing import is_open, last_day
from etalage.model.catalogue import Catalogue
from etalage.model.errors import Refused
from etalage.model.offer import Price
from etalage.model.programme import Credit, Performance, PressQuote, Production, Status
from etalage.model.site import Site
from etalage.model.words import Words

FORMAT = "etalage-brochure/1"


class PrintPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as large as we have it. `file` is beside the export; `credit` must be printed with it; sizes in pixels."""

    file: str
    width: int
    height: int
    alt: Words
    credit: str


class PrintPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What one pays, in cents: where you sit, who you are."""

    cents: int
    currency: str
    kind: str
    tariff: Words
    category: Words


class PrintDate(msgspec.Struct, frozen=True, kw_only=True):
    """One date, in local time with its offset. `timed` false: only the day is known."""

    id: str
    start: datetime
    end: datetime | None
    doors: datetime | None
    timed: bool
    venue: str
    hall: str
    city: str
    note: Words
    prices: tuple[PrintPrice, ...]


class PrintCredit(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what."""

    role: Words
    name: str


class PrintQuote(msgspec.Struct, frozen=True, kw_only=True):
    """What a paper wrote."""

    text: Words
    source: str
    stars: int | None


class PrintProduction(msgspec.Struct, frozen=True, kw_only=True):
    """A production with all that a brochure may say of it. `description` is simple HTML; `url` its page."""

    id: str
    url: str
    title: Words
    subtitle: Words
    summary: Words
    description: Words
    company: str
    houses: tuple[str, ...]
    kind: str
    genres: tuple[Words, ...]
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    duration: int | None
    interval: int | None
    uitpas: bool
    facilities: tuple[str, ...]
    opens: date | None
    closes: date | None
    credits: tuple[PrintCredit, ...]
    press: tuple[PrintQuote, ...]
    dates: tuple[PrintDate, ...]
    pictures: tuple[PrintPicture, ...]


class Brochure(msgspec.Struct, frozen=True, kw_only=True):
    """The whole export. `first` and `last`: the period, both days included."""

    format: str
    site: str
    name: Words
    url: str
    first: date
    last: date
    productions: tuple[PrintProduction, ...]


def choose(
    catalogue: Catalogue, site: Site, first: date, last: date, wanted: Sequence[str], slugs: Mapping[str, str]
) -> tuple[Production, ...]:
    """The productions that have something in the period, the soonest first; of those asked for, by id or by their address.

    Those asked for come in the order asked, and each must be in the period: a mistake would be seen in print only.
    """
    houses = set(site.houses)
    found = {
        identity: entry.production
        for identity, entry in catalogue.entries.items()
        if not houses.isdisjoint(entry.production.houses) and not entry.production.removed
    }
    on = {i: one for i, one in found.items() if dates_of(one, first, last) or is_open(one, first, last)}
    if wanted:
        by_slug = {slug: identity for identity, slug in slugs.items()}
        ids = [by_slug.get(each.rstrip("/").rpartition("/")[2], each) if each not in found else each for each in wanted]
        for asked, identity in zip(wanted, ids, strict=True):
            if identity not in on:
                why = (
                    f"has nothing between {first} and {last}" if identity in found else "is no production of this site"
                )
                raise Refused("production_unknown", f"{asked!r} {why}; write its id, or the last part of its address")
        return tuple(on[identity] for identity in dict.fromkeys(ids))

    def soonest(one: Production) -> tuple[str, str]:
        dates = dates_of(one, first, last)
        return (dates[0].start.isoformat() if dates else f"{max(one.opens or first, first)}", one.id)

    return tuple(sorted(on.values(), key=soonest))


def dates_of(production: Production, first: date, last: date) -> tuple[Performance, ...]:
    """Its dates in the period that go on as announced, or moved."""
    off: Collection[Status] = (Status.CANCELLED, Status.POSTPONED, Status.REMOVED)
    return tuple(
        p for p in production.performances if p.status not in off and p.start.date() <= last and last_day(p) >= first
    )


def compose(
    catalogue: Catalogue, site: Site, first: date, last: date, chosen: Sequence[Production],
    addresses: Mapping[str, str], pictures: Mapping[str, PrintPicture],
) -> Brochure:  # fmt: skip
    """Everything about them. `addresses`: production → its page in full; `pictures`: `src` → the copy for print."""
    productions = tuple(_production(catalogue, one, dates_of(one, first, last), addresses, pictures) for one in chosen)
    return Brochure(
        format=FORMAT, site=site.id, name=dict(site.name), url=site.url, first=first, last=last, productions=productions
    )


def _production(
    catalogue: Catalogue, one: Production, dates: Sequence[Performance], addresses: Mapping[str, str],
    pictures: Mapping[str, PrintPicture],
) -> PrintProduction:  # fmt: skip
    return PrintProduction(
        id=one.id, url=addresses.get(one.id, ""), title=one.title, subtitle=one.subtitle, summary=one.summary,
        description=one.description, company=one.company, houses=one.houses, kind=one.kind.value,
        genres=tuple(genre_of(genre.id, catalogue).name for genre in one.genres), tags=one.tags, languages=one.languages,
        age_min=one.age_min, age_max=one.age_max, duration=one.duration, interval=one.interval, uitpas=one.uitpas,
        facilities=one.facilities, opens=one.opens, closes=one.closes, credits=tuple(map(_credit, one.credits)),
        press=tuple(map(_quote, one.press)), dates=tuple(_date(catalogue, each) for each in dates),
        pictures=tuple(pictures[picture.src] for picture in one.pictures if picture.src in pictures),
    )  # fmt: skip


def _date(catalogue: Catalogue, one: Performance) -> PrintDate:
    venue = catalogue.venues.get(one.venue)
    return PrintDate(
        id=one.id, start=one.start, end=one.end, doors=one.doors, timed=one.timed, venue=venue.name if venue else "",
        hall=one.hall, city=venue.city if venue else "", note=one.note, prices=tuple(map(_price, one.prices)),
    )  # fmt: skip


def _price(price: Price) -> PrintPrice:
    return PrintPrice(
        cents=price.amount.cents,
        currency=price.amount.currency,
        kind=price.kind.value,
        tariff=price.tariff,
        category=price.category,
    )


def _credit(credit: Credit) -> PrintCredit:
    return PrintCredit(role=credit.role, name=credit.name)


def _quote(quote: PressQuote) -> PrintQuote:
    return PrintQuote(text=quote.text, source=quote.source, stars=quote.stars)
