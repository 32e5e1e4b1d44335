"""What a receptive organiser may see: how many of their dates are sold, free, and for how much. Nobody's name.

Who has the link may look, until the house takes it back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from etalage.model.checkout import Shown
from etalage.ports.records import Records
from etalage.sales.leaves import Leaves
from etalage.sales.orders import Orders, Wanted

KIND = "organiser"


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    """What a link shows: these dates, in this order."""

    performances: tuple[str, ...]
    made: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """A date in figures: places sold, and what they brought in cents, refunds left out."""

    performance: str
    sold: int
    revenue: int


class Organisers:
    """The links of organisers. `random(n)` gives bytes that nobody can guess."""

    def __init__(self, records: Records, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self.records, self.clock = records, clock
        self.leaves = Leaves(KIND, Leave, records, clock, random)

    def allow(self, performances: Sequence[str]) -> str:
        """Let somebody see these dates; the word of their link, which is seen only now."""
        return self.leaves.give(Leave(performances=tuple(performances), made=self.clock()))

    def forbid(self, token: str) -> None:
        """Take a link back. Twice is once."""
        self.leaves.take_back(token)

    def look(self, token: str) -> list[Figures]:
        """The dates of a link in figures; refuses `link_unknown` alike what never was and what was taken back."""
        return figures(self.records, self.leaves.read(token).performances)


def figures(records: Records, performances: Sequence[str]) -> list[Figures]:
    """What of each date is sold, over all orders."""
    sold, revenue = dict.fromkeys(performances, 0), dict.fromkeys(performances, 0)
    for order in Orders(records).find(Wanted()).orders:
        for ticket in order.good:
            if ticket.performance in sold:
                sold[ticket.performance] += 1
                prices = order.shown.get(ticket.performance, Shown()).prices
                revenue[ticket.performance] += prices.get(ticket.tariff, 0)
    return [Figures(one, sold[one], revenue[one]) for one in performances]
