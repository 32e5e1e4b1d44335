"""What each type of JSON-LD object needs, one rule per type, and the values that rules are made of.

These are the demands that decide whether a search engine shows an event at all, not the whole of schema.org.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sitecheck.vocabulary import ALL_DAY, AVAILABILITIES, EVENTS, MODES, PLACES, STATUSES

Node = dict[str, Any]
Trouble = tuple[str, str]
Rule = Callable[[Node], Iterator[Trouble]]

PRICE = re.compile(r"^\d+(\.\d{1,2})?$")
DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
CURRENCY = re.compile(r"^[A-Z]{3}$")
COUNTRY = re.compile(r"^[A-Z]{2}$")
WEB = re.compile(r"^https?://[^\s/]+", re.IGNORECASE)


def rule_of(kind: str) -> Rule | None:
    """Return the rule of a type, if it has one: all events share theirs, and so do all places."""
    return RULES.get("Event" if kind in EVENTS else "Place" if kind in PLACES else kind)


def judge_event(event: Node) -> Iterator[Trouble]:
    """An event has a name, a moment, a place and, when sold, offers; its status and mode are in the lists."""
    yield from need_name(event)
    start, end = event.get("startDate"), event.get("endDate")
    date_is_enough = any(kind in ALL_DAY for kind in listed(event.get("@type"))) or _is_all_day(event)
    if not start:
        yield "startDate", "startDate is missing"
    for name in ("startDate", "endDate", "doorTime", "previousStartDate"):
        for value in listed(event.get(name)):
            yield from need_moment(name, value, date_is_enough=date_is_enough)
    if (begin := moment(start)) and (close := moment(end)) and is_before(close, begin):
        yield "endDate", f"endDate {end} comes before startDate {start}"
    status, mode = event.get("eventStatus"), event.get("eventAttendanceMode")
    yield from need_one_of("eventStatus", status, STATUSES)
    yield from need_one_of("eventAttendanceMode", mode, MODES)
    is_moved = "EventRescheduled" in str(status)
    if event.get("previousStartDate") and not is_moved:
        yield "previousStartDate", "previousStartDate is only for an event that is EventRescheduled"
    if is_moved and not event.get("previousStartDate"):
        yield "previousStartDate", "an EventRescheduled says its previousStartDate"
    yield from judge_location(event, str(mode))


def judge_location(event: Node, mode: str) -> Iterator[Trouble]:
    """A visitor must know where to go, or which address to open; the attendance mode agrees with that."""
    places = objects(event.get("location"))
    if not places:
        yield "location", "location is missing, or is only text"
    is_online = ["VirtualLocation" in listed(place.get("@type")) for place in places]
    for place, online in zip(places, is_online, strict=True):
        if online:
            yield from need_web_address(place, "location.url")
        elif not place.get("address"):
            yield "location", f"the place {place.get('name') or ''} has no address"
    if places and (("Offline" in mode and any(is_online)) or ("Online" in mode and not all(is_online))):
        yield "eventAttendanceMode", f"{mode} contradicts the kind of location"


def _is_all_day(event: Node) -> bool:
    """Only days are given, no hour anywhere: the time is not known, and saying midnight would be a lie."""
    given = [value for name in ("startDate", "endDate", "doorTime") for value in listed(event.get(name))]
    return not any(isinstance(moment(value), datetime) for value in given)


def judge_offer(offer: Node) -> Iterator[Trouble]:
    """An offer has a price in a currency, an availability from the list, and a page where it is sold."""
    yield from need_price(offer, "price")
    if "availability" in offer:  # when nobody knows what is left, nothing is better than a guess
        yield from need_one_of("availability", offer.get("availability"), AVAILABILITIES)
    yield from need_web_address(offer, "url")
    for value in listed(offer.get("validFrom")):
        yield from need_moment("validFrom", value, date_is_enough=True)


def judge_range(offer: Node) -> Iterator[Trouble]:
    """A range of prices runs from low to high."""
    yield from need_price(offer, "lowPrice")
    low, high = str(offer.get("lowPrice")), str(offer.get("highPrice", offer.get("lowPrice")))
    if not PRICE.match(high):
        yield "price", f"highPrice is {high!r} and should be a string such as '12.50'"
    elif PRICE.match(low) and float(low) > float(high):
        yield "price", f"lowPrice {low} is more than highPrice {high}"


def judge_named(node: Node) -> Iterator[Trouble]:
    """A product, person or organisation has at least a name."""
    yield from need_name(node)


def judge_product(product: Node) -> Iterator[Trouble]:
    """A product is for sale: a name and an offer."""
    yield from need_name(product)
    if not objects(product.get("offers")):
        yield "offers", "a product without offers"


def judge_place(place: Node) -> Iterator[Trouble]:
    """A place has a name and an address."""
    yield from need_name(place)
    if not place.get("address"):
        yield "address", "a place without an address"


def judge_address(address: Node) -> Iterator[Trouble]:
    """An address names at least the town, and the country by its two letters."""
    if not address.get("addressLocality"):
        yield "address", "addressLocality is missing"
    country = address.get("addressCountry", "BE")
    if isinstance(country, str) and not COUNTRY.match(country):
        yield "address", f"addressCountry is {country!r} and should be two capitals"


def judge_breadcrumbs(crumbs: Node) -> Iterator[Trouble]:
    """Breadcrumbs count from 1, and each has a name and, but for the last, a page."""
    items = objects(crumbs.get("itemListElement"))
    if not items:
        yield "itemListElement", "breadcrumbs without a crumb"
    if [item.get("position") for item in items] != list(range(1, len(items) + 1)):
        yield "position", "the positions do not count 1, 2, 3 …"
    for number, item in enumerate(items, start=1):
        inside = item.get("item")
        page = inside.get("@id") or inside.get("url") if isinstance(inside, dict) else inside
        if not (item.get("name") or (isinstance(inside, dict) and inside.get("name"))):
            yield "name", f"crumb {number} has no name"
        if number < len(items) and not WEB.match(str(page)):
            yield "item", f"crumb {number} leads to no page"


RULES: dict[str, Rule] = {
    "Event": judge_event,
    "Place": judge_place,
    "Offer": judge_offer,
    "AggregateOffer": judge_range,
    "Product": judge_product,
    "PostalAddress": judge_address,
    "BreadcrumbList": judge_breadcrumbs,
    "Organization": judge_named,
    "Person": judge_named,
    "PerformingGroup": judge_named,
    "WebSite": judge_named,
}


def need_name(node: Node) -> Iterator[Trouble]:
    """A thing has a name in words."""
    name = node.get("name")
    if not (isinstance(name, str) and name.strip()):
        yield "name", "name is missing or empty"


def need_moment(name: str, value: object, *, date_is_enough: bool) -> Iterator[Trouble]:
    """A moment is ISO 8601 and says its UTC offset."""
    found = moment(value)
    if found is None:
        yield name, f"{name} is {value!r}, which is no ISO 8601 date"
    elif isinstance(found, datetime) and found.tzinfo is None:
        yield name, f"{name} {value} lacks its UTC offset"
    elif not isinstance(found, datetime) and not date_is_enough:
        yield name, f"{name} {value} lacks its time and UTC offset"


def need_one_of(name: str, value: object, allowed: frozenset[str]) -> Iterator[Trouble]:
    """A word from one of schema.org's lists is written as its full address."""
    if value not in {f"https://schema.org/{word}" for word in allowed}:
        yield (
            name,
            f"{name} is {value!r} and should be https://schema.org/ with one of {', '.join(sorted(allowed))}",
        )


