"""What we ask of Stripe stands in its description, and what our simulator answers looks like Stripe's own examples.

The description is of August 2023, the newest to be had; the examples are of 2026. The adapter names the version it speaks.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from etalage.model.errors import Refused
from etalage.model.money import Money
from tests.adapters.payment_contracts import data, faults, path_of, strangers
from tests.adapters.stripe_lab import StripeLab, line
from tests.laws.payment import request

pytest.importorskip("stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock")


@pytest.fixture(scope="module")
def lab() -> Iterator[StripeLab]:
    """A season's worth of everything we ever ask."""
    with line() as wire:
        made = StripeLab(wire)
        made.connect("linde", "brug")
        payments = made.payments()
        paid, open_ = payments.start(request(made)).id, payments.start(request(made, "r2")).id
        made.pay(paid)
        payments.refund(paid, "back-1", Money(1000), "brug")
        payments.pass_on(paid, "r1-linde-on", Money(2000), "linde")
        payments.refund(paid, "r1-linde-back", Money(500), "linde", "r1-linde-on")
        made.give_again(paid, made.take(paid, 1500))
        payments.status(made.stripe.rows[paid]["payment_intent"])
        payments.examine_houses()
        payments.cancel(open_)
        payments.cancel(open_)
        payments.find("r3", made.now - timedelta(days=1))
        for wrong in (lambda: payments.status("cs_test_none"), lambda: payments.start(request(made, cents=4000))):
            with pytest.raises(Refused):
                wrong()
        yield made


NEW = {"/v1/disputes": "DisputeListParams"}
"""What the description leaves out: the pinned SDK has its parameters."""


def test_every_request_is_described(lab: StripeLab) -> None:
    described = data("stripe-openapi-subset-2023-08-16.prism.json")["paths"]
    assert len(lab.wire.seen) > 8
    for asked in [one for one in lab.wire.seen if one.path not in NEW]:
        verb = described[path_of(described, asked.path)][asked.method.lower()]
        if asked.method == "POST":
            content = verb["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
            fields: dict[str, Any] = content.get("properties", {})
            assert set(content.get("required", ())) <= set(asked.params)
            for name, value in asked.params.items():
                if isinstance(value, str):
                    assert name in fields, f"{asked.path}: {name}"
                    assert not faults(fields[name], int(value) if fields[name]["type"] == "integer" else value)
        else:
            known = {one["name"] for one in verb.get("parameters", ())}
            plain = {name for name, value in asked.params.items() if isinstance(value, str)}
            assert plain <= known, asked.path


def test_the_nested_fields_are_those_of_the_pinned_sdk(lab: StripeLab) -> None:
    """The description lost its nested fields; the SDK, made from the newest, has them as types."""
    from stripe import params
    from stripe.params.checkout import SessionCreateParams, SessionListParams
    from stripe.params.checkout import _session_create_params as nested

    made = next(one.params for one in lab.wire.seen if one.path == "/v1/checkout/sessions" and one.method == "POST")
    assert set(made) <= set(SessionCreateParams.__annotations__)
    (item,) = made["line_items"]
    for given, kind in (
        (item, "LineItem"), (item["price_data"], "LineItemPriceData"), (item["price_data"]["product_data"], "LineItemPriceDataProductData"),
        (made["payment_intent_data"], "PaymentIntentData"), (made["adaptive_pricing"], "AdaptivePricing"),
    ):  # fmt: skip
        assert set(given) <= set(getattr(nested, f"SessionCreateParams{kind}").__annotations__), kind
    back = next(one.params for one in lab.wire.seen if one.path == "/v1/refunds" and one.method == "POST")
    assert set(back) <= set(params.RefundCreateParams.__annotations__)
    for path, kind in (("/v1/transfers", "TransferCreateParams"), ("/reversals", "TransferCreateReversalParams")):
        given = next(one.params for one in lab.wire.seen if one.path.endswith(path) and one.method == "POST")
        assert set(given) <= set(getattr(params, kind).__annotations__), kind
    for path, kind in NEW.items():
        asked = [one.params for one in lab.wire.seen if one.path == path]
        assert asked and all(set(one) <= set(getattr(params, kind).__annotations__) for one in asked), kind
    listed = [one.params for one in lab.wire.seen if one.path == "/v1/checkout/sessions" and one.method == "GET"]
    assert any("created" in one for one in listed)
    assert all(set(one) <= set(SessionListParams.__annotations__) for one in listed)


def test_what_the_simulator_keeps_looks_like_stripes_own(lab: StripeLab) -> None:
    examples = data("stripe-fixtures3-2026-07-29.json")["resources"]
    kinds = set()
    for row in [*lab.stripe.rows.values(), *lab.stripe.events]:
        shown = {name: value for name, value in row.items() if not name.startswith("_") and name != "data"}
        kinds.add(row["object"])
        assert not list(strangers(shown, examples[row["object"]], row["object"]))
    assert kinds == {
        "checkout.session", "payment_intent", "charge", "balance_transaction", "refund", "event", "account", "transfer",
        "transfer_reversal", "dispute",
    }  # fmt: skip
