"""Money on its way back: asked of the provider, looked after until it has arrived, tried anew when it fails. Steps of the saga.

The tickets are taken back together with the first try (etalage/sales/settling.py); what is looked after here is money alone, also
of an order that is done. A newcomer's trap: a refund may fail days after the provider took it, and under its old name it only
fails again.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from etalage.model.back import BANK, ELSEWHERE, Back, Way
from etalage.model.checkout import Alert, Checkout, Part, Share, State
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Payment, Refunded
from etalage.sales import onwards
from etalage.sales.onwards import source
from etalage.sales.returns import Pieces, is_rest, living
from etalage.sales.shares import each, returning

if TYPE_CHECKING:
    from etalage.sales.saga import Saga

RETRIES: Sequence[timedelta] = (timedelta(hours=1), timedelta(days=1), timedelta(days=3))
"""So long after each failure it is tried again; then staff have to look."""
SOONEST, LATEST = timedelta(hours=1), timedelta(hours=12)
"""How often it is looked whether money on its way has arrived."""
LONG = timedelta(days=21)
"""Money that has not arrived for so long is told to staff."""
AFTERWARDS = timedelta(days=60)
"""So long a refund that was done may still come back, and is believed to when the provider says so."""
_WAYS = {Refunded.PENDING: Way.SENT, Refunded.DONE: Way.DONE}


def returned(checkout: Checkout, houses: Collection[str], now: datetime) -> Checkout:
    """An order of which the shares of these houses go back, or all of them; money that failed to is tried once more."""

    def take(share: Share) -> Share:
        return _revived(returning(share, now), now) if not houses or share.house in houses else share

    return each(checkout, take)


def without(checkout: Checkout, pieces: Pieces, now: datetime) -> Checkout:
    """An order of which these pieces go back."""
    return each(checkout, lambda share: _parted(share, pieces.get(share.house, {}), now))


def elsewhere(checkout: Checkout, houses: Collection[str], now: datetime) -> Checkout:
    """An order of which that money of these houses, or of all, that did not leave went back in another way: nobody is asked for it."""

    def settle(share: Share) -> Share:
        if houses and share.house not in houses:
            return share
        return replace(
            share, backs=tuple(one if one.is_sent else _by_others(one, now, ELSEWHERE) for one in share.backs)
        )

    return each(checkout, settle)


def by_bank(checkout: Checkout, now: datetime) -> Checkout:
    """An order of which nobody is asked for what the buyer's bank has taken already: the oldest first, as far as it goes."""
    for back in sorted(checkout.backs, key=lambda one: (one.made, one.reference)):
        if not back.is_sent and 0 < back.amount.cents <= checkout.taken.cents:
            checkout = _changed(checkout, back, _by_others(back, now, BANK))
    return checkout


def _changed(checkout: Checkout, old: Back, new: Back) -> Checkout:
    return each(checkout, lambda share: replace(share, backs=tuple(new if one == old else one for one in share.backs)))


def _by_others(back: Back, now: datetime, why: str) -> Back:
    return replace(back, way=Way.DONE, at=now, due=None, why=why)


def _parted(share: Share, cents: Mapping[str, int], now: datetime) -> Share:
    """A share of which these lines go back; what went back already stays as it is. Refuses `not_sold`, `refund_too_large`."""
    lines = [line for line in living(share) if line.key in cents]
    if not lines:
        return share
    if share.state not in (Part.CONFIRMED, Part.PARTLY):
        raise Refused("not_sold", "These tickets are not settled, so they cannot go back one by one now.", where=share.house)  # fmt: skip
    if is_rest(share, cents):
        return returning(share, now)
    amount = Money(sum(cents[line.key] for line in lines))
    if amount.cents > share.rest.cents:
        raise Refused("refund_too_large", "More cannot go back than was paid.", where=share.house)
    reference = f"{share.reference}-back-{len(share.backs) + 1}"
    back = Back(reference=reference, lines=tuple(line.key for line in lines), amount=amount, made=now, at=now)
    return replace(share, state=Part.PARTLY, backs=(*share.backs, back), doubt="")


