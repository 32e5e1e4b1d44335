"""Who takes the visitor's money: a provider with a page of its own."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from etalage.model.money import Money
from etalage.model.payment import Hint, Payment, Refund, Request, Transfer


class Payments(Protocol):
    """One provider, with one account.

    What can go wrong, on every verb: Refused says no for good; Unavailable `payment_busy` is sure that nothing happened;
    Unavailable `payment_unknown` is not: ask `find` before anything else.

    Laws (tests/laws/payment.py):

    1. `start` gives an open payment with the address of the provider's page; the same reference again, with the same request,
       is the same payment, also when the first answer was lost. With another request: Refused `reference_used`.
    2. `status` is what the provider has now; what it once said to be paid stays paid, whatever is refunded.
    3. `find` knows a payment by our reference, None when there never was one; so every doubt can be ended.
    4. Where `closes`, nobody can pay after `expires` or after `cancel`. Elsewhere a page may stay open, and be `open`, until the
       provider itself ends it. If money comes all the same, `status` says `paid`. `expires` is no sooner than `shortest` from now.
    5. `cancel` of what is paid changes nothing and says so in its answer; done twice it is done once.
    6. `refund` gives back a part or all, once per reference; together never more than was paid: Refused `refund_too_large`. Of what
       was not paid: Refused `not_paid`. A refund that fails later says so in `status`.
    7. `read_webhook` gives a hint for what this provider signed, or for what it is known not to sign; everything else, changed or
       too old, is Refused `webhook_forged`. A hint is never believed: `status` is asked.
    8. Hints come never, late, twice, in any order, and before `start` has answered: `status` is right all the same.
    9. `since` gives every payment that was begun at that moment or later, with the `shares` it was asked for, whatever became of it.
    10. `pass_on` gives a house's own account at the provider a part of what was paid, once per reference; together never more than was
       paid. Refused `not_paid`, `transfer_too_large`, `account_unknown` where `passes_on` says no or the house's account takes nothing now:
       then nothing happened. It stands in `transfers`.
    11. `refund` with `onward`, the reference of a transfer, takes its amount back out of that first, once for all tries of a refund (read_name
       in etalage/model/back.py tells which they are). Asked again after any doubt it ends as if it was asked once.
    12. What a bank took back stands in `chargebacks` and is no refund; `state` stays `paid`. What the provider kept stands in `fee`.
    13. Nothing personal goes to the provider but what it asks of the visitor itself.
    """

    name: str
    """As it stands in addresses and records: "sandbox", "stripe", "mollie"."""
    ours: bool
    """Whether it lives in our own Records and asks nobody outside."""
    pages: tuple[str, ...]
    """Where its page is, as sources of a Content-Security-Policy. Browsers hold a form to it, wherever its answer leads; who sends
    visitors on to their bank says "https:"."""
    closes: bool
    """Whether an open page can be closed. Where not, who stops waiting lets go of the places, and what is paid there is late money."""
    shortest: timedelta
    """For how long its page is open at least; nothing where it closes whenever we like."""

    def start(self, request: Request) -> Payment:
        """Ask for a payment."""
        ...

    def status(self, id: str) -> Payment:
        """A payment as it is now; Refused `payment_absent` when there is none."""
        ...

    def find(self, reference: str, since: datetime | None = None) -> Payment | None:
        """The payment of our reference; `since`: before which it cannot have begun, where that is known: it spares a search."""
        ...

    def since(self, moment: datetime) -> Iterator[Payment]:
        """Every payment begun since, for staff after a restore."""
        ...

    def cancel(self, id: str) -> Payment:
        """Let nobody pay any more."""
        ...

    def refund(self, id: str, reference: str, amount: Money, house: str, onward: str = "") -> Refund:
        """Give back of a house's share; `onward`: out of the transfer of this reference, where the house has its money already."""
        ...

    def passes_on(self, house: str) -> bool:
        """Whether this account passes on a house's share to an account of its own."""
        ...

    def pass_on(self, id: str, reference: str, amount: Money, house: str) -> Transfer:
        """Pass a house's share on."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Hint:
        """Read what the provider sent."""
        ...
