"""What must not be anywhere after a sale at a provider: its secret keys, and any number of a card (we never see one)."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from etalage.sales.returns import of_tickets
from tests.adapters.stripe_lab import Line, line
from tests.functions import test_mollie_money, test_real_money
from tests.functions.guest import SITE
from tests.sales.world import no

pytest.importorskip("stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock")
pytest.importorskip("mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock")

CARD = re.compile(r"\b(?:\d[ -]?){15}\d\b")
"""Sixteen digits, as on a card."""
FIELD = re.compile(r"autocomplete=\"cc-|name=\"(?:card|iban|cvc|pan)|4242", re.IGNORECASE)


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture(params=["stripe", "mollie"])
def street(request: pytest.FixtureRequest, wire: Line, tmp_path: Path) -> Any:
    return {"stripe": test_real_money.Street, "mollie": test_mollie_money.Street}[request.param](wire, tmp_path)


def secrets(street: Any) -> list[str]:
    """What opens the account, and what signs its calls."""
    account = street.world.sandbox
    return [word for word in (account._key, getattr(account, "_hook_secret", "")) if word]


def lab(street: Any) -> Any:
    """The provider's own side."""
    return street.lab if hasattr(street, "lab") else street.desk


def test_after_a_sale_with_troubles_they_are_nowhere(
    street: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    street.world.houses["brug"].always["confirm"] = no("house_refused")
    street.guest.put_in("toml:linde/a/1", 2)
    street.guest.put_in("toml:brug/a/1", 1)
    pages = [street.guest.get(path).text for path in ("choose?p=toml:linde/a/1", "basket", "checkout")]
    paying = street.guest.check_out()
    card = {"way": "card", "number": "4242 4242 4242 4242"}  # the visitor gives it to the provider, on its own page
    back = httpx.post(paying.headers["location"], data=card)
    pages.append(street.guest.get(back.headers["location"].partition(SITE)[2]).text)
    order = street.world.settle(street.order().key)
    lab(street).wire.moods = ["broken", "lost"]  # the SDK tells its troubles
    street.world.saga.give_tickets(order.key, of_tickets(order, [order.good[0].code], street.world.saga.houses))
    order = street.world.settle(order.key)
    street.world.sandbox.examine()
    street.tell({"stripe-signature": "t=1,v1=x"}, b"{}")
    out, err = capfd.readouterr()
    kept = [path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    places = {"logs": [caplog.text, out, err], "pages": pages, "files": kept, "addresses": [paying.headers["location"]]}
    assert len(order.backs) == 2 and len(kept) > 1 and not lab(street).wire.moods
    for where, texts in places.items():
        assert not [word for word in secrets(street) for text in texts if word in text], where
        assert not [text for text in texts if CARD.search(text)], where
    assert not [page for page in pages if FIELD.search(page)], "no page of ours asks for a card"


def test_a_provider_that_refuses_our_key_is_told_without_it(street: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "sk_test_wrong0123456789" if hasattr(street, "lab") else "test_wrong0123456789012345678901234"
    street.world.saga.providers = {
        street.world.sandbox.name: lab(street).payments(key=wrong, name=street.world.sandbox.name)
    }
    street.guest.put_in("toml:linde/a/1", 1)
    answer = street.guest.check_out()
    assert answer.status_code == 503 and wrong not in answer.text + caplog.text + str(answer.headers)
