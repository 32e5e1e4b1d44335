"""Whether a ticket is good, for who stands at a house's door: asked by its code, answered without a name, and nothing is changed.

Who has the link may ask, until the house takes it back.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from etalage.model.checkout import Checkout, Share, Shown
from etalage.model.errors import Unavailable
from etalage.model.sale import Order, OrderState
from etalage.ports.records import Records
from etalage.sales.codes import notes, orders_of
from etalage.sales.leaves import Leaves
from etalage.sales.saga import read
from etalage.sales.terms import CHECKOUT

KIND = "door"
LONGEST = 200
"""Signs of a code."""


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    """A link asks for this house."""

    house: str
    made: datetime


class Verdict(StrEnum):
    """What the door hears."""

    GOOD = "good"
    OTHER = "other"
    """Good, for another performance."""
    VOID = "void"
    """Paid back, cancelled, or exchanged."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """`performance`: what the ticket is, or was, for; `shown`: as it was sold, where that is known. `seat` and `tariff`: as they are printed."""

    verdict: Verdict
    performance: str = ""
    shown: Shown | None = None
    seat: str = ""
    tariff: str = ""


Asking = Callable[[str, str], Order | None]
"""What a house has of a sale now, by house and reference; None when it is silent."""


class Doorkeepers:
    """The links of who stands at a door. `random(n)` gives bytes that nobody can guess.

    `asking`: a house may have taken a ticket back in its own system, of which we are not told. When it is silent, what we sold is
    good: nobody stands outside because a system is down.
    """

    def __init__(
        self, records: Records, clock: Callable[[], datetime], random: Callable[[int], bytes], asking: Asking = lambda *_: None
    ) -> None:  # fmt: skip
        self.records, self.clock, self.asking = records, clock, asking
        self.leaves = Leaves(KIND, Leave, records, clock, random)

    def allow(self, house: str) -> str:
        """Let somebody ask for a house; the word of their link, which is seen only now."""
        self._catch_up()
        return self.leaves.give(Leave(house=house, made=self.clock()))

    def forbid(self, token: str) -> None:
        """Take a link back. Twice is once."""
        self.leaves.take_back(token)

    def house(self, token: str) -> str:
        """The house of a link; refuses `link_unknown` alike what never was and what was taken back."""
        return self.leaves.read(token).house

    def ask(self, house: str, typed: str, performance: str) -> Answer:
        """What to say of a code, as it was typed or read, at the door of a performance."""
        for code, order in orders_of(self.records, house, _readings(typed)):
            found = self.records.get(CHECKOUT, order)
            if found is not None:
                return self._judge(read(found), house, code, performance)
        return Answer(Verdict.UNKNOWN)

    def _judge(self, order: Checkout, house: str, code: str, performance: str) -> Answer:
        """What to say of a code of this order."""
        share = order.share(house)
        ticket = next((one for one in share.tickets if one.code == code), None)
        if ticket is None:  # it was exchanged for another
            return Answer(Verdict.VOID)
        shown = order.shown.get(ticket.performance, Shown())
        is_good = ticket in share.good and not self._is_taken_back(share, code)
        is_here = ticket.performance == performance
        return Answer(
            (Verdict.GOOD if is_here else Verdict.OTHER) if is_good else Verdict.VOID,
            ticket.performance, shown, shown.seats.get(ticket.seat, ticket.seat), shown.tariffs.get(ticket.tariff, ""),
        )  # fmt: skip

    def _is_taken_back(self, share: Share, code: str) -> bool:
        """Whether the house's own system says that this ticket is good no more. Of a sale that it does not know it says nothing."""
        known = self.asking(share.house, share.reference)
        if known is None or known.state not in (OrderState.CONFIRMED, OrderState.CANCELLED):
            return False
        return code not in {one.code for one in known.tickets if not one.cancelled}

    def _catch_up(self) -> None:
        """Note the codes of what was sold before codes were noted; this is the only time that all orders are walked through."""
        for record in self.records.walk(CHECKOUT):
            with suppress(Unavailable):  # another version of us wrote it
                if known := notes(read(record), record.expires):
                    self.records.transact(known)


def _readings(typed: str) -> list[str]:
    """What may be meant: as it was read, and as somebody types who leaves out capitals or puts in spaces."""
    bare = "".join(typed.split())
    plain = bare.replace("-", "")
    return list(dict.fromkeys((bare, bare.upper(), bare.lower(), plain.upper()))) if 0 < len(bare) <= LONGEST else []
