"""The filters of the search: their names, how they stand in an address, and what they mean. The one definition.

`themes/base/static/js/search/filters.js` is its port for the browser; golden tests hold both to the same answers.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec

from etalage.model.errors import Refused
from etalage.search.table import ACCESS, number_of

PERIODS = ("today", "tomorrow", "weekend", "week", "month")
SORTS = ("relevance", "date", "price", "distance")
AGES = (3, 6, 9, 12, 16)
"""The ages that counts are given for."""
EUROS = (0, 10, 20, 30)
"""The highest prices that counts are given for; 0 is free."""
FACETS = ("date", "day", "genre", "venue", "town", "house", "age", "price", "uitpas", "access", "left")
NAMES = (
    "date",
    "from",
    "until",
    "day",
    "genre",
    "venue",
    "town",
    "km",
    "house",
    "age",
    "price",
    "uitpas",
    "access",
    "left",
)
"""As they are called in an address, in the order in which `write` puts them."""
MOST_KM = 500


class Filters(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, rename={"since": "from"}):
    """What a visitor narrows down to. Within one filter the values add up (or), but `access` asks for all of them.

    `date`: one of PERIODS, a day "2026-12-05" or a month "2026-12". `since` ("from" in an address) and `until`: days, both
    included. `day`: weekdays, 1 is Monday. `genre`, `venue`, `town`, `house`: ids; with `km` a town reaches that far. `here`:
    degrees, never in an address. `age`: a person of this age may come. `price`: in cents, the most one wants to pay; 0 is free.
    """

    date: str = ""
    since: str = ""
    until: str = ""
    day: tuple[int, ...] = ()
    genre: tuple[str, ...] = ()
    venue: tuple[str, ...] = ()
    town: tuple[str, ...] = ()
    km: int | None = None
    here: tuple[float, float] | None = None
    house: tuple[str, ...] = ()
    age: int | None = None
    price: int | None = None
    uitpas: bool = False
    access: tuple[str, ...] = ()
    left: bool = False


def read(given: Iterable[tuple[str, str]]) -> Filters:
    """Read the filters in an address; a name may come several times, or once with commas. Other names are left alone.

    Refuses what cannot be read with `filter_unreadable`, and says what may stand there.
    """
    found: dict[str, list[str]] = {}
    for name, value in given:
        found.setdefault(name, []).extend(part.strip() for part in value.split(",") if part.strip())
    first = {name: values[0] for name, values in found.items() if values}

    def several(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found.get(name, ())))

    period = first.get("date", "")
    if period and period not in PERIODS:
        _span(period)
    for name in ("from", "until"):
        if name in first:
            _day(name, first[name])
    unknown = [name for name in several("access") if name not in ACCESS]
    if unknown:
        raise _unreadable("access", unknown[0], ", ".join(ACCESS))
    euros = _price(first["price"]) if "price" in first else None
    return Filters(
        date=period, since=first.get("from", ""), until=first.get("until", ""),
        day=tuple(sorted({whole("day", text, 1, 7) for text in several("day")})),
        genre=several("genre"), venue=several("venue"), town=several("town"), house=several("house"),
        km=whole("km", first["km"], 1, MOST_KM) if "km" in first else None,
        age=whole("age", first["age"], 0, 120) if "age" in first else None,
        price=euros, uitpas=_yes("uitpas", first), access=several("access"), left=_yes("left", first),
    )  # fmt: skip


def write(filters: Filters) -> list[tuple[str, str]]:
    """The filters as they stand in an address, always in the same order; `here` is left out: it is the visitor's own."""
    pairs = [("date", filters.date), ("from", filters.since), ("until", filters.until)]
    pairs += [("day", str(day)) for day in filters.day]
    for name in ("genre", "venue", "town"):
        pairs += [(name, value) for value in getattr(filters, name)]
    pairs.append(("km", "" if filters.km is None else str(filters.km)))
    pairs += [("house", value) for value in filters.house]
    pairs.append(("age", "" if filters.age is None else str(filters.age)))
    pairs.append(("price", "" if filters.price is None else f"{filters.price / 100:.2f}".removesuffix(".00")))
    pairs.append(("uitpas", "1" if filters.uitpas else ""))
    pairs += [("access", value) for value in filters.access]
    pairs.append(("left", "1" if filters.left else ""))
    return [(name, value) for name, value in pairs if value]


def days_of(filters: Filters, today: date) -> tuple[int, int]:
    """The first and the last day that `date`, `from` and `until` leave, as numbers."""
    first, last = 0, 1 << 30
    if filters.date:
        first, last = period_of(filters.date, today)
    if filters.since:
        first = max(first, number_of(date.fromisoformat(filters.since)))
    if filters.until:
        last = min(last, number_of(date.fromisoformat(filters.until)))
    return first, last


def period_of(name: str, today: date) -> tuple[int, int]:
    """The days of a period: the weekend is the coming Saturday and Sunday, or what is left of it; a week is seven days."""
    now = number_of(today)
    if name == "today":
        return now, now
    if name == "tomorrow":
        return now + 1, now + 1
    if name == "weekend":
        sunday = now + 7 - today.isoweekday()
        return max(now, sunday - 1), sunday
    if name == "week":
        return now, now + 6
    if name == "month":
        return now, number_of(_month_end(today))
    return _span(name)


def _span(text: str) -> tuple[int, int]:
    try:
        if len(text) == 7:
            first = date.fromisoformat(text + "-01")
            return number_of(first), number_of(_month_end(first))
        day = number_of(date.fromisoformat(text))
    except ValueError:
        raise _unreadable(
            "date", text, f"{', '.join(PERIODS)}, a day like 2026-12-05 or a month like 2026-12"
        ) from None
    return day, day


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _day(name: str, text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise _unreadable(name, text, "a day like 2026-12-05") from None


def whole(name: str, text: str, least: int, most: int) -> int:
    """Read a whole number in an address, or refuse it."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise _unreadable(name, text, f"a whole number from {least} to {most}")
    return int(text)


def _price(text: str) -> int:
    whole, _, part = text.partition(".")
    if not (text.isascii() and whole.isdigit() and len(whole) < 6 and (part.isdigit() or not part) and len(part) < 3):
        raise _unreadable("price", text, "an amount in euros like 10 or 12.50; 0 is free")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def _yes(name: str, first: Mapping[str, str]) -> bool:
    if first.get(name, "1") != "1":
        raise _unreadable(name, first[name], "1, or leave it out")
    return name in first


def _unreadable(name: str, text: str, may_be: str) -> Refused:
    return Refused("filter_unreadable", f"{name}={text[:40]!r} cannot be read: write {may_be}", where=name)
