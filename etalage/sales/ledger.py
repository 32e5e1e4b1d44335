"""The books: an entry for each thing that happens to the money of an order, written in the commit of the step that it tells of.

Double entry: what comes to one account leaves others, to the cent. An entry is never changed; money that comes home again is an
entry of its own. An order remembers the names of its entries, so that each is written once; one that was written anew after a
restore finds them in the books.

A newcomer's trap: what a house is owed is below zero, as on the right side of a bookkeeper's page.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from etalage.model.back import BANK, ELSEWHERE, Back, Way
from etalage.model.checkout import Checkout, Part, Share, Shown
from etalage.model.entry import Account, Entry, Posting, What
from etalage.model.money import parts_of
from etalage.model.payment import Chargeback
from etalage.ports.records import ABSENT, Put, Records

ENTRY = "ledger-entry"
KEPT = timedelta(days=11 * 366)
"""Accounting papers are kept for years by law, counted from the end of a year (docs/reference/data-map.md)."""
_BY_HAND = "by-hand-"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Entry).decode


def book(records: Records, checkout: Checkout, now: datetime) -> tuple[Checkout, list[Put]]:
    """What is to be written for what happened to an order's money, and the order as it remembers that. Twice is once."""
    new = news(checkout, now)
    if not new:
        return checkout, []
    there = records.several([(ENTRY, entry.id) for entry in new])
    puts = [put(entry, now) for entry, kept in zip(new, there, strict=True) if kept is None]
    return replace(checkout, booked=(*checkout.booked, *(entry.name for entry in new))), puts


def news(checkout: Checkout, now: datetime) -> list[Entry]:
    """What happened to an order's money and is not booked yet, in the order in which it did."""
    if not (checkout.payment and checkout.paid_at):
        return []
    found = [_paid(checkout, checkout.paid_at), *_fee(checkout, checkout.paid_at)]
    for share in checkout.shares:
        found += _passed_on(checkout, share)
        for back in _left(share, now):
            found += _failed(checkout, share, back, now)
            if back.is_sent:
                found.append(_back(checkout, share, back))
            if back.onward:
                found.append(_taken_back(checkout, share, back))
    found += _by_hand(checkout, now)
    found += _charged_back(checkout, now)
    return [entry for entry in found if entry.lines and entry.name not in checkout.booked]


def put(entry: Entry, now: datetime) -> Put:
    """An entry as it is written, once."""
    value = _encode(replace(entry, booked=now))
    return Put(kind=ENTRY, id=entry.id, value=value, expect=ABSENT, expires=now + KEPT)


def entries(records: Records) -> Iterator[Entry]:
    """All that is in the books, in no particular order: for staff."""
    return (_decode(record.value) for record in records.walk(ENTRY))


def balances(found: Iterable[Entry]) -> Mapping[tuple[Account, str], int]:
    """What is on each account, by account and name; together nothing."""
    sums: Counter[tuple[Account, str]] = Counter()
    for entry in found:
        for line in entry.lines:
            sums[line.account, line.name] += line.cents
    return sums


def _paid(checkout: Checkout, at: datetime) -> Entry:
    owed = [line for share in checkout.shares for line in _of_house(checkout, share, -share.amount.cents)]
    came = -sum(line.cents for line in owed)
    lines = (Posting(Account.PROVIDER, came, checkout.provider), *owed) if owed else ()
    return Entry(order=checkout.key, name="paid", what=What.PAID, at=at, lines=lines)


def _of_house(checkout: Checkout, share: Share, cents: int, keys: Collection[str] = ()) -> list[Posting]:
    """An amount of these lines of a share, or of all, as a posting for each VAT rate in it."""
    rates: Counter[int | None] = Counter()
    for line in share.lines:
        if not keys or line.key in keys:
            shown = checkout.shown.get(line.performance, Shown())
            price = line.price.cents if line.price is not None else shown.prices.get(line.tariff, 0)
            rates[shown.vat.get(line.tariff)] += price
    found = rates or {None: 1}
    parts = zip(found, parts_of(cents, list(found.values())), strict=True)
    return [Posting(Account.HOUSE, part, share.house, rate) for rate, part in parts if part]


def _left(share: Share, now: datetime) -> Iterable[Back]:
    """What goes or went back of a share; of one from before that was noted, all of it."""
    if share.backs or share.state is not Part.REFUNDED:
        return share.backs
    # as refunds.py names the whole of a share
    return (Back(reference=f"{share.reference}-back", lines=(), amount=share.amount, made=now, at=now, way=Way.DONE),)


def _back(checkout: Checkout, share: Share, back: Back) -> Entry:
    if back.why in (ELSEWHERE, BANK):  # under a name of its own: the provider may have tried it before
        source = Posting(Account.ELSEWHERE, -back.amount.cents, checkout.provider)
        name = f"{back.reference}-elsewhere"
    else:
        source, name = Posting(Account.PROVIDER, -back.amount.cents, checkout.provider), back.name
    sold = _of_house(checkout, share, back.amount.cents, back.lines)
    lines = (*sold, source) if sold else ()
    return Entry(order=checkout.key, name=name, what=What.BACK, at=back.at, lines=lines)


def _fee(checkout: Checkout, at: datetime) -> Iterator[Entry]:
    if checkout.fee and checkout.fee.cents:
        lines = _between(Posting(Account.FEES, checkout.fee.cents, checkout.provider), checkout)
        yield Entry(order=checkout.key, name="fee", what=What.FEE, at=at, lines=lines)


