"""What a visitor intends to buy, as a page may say it: a performance, a tariff, how many or which seats. No price is taken from it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.sale import Hold, Line, Tariff

MOST_LINES, MOST_PLACES = 20, 50
_HOUSE = re.compile(r"[a-z]+:([a-z0-9-]+)[./]")


class Wish(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a basket. Without a tariff the house's standard one is meant; with seats `quantity` is their number.

    `entitlement`: what a pass gives of the tariff's price, as it was told under `quote` (etalage/sales/passes.py).
    """

    performance: str
    tariff: str = ""
    quantity: int = 1
    seats: tuple[str, ...] = ()
    quote: str = ""
    entitlement: str = ""

    @property
    def number(self) -> int:
        """How many places."""
        return len(self.seats) or self.quantity


class Basket(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody has chosen on a site, and what the houses keep for them meanwhile.

    `id` names its holds at the houses and is no secret. `since`: when the oldest hold was made. `order`: the checkout that it
    became, which has its holds from then on.
    """

    id: str
    site: str
    wishes: tuple[Wish, ...] = ()
    holds: Mapping[str, Hold] = {}
    since: datetime | None = None
    order: str = ""

    @property
    def places(self) -> int:
        """How many places are in it."""
        return sum(wish.number for wish in self.wishes)

    @property
    def until(self) -> datetime | None:
        """Until when everything in it is kept; None while a house keeps nothing."""
        if {house_of(wish.performance) for wish in self.wishes} != set(self.holds):
            return None
        return min((hold.expires for hold in self.holds.values()), default=None)

    def is_kept(self, now: datetime) -> bool:
        """Whether every house keeps what is in it."""
        return self.until is not None and self.until > now


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """A line with its price, as the house gives it now, and the other choices. `price` is of one place, in cents.

    With a `quote` it is the price of an `entitlement`, and `regular` what the house asks without.
    """

    performance: str
    house: str
    tariff: str
    quantity: int
    price: int
    tariffs: tuple[Tariff, ...]
    seats: tuple[str, ...] = ()
    quote: str = ""
    entitlement: str = ""
    regular: int | None = None

    @property
    def full(self) -> int:
        """What the house asks for one place, whatever a pass gives."""
        return self.price if self.regular is None else self.regular


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a basket costs now."""

    lines: tuple[Priced, ...]
    total: Money
    fees: Money = Money(0)


def house_of(performance: str) -> str:
    """The house of a performance, which its id begins with; refuses `performance_unknown`."""
    found = _HOUSE.match(performance)
    if not found:
        raise Refused("performance_unknown", "This date is not in the agenda.", where=performance[:200])
    return found[1]


def examine(wishes: Sequence[Wish]) -> None:
    """Refuse a basket that is empty, too large, or wants nothing of something."""
    if not wishes:
        raise Refused("basket_empty", "There is nothing in your basket.")
    if len(wishes) > MOST_LINES or sum(wish.number for wish in wishes) > MOST_PLACES:
        raise Refused("too_many_places", "At most %(number)s in one order.", detail={"number": str(MOST_PLACES)})
    for wish in wishes:
        if wish.quantity < 1 or (wish.seats and wish.quantity not in (1, len(wish.seats))):
            raise Refused("quantity_wrong", "Choose how many places you want.", where=wish.performance[:200])


def add(wishes: Iterable[Wish], more: Iterable[Wish]) -> tuple[Wish, ...]:
    """Wishes with more: the same performance, tariff and pass without seats is one line, and a seat is there once."""
    merged: dict[tuple[str, str, bool, str, str], Wish] = {}
    for wish in (*wishes, *more):
        key = (wish.performance, wish.tariff, bool(wish.seats), wish.quote, wish.entitlement)
        known = merged.get(key)
        if known is None:
            merged[key] = wish
        elif wish.seats:
            merged[key] = msgspec.structs.replace(
                known, seats=tuple(dict.fromkeys((*known.seats, *wish.seats))), quantity=1
            )
        else:
            merged[key] = msgspec.structs.replace(known, quantity=known.quantity + wish.quantity)
    return tuple(merged.values())


def reduce(wishes: Sequence[Wish], at: int, number: int, quote: str, entitlement: str) -> tuple[Wish, ...]:
    """Wishes of which `number` places of the line `at` are had with a pass; the rest of that line stays as it is. 0 takes the pass away."""
    wish = wishes[at]
    plain = msgspec.structs.replace(wish, quote="", entitlement="")
    if number >= wish.number:
        cut = [msgspec.structs.replace(plain, quote=quote, entitlement=entitlement)]
    elif not number:
        cut = [plain]
    else:
        parts = ((wish.seats[:number], number), (wish.seats[number:], wish.number - number))
        first, rest = (
            msgspec.structs.replace(plain, seats=seats, quantity=1 if seats else count) for seats, count in parts
        )
        cut = [msgspec.structs.replace(first, quote=quote, entitlement=entitlement), rest]
    return add((), (*wishes[:at], *cut, *wishes[at + 1 :]))


def lines_of(quote: Quote, house: str) -> tuple[Line, ...]:
    """A line per place at one house, with keys that are the same whenever the same basket is read."""
    lines = []
    for row, priced in enumerate(quote.lines):
        for place in range(priced.quantity if priced.house == house else 0):
            seat = priced.seats[place] if priced.seats else ""
            price = Money(priced.price) if priced.quote else None
            key = f"{row + 1}.{place + 1}"
            lines.append(Line(key=key, performance=priced.performance, tariff=priced.tariff, seat=seat, price=price))
    return tuple(lines)
