"""The counter: takes a basket, once per key, and shows an order to who has its link.

The key that a browser sends (`Idempotency-Key`) makes a second submit the same order; the link's token is signed and nobody can
guess it, so who has it may see the order, and nothing else names it outside.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from etalage.model.basket import Quote, Wish, lines_of
from etalage.model.checkout import Checkout, Share, Shown, State
from etalage.model.enrolment import Participant
from etalage.model.errors import Refused, Unavailable
from etalage.model.offer import TariffKind
from etalage.model.sale import Buyer
from etalage.model.words import pick
from etalage.ports.records import ANY, Change, Put, Record, Records
from etalage.sales.quote import Quotes
from etalage.sales.saga import Saga
from etalage.sales.terms import CHECKOUT

KEY = "checkout-key"
REMEMBERED = timedelta(days=7)
"""A key is remembered for so long; what it made is kept far longer."""


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a visitor sends to buy."""

    lines: tuple[Wish, ...]
    buyer: Buyer
    language: str = "nl"
    consent: tuple[str, ...] = ()


class Taken(msgspec.Struct, frozen=True):
    """What a key made."""

    checkout: str
    body: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where it is bought: the site, what it shows of each performance, and the addresses a provider needs. `back` holds "{token}".

    `participants`: who enrols for what.
    """

    site: str
    back: str
    hook: str
    provider: str
    shown: Mapping[str, Shown] = {}
    postcode: str = ""
    participants: Mapping[str, tuple[Participant, ...]] = {}


class Counter:
    """`rng(n)` gives bytes that nobody can guess; `sign` makes a link's token of a checkout's key."""

    def __init__(
        self, records: Records, quotes: Quotes, saga: Saga, clock: Callable[[], datetime], rng: Callable[[int], bytes],
        sign: Callable[[str], str],
    ) -> None:  # fmt: skip
        self.records, self.quotes, self.saga, self.clock, self.rng, self.sign = records, quotes, saga, clock, rng, sign

    def take(self, order: Order, place: Place, key: str) -> tuple[str, Checkout]:
        """Take a basket and go on until there is a page to pay on; gives the link's token and the checkout.

        Refuses `key_missing`, `key_used` for another basket, and whatever the houses refuse (the checkout's own code).
        Raises Unavailable `house_busy` while a house or the provider is silent: ask again with the same key.
        """
        if not 8 <= len(key) <= 200 or not key.isprintable():
            raise Refused("key_missing", "Send an Idempotency-Key of 8 to 200 signs.")
        body = sha256(msgspec.json.encode((order, place.participants) if place.participants else order)).hexdigest()
        known = self._known(place.site, key, body)
        if known is None:
            quote = self.quotes.quote(order.lines)
            checkout = self.saga.start(lambda: self._begin(order, quote, place, key, body))
        else:
            checkout = self.saga.run(known)
        return self.told(checkout)

    def told(self, checkout: Checkout) -> tuple[str, Checkout]:
        """What a buyer is told of a checkout that was just begun, or asked for again: as `take`."""
        if checkout.state in (State.HOLDING, State.PAYING):  # nobody can pay yet; the same key goes on with it
            raise Unavailable("house_busy", "a house or the provider has not answered", where=checkout.key)
        if checkout.state in (State.UNDOING, State.UNDONE) and checkout.code:
            raise Refused(checkout.code, checkout.say, where=_where(checkout), detail=checkout.detail)
        return self.sign(checkout.key), checkout

    def draft(
        self, quote: Quote, shares: tuple[Share, ...], buyer: Buyer, consent: tuple[str, ...], place: Place
    ) -> Checkout:  # fmt: skip
        """A checkout that is still to be written down; without `shares` everything is to be held anew."""
        name = self.rng(16).hex()
        houses = dict.fromkeys(line.house for line in quote.lines)
        wanted = tuple(
            Share(house=house, reference=f"{name}-{house}", lines=lines_of(quote, house)) for house in houses
        )
        return Checkout(
            key=name, site=place.site, state=State.HOLDING, shares=shares or wanted, buyer=buyer, made=self.clock(), total=quote.total,
            back=place.back.replace("{token}", self.sign(name)), hook=place.hook, provider=place.provider, consent=consent,
            shown=with_tariffs(place.shown, quote, buyer.language), participants=place.participants, postcode=place.postcode,
        )  # fmt: skip

    def show(self, key: str) -> Checkout:
        """An order, as far as it is now."""
        return self.saga.run(key, seldom=True)

    def _key(self, site: str, key: str) -> str:
        return sha256(f"{site}\0{key}".encode()).hexdigest()

    def _known(self, site: str, key: str, body: str) -> str | None:
        found = self.records.get(KEY, self._key(site, key))
        return _same(found, body) if found else None

    def _begin(self, order: Order, quote: Quote, place: Place, key: str, body: str) -> str:
        """Write down the checkout, and that this key made it, whoever else sends the same at this moment."""
        made, mine = self.draft(quote, (), order.buyer, order.consent, place), self._key(place.site, key)
        name = made.key

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], str]:
            if found[0]:
                return [], _same(found[0], body)
            taken = msgspec.json.encode(Taken(name, body))
            remembered = Put(kind=KEY, id=mine, value=taken, expect=ANY, expires=self.clock() + REMEMBERED)
            return [remembered, self.saga.fresh(made)], name

        return self.records.change([(KEY, mine), (CHECKOUT, name)], decide)


def _same(found: Record, body: str) -> str:
    taken = msgspec.json.decode(found.value, type=Taken)
    if taken.body != body:
        raise Refused("key_used", "This Idempotency-Key stands for another basket.")
    return taken.checkout


def with_tariffs(shown: Mapping[str, Shown], quote: Quote, language: str) -> dict[str, Shown]:
    """What was shown, with the prices, their VAT and the names of what was chosen: where one sits and who it is for. A social tariff is told nobody."""
    names: dict[str, dict[str, str]] = {}
    prices: dict[str, dict[str, int]] = {}
    vat: dict[str, dict[str, int]] = {}
    for line in quote.lines:
        prices.setdefault(line.performance, {})[line.tariff] = line.price
        for one in line.tariffs:
            if one.id == line.tariff:
                if one.vat is not None:
                    vat.setdefault(line.performance, {})[one.id] = one.vat
                words = (one.category, {} if one.kind is TariffKind.SOCIAL else one.name)
                said = list(dict.fromkeys(filter(None, (pick(each, (language,))[0] for each in words))))
                names.setdefault(line.performance, {})[one.id] = ", ".join(said)
    return {
        id: replace(one, tariffs=names.get(id, {}), prices=prices.get(id, {}), vat=vat.get(id, {}))
        for id, one in shown.items()
    }


def _where(checkout: Checkout) -> str:
    return next((share.house for share in checkout.shares if share.code), "")
