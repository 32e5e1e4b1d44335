"""A statement: what the sales of a period brought a house, who has that money, and what is still to be paid to it."""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from etalage.model.entry import What
from etalage.model.errors import Refused

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the last one too; `name`: as it was asked for, "2026-10" for a month."""

    name: str
    first: date
    last: date

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """From when until before when, where the clocks are so."""
        there = ZoneInfo(zone)
        end = self.last + timedelta(days=1)
        return datetime(*self.first.timetuple()[:3], tzinfo=there), datetime(*end.timetuple()[:3], tzinfo=there)


def read_period(text: str) -> Period:
    """Read "2026-10", or "2026-10-01..2026-10-15" with both days in it; refuses `period_wrong`."""
    month = _MONTH.fullmatch(text)
    try:
        if month:
            year, number = int(month[1]), int(month[2])
            return Period(text, date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]))
        first, dots, last = text.partition("..")
        found = Period(text, date.fromisoformat(first), date.fromisoformat(last))
    except ValueError as error:
        raise _wrong(text) from error
    if not dots or found.last < found.first:
        raise _wrong(text)
    return found


def month_before(day: date) -> Period:
    """The last month that was over on a day."""
    return read_period(f"{day.replace(day=1) - timedelta(days=1):%Y-%m}")


def _wrong(text: str) -> Refused:
    return Refused(
        "period_wrong", f"{text!r} is no period; write a month as 2026-10, or days as 2026-10-01..2026-10-15"
    )


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that was given to a house, as it is remembered. What is booked until `cut` of what happened before `end` is in it.

    `number`: a house's first is 1. `count` and `cents`: how many lines it has, and what they come to; so it is known when the books
    under it were changed.
    """

    house: str
    number: int
    period: str
    end: datetime
    cut: datetime
    count: int = 0
    cents: int = 0

    @property
    def id(self) -> str:
        """As it stands in Records: two at once cannot both be the next."""
        return f"{self.house}/{self.number:05}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a statement: `cents` are what it does to what the house is owed. `account`: whose, by its name in the books.

    `earlier`: it happened before the period, and became known too late for the statement of then.
    """

    id: str
    day: date
    order: str
    what: What
    account: str
    cents: int
    vat: int | None
    earlier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A house's statement. `final`: it was given; else it is a preview, and may still change.

    `own`: the accounts that are the house's; `paid`: those from which it was paid by bank.
    """

    house: str
    period: Period
    rows: Sequence[Row]
    final: bool
    own: frozenset[str]
    paid: frozenset[str]

    @property
    def owed(self) -> Mapping[str, int]:
        """Account of somebody else → what is to be paid from there to the house; below zero: by the house."""
        sums: dict[str, int] = {}
        for row in self.rows:
            if row.account not in self.own:
                sums[row.account] = sums.get(row.account, 0) + row.cents
        return sums

    @property
    def cents(self) -> int:
        """What all its lines come to."""
        return sum(row.cents for row in self.rows)
