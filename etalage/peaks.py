"""The `[[peaks]]` tables of a house.toml or cluster.toml: at which moments a sale admits only so many, and others wait."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from etalage.model import moments
from etalage.model.basket import house_of
from etalage.model.errors import Refused
from etalage.model.peak import Peak

MOST = 1000
"""Visitors per second or minute; a house that takes more needs no queue."""
DOORS = 30
"""Minutes before the opening from which one may wait; at most a whole day."""
PER = {"second": 1, "minute": 60}


class PeakTable(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, rename={"opens": "from"}):
    """One table as staff write it; a moment without an offset is by the clock of the site."""

    opens: datetime
    until: datetime
    admit: int
    per: Literal["second", "minute"] = "second"
    productions: tuple[str, ...] = ()
    doors: int = DOORS


def read_peaks(
    tables: Sequence[PeakTable], name: str, houses: Collection[str], zone: str, path: Path
) -> tuple[Peak, ...]:
    """The peaks of house or cluster `name`, whose offer is that of `houses`; refuses `settings_wrong`."""
    peaks: list[Peak] = []
    for number, table in enumerate(tables, 1):
        wrong = _wrong(table, houses)
        opens, until = _moment(table.opens, zone), _moment(table.until, zone)
        id = f"{name}/{opens.isoformat(timespec='minutes')}"
        if not wrong and until <= opens:
            wrong = f"until = {table.until}: write a moment after from"
        if not wrong and id in {peak.id for peak in peaks}:
            wrong = f"from = {table.opens}: another peak opens then; make one of the two"
        if wrong:
            raise Refused("settings_wrong", f"peaks[{number}].{wrong}", where=str(path))
        peaks.append(
            Peak(
                id=id, houses=tuple(houses), opens=opens, until=until, doors=opens - timedelta(minutes=table.doors), admit=table.admit,
                per=PER[table.per], productions=table.productions,
            )
        )  # fmt: skip
    return tuple(peaks)


def _wrong(table: PeakTable, houses: Collection[str]) -> str:
    if not 1 <= table.admit <= MOST:
        return f"admit = {table.admit}: write how many visitors, 1 to {MOST}"
    if not 0 <= table.doors <= 24 * 60:
        return f"doors = {table.doors}: write how many minutes before from one may wait, 0 to {24 * 60}"
    for production in table.productions:
        try:
            known = house_of(production) in houses
        except Refused:
            known = False
        if not known:
            return f"productions: {production!r} is no id of a production of {', '.join(houses)}"
    return ""


def _moment(given: datetime, zone: str) -> datetime:
    return given if given.tzinfo else moments.at(given.date(), given.time(), zone)
