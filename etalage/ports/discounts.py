"""Who knows what a pass may have: UiTPAS, or a house's own card."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from etalage.model.discount import Claim, Registered, Told
from etalage.model.money import Money


class Discounts(Protocol):
    """One system of one house, with that house's own account there.

    What can go wrong, on every verb: Refused says no and asking again changes nothing; its `code` is `discount_refused`, with the
    system's own words in `detail` by language ("nl", "fr" …; "" when it has none), or `discount_locked` when we may not ask at all.
    Unavailable `discount_busy` is sure that nothing happened (`detail["wait"]`: seconds, when told); `discount_unknown` is not: look up.

    Laws (tests/laws/discounts.py):

    1. `entitlements` only looks: however often it is asked, nothing is used up. What cannot be had is not among them.
    2. A price is the system's, never ours: it lies between nothing and the regular one.
    3. `register` books all claims or none, and gives a sale for each claim, in their order, each with an id of its own.
    4. What is booked counts: afterwards there is so much less to be had, and no more than that can be booked, whoever asks at once.
    5. `cancel` gives it back. Done twice it is done once; what never was is cancelled already.
    6. After any doubt `lookup` tells for each claim what was booked for it since a moment, and nothing that was cancelled.
    7. `sold` gives all that stands for an event, whoever booked it.
    8. A number that is none, is not known, or may have nothing is told in the system's words, or has no entitlements; it is never an error of ours.
    9. No number stands in anything that is given, raised or logged, nor its last digits.
    """

    name: str
    """As it stands in records and settings: "uitpas", "card"."""
    key: str
    """The name of the key under which it knows performances (`Performance.keys`); "" is our own id of them."""

    def reads(self, given: str) -> str:
        """A number as this system writes it; "" when it is none of its own. Asks nobody."""
        ...

    def entitlements(self, event: str, regular: Money, number: str) -> Told:
        """What a pass may have of one place at an event now."""
        ...

    def register(self, claims: Sequence[Claim]) -> Sequence[Registered]:
        """Book them. Not to be repeated in doubt: there is no key that makes it once."""
        ...

    def lookup(self, claims: Sequence[Claim], since: datetime) -> Sequence[Sequence[Registered]]:
        """For each claim the sales of its number, event, entitlement and regular price since then, the oldest first."""
        ...

    def cancel(self, sale: str) -> None:
        """Take a sale back."""
        ...

    def sold(self, event: str) -> Iterator[Registered]:
        """All sales of an event that stand, for staff."""
        ...

    def examine(self, event: str = "") -> tuple[str, ...]:
        """What is well, in words for staff; raises what is wrong: with our account, or with an event."""
        ...
