"""What templates show of a production and its performances, in the words of one language. No template computes.

Addresses are relative to the site's root: a template writes `{{ root }}{{ card.url }}`. plugins/agenda/viewer.py makes them.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from plugins.agenda.speech import Said


class PriceView(msgspec.Struct):
    """One price: where you sit, who you are, what it costs."""

    category: Said
    tariff: Said
    amount: str
    cents: int
    kind: str
    note: Said


class PerformanceView(msgspec.Struct):
    """One date. `anchor` is its id on the production's page; `clock` is empty when only the day is known.

    A date that is sold through us has its `choose_url`, from the site's root, in place of the house's own `buy_url`, and keeps it
    while it is sold out or not yet on sale: a browser may know better. `opens` and `closes` are the moments of its sale.
    """

    id: str
    anchor: str
    iso: str
    end_iso: str
    ends: str
    day: str
    day_short: str
    date: str
    clock: str
    end_clock: str
    doors: str
    venue: str
    venue_url: str
    hall: str
    city: str
    status: str
    status_label: str
    previous: str
    note: Said
    prices: Sequence[PriceView]
    price: str
    stock: str
    stock_label: str
    sale: str
    buy_url: str
    choose_url: str
    opens: str
    closes: str
    online_url: str
    facilities: Sequence[str]
    is_past: bool
    is_off: bool
    wish: str = ""


class CardView(msgspec.Struct, eq=False):
    """A line or a card in a list. `when` says the date it stands for, or the period, in words.

    `ends`: until when the line counts, as a moment or a day. `more`: how many further dates there are, in words.
    `is_period` and `is_series`: `when` is an expo's period, or a course's first and last day. Two cards are equal only if they
    are the same one, so that a drawn card can be remembered by it.
    """

    id: str
    slug: str
    url: str
    title: Said
    initial: str
    subtitle: Said
    summary: Said
    company: str
    kind: str
    kind_label: str
    genres: Sequence[tuple[str, Said, str]]
    house: Said
    house_url: str
    when: str
    is_period: bool
    is_series: bool
    more: str
    iso: str
    ends: str
    clock: str
    venue: str
    hall: str
    city: str
    price: str
    status: str
    status_label: str
    stock: str
    stock_label: str
    dates: int
    picture: Any
    alt: Said
    tags: Sequence[str]
    uitpas: bool
    live: str = ""
    """The date whose availability a browser asks for; "" where it is not sold through us."""
    opens: str = ""
    """From when that date is on sale, where that is known."""
    wish: str = ""
    """What its heart saves: this date, or the production when it is one whole; "" for what is over or off."""


class ProductionView(msgspec.Struct):
    """Everything a production's page shows."""

    card: CardView
    id: str
    title: Said
    subtitle: Said
    summary: Said
    description: Markup
    description_attr: Markup
    company: str
    kind: str
    kind_label: str
    performances: Sequence[PerformanceView]
    past: Sequence[PerformanceView]
    prices: Sequence[PriceView]
    """What every coming date costs; empty when they differ, then each date has its own."""
    period: str
    openings: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, Said]]
    details: Sequence[tuple[str, str]]
    credits: Sequence[tuple[Said, str]]
    press: Sequence[tuple[Said, str, str, int | None, str]]
    videos: Sequence[tuple[str, Said]]
    links: Sequence[tuple[str, Said]]
    pictures: Sequence[tuple[Any, Said, str]]
    """Each picture with its description and its maker."""
    places: Sequence[tuple[str, str, str]]
    facilities: Sequence[str]
    houses: Sequence[tuple[Said, str]]
    elsewhere: Sequence[CardView]
    buy_url: str
    request_url: str
    """Where a teacher asks for places for a class, from the site's root; "" where nobody can."""
    organiser: str
    calendar_url: str
    notice: str
    is_past: bool
    as_a_whole: bool
    in_slots: bool
