"""Our books of the money beside a provider's: what is in one and not in the other. It tells, and changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from etalage.model.entry import Account, Entry, What
from etalage.model.payment import Payment, Refunded

_SUFFIX = "-failed"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """`code`: payment_unknown, payment_missing, payment_double, payment_differs, refund_unknown, refund_missing or refund_differs.

    `booked` and `found`: the cents in our books and in the provider's. `name`: the refund, "" for a payment or for refunds by hand.
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
        if booked[name] != (got := there[name]):
            code = "refund_missing" if not got else "refund_differs" if booked[name] else "refund_unknown"
            yield Difference(code=code, order=order, booked=booked[name], found=got, name=name)
    strange = sum(cents for name, cents in there.items() if name not in booked)
    if strange != by_hand:
        code = "refund_unknown" if strange > by_hand else "refund_missing"
        yield Difference(code=code, order=order, booked=by_hand, found=strange)


def _cents(entry: Entry, provider: str) -> int:
    """What came to a provider's account by it."""
    return sum(line.cents for line in entry.lines if (line.account, line.name) == (Account.PROVIDER, provider))
