"""The line to Stripe: what it answers in our words, and how one thing is done once over it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from etalage.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    import stripe

HOME = "https://api.stripe.com"
API_VERSION = "2026-10-28.endive"
"""The one our pinned SDK speaks; said aloud, so that a newer SDK is a decision."""
KEYS = 3
"""Idempotency keys that are tried for one thing."""
TIMEOUT = (4, 10)
"""Seconds to connect, and to wait for an answer."""

_T = TypeVar("_T")


class StripeLine:
    """To one account. `key` is a secret; `base`: where the API stands; `retries`: how often the SDK itself asks again, under the same key."""

    def __init__(self, key: str, base: str, retries: int) -> None:
        self.key, self._base, self._retries = key, base or HOME, retries

    @cached_property
    def client(self) -> "stripe.StripeClient":
        """The SDK's own."""
        import stripe

        stripe.enable_telemetry = False
        return stripe.StripeClient(
            self.key, stripe_version=API_VERSION, base_addresses={"api": self._base}, max_network_retries=self._retries,
            http_client=stripe.RequestsClient(timeout=TIMEOUT),
        )  # fmt: skip

    def once(
        self, reference: str, act: Callable[[Any], Any], look: Callable[[], _T | None]
    ) -> tuple[_T | Any, bool]:  # fmt: skip
        """Do it once under our reference: what Stripe answered, and whether it had said so before; or what `look` found.

        What went wrong or was refused before under a key is left behind with the next: by now it may be otherwise.
        """
        import stripe

        refused: Refused | None = None
        for number in range(1, KEYS + 1):
            options = {"idempotency_key": f"{reference}.{number}"}
            try:
                made = ask(lambda: act(options))  # noqa: B023 - called at once
            except (Unavailable, Refused) as error:
                cause = error.__cause__
                if not (isinstance(cause, stripe.StripeError) and is_again(cause.headers)):
                    raise
                refused = error if isinstance(error, Refused) else None
                if (found := look()) is not None:
                    return found, True
            else:
                return made, is_again(made.last_response.headers)
        raise refused or Unavailable("payment_unknown", "Stripe only says that something went wrong", where=reference)


def ask(call: Callable[[], Any]) -> Any:
    """Stripe's answer; its errors in our words, which never hold its own: those may quote what was sent."""
    import stripe

    try:
        return call()
    except stripe.IdempotencyError as error:
        raise Refused("reference_used", "This reference stands for another payment.") from error
    except stripe.RateLimitError as error:
        raise Unavailable("payment_busy", "Stripe asks us to wait") from error
    except stripe.AuthenticationError as error:
        raise Unavailable("payment_busy", "Stripe refuses our key") from error
    except stripe.PermissionError as error:
        if error.error and error.error.code == "account_invalid":  # the SDK gives such an error no code of its own
            raise Refused("account_unknown", _NO_ACCOUNT) from error
        raise Unavailable(
            "payment_busy", "our key at Stripe may not do all that docs/how-to/payments.md says"
        ) from error
    except stripe.InvalidRequestError as error:
        raise _no(error) from error
    except stripe.StripeError as error:
        raise Unavailable("payment_unknown", "Stripe gives no usable answer") from error


def _no(error: "stripe.InvalidRequestError") -> Refused | Unavailable:
    """A request that Stripe does not take."""
    if error.http_status == 404:
        return absent("")
    if error.code in ("balance_insufficient", "insufficient_funds"):
        return Refused("balance_low", "There is too little on the balance at Stripe to give money back.")
    if error.param == "destination" or error.code == "insufficient_capabilities_for_transfer":
        return Refused("account_unknown", _NO_ACCOUNT)
    if error.code == "charge_disputed":
        return Refused("refund_too_large", "The bank has taken this money back.")
    if error.code == "charge_already_refunded" or error.param in ("amount", "source_transaction"):
        return Refused("refund_too_large", "More cannot go back than was paid.")
    return Refused("payment_wrong", "Paying does not work now. Try again in a while.")


_NO_ACCOUNT = "This house's account at Stripe is not there, or takes nothing now."


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