def need_price(offer: Node, name: str) -> Iterator[Trouble]:
    """A price is a string with a point, never a float, and comes with its currency."""
    price = offer.get(name)
    if not (isinstance(price, str) and PRICE.match(price)):
        yield "price", f"{name} is {price!r} and should be a string such as '12.50'"
    if not CURRENCY.match(str(offer.get("priceCurrency"))):
        yield "priceCurrency", f"priceCurrency is {offer.get('priceCurrency')!r} and should be three capitals"


def need_web_address(node: Node, name: str) -> Iterator[Trouble]:
    """A link in JSON-LD is a full web address: readers have no page to resolve it against."""
    url = node.get(name.rsplit(".", 1)[-1])
    if not WEB.match(str(url)):
        yield "url", f"{name} is {url!r} and should be a full web address"


def moment(value: object) -> date | None:
    """Read a date, or a date with a time (which is a `datetime`); None if it is neither."""
    text = str(value)
    try:
        return date.fromisoformat(text) if DATE.match(text) else datetime.fromisoformat(text)
    except ValueError:
        return None


def is_before(one: date, other: date) -> bool:
    """Say whether one moment comes before another; of two kinds of moment neither does."""
    try:
        return one < other
    except TypeError:
        return False


def listed(value: object) -> list[Any]:
    """Return a value as a list: JSON-LD writes one and many differently."""
    return value if isinstance(value, list) else [] if value is None else [value]


def objects(value: object) -> list[Node]:
    """Return the objects in a value."""
    return [item for item in listed(value) if isinstance(item, dict)]
