"""After a restore: our records are of an hour ago, the provider and the houses went on. What they know is looked up and written again.

The provider tells every payment since a moment, with the houses' shares; each house tells what became of our references. A
payment that we know of is gone on with, as after a crash. One that we do not know is written down anew: what a house sold stands,
what it did not goes back. Of a share that the house knows nothing about (our own inventory, whose books are the very records that
were restored) nobody can say whether somebody stands at the door with a ticket: that is an alert, and staff decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from etalage.model.back import Back, Way, read_name
from etalage.model.checkout import Alert, Checkout, Part, Share, State
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.model.payment import Payment, Refund, Refunded
from etalage.model.payment import Share as MoneyShare
from etalage.model.sale import Buyer, Order, OrderState
from etalage.ports.ticketing import Cap
from etalage.sales import onwards
from etalage.sales.saga import Saga
from etalage.sales.terms import CALLED_OFF

NOBODY = Buyer(email="", name="")
"""Who bought is known to the house alone."""


@dataclass(slots=True)
class Outcome:
    """The orders by what was done: as they should be, gone on with, written anew, unmatched, and those somebody was silent about."""

    right: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


def reconcile(saga: Saga, since: datetime) -> Outcome:
    """Compare with every payment that was begun since. Twice is once."""
    outcome = Outcome()
    for provider in saga.providers.values():
        for payment in provider.since(since):
            if not payment.shares:  # the account is not ours alone
                continue
            try:
                _one(saga, provider.name, payment, outcome)
            except (Unavailable, Stale):
                outcome.silent.append(payment.reference)
    return outcome


def _one(saga: Saga, provider: str, payment: Payment, outcome: Outcome) -> None:
    key = payment.reference
    try:
        known = saga.read(key)
    except Refused:
        made = _written(saga, provider, payment)
        saga.begin(made)
        _sort(outcome.written, saga.run(key), outcome)
        return
    after = _parts(saga, saga.run(key), payment)
    gone = [
        share.house for share in after.shares if share.state is Part.CONFIRMED and _is_back(payment, share.reference)
    ]
    if gone and after.state is State.DONE:
        after = saga.give_back(key, gone)
    _sort(outcome.right if after == known else outcome.mended, after, outcome)


def _parts(saga: Saga, order: Checkout, payment: Payment) -> Checkout:
    """An order with the tickets that went back one by one since. A house without books of its own cannot say which: staff decide."""
    lost = [share for share in order.shares if share.state is Part.CONFIRMED and _unknown(share, payment)]
    if not lost or order.state is not State.DONE:
        return order
    if not all(_keeps_books(saga, share.house) for share in lost):
        return saga.tell(order.key, Alert.UNMATCHED)
    found = {
        share.house: _adopted(saga, share, payment, saga.houses(share.house).lookup(share.reference)) for share in lost
    }
    return saga.adopt(order.key, found)


def _unknown(share: Share, payment: Payment) -> list[Refund]:
    """Refunds of single tickets of a share that we know nothing of."""
    known, begin = {back.reference for back in share.backs}, f"{share.reference}-back-"
    named = [(read_name(one.reference)[0], one) for one in payment.refunds if one.state is not Refunded.FAILED]
    return [one for name, one in named if name.startswith(begin) and name not in known]


def _adopted(saga: Saga, share: Share, payment: Payment, order: Order) -> Share:
    """A share with the refunds of its tickets; which tickets they were for the house knows, but not which of several refunds."""
    share = onwards.adopted(share, payment, saga.clock())
    now, void = saga.clock(), {ticket.line for ticket in order.tickets if ticket.cancelled}
    lines = tuple(line.key for line in share.lines if line.key in void - share.gone)
    tickets = tuple(replace(one, cancelled=one.cancelled or one.line in void) for one in share.tickets)
    backs, source = list(share.backs), onwards.source(share)
    taken = sum(one.back.cents for one in payment.transfers if one.reference == source)
    for one in _unknown(share, payment):
        way = Way.DONE if one.state is Refunded.DONE else Way.SENT
        name, tries = read_name(one.reference)
        taken -= one.amount.cents
        backs.append(
            Back(
                reference=name, lines=lines, amount=one.amount, made=now, at=now, due=None if way is Way.DONE else now, way=way,
                tries=tries, onward=source if taken >= 0 else "",
            )
        )  # fmt: skip
        lines = ()
    return replace(share, backs=tuple(backs), tickets=tickets)


def _sort(where: list[str], after: Checkout, outcome: Outcome) -> None:
    if after.alert == Alert.UNMATCHED:
        where = outcome.unmatched
    elif after.state is State.CONFIRMING:
        where = outcome.silent
    where.append(after.key)


def _written(saga: Saga, provider: str, payment: Payment) -> Checkout:
    """A checkout as the provider and the houses know it. What is not paid is called off."""
    paid = payment.paid_at is not None
    shares = tuple(_share(saga, payment, share) for share in payment.shares)
    unmatched = paid and any(share.state is Part.RELEASED for share in shares)
    if not paid:
        shares = tuple(replace(share, state=Part.WANTED, tickets=()) for share in shares)
    return Checkout(
        key=payment.reference, site="", state=State.CONFIRMING if paid else State.UNDOING, shares=shares, buyer=NOBODY,
        made=payment.made or saga.clock(), back="", hook="", provider=provider, total=payment.amount, payment=payment.id,
        paid_at=payment.paid_at, asked=True, code="" if paid else CALLED_OFF, alert=Alert.UNMATCHED.value if unmatched else "",
    )  # fmt: skip


def _share(saga: Saga, payment: Payment, money: MoneyShare) -> Share:
    """What became of a share: sold, going back, or unknown to the house (`released`)."""
    orders = _asked(saga, money.reference or f"{payment.reference}-{money.house}", money.house)
    order = next((one for one in orders if one.state is not OrderState.ABSENT), orders[-1])
    if order.state is OrderState.CONFIRMED:
        state = Part.CONFIRMED
    elif order.state is OrderState.ABSENT and not _keeps_books(saga, money.house):
        state = Part.RELEASED
    else:
        state = Part.RETURNING
    if any(_is_back(payment, one.reference) for one in orders):
        state = Part.RETURNING
    made = Share(
        house=money.house,
        reference=order.reference,
        lines=order.lines,
        state=state,
        tickets=order.tickets,
        amount=money.amount,
    )
    return _adopted(saga, made, payment, order)


def _asked(saga: Saga, reference: str, house: str) -> Sequence[Order]:
    """What a house says of our reference, the one of a second hold first."""
    try:
        ticketing = saga.houses(house)
    except Refused:  # it sells here no more
        return [Order(reference=reference, state=OrderState.ABSENT)]
    return [ticketing.lookup(f"{reference}-again"), ticketing.lookup(reference)]


def _keeps_books(saga: Saga, house: str) -> bool:
    try:
        return Cap.OWN_BOOKS in saga.houses(house).caps
    except Refused:
        return False


def _is_back(payment: Payment, reference: str) -> bool:
    return any(
        read_name(one.reference)[0] == f"{reference}-back" and one.state is not Refunded.FAILED
        for one in payment.refunds
    )
