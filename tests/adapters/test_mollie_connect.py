"""Mollie as a marketplace: what is asked when a share is routed on, what can be in the way, and how money comes back out of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import Line, line
from tests.laws.payment import request

pytest.importorskip("mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock")


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture
def lab(wire: Line) -> MollieLab:
    """De Linde and De Brug have organizations of their own."""
    made = MollieLab(wire)
    made.connect("linde", "brug")
    return made


@pytest.fixture
def paid(lab: MollieLab) -> str:
    id = lab.payments().start(request(lab)).id
    lab.pay(id)
    lab.wire.seen.clear()
    return id


def test_a_route_names_no_visitor_and_has_our_reference_for_its_words(lab: MollieLab, paid: str) -> None:
    made = lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde")
    (asked,) = [one for one in lab.wire.seen if one.method == "POST"]
    assert asked.path == f"/v2/payments/{paid}/routes" and asked.headers["idempotency-key"]
    assert asked.given == {
        "amount": {"currency": "EUR", "value": "20.00"}, "destination": {"type": "organization", "organizationId": "org_linde"},
        "description": "r1-linde-on",
    }  # fmt: skip
    assert made.id.startswith("crt_") and lab.mollie.routed(paid, "org_linde") == 2000


def test_who_splits_nothing_is_asked_nothing_more(lab: MollieLab, paid: str) -> None:
    lab.payments().status(paid)
    assert [one.path for one in lab.wire.seen] == [f"/v2/payments/{paid}", f"/v2/payments/{paid}/routes"]
    lab.wire.seen.clear()
    lab.destinations.clear()
    lab.payments().status(paid)
    assert [one.path for one in lab.wire.seen] == [f"/v2/payments/{paid}"]


def test_a_route_whose_answer_was_lost_is_one_route_also_when_its_key_lapsed(lab: MollieLab, paid: str) -> None:
    payments = lab.payments()
    lab.wire.moods = ["", "", "lost", "down"]  # the payment, its routes, then asked, then looked for
    with pytest.raises(Unavailable) as doubt:
        payments.pass_on(paid, "r1-linde-on", Money(2000), "linde")
    assert doubt.value.code == "payment_unknown"
    lab.pass_time(timedelta(hours=2))
    assert payments.status(paid).transfers == (payments.pass_on(paid, "r1-linde-on", Money(2000), "linde"),)


def test_a_fault_that_its_key_repeats_is_left_behind_with_the_next_key(lab: MollieLab, paid: str) -> None:
    lab.wire.writes = ["broken"]
    lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde")
    assert lab.mollie.routed(paid, "org_linde") == 2000


def test_a_refund_pulls_its_amount_back_in_the_same_request(lab: MollieLab, paid: str) -> None:
    payments = lab.payments()
    payments.pass_on(paid, "r1-linde-on", Money(2000), "linde")
    lab.destinations.clear()  # also when the house has left since
    payments.refund(paid, "r1-linde-back", Money(500), "linde", "r1-linde-on")
    asked = lab.wire.seen[-1].given
    assert asked["routingReversals"] == [
        {
            "amount": {"currency": "EUR", "value": "5.00"},
            "source": {"type": "organization", "organizationId": "org_linde"},
        }
    ]
    assert asked["metadata"] == {"reference": "r1-linde-back", "house": "linde", "onward": "r1-linde-on"}
    assert lab.mollie.routed(paid, "org_linde") == 1500


def test_a_refund_that_was_called_off_moved_nothing_so_the_next_try_pulls_back(lab: MollieLab, paid: str) -> None:
    payments = lab.payments()
    payments.pass_on(paid, "r1-linde-on", Money(2000), "linde")
    made = payments.refund(paid, "r1-linde-back", Money(500), "linde", "r1-linde-on")
    lab.mollie.refunded(made.id, "canceled")
    assert payments.status(paid).transfers[0].back == Money(0) and lab.mollie.routed(paid, "org_linde") == 2000
    payments.refund(paid, "r1-linde-back-again-1", Money(500), "linde", "r1-linde-on")
    assert payments.status(paid).transfers[0].back == Money(500) and lab.mollie.routed(paid, "org_linde") == 1500


def test_what_mollie_itself_refuses_is_in_our_words(lab: MollieLab, paid: str) -> None:
    payments = lab.payments()
    lab.destinations["brug"] = "org_gone"
    with pytest.raises(Refused) as no:
        payments.pass_on(paid, "r1-brug-on", Money(1000), "brug")
    assert no.value.code == "account_unknown" and no.value.where == "brug"
    lab.mollie.approved = False
    with pytest.raises(Refused) as no:
        payments.pass_on(paid, "r1-linde-on", Money(1000), "linde")
    assert no.value.code == "account_unknown"
    lab.wire.writes = ["busy"]
    with pytest.raises(Unavailable) as wait:
        payments.pass_on(paid, "r1-linde-on", Money(100), "linde")
    assert wait.value.code == "payment_busy"


def test_what_staff_routed_by_hand_counts(lab: MollieLab, paid: str) -> None:
    by_hand = {
        "amount": {"currency": "EUR", "value": "25.00"},
        "destination": {"type": "organization", "organizationId": "org_brug"},
    }
    made = lab.mollie.route(paid, by_hand)
    (found,) = lab.payments().status(paid).transfers
    assert (found.reference, found.house, found.amount) == (made["id"], "brug", Money(2500))
    with pytest.raises(Refused) as no:
        lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde")
    assert no.value.code == "transfer_too_large"


def test_mollie_does_not_say_whether_a_house_can_receive(lab: MollieLab) -> None:
    lab.destinations["kassa"] = "acct_of_another_provider"
    found = lab.payments().examine_houses()
    assert (found["linde"], found["brug"]) == (None, None) and "it begins with org_" in (found["kassa"] or "")
    assert lab.wire.seen == []
