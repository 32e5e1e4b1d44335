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
from etalage.sales import rounds
from etalage.sales.quote import Quotes
from etalage.sales.rounds import Round
from etalage.sales.saga import Saga
from etalage.sales.terms import CHANGED, CHECKOUT

KEY = "checkout-key"
UNSETTLED = frozenset({State.HOLDING, State.REGISTERING, State.PAYING})
"""Nobody can pay yet: a house, a pass's system or the provider has not answered."""
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
    """Where it is bought: the site, what it shows of each performance, and the addresses a provider needs. `back` holds "{token}", `hook` may
    hold "{provider}".

    `each`: house → who takes its money, where visitors pay in turn; without it `provider` takes all. `participants`: who enrols for what.
    """

    site: str
    back: str
    hook: str
    provider: str
    each: Mapping[str, str] = {}
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
            self.saga.passes.refresh(order.lines)
            quote = self.quotes.quote(order.lines)
            made = self.draft(quote, (), order.buyer, order.consent, place)
            found = rounds.start(self.saga, made, lambda: self._begin(made, place, key, body))
        else:
            found = rounds.run(self.saga, known)
        return self.told(found, order.lines)

    def told(self, found: Round, wishes: Sequence[Wish]) -> tuple[str, Checkout]:
        """What a buyer of these is told of what was just begun, or asked for again: as `take`. Of several that are paid in turn, the first that
        stands.
        """
        if silent := [one for one in found if one.state in UNSETTLED]:
            # nobody can pay yet; the same key goes on with it
            raise Unavailable("house_busy", "a house or the provider has not answered", where=silent[0].key)
        if standing := [one for one in found if one.state not in rounds.OVER]:
            return self.sign(standing[0].key), standing[0]
        why = next((one for one in found if one.code not in ("", CHANGED)), found[0])
        if why.code == "discount_refused":  # its own words stand in no order
            raise self.saga.passes.why(wishes)
        if why.code:
            raise Refused(why.code, why.say, where=_where(why), detail=why.detail)
        return self.sign(why.key), why

    def draft(
        self, quote: Quote, shares: tuple[Share, ...], buyer: Buyer, consent: tuple[str, ...], place: Place
    ) -> Round:  # fmt: skip
        """What is still to be written down: a checkout for each payment. Without `shares` everything is to be held anew."""
        portions = rounds.portions(quote, place.each)
        names = [self._name() for _ in portions]
        turn = tuple(names) if len(names) > 1 else ()
        held, drafts = {share.house: share for share in shares}, list[Checkout]()
        for name, portion in zip(names, portions, strict=True):
            provider = place.each.get(portion.house, place.provider)
            lines = {house: lines_of(quote, house) for house in portion.houses}
            dates = {line.performance for there in lines.values() for line in there}
            shares_here = tuple(
                held.get(house) or Share(house=house, reference=f"{name}-{house}", lines=lines[house])
                for house in lines
            )
            drafts.append(Checkout(
                key=name, site=place.site, state=State.HOLDING, buyer=buyer, made=self.clock(), total=portion.total, turn=turn,
                shares=shares_here, batches=self.saga.passes.batches(quote, shares_here),
                back=place.back.replace("{token}", self.sign(name)), hook=place.hook.replace("{provider}", provider), provider=provider,
                consent=tuple(house for house in consent if house in lines) if turn else consent,
                shown=with_tariffs({id: one for id, one in place.shown.items() if id in dates}, quote, buyer.language),
                participants={id: who for id, who in place.participants.items() if id in dates}, postcode=place.postcode,
            ))  # fmt: skip
        return tuple(drafts)

    def _name(self) -> str:
        """A checkout's name, which nobody can guess. It begins with the time, as RFC 9562's seventh: what is written next to each other in a file
        costs half of what is written all over it.
        """
        return f"{int(self.clock().timestamp() * 1000):012x}{self.rng(10).hex()}"

    def show(self, key: str) -> Checkout:
        """An order, as far as it is now."""
        return self.saga.run(key, seldom=True)

    def _key(self, site: str, key: str) -> str:
        return sha256(f"{site}\0{key}".encode()).hexdigest()

    def _known(self, site: str, key: str, body: str) -> str | None:
        found = self.records.get(KEY, self._key(site, key))
        return _same(found, body) if found else None

    def _begin(self, made: Round, place: Place, key: str, body: str) -> str:
        """Write down what is begun, and that this key made it, whoever else sends the same at this moment."""
        mine, name = self._key(place.site, key), made[0].key

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], str]:
            if found[0]:
                return [], _same(found[0], body)
            taken = msgspec.json.encode(Taken(name, body))
            remembered = Put(kind=KEY, id=mine, value=taken, expect=ANY, expires=self.clock() + REMEMBERED)
            return [remembered, *map(self.saga.fresh, made)], name

        return self.records.change([(KEY, mine), *((CHECKOUT, one.key) for one in made)], decide)


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
        prices.setdefault(line.performance, {})[line.tariff] = line.full
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
