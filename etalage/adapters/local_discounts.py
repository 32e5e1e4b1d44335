"""A house's own reduction card: numbers that begin alike and end in a check digit, so much off, so often for each performance.

How often a card was used stands in our records, under a mark from which nobody gets its number.
"""

import hmac
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from etalage.adapters._luhn import is_checked, plain
from etalage.model.discount import Claim, Entitlement, Registered, Told
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.words import Words, pick
from etalage.ports.records import ANY, Change, Put, Record, Records

KIND = "card-use"


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a house says of its card: `begins` and `digits` of its numbers, `percent` off, for `most` places of each performance.

    `group`: numbers that begin so are of groups, for `group_most` places. `lost`: numbers that count no more.
    """

    name: Words
    begins: str
    digits: int
    percent: int
    most: int = 1
    group: str = ""
    group_most: int = 20
    lost: tuple[str, ...] = ()


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """What a card was used for at one performance. A sale that was cancelled is not there any more."""

    event: str
    mark: str
    sales: tuple[Registered, ...] = ()


_encode = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(Used).decode


class LocalDiscounts:
    """`key` makes the marks."""

    name = "card"
    key = ""

    def __init__(
        self, house: str, card: Card, records: Records, key: bytes, clock: Callable[[], datetime], rng: Callable[[int], bytes]
    ) -> None:  # fmt: skip
        self.house, self.card, self.records, self._key, self.clock, self.rng = house, card, records, key, clock, rng

    def reads(self, given: str) -> str:
        """The digits of a number of this card."""
        number = plain(given)
        good = len(number) == self.card.digits and number.startswith(self.card.begins) and is_checked(number)
        return number if good else ""

    def entitlements(self, event: str, regular: Money, number: str) -> Told:
        """So much off, as long as the card was not used up for this."""
        if not self._counts(number):
            return Told(message=_LOST)
        left = self._most(number) - len(self._used(event, number).sales)
        name = pick(self.card.name, ("nl",))[0]
        given = Entitlement(id="card", name=name, price=self._price(regular), remaining=left)
        return Told(entitlements=(given,)) if left > 0 else Told(message=_USED_UP)

    def register(self, claims: Sequence[Claim]) -> Sequence[Registered]:
        """Book them, all in one commit."""
        ids = {claim: self._id(claim.event, claim.number) for claim in claims}
        keys = [(KIND, id) for id in dict.fromkeys(ids.values())]

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], list[Registered]]:
            known = {key[1]: _read(one.value) for key, one in zip(keys, found, strict=True) if one}
            made = []
            for claim in claims:
                id = ids[claim]
                used = known.get(id) or Used(event=claim.event, mark=self._mark(claim.number))
                if not self._counts(claim.number):
                    raise Refused("discount_refused", "this card counts no more", detail=_LOST)
                if len(used.sales) >= self._most(claim.number):
                    raise Refused("discount_refused", "this card was used already", detail=_USED_UP)
                price = self._price(claim.regular)
                sale = Registered(
                    id=f"{id}.{self.rng(6).hex()}", event=claim.event, entitlement=claim.entitlement, price=price, regular=claim.regular,
                    at=self.clock(),
                )  # fmt: skip
                known[id] = replace(used, sales=(*used.sales, sale))
                made.append(sale)
            return [Put(kind=KIND, id=id, value=_encode(used), expect=ANY) for id, used in known.items()], made

        return self.records.change(keys, decide)

    def lookup(self, claims: Sequence[Claim], since: datetime) -> Sequence[Sequence[Registered]]:
        """What stands of each."""
        return [
            [one for one in self._used(claim.event, claim.number).sales if one.at and one.at >= since] for claim in claims
        ]  # fmt: skip

    def cancel(self, sale: str) -> None:
        """Take a sale back."""
        key = (KIND, sale.partition(".")[0])

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], None]:
            if found[0] is None:
                return [], None
            used = _read(found[0].value)
            after = replace(used, sales=tuple(one for one in used.sales if one.id != sale))
            return ([Put(kind=KIND, id=key[1], value=_encode(after), expect=ANY)] if after != used else []), None

        self.records.change([key], decide)

    def sold(self, event: str) -> Iterator[Registered]:
        """All that stands of a performance."""
        for record in self.records.walk(KIND):
            used = _read(record.value)
            if used.event == event:
                yield from used.sales

    def examine(self, event: str = "") -> tuple[str, ...]:
        """Nothing can be wrong with our own records that `doctor` does not find there."""
        del event
        return (f"{self.card.percent} % off",)

    def _counts(self, number: str) -> bool:
        return bool(self.reads(number)) and number not in self.card.lost

    def _price(self, regular: Money) -> Money:
        return Money(regular.cents - regular.cents * self.card.percent // 100)

    def _most(self, number: str) -> int:
        is_group = self.card.group and number.startswith(self.card.group)
        return self.card.group_most if is_group else self.card.most

    def _used(self, event: str, number: str) -> Used:
        found = self.records.get(KIND, self._id(event, number))
        return _read(found.value) if found else Used(event=event, mark=self._mark(number))

    def _mark(self, number: str) -> str:
        return hmac.new(self._key, f"{self.house} {number}".encode(), sha256).hexdigest()[:32]

    def _id(self, event: str, number: str) -> str:
        return hmac.new(self._key, f"{self.house} {number} {event}".encode(), sha256).hexdigest()[:32]


_LOST: Words = {
    "nl": "Deze kaart telt niet meer mee. Vraag het even aan het huis.",
    "fr": "Cette carte n'est plus valable. Renseignez-vous auprès de la maison.",
    "en": "This card counts no more. Please ask the house.",
    "de": "Diese Karte gilt nicht mehr. Bitte fragen Sie das Haus.",
}
_USED_UP: Words = {
    "nl": "Met deze kaart is hiervoor al alles gekocht wat kan.",
    "fr": "Cette carte a déjà servi pour tout ce qu'elle permet ici.",
    "en": "All that this card gives here has been bought already.",
    "de": "Mit dieser Karte wurde hier schon alles gekauft, was sie gibt.",
}
