"""`build.py backup`, `restore` and `orders reconcile`: what keeps the records through the loss of a machine."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from commands import orders
from commands.office import Desk
from etalage import wiring
from etalage.sales.reconciliation import reconcile

AGO = timedelta(days=7)


def save(desk: Desk, to: Path) -> None:
    """Copy the records to a file while sales go on."""
    number = wiring.copy_records(desk.settings.workspace, to.resolve())
    desk.report["backup"] = {"file": str(to), "documents": number}
    desk.voice.line(f"{number} documents are in {to}: keep it as safe as the names in it")


def put_back(desk: Desk, copy: Path) -> None:
    """Put a copy back in place of the records."""
    number = wiring.restore_records(desk.settings.workspace, copy.resolve())
    desk.report["restored"] = {"file": str(copy), "documents": number}
    desk.voice.line(f"{number} documents are back; now run `build.py orders reconcile`, before the shop opens")


def match(desk: Desk, since: str) -> None:
    """Compare with what providers and houses know."""
    moment = orders.moment(since) or wiring.clock() - AGO
    told = asdict(reconcile(wiring.till(desk.settings, orders.SANDBOX).saga, moment))
    desk.report["reconciled"] = {"since": moment.isoformat(timespec="seconds"), **told}
    for what, keys in told.items():
        desk.voice.line(f"{what:>10}  {len(keys)}")
    desk.trouble += [f"{key}: nobody knows what became of a share; see `orders show`" for key in told["unmatched"]]
    desk.trouble += [f"{key}: a house or the provider is silent; run this again" for key in told["silent"]]
