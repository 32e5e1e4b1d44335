"""CC De Meerstoel: a rich TOML file, all that the model can hold."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from demo.exports import words
from demo.season import Announcement
from etalage.model.offer import Price
from etalage.model.programme import Opening, Performance, Production, Venue

_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


def write(found: Iterable[Announcement], genres: Mapping[str, str], venues: Iterable[Venue]) -> bytes:
    """The file; `genres` are the house's own names by genre id, `venues` the places that are not the house's own."""
    lines = ["# Uit het ticketsysteem van CC De Meerstoel. Wordt bij elke export opnieuw geschreven."]
    for venue in venues:
        lines += ["", "[[venue]]", *pairs(_venue(venue))]
    for one in found:
        lines += ["", "", "[[production]]", *pairs(_production(one, genres))]
        for performance in one.production.performances:
            lines += ["", "[[production.performance]]", *pairs(_performance(performance))]
    return ("\n".join(lines) + "\n").encode()


def _venue(venue: Venue) -> dict[str, Any]:
    names = ("id", "name", "street", "postal", "city", "latitude", "longitude", "halls", "facilities")
    return {name: getattr(venue, name) for name in names}


def _production(one: Announcement, genres: Mapping[str, str]) -> dict[str, Any]:
    it = one.production
    plain = (
        "company",
        "organiser",
        "tags",
        "languages",
        "surtitles",
        "age_min",
        "age_max",
        "duration",
        "interval",
    )
    return {
        "id": it.id,
        "title": words(it.title),
        "subtitle": words(it.subtitle),
        "kind": it.kind.value,
        "genres": [genres.get(genre.id, genre.name["nl"]) for genre in it.genres],
        **{name: getattr(it, name) for name in plain},
        "summary": words(it.summary),
        "description": words(it.description),
        "opens": it.opens,
        "closes": it.closes,
        "openings": [_opening(opening) for opening in it.openings],
        "venue": "De Meerstoel" if it.opens else "",
        "hall": one.hall if it.opens else "",
        "uitpas": it.uitpas or None,
        "facilities": it.facilities,
        **{f'"facts.{name}"': words(fact) for name, fact in it.facts.items()},
        **{f'"keys.{name}"': key for name, key in it.keys.items()},
        "credits": [{"role": words(credit.role), "name": credit.name} for credit in it.credits],
        "pictures": [{"src": picture.src, "alt": words(picture.alt)} for picture in it.pictures],
        "press": _press(it),
        "videos": [{"url": link.url, "label": words(link.label)} for link in it.videos],
        "links": [{"url": link.url, "label": words(link.label)} for link in it.links],
    }


def _press(it: Production) -> list[dict[str, Any]]:
    return [
        {"text": words(quote.text), "source": quote.source, "day": quote.day, "stars": quote.stars}
        for quote in it.press
    ]


def _opening(opening: Opening) -> str:
    return f"{_DAYS[opening.weekday]} {opening.opens:%H:%M}-{opening.closes:%H:%M}"


def _performance(it: Performance) -> dict[str, Any]:
    plain = (
        "venue",
        "hall",
        "previous_start",
        "previous_venue",
        "seated",
        "sale_from",
        "online_url",
        "facilities",
    )
    return {
        "id": it.id,
        "start": it.start if it.timed else it.start.date(),
        "end": it.end,
        "doors": it.doors,
        "status": it.status.value if it.status != "scheduled" else None,
        "stock": it.stock.value if it.stock != "unknown" else None,
        "note": words(it.note),
        **{name: getattr(it, name) for name in plain},
        "prices": [_price(price) for price in it.prices],
    }


def _price(price: Price) -> dict[str, Any]:
    return {
        "amount": price.amount.cents / 100,
        "tariff": words(price.tariff),
        "category": words(price.category),
        "kind": price.kind.value,
    }


def pairs(table: Mapping[str, Any]) -> Iterator[str]:
    """One `name = value` a line; what is empty is left out."""
    return (f"{name} = {_value(value)}" for name, value in table.items() if not _is_empty(value))


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value in ((), [], {})


def _value(value: Any) -> str:
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + '"""'
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_value(one)}" for name, one in value.items() if not _is_empty(one)) + "}"
    if isinstance(value, list | tuple):
        many = len(value) > 1 and isinstance(value[0], Mapping)
        between = ",\n  " if many else ", "
        return ("[\n  " if many else "[") + between.join(map(_value, value)) + (",\n]" if many else "]")
    return json.dumps(value, ensure_ascii=False)
