"""What the functions of the sale have at hand, and what they share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.requests import Request

from etalage.model.errors import Unavailable
from etalage.model.payment import Act, Asked, Payment
from etalage.ports.payment import Payments
from etalage.ports.ticketing import Ticketing
from etalage.sales.counter import Counter
from etalage.sales.quote import Quotes
from etalage.sales.saga import Saga
from functions import letterbox
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


@dataclass(frozen=True, slots=True)
class Sale:
    """Everything that sells. `sandbox`: the provider whose page is ours, where it takes the money."""

    quotes: Quotes
    counter: Counter
    saga: Saga
    houses: Callable[[str], Ticketing]
    providers: Mapping[str, Payments]
    provider: str
    links: Links
    sandbox: Sandbox | None = None


def sale_of(request: Request) -> Sale:
    """What sells here; Unavailable `sale_missing` where nothing does."""
    sale: Sale | None = request.app.state.sale
    if sale is None:
        raise Unavailable("sale_missing", "this app was started without a sale")
    return sale


def count(request: Request, what: str, most: int) -> None:
    """Count one for this client; refuses `too_many`."""
    limits: letterbox.Limits = request.app.state.limits
    limits.count(what, letterbox.client_of(request), most, WINDOW)


def origin(request: Request) -> str:
    """Where this app stands, ending in "/", as the visitor came to it; under a site's path when they came by that."""
    base = str(request.base_url)
    path = request.url.path
    return f"{base}sites/{path.split('/')[2]}/" if path.startswith("/sites/") else base
