"""What Stripe answers, in our words: its errors as ours, its objects as structs."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from etalage.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    import stripe

_T = TypeVar("_T")


def ask(call: Callable[[], Any]) -> Any:
    """Stripe's answer; its errors in our words, which never hold its own: those may quote what was sent."""
    import stripe

    try:
        return call()
    except stripe.IdempotencyError as error:
        raise Refused("reference_used", "This reference stands for another payment.") from error
    except stripe.RateLimitError as error:
        raise Unavailable("payment_busy", "Stripe asks us to wait") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise Unavailable("payment_busy", "Stripe refuses our key") from error
    except stripe.InvalidRequestError as error:
        raise _no(error) from error
    except stripe.StripeError as error:
        raise Unavailable("payment_unknown", "Stripe gives no usable answer") from error


def _no(error: "stripe.InvalidRequestError") -> Refused | Unavailable:
    """A request that Stripe does not take."""
    if error.http_status == 404:
        return absent("")
    if error.code == "balance_insufficient":
        return Unavailable("payment_busy", "there is too little on the balance at Stripe to give money back")
    if error.code == "charge_already_refunded" or error.param == "amount":
        return Refused("refund_too_large", "More cannot go back than was paid.")
    return Refused("payment_wrong", "Paying does not work now. Try again in a while.")


def is_again(headers: Mapping[str, str] | None) -> bool:
    """Whether Stripe had answered so before, under the same key."""
    return {name.lower(): value for name, value in (headers or {}).items()}.get("idempotent-replayed") == "true"


def read(given: Any, kind: type[_T]) -> _T:
    """An object of the SDK's as ours; Unavailable when it is not what its documentation says."""
    try:
        return msgspec.convert(given.to_dict(), kind)
    except msgspec.ValidationError as error:
        raise Unavailable("payment_unknown", "Stripe's answer cannot be read", detail={"why": "unreadable"}) from error


def absent(id: str) -> Refused:
    """There is no payment by that id here."""
    return Refused("payment_absent", "There is no such payment.", where=id)
