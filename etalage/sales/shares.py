"""What an answer means for a house's share, and for the whole checkout: judged here, written down and acted on by the saga."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from etalage.model.back import Back
from etalage.model.checkout import GOING_BACK, LASTING, Alert, Checkout, Part, Share
from etalage.model.errors import Refused, Unavailable
from etalage.model.payment import Payment
from etalage.model.sale import Line, Ticket
from etalage.sales.discretion import for_visitors

LOCKED = frozenset({"token_wrong", "token_powerless", "source_refused", "not_sold_here"})
"""A house that does not let us in, or whose settings broke while its sale was on, says nothing about places: it is asked again,
and staff mend it."""

_NOTHING_SAID: Mapping[str, Any] = {"code": "", "say": "", "detail": {}, "doubt": ""}


def ended(checkout: Checkout, code: str, say: str) -> Checkout:
    """Why it ends without a sale, in the visitor's words."""
    return replace(checkout, code=code, say=say)


def returning(share: Share, now: datetime) -> Share:
    """A share that staff take back, unless it goes back already."""
    if share.state is Part.REFUNDED or share.state in GOING_BACK:
        return share
    return emptied(replace(share, state=Part.RETURNING, **_NOTHING_SAID), now)


def emptied(share: Share, now: datetime) -> Share:
    """A share whose money goes back, all that is left of it. Twice is once."""
    reference = f"{share.reference}-back"
    if any(back.reference == reference for back in share.backs):
        return share
    lines = tuple(line.key for line in share.lines if line.key not in share.gone)
    rest = Back(reference=reference, lines=lines, amount=share.rest, made=now, at=now)
    return replace(share, backs=(*share.backs, rest))


def on_its_way(share: Share, lines: tuple[Line, ...]) -> Share:
    """A share that is to have these lines; what a house said before is no answer to this."""
    return replace(share, state=Part.MOVING, wanted=lines, **_NOTHING_SAID)


def pays(checkout: Checkout, payment: Payment) -> bool:
    """Whether this payment is the one for it, to the cent and in its currency."""
    return payment.amount == checkout.total and payment.reference == checkout.key


def is_asked(lines: Sequence[Line], got: Sequence[Line | Ticket]) -> bool:
    """Whether these are the places that were asked for, each once."""
    named = [(one.key if isinstance(one, Line) else one.line, one.performance, one.seat) for one in got]
    return sorted(named) == sorted((line.key, line.performance, line.seat) for line in lines)


def is_silent(error: Refused | Unavailable) -> bool:
    """Whether it says nothing about the places."""
    return isinstance(error, Unavailable) or error.code in LOCKED


def without(share: Share, error: Refused | Unavailable, part: Part, name: str = "") -> Share:
    """A share whose house said no, so that it is this part now; or said nothing that we can use, so that it is asked again."""
    if is_silent(error):
        return replace(share, doubt=doubt_in(error))
    said = for_visitors(error, share.house, name)
    return replace(share, state=part, code=said.code, say=said.say, detail=said.detail, doubt="")


def doubt_in(error: Refused | Unavailable) -> str:
    """What staff should know of an answer that we cannot use."""
    if error.code in LOCKED:
        return Alert.HOUSE_LOCKED.value
    if error.code == Alert.BALANCE_LOW:
        return Alert.BALANCE_LOW.value
    if error.code.startswith(("refund_", "payment_")):
        return Alert.REFUND_STUCK.value
    return Alert.HOUSE_UNREADABLE.value if error.detail.get("why") == "unreadable" else Alert.HOUSE_SILENT.value


def doubt_of(checkout: Checkout) -> str:
    """What holds it up: the first house that gives no answer, else the provider."""
    doubt = next((share.doubt for share in checkout.shares if share.doubt), Alert.PAYMENT_SILENT.value)
    going = {share.state for share in checkout.shares} - {Part.CONFIRMED, Part.REFUNDED}
    if doubt == Alert.HOUSE_SILENT and going and going <= {*GOING_BACK, Part.PARTLY}:
        return Alert.REFUND_STUCK.value
    return doubt


def look_at(checkout: Checkout) -> str:
    """What staff should look at after a step of the houses."""
    if any(share.code == "house_differs" for share in checkout.shares):
        return Alert.HOUSE_DIFFERS.value
    lost = any(share.state is Part.LOST for share in checkout.shares)
    back = any(share.state is Part.REFUNDED and share.code for share in checkout.shares)
    if lost or (checkout.alert in (Alert.REFUND_STUCK, Alert.BALANCE_LOW) and back):
        return Alert.NOT_COMPLETED.value
    return lasting(checkout)


def moved(before: Checkout, after: Checkout) -> Checkout:
    """After a step of the houses: how often it moved now. A date that a house refused is not one of its dates."""
    done = [
        share
        for share in after.shares
        if before.share(share.house).state is Part.MOVING and share.state is Part.CONFIRMED
    ]
    if not done:
        return after
    used = {line.performance for share in after.shares for line in share.lines}
    refused = {line.performance for share in done if share.code for line in before.share(share.house).wanted} - used
    return replace(
        after,
        moves=after.moves + sum(not share.code for share in done),
        shown={id: one for id, one in after.shown.items() if id not in refused},
    )


def lasting(checkout: Checkout) -> str:
    """The alert that stands when the other side answers again."""
    return checkout.alert if checkout.alert in LASTING else ""


def each(checkout: Checkout, change: Callable[[Share], Share]) -> Checkout:
    """The checkout with each of its shares changed."""
    return replace(checkout, shares=tuple(change(share) for share in checkout.shares))
