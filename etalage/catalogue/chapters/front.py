"""The front page and the agenda."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.drawing import Drawing, parts, to
from etalage.catalogue.showing import by_day
from etalage.model.site import Entry, Page, Step
from etalage.model.tip import Choice


def draw(d: Drawing) -> Iterator[Page]:
    """The front page: what is on first, each production once."""
    running = d.showing.open_between(d.today, d.today)
    yield d.page(
        "home.html", to(Addresses.root), entries=ahead(d), ongoing=running, steps=months(d, ""), **front_help(d)
    )


def front_help(d: Drawing) -> dict[str, Any]:
    """What else the front page brings: curated lists, and what the neighbours show."""
    near, shown = d.advice.near(d.language), d.advice.shown
    return {
        "near": near, "chosen": tuple(Choice(one.list.id) for one in shown),
        "extra": (*d.advice.tip_stamps(near), *d.advice.list_stamps(shown)),
    }  # fmt: skip


def agenda(d: Drawing) -> Iterator[Page]:
    """The agenda from today, then month by month, past months included."""
    first = d.showing.ahead[: d.site.page_size]
    starts = {p: start for start, p, _ in d.showing.moments}
    days = by_day((starts[entry.performance], entry) for entry in first)
    running = d.showing.open_between(d.today, days[-1].day if days else d.today)
    last = f"{days[-1].day:%Y-%m}" if days else ""
    yield d.page(
        "agenda.html", to(Addresses.agenda), days=days, ongoing=running, steps=months(d, ""),
        next=d.here.agenda(last) if len(d.showing.ahead) > len(first) else "", total=len(first),
    )  # fmt: skip
    for month, dates in d.showing.months.items():
        yield from _month(d, month, dates)


def _month(d: Drawing, month: str, dates: Sequence[tuple[datetime, Entry]]) -> Iterator[Page]:
    first = date.fromisoformat(month + "-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    running = d.showing.open_between(first, last)
    for number, of, part in parts(dates, d.site.page_size):
        yield d.page(
            "agenda.html", to(Addresses.agenda, month, number), subject=month, days=by_day(part),
            ongoing=running if number == 1 else (), steps=months(d, month), number=number, of=of, total=len(dates),
            previous=d.here.agenda(month, number - 1) if number > 1 else "",
            next=d.here.agenda(month, number + 1) if number < of else "",
        )  # fmt: skip


def ahead(d: Drawing) -> tuple[Entry, ...]:
    """The next productions, each once, at its next date."""
    soonest = d.showing.next[: d.site.page_size]
    return tuple(Entry(i, d.showing.coming[i][0].id) for i in soonest)


def months(d: Drawing, here: str) -> tuple[Step, ...]:
    """Ways to this month and those to come, and to the month one looks at."""
    now = f"{d.today:%Y-%m}"
    return tuple(
        Step(month, d.here.agenda(month), month == here) for month in d.showing.months if month >= now or month == here
    )
