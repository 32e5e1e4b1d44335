"""Stripe: visitors pay on its hosted page, a Checkout Session. No card number ever comes near us.

Stripe remembers what was asked under an idempotency key for a day at least, so asking again is asking once. Two things a newcomer
would get wrong. A fault (500) is remembered too, and told again under that key for ever: then we look whether there is a Session
after all, and ask under a next key. And keys lapse: but a page must be open for half an hour, so what is asked for with less time
left was asked for before, or comes too late; we only look for it.

A Session is found by its list, by our reference and the time: Stripe's search runs a minute behind, its list does not.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from etalage.adapters._stripe_line import StripeLine, absent, ask, read
from etalage.adapters._stripe_objects import EXPANDED, Back, Dispute, Session, asked, chargeback, payment, refund
from etalage.adapters._stripe_transfers import StripeTransfers
from etalage.model.back import read_name
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.payment import Hint, Payment, PaymentState, Refund, Request, Transfer

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
"""For how long Stripe keeps a page open."""
TOLERANCE = timedelta(minutes=5)
SKEW = timedelta(minutes=5)
"""So much may our clock differ from Stripe's when we look for a Session by its time."""


class StripePayments:
    """One account at Stripe. `key` and `hook_secret` are secrets; `page`: where its page is, when the account has an address of its own.

    `destinations`: house → its own account, where shares are passed on. `retries`: how often the SDK itself asks again, under the same
    key; `base`: where the API stands.
    """

    ours = False
    closes = True
    shortest = SHORTEST
    page = "https://checkout.stripe.com"

    def __init__(
        self, key: str, hook_secret: str, clock: Callable[[], datetime], *, name: str = "stripe", page: str = page,
        destinations: Mapping[str, str] | None = None, base: str = "", retries: int = 2,
    ) -> None:  # fmt: skip
        self._hook_secret, self.clock, self.name = hook_secret, clock, name
        self.pages: tuple[str, ...] = (page,)
        self._line = StripeLine(key, base, retries)
        self._transfers = StripeTransfers(self._line, destinations or {})

    def start(self, request: Request) -> Payment:
        """Ask for a payment; the same reference is the same payment."""
        if request.amount.cents <= 0 or sum(share.amount.cents for share in request.shares) != request.amount.cents:
            raise Refused("payment_wrong", "The shares of a payment add up to its amount, and that is not nothing.")
        if request.expires - self.clock() < SHORTEST:
            return self._begun(request)
        made, again = self._line.once(
            request.reference,
            lambda options: self._line.client.v1.checkout.sessions.create(asked(request), options),
            lambda: self.find(request.reference, request.expires - LONGEST),
        )
        if isinstance(made, Payment):
            return _same(made, request)
        return self.status(made.id) if again else self._payment(read(made, Session))

    def status(self, id: str) -> Payment:
        """A payment as it is now."""
        return self._payment(self._session(id))

    def find(self, reference: str, since: datetime | None = None) -> Payment | None:
        """The payment of our reference."""
        sessions = self._sessions(since - SKEW if since else None)
        return next((self._payment(one) for one in sessions if one.client_reference_id == reference), None)

    def since(self, moment: datetime) -> Iterator[Payment]:
        """Every payment begun since."""
        for session in self._sessions(moment):
            yield self._payment(session)

    def cancel(self, id: str) -> Payment:
        """Let nobody pay any more. Money that is on its way already cannot be stopped: then it is still open."""
        known = self.status(id)
        if known.state is not PaymentState.OPEN or not known.url:
            return known
        try:
            ask(lambda: self._line.client.v1.checkout.sessions.expire(id))
        except Refused as no:
            if no.code != "payment_wrong":  # it was paid, or closed, a moment ago
                raise
        return self.status(id)

    def refund(self, id: str, reference: str, amount: Money, house: str, onward: str = "") -> Refund:
        """Give back of a house's share. It says later when it fails: see `status`."""
        session = self._session(id)
        known = self._payment(session)

        def look() -> Refund | None:
            return next((one for one in self.status(id).refunds if one.reference == reference), None)

        made = next((one for one in known.refunds if one.reference == reference), None)
        if made is None:
            if known.paid_at is None or session.intent is None:
                raise Refused("not_paid", "This was not paid, so nothing goes back.", where=id)
            if amount.cents <= 0 or known.back.cents + amount.cents > known.amount.cents:
                raise Refused("refund_too_large", "More cannot go back than was paid.", where=id)
            if onward:
                self._transfers.take_back(known.reference, onward, read_name(reference)[0], amount)
            about = {"reference": reference, "house": house, "session": id}
            given = {"payment_intent": session.intent.id, "amount": amount.cents, "metadata": about}
            got, _ = self._line.once(
                f"{reference}.refund", lambda options: self._line.client.v1.refunds.create(given, options), look
            )
            made = got if isinstance(got, Refund) else refund(read(got, Back))
        if (made.amount, made.house) != (amount, house):
            raise Refused("reference_used", "This reference stands for another refund.", where=reference)
        return made

    def passes_on(self, house: str) -> bool:
        """Whether a house has an account of its own here."""
        return house in self._transfers.destinations

    def pass_on(self, id: str, reference: str, amount: Money, house: str) -> Transfer:
        """Pass a house's share on."""
        session = self._session(id)
        known = payment(session, self.clock())
        charge = session.charge if known.paid_at else None
        return self._transfers.make(known.reference, charge, known.amount, reference, amount, house)

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Hint:
        """Read a call of Stripe's; what is not about a payment is a hint of nothing. Refuses `webhook_forged`."""
        import stripe

        given = {name.lower(): value for name, value in headers.items()}.get("stripe-signature", "")
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, given, self._hook_secret)
            stamp = int(
                next(part[2:] for part in given.split(",") if part.startswith("t="))
            )  # the first: it is the signed one
            about = json.loads(text)["data"]["object"]
            kind, id, more = about["object"], about["id"], about.get("metadata") or {}
        except (stripe.SignatureVerificationError, ValueError, TypeError, KeyError, StopIteration) as error:
            raise _forged() from error
        if (
            abs(self.clock().timestamp() - stamp) > TOLERANCE.total_seconds()
        ):  # the SDK would ask the machine's own clock
            raise _forged()
        if kind == "checkout.session":
            return Hint(id=str(id), reference=str(about.get("client_reference_id") or ""))
        if kind == "dispute":  # it knows nothing of ours but what it is about: `status` looks that up
            return Hint(id=str(about.get("payment_intent") or ""))
        return Hint(id=str(more.get("session", ""))) if kind == "refund" else Hint(id="")

    def examine(self) -> tuple[str, ...]:
        """Ask Stripe whether it knows our key, and lets it see what is seldom looked at; nothing is changed.

        Its ways to pay differ from visitor to visitor, so none is told.
        """
        ask(self._line.client.v1.balance.retrieve)
        ask(lambda: self._line.client.v1.disputes.list({"limit": 1}))
        return ()

    def examine_houses(self) -> Mapping[str, str | None]:
        """House → what is wrong with its own account, "" where it can receive; nothing is changed."""
        ask(lambda: self._line.client.v1.transfers.list({"limit": 1}))
        return self._transfers.examine()

    # ---------------------------------------------------------------------------------------------------------------

    def _session(self, id: str) -> Session:
        """By its own id, or that of the visitor's try to pay, which is all that a dispute names."""
        if id.startswith("pi_"):
            way: dict[str, Any] = {"payment_intent": id, "limit": 1, "expand": [f"data.{one}" for one in EXPANDED]}
            rows = ask(lambda: self._line.client.v1.checkout.sessions.list(way)).data
            given = rows[0] if rows else None
        elif id.startswith("cs_"):
            given = ask(lambda: self._line.client.v1.checkout.sessions.retrieve(id, {"expand": list(EXPANDED)}))
        else:
            given = None
        found = read(given, Session) if given else None
        if found is None or found.livemode is not self.live:
            raise absent(id)
        return found

    def _sessions(self, since: datetime | None) -> Iterator[Session]:
        way: dict[str, Any] = {"limit": 100, "expand": [f"data.{one}" for one in EXPANDED]}
        if since:
            way["created"] = {"gte": int(since.timestamp())}
        page = ask(lambda: self._line.client.v1.checkout.sessions.list(way))
        while True:
            yield from (read(one, Session) for one in page.data)
            if not page.has_more:
                return
            way["starting_after"] = page.data[-1].id
            page = ask(lambda: self._line.client.v1.checkout.sessions.list(way))

    @property
    def live(self) -> bool:
        """Whether it takes real money."""
        return "_live_" in self._line.key

    def _payment(self, session: Session) -> Payment:
        """A Session as our payment, with all its refunds also when they are many; what else is asked for only where it can be."""
        made, charge = payment(session, self.clock()), session.charge
        if not (session.intent and charge):
            return made
        client, way = self._line.client.v1, {"payment_intent": session.intent.id, "limit": 100}
        more: dict[str, Any] = {}
        if charge.refunds and charge.refunds.has_more:
            rows = ask(lambda: list(client.refunds.list(way).auto_paging_iter()))
            more["refunds"] = tuple(refund(read(one, Back)) for one in reversed(rows))
        if charge.disputed:
            rows = ask(lambda: list(client.disputes.list(way).auto_paging_iter()))
            found = (chargeback(read(one, Dispute)) for one in reversed(rows))
            more["chargebacks"] = tuple(one for one in found if one)
        if self._transfers.destinations and made.paid_at:
            more["transfers"] = self._transfers.of(made.reference)
        return msgspec.structs.replace(made, **more)

    def _begun(self, request: Request) -> Payment:
        """What was asked for before; refuses what would be new, for there is no time left for it."""
        found = self.find(request.reference, request.expires - LONGEST)
        if found is None:
            raise Refused("payment_late", "Paying does not work now. Try again in a while.", where=request.reference)
        return _same(found, request)


def _same(found: Payment, request: Request) -> Payment:
    if (found.amount, found.shares) != (request.amount, request.shares):
        raise Refused("reference_used", "This reference stands for another payment.", where=request.reference)
    return found


def _forged() -> Refused:
    return Refused("webhook_forged", "This call is not signed by who it says it is.")
