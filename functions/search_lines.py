"""An answer in words, for visitors without JavaScript: what themes/base/components/agenda-search/saying.js says for the others.

The words are those that the build put on the search page (plugins/agenda/search_page.py), so the two cannot drift apart but in
their order; tests/browser/test_search.py compares them line by line.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

Words = Mapping[str, Any]
Result = Mapping[str, Any]


class Line(msgspec.Struct, frozen=True):
    """A result as components/found/found.html shows it. `states`: the tone and the words of each badge."""

    url: str
    title: str
    is_off: bool
    iso: str
    above: str
    number: str
    month: str
    by: str
    meta: str
    states: Sequence[tuple[str, str]]


def line(result: Result, words: Words, today: date) -> Line:
    """A result in words."""
    one = result["dates"][0] if result["dates"] else None
    period = result["period"] or {"from": "", "until": ""}
    coming = not one and period["from"] > today.isoformat()
    iso: str = one["start"] if one else (period["from"] if coming else period["until"]) or period["from"]
    weekday, number, month = leaf(iso, words) if iso else ("", "", "")
    above = weekday if one else words["since"] if coming or not period["until"] else words["until"]
    return Line(
        url=result["url"], title=result["title"], is_off=one is not None and one["status"] == "cancelled",
        iso=iso[:10] if one and not one["timed"] else iso, above=above if iso else "", number=number, month=month,
        by=result["subtitle"] or result["company"], meta=" · ".join(filter(None, _meta(result, one, words))), states=_states(one, words),
    )  # fmt: skip


def count(texts: Sequence[str], number: int, language: str) -> str:
    """Of one and many, the right one. French has none in the singular."""
    single = number < 2 if language == "fr" else number == 1
    return texts[0 if single else 1] % {"num": number}


def money(cents: int, words: Words) -> str:
    """€ 12 or € 12,50: the page has € 1 and € 1,50 as its language writes them."""
    if not cents:
        return str(words["free"])
    whole, parted = words["money"]
    euros, rest = divmod(cents, 100)
    text = parted.replace("50", f"{rest:02}").replace("1", str(euros), 1) if rest else whole.replace("1", str(euros))
    return str(text)


def leaf(iso: str, words: Words) -> tuple[str, str, str]:
    """The weekday, number and month of "2026-12-05…"."""
    day = date.fromisoformat(iso[:10])
    return words["weekdays"][day.weekday()], str(day.day), words["months"][day.month - 1]


def day(iso: str, words: Words) -> str:
    """Give "za 5 dec"; a month alone is "dec 2026"."""
    if len(iso) == 7:
        return f"{leaf(iso + '-01', words)[2]} {iso[:4]}"
    return " ".join(leaf(iso, words))


def when(time: Mapping[str, Any], words: Words) -> str:
    """What the words of a question said of the time."""
    first, last = time["from"], time["until"]
    parts = []
    if first and first == last:
        parts.append(day(first, words))
    elif first and last:
        parts.append(words["between"] % {"first": day(first, words), "last": day(last, words)})
    elif first:
        parts.append(words["day_from"] % {"day": day(first, words)})
    elif last:
        parts.append(words["day_until"] % {"day": day(last, words)})
    parts += [words["long_weekdays"][number - 1] for number in time["days"]]
    if time["evening"]:
        parts.append(words["evening"])
    return ", ".join(parts)


def unlisted(name: str, value: str, words: Words) -> str:
    """What a value is called that is not among the filter's choices."""
    match name:
        case "date":
            return str(words["periods"].get(value) or day(value, words))
        case "from":
            return str(words["day_from"] % {"day": day(value, words)})
        case "until":
            return str(words["day_until"] % {"day": day(value, words)})
        case "day":
            return str(words["long_weekdays"][int(value) - 1])
        case "age":
            return str(words["age"] % {"age": value})
        case "price":
            return (
                str(words["up_to"] % {"amount": money(round(float(value) * 100), words)})
                if float(value)
                else str(words["free"])
            )
        case "km":
            return str(words["km"] % {"km": value})
    return value


def _meta(result: Result, one: Mapping[str, Any] | None, words: Words) -> Iterable[str]:
    if one and one["timed"]:
        yield one["start"][11:16].replace(":", words["clock"])
    yield result["genres"][0] if result["genres"] else words["kinds"].get(result["kind"], "")
    if words["cluster"]:
        yield result["house"]
    if one:
        yield one["hall"] or ("" if words["cluster"] else one["venue"])
        yield one["town"] if words["cluster"] else ""
    yield _price(result, one, words)
    yield "UiTPAS" if result["uitpas"] else ""
    more = len(result["dates"]) + result["more"] - 1
    yield count(words["more"], more, words["language"]) if more > 0 else ""
    far = result["distance"]
    yield words["distance"] % {"km": _kilometres(far, words)} if far else ""


def _price(result: Result, one: Mapping[str, Any] | None, words: Words) -> str:
    cents = one["price"] if one else None
    if cents:
        return str(words["from_price"] % {"amount": money(cents, words)})
    return str(words["free"]) if cents == 0 or result["kind"] == "walkin" else ""


def _kilometres(far: float, words: Words) -> str:
    text = f"{far:.1f}" if far < 10 else str(int(far + 0.5))
    return text if words["language"] == "en" else text.replace(".", ",")


def _states(one: Mapping[str, Any] | None, words: Words) -> list[tuple[str, str]]:
    if one is None:
        return []
    stock = "" if one["status"] == "cancelled" else words["stock"].get(one["stock"], "")
    states = [(one["status"], words["status"].get(one["status"], "")), (one["stock"], stock)]
    return [(tone, label) for tone, label in states if label]
