"""Values for tests, with as little said as possible."""

from datetime import datetime
from typing import Any

from etalage.catalogue.harvest import Harvest, Kept, stamp
from etalage.model.house import House
from etalage.model.money import Money
from etalage.model.offer import Price
from etalage.model.programme import Performance, Production, Venue
from etalage.model.record import Record

ZAAL = Venue(id="de-linde", name="CC De Linde", street="Kerkplein 1", postal="0410", city="Oosterlo")
NOON = datetime.fromisoformat("2026-11-21T12:00:00+01:00")


def at(text: str) -> datetime:
    """A moment in Brussels' winter or summer, as written."""
    from datetime import date, time

    from etalage.model import moments

    day, _, clock = text.partition(" ")
    return moments.at(date.fromisoformat(day), time.fromisoformat(clock or "20:00"), "Europe/Brussels")


def performance(identity: str, start: str = "2026-12-05 20:00", **more: Any) -> Performance:
    """A date in De Linde."""
    return Performance(id=identity, start=at(start), **{"venue": ZAAL.id, **more})


def production(identity: str, title: str = "Winterreis", *dates: str | Performance, **more: Any) -> Production:
    """A show with a performance for each date; ids are numbered."""
    performances = tuple(
        one if isinstance(one, Performance) else performance(f"{identity}/{number}", one)
        for number, one in enumerate(dates or ("2026-12-05 20:00",), 1)
    )
    house = identity.partition(":")[2].partition("/")[0].partition(".")[0]
    return Production(id=identity, title={"nl": title}, **{"houses": (house,), "performances": performances, **more})


def record(one: Production, *venues: Venue) -> Record:
    """A record with the venue that the tests use."""
    return Record(production=one, venues=venues or (ZAAL,))


def harvested(source: str, *productions: Production, gone: tuple[str, ...] = ()) -> Harvest:
    """What a source was found to have."""
    kept = {one.id: Kept(record(one), stamp(record(one)), one.id in gone) for one in productions}
    return Harvest(source=source, kept=kept, fetched=NOON)


def house(identity: str = "linde", **more: Any) -> House:
    """A house that owns De Linde."""
    return House(id=identity, name={"nl": identity.capitalize()}, **{"venues": (ZAAL,), **more})


def price(cents: int, tariff: str = "Basis", **more: Any) -> Price:
    """A price in euro cents."""
    return Price(amount=Money(cents), tariff={"nl": tariff}, **more)
