"""The alarm: tells staff, once and without anything personal, that a sale wants a look. One line of JSON in the log `etalage.sale`."""

import json
import logging

from etalage.model.checkout import Alert, Checkout
from etalage.model.payment import Payment
from etalage.model.school import SchoolRequest

_LOG = logging.getLogger("etalage.sale")


def sound(alert: Alert, checkout: Checkout) -> None:
    """Tell of a checkout: its key, where it stands, and the houses concerned. No name, no address, no ticket code."""
    told = {
        "alert": alert.value, "order": checkout.key, "site": checkout.site, "state": checkout.state.value,
        "shares": {share.house: share.state.value for share in checkout.shares}, "total": checkout.total.cents,
    }  # fmt: skip
    _LOG.error(json.dumps(told))


def strange(key: str) -> None:
    """Tell of a checkout that another version of us wrote and this one cannot read; it is left as it is."""
    _LOG.error(json.dumps({"alert": Alert.FOREIGN.value, "order": key}))


def unmatched(provider: str, payment: Payment) -> None:
    """Tell of money that came for an order that is not in our records: how much, and by which reference it stands at the provider."""
    told = {
        "alert": Alert.UNMATCHED.value,
        "provider": provider,
        "reference": payment.reference,
        "total": payment.amount.cents,
    }
    _LOG.error(json.dumps(told))


def locked(house: str, system: str, why: str) -> None:
    """Tell that a system of passes does not let a house in: its account there is wrong, or may not do enough."""
    _LOG.error(json.dumps({"alert": Alert.DISCOUNT_LOCKED.value, "house": house, "system": system, "why": why}))


def letter(alert: str, id: str, checkout: Checkout | SchoolRequest, code: str) -> None:
    """Tell of a letter that hangs or cannot be sent: its id and why. Whom it is for stands in the order."""
    _LOG.error(json.dumps({"alert": alert, "letter": id, "order": checkout.key, "site": checkout.site, "code": code}))
