"""Statements from the books: per house and period, closed once and the same for ever.

A newcomer's trap: an entry may be booked long after what it tells of, as when a provider was silent for days. A statement that was given
is not changed for it: the entry stands in the next one, as something earlier. So nothing is left out and nothing stands twice, whatever
periods are asked for and in whichever order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from etalage.model.entry import Account, Entry, Posting, What
from etalage.model.errors import Refused
from etalage.model.statement import Closed, Period, Row, Statement
from etalage.ports.records import ABSENT, Records
from etalage.sales import ledger

KIND = "statement"
SLACK = timedelta(minutes=15)
"""What is being written just now, by a process whose clock may differ, is left for the next statement."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Closed).decode


class Statements:
    """Those of all houses, over one reading of the books. `owner`: of an account by its name, the house or cluster whose it is."""

    def __init__(self, records: Records, owner: Callable[[str], str], now: datetime) -> None:
        self.records, self.owner, self.now = records, owner, now
        self.entries = sorted(ledger.entries(records), key=lambda one: (one.at, one.id))
        self._closed: dict[str, list[Closed]] = {}
        for known in sorted((_decode(record.value) for record in records.walk(KIND)), key=lambda one: one.number):
            self._closed.setdefault(known.house, []).append(known)

    def draw(self, house: str, period: Period, zone: str) -> Statement:
        """A house's statement: as it was given, or else as it would be now. Refuses `statement_changed` when the books under it were."""
        known = next((one for one in self._closed.get(house, ()) if one.period == period.name), None)
        rows = list(self._rows(known or self._next(house, period, zone), period, zone))
        if known and (known.count, known.cents) != (len(rows), sum(row.cents for row in rows)):
            say = "the books under this statement are not what they were when it was given; were they restored from a copy?"
            raise Refused("statement_changed", say, where=f"{house} {period.name}")
        own = frozenset(row.account for row in rows if self.owner(row.account) == house)
        paid = house_paid(self.entries, house, period)
        return Statement(house=house, period=period, rows=rows, final=known is not None, own=own, paid=paid)

    def close(self, house: str, period: Period, zone: str) -> Statement:
        """Give a house its statement; once given it stays so. Of a period that is not over it is only a preview."""
        drawn, wanted = self.draw(house, period, zone), self._next(house, period, zone)
        if drawn.final or self.now - SLACK < wanted.end:
            return drawn
        made = replace(wanted, count=len(drawn.rows), cents=drawn.cents)
        self.records.put(KIND, made.id, _encode(made), expect=ABSENT, expires=self.now + ledger.KEPT)
        self._closed.setdefault(house, []).append(made)
        return self.draw(house, period, zone)

    def pay(self, house: str, period: Period, zone: str) -> Statement:
        """Note that what a statement says is owed was paid by bank. Twice is once. Refuses `statement_open` what was not given yet."""
        drawn = self.draw(house, period, zone)
        if not drawn.final:
            say = "this statement was not given yet, so nothing of it can be paid"
            raise Refused("statement_open", say, where=f"{house} {period.name}")
        for account, cents in drawn.owed.items():
            if cents and account not in drawn.paid:
                lines = (Posting(Account.HOUSE, cents, house), Posting(Account.BANK, -cents, account))
                entry = Entry(order=_name(house, period), name=account, what=What.SETTLED, at=self.now, lines=lines)
                self.records.transact([ledger.put(entry, self.now)])
                self.entries.append(entry)
        return self.draw(house, period, zone)

    def _next(self, house: str, period: Period, zone: str) -> Closed:
        _, end = period.bounds(zone)
        number = 1 + max((one.number for one in self._closed.get(house, ())), default=0)
        return Closed(house=house, number=number, period=period.name, end=end, cut=self.now - SLACK)

    def _rows(self, wanted: Closed, period: Period, zone: str) -> Iterator[Row]:
        """What is in a statement: known when it was made, and in none before it."""
        before = [one for one in self._closed.get(wanted.house, ()) if one.number < wanted.number]
        start, _ = period.bounds(zone)
        for entry in self.entries:
            if entry.what is What.SETTLED or not _is_in(entry, wanted) or any(_is_in(entry, one) for one in before):
                continue
            account, day = _account(entry.lines), entry.at.astimezone(ZoneInfo(zone)).date()
            for line in self._lines(wanted.house, account, entry.lines):
                yield Row(
                    id=entry.id, day=day, order=entry.order, what=entry.what, account=account, cents=-line.cents, vat=line.vat,
                    earlier=entry.at < start,
                )  # fmt: skip

    def _lines(self, house: str, account: str, lines: Sequence[Posting]) -> list[Posting]:
        """What an entry means for a house: its share, and on its own account the fees as well."""
        mine = self.owner(account) == house
        return [
            line
            for line in lines
            if (line.account, line.name) == (Account.HOUSE, house) or (mine and line.account is Account.FEES)
        ]


def _is_in(entry: Entry, statement: Closed) -> bool:
    return entry.at < statement.end and (entry.booked or entry.at) <= statement.cut


def _account(lines: Iterable[Posting]) -> str:
    """Whose money it was: the provider's account in an entry, else of which provider somebody gave it back elsewhere."""
    named = {line.account: line.name for line in lines}
    return named.get(Account.PROVIDER, named.get(Account.ELSEWHERE, ""))


def house_paid(entries: Iterable[Entry], house: str, period: Period) -> frozenset[str]:
    """The accounts from which a house's statement was paid."""
    return frozenset(one.name for one in entries if one.what is What.SETTLED and one.order == _name(house, period))


def _name(house: str, period: Period) -> str:
    """A statement in the books."""
    return f"statement/{house}/{period.name}"
