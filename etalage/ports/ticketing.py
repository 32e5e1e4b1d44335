"""Where a house sells its places: its own ticketing system, or ours."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from etalage.model.sale import Availability, Buyer, Hold, Line, Order, Paid, Seat, Tariff


class Cap(StrEnum):
    """What a house's system can do. The shop asks, and never guesses."""

    AVAILABILITY = "availability"
    SEATS = "seats"
    SELL = "sell"
    """Hold, confirm, look up and release. Without it the buyer is sent to the house's own page."""
    EXTEND = "extend"
    """A hold may be given more time and stays the same hold."""
    CANCEL_LINE = "cancel_line"
    CUSTOM_PRICE = "custom_price"
    """A line may carry a price of its own."""
    MOVE = "move"
    """Places that are sold may be exchanged for others, of another date too."""
    OWN_BOOKS = "own_books"
    """Its books are not in our records: what it does not know was never sold, also after ours were restored."""


class Ticketing(Protocol):
    """One house's places.

    `reference` is ours, unique for ever, and the same on every retry. What can go wrong, on every verb: Refused says no and
    asking again changes nothing; Unavailable `house_busy` is sure that nothing happened (`detail["wait"]`: seconds);
    Unavailable `outcome_unknown` is not: ask `lookup` before anything else. `detail["why"]` is
    "unreadable" when there was an answer in a form that we do not know. Refused `token_wrong` and `token_powerless` say that it does
    not let us in, and nothing about places. What a system lacks is Refused `not_sold_here`.

    Laws (tests/laws/ticketing.py; an adapter is held to those that its `caps` claim):

    1. `hold` takes all of its lines or none; then Refused `sold_out` names the lines (`detail["lines"]`) and nothing is held.
    2. The same reference with the same lines is the same hold, also after a confirm; with other lines Refused
       `reference_used`. `confirm`, `cancel` and `release` done twice are done once.
    3. A hold lowers `availability`. Once `expires` has passed it no longer does, `lookup` says so, and `confirm` is Refused
       `hold_gone` unless the same places are still to be had: then they are sold after all.
    4. `confirm` gives an order with one ticket per line, or raises; whatever was raised, `lookup` is the truth.
    5. Money that is booked without places is the state `paid_not_issued`, never an exception alone: the caller refunds that
       share, then calls `record_refund` and `cancel`.
    6. An adapter computes no money from what is shown: `hold.amount` is what the house will book. A price that is not the
       house's is Refused `price_changed`, unless the system has CUSTOM_PRICE.
    7. Unavailable `house_busy` only when the call provably had no effect; all doubt is `outcome_unknown`.
    8. Two who want the last place never both get it: between threads, between processes, with any mixture of retries.
    9. A seat is in one living hold or order at the most; a seat that is not of this performance is Refused `seat_unknown`.
    10. `cancel` gives the places back and says so in `lookup`; with CANCEL_LINE also single lines, and the rest stands.
    11. What is not on sale is Refused: `sale_closed` (not yet, no more, called off), `tariff_unknown`, `too_many` for an order.
    12. `move`, where there is MOVE: all lines come where they should be, or none, then Refused as by `hold` and nothing is changed. New
        places are had before the old ones are free. The moved lines get new codes, and no code that the caller names stays good. What
        was booked stays. To where they are already is done already.
    """

    house: str
    caps: frozenset[Cap]

    def tariffs(self, performance: str) -> Sequence[Tariff]:
        """What one can choose at a performance now; nothing when it is not on sale."""
        ...

    def availability(self, performances: Sequence[str]) -> Mapping[str, Availability]:
        """What is left now; what is not known is missing or says `unknown`."""
        ...

    def seatmap(self, performance: str) -> Sequence[Seat]:
        """The numbered places and whether they can be had; nothing where one sits freely."""
        ...

    def hold(self, reference: str, lines: Sequence[Line], ttl: timedelta) -> Hold:
        """Take places out of sale for a while."""
        ...

    def extend(self, hold: Hold, ttl: timedelta) -> Hold:
        """Keep a living hold for so long from now; Refused `hold_gone` when it is over."""
        ...

    def release(self, hold: Hold) -> None:
        """Give the places back; one that is gone already is released."""
        ...

    def confirm(self, hold: Hold, buyer: Buyer, paid: Paid) -> Order:
        """Sell what is held."""
        ...

    def lookup(self, reference: str) -> Order:
        """What became of a reference; `absent` when there is nothing."""
        ...

    def cancel(self, reference: str, lines: Sequence[str] = ()) -> Order:
        """Take back a sale, or these lines of it (their keys)."""
        ...

    def move(self, reference: str, lines: Sequence[Line], worn: Collection[str]) -> Order:
        """Exchange places of a sale. `lines`: all of it as it should be, with the keys and tariffs it has; `worn`: codes that were given out
        for the lines that move. Refused `order_unknown`, `line_unknown` for other keys or tariffs, `move_elsewhere` where it cannot go.
        """
        ...

    def record_refund(self, reference: str, refund: Paid) -> Order:
        """Let the house book that money went back; the same refund twice is booked once."""
        ...
