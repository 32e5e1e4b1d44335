"""Money that goes back, in words for who bought: what has left, what takes longer, and what did not work. Never more than is true."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from etalage.model.back import BANK, ELSEWHERE, Back, Way
from etalage.model.checkout import Checkout, Part, Share
from functions.shelves import Voice
from functions.sums import euros

DAYS: Mapping[str, tuple[int, int]] = {"stripe": (5, 10)}
"""Working days until money stands on the buyer's account, as a provider says itself; of others: a few."""
SHOWN_BY_NOW = timedelta(days=21)
"""What was sent so long ago has arrived."""


class Notice(msgspec.Struct, frozen=True):
    """A sentence on the page of an order; `bad`: something did not work."""

    text: str
    bad: bool = False


def notices(order: Checkout, voice: Voice, now: datetime) -> Sequence[Notice]:
    """What there is to say of the money of an order: of what went, what goes, what takes longer, and what failed."""
    say = voice.say
    sums = {"went": order.unexplained.cents, "other": 0, "goes": 0, "longer": 0, "failed": 0}
    for share in order.shares:
        if share.state is Part.REFUNDED and not share.backs:  # as it was written before
            sums["goes"] += share.amount.cents
        for back in share.backs:
            sums[_how(back, now)] += back.amount.cents
    goes = say("%(sum)s goes back to you, the way you paid.", sum=euros(sums["goes"], voice.language))
    found = {
        "went": Notice(say("%(sum)s went back to you, the way you paid.", sum=euros(sums["went"], voice.language))),
        "other": Notice(say("%(sum)s went back to you.", sum=euros(sums["other"], voice.language))),
        "goes": Notice(f"{goes} {wait(order, voice)}"),
        "longer": Notice(
            say(
                "%(sum)s is to go back to you. It takes longer than usual; you need to do nothing.",
                sum=euros(sums["longer"], voice.language),
            )
        ),
        "failed": Notice(
            say(
                "%(sum)s could not go back the way you paid. The house will get in touch with you.",
                sum=euros(sums["failed"], voice.language),
            ),
            bad=True,
        ),
    }
    return [notice for how, notice in found.items() if sums[how]]


def wait(order: Checkout, voice: Voice) -> str:
    """When to expect it."""
    provider = order.provider.partition("-")[0]  # an account is called "stripe-linde"
    if provider in DAYS:
        least, most = DAYS[provider]
        return voice.say("It takes %(least)s to %(most)s working days.", least=least, most=most)
    return voice.say("It takes a few working days.")


def of_share(share: Share, house: str, voice: Voice) -> Sequence[str]:
    """What a letter says of the money of a share, a sentence for each way that it takes."""
    sums = dict.fromkeys(("sent", "gone", "longer", "failed"), 0)
    for back in share.backs:
        sums["gone" if back.why in (ELSEWHERE, BANK) else _KINDS.get(back.way, "sent")] += back.amount.cents
    if not share.backs:
        sums["sent"] = share.refunded.cents
    told = {kind: {"house": house, "amount": euros(cents, voice.language)} for kind, cents in sums.items()}
    say = voice.say
    found = {
        "sent": say("%(house)s: %(amount)s goes back to you.", **told["sent"]),
        "gone": say("%(house)s: %(amount)s went back to you.", **told["gone"]),
        "longer": say(
            "%(house)s: %(amount)s is to go back to you. It takes longer than usual; you need to do nothing.",
            **told["longer"],
        ),
        "failed": say(
            "%(house)s: %(amount)s could not go back the way you paid. We will get in touch with you.",
            **told["failed"],
        ),
    }
    return [sentence for kind, sentence in found.items() if sums[kind]]


_KINDS = {Way.WANTED: "longer", Way.FAILED: "failed"}


def _how(back: Back, now: datetime) -> str:
    if back.why in (ELSEWHERE, BANK):
        return "other"
    if back.way is Way.FAILED:
        return "failed"
    if back.way is Way.WANTED:
        return "longer"
    return "went" if back.way is Way.DONE and now - back.at > SHOWN_BY_NOW else "goes"
