"""A journal for who keeps the accounts: what was sold and given back per day and VAT rate, and the money that was only moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from etalage.model.entry import What
from etalage.model.statement import Row

SOLD = frozenset({What.PAID, What.BACK, What.FAILED})
"""What changes a house's turnover. All else only moves money."""


@dataclass(frozen=True, slots=True, order=True)
class Sum:
    """What a day came to, of one kind of thing through one account at one VAT rate; cents, tax included.

    `vat`: the rate in hundredths of a percent, -1 where it is not known or there is none in it.
    """

    day: date
    account: str
    what: What
    vat: int
    cents: int

    @property
    def tax(self) -> int:
        """The VAT in it, rounded once for the day: to the nearest cent, halves away from nothing."""
        if self.vat < 0:
            return 0
        part = (2 * abs(self.cents) * self.vat + 10_000 + self.vat) // (2 * (10_000 + self.vat))
        return part if self.cents >= 0 else -part


def journal(rows: Iterable[Row]) -> Sequence[Sum]:
    """The sums of a statement's lines, day by day; together they are the lines."""
    found: dict[tuple[date, str, What, int], int] = {}
    for row in rows:
        key = (row.day, row.account, row.what, -1 if row.vat is None else row.vat)
        found[key] = found.get(key, 0) + row.cents
    return sorted(Sum(*key, cents) for key, cents in found.items())
