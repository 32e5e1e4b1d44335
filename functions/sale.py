"""What the functions of the sale have at hand, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec.structs import replace
from starlette.datastructures import URL
from starlette.requests import Request

from etalage.model.basket import Wish, house_of
from etalage.model.checkout import Shown
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.seating import labels
from etalage.model.shelf import Item, Shelf
from functions import letterbox, shelves
from functions.clocks import last_moment

if TYPE_CHECKING:  # what it holds is made elsewhere: who only looks at one thing reads nothing of the others
    from datetime import datetime

    from etalage.model.house import Contact
    from etalage.model.payment import Act, Asked, Payment
    from etalage.model.sale import Seat
    from etalage.ports.payment import Payments
    from etalage.ports.ticketing import Ticketing
    from etalage.sales.admission import Admission
    from etalage.sales.baskets import Baskets
    from etalage.sales.counter import Counter
    from etalage.sales.passes import Passes
    from etalage.sales.post import Post
    from etalage.sales.quote import Quotes
    from etalage.sales.saga import Saga
    from functions.letters import Secretary
    from functions.links import Links

WINDOW = 600
"""Seconds over which a client is counted."""


class Sandbox(Protocol):
    """The provider whose page is our own."""

    def kept(self, id: str) -> Asked: ...

    def act(self, id: str, act: Act) -> Payment: ...

    def tell(self, id: str) -> None: ...

    def call_later(self, id: str, moment: datetime) -> None: ...

    def calls_due(self) -> Sequence[str]: ...


class Sale(msgspec.Struct, frozen=True):
    """Everything that sells. `sandbox`: the provider whose page is ours, where it takes the money.

    `pays`: site → who takes the money there, `provider` where it says nothing; on the sites of `in_turn` each house its own.
    `desks`: the houses where who has a pass may reserve and pay at the desk, when its system is silent.
    `post` and `secretary`: letters and tickets; `room`: where one waits at a peak; `postcodes`: the houses that ask where buyers live.
    """

    quotes: Quotes
    counter: Counter
    saga: Saga
    houses: Callable[[str], Ticketing]
    providers: Mapping[str, Payments]
    provider: str
    links: Links
    sandbox: Sandbox | None = None
    room: Admission | None = None
    post: Post | None = None
    secretary: Secretary | None = None
    postcodes: frozenset[str] = frozenset()
    pays: Mapping[str, str] = msgspec.field(default_factory=dict)
    in_turn: frozenset[str] = frozenset()
    desks: Mapping[str, Contact] = msgspec.field(default_factory=dict)

    def provider_at(self, site: str) -> str:
        """Who takes the money on a site."""
        return self.pays.get(site, self.provider)

    def each(self, site: str, wishes: Iterable[Wish]) -> dict[str, str]:
        """House → who takes its money, for a basket on a site where one pays in turn; nothing elsewhere."""
        houses = {house_of(wish.performance) for wish in wishes if site in self.in_turn}
        return {house: self.provider_at(house) for house in houses}

    @property
    def passes(self) -> Passes:
        """What passes may have."""
        return self.saga.passes

    @property
    def baskets(self) -> Baskets:
        """What is chosen and not yet ordered."""
        from etalage.sales.baskets import Baskets

        return Baskets(self.counter)


def sale_of(request: Request) -> Sale:
    """What sells here; Unavailable `sale_missing` where nothing does."""
    sale: Sale | None = request.app.state.sale
    if sale is None:
        raise Unavailable("sale_missing", "this app was started without a sale")
    return sale


def in_agenda(request: Request, performances: Iterable[str], language: str = "") -> dict[str, Item]:
    """These dates as a site shows them, the visitor's own first. Refuses `performance_unknown` what none shows as a date to come.

    And `enrol_whole` a further date of a course: one enrols by the first, for all.
    """
    known, now, found = shelves.of(request), sale_of(request).saga.clock(), dict[str, Item]()
    sites = shelves.nearest(request)
    for one in performances:
        for shelf in (known.shelf(site, language) for site in sites):
            if one in shelf.items and is_coming(shelf.items[one], shelf.timezone, now):
                _by_the_whole(shelf, one)
                found[one] = shelf.items[one]
                break
        else:
            raise Refused("performance_unknown", "One of these dates is not in our agenda.", where=one[:200])
    return found


def _by_the_whole(shelf: Shelf, performance: str) -> None:
    enrolment = shelf.enrolment(performance)
    if enrolment and enrolment.performance != performance:
        raise Refused("enrol_whole", "One enrols for all dates together.", where=performance[:200])


def shown(sale: Sale, items: Mapping[str, Item], wishes: Iterable[Wish]) -> dict[str, Shown]:
    """What an order remembers of its dates. The houses are asked what their seats are called."""
    seats = seat_names(sale, wishes)
    return {id: replace(shown_of(item), seats=seats.get(id, {})) for id, item in items.items()}


def shown_of(item: Item) -> Shown:
    """What is remembered of a date as a site shows it."""
    return msgspec.convert(item, Shown, from_attributes=True)


def seat_names(sale: Sale, wishes: Iterable[Wish]) -> dict[str, dict[str, str]]:
    """Performance → what each seat that is wanted there is called; nothing of a house that is silent: its seats keep their ids."""
    wanted: dict[str, set[str]] = {}
    for wish in wishes:
        if wish.seats:
            wanted.setdefault(wish.performance, set()).update(wish.seats)
    names: dict[str, dict[str, str]] = {}
    for id, seats in wanted.items():
        with suppress(EtalageError):
            plan = sale.quotes.ask(house_of(id), _plan(id)).result()
            names[id] = {seat: name for seat, name in labels(plan).items() if seat in seats}
    return names


def _plan(id: str) -> Callable[[Ticketing], Sequence[Seat]]:
    return lambda house: house.seatmap(id)


def is_coming(item: Item, zone: str, now: datetime) -> bool:
    """Whether a date is still to come, and not called off."""
    over = last_moment(item, zone)
    return not item.off and (over is None or over > now)


def count(request: Request, what: str, most: int, *, look: bool = False) -> None:
    """Count one for this client, or only `look` how many there were; refuses `too_many`."""
    limits: letterbox.Limits = request.app.state.limits
    limits.count(what, letterbox.client_of(request), most, WINDOW, look=look)


def origin(request: Request) -> str:
    """Where this app stands, ending in "/", as the visitor came to it; under a site's path when they came by that."""
    base = base_of(request)
    if not request.scope["path"].startswith("/sites/"):  # to make an address of it takes longer than to look
        return base
    return f"{base}sites/{request.url.path.split('/')[2]}/"


def base_of(request: Request) -> str:
    """The address of the app itself, ending in "/"; made once for each name by which visitors come."""
    scope = request.scope
    root, server = scope.get("app_root_path", scope.get("root_path", "")), scope.get("server")
    return _base(scope["scheme"], request.headers.get("host"), tuple(server) if server else None, root)


@lru_cache(maxsize=100)
def _base(scheme: str, host: str | None, server: tuple[str, int | None] | None, root: str) -> str:
    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    path = root if root.endswith("/") else f"{root}/"
    return str(URL(scope={"scheme": scheme, "server": server, "path": path, "headers": headers}))
