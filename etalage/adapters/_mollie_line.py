"""What Mollie answers, in our words: its errors as ours, its objects as structs.

Nothing of the SDK's errors goes on, not even as a cause: they quote the key, or what was sent.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from etalage.model.errors import Refused, Unavailable

_T = TypeVar("_T")
BROKEN = "broken"
"""The word in `detail` for an answer that says that Mollie itself went wrong: it may say so again under the same key."""
TAKEN = "taken"
"""The word for a request that is like one that Mollie has, or is busy with."""


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
        return Unavailable("payment_busy", why)
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
