"""What a place costs at a pretix event, and whether any are left.

What a newcomer would get wrong: an item is for sale on a date only when a quota of that date lists it, and then needs room in
*every* quota that does; a date's own price wins, but an item's does not win over a variation's (pretix,
base/services/pricing.py, get_listed_price, 2026.8).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from etalage.adapters._fields import Draft
from etalage.adapters._pretix_answers import Date, Event, Item, Offered, Override, Quota, Variation, words
from etalage.adapters._tariffs import tariff_kind
from etalage.model.money import Money
from etalage.model.offer import Stock, stock_of
from etalage.model.sale import Tariff
from etalage.model.words import Words

PAY_WHAT_YOU_WANT: Words = {
    "nl": "U kiest zelf of u meer betaalt.",
    "fr": "Vous pouvez payer plus si vous le souhaitez.",
    "en": "You may pay more if you like.",
    "de": "Sie können freiwillig mehr bezahlen.",
}
EURO = "EUR"
UNLIMITED = 1_000_000_000


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """What pretix says about the sale of one event. `seats`: free numbered seats by date (None: the event itself)."""

    event: Event
    items: tuple[Item, ...]
    addons: frozenset[int]
    quotas: tuple[Quota, ...]
    seats: Mapping[int | None, int]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """An item, or one of its variations, that a visitor can choose on a date; `quotas` are those it needs room in."""

    item: Item
    variation: Variation | None
    amount: Decimal
    quotas: tuple[Quota, ...]

    @property
    def id(self) -> str:
        """How we name it: the item, or item and variation."""
        return f"{self.item.id}/{self.variation.id}" if self.variation else str(self.item.id)


def offer(shop: Shop, date: Date | None, now: datetime, language: str) -> tuple[list[Draft], Stock]:
    """The prices of a date (None: of an event that is no series) in the shop's order, and what is left in all."""
    found = choices(shop, date, now)
    prices = _prices(shop, date, found, language)
    return prices if shop.event.currency == EURO else [], _stock(found, shop.seats.get(date.id if date else None))


def choices(shop: Shop, date: Date | None, now: datetime) -> list[Choice]:
    """What can be chosen on a date now: it has a price, and a quota to sell from."""
    place = date.id if date else None
    quotas = [quota for quota in shop.quotas if quota.subevent == place]
    return [choice for choice in _choices(shop, date, quotas, now) if choice.quotas and choice.amount >= 0]


def ranks(shop: Shop, date: Date | None) -> frozenset[int]:
    """The items for which a seat must be chosen."""
    return frozenset((date or shop.event).seat_category_mapping.values())


def tariffs(shop: Shop, date: Date | None, now: datetime, language: str, together: int = 0) -> list[Tariff]:
    """The same choices as tariffs; nothing in another currency than the euro. `together`: so many places in one order, 0 is without limit.

    An item's own limits are of all its variations together.
    """
    found, seated = choices(shop, date, now), ranks(shop, date)
    if shop.event.currency != EURO:
        return []
    return [
        Tariff(
            id=choice.id, price=cents(choice.amount), name=price["tariff"], category=price["category"] or {}, kind=price["kind"],
            least=choice.item.min_per_order or 1, most=choice.item.max_per_order or 0,
            shared=str(choice.item.id) if choice.variation else "", together=together, seated=choice.item.id in seated,
            note=price["note"], vat=choice.item.vat,
        )
        for choice, price in zip(found, _prices(shop, date, found, language), strict=True)
    ]  # fmt: skip


def cents(amount: Decimal) -> Money:
    """An amount of pretix as ours."""
    return Money(int(amount * 100))


def room(found: Sequence[Choice]) -> int | None:
    """How many places can be sold of these choices together; None is without limit, 0 also when there is no choice.

    Each choice takes what its fullest quota leaves, those with the fewest quotas first: so many can be sold for certain.
    """
    left = {quota.id: 0 if quota.closed else quota.available_number for choice in found for quota in choice.quotas}
    total = 0
    for choice in sorted(found, key=lambda one: len(one.quotas)):
        most = least([left[quota.id] for quota in choice.quotas])
        if most is None:
            return None
        total += most
        for quota in choice.quotas:
            here = left[quota.id]
            left[quota.id] = None if here is None else here - most
    return total


