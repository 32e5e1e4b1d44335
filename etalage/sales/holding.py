"""Before the pivot: places are held, priced, and the payment is asked for and awaited. Steps of the saga (etalage/sales/saga.py)."""

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from etalage.model.checkout import Alert, Checkout, Part, Share, State
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.payment import PaymentState
from etalage.sales.shares import (
    doubt_of,
    each,
    ended,
    is_asked,
    lasting,
    pays,
    without,
)
from etalage.sales.terms import MARGIN, PATIENCE, SLOWEST, WINDOW, Known

if TYPE_CHECKING:
    from etalage.sales.saga import Saga


def hold(saga: "Saga", checkout: Checkout, version: int) -> Known | None:
    """Hold at every house at once."""
    if all(share.state is not Part.WANTED for share in checkout.shares):
        return _priced(saga, checkout, version)
    open_shares = [share for share in checkout.shares if share.state is Part.WANTED]
    told = saga.together(open_shares, partial(_hold_one, saga))
    after = each(checkout, lambda share: told.get(share.house, share))
    refused = next((share for share in after.shares if share.state is Part.REFUSED), None)
    if refused is not None:
        after = replace(after, code=refused.code, say=refused.say, detail=refused.detail)
        return saga.go(after, version, State.UNDOING)
    if any(share.state is Part.WANTED for share in after.shares):
        if checkout.tries + 1 >= PATIENCE:
            after = ended(after, "house_silent", "One of the houses does not answer. Try again in a while.")
            alert = doubt_of(after)
            after = replace(after, alert="" if alert == Alert.HOUSE_SILENT else alert)
            return saga.go(after, version, State.UNDOING)
        saga.wait(after, version)
        return None
    return _priced(saga, after, version)


def _hold_one(saga: "Saga", share: Share) -> Share:
    house = saga.houses(share.house)
    saga.crossing(f"hold {share.house}")
    try:
        hold = house.hold(share.reference, share.lines, WINDOW)
    except (Refused, Unavailable) as error:
        return without(share, error, Part.REFUSED)
    finally:
        saga.crossing(f"held {share.house}")
    return replace(share, state=Part.HELD, hold=hold, amount=hold.amount, doubt="")


def _priced(saga: "Saga", checkout: Checkout, version: int) -> Known:
    """All is held: what it costs is what the houses will book, and the first hold to lapse says until when one may pay."""
    if not all(share.hold and is_asked(share.lines, share.hold.lines) for share in checkout.shares):
        after = ended(checkout, "house_differs", "One of the houses has other places than you asked for.")
        return saga.go(replace(after, alert=Alert.HOUSE_DIFFERS.value), version, State.UNDOING)
    total = Money(sum(share.amount.cents for share in checkout.shares))
    if checkout.total != total:
        after = ended(checkout, "price_changed", "The price has changed. Look at your basket again.")
        return saga.go(after, version, State.UNDOING)
    first = min(share.hold.expires for share in checkout.shares if share.hold)
    window = min(first - MARGIN, saga.clock() + WINDOW - MARGIN)
    after = replace(checkout, total=total, window=window, asked=bool(total.cents) and not checkout.batches)
    return saga.go(after, version, State.REGISTERING if checkout.batches else State.PAYING)


def ask_to_pay(saga: "Saga", checkout: Checkout, version: int) -> Known | None:
    """Ask the provider for a payment; that we would was written with the price."""
    if not checkout.total.cents:
        return saga.go(replace(checkout, paid_at=saga.clock()), version, State.CONFIRMING)
    saga.crossing("pay")
    try:
        payment = saga.provider(checkout).start(saga.request(checkout))
    except Refused as no:
        return saga.go(replace(checkout, code=no.code, say=no.say, detail=no.detail), version, State.UNDOING)
    except Unavailable:
        if checkout.tries + 1 >= PATIENCE:
            after = ended(checkout, "payment_silent", "Paying does not work now. Try again in a while.")
            return saga.go(after, version, State.UNDOING)
        raise
    saga.crossing("paying")
    after = replace(checkout, payment=payment.id, pay_url=payment.url)
    known = saga.go(after, version, State.AWAITING, wait=saga.until(checkout))
    return None if payment.state is PaymentState.OPEN else known  # nobody has been on its page yet


def await_money(saga: "Saga", checkout: Checkout, version: int) -> Known | None:
    """See whether it is paid; the pivot is here."""
    payment, over = saga.status(checkout), saga.is_over(checkout)
    if payment is not None and payment.state is PaymentState.PAID:
        if pays(checkout, payment):
            return saga.pivot(checkout, version, payment)
        checkout = replace(checkout, alert=Alert.AMOUNT_DIFFERS.value)  # no ticket for it: somebody has to look
        if over:
            after = replace(ended(checkout, "amount_wrong", "What was paid is not what this costs."), pay_url="")
            return saga.go(after, version, State.UNDOING)
        saga.write(checkout, version, wait=SLOWEST)
        return None
    if payment is None or payment.state is not PaymentState.OPEN:
        return _unpaid(saga, checkout, version)
    if over:
        saga.crossing("cancel payment")
        payment = saga.provider(checkout).cancel(payment.id)
        if payment.state is not PaymentState.OPEN:
            return await_money(saga, checkout, version)
        if not saga.provider(checkout).closes:  # the places wait no longer; what is paid now is late money
            return _unpaid(saga, checkout, version)
    after = replace(checkout, tries=0, alert=lasting(checkout))
    if after != checkout:  # who looks ten times while somebody pays writes nothing
        saga.write(after, version, wait=saga.until(checkout))
    return None


def _unpaid(saga: "Saga", checkout: Checkout, version: int) -> Known:
    """Nobody paid."""
    after = replace(ended(checkout, "not_paid", "It was not paid, so nothing was bought."), pay_url="")
    return saga.go(after, version, State.UNDOING)
