"""The simulated Stripe as a platform: the houses' own accounts, transfers to them and their reversals; and disputes.

A reversal takes money from the balance of the house's account, which has to have it. A dispute takes it from the platform's.
"""

from copy import deepcopy

from tests.simulators.stripe import Fault, Row, StripeSimulator

FEE = 2000
"""Cents that Stripe asks for a dispute."""
LAST = 10
"""Reversals that are shown with a transfer."""


class StripeConnectSimulator(StripeSimulator):
    """With accounts that are connected to it."""

    def connect(self, account: str, transfers: str = "active") -> None:
        """A house has an account; `transfers`: whether it can receive: active, pending or inactive."""
        self._keep({
            "id": account, "object": "account", "capabilities": {"transfers": transfers}, "charges_enabled": False, "country": "BE",
            "created": self._now(), "default_currency": "eur", "details_submitted": transfers == "active", "metadata": {},
            "payouts_enabled": transfers == "active", "_paid_out": 0,
        })  # fmt: skip

    def account(self, id: str) -> Row:
        """A connected account."""
        if self.rows.get(id, {}).get("object") != "account":
            say = f"The provided key '{self.key[:8]}***' does not have access to account '{id}' (or that account does not exist). Application access may have been revoked."
            raise Fault(say, status=403, code="account_invalid")
        return self.rows[id]

    def balance(self, account: str) -> int:
        """What an account still has, in cents."""
        passed = self.list("transfer", lambda row: row["destination"] == account)
        return sum(row["amount"] - row["amount_reversed"] for row in passed) - int(self.rows[account]["_paid_out"])

    def pay_out(self, account: str) -> None:
        """Stripe pays the balance of an account into its owner's bank account."""
        self.rows[account]["_paid_out"] += self.balance(account)

    def transfer(self, params: Row) -> Row:
        """Pass money of a charge on."""
        account, cents = self.rows.get(params.get("destination", ""), {}), int(params.get("amount", 0))
        if account.get("object") != "account":
            raise Fault(
                f"No such destination: '{params.get('destination')}'", code="resource_missing", param="destination"
            )
        if account["capabilities"]["transfers"] != "active":
            say = "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments"
            raise Fault(say, code="insufficient_capabilities_for_transfer", kept=True)
        if "source_transaction" not in params:
            raise Fault(
                "You have insufficient available funds in your Stripe account.", code="balance_insufficient", kept=True
            )
        charge = self.rows.get(params["source_transaction"], {})
        if charge.get("object") != "charge":
            say = f"No such charge: '{params['source_transaction']}'"
            raise Fault(say, code="resource_missing", param="source_transaction")
        before = self.list("transfer", lambda row: row["source_transaction"] == charge["id"])
        if cents < 1:
            raise Fault(
                "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
            )
        if sum(row["amount"] for row in before) + cents > charge["amount"]:
            raise Fault(
                "The transfers of this source_transaction would be more than its amount.", param="source_transaction"
            )
        id = self._id("tr")
        none: Row = {"object": "list", "data": [], "has_more": False, "url": f"/v1/transfers/{id}/reversals"}
        made = self._keep({
            "id": id, "object": "transfer", "amount": cents, "amount_reversed": 0, "balance_transaction": self._booked("transfer", id, -cents)["id"],
            "created": self._now(), "currency": params["currency"], "description": None, "destination": account["id"], "destination_payment": self._id("py"),
            "livemode": "_live_" in self.key, "metadata": params.get("metadata", {}), "reversals": none, "reversed": False,
            "source_transaction": charge["id"], "source_type": "card", "transfer_group": params.get("transfer_group"),
        })  # fmt: skip
        self._tell("transfer.created", made)
        return made

    def reverse(self, id: str, params: Row) -> Row:
        """Take a part of a transfer back, or all."""
        transfer = self.find(id, "transfer", "transfer")
        left = transfer["amount"] - transfer["amount_reversed"]
        cents = int(params.get("amount", left))
        if not left:
            raise Fault(f"Transfer {id} is already fully reversed.", code="transfer_already_reversed")
        if not 0 < cents <= left:
            raise Fault(
                f"Transfer reversal amount is greater than unreversed amount on transfer ({left})", param="amount"
            )
        if cents > self.balance(transfer["destination"]):
            say = "The connected account does not have enough balance to cover the reversal."
            raise Fault(say, code="balance_insufficient", kept=True)
        trr = self._id("trr")
        made = self._keep({
            "id": trr, "object": "transfer_reversal", "amount": cents, "balance_transaction": self._booked("transfer_refund", trr, cents)["id"],
            "created": self._now(), "currency": transfer["currency"], "destination_payment_refund": None, "metadata": params.get("metadata", {}),
            "source_refund": None, "transfer": id,
        })  # fmt: skip
        transfer["amount_reversed"] += cents
        transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
        every = self.list("transfer_reversal", lambda row: row["transfer"] == id)
        transfer["reversals"] |= {"data": deepcopy(every[:LAST]), "has_more": len(every) > LAST}
        self._tell("transfer.reversed", transfer)
        return made

    # --- what banks do ---------------------------------------------------------------------------------------------

    def dispute(self, id: str, cents: int, *, asks: bool = False) -> Row:
        """The bank of who paid a Session disputes so much of it; `asks`: it only asks for now, and takes nothing."""
        intent = self.rows[self.rows[id]["payment_intent"]]
        charge = self.rows[intent["latest_charge"]]
        dp = self._id("dp")
        made = self._keep({
            "id": dp, "object": "dispute", "amount": cents, "balance_transactions": [], "charge": charge["id"], "created": self._now(),
            "currency": "eur", "is_charge_refundable": asks, "livemode": charge["livemode"], "metadata": {}, "payment_intent": intent["id"],
            "reason": "fraudulent", "status": "warning_needs_response" if asks else "needs_response", "_taken": not asks,
        })  # fmt: skip
        charge["disputed"] = True
        self._tell("charge.dispute.created", made)
        if not asks:
            made["balance_transactions"].append(self._booked("adjustment", dp, -cents, FEE))
            self._tell("charge.dispute.funds_withdrawn", made)
        return made

    def decide(self, id: str, status: str) -> None:
        """A dispute ends: won, lost or, when the bank only asked, warning_closed."""
        dispute = self.rows[id]
        dispute["status"] = status
        self._tell("charge.dispute.closed", dispute)
        if status == "won":
            dispute["balance_transactions"].append(self._booked("adjustment", id, dispute["amount"]))
            self._tell("charge.dispute.funds_reinstated", dispute)
