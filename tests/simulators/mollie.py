"""A Mollie in memory: what its documentation says of payments, what visitors and banks do to them, refunds and chargebacks.

Every object is kept as its API shows it. A call to our webhook is a form with an id, signed by nobody, and none comes for `open`.
tests/simulators/mollie_wire.py puts it on a wire. Times are the injected clock's.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

Row = dict[str, Any]
LASTS = timedelta(hours=1)
"""For how long a page is open: Bancontact's."""
LOCALES = ("nl_BE", "fr_BE", "de_DE", "en_GB")
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Fault(Exception):
    """An answer that is an error, in Mollie's own words."""

    TITLES: Mapping[int, str] = {
        401: "Unauthorized Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error",
    }  # fmt: skip

    def __init__(self, status: int, detail: str, field: str = "") -> None:
        super().__init__(detail)
        more = {"field": field} if field else {}
        about = {"documentation": {"href": "https://docs.mollie.com/errors", "type": "text/html"}}
        self.status, self.body = (
            status,
            {"status": status, "title": self.TITLES[status], "detail": detail} | more | {"_links": about},
        )


class MollieSimulator:
    """One profile. `key` opens it, `send` calls our webhook: headers and body. `cancelable`: as bank transfers are."""

    def __init__(
        self, clock: Callable[[], datetime], key: str = "test_simulated0000000000000000000",
        send: Callable[[Mapping[str, str], bytes], object] = lambda *_: None,
    ) -> None:  # fmt: skip
        self.clock, self.key, self.send, self.cancelable = clock, key, send, False
        self.home = "https://mollie.simulated.invalid"
        self.methods = ["bancontact", "creditcard", "kbc"]
        self.rows: dict[str, Row] = {}
        """Payments by id, in the order they were made."""
        self.backs: dict[str, Row] = {}
        """Refunds."""
        self.taken: dict[str, Row] = {}
        """Chargebacks."""
        self._numbers = count(1)

    # --- what the API does -----------------------------------------------------------------------------------------

    def create(self, given: Row) -> Row:
        """A payment with its page."""
        for field in ("amount", "description", "redirectUrl"):
            if not given.get(field):
                raise Fault(422, f"The '{field}' field is missing", field)
        cents(given["amount"])
        if given.get("locale") not in (None, *LOCALES):
            raise Fault(422, "The locale is invalid", "locale")
        host = urlsplit(given.get("webhookUrl", "")).hostname
        if host in ("localhost", "127.0.0.1"):
            raise Fault(
                422, "The webhook URL is invalid because it is unreachable from Mollie's point of view", "webhookUrl"
            )
        id = self._id("tr")
        now = self.clock()
        self.rows[id] = {
            "resource": "payment", "id": id, "mode": "live" if self.key.startswith("live_") else "test", "createdAt": now.isoformat(),
            "amount": given["amount"], "description": given["description"], "method": None, "metadata": given.get("metadata"), "status": "open",
            "isCancelable": self.cancelable, "expiresAt": (now + LASTS).isoformat(), "profileId": "pfl_simulated", "sequenceType": "oneoff",
            "redirectUrl": given["redirectUrl"], "cancelUrl": given.get("cancelUrl"), "webhookUrl": given.get("webhookUrl"), "locale": given.get("locale"),
            "_links": {"self": link(f"{self.home}/v2/payments/{id}"), "dashboard": link("https://my.mollie.com/", "text/html")}
            | {"checkout": link(f"{self.home}/checkout/{id}", "text/html")},
        }  # fmt: skip
        return self.rows[id]

    def find(self, id: str) -> Row:
        """A payment as it is now."""
        if id not in self.rows:
            raise Fault(404, f"No payment exists with token {id}.")
        row = self.rows[id]
        if row["status"] == "open" and datetime.fromisoformat(row["expiresAt"]) <= self.clock():
            self._end(row, "expired")
        return row

    def cancel(self, id: str) -> Row:
        """Close a page, where its method can do that."""
        row = self.find(id)
        if not row["isCancelable"]:
            raise Fault(422, "The payment cannot be canceled")
        self._end(row, "canceled")
        return row

    def refund(self, id: str, given: Row) -> Row:
        """Queue a refund; it may fail later, see `refunded`."""
        row, wanted = self.find(id), cents(given.get("amount", {}))
        if row["status"] != "paid":
            raise Fault(422, "The payment is not paid, so it cannot be refunded")
        if wanted > self.left(id):
            raise Fault(422, "The specified amount cannot be refunded", "amount")
        known = [one for one in self.backs.values() if one["paymentId"] == id and one["status"] == "queued"]
        if any((one["amount"], one["description"]) == (given["amount"], given.get("description")) for one in known):
            raise Fault(409, "A duplicate refund has been detected")
        made = {
            "resource": "refund", "id": self._id("re"), "mode": row["mode"], "amount": given["amount"], "status": "queued", "paymentId": id,
            "createdAt": self.clock().isoformat(), "description": given.get("description", ""), "metadata": given.get("metadata"),
            "_links": {"self": link(self.home), "payment": link(f"{self.home}/v2/payments/{id}"), "documentation": link("https://docs.mollie.com", "text/html")},
        }  # fmt: skip
        self.backs[made["id"]] = made
        return made

    def left(self, id: str) -> int:
        """Cents that could still go back."""
        back = sum(
            cents(one["amount"])
            for one in self.backs.values()
            if one["paymentId"] == id and one["status"] not in ("failed", "canceled")
        )
        return cents(self.rows[id]["amount"]) - back

    def shown(self, row: Row, embed: str = "") -> Row:
        """A payment as the API shows it; refunds and chargebacks only where they were asked for, the newest first."""
        kinds = {"refunds": self.backs, "chargebacks": self.taken}
        wanted = {kind: kinds[kind] for kind in embed.split(",") if kind in kinds}
        more = {
            kind: [one for one in reversed(list(rows.values())) if one["paymentId"] == row["id"]]
            for kind, rows in wanted.items()
        }
        return row | ({"_embedded": more} if wanted else {})

    # --- what visitors and banks do --------------------------------------------------------------------------------

    def pay(self, id: str, method: str = "bancontact", *, late: bool = False) -> None:
        """Pay on the page; `late`: although it is over."""
        row = self.find(id)
        if row["status"] in ("open", "pending") or (late and row["status"] != "paid"):
            row |= {"method": method, "paidAt": self.clock().isoformat()}
            self._end(row, "paid")

    def begin(self, id: str, method: str = "belfius") -> None:
        """Pay in a way that the bank has yet to confirm."""
        row = self.find(id)
        if row["status"] == "open":
            row |= {"status": "pending", "method": method}
            row["_links"].pop("checkout", None)

    def fail(self, id: str, status: str = "failed") -> None:
        """It comes to nothing: `failed` or `canceled`."""
        row = self.find(id)
        if row["status"] in ("open", "pending"):
            self._end(row, status)

    def refunded(self, id: str, status: str = "refunded") -> None:
        """A refund goes on: pending, processing, refunded, or failed days later."""
        self.backs[id]["status"] = status
        self._tell(self.backs[id]["paymentId"])

    def take_back(self, id: str, value: str) -> str:
        """The visitor's bank takes money back; the id of that."""
        made = {
            "resource": "chargeback", "id": self._id("chb"), "amount": {"currency": "EUR", "value": value}, "paymentId": id,
            "createdAt": self.clock().isoformat(), "reversedAt": None, "_links": {"self": link(self.home), "payment": link(self.home)},
        }  # fmt: skip
        self.taken[made["id"]] = made
        self._tell(id)
        return str(made["id"])

    def give_again(self, id: str) -> None:
        """It was decided for us: a chargeback is reversed."""
        self.taken[id]["reversedAt"] = self.clock().isoformat()
        self._tell(self.taken[id]["paymentId"])

    # ---------------------------------------------------------------------------------------------------------------

    def _end(self, row: Row, status: str) -> None:
        row |= {"status": status, "isCancelable": False}
        row["_links"].pop("checkout", None)
        self._tell(row["id"])

    def _tell(self, id: str) -> None:
        if self.rows[id]["webhookUrl"]:
            self.send(FORM, urlencode({"id": id}).encode())

    def _id(self, kind: str) -> str:
        return f"{kind}_{next(self._numbers):022d}"


def cents(amount: Row) -> int:
    """An amount in cents; refuses one that is none."""
    value = amount.get("value")
    if amount.get("currency") != "EUR" or not isinstance(value, str) or value[-3:-2] != ".":
        raise Fault(422, "The amount contains an invalid value", "amount.value")
    found = int(value.replace(".", ""))
    if found < 1:
        raise Fault(422, "The amount is lower than the minimum", "amount")
    return found


def link(href: str, kind: str = "application/hal+json") -> Row:
    """Where something is."""
    return {"href": href, "type": kind}