def _revived(share: Share, now: datetime) -> Share:
    """A share whose money failed to go back: staff want it tried once more."""
    again = tuple(
        replace(one, way=Way.WANTED, at=now, due=now) if one.way is Way.FAILED else one for one in share.backs
    )
    return share if again == share.backs else replace(share, backs=again)


def send(saga: "Saga", checkout: Checkout, share: Share, back: Back) -> Back:
    """Ask the provider for it, the first time. Unavailable `refund_failed` when it refuses: then nothing was taken back yet."""
    now = saga.clock()
    if back.is_sent or back.tries:  # it failed before: it is looked after when all else is settled
        return back
    if not (back.amount.cents and checkout.payment):
        return replace(back, way=Way.DONE, at=now, due=None)
    saga.crossing(f"refund {share.house}")
    try:
        made = saga.provider(checkout).refund(checkout.payment, back.name, back.amount, share.house, source(share))
    except Refused as no:
        if _has_bank_taken(saga, checkout, back):
            return _by_others(back, now, BANK)
        # somebody gave back by hand what is left of it: staff have to look
        say = f"the provider refuses to give the money back: {no.code}"
        raise (Unavailable("balance_low", say) if no.code == LOW else Unavailable("refund_failed", say)) from no
    saga.crossing(f"refunded {share.house}")
    return told(replace(back, onward=source(share)), made.state, now)


def _has_bank_taken(saga: "Saga", checkout: Checkout, back: Back) -> bool:
    """Whether the provider refuses it because the buyer's bank took it, of which we had not heard."""
    try:
        payment = saga.status(checkout)
    except (Unavailable, Refused):
        return False
    return payment is not None and back.amount.cents <= replace(checkout, chargebacks=payment.chargebacks).taken.cents


LOW = "balance_low"
"""The code of a provider that has not so much money of ours."""


def told(back: Back, state: Refunded, now: datetime) -> Back:
    """A refund after the provider said how it stands."""
    if state is Refunded.FAILED:
        if back.tries >= len(RETRIES):
            return replace(back, way=Way.FAILED, at=now, due=None, tries=back.tries + 1)
        return replace(back, way=Way.WANTED, at=now, due=now + RETRIES[back.tries], tries=back.tries + 1)
    way = _WAYS[state]
    if way is back.way and way is Way.DONE:
        return back
    at = back.at if way is back.way else now
    return replace(back, way=way, at=at, due=None if way is Way.DONE else now + _wait(now - at), why="")


def _wait(age: timedelta) -> timedelta:
    """How long until the next look: later each time."""
    return max(SOONEST, min(LATEST, age / 2))


def due(checkout: Checkout) -> datetime | None:
    """When money of it is to be looked after; None when all has arrived."""
    moments = [onwards.due(checkout), *(back.due for back in checkout.backs)]
    return min((one for one in moments if one), default=None)


def look_after(saga: "Saga", checkout: Checkout, version: int) -> Checkout:
    """Ask the provider about money that is due to be looked after, of an order that is done; then try anew what failed, and pass on the rest."""
    moment = due(checkout)
    if moment is None or moment > saga.clock():
        return checkout
    try:
        payment = saga.status(checkout)
    except (Unavailable, Refused):
        return _later(saga, checkout, version)
    if payment is None:
        return _later(saga, checkout, version)
    after = onwards.pass_on(saga, _tried_again(saga, compared(checkout, payment, saga.clock())))
    return _written(saga, checkout, after, version)


def hear(saga: "Saga", checkout: Checkout, version: int, payment: Payment) -> Checkout:
    """What the provider says of a payment, when it says it by itself or to who compares the books."""
    if checkout.state is not State.DONE:
        return checkout
    return _written(saga, checkout, compared(checkout, payment, saga.clock()), version)


