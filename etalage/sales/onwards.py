"""Joint money that is split: what is sold is passed on to each house's own account at the provider. Steps of the saga.

It is decided when the order is done, and done in the background: no buyer waits for it. A newcomer's trap: money that goes back
to a buyer comes out of what was passed on; so before anything goes back it must be certain whether it was (`settle`).
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from etalage.model.back import Way, read_name
from etalage.model.checkout import Checkout, Part, Share
from etalage.model.errors import Refused, Unavailable
from etalage.model.onward import Onward
from etalage.model.payment import Payment
from etalage.ports.payment import Payments
from etalage.sales.shares import each

if TYPE_CHECKING:
    from etalage.sales.saga import Saga

SOON = timedelta(seconds=20)
"""So long after the sale; until then it may still be changing at the provider."""
SILENT = timedelta(minutes=5)
"""A provider that gave no answer is asked again after so long."""
REFUSED = timedelta(hours=12)
"""One that refused: the house has to set its account right first."""


def decide(checkout: Checkout, provider: Payments, now: datetime) -> Checkout:
    """An order that is done, with what of it is to be passed on."""
    if not checkout.payment:
        return checkout

    def one(share: Share) -> Share:
        if (
            share.onward
            or share.state is not Part.CONFIRMED
            or not (share.rest.cents and provider.passes_on(share.house))
        ):
            return share
        wanted = Onward(reference=f"{share.reference}-on", amount=share.rest, made=now, at=now, due=now + SOON)
        return replace(share, onward=wanted)

    return each(checkout, one)


def due(checkout: Checkout) -> datetime | None:
    """When something of it is to be passed on; None when nothing is."""
    return min((share.onward.due for share in checkout.shares if share.onward and share.onward.due), default=None)


def pass_on(saga: "Saga", checkout: Checkout) -> Checkout:
    """Pass on what is due, as far as the provider answers."""
    now = saga.clock()

    def one(share: Share) -> Share:
        wanted = share.onward
        if wanted is None or wanted.due is None or wanted.due > now:
            return share
        try:
            return settle(saga, checkout, share)
        except Unavailable:
            return replace(share, onward=replace(wanted, due=now + SILENT))

    return each(checkout, one)


def settle(saga: "Saga", checkout: Checkout, share: Share) -> Share:
    """A share of which it is certain whether its money was passed on; Unavailable while the provider does not say."""
    wanted, now, provider = share.onward, saga.clock(), saga.provider(checkout)
    if wanted is None and provider.passes_on(share.house):  # as after a restore
        return _looked_up(saga, checkout, share)
    if wanted is None or wanted.due is None:
        return share
    saga.crossing(f"pass on {share.house}")
    try:
        provider.pass_on(checkout.payment, wanted.name, wanted.amount, share.house)
    except Refused as no:  # nothing happened, so the next time it can be what is left by then
        if no.code == "reference_used":  # another amount was, before our records were put back
            return _looked_up(saga, checkout, share)
        again = now + REFUSED if share.rest.cents else None
        after = replace(
            wanted, amount=share.rest, tries=wanted.tries + 1, at=now, due=again, why=no.code if again else ""
        )
    else:
        after = replace(wanted, way=Way.DONE, at=now, due=None, why="")
    saga.crossing(f"passed on {share.house}")
    return replace(share, onward=after)


def adopted(share: Share, payment: Payment, now: datetime) -> Share:
    """A share with what its provider says was passed on of it: our own records may be of before that."""
    found = next((one for one in payment.transfers if read_name(one.reference)[0] == f"{share.reference}-on"), None)
    if found is None or (share.onward and share.onward.is_done):
        return share
    name, tries = read_name(found.reference)
    return replace(
        share, onward=Onward(reference=name, amount=found.amount, made=now, at=now, way=Way.DONE, tries=tries)
    )


def _looked_up(saga: "Saga", checkout: Checkout, share: Share) -> Share:
    payment = saga.status(checkout)
    return adopted(share, payment, saga.clock()) if payment else share


def source(share: Share) -> str:
    """The name of the transfer that money of a share comes back out of; "" when the house does not have it."""
    return share.onward.name if share.onward and share.onward.is_done else ""
