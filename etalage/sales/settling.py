"""After the pivot: each house confirms its share, moves it, or it goes back. Steps of the saga (etalage/sales/saga.py)."""

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from etalage.model.checkout import GOING_BACK, UNSETTLED, Alert, Checkout, Part, Share, State
from etalage.model.errors import Refused, Unavailable
from etalage.model.sale import OrderState, Paid
from etalage.sales import onwards, refunds
from etalage.sales.shares import (
    doubt_in,
    each,
    emptied,
    is_asked,
    lasting,
    look_at,
    moved,
    without,
)
from etalage.sales.terms import WINDOW, Known

if TYPE_CHECKING:
    from etalage.sales.saga import Saga


def settle(saga: "Saga", checkout: Checkout, version: int) -> Known | None:
    """After the pivot: every house confirms or its share goes back; nobody waits for another."""
    if checkout.late:
        return _hold_again(saga, checkout, version)
    waiting = [share for share in checkout.shares if share.state in UNSETTLED]
    if not waiting:
        return saga.go(checkout, version, State.DONE)
    told = saga.together(waiting, lambda share: _settle_one(saga, checkout, share))
    after = each(checkout, lambda share: told.get(share.house, share))
    if all(share.state is checkout.share(share.house).state for share in after.shares):  # nobody answered
        saga.wait(after, version)
        return None
    after = moved(checkout, replace(after, tries=0, alert=look_at(after)))
    if any(share.state in UNSETTLED for share in after.shares):
        return saga.write(after, version)
    return saga.go(after, version, State.DONE)


def _settle_one(saga: "Saga", checkout: Checkout, share: Share) -> Share:
    """Confirm one house's part, move it, or give its share back."""
    try:
        if share.state is Part.MOVING:
            return _move_one(saga, share)
        return _confirm_one(saga, checkout, share) if share.state is Part.HELD else _give_back(saga, checkout, share)
    except (Refused, Unavailable) as error:
        return replace(share, doubt=doubt_in(error))


def _confirm_one(saga: "Saga", checkout: Checkout, share: Share) -> Share:
    house = saga.houses(share.house)
    paid = Paid(
        provider=checkout.provider, id=checkout.payment or checkout.key, amount=share.amount,
        at=checkout.paid_at or saga.clock(),
    )  # fmt: skip
    if share.hold is None:
        return replace(share, state=Part.LOST)
    saga.crossing(f"confirm {share.house}")
    try:
        order = house.confirm(share.hold, checkout.buyer, paid)
    except (Refused, Unavailable) as error:
        return without(share, error, Part.LOST, checkout.buyer.name)
    finally:
        saga.crossing(f"confirmed {share.house}")
    if order.state is not OrderState.CONFIRMED:
        return replace(share, state=Part.LOST, code="hold_gone", say="There are not so many places left.")
    if not is_asked(share.lines, order.tickets):  # a sale of something else is none
        say = "One of the houses has other places than you asked for."
        return replace(share, state=Part.LOST, code="house_differs", say=say)
    return replace(share, state=Part.CONFIRMED, tickets=order.tickets, doubt="")


def _move_one(saga: "Saga", share: Share) -> Share:
    """Exchange a share's places; a house that refuses leaves it as it was."""
    house = saga.houses(share.house)
    stays = {line.key for line in share.lines if line in share.wanted}
    worn = [ticket.code for ticket in share.tickets if ticket.line not in stays]
    saga.crossing(f"move {share.house}")
    try:
        order = house.move(share.reference, share.wanted, worn)
    except (Refused, Unavailable) as error:
        told = without(share, error, Part.CONFIRMED)
        return told if told.state is Part.MOVING else replace(told, wanted=())
    finally:
        saga.crossing(f"moved {share.house}")
    if order.state is not OrderState.CONFIRMED or not is_asked(share.wanted, order.tickets):
        return replace(share, doubt=Alert.HOUSE_DIFFERS.value)
    return replace(share, state=Part.CONFIRMED, lines=share.wanted, wanted=(), tickets=order.tickets, doubt="")


def _give_back(saga: "Saga", checkout: Checkout, share: Share) -> Share:
    """A house that refuses after the pivot, or whose part staff take back: its money goes back, and the house cancels what it has.

    Of a part alone the other tickets stand.
    """
    whole = share.state in GOING_BACK
    share = onwards.settle(saga, checkout, emptied(share, saga.clock()) if whole else share)
    backs = tuple(refunds.send(saga, checkout, share, back) for back in share.backs)
    house = saga.houses(share.house)
    saga.crossing(f"cancel {share.house}")
    order = house.lookup(share.reference)
    state = order.state  # one whose money is booked as gone may look lapsed, and is to be cancelled all the same
    if not whole:  # first, so that the house knows of which event the money goes
        order = house.cancel(share.reference, sorted(share.gone))
    for back in backs:
        if order.paid.cents > order.refunded.cents and back.amount.cents:
            booked = Paid(provider=checkout.provider, id=back.reference, amount=back.amount, at=saga.clock())
            order = house.record_refund(share.reference, booked)
    if whole and state not in (OrderState.ABSENT, OrderState.CANCELLED, OrderState.EXPIRED):
        order = house.cancel(share.reference)
    saga.crossing(f"cancelled {share.house}")
    void = {ticket.line for ticket in order.tickets if ticket.cancelled} | share.gone  # what went with them is gone too
    tickets = tuple(replace(one, cancelled=one.cancelled or one.line in void) for one in share.tickets)
    return replace(share, state=Part.REFUNDED if whole else Part.CONFIRMED, tickets=tickets, backs=backs, doubt="")


def _hold_again(saga: "Saga", checkout: Checkout, version: int) -> Known | None:
    """Money that came when all was undone: the places are held again where they still are, else the share goes back."""
    away = [share for share in checkout.shares if share.state in (Part.RELEASED, Part.REFUSED, Part.WANTED)]
    reduced = {batch.house for batch in checkout.batches}
    told = saga.together(away, partial(_again_one, saga, reduced))
    after = each(checkout, lambda share: told.get(share.house, share))
    if any(share.state in (Part.RELEASED, Part.REFUSED, Part.WANTED) for share in after.shares):
        saga.wait(after, version)
        return None
    return saga.write(replace(after, late=False, tries=0, alert=lasting(after)), version)


def _again_one(saga: "Saga", reduced: Collection[str], share: Share) -> Share:
    if share.state is Part.RELEASED and share.house in reduced:  # its reduction was taken back with its places
        return replace(
            share, state=Part.LOST, code="price_changed", say="The price has changed. Look at your basket again."
        )
    saga.crossing(f"again {share.house}")
    try:
        hold = saga.houses(share.house).hold(f"{share.reference}-again", share.lines, WINDOW)
    except (Refused, Unavailable) as error:
        return without(share, error, Part.LOST)
    finally:
        saga.crossing(f"held again {share.house}")
    share = replace(share, hold=hold, reference=f"{share.reference}-again", doubt="")
    if hold.amount != share.amount:  # the house is told under its new name that nothing comes of it
        return replace(
            share, state=Part.LOST, code="price_changed", say="The price has changed. Look at your basket again."
        )
    return replace(share, state=Part.HELD)
