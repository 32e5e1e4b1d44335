"""The simulated Mollie as a marketplace: the houses' organizations, delayed routes to them, and refunds that come out of there.

What Mollie says of an organization that cannot receive, or of a route that is too large, is told nowhere: a 422 with its field stands
for it here. `approved`: whether Mollie allows this account to route at all.
"""

from typing import Any

from tests.simulators.mollie import Fault, MollieSimulator, Row, cents, link


class MollieConnectSimulator(MollieSimulator):
    """With organizations that are connected to it."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.organizations: dict[str, bool] = {}
        """Whether each can receive."""
        self.routes: dict[str, Row] = {}
        self.approved = True

    def route(self, id: str, given: Row) -> Row:
        """Pass a part of a payment on."""
        row, destination = self.find(id), given.get("destination", {})
        if not self.approved:
            raise Fault(403, "Your account is not allowed to perform this action")
        if destination.get("type") != "organization":
            raise Fault(422, "The destination type is invalid", "destination.type")
        organization = destination.get("organizationId", "")
        if organization not in self.organizations:
            raise Fault(404, f"No entity exists with token '{organization}'")
        if not self.organizations[organization]:
            raise Fault(422, "The organization cannot receive funds", "destination.organizationId")
        if row["status"] != "paid":
            raise Fault(422, "The payment is not paid, so it cannot be routed")
        if cents(given.get("amount", {})) + sum(cents(one["amount"]) for one in self.routes_of(id)) > cents(
            row["amount"]
        ):
            raise Fault(422, "The amount is higher than the remaining amount of the payment", "amount")
        made = {
            "resource": "route", "id": self._id("crt"), "paymentId": id, "amount": given["amount"], "description": given.get("description", ""),
            "destination": {"type": "organization", "organizationId": organization}, "createdAt": self.clock().isoformat(),
            "_links": {
                "self": link(self.home), "payment": link(f"{self.home}/v2/payments/{id}"), "documentation": link("https://docs.mollie.com", "text/html"),
            },
        }  # fmt: skip
        self.routes[made["id"]] = made
        return made

    def routes_of(self, id: str) -> list[Row]:
        """The routes of a payment."""
        self.find(id)
        return [one for one in self.routes.values() if one["paymentId"] == id]

    def refund(self, id: str, given: Row) -> Row:
        """Queue a refund, a part of which may be pulled back from organizations."""
        reversals = given.get("routingReversals") or []
        for one in reversals:
            source = one["source"]
            if source["type"] != "organization" or cents(one["amount"]) > self.routed(id, source["organizationId"]):
                raise Fault(422, "The amount cannot be pulled back from this organization", "routingReversals")
        if sum(cents(one["amount"]) for one in reversals) > cents(given["amount"]):
            raise Fault(422, "The routing reversals are more than the refund", "routingReversals")
        made = super().refund(id, given)
        if reversals:
            shown = [
                {"amount": one["amount"], "source": {"organizationId": one["source"]["organizationId"]}}
                for one in reversals
            ]
            made["routingReversals"] = shown
        return made

    def routed(self, id: str, organization: str) -> int:
        """Cents of a payment that an organization has."""
        there = sum(
            cents(one["amount"]) for one in self.routes_of(id) if one["destination"]["organizationId"] == organization
        )
        for refund in self.backs.values():
            if refund["paymentId"] == id and refund["status"] != "canceled":
                pulled = [
                    one for one in refund.get("routingReversals", ()) if one["source"]["organizationId"] == organization
                ]
                there -= sum(cents(one["amount"]) for one in pulled)
        return there
