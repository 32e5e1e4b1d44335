"""The line to Mollie: what it answers in our words, and how one thing is done once over it.

Nothing of the SDK's errors goes on, not even as a cause: they quote the key, or what was sent.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

import msgspec

from etalage.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    from mollie.api.client import Client

HOME = "https://api.mollie.com"
KEYS = 3
"""Idempotency keys that are tried for one thing."""
TIMEOUT = (4, 10)
"""Seconds to connect, and to wait for an answer."""

_T = TypeVar("_T")
BROKEN = "broken"
"""The word in `detail` for an answer that says that Mollie itself went wrong: it may say so again under the same key."""
TAKEN = "taken"
"""The word for a request that is like one that Mollie has, or is busy with."""
BARRED = "barred"
"""The word for what our key, or our account, may not do."""


class MollieLine:
    """To one profile. `key` is a secret; `base`: where the API stands. The SDK's sessions are of one thread, so each has its own."""

    def __init__(self, key: str, base: str) -> None:
        self.key, self._base, self._own = key, base or HOME, threading.local()

    @property
    def client(self) -> "Client":
        """This thread's own."""
        if not hasattr(self._own, "client"):
            from mollie.api.client import Client

            made = Client(api_endpoint=self._base, timeout=TIMEOUT, retry=1)
            made.set_api_key(self.key)
            self._own.client = made
        found: Client = self._own.client
        return found

    def once(self, reference: str, act: Callable[[str], Any], look: Callable[[], _T | None]) -> _T | Any:
        """Do it once under our reference: what Mollie answered, or what `look` found."""
        for number in range(1, KEYS + 1):
            key = str(uuid5(NAMESPACE_URL, f"{reference}.{number}"))
            try:
                return ask(lambda: act(key))  # noqa: B023 - called at once
            except Unavailable as no:
                if no.detail.get("why") not in (BROKEN, TAKEN):
                    raise
                if (found := look()) is not None:
                    return found
                if no.detail["why"] == TAKEN:
                    raise
        raise Unavailable("payment_unknown", "Mollie only says that something went wrong", where=reference)


def ask(call: Callable[[], Any]) -> Any:
    """Mollie's answer, or its error in our words."""
    from mollie.api import error

    try:
        return call()
    except error.UnauthorizedError:
        no: Exception = Unavailable("payment_busy", "Mollie refuses our key")
    except error.RequestSetupError:
        no = Unavailable("payment_busy", "the key is none of Mollie's: it begins with test_ or live_")
    except error.NotFoundError:
        no = absent("")
    except error.ConflictError:
        no = Unavailable("payment_unknown", "Mollie is busy with the same request", detail={"why": TAKEN})
    except error.ResponseError as given:
        no = _no(int(given.status or 0), str(given.field or ""))
    except error.Error as given:
        answered = isinstance(given, error.ResponseHandlingError)
        no = Unavailable("payment_unknown", "Mollie gives no usable answer", detail={"why": BROKEN} if answered else {})
    raise no


def _no(status: int, field: str) -> Refused | Unavailable:
    """A request that Mollie does not take."""
    if status in (403, 429):
        why = "Mollie asks us to wait" if status == 429 else "Mollie refuses our key"
        return Unavailable("payment_busy", why, detail={"why": BARRED} if status == 403 else {})
    if status >= 500:
        return Unavailable("payment_unknown", "Mollie gives no usable answer", detail={"why": BROKEN})
    return Refused("payment_wrong", "Paying does not work now. Try again in a while.", where=field)


def read(given: Any, kind: type[_T]) -> _T:
    """An object of the SDK's as ours; Unavailable when it is not what its documentation says."""
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        raise Unavailable("payment_unknown", "Mollie's answer cannot be read", detail={"why": "unreadable"}) from error


def absent(id: str) -> Refused:
    """There is no payment by that id here."""
    return Refused("payment_absent", "There is no such payment.", where=id)
