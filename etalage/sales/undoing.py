"""A sale that comes to nothing: all that was begun is let go, and money that comes after all is seen. Steps of the saga (etalage/sales/saga.py)."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from etalage.model.checkout import Alert, Checkout, Part, Share, State
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.model.payment import PaymentState
from etalage.model.sale import Hold, OrderState
from etalage.ports.ticketing import Ticketing
from etalage.sales.shares import (
    doubt_in,
    each,
    is_silent,
    pays,
)
from etalage.sales.terms import WINDOW, Known

if TYPE_CHECKING:
    from etalage.sales.saga import Saga


def undo(saga: "Saga", checkout: Checkout, version: int) -> Known | None:
    """Let go of all that was begun, the payment first: it may have half happened.

    A page that its provider cannot close stays open: the places are let go all the same, and what is paid there is late money.
    """
    payment = saga.status(checkout)
    if payment is not None and payment.state is PaymentState.OPEN:
        saga.crossing("cancel payment")
        payment = saga.provider(checkout).cancel(payment.id)
        saga.crossing("cancelled payment")
    if payment is not None and payment.state is PaymentState.PAID:
        if pays(checkout, payment):
            return saga.pivot(checkout, version, payment)
        checkout = replace(checkout, alert=Alert.AMOUNT_DIFFERS.value)
    if payment is not None and payment.state is PaymentState.OPEN and saga.provider(checkout).closes:
        raise Unavailable("payment_open", "the payment could not be cancelled yet")
    held = [share for share in checkout.shares if share.state in (Part.WANTED, Part.HELD)]
    told = saga.together(held, partial(_release_one, saga))
    after = each(checkout, lambda share: told.get(share.house, share))
    if any(share.state in (Part.WANTED, Part.HELD) for share in after.shares):
        saga.wait(after, version)
        return None
    return saga.go(after, version, State.UNDONE)


def _release_one(saga: "Saga", share: Share) -> Share:
    house = saga.houses(share.house)
    saga.crossing(f"release {share.house}")
    try:
        hold = share.hold or _lost_hold(house, share)
        if hold is not None:
            house.release(hold)
    except (Refused, Unavailable) as error:
        if is_silent(error):
            return replace(share, doubt=doubt_in(error))
    finally:
        saga.crossing(f"released {share.house}")
    return replace(share, state=Part.RELEASED, doubt="")


def _lost_hold(house: Ticketing, share: Share) -> Hold | None:
    """The hold of a reference whose answer we never had."""
    if house.lookup(share.reference).state is not OrderState.HELD:
        return None
    return house.hold(share.reference, share.lines, WINDOW)


def look_back(saga: "Saga", checkout: Checkout, version: int) -> Checkout:
    """Look whether money came after all for a checkout that was over."""
    if checkout.state is State.UNDONE and checkout.asked:
        try:
            payment = saga.status(checkout)
        except (Unavailable, Refused):
            return checkout
        if payment is not None and payment.state is PaymentState.PAID:
            if pays(checkout, payment):
                with suppress(Stale):
                    saga.pivot(checkout, version, payment)
                return saga.run(checkout.key)
            checkout = saga.tell_staff(checkout, version, Alert.AMOUNT_DIFFERS)
    return checkout