def _passed_on(checkout: Checkout, share: Share) -> Iterator[Entry]:
    onward = share.onward
    if onward and onward.is_done:
        lines = _between(Posting(Account.HOUSE, onward.amount.cents, share.house), checkout)
        yield Entry(order=checkout.key, name=onward.name, what=What.PASSED_ON, at=onward.at, lines=lines)


def _taken_back(checkout: Checkout, share: Share, back: Back) -> Entry:
    """Once for all tries of a refund."""
    lines = _between(Posting(Account.HOUSE, -back.amount.cents, share.house), checkout)
    return Entry(order=checkout.key, name=f"{back.reference}-taken", what=What.TAKEN_BACK, at=back.at, lines=lines)


def _charged_back(checkout: Checkout, now: datetime) -> Iterator[Entry]:
    """Each house bears its part of what the buyer's bank took, as it had its part of the payment; the provider's fee for it, who collects.

    When tickets are taken back for it, their house bears it, for it has their places again. What is given again goes to who bore it.
    """
    bears: Counter[str] = Counter()
    steps: list[tuple[datetime, str, Chargeback | Back]] = [(one.at, "", one) for one in checkout.chargebacks]
    steps += [(back.at, share.house, back) for share in checkout.shares for back in share.backs if back.why == BANK]
    for at, house, one in sorted(steps, key=lambda step: step[:2]):
        if isinstance(one, Chargeback):
            parts = _parts(checkout, one)
            fee = [Posting(Account.FEES, one.fee.cents, checkout.provider)] if one.fee.cents else []
            gone = Posting(Account.PROVIDER, -one.amount.cents - one.fee.cents, checkout.provider)
            name, lines = f"charged-back-{one.id}", (*_owed(parts), *fee, gone)
            if _again(one) not in checkout.booked:
                bears.update(parts)
        else:
            freed = _freed(bears, house, one.amount.cents)
            bears.subtract(freed)
            bears[house] += one.amount.cents
            less = _owed({name: -cents for name, cents in freed.items()})
            name, lines = (
                f"{one.reference}-bank",
                (*less, Posting(Account.ELSEWHERE, one.amount.cents, checkout.provider)),
            )
        yield Entry(order=checkout.key, name=name, what=What.CHARGED_BACK, at=at, lines=lines)
    for one in checkout.chargebacks:
        if one.returned and _again(one) not in checkout.booked:
            parts = _borne(bears, _parts(checkout, one))
            bears.subtract(parts)
            came = Posting(Account.PROVIDER, one.amount.cents, checkout.provider)
            lines = (came, *_owed({name: -cents for name, cents in parts.items()}))
            yield Entry(order=checkout.key, name=_again(one), what=What.GIVEN_AGAIN, at=now, lines=lines)


def _again(one: Chargeback) -> str:
    return f"given-again-{one.id}"


def _parts(checkout: Checkout, one: Chargeback) -> dict[str, int]:
    parts = parts_of(one.amount.cents, [share.amount.cents for share in checkout.shares])
    return {share.house: cents for share, cents in zip(checkout.shares, parts, strict=True)}


def _borne(bears: Mapping[str, int], parts: Mapping[str, int]) -> dict[str, int]:
    """Of which houses an amount is that each had such a part of: of those as far as they bear it still, else of who does."""
    still = {house: min(cents, bears[house]) for house, cents in parts.items()}
    left = {house: bears[house] - cents for house, cents in still.items()}
    more = parts_of(sum(parts.values()) - sum(still.values()), list(left.values()))
    return {house: still[house] + cents for house, cents in zip(left, more, strict=True)}


def _freed(bears: Mapping[str, int], house: str, cents: int) -> dict[str, int]:
    """Of which houses it is taken that a house bears an amount alone: of its own part first, then of the others'."""
    own = min(cents, bears.get(house, 0))
    others = {name: part for name, part in bears.items() if name != house and part > 0}
    more = min(cents - own, sum(others.values()))
    freed = dict(zip(others, parts_of(more, list(others.values())), strict=True)) if others else {}
    return freed | {house: cents - more}


def _owed(parts: Mapping[str, int]) -> list[Posting]:
    return [Posting(Account.HOUSE, cents, house) for house, cents in parts.items() if cents]


def _between(line: Posting, checkout: Checkout) -> tuple[Posting, Posting]:
    """A line, and what the provider's account has less for it."""
    return line, Posting(Account.PROVIDER, -line.cents, checkout.provider)


def _failed(checkout: Checkout, share: Share, back: Back, now: datetime) -> Iterator[Entry]:
    """The tries of it that had left, as far as the books know, and came home."""
    for number in range(back.tries):
        name = replace(back, tries=number).name
        if name in checkout.booked:
            home = Posting(Account.PROVIDER, back.amount.cents, checkout.provider)
            lines = (home, *_of_house(checkout, share, -back.amount.cents, back.lines))
            yield Entry(order=checkout.key, name=f"{name}-failed", what=What.FAILED, at=now, lines=lines)


def _by_hand(checkout: Checkout, now: datetime) -> Iterator[Entry]:
    """What somebody gave back at the provider since the books last saw it; staff say later of which house it was."""
    if not checkout.elsewhere.cents:
        return
    gone = checkout.elsewhere.cents
    seen = [int(name.removeprefix(_BY_HAND)) for name in checkout.booked if name.startswith(_BY_HAND)]
    more = gone - max(seen, default=0)
    if more > 0:
        lines = _between(Posting(Account.ELSEWHERE, more, checkout.provider), checkout)
        yield Entry(order=checkout.key, name=f"{_BY_HAND}{gone}", what=What.BY_HAND, at=now, lines=lines)
