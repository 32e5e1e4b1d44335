"""What UiTPAS knows: regions, who organises, what is on, who may ask, and whose pass may have what. All of it comes from outside."""

from dataclasses import dataclass, field
from enum import StrEnum

PERMISSIONS = ("TARIFFS_READ", "TICKETSALES_REGISTER", "TICKETSALES_SEARCH", "PASSES_READ", "EVENTS_READ")
"""What a new integration may do, as far as a webshop needs it."""


class Social(StrEnum):
    """What a passholder's right to the social tariff is."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    SUSPENDED = "SUSPENDED"
    NONE = "NONE"


@dataclass(frozen=True)
class CardSystem:
    """A region. A passholder with the social tariff pays `percent` of the price there, `least` cents at the least."""

    id: int
    name: str
    percent: int = 20
    least: int = 100


@dataclass(frozen=True)
class Organizer:
    """Who organises, and in which regions."""

    id: str
    name: str
    systems: tuple[int, ...]


@dataclass(frozen=True)
class Event:
    """An event of UiTdatabank. A passholder may have `volume` tickets at the social tariff in each `period`: ABSOLUTE, DAY, WEEK, MONTH or YEAR."""

    id: str
    title: str
    organizer: str
    volume: int = 1
    period: str = "ABSOLUTE"
    enabled: bool = True


@dataclass(frozen=True)
class Client:
    """An integration of one customer, and the organizers that it acts for."""

    id: str
    secret: str
    organizers: tuple[str, ...]
    permissions: tuple[str, ...] = PERMISSIONS


@dataclass(frozen=True)
class Coupon:
    """So many cents off, for so many tickets."""

    id: str
    name: str
    off: int
    uses: int = 1


@dataclass(frozen=True)
class Pass:
    """A pass of a region. `group`: so many tickets a day, for a group; `registered`: somebody has it."""

    number: str
    system: int
    social: Social = Social.NONE
    coupons: tuple[Coupon, ...] = ()
    group: int = 0
    status: str = "ACTIVE"
    registered: bool = True


@dataclass(frozen=True)
class Region:
    """All of it."""

    systems: tuple[CardSystem, ...]
    organizers: tuple[Organizer, ...]
    clients: tuple[Client, ...]
    passes: tuple[Pass, ...]
    events: tuple[Event, ...] = field(default=())


def number(first: str) -> str:
    """Twelve digits with their check digit (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(first)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return first + str(-total % 10)
