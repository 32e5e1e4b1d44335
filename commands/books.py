"""`build.py orders books`: what each house is owed, and our books beside the providers'."""

from contextlib import suppress
from datetime import timedelta

import msgspec

from commands import orders
from commands.office import Desk
from etalage import wiring
from etalage.model.entry import Account
from etalage.model.errors import Refused
from etalage.sales import ledger
from etalage.sales.comparison import compare

AGO = timedelta(days=7)


def tell(desk: Desk, since: str) -> None:
    """Tell what is on each account, and what differs from the providers' books for payments begun since."""
    till = wiring.till(desk.settings, orders.SANDBOX)
    moment = orders.moment(since) or wiring.clock() - AGO
    found = {name: {one.id: one for one in provider.since(moment)} for name, provider in till.saga.providers.items()}
    entries = list(ledger.entries(till.records))
    sums = ledger.balances(entries)
    desk.report["owed"] = {name: -cents for (account, name), cents in sums.items() if account is Account.HOUSE}
    desk.report["received"] = {name: cents for (account, name), cents in sums.items() if account is Account.PROVIDER}
    for kind in (Account.ELSEWHERE, Account.FEES, Account.BANK):
        desk.report[kind.value] = sum(cents for (account, _), cents in sums.items() if account is kind)
    desk.report["differences"] = []
    for house, cents in sorted(desk.report["owed"].items()):
        desk.voice.line(f"{cents / 100:>12.2f}  {house}")
    for name, payments in found.items():
        mine = [one for one in entries if (Account.PROVIDER, name) in {(line.account, line.name) for line in one.lines}]
        known = {payment.reference for payment in payments.values()}
        recent = {one.order for one in mine if one.at >= moment} - known
        for order in sorted(recent):  # paid since, begun before
            with suppress(Refused):
                payment = till.saga.providers[name].find(order)
                payments.update({payment.id: payment} if payment else {})
        looked = known | recent
        for one in compare((entry for entry in mine if entry.order in looked), payments.values(), name):
            desk.report["differences"].append({"provider": name, **msgspec.to_builtins(one)})
            booked, there = one.booked / 100, one.found / 100
            desk.trouble.append(
                f"{one.order}: {one.code} {one.name} ({booked:.2f} in our books, {there:.2f} at {name})"
            )
