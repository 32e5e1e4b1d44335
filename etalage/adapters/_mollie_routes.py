"""The houses' own accounts at Mollie: delayed routing. The pinned SDK has no resource for it, but its own call, with its key and errors.

A route has no metadata: our reference is its description, and whose it is says its organization. What goes back to a visitor is taken
out of it together with the refund, in one request. A refund that fails later gives its money to us, not to the house: so the next
try takes nothing more; one that was called off before it left moved nothing.
"""

from collections.abc import Mapping
from typing import Any

from etalage.adapters._mollie_line import BARRED, MollieLine, ask, read
from etalage.adapters._mollie_objects import Route, Row, cents, euros, payment, text
from etalage.model.back import read_name
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Transfer


class MollieRoutes:
    """What is passed on. `destinations`: house → its organization, "org_…"."""

    def __init__(self, line: MollieLine, destinations: Mapping[str, str]) -> None:
        self._line, self.destinations = line, destinations

    def of(self, row: Row) -> tuple[Transfer, ...]:
        """All that was passed on of a payment, in the order that Mollie tells it."""
        return tuple(self._transfer(row, one) for one in self._routes(row.id))

    def make(self, row: Row, reference: str, amount: Money, house: str) -> Transfer:
        """Pass a part of what was paid on, once. Refuses what the port says."""
        known = self.of(row)
        made = next((one for one in known if one.reference == reference), None)
        if made is None:
            organization = self.destinations.get(house)
            if organization is None:
                raise _unknown(house)
            paid = payment(row)
            if paid.paid_at is None:
                raise Refused("not_paid", "This was not paid, so nothing is passed on.", where=row.id)
            if amount.cents <= 0 or sum(one.amount.cents for one in known) + amount.cents > paid.amount.cents:
                raise _too_large(row.id)
            made = self._ask(row, organization, reference, amount, house)
        if (made.amount, made.house) != (amount, house):
            raise Refused("reference_used", "This reference stands for another transfer.", where=reference)
        return made

    def reversals(self, row: Row, onward: str, name: str, amount: Money) -> list[dict[str, Any]]:
        """What a refund says to take its amount back out of a transfer; nothing when an earlier try did. Refuses as `take_back` of Stripe's."""
        route = next((one for one in self._routes(row.id) if one.description == onward), None)
        if route is None:
            raise Refused("transfer_absent", "Nothing was passed on under this reference.", where=onward)
        if any(one.onward and read_name(text(one.metadata, "reference"))[0] == name for one in row.embedded.refunds):
            return []
        if self._transfer(row, route).back.cents + amount.cents > cents(route.amount).cents:
            raise Refused("refund_too_large", "More cannot come back than was passed on.", where=onward)
        source = {"type": "organization", "organizationId": route.destination.organization_id}
        return [{"amount": euros(amount), "source": source}]

    # ---------------------------------------------------------------------------------------------------------------

    def _routes(self, id: str) -> list[Route]:
        found = ask(lambda: self._line.client.payments.perform_api_call("GET", f"payments/{id}/routes"))
        return [read(one, Route) for one in found.get("_embedded", {}).get("routes", ())]

    def _transfer(self, row: Row, one: Route) -> Transfer:
        """A route; one that staff made by hand at Mollie has its own words, or its id, for a reference."""
        reference = one.description or one.id
        back = sum(cents(refund.amount).cents for refund in row.embedded.refunds if refund.onward == reference)
        houses = {organization: house for house, organization in self.destinations.items()}
        return Transfer(
            reference=reference, id=one.id, amount=cents(one.amount), house=houses.get(one.destination.organization_id, ""), back=Money(back),
        )  # fmt: skip

    def _ask(self, row: Row, organization: str, reference: str, amount: Money, house: str) -> Transfer:
        path = f"payments/{row.id}/routes"
        destination = {"type": "organization", "organizationId": organization}
        given = {"amount": euros(amount), "destination": destination, "description": reference}

        def look() -> Transfer | None:
            return next((one for one in self.of(row) if one.reference == reference), None)

        try:
            got = self._line.once(
                f"{path}.{reference}",
                lambda key: self._line.client.payments.perform_api_call("POST", path, given, idempotency_key=key),
                look,
            )
        except Refused as no:  # the payment is there: what Mollie does not find is the organization
            if no.code == "payment_absent" or "organization" in no.where:
                raise _unknown(house) from None
            raise (_too_large(row.id) if "amount" in no.where else no) from None
        except Unavailable as no:
            if no.detail.get("why") == BARRED:  # our account is not approved for it
                raise _unknown(house) from None
            raise
        return got if isinstance(got, Transfer) else self._transfer(row, read(got, Route))


def _unknown(house: str) -> Refused:
    return Refused(
        "account_unknown", "This house has no account of its own here, or it takes nothing now.", where=house
    )


def _too_large(id: str) -> Refused:
    return Refused("transfer_too_large", "More cannot be passed on than was paid.", where=id)
