"""What we ask of Mollie, and what our simulator answers, fits Mollie's own description of August 2026.

Two things it says of itself are not so: that what only Mollie writes (`readOnly`) has to be sent with a refund, and that a payment
for which nobody chose a method yet has one.

That file is not ours to ship: it is read where it lies beside the project. The pinned SDK is mollie-api-python 4.0.0.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from etalage.model.errors import Refused
from etalage.model.money import Money
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.payment_contracts import data, faults, path_of
from tests.adapters.stripe_lab import line
from tests.laws.payment import request

pytest.importorskip("mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock")
NAME = "mollie-openapi-2026-08-21.prism.json"


@pytest.fixture(scope="module")
def lab() -> Iterator[MollieLab]:
    """A season's worth of everything we ever ask."""
    with line() as wire:
        made = MollieLab(wire)
        made.connect("linde", "brug")
        payments = made.payments()
        paid, open_ = payments.start(request(made)).id, payments.start(request(made, "r2")).id
        made.pay(paid)
        back = payments.refund(paid, "back-1", Money(1000), "brug")
        made.mollie.refunded(back.id, "failed")
        payments.pass_on(paid, "r1-linde-on", Money(1500), "linde")
        payments.refund(paid, "r1-linde-back", Money(500), "linde", "r1-linde-on")
        made.mollie.give_again(made.mollie.take_back(paid, "5.00"))
        made.mollie.rows[open_]["isCancelable"] = True
        payments.cancel(open_)
        payments.status(paid)
        payments.find("r3", made.now)
        payments.examine()
        with pytest.raises(Refused):
            payments.status("tr_none")
        yield made


def test_every_request_is_described(lab: MollieLab) -> None:
    described = data(NAME)
    assert {(one.method, one.status) for one in lab.wire.seen} == {
        ("POST", 201),
        ("GET", 200),
        ("DELETE", 200),
        ("GET", 404),
    }
    fields = described["components"]["schemas"]["entity-refund"]["properties"]
    told = [
        "_links",
        *(
            name
            for name, field in fields.items()
            if _resolved(described, field).get("readOnly") or name in ("resource", "id")
        ),
    ]
    for asked in lab.wire.seen:
        verb = described["paths"][path_of(described["paths"], asked.path)][asked.method.lower()]
        if asked.method == "POST":
            schema = {
                **verb["requestBody"]["content"]["application/json"]["schema"],
                "components": described["components"],
            }
            assert not [
                one for one in faults(schema, asked.given) if not any(f"'{name}' is a required" in one for name in told)
            ], asked.path
        else:
            known = {_resolved(described, one)["name"] for one in verb.get("parameters", ())}
            assert set(asked.given) <= known, asked.path


def test_every_answer_is_described(lab: MollieLab) -> None:
    described = data(NAME)
    for asked in lab.wire.seen:
        verb = described["paths"][path_of(described["paths"], asked.path)][asked.method.lower()]
        answer = _resolved(described, verb["responses"][str(asked.status)])
        schema = {**answer["content"]["application/hal+json"]["schema"], "components": described["components"]}
        if asked.path != "/v2/methods":  # of which we read names only
            wrong = [
                one
                for one in faults(schema, asked.answer)
                if not one.startswith("$.method: None") and "].method: None" not in one
            ]
            assert not wrong, (asked.method, asked.path, asked.status)


def test_the_states_of_their_description_are_those_we_were_told_of() -> None:
    """A new one is open to us until somebody looks at it: this is where they do."""
    schemas = data(NAME)["components"]["schemas"]
    assert set(schemas["payment-status"]["enum"]) == {
        "open",
        "pending",
        "authorized",
        "paid",
        "canceled",
        "expired",
        "failed",
    }
    assert set(schemas["refund-status"]["enum"]) == {
        "queued",
        "pending",
        "processing",
        "refunded",
        "failed",
        "canceled",
    }


def _resolved(described: Any, found: Any) -> Any:
    while "$ref" in found:
        place = described
        for part in found["$ref"].split("/")[1:]:
            place = place[part]
        found = place
    return found
