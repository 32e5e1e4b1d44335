"""`build.py passes`: whether reductions can be had, what was booked of them, and whether the systems of the passes have the same."""

import re
from collections.abc import Iterator
from pathlib import Path

from commands.office import Desk
from commands.orders import SANDBOX, write_file
from etalage import wiring
from etalage.model import spreadsheet
from etalage.model.basket import house_of
from etalage.model.checkout import Checkout
from etalage.model.errors import EtalageError, Refused
from etalage.ports.discounts import Discounts
from etalage.ports.records import Records
from etalage.ports.ticketing import Ticketing
from etalage.sales import pass_books
from etalage.sales.orders import Orders, Wanted
from etalage.sales.passes import event_of
from functions.shelves import Shelves
from functions.sums import plain

COLUMNS = ("day", "sale", "system", "event", "performance", "date", "title", "tariff", "regular", "paid", "order")


def check(desk: Desk) -> None:
    """Say of each date to come that is sold here whether its passes count, and why not."""
    till = wiring.till(desk.settings, SANDBOX)
    passes = till.saga.passes
    shelves, today = Shelves(desk.settings.workspace.output), desk.season.now.date().isoformat()
    told: dict[tuple[str, str, str], str] = {}
    rows = []
    for house in (name for name in desk.sites if name in desk.settings.houses):
        given = desk.settings.houses[house]
        for one in given.discounts:
            if one.system not in passes.systems.get(house, {}) and not wiring.is_stand_in_away(one):
                desk.trouble.append(
                    f"{house}: {one.system} is not taken: its settings or its secrets are wrong; see doctor"
                )
        for item in shelves.shelf(house).items.values():
            if not item.sold or item.off or item.start < today or house_of(item.id) != house:
                continue
            for name, system in passes.systems.get(house, {}).items():
                event = event_of(system, item.id, item.keys)
                if not event:
                    why = "no id of UiTdatabank (key cdbid)"
                elif _is_free(till.houses(house), item.id):
                    why = "it costs nothing"
                elif (house, name, event) in told:
                    why = told[house, name, event]
                else:
                    why = told[house, name, event] = _why_not(desk, system, event)
                rows.append({"performance": item.id, "title": item.title, "system": name, "on": not why, "why": why})
    desk.report["passes"] = rows
    for row in rows:
        desk.voice.line(
            f"{'on' if row['on'] else 'off':>4}  {row['system']}  {row['performance']}  {row['why']}".rstrip()
        )


def _is_free(house: Ticketing, performance: str) -> bool:
    """Whether nothing of it has a price; of a house that is silent nobody says so."""
    try:
        tariffs = house.tariffs(performance)
    except EtalageError:
        return False
    return bool(tariffs) and not any(one.price.cents for one in tariffs)


def _why_not(desk: Desk, system: Discounts, event: str) -> str:
    """Why a system reduces nothing of an event; "" when it does."""
    try:
        system.examine(event)
    except EtalageError as error:
        if not isinstance(error, Refused) or error.code == "discount_locked":
            desk.trouble.append(str(error))
        return error.say
    return ""


def compare(desk: Desk) -> None:
    """Hold our registered sales beside what the systems of the passes have."""
    till = wiring.till(desk.settings, SANDBOX)
    found = pass_books.compare(till.saga.passes, lambda: _orders(till.records))
    desk.report |= {
        "ours": found.ours, "others": found.others, "silent": list(found.silent), "differences": [one._asdict() for one in found.differences],
    }  # fmt: skip
    desk.voice.line(f"{found.ours} of ours, {found.others} of others, {len(found.differences)} differences")
    words = {"missing": "is in our books and not there", "left": "stands there, and nobody has its ticket"}
    desk.trouble += [
        f"{one.house}: {one.system}: sale {one.sale} of order {one.order} {words[one.code]}"
        for one in found.differences
    ]
    desk.trouble += list(found.silent)


def export(desk: Desk, house: str, month: str, to: Path) -> None:
    """Write what was registered for a house, a row for each ticket."""
    if house not in desk.settings.houses:
        raise Refused("site_unknown", f"there is no house {house!r} in content/")
    if month and not re.fullmatch(r"\d{4}-\d{2}", month):
        raise Refused("period_wrong", f"--month {month!r}: write it as 2026-11")
    rows = []
    for one in pass_books.booked(_orders(wiring.records(desk.settings.workspace))):
        day = one.order.paid_at
        if one.batch.house != house or day is None or not pass_books.is_of(day, month):
            continue
        shown = one.order.shown.get(one.performance)
        rows.append([
            day.date().isoformat(), one.piece.sale, one.batch.system, one.piece.event, one.performance, shown.start[:10] if shown else "",
            shown.title if shown else "", one.piece.label, plain(one.piece.regular.cents), plain(one.piece.price.cents), one.order.key,
        ])  # fmt: skip
    write_file(to, spreadsheet.write(COLUMNS, sorted(rows)))
    desk.report["export"] = {"file": str(to), "rows": len(rows)}
    desk.voice.line(f"{len(rows)} rows are in {to}")


def _orders(records: Records) -> Iterator[Checkout]:
    return iter(Orders(records).find(Wanted()).orders)
