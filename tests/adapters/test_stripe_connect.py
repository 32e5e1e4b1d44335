"""Stripe as a platform: what is asked when a share is passed on, what can be in the way, and what it tells of banks."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from tests.adapters.stripe_lab import Line, StripeLab, line
from tests.laws.payment import request
from tests.simulators.stripe_connect import FEE

pytest.importorskip("stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock")


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture
def lab(wire: Line) -> StripeLab:
    """De Linde and De Brug have accounts of their own."""
    made = StripeLab(wire)
    made.connect("linde", "brug")
    return made


@pytest.fixture
def paid(lab: StripeLab) -> str:
    id = lab.payments().start(request(lab)).id
    lab.pay(id)
    lab.wire.seen.clear()
    return id


def test_a_transfer_comes_out_of_its_charge_and_names_no_visitor(lab: StripeLab, paid: str) -> None:
    made = lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde")
    (asked,) = [one for one in lab.wire.seen if one.method == "POST"]
    (charge,) = lab.stripe.list("charge", lambda _: True)
    assert asked.path == "/v1/transfers" and asked.headers["idempotency-key"] == "r1-linde-on.transfer.1"
    assert asked.params == {
        "amount": "2000", "currency": "eur", "destination": "acct_linde", "source_transaction": charge["id"], "transfer_group": "r1",
        "metadata": {"reference": "r1-linde-on", "house": "linde"},
    }  # fmt: skip
    assert made.id.startswith("tr_") and lab.stripe.balance("acct_linde") == 2000


def test_who_splits_nothing_is_asked_nothing_more(lab: StripeLab, paid: str) -> None:
    lab.payments().status(paid)
    assert [one.path for one in lab.wire.seen] == [f"/v1/checkout/sessions/{paid}", "/v1/transfers"]
    lab.wire.seen.clear()
    lab.destinations.clear()
    lab.payments().status(paid)
    assert [one.path for one in lab.wire.seen] == [f"/v1/checkout/sessions/{paid}"]


def test_what_was_passed_on_comes_back_also_when_the_house_has_left_since(lab: StripeLab, paid: str) -> None:
    lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde")
    lab.destinations.clear()
    lab.payments().refund(paid, "r1-linde-back", Money(500), "linde", "r1-linde-on")
    assert lab.stripe.balance("acct_linde") == 1500


def test_a_house_whose_balance_is_empty_keeps_the_refund_waiting_until_it_is_not(lab: StripeLab, paid: str) -> None:
    """Stripe pays a house's balance into its bank account every day."""
    payments = lab.payments()
    payments.pass_on(paid, "r1-linde-on", Money(2000), "linde")
    lab.stripe.pay_out("acct_linde")
    for _ in range(2):
        with pytest.raises(Refused) as no:
            payments.refund(paid, "r1-linde-back", Money(500), "linde", "r1-linde-on")
        assert no.value.code == "balance_low" and payments.status(paid).back == Money(0)
    lab.stripe.rows["acct_linde"]["_paid_out"] -= 500
    assert payments.refund(paid, "r1-linde-back", Money(500), "linde", "r1-linde-on").amount == Money(500)


def test_what_was_done_before_a_doubt_is_done_once_also_when_its_key_lapsed(lab: StripeLab, paid: str) -> None:
    payments = lab.payments()
    lab.lose()
    with pytest.raises(Unavailable):
        payments.pass_on(paid, "r1-linde-on", Money(2000), "linde")
    lab.pass_time(timedelta(days=2))
    payments.pass_on(paid, "r1-linde-on", Money(2000), "linde")
    lab.wire.writes = ["", "down"]  # taken back from the house, and then the refund was not made
    with pytest.raises(Unavailable):
        payments.refund(paid, "r1-linde-back", Money(500), "linde", "r1-linde-on")
    assert lab.stripe.balance("acct_linde") == 1500 and payments.status(paid).back == Money(0)
    lab.pass_time(timedelta(days=2))
    payments.refund(paid, "r1-linde-back-again-1", Money(500), "linde", "r1-linde-on")
    assert lab.stripe.balance("acct_linde") == 1500 and payments.status(paid).back == Money(500)


def test_many_transfers_and_many_reversals_are_all_read(lab: StripeLab, paid: str) -> None:
    payments = lab.payments()
    for number in range(101):
        payments.pass_on(paid, f"r1-{number}-on", Money(20), "linde")
    for number in range(12):
        payments.refund(paid, f"r1-linde-back-{number}", Money(1), "linde", "r1-0-on")
    payments.refund(paid, "r1-linde-back-0-again-1", Money(1), "linde", "r1-0-on")
    found = payments.status(paid).transfers
    assert [one.reference for one in found] == [f"r1-{number}-on" for number in range(101)]
    assert found[0].back == Money(12)


