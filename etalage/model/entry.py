"""An entry of the books: what happened to the money of an order, as lines that add up to nothing. Nobody's name is in it."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Account(StrEnum):
    """Where money is, or who it is owed to."""

    PROVIDER = "provider"
    """What the account at a payment provider received for us, less what went back from there."""
    HOUSE = "house"
    """What a house is owed: below zero as long as it is."""
    FEES = "fees"
    """What a provider kept for its work. Who collects bears it."""
    BANK = "bank"
    """What who collects paid to houses from its own bank account: below zero."""
    ELSEWHERE = "elsewhere"
    """What went back without us. Above zero, it is not known yet of which house; below, a house's till or its bank paid it."""


class What(StrEnum):
    """What an entry tells."""

    PAID = "paid"
    BACK = "back"
    FAILED = "failed"
    """Money that was to go back came home."""
    BY_HAND = "by_hand"
    """Somebody gave money back at the provider, without us."""
    FEE = "fee"
    PASSED_ON = "passed_on"
    """To the house's own account at the provider."""
    TAKEN_BACK = "taken_back"
    """From the house's own account, for it goes back to the buyer."""
    CHARGED_BACK = "charged_back"
    """The buyer's bank took it."""
    GIVEN_AGAIN = "given_again"
    """And it was decided for us."""
    SETTLED = "settled"
    """Who collected paid a house what was its own, by bank."""


class Posting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line: `cents` came to an account (or left it, below zero). `name`: which provider or house; for `elsewhere`, of which provider.

    `vat`: the rate that is in it, in hundredths of a percent, on what a house sold; None where it is not known, or nothing was sold.
    """

    account: Account
    cents: int
    name: str = ""
    vat: int | None = None


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What happened once to the money of an order. `name` says what, and is unique in its order for ever.

    `at`: when it happened; `booked`: when it was written down here, which may be days later.
    """

    order: str
    name: str
    what: What
    at: datetime
    lines: tuple[Posting, ...]
    booked: datetime | None = None

    @property
    def id(self) -> str:
        """As it stands in Records."""
        return f"{self.order}/{self.name}"
