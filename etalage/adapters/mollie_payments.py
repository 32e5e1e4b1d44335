"""Mollie: visitors pay on its hosted page, by its Payments API. No card number ever comes near us.

Three things a newcomer would get wrong. A page stays open for as long as its method says, an hour for Bancontact: hardly any can be
closed (`closes`), so money may come when our own window is long over. Mollie remembers an idempotency key for an hour: what is asked
for when its window is over was asked for before, or comes too late; we only look for it. And its calls are not signed: they name a
payment, and all the rest is asked.

What Mollie does with a key whose request went wrong is told nowhere: it may say so again. Then we look whether there is a payment
after all, and ask under a next key. A payment whose address nobody ever had can be paid by nobody.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import msgspec

from etalage.adapters._mollie_line import MollieLine, absent, ask, read
from etalage.adapters._mollie_objects import EMBEDDED, Back, Row, asked, euros, payment, refund
from etalage.adapters._mollie_routes import MollieRoutes
from etalage.model.back import read_name
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.payment import Hint, Payment, Refund, Request, Transfer, is_loopback

PAGE = 250
"""Payments that Mollie tells in one answer, the newest first."""
SKEW = timedelta(minutes=5)
"""So much may our clock differ from Mollie's when we look for a payment by its time."""
LAPSES = timedelta(hours=1)
"""For how long Mollie remembers a key."""
FRESH = timedelta(seconds=30)
"""An older answer is one that Mollie repeats: it may be paid by now."""
ID = re.compile(r"tr_[A-Za-z0-9]{1,60}")