def test_what_staff_passed_on_by_hand_counts_and_is_of_no_house(lab: StripeLab, paid: str) -> None:
    (charge,) = lab.stripe.list("charge", lambda _: True)
    by_hand = lab.stripe.transfer({
        "amount": "2500", "currency": "eur", "destination": "acct_brug", "source_transaction": charge["id"], "transfer_group": "r1",
    })  # fmt: skip
    (found,) = lab.payments().status(paid).transfers
    assert (found.reference, found.house, found.amount) == (by_hand["id"], "", Money(2500))
    with pytest.raises(Refused) as no:
        lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde")
    assert no.value.code == "transfer_too_large"


def test_a_payment_of_another_shop_on_the_account_is_in_nobodys_way(lab: StripeLab, paid: str) -> None:
    theirs = lab.payments().start(request(lab, "r2")).id
    lab.pay(theirs)
    lab.stripe.rows[theirs]["client_reference_id"] = None
    assert [one.transfers for one in lab.payments().since(lab.now)] == [(), ()]


def test_what_stripe_itself_refuses_is_in_our_words(lab: StripeLab, paid: str) -> None:
    (charge,) = lab.stripe.list("charge", lambda _: True)
    by_hand = {"currency": "eur", "destination": "acct_brug", "source_transaction": charge["id"]}
    lab.stripe.transfer(by_hand | {"amount": "2500"})  # in no group, so we do not see it
    for house, account, code in (
        ("linde", "acct_linde", "transfer_too_large"),
        ("brug", "acct_gone", "account_unknown"),
    ):
        lab.destinations[house] = account
        with pytest.raises(Refused) as no:
            lab.payments().pass_on(paid, f"r1-{house}-on", Money(1000), house)
        assert no.value.code == code
    lab.wire.writes = ["busy"]
    with pytest.raises(Unavailable) as wait:
        lab.payments().pass_on(paid, "r1-linde-on", Money(100), "linde")
    assert wait.value.code == "payment_busy"


# --- what banks do -----------------------------------------------------------------------------------------------------


def test_what_stripe_tells_about_a_dispute_leads_to_its_payment(lab: StripeLab, paid: str) -> None:
    payments = lab.payments()
    told: list[tuple[dict[str, str], bytes]] = []
    lab.stripe.send = lambda headers, body: told.append((dict(headers), body))
    lab.stripe.decide(lab.take(paid, 3000), "lost")
    assert len(told) == 3
    for headers, body in told:
        assert payments.status(payments.read_webhook(headers, body).id).id == paid
    (lost,) = payments.status(paid).chargebacks
    assert not lost.returned and lost.fee == Money(FEE)
    with pytest.raises(Refused) as no:
        payments.status("pi_of_another_shop")
    assert no.value.code == "payment_absent"


def test_a_bank_that_only_asks_has_taken_nothing(lab: StripeLab, paid: str) -> None:
    asks = lab.stripe.dispute(paid, 3000, asks=True)
    assert lab.payments().status(paid).chargebacks == ()
    lab.stripe.decide(asks["id"], "warning_closed")
    assert lab.payments().status(paid).chargebacks == ()


def test_what_a_bank_took_does_not_go_back_a_second_time(lab: StripeLab, paid: str) -> None:
    id = lab.take(paid, 3000)
    with pytest.raises(Refused) as no:
        lab.payments().refund(paid, "back-1", Money(3000), "linde")
    assert no.value.code == "refund_too_large"
    lab.give_again(paid, id)
    assert lab.payments().refund(paid, "back-1", Money(3000), "linde").amount == Money(3000)


def test_a_fee_that_is_not_known_yet_is_told_later(lab: StripeLab, paid: str) -> None:
    (charge,) = lab.stripe.list("charge", lambda _: True)
    known = charge["balance_transaction"]
    charge["balance_transaction"] = None
    assert lab.payments().status(paid).fee is None
    charge["balance_transaction"] = known
    assert lab.payments().status(paid).fee == Money(67)


# --- the doctor --------------------------------------------------------------------------------------------------------


def test_which_house_cannot_receive_is_told(lab: StripeLab) -> None:
    lab.stripe.connect("acct_new", "pending")
    lab.destinations |= {"kassa": "acct_new", "gids": "acct_of_nobody"}
    found = lab.payments().examine_houses()
    assert (found["linde"], found["brug"]) == ("", "")
    assert "acct_new can receive nothing yet" in (found["kassa"] or "") and "pending" in (found["kassa"] or "")
    assert found["gids"] == "acct_of_nobody is no account of this platform"


def test_a_key_that_may_not_see_all_is_told_of(lab: StripeLab) -> None:
    for path, ask in (("/v1/disputes", lab.payments().examine), ("/v1/transfers", lab.payments().examine_houses)):
        lab.wire.barred = {path}
        with pytest.raises(Unavailable, match="our key at Stripe may not do all"):
            ask()
