"""What scripts are told, field by field: functions/openapi.py describes it, and a test holds every answer to it.

All are closed: a field that is not here is not given. Amounts are in cents, moments ISO 8601 with their offset.
"""

from typing import Literal

import msgspec

from etalage.model.basket import Wish
from etalage.model.checkout import Part, State
from etalage.model.offer import Stock
from etalage.model.peak import Stage


class Closed(msgspec.Struct, forbid_unknown_fields=True):
    """A table with no other fields than these."""


class Problem(Closed):
    """RFC 9457. `code` is permanent (docs/reference/problems.md), `title` in the visitor's words, `where` what it is about."""

    type: str
    title: str
    status: int
    code: str
    where: str = ""


class Health(Closed):
    """`sites`: name → when it was built."""

    status: Literal["ok"]
    sites: dict[str, str]


class FoundDate(Closed):
    """`start`: a moment, or a day where the time is not known."""

    id: str
    start: str


class FoundProduction(Closed):
    """`performances`: those that pass the filters. `house`: the id of who presents it."""

    id: str
    title: str
    url: str
    house: str
    performances: list[FoundDate]


class Corrected(Closed, rename={"word": "from"}):
    """A word that was not known, and what was searched for instead."""

    word: str
    to: str


class FoundTime(Closed, rename={"since": "from"}):
    """The time words of a question. `days`: 1 is Monday."""

    since: str | None
    until: str | None
    days: list[int]
    evening: bool


class Understood(Closed):
    """How the question was read."""

    words: list[str]
    corrected: Corrected | None
    when: FoundTime | None


class Found(Closed):
    """`counts`: per filter and value, how many there would be."""

    total: int
    results: list[FoundProduction]
    counts: dict[str, dict[str, int]]
    understood: Understood


class Left(Closed):
    """What is left of a performance, as of a moment. `free`: places, null when the house does not tell."""

    state: Stock
    free: int | None
    as_of: str


class LineSent(Closed):
    """A line of a basket. Without a tariff the house's standard one is meant; with seats `quantity` is their number.

    `quote`: what a pass was told (POST /api/uitpas/tariffs); then `tariff` is one of those, or the house's own for the regular price.
    """

    performance: str
    tariff: str = ""
    quantity: int = 1
    seats: tuple[str, ...] = ()
    quote: str = ""

    def wish(self) -> Wish:
        """As the basket has it."""
        return Wish(
            performance=self.performance,
            tariff=self.tariff,
            quantity=self.quantity,
            seats=self.seats,
            quote=self.quote,
        )


class ReductionTold(Closed):
    """What a pass may have. `price` of one place, `remaining` for how many; `name` as the pass's own system has it."""

    id: str
    name: str
    price: int
    remaining: int


class PassTold(Closed):
    """What a pass may have at a tariff. `quote`: to buy with, within the hour; "" when it may have nothing. `message`: the system's own words."""

    quote: str
    tariffs: list[ReductionTold]
    message: str


class TariffTold(Closed):
    """A price one could choose. `name` in the language of Accept-Language."""

    id: str
    name: str
    price: int


class LineTold(Closed):
    """A priced line; `price` is of one place."""

    performance: str
    house: str
    tariff: str
    quantity: int
    price: int
    tariffs: list[TariffTold]


class QuoteTold(Closed):
    """What a basket costs now."""

    lines: list[LineTold]
    fees: int
    total: int
    currency: str


class TurnTold(Closed):
    """One of the orders of a basket whose houses are paid one after the other, in that order; `order` is its token."""

    order: str
    house: str
    total: int
    state: State
    pay_url: str


class CheckoutTold(Closed):
    """`order`: the token of GET /api/orders. `pay_url`: where to pay, "" when there is nothing to pay. `expires`: until when.

    `turn`: only where each house is paid by itself and there are several; then the rest is of the first of them.
    """

    order: str
    pay_url: str
    expires: str | None
    total: int
    currency: str
    state: State
    turn: list[TurnTold] = []


class WaitingTold(Closed):
    """Where a session stands in the queue. `ahead`: null before the draw; `wait`, `again`: seconds until its turn, and until the next look.

    `before` and `about` say it in words, in the language of Accept-Language.
    """

    stage: Stage
    ahead: int | None
    wait: int
    again: float
    before: str
    about: str


class TicketTold(Closed):
    """Right of entry, one place. `code`: what the door reads."""

    code: str
    seat: str
    cancelled: bool


class OrderLineTold(Closed):
    """A performance and tariff of an order. `state`: docs/reference/checkout.md."""

    performance: str
    tariff: str
    house: str
    state: Part
    tickets: list[TicketTold]


class OrderTold(Closed):
    """An order, as far as it is now; nothing of who bought it. `code`: why it ended without a sale, "" when it did not.

    `turn`: only of an order that is one of several, each paid by itself; all of them, this one too.
    """

    order: str
    state: State
    lines: list[OrderLineTold]
    total: int
    refunded: int
    currency: str
    pay_url: str
    code: str
    turn: list[TurnTold] = []


class Nothing(Closed):
    """An empty table."""


class Wished(Closed):
    """A date as it is now. `url` is relative to the site's root, `joins` are first names, "" for who left none.

    `sold`: its house sells it through this site. `classes`: the production for which a teacher asks for it at `/request?p=`.
    `doors`: when they open, as a clock shows it. `keys`: what other systems call it; `cdbid` is its id in UiTdatabank.
    """

    id: str
    title: str
    url: str
    when: str
    lang: str = ""
    start: str = ""
    end: str = ""
    place: str = ""
    house: str = ""
    state: str = ""
    off: bool = False
    sold: bool = False
    doors: str = ""
    classes: str = ""
    keys: dict[str, str] = {}
    joins: list[str] = []


class WishedDates(Closed):
    """What these dates are now."""

    items: list[Wished]


class WishlistMade(Closed):
    """`secret`: with it, and only now given, the list can be taken away."""

    token: str
    url: str
    secret: str
    expires: str


class WishlistTold(Closed):
    """A shared list."""

    site: str
    performances: list[str]
    made: str
    expires: str
    items: list[Wished]


class Joined(Closed):
    """`key`: changes or withdraws this tick."""

    key: str
