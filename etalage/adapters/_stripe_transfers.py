"""The houses' own accounts at Stripe: separate charges and transfers. Each share is passed on out of the charge that brought it.

A transfer is found by its group, our reference of the payment: Stripe's lists do not run behind. What goes back to a visitor is taken
out of it by a reversal, with the reference of the refund whatever its try: that is how it is known to be done.
"""

from collections.abc import Mapping

from etalage.adapters._stripe_line import StripeLine, ask, read
from etalage.adapters._stripe_objects import Charge, Passed, Reversal, transfer
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.payment import Transfer

MANY = 100
"""Objects on one page of a list."""


class StripeTransfers:
    """What is passed on. `destinations`: house → its account, "acct_…"."""

    def __init__(self, line: StripeLine, destinations: Mapping[str, str]) -> None:
        self._line, self.destinations = line, destinations

    def of(self, group: str) -> tuple[Transfer, ...]:
        """All that was passed on of the payment of this reference, the oldest first; of somebody else's, which has none, nothing."""
        if not group:
            return ()
        way = {"transfer_group": group, "limit": MANY}
        rows = ask(lambda: list(self._line.client.v1.transfers.list(way).auto_paging_iter()))
        return tuple(transfer(read(one, Passed)) for one in reversed(rows))

    def make(
        self, group: str, charge: Charge | None, paid: Money, reference: str, amount: Money, house: str
    ) -> Transfer:
        """Pass a part of what was paid on, once. Refuses what the port says."""
        known = self.of(group)
        made = next((one for one in known if one.reference == reference), None)
        if made is None:
            destination = self.destinations.get(house)
            if destination is None:
                raise Refused("account_unknown", "This house has no account of its own here.", where=house)
            if charge is None:
                raise Refused("not_paid", "This was not paid, so nothing is passed on.", where=group)
            if amount.cents <= 0 or sum(one.amount.cents for one in known) + amount.cents > paid.cents:
                raise _too_large(group)
            made = self._ask(group, charge, destination, reference, amount, house)
        if (made.amount, made.house) != (amount, house):
            raise Refused("reference_used", "This reference stands for another transfer.", where=reference)
        return made

    def take_back(self, group: str, onward: str, name: str, amount: Money) -> None:
        """Take an amount back out of the transfer of that reference, once for this name. Refuses `transfer_absent`, `refund_too_large`."""
        found = next((one for one in self.of(group) if one.reference == onward), None)
        if found is None:
            raise Refused("transfer_absent", "Nothing was passed on under this reference.", where=onward)

        def look() -> Reversal | None:
            rows = ask(
                lambda: list(
                    self._line.client.v1.transfers.reversals.list(found.id, {"limit": MANY}).auto_paging_iter()
                )
            )
            all_ = (read(one, Reversal) for one in rows)
            return next((one for one in all_ if (one.metadata or {}).get("reference") == name), None)

        if look() is not None:
            return
        if found.back.cents + amount.cents > found.amount.cents:
            raise Refused("refund_too_large", "More cannot come back than was passed on.", where=onward)
        given = {"amount": amount.cents, "metadata": {"reference": name}}
        self._line.once(
            f"{name}.reversal",
            lambda options: self._line.client.v1.transfers.reversals.create(found.id, given, options),
            look,
        )

    def examine(self) -> Mapping[str, str]:
        """House → what is wrong with its account, "" where it can receive."""
        return {house: self._wrong(account) for house, account in self.destinations.items()}

    # ---------------------------------------------------------------------------------------------------------------

    def _ask(self, group: str, charge: Charge, destination: str, reference: str, amount: Money, house: str) -> Transfer:
        given = {
            "amount": amount.cents, "currency": "eur", "destination": destination, "source_transaction": charge.id, "transfer_group": group,
            "metadata": {"reference": reference, "house": house},
        }  # fmt: skip

        def look() -> Transfer | None:
            return next((one for one in self.of(group) if one.reference == reference), None)

        try:
            got, _ = self._line.once(
                f"{reference}.transfer", lambda options: self._line.client.v1.transfers.create(given, options), look
            )
        except Refused as no:
            if no.code in ("refund_too_large", "balance_low"):
                raise _too_large(group) from no
            raise
        return got if isinstance(got, Transfer) else transfer(read(got, Passed))

    def _wrong(self, account: str) -> str:
        try:
            found = ask(lambda: self._line.client.v1.accounts.retrieve(account)).to_dict()
        except Refused:
            return f"{account} is no account of this platform"
        can = (found.get("capabilities") or {}).get("transfers", "not even asked for")
        return "" if can == "active" else f"{account} can receive nothing yet: its capability transfers is {can}"


def _too_large(group: str) -> Refused:
    return Refused("transfer_too_large", "More cannot be passed on than was paid.", where=group)
