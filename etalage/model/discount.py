"""A reduction for who has a pass: what the pass may have at a performance, and that it was used.

The number of a pass stands in a `Claim` and in nothing else: it tells that somebody is poor, also by its last two digits. Nothing here
shows it, and what is written down of it is sealed.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from etalage.model.money import Money
from etalage.model.words import Words


class EntitlementKind(StrEnum):
    """What sort of reduction it is. Only SOCIAL tells something of who has it."""

    SOCIAL = "social"
    COUPON = "coupon"
    CARD = "card"


class Entitlement(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """What a pass may have now: `id` is the system's own, `price` of one place, `remaining` for how many places."""

    id: str
    name: str
    price: Money
    kind: EntitlementKind = EntitlementKind.CARD
    remaining: int = 1


class Told(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a pass may have, the best first, and the system's own words to its holder; these may come beside entitlements."""

    entitlements: tuple[Entitlement, ...] = ()
    message: Words = {}


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One place at a reduced price. `event`: what the system calls the performance; `regular`: the price without reduction, `label` its name."""

    event: str
    entitlement: str
    regular: Money
    label: str
    number: str

    def __repr__(self) -> str:
        """Without the number, and without what it may have."""
        return f"Claim(event={self.event!r}, regular={self.regular.cents})"


class Registered(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """A reduction that the system has booked; `id` is the only handle to cancel it."""

    id: str
    event: str
    entitlement: str
    price: Money
    regular: Money = Money(0)
    at: datetime | None = None


class Piece(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a sale in a batch: `line` is its key, `quote` where its price was asked, `price` what was told.

    `sealed` is the number, which only we can read, and "" when nobody needs it any more; so are `entitlement` and `quote` then.
    `sale`: what the system calls it; `gone`: it was cancelled there.
    """

    line: str
    event: str
    price: Money
    regular: Money
    label: str = ""
    entitlement: str = ""
    quote: str = ""
    sealed: str = ""
    sale: str = ""
    gone: bool = False


class Step(StrEnum):
    """Where a batch stands."""

    WANTED = "wanted"
    ASKED = "asked"
    """It was sent, or is about to be: only the system knows what became of it."""
    REGISTERED = "registered"
    ABSENT = "absent"
    """The system has nothing of it."""


class Batch(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """The reductions of a sale that one house's system books together, all or none. `asked`: since when it may have them.

    `due`: when to look after it, for who has to; `tries`: how often in vain.
    """

    house: str
    system: str
    pieces: tuple[Piece, ...]
    step: Step = Step.WANTED
    asked: datetime | None = None
    due: datetime | None = None
    tries: int = 0
    noted: bool = False
    """It is written down whose its sales are."""

    @property
    def standing(self) -> tuple[Piece, ...]:
        """What the system has of it now."""
        return tuple(piece for piece in self.pieces if piece.sale and not piece.gone)


def assign(pieces: Sequence[Piece], found: Sequence[Sequence[Registered]]) -> tuple[Piece, ...] | None:
    """Pieces with the sales that were found for each, none given twice; None when one of them has none.

    Equal claims are equal sales: which of them is whose makes no difference.
    """
    used: set[str] = set()
    given = []
    for piece, sales in zip(pieces, found, strict=True):
        one = next((sale for sale in sales if sale.id not in used), None)
        if one is None:
            return None
        used.add(one.id)
        given.append(msgspec.structs.replace(piece, sale=one.id))
    return tuple(given)