class MolliePayments:
    """One profile at Mollie. `key` is a secret; `destinations`: house → its own organization there, where shares are passed on."""

    ours = closes = False
    shortest = timedelta(0)
    pages: tuple[str, ...] = ("https:",)  # from Mollie's page visitors are sent on to their own bank

    def __init__(
        self, key: str, clock: Callable[[], datetime], *, name: str = "mollie", destinations: Mapping[str, str] | None = None,
        base: str = "",
    ) -> None:  # fmt: skip
        self.clock, self.name = clock, name
        self._line = MollieLine(key, base)
        self._routes = MollieRoutes(self._line, destinations or {})

    @property
    def live(self) -> bool:
        """Whether it takes real money."""
        return self._line.key.startswith("live_")

    def start(self, request: Request) -> Payment:
        """Ask for a payment; the same reference is the same payment."""
        if request.amount.cents <= 0 or sum(share.amount.cents for share in request.shares) != request.amount.cents:
            raise Refused("payment_wrong", "The shares of a payment add up to its amount, and that is not nothing.")

        def look() -> Payment | None:
            return self.find(request.reference, request.expires - LAPSES)

        if request.expires <= self.clock():
            found = look()
            if found is None:
                raise Refused(
                    "payment_late", "Paying does not work now. Try again in a while.", where=request.reference
                )
            return _same(found, request)
        hook = "" if is_loopback(request.hook) else request.hook  # Mollie takes no such address
        given = asked(request, hook)
        made = self._line.once(request.reference, lambda key: self._line.client.payments.create(given, key), look)
        if not isinstance(made, Payment):
            first = payment(self._ours(read(made, Row)))
            made = self.status(first.id) if first.made and self.clock() - first.made > FRESH else first
        return _same(made, request)

    def status(self, id: str) -> Payment:
        """A payment as it is now."""
        return self._payment(self._row(id))

    def find(self, reference: str, since: datetime | None = None) -> Payment | None:
        """The payment of our reference; of several the one that was paid, else the first."""
        found = [row.id for row in self._rows(since - SKEW if since else None) if row.reference == reference]
        known = [self.status(id) for id in reversed(found)]
        return next((one for one in known if one.paid_at), known[0] if known else None)

    def since(self, moment: datetime) -> Iterator[Payment]:
        """Every payment begun since."""
        for row in self._rows(moment):
            yield self.status(row.id) if row.paid_at else payment(row)  # a list tells nothing of refunds

    def cancel(self, id: str) -> Payment:
        """Let nobody pay any more, where Mollie can do that; else it stays open."""
        row = self._row(id)
        if row.is_cancelable:
            try:
                ask(lambda: self._line.client.payments.delete(id))
            except Refused as no:
                if no.code != "payment_wrong":  # it was paid, or closed, a moment ago
                    raise
        return self.status(id)

    def refund(self, id: str, reference: str, amount: Money, house: str, onward: str = "") -> Refund:
        """Give back of a house's share. It waits at Mollie until there is money on the balance, and may fail later: see `status`."""

        def look() -> Refund | None:
            return next((one for one in self.status(id).refunds if one.reference == reference), None)

        row = self._row(id)
        known = payment(row)
        made = next((one for one in known.refunds if one.reference == reference), None)
        if made is None:
            if known.paid_at is None:
                raise Refused("not_paid", "This was not paid, so nothing goes back.", where=id)
            taken = sum(one.amount.cents for one in known.chargebacks if not one.returned)
            if amount.cents <= 0 or known.back.cents + taken + amount.cents > known.amount.cents:
                raise Refused("refund_too_large", "More cannot go back than was paid.", where=id)
            about = {"reference": reference, "house": house}
            given: dict[str, Any] = {"amount": euros(amount), "description": f"Refund {reference}", "metadata": about}
            if onward and (reversals := self._routes.reversals(row, onward, read_name(reference)[0], amount)):
                given |= {"metadata": about | {"onward": onward}, "routingReversals": reversals}
            way = f"payments/{id}/refunds"

            def act(key: str) -> Any:
                from mollie.api.objects.payment import Payment as Theirs

                return Theirs({"id": id}, self._line.client).refunds.create(
                    given, key
                )  # told apart by its words, else "a duplicate"

            got = self._line.once(f"{way}.{reference}", act, look)
            made = got if isinstance(got, Refund) else refund(read(got, Back))
        if (made.amount, made.house) != (amount, house):
            raise Refused("reference_used", "This reference stands for another refund.", where=reference)
        return made

    def passes_on(self, house: str) -> bool:
        """Whether a house has an account of its own here."""
        return house in self._routes.destinations

    def pass_on(self, id: str, reference: str, amount: Money, house: str) -> Transfer:
        """Pass a house's share on."""
        return self._routes.make(self._row(id), reference, amount, house)

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Hint:
        """Read a call of Mollie's: a form with one id, signed by nobody. Refuses `webhook_forged` all that is not such a call."""
        del headers
        try:
            form = parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=4)
        except ValueError as error:
            raise Refused("webhook_forged", "This is not how Mollie calls.") from error
        ids = form.get("id", [])
        if len(ids) != 1 or not ID.fullmatch(ids[0]):
            raise Refused("webhook_forged", "This is not how Mollie calls.")
        return Hint(id=ids[0])

    def examine(self) -> tuple[str, ...]:
        """Ask Mollie whether it knows our key, and which ways to pay are switched on, by its own names; nothing is changed."""
        return tuple(str(one["id"]) for one in ask(lambda: self._line.client.methods.list(resource="payments")))

    def examine_houses(self) -> Mapping[str, str | None]:
        """House → what is wrong with its own account, None where that cannot be asked: Mollie tells it to no key of a profile."""
        return {
            house: None
            if account.startswith("org_")
            else f"{account} is no organization of Mollie's: it begins with org_"
            for house, account in self._routes.destinations.items()
        }

    # ---------------------------------------------------------------------------------------------------------------

    def _payment(self, row: Row) -> Payment:
        """A payment as ours; what was passed on is asked for only where something can be."""
        made = payment(row)
        passed = self._routes.of(row) if self._routes.destinations and made.paid_at else ()
        return msgspec.structs.replace(made, transfers=passed)

    def _row(self, id: str) -> Row:
        if not ID.fullmatch(id):
            raise absent(id)
        return self._ours(read(ask(lambda: self._line.client.payments.get(id, embed=EMBEDDED)), Row))

    def _ours(self, row: Row) -> Row:
        if row.mode != ("live" if self.live else "test"):
            raise absent(row.id)
        return row

    def _rows(self, since: datetime | None) -> Iterator[Row]:
        """The payments of this profile, the newest first."""
        page = ask(lambda: self._line.client.payments.list(limit=PAGE))
        while page is not None:
            for given in page["_embedded"]["payments"]:
                row = read(given, Row)
                if since and row.created_at < since:
                    return
                yield row
            page = ask(page.get_next)


def _same(found: Payment, request: Request) -> Payment:
    if (found.amount, found.shares) != (request.amount, request.shares):
        raise Refused("reference_used", "This reference stands for another payment.", where=request.reference)
    return found
