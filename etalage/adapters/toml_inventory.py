"""inventory.toml: what a house sells from our own inventory, written by staff. docs/how-to/sell-your-own-places.md has an example."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from etalage.adapters import _when
from etalage.model.basket import house_of
from etalage.model.errors import Refused
from etalage.model.extras import ALL, Extra, is_of
from etalage.model.house import House
from etalage.model.inventory import Offering, Rank, Rate
from etalage.model.money import Money, read_amount
from etalage.model.offer import TariffKind
from etalage.model.sale import Seat, SeatState
from etalage.model.words import Words

_NUMBER = 500
"""Seats in one row; more is a typing error."""


class _Note(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    seats: tuple[int, ...]
    note: str | dict[str, str]


class _Row(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    row: str
    seats: int
    first: int = 1
    step: int = 1
    zone: str = ""
    blocked: tuple[int, ...] = ()
    wheelchair: tuple[int, ...] = ()
    companion: tuple[int, ...] = ()
    notes: tuple[_Note, ...] = ()


class _Rank(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: str
    name: str | dict[str, str] = ""
    capacity: int = 0
    rows: tuple[_Row, ...] = ()


class _Rate(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: str
    prices: dict[str, float | str]
    name: str | dict[str, str] = ""
    kind: TariffKind = TariffKind.STANDARD
    least: int = 1
    most: int = 0
    note: str | dict[str, str] = ""
    with_ticket: bool = False
    vat: float | None = None


class _Offer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    performances: tuple[str, ...]
    ranks: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    capacity: dict[str, int] = {}
    opens: Any = None
    closes: Any = None
    most: int | None = None
    off: bool = False
    beside: tuple[str, ...] = msgspec.field(name="with", default=())


class _Inventory(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    ranks: tuple[_Rank, ...]
    rates: tuple[_Rate, ...]
    offers: tuple[_Offer, ...]
    most: int = 10
    vat: float | None = None


class Inventory:
    """What is for sale of each performance: what is written for it, else for "…/*" that it falls under, the longest first."""

    def __init__(self, offers: Mapping[str, Offering]) -> None:
        self.offers = offers
        self._extras: dict[Extra, list[str]] = {}
        for name, offer in offers.items():
            if offer.beside:
                self._extras.setdefault(offer.beside, []).append(name)
        self._under = sorted((name for name in offers if name.endswith("/*")), key=len, reverse=True)

    def find(self, performance: str) -> Offering | None:
        """The offering of a performance, or None."""
        if performance in self.offers and not performance.endswith("/*"):
            return self._of(performance, performance)
        for name in self._under:
            if performance.startswith(name[:-1]):
                return self._of(name, performance)
        return None

    def _of(self, name: str, performance: str) -> Offering:
        extras = tuple(tuple(names) for extra, names in self._extras.items() if is_of(performance, extra.shows))
        return msgspec.structs.replace(self.offers[name], performance=performance, extras=extras)


def read(path: Path, house: House) -> Inventory:
    """What a house sells; refuses the first mistake with `settings_wrong`, and says where it is."""

    def wrong(say: str) -> Refused:
        return Refused("settings_wrong", say, where=str(path))

    try:
        given = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Inventory)
    except FileNotFoundError as error:
        raise wrong(
            "it is not there; write in it what the house sells (docs/how-to/sell-your-own-places.md)"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise wrong(str(error)) from error
    ranks = {rank.id: _rank(rank, house, wrong) for rank in given.ranks}
    rates = {rate.id: _rate(rate, given.vat, house, ranks, wrong) for rate in given.rates}
    for names, kind in ((given.ranks, "ranks"), (given.rates, "rates")):
        if len({one.id for one in names}) < len(names):
            raise wrong(f"two {kind} have the same id; give each its own")
    found: dict[str, Offering] = {}
    for offer in given.offers:
        for unknown in (set(offer.ranks) | offer.capacity.keys()) - ranks.keys() | set(offer.rates) - rates.keys():
            raise wrong(f"offers: there is no rank or rate {unknown!r}")
        chosen = tuple(
            msgspec.structs.replace(ranks[name], capacity=offer.capacity.get(name, ranks[name].capacity))
            for name in offer.ranks or tuple(ranks)
        )
        sold = _sold(offer, rates, wrong)
        for performance in offer.performances:
            if performance in found:
                raise wrong(f"{performance} is offered twice")
            found[performance] = Offering(
                performance=performance, ranks=chosen, rates=sold,
                opens=_moment(offer.opens, house, wrong), closes=_moment(offer.closes, house, wrong),
                most=given.most if offer.most is None else offer.most, off=offer.off, beside=_beside(offer, given, house, wrong),
            )  # fmt: skip
    return Inventory(found)


def _sold(offer: _Offer, rates: Mapping[str, Rate], wrong: Callable[[str], Refused]) -> tuple[Rate, ...]:
    """The rates of an offer. One that goes with a ticket is there only where it is named, and where it is said which ticket."""
    chosen = tuple(
        rates[name] for name in offer.rates or (name for name, rate in rates.items() if not rate.with_ticket)
    )
    extra = [rate.id for rate in chosen if rate.with_ticket]
    where = f"offers of {', '.join(offer.performances)}"
    if extra and not offer.beside:
        raise wrong(
            f"{where}: the rate {extra[0]!r} goes with a ticket; write with = [...], the performances of that ticket"
        )
    if offer.beside and not extra:
        raise wrong(
            f"{where}: with says that it goes with a ticket; name a rate under rates that has with_ticket = true"
        )
    return chosen


def _beside(offer: _Offer, given: _Inventory, house: House, wrong: Callable[[str], Refused]) -> Extra | None:
    """What an offer goes with: dates that the house sells itself, so that both are given back together."""
    offered = [name for one in given.offers if one is not offer for name in one.performances]
    for name in offer.beside:
        try:
            known = house_of(name) == house.id and any(
                is_of(name, (one,)) or (name.endswith(ALL) and is_of(one, (name,))) for one in offered
            )
        except Refused:
            known = False
        if not known:
            raise wrong(f"offers, with: {name!r} is not among the other performances that are offered here")
    return Extra(name=offer.performances[0], shows=offer.beside) if offer.beside else None


def _rank(given: _Rank, house: House, wrong: Callable[[str], Refused]) -> Rank:
    if "." in given.id or not given.id:
        raise wrong(f"ranks: {given.id!r} is no id; write letters, digits and dashes")
    if bool(given.capacity > 0) == bool(given.rows):
        raise wrong(f"ranks.{given.id}: give it a capacity or rows of seats, one of the two")
    return Rank(
        id=given.id, name=_words(given.name, house), capacity=given.capacity, seats=tuple(_seats(given, house, wrong))
    )


def _seats(given: _Rank, house: House, wrong: Callable[[str], Refused]) -> list[Seat]:
    seats: list[Seat] = []
    for depth, row in enumerate(given.rows):
        if not 0 < row.seats <= _NUMBER:
            raise wrong(f"ranks.{given.id}, row {row.row}: {row.seats} seats; write 1 to {_NUMBER}")
        numbers = [row.first + place * row.step for place in range(row.seats)]
        notes = {number: _words(one.note, house) for one in row.notes for number in one.seats}
        for number in {*row.blocked, *row.wheelchair, *row.companion, *notes} - {*numbers}:
            raise wrong(f"ranks.{given.id}, row {row.row}: there is no seat {number}")
        for place, number in enumerate(numbers):
            zone = row.zone or given.id
            seat = Seat(
                id=f"{zone}-{row.row}-{number}", zone=zone, row=row.row, number=str(number), x=float(place), y=float(depth),
                state=SeatState.BLOCKED if number in row.blocked else SeatState.FREE, wheelchair=number in row.wheelchair,
                companion=number in row.companion, note=notes.get(number, {}),
            )  # fmt: skip
            seats.append(seat)
    if len({seat.id for seat in seats}) < len(seats):
        raise wrong(f"ranks.{given.id}: two seats have the same row and number")
    return seats


def _rate(
    given: _Rate, vat: float | None, house: House, ranks: Mapping[str, Rank], wrong: Callable[[str], Refused]
) -> Rate:
    for unknown in given.prices.keys() - ranks.keys():
        raise wrong(f"rates.{given.id}.prices: there is no rank {unknown!r}")
    try:
        prices: dict[str, Money] = {rank: read_amount(price) for rank, price in given.prices.items()}
    except Refused as error:
        raise wrong(f"rates.{given.id}.prices: {error.say}") from error
    return Rate(
        id=given.id, prices=prices, name=_words(given.name, house), kind=given.kind, least=given.least, most=given.most,
        note=_words(given.note, house), with_ticket=given.with_ticket, vat=_vat(vat if given.vat is None else given.vat, given.id, wrong),
    )  # fmt: skip


def _vat(percent: float | None, rate: str, wrong: Callable[[str], Refused]) -> int | None:
    if percent is None:
        return None
    hundredths = round(percent * 100)
    if not 0 <= hundredths < 100_00 or abs(hundredths - percent * 100) > 1e-6:
        raise wrong(f"rates.{rate}: vat = {percent:g}; write a percentage such as 6, 21, 5.5 or 0")
    return hundredths


def _moment(given: Any, house: House, wrong: Callable[[str], Refused]) -> datetime | None:
    if given is None:
        return None
    try:
        return _when.moment(given, house.timezone)[0]
    except Refused as error:
        raise wrong(error.say) from error


def _words(text: str | Mapping[str, str], house: House) -> Words:
    return ({house.languages[0]: text} if text else {}) if isinstance(text, str) else dict(text)
