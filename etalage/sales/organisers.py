"""What a receptive organiser may see: how many of their dates are sold, free, and for how much. Nobody's name.

Who has the link may look, until the house takes it back; we keep only a digest of its word.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from etalage.model.checkout import Part, Shown
from etalage.model.errors import Refused
from etalage.ports.records import ABSENT, ANY, Drop, Records
from etalage.sales.orders import Orders, Wanted

KIND = "organiser"
KEPT = timedelta(days=400)


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


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Leave).decode


class Organisers:
    """The links of organisers. `random(n)` gives bytes that nobody can guess."""

    def __init__(self, records: Records, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self.records, self.clock, self.random = records, clock, random

    def allow(self, performances: Sequence[str]) -> str:
        """Let somebody see these dates; the word of their link, which is seen only now."""
        token, now = self.random(16).hex(), self.clock()
        value = _encode(Leave(performances=tuple(performances), made=now))
        self.records.put(KIND, _digest(token), value, expect=ABSENT, expires=now + KEPT)
        return token

    def forbid(self, token: str) -> None:
        """Take a link back. Twice is once."""
        self.records.transact([Drop(kind=KIND, id=_digest(token), expect=ANY)])

    def look(self, token: str) -> list[Figures]:
        """The dates of a link in figures; refuses `link_unknown` alike what never was and what was taken back."""
        found = self.records.get(KIND, _digest(token))
        if found is None:
            raise Refused("link_unknown", "There is nothing under this link.")
        return figures(self.records, _decode(found.value).performances)


def figures(records: Records, performances: Sequence[str]) -> list[Figures]:
    """What of each date is sold, over all orders."""
    sold, revenue = dict.fromkeys(performances, 0), dict.fromkeys(performances, 0)
    for order in Orders(records).find(Wanted()).orders:
        for share in order.shares:
            for ticket in share.tickets if share.state is Part.CONFIRMED else ():
                if ticket.performance in sold and not ticket.cancelled:
                    sold[ticket.performance] += 1
                    prices = order.shown.get(ticket.performance, Shown()).prices
                    revenue[ticket.performance] += prices.get(ticket.tariff, 0)
    return [Figures(one, sold[one], revenue[one]) for one in performances]


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
