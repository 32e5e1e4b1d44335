"""Paid in turn: a basket of several houses that have no joint account becomes a checkout for each payment, all begun together.

Each is an ordinary sale, with its own steps, letter and books. What binds them is `turn`, the keys of all of them: their places are held
before anybody is asked to pay, and while none is paid one that comes to nothing takes the others with it. What is paid stands.

A newcomer's trap: nothing here needs to survive a crash. A round that was left halfway is gone on with by who sends the same again; else
the sweep takes each checkout by itself to a payment page of which nobody has the address, and when its time is over it is undone.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from etalage.model.basket import Quote, Wish, add
from etalage.model.checkout import Checkout, State
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.sales.saga import FIRST, Saga

Round = tuple[Checkout, ...]
"""All that are paid in turn, in that order; one alone is a round of one."""
PAID = frozenset({State.CONFIRMING, State.DONE})
OVER = frozenset({State.UNDOING, State.UNDONE})


class Portion(NamedTuple):
    """What is paid at once, to `house`. `houses`: all whose places come with it; of several portions that one first."""

    house: str
    houses: tuple[str, ...]
    total: Money


def portions(quote: Quote, each: Mapping[str, str]) -> Sequence[Portion]:
    """The payments of a basket; `each`: house → who takes its money, nothing where one takes it all.

    A house whose places are free needs no payment: they come with the first.
    """
    sums: dict[str, int] = {}
    for line in quote.lines:
        sums[line.house] = sums.get(line.house, 0) + line.price * line.quantity
    houses = tuple(sums)
    asking = [house for house in houses if sums[house]]
    if not each or len(asking) < 2:
        first = asking[0] if asking else houses[0]
        return [Portion(first, houses, quote.total)]
    free = tuple(house for house in houses if not sums[house])
    first, *others = asking
    rest = [Portion(house, (house,), Money(sums[house])) for house in others]
    return [Portion(first, (first, *free), Money(sums[first])), *rest]


def start(saga: Saga, made: Round, begin: Callable[[], str]) -> Round:
    """Begin a round, whose first key `begin` gives when it is written down, and go on with it."""
    return (saga.start(begin),) if len(made) == 1 else run(saga, begin())


def run(saga: Saga, key: str) -> Round:
    """Go on with all of a round as far as one can: every house holds its places before one of them asks for money."""
    keys = saga.read(key).turn
    if not keys:
        return (saga.run(key),)
    found: Round = ()
    for go_on in (saga.hold, saga.run):
        found = tuple(go_on(one) for one in keys)
        if any(one.state in OVER for one in found) and not any(one.state in PAID for one in found):
            return withdraw(saga, key)
        if any(one.state in FIRST for one in found):
            break
    return found


def withdraw(saga: Saga, key: str) -> Round:
    """Undo all of a round that is not paid. Twice is once."""
    return tuple(saga.withdraw(one) for one in saga.read(key).turn or (key,))


def again(found: Round) -> tuple[Wish, ...]:
    """What of a round was not sold, as it may be chosen anew."""
    lines = [line for one in found if one.state in OVER for share in one.shares for line in share.lines]
    wishes = (
        Wish(performance=line.performance, tariff=line.tariff, seats=(line.seat,) if line.seat else ())
        for line in lines
    )
    return add((), wishes)


def show(saga: Saga, checkout: Checkout) -> Round:
    """A checkout and those that are paid in turn with it, as they are written; whose time is over comes to its end first.

    No provider is asked for the others: who comes back from paying comes to that order. One that is forgotten already is left out.
    """
    found = list[Checkout]()
    for key in checkout.turn or (checkout.key,):
        with suppress(Refused):
            known = checkout if key == checkout.key else saga.read(key)
            late = known.state is State.AWAITING and saga.is_over(known)
            found.append(saga.run(key, seldom=True) if late else known)
    return tuple(found)
