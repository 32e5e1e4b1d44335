"""`build.py settle`: a statement per house and period, as a page, a table and a journal; what is owed, and that it was paid."""

from pathlib import Path

from commands.office import Desk
from commands.orders import write_file
from commands.statement_page import Page, shelf_of
from etalage import wiring
from etalage.model import spreadsheet
from etalage.model.errors import Refused
from etalage.model.journal import journal
from etalage.model.statement import Statement, month_before, read_period
from etalage.sales.statements import Statements
from functions.shelves import Shelves
from functions.sums import plain

LINES = ("day", "order", "what", "account", "vat", "amount", "earlier")
JOURNAL = ("day", "what", "account", "vat", "including_vat", "excluding_vat", "vat_amount")


def settle(desk: Desk, period: str, houses: tuple[str, ...], folder: Path | None, *, paid: bool) -> None:
    """Write the statements of a period, of these houses or of all with something in it; `paid`: note that what they say was paid."""
    wanted = read_period(period) if period else month_before(desk.season.now.date())
    unknown = set(houses) - set(desk.settings.houses)
    if unknown:
        raise Refused("site_unknown", f"there is no house {min(unknown)!r} in content/")
    if paid and not houses:
        raise Refused("option_wrong", "say with --house whose statement was paid")
    owners = {one.name: one.settings.collector or one.owner for one in desk.settings.accounts.values() if one}
    books = Statements(wiring.records(desk.settings.workspace), lambda name: owner_of(name, owners), wiring.clock())
    to = folder or desk.settings.workspace.var / "statements" / wanted.name
    to.mkdir(parents=True, exist_ok=True)
    desk.report |= {"period": wanted.name, "folder": str(to), "statements": {}}
    for house in houses or desk.settings.houses:
        zone = desk.settings.houses[house].house.timezone
        drawn = books.pay(house, wanted, zone) if paid else books.close(house, wanted, zone)
        if drawn.rows or houses:
            _write(desk, drawn, to, owners)
    if not desk.report["statements"]:
        desk.voice.line(f"nothing was sold in {wanted.name}")


def owner_of(account: str, owners: dict[str, str]) -> str:
    """Whose an account is; of one that is not in the settings any more, as its name says. The sandbox is nobody's."""
    return owners.get(account, account.partition("-")[2])


def _write(desk: Desk, drawn: Statement, to: Path, owners: dict[str, str]) -> None:
    name = drawn.house if drawn.final else f"{drawn.house}.preview"
    shelf = shelf_of(Shelves(desk.settings.workspace.output), drawn.house)
    names = {house: given.house.name for house, given in desk.settings.houses.items()}
    names |= {cluster: given.cluster.name for cluster, given in desk.settings.clusters.items()}
    page = Page(drawn, shelf, names, lambda account: owner_of(account, owners))
    write_file(to / f"{name}.html", page.draw().encode())
    write_file(to / f"{name}.csv", spreadsheet.write(LINES, _lines(drawn)))
    write_file(to / f"{name}.journal.csv", spreadsheet.write(JOURNAL, _journal(drawn)))
    desk.report["statements"][drawn.house] = {
        "final": drawn.final, "lines": len(drawn.rows), "total": drawn.cents, "owed": drawn.owed, "paid": sorted(drawn.paid),
    }  # fmt: skip
    desk.voice.line(f"{to / name}.html{'' if drawn.final else '  (a preview: it may still change)'}")
    for account, cents in sorted(drawn.owed.items()):
        said = "  paid" if account in drawn.paid else ""
        desk.voice.line(f"{cents / 100:>12.2f}  to {drawn.house} from {owner_of(account, owners) or account}{said}")


def _lines(drawn: Statement) -> list[list[str]]:
    return [
        [row.day.isoformat(), row.order, row.what.value, row.account, percent(row.vat), plain(row.cents), "yes" if row.earlier else ""]
        for row in drawn.rows
    ]  # fmt: skip


def _journal(drawn: Statement) -> list[list[str]]:
    return [
        [one.day.isoformat(), one.what.value, one.account, percent(one.vat), plain(one.cents), plain(one.cents - one.tax), plain(one.tax)]
        for one in journal(drawn.rows)
    ]  # fmt: skip


def percent(rate: int | None) -> str:
    """A VAT rate as a spreadsheet reads it; "" where there is none."""
    return "" if rate is None or rate < 0 else f"{rate / 100:g}".replace(".", ",")
