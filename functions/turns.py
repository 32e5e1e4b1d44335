"""Orders that are paid one after the other: where each stands, for the pages and for scripts."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from etalage.model.checkout import Checkout, Part, State
from etalage.sales.rounds import OVER, PAID, Round
from functions import clocks
from functions.frames import Place
from functions.sale import Sale
from functions.sums import euros


class Step(msgspec.Struct, frozen=True):
    """One of the payments. `state`: paid, open, over, back (paid, and all of it went back), or busy; `way`: the page of its order.

    `until`: by what time it can be paid, `left`: in how many minutes.
    """

    house: str
    sum: str
    state: str
    way: str
    pay_url: str
    until: str
    left: int
    here: bool


class Turn(msgspec.Struct, frozen=True):
    """All of them, in order. `next`: which is to be paid now, None when there is none; `so_far`, `rest`: what is paid, and what is still to be."""

    steps: Sequence[Step]
    next: Step | None
    so_far: str
    rest: str

    @property
    def paid(self) -> int:
        """How many are paid."""
        return self.count("paid")

    @property
    def over(self) -> Sequence[str]:
        """The houses of which nothing was bought."""
        return [step.house for step in self.steps if step.state == "over"]

    def count(self, state: str) -> int:
        """How many stand so."""
        return sum(step.state == state for step in self.steps)


def turn_of(known: Checkout, found: Round, place: Place, sale: Sale, now: datetime) -> Turn | None:
    """How far they are, as the page of one of them tells it; None of an order that stands alone."""
    if not known.turn:
        return None
    language = place.shelf.language
    steps = [_step(one, place, sale, now, here=one.key == known.key) for one in found]
    open_ones = [step for step in steps if step.state == "open"]
    sums = dict.fromkeys(("paid", "open"), 0)
    for one, step in zip(found, steps, strict=True):
        if step.state in sums:
            sums[step.state] += one.total.cents
    following = next((step for step in open_ones if step.here), next(iter(open_ones), None))
    return Turn(steps, following, euros(sums["paid"], language), euros(sums["open"], language))


def is_over(found: Round) -> bool:
    """Whether something is paid, and nothing is still to be."""
    states = {one.state for one in found}
    return bool(states & PAID) and states <= PAID | {State.UNDONE}


def told(sale: Sale, found: Round) -> dict[str, object]:
    """What scripts are told of them; nothing of an order that stands alone."""
    if not found[0].turn:
        return {}
    return {
        "turn": [
            {
                "order": sale.counter.sign(one.key), "house": one.shares[0].house, "total": one.total.cents, "state": one.state.value,
                "pay_url": one.pay_url,
            }
            for one in found
        ]
    }  # fmt: skip


def _step(one: Checkout, place: Place, sale: Sale, now: datetime, *, here: bool) -> Step:
    first = one.shares[0]
    shown = next((one.shown[line.performance] for line in first.lines if line.performance in one.shown), None)
    left = clocks.seconds(one.window, now)
    return Step(
        house=(shown.house if shown else "") or place.shelf.name, sum=euros(one.total.cents, place.shelf.language), state=_state(one, left),
        way=place.way(f"order/{sale.counter.sign(one.key)}"), pay_url=one.pay_url, until=clocks.time_of(one.window, place), left=left // 60,
        here=here,
    )  # fmt: skip


def _state(one: Checkout, left: int) -> str:
    if one.state is State.DONE and all(share.state is Part.REFUNDED for share in one.shares):
        return "back"
    if one.state in PAID:
        return "paid"
    if one.state in OVER:
        return "over"
    return "open" if one.pay_url and left else "busy"