def compared(checkout: Checkout, payment: Payment, now: datetime) -> Checkout:
    """An order after a look at what its provider has of it: refunds that somebody made there by hand, fees and chargebacks too."""
    states = {one.reference: one.state for one in payment.refunds}

    def look(back: Back) -> Back:
        state = states.get(back.name)
        if state is None or back.way is Way.FAILED or (back.way is Way.DONE and now - back.made > AFTERWARDS):
            return back if not (back.due and back.due <= now and back.way is Way.SENT) else replace(back, due=now + _wait(now - back.at))  # fmt: skip
        return told(back, state, now)

    def known(share: Share) -> Share:
        return onwards.adopted(replace(share, backs=tuple(look(back) for back in share.backs)), payment, now)

    after, fee = each(checkout, known), checkout.fee if payment.fee is None else payment.fee
    after = replace(after, elsewhere=Money(by_hand(checkout, payment)), fee=fee, chargebacks=payment.chargebacks)
    return by_bank(after, now)


def by_hand(checkout: Checkout, payment: Payment) -> int:
    """The cents that went back without us. A try of ours has a name of ours."""
    ours = tuple(f"{share.reference}-back" for share in checkout.shares)
    return sum(
        one.amount.cents
        for one in payment.refunds
        if one.state is not Refunded.FAILED and not one.reference.startswith(ours)
    )


def _tried_again(saga: "Saga", checkout: Checkout) -> Checkout:
    """Ask the provider for what failed and is due, under its new name; the intent is in the records since it failed."""
    now = saga.clock()

    def ask(share: Share, back: Back) -> Back:
        if back.way is not Way.WANTED or (back.due and back.due > now):
            return back
        saga.crossing(f"refund again {share.house}")
        try:
            made = saga.provider(checkout).refund(checkout.payment, back.name, back.amount, share.house, back.onward)
        except Unavailable:
            return replace(back, due=now + SOONEST)
        except Refused as no:
            if no.code == LOW:  # under the same name, when there is money again
                return replace(back, due=now + RETRIES[1], why=LOW)
            return replace(told(back, Refunded.FAILED, now), why=no.code)
        saga.crossing(f"refunded again {share.house}")
        return told(back, made.state, now)

    return each(checkout, lambda share: replace(share, backs=tuple(ask(share, back) for back in share.backs)))


def _later(saga: "Saga", checkout: Checkout, version: int) -> Checkout:
    """The provider is silent: it is asked in an hour."""
    now = saga.clock()
    after = each(
        checkout,
        lambda share: replace(
            share, backs=tuple(replace(one, due=max(one.due, now + SOONEST)) if one.due else one for one in share.backs)
        ),
    )
    return _written(saga, checkout, after, version)


def _written(saga: "Saga", before: Checkout, after: Checkout, version: int) -> Checkout:
    after = replace(after, alert=look_at(before, after, saga.clock()))
    if after == before:
        return before
    with suppress(Stale):
        return saga.write(after, version)[0]
    return saga.read(before.key)


def _given_again(checkout: Checkout) -> int:
    return sum(one.returned for one in checkout.chargebacks)


def look_at(before: Checkout, after: Checkout, now: datetime) -> str:
    """What staff should look at: money that does not go back, and money that somebody gave back elsewhere."""
    if any(back.way is Way.FAILED or (not back.is_over and now - back.at > LONG) for back in after.backs):
        return Alert.REFUND_STUCK.value
    if any(back.why == LOW for back in after.backs):
        return Alert.BALANCE_LOW.value
    if len(after.chargebacks) > len(before.chargebacks):
        return Alert.CHARGED_BACK.value
    if _given_again(after) > _given_again(before) and any(back.why == BANK for back in after.backs):
        return Alert.GIVEN_AGAIN.value
    if any(share.onward and share.onward.why for share in after.shares):
        return Alert.NOT_PASSED_ON.value
    if after.unexplained.cents > before.unexplained.cents:
        return Alert.REFUNDED_ELSEWHERE.value
    return "" if after.alert in (Alert.REFUND_STUCK, Alert.BALANCE_LOW, Alert.NOT_PASSED_ON) else after.alert
