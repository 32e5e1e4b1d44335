"""Our books of the money beside a provider's: what is in one and not in the other. It tells, and changes nothing."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from etalage.model.entry import Account, Entry, What
from etalage.model.payment import Payment, Refunded

_SUFFIX = "-failed"
CHARGEBACK = re.compile("^(charged-back|given-again)-")


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """`code`: a thing and what is wrong with it: `_unknown` to our books, `_missing` at the provider, or it `_differs`.

    Things: payment (also payment_double), refund, fee, transfer (to a house's own account), return (from there) and chargeback. `booked`
    and `found`: the cents in our books and in the provider's. `name`: the provider's or ours for it; "" for a payment, a fee, and
    refunds by hand.
    """

    code: str
    order: str
    booked: int
    found: int
    name: str = ""


def compare(entries: Iterable[Entry], payments: Iterable[Payment], provider: str) -> list[Difference]:
    """What differs between the entries of these orders at a provider and its payments; both of the same orders."""
    ours: defaultdict[str, list[Entry]] = defaultdict(list)
    theirs: defaultdict[str, list[Payment]] = defaultdict(list)
    for entry in entries:
        ours[entry.order].append(entry)
    for payment in payments:
        if payment.paid_at and payment.shares and payment.reference:  # the account may not be ours alone
            theirs[payment.reference].append(payment)
    found: list[Difference] = []
    for order in sorted(ours.keys() | theirs.keys()):
        found += _one(order, ours[order], theirs[order], provider)
    return found


def _one(order: str, entries: Sequence[Entry], payments: Sequence[Payment], provider: str) -> Iterator[Difference]:
    paid = sum(_cents(entry, provider) for entry in entries if entry.what is What.PAID)
    if not payments:
        if paid:
            yield Difference(code="payment_missing", order=order, booked=paid, found=0)
        return
    first, *others = payments
    if not paid:
        yield Difference(code="payment_unknown", order=order, booked=0, found=first.amount.cents)
    elif first.amount.cents != paid:
        yield Difference(code="payment_differs", order=order, booked=paid, found=first.amount.cents)
    for other in others:
        yield Difference(code="payment_double", order=order, booked=0, found=other.amount.cents)
    if paid:
        yield from _refunds(order, entries, payments, provider)
        yield from _fee(order, entries, first, provider)
        yield from _transfers(order, entries, payments, provider)
        yield from _chargebacks(order, entries, payments, provider)


def _refunds(order: str, entries: Sequence[Entry], payments: Sequence[Payment], provider: str) -> Iterator[Difference]:
    booked: Counter[str] = Counter()
    by_hand = 0
    for entry in entries:
        cents = -_cents(entry, provider)
        if entry.what is What.BY_HAND:
            by_hand += cents
        elif entry.what in (What.BACK, What.FAILED):
            booked[entry.name.removesuffix(_SUFFIX)] += cents
    there: Counter[str] = Counter()
    for payment in payments:
        for refund in payment.refunds:
            if refund.state is not Refunded.FAILED:
                there[refund.reference] += refund.amount.cents
    for name in sorted(booked):
        yield from _one_of("refund", order, name, booked[name], there[name])
    strange = sum(cents for name, cents in there.items() if name not in booked)
    if strange > by_hand:
        yield Difference(code="refund_unknown", order=order, booked=by_hand, found=strange)
    elif strange < by_hand:
        yield Difference(code="refund_missing", order=order, booked=by_hand, found=strange)


def _fee(order: str, entries: Sequence[Entry], payment: Payment, provider: str) -> Iterator[Difference]:
    """As far as the provider tells it."""
    if payment.fee is not None:
        booked = -sum(_cents(entry, provider) for entry in entries if entry.what is What.FEE)
        yield from _one_of("fee", order, "", booked, payment.fee.cents)


def _transfers(
    order: str, entries: Sequence[Entry], payments: Sequence[Payment], provider: str
) -> Iterator[Difference]:
    booked: Counter[str] = Counter()
    for entry in entries:
        if entry.what is What.PASSED_ON:
            booked[entry.name] -= _cents(entry, provider)
    there = Counter({one.reference: one.amount.cents for payment in payments for one in payment.transfers})
    for name in sorted({*booked, *there}):
        yield from _one_of("transfer", order, name, booked[name], there[name])
    taken = sum(_cents(entry, provider) for entry in entries if entry.what is What.TAKEN_BACK)
    back = sum(one.back.cents for payment in payments for one in payment.transfers)
    yield from _one_of("return", order, "", taken, back)


def _chargebacks(
    order: str, entries: Sequence[Entry], payments: Sequence[Payment], provider: str
) -> Iterator[Difference]:
    booked: Counter[str] = Counter()
    for entry in entries:
        if entry.what in (What.CHARGED_BACK, What.GIVEN_AGAIN):
            booked[CHARGEBACK.sub("", entry.name)] -= _cents(entry, provider)
    there = Counter({
        one.id: one.fee.cents + (0 if one.returned else one.amount.cents)
        for payment in payments
        for one in payment.chargebacks
    })  # fmt: skip
    for name in sorted({*booked, *there}):
        yield from _one_of("chargeback", order, name, booked[name], there[name])


def _one_of(thing: str, order: str, name: str, booked: int, found: int) -> Iterator[Difference]:
    """What differs of one thing, when something does."""
    if booked == found:
        return
    wrong = "missing" if not found else "differs" if booked else "unknown"
    yield Difference(code=f"{thing}_{wrong}", order=order, booked=booked, found=found, name=name)


def _cents(entry: Entry, provider: str) -> int:
    """What came to a provider's account by it."""
    return sum(line.cents for line in entry.lines if (line.account, line.name) == (Account.PROVIDER, provider))