def least(numbers: Iterable[int | None]) -> int | None:
    """The smallest; None is without limit."""
    return min((number for number in numbers if number is not None), default=None)


def _prices(shop: Shop, date: Date | None, found: Sequence[Choice], language: str) -> list[Draft]:
    several = len({choice.item.id for choice in found}) > 1
    return [_price(choice, ranks(shop, date), several, language) for choice in found]


def _choices(shop: Shop, date: Date | None, quotas: Sequence[Quota], now: datetime) -> Iterator[Choice]:
    """What a visitor without a code can choose now, in the order of the shop."""
    items = {change.item: change for change in date.item_price_overrides} if date else {}
    variations = {change.variation: change for change in date.variation_price_overrides} if date else {}
    for item in sorted(shop.items, key=_place):
        change = items.get(item.id)
        tied = item.require_voucher or item.require_bundling or item.category in shop.addons
        if tied or not item.admission or not _is_shown(item, change, now):
            continue
        amount = _first(_own(change), item.default_price)
        if not item.variations:
            listing = tuple(quota for quota in quotas if item.id in quota.items)
            yield Choice(item=item, variation=None, amount=amount, quotas=listing)
        for variation in sorted(item.variations, key=_place):
            change = variations.get(variation.id)
            if _is_shown(variation, change, now):
                own = _first(_own(change), variation.default_price, amount)
                listing = tuple(quota for quota in quotas if variation.id in quota.variations)
                yield Choice(item=item, variation=variation, amount=own, quotas=listing)


def _place(offered: Offered) -> tuple[int, int]:
    return offered.position, offered.id


def _own(change: Override | None) -> Decimal | None:
    return change.price if change else None


def _first(*amounts: Decimal | None) -> Decimal:
    return next(amount for amount in amounts if amount is not None)


def _is_shown(offered: Offered, change: Override | None, now: datetime) -> bool:
    if not offered.active or not offered.is_on_the_web or (change and change.disabled):
        return False
    if offered.hide_without_voucher or offered.require_membership_hidden:
        return False
    begins = [offered.available_from if offered.available_from_mode == "hide" else None]
    ends = [offered.available_until if offered.available_until_mode == "hide" else None]
    if change:
        begins.append(change.available_from)
        ends.append(change.available_until)
    return all(moment is None or moment <= now for moment in begins) and all(
        moment is None or now <= moment for moment in ends
    )


def _price(choice: Choice, seated: frozenset[int], several: bool, language: str) -> Draft:
    """A seated item, and one of several with variations, says where you sit; a variation, or else the item, who you are."""
    item, variation = choice.item, choice.variation
    name, is_rank = words(item.name, language), item.id in seated
    tariff = words(variation.value, language) if variation else {} if is_rank else name
    return {
        "id": choice.id,
        "amount": f"{choice.amount:.2f}",
        "tariff": tariff,
        "category": name if is_rank or (variation and several) else "",
        "kind": tariff_kind(" / ".join(tariff.values()), cents(choice.amount)),
        "note": _note(item, variation, language),
    }


def _note(item: Item, variation: Variation | None, language: str) -> Words:
    note = (words(variation.description, language) if variation else {}) or words(item.description, language)
    if not item.free_price:
        return note
    return {code: f"{note.get(code, '')} {said}".strip() for code, said in PAY_WHAT_YOU_WANT.items()}


def _stock(choices: Sequence[Choice], seats: int | None) -> Stock:
    """The best of the choices, each as far as its fullest quota goes, and no more than there are free seats."""
    rooms = [
        [0 if quota.closed else quota.available_number for quota in counted]
        for choice in choices
        if (counted := [quota for quota in choice.quotas if not quota.ignore_for_event_availability])
    ]
    if not rooms:
        return Stock.UNKNOWN
    best = max(min(UNLIMITED if room is None else room for room in listing) for listing in rooms)
    free = min(best, UNLIMITED if seats is None else seats)
    return stock_of(None if free == UNLIMITED else free)
