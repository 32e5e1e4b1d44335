"""A Stripe in memory: what its documentation says of Checkout Sessions, what they become when somebody pays, refunds and events.

It takes what a visitor does on its page as verbs (`pay`, `begin`, `fail`), keeps every object as its API shows it, and has an event
for all that happens, signed as Stripe signs. tests/simulators/stripe_wire.py puts it on a wire. Times are the injected clock's.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

Row = dict[str, Any]
API_VERSION = "2026-10-28.endive"
SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
LOCALES = ("auto", "nl", "fr", "de", "en")
LEAST = 50
"""Cents: Stripe takes no less in euro."""


class Fault(Exception):
    """An answer that is an error, in Stripe's own words."""

    def __init__(
        self, message: str, *, status: int = 400, kind: str = "invalid_request_error", code: str = "", param: str = "", kept: bool = False,
    ) -> None:  # fmt: skip
        """`kept`: it was begun before it was refused, so its idempotency key says so again."""
        super().__init__(message)
        self.kept = kept
        more = {name: value for name, value in (("code", code), ("param", param)) if value}
        self.status, self.body = status, {"error": {"message": message, "type": kind} | more}


class StripeSimulator:
    """One account. `key` opens it, `secret` signs its events, `send` delivers them: headers and body."""

    def __init__(
        self, clock: Callable[[], datetime], key: str = "sk_test_simulated", secret: str = "whsec_simulated",
        send: Callable[[Mapping[str, str], bytes], object] = lambda *_: None,
    ) -> None:  # fmt: skip
        self.clock, self.key, self.secret, self.send = clock, key, secret, send
        self.home = "https://checkout.stripe.simulated.invalid"
        self.rows: dict[str, Row] = {}
        """Every object by its id, in the order they were made."""
        self.events: list[Row] = []
        self._numbers = count(1)

    # --- what the API does -----------------------------------------------------------------------------------------

    def create_session(self, params: Row) -> Row:
        """A page to pay on."""
        now = self._now()
        if not params.get("success_url"):
            raise Fault("Missing required param: success_url.", code="parameter_missing", param="success_url")
        if params.get("locale", "auto") not in LOCALES:
            raise Fault(f"Invalid locale: {params['locale']}", param="locale")
        ends = int(params.get("expires_at", now + LONGEST.total_seconds()))
        if ends < now + SHORTEST.total_seconds():
            say = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
            raise Fault(say, param="expires_at")
        if ends > now + LONGEST.total_seconds():
            say = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
            raise Fault(say, param="expires_at")
        cents, currency = _priced(params)
        if cents < LEAST:
            say = "The Checkout Session's total amount due must add up to at least €0.50 eur"
            raise Fault(say, code="amount_too_small")
        id = self._id("cs_test")
        given = params.get("payment_intent_data", {})
        return self._keep({
            "id": id, "object": "checkout.session", "amount_subtotal": cents, "amount_total": cents, "client_reference_id": params.get("client_reference_id"),
            "adaptive_pricing": {"enabled": params.get("adaptive_pricing", {}).get("enabled") != "false"}, "cancel_url": params.get("cancel_url"),
            "created": now, "currency": currency, "customer": None, "customer_details": None, "customer_email": None, "expires_at": ends,
            "livemode": "_live_" in self.key, "locale": params.get("locale"), "metadata": params.get("metadata", {}), "mode": params.get("mode"),
            "payment_intent": None, "payment_method_types": ["card", "bancontact"], "payment_status": "unpaid", "status": "open",
            "success_url": params["success_url"], "url": f"{self.home}/c/pay/{id}", "_intent": given,
        })  # fmt: skip

    def expire(self, id: str) -> Row:
        """Close a page."""
        session = self.find(id, "checkout.session", "session")
        if session["status"] != "open":
            say = 'Only Checkout Sessions with a status in ["open"] can be expired.'
            raise Fault(f"{say} This Checkout Session has a status of `{session['status']}`.")
        self._close(session)
        return session

    def refund(self, params: Row) -> Row:
        """Send money back; it may fail later, see `fail_refund`."""
        intent = self.find(params.get("payment_intent", ""), "payment_intent", "payment_intent")
        if intent["status"] != "succeeded":
            raise Fault(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        charge = self.rows[intent["latest_charge"]]
        if any(
            one["status"] != "won" and one["_taken"]
            for one in self.list("dispute", lambda row: row["charge"] == charge["id"])
        ):
            say = f"Charge {charge['id']} has been charged back; cannot issue a refund."
            raise Fault(say, code="charge_disputed")
        left = charge["amount"] - charge["amount_refunded"]
        cents = int(params.get("amount", left))
        if not left:
            say = f"Charge {charge['id']} has already been refunded."
            raise Fault(say, code="charge_already_refunded")
        if not 0 < cents <= left:
            euro = f"Refund amount (€{cents / 100:.2f}) is greater than unrefunded amount on charge (€{left / 100:.2f})"
            raise Fault(euro, param="amount")
        charge["amount_refunded"] += cents
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        made = self._keep({
            "id": self._id("re"), "object": "refund", "amount": cents, "balance_transaction": None, "charge": charge["id"], "created": self._now(),
            "currency": "eur", "metadata": params.get("metadata", {}), "payment_intent": intent["id"], "reason": None, "status": "succeeded",
        })  # fmt: skip
        self._tell("refund.created", made)
        return made

    def find(self, id: str, kind: str, param: str) -> Row:
        """An object of that kind; what an API says of one that is not there."""
        row = self.rows.get(id)
        if row is None or row["object"] != kind:
            say = f"No such {kind}: '{id}'"
            raise Fault(say, status=404, code="resource_missing", param=param)
        return self._aged(row)

    def list(self, kind: str, keep: Callable[[Row], bool]) -> list[Row]:
        """Objects of a kind, the newest first."""
        return [self._aged(row) for row in reversed(list(self.rows.values())) if row["object"] == kind and keep(row)]

    # --- what visitors and banks do --------------------------------------------------------------------------------

    def pay(self, id: str, method: str = "bancontact", *, late: bool = False) -> None:
        """Pay on the page; `late`: although it is closed."""
        session = self._aged(self.rows[id])
        if session["status"] == "open" or (late and session["payment_status"] == "unpaid"):
            self._complete(session, method)
            self._settle(session)
            self._tell("checkout.session.completed", session)

    def begin(self, id: str, method: str = "sepa_debit") -> None:
        """Leave the page with a method that takes days: it is complete, and not paid."""
        session = self._aged(self.rows[id])
        if session["status"] == "open":
            self._complete(session, method)
            self._tell("checkout.session.completed", session)

    def settle(self, id: str) -> None:
        """The money of such a method comes."""
        session = self.rows[id]
        if session["payment_status"] == "unpaid" and session["payment_intent"]:
            self._settle(session)
            self._tell("checkout.session.async_payment_succeeded", session)

    def fail(self, id: str) -> None:
        """The money of such a method does not come."""
        self.begin(id)
        session = self.rows[id]
        if session["payment_status"] == "unpaid" and session["payment_intent"]:
            self.rows[session["payment_intent"]]["status"] = "requires_payment_method"
            self._tell("checkout.session.async_payment_failed", session)

    def fail_refund(self, id: str) -> None:
        """A bank sends a refund back, days later."""
        refund = self.rows[id]
        charge = self.rows[refund["charge"]]
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        refund["status"] = "failed"
        self._tell("refund.failed", refund)

    def sign(self, body: bytes) -> dict[str, str]:
        """The headers of a call that is made now."""
        stamp = self._now()
        mark = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
        return {"stripe-signature": f"t={stamp},v1={mark}", "content-type": "application/json; charset=utf-8"}

    def event(self, kind: str, row: Row) -> bytes:
        """A call's body about an object as it is now."""
        made = {
            "id": self._id("evt"), "object": "event", "api_version": API_VERSION, "created": self._now(), "data": {"object": shown(row)},
            "livemode": "_live_" in self.key, "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None}, "type": kind,
        }  # fmt: skip
        self.events.append(made)
        return json.dumps(made).encode()

    # ---------------------------------------------------------------------------------------------------------------

    def _complete(self, session: Row, method: str) -> None:
        given = session["_intent"]
        intent = self._keep({
            "id": self._id("pi"), "object": "payment_intent", "amount": session["amount_total"], "created": self._now(), "currency": session["currency"],
            "description": given.get("description"), "latest_charge": None, "livemode": session["livemode"], "metadata": given.get("metadata", {}),
            "payment_method_types": [method], "status": "processing", "transfer_group": given.get("transfer_group"),
        })  # fmt: skip
        details = {"email": "an@voorbeeld.test", "name": "An Voorbeeld", "phone": None}
        session |= {"status": "complete", "url": None, "payment_intent": intent["id"], "customer_details": details}

    def _settle(self, session: Row) -> None:
        intent, method = (
            self.rows[session["payment_intent"]],
            self.rows[session["payment_intent"]]["payment_method_types"][0],
        )
        cents, now = intent["amount"], self._now()
        id = self._id("ch")
        transaction = self._booked("charge", id, cents, 25 + cents * 14 // 1000)
        self._keep({
            "id": id, "object": "charge", "amount": cents, "amount_refunded": 0, "balance_transaction": transaction["id"], "captured": True,
            "created": now, "currency": "eur", "disputed": False, "livemode": session["livemode"], "metadata": dict(intent["metadata"]), "paid": True,
            "payment_intent": intent["id"], "payment_method_details": {"type": method}, "refunded": False, "status": "succeeded",
            "transfer_group": intent["transfer_group"],
        })  # fmt: skip
        intent |= {"status": "succeeded", "latest_charge": id}
        session["payment_status"] = "paid"

    def _booked(self, kind: str, source: str, cents: int, fee: int = 0) -> Row:
        """What something does to the balance of this account."""
        return self._keep({
            "id": self._id("txn"), "object": "balance_transaction", "amount": cents, "created": self._now(), "currency": "eur", "fee": fee,
            "net": cents - fee, "source": source, "status": "pending", "type": kind,
        })  # fmt: skip

    def _close(self, session: Row) -> None:
        session |= {"status": "expired", "url": None}
        self._tell("checkout.session.expired", session)

    def _aged(self, row: Row) -> Row:
        if row.get("status") == "open" and row.get("expires_at", self._now() + 1) <= self._now():
            self._close(row)
        return row

    def _tell(self, kind: str, row: Row) -> None:
        body = self.event(kind, row)
        self.send(self.sign(body), body)

    def _keep(self, row: Row) -> Row:
        self.rows[row["id"]] = row
        return row

    def _now(self) -> int:
        return int(self.clock().timestamp())

    def _id(self, kind: str) -> str:
        return f"{kind}_{next(self._numbers):024d}"


def shown(row: Row) -> Row:
    """An object as the API shows it."""
    return {name: value for name, value in row.items() if not name.startswith("_")}


def _priced(params: Row) -> tuple[int, str]:
    """What the lines come to, and in which currency."""
    lines = params.get("line_items") or []
    if not lines:
        raise Fault("Missing required param: line_items.", code="parameter_missing", param="line_items")
    prices = [line["price_data"] for line in lines]
    cents = sum(int(line["price_data"]["unit_amount"]) * int(line.get("quantity", 1)) for line in lines)
    return cents, prices[0]["currency"]
