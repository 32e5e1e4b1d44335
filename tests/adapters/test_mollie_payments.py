"""Mollie keeps the laws of Payment, through its real SDK and over a wire; and what can happen on the way to it and after."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from msgspec.structs import replace

from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.payment import PaymentState, Refunded
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import Line, line
from tests.laws.onward import OnwardLaws
from tests.laws.payment import PaymentLaws, request

pytest.importorskip("mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock")


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture
def lab(wire: Line) -> MollieLab:
    return MollieLab(wire)


class TestMollie(PaymentLaws, OnwardLaws):
    @pytest.fixture
    def lab(self, wire: Line) -> MollieLab:
        return MollieLab(wire)


# --- asking ------------------------------------------------------------------------------------------------------------


def test_what_mollie_is_asked_for_names_no_visitor(lab: MollieLab) -> None:
    lab.payments().start(request(lab))
    (asked,) = lab.wire.seen
    assert UUID(asked.headers["idempotency-key"]).version == 5 and asked.path == "/v2/payments"
    assert asked.given == {
        "amount": {"currency": "EUR", "value": "30.00"}, "description": "Tickets r1", "locale": "nl_BE",
        "redirectUrl": "https://linde.example/order/x", "cancelUrl": "https://linde.example/order/x",
        "webhookUrl": "https://linde.example/api/payments/x/webhook",
        "metadata": {"reference": "r1", "shares": ["linde:2000:", "brug:1000:"]},
    }  # fmt: skip


def test_an_address_of_this_machine_is_no_address_to_call(lab: MollieLab) -> None:
    lab.payments().start(replace(request(lab), hook="http://127.0.0.1:8000/api/payments/mollie/webhook"))
    assert "webhookUrl" not in lab.wire.seen[0].given


def test_an_answer_that_was_lost_is_asked_for_again_and_is_one_page(lab: MollieLab) -> None:
    lab.wire.moods = ["lost"]
    first = lab.payments().start(request(lab))
    assert first == lab.payments().start(request(lab)) and len(lab.mollie.rows) == 1
    lab.wire.moods = ["lost", "down"]
    with pytest.raises(Unavailable) as doubt:
        lab.payments().start(request(lab, "r2"))
    assert doubt.value.code == "payment_unknown"
    found = lab.payments().find("r2", lab.now)
    assert found and found == lab.payments().start(request(lab, "r2")) and len(lab.mollie.rows) == 2


def test_asked_again_after_it_was_paid_it_says_so(lab: MollieLab) -> None:
    id = lab.payments().start(request(lab)).id
    lab.pay(id)
    lab.pass_time(timedelta(minutes=1))
    assert lab.payments().start(request(lab)) == replace(lab.payments().status(id))
    assert lab.payments().status(id).state is PaymentState.PAID


def test_a_fault_that_its_key_repeats_is_left_behind_with_the_next_key(lab: MollieLab) -> None:
    lab.wire.moods, asked = ["broken"], request(lab)
    made = lab.payments().start(asked)
    assert made == lab.payments().start(asked) and len(lab.mollie.rows) == 1
    keys = [one.headers["idempotency-key"] for one in lab.wire.seen if one.method == "POST"]
    assert len(keys) == 3 and keys[0] == keys[2] != keys[1]


def test_when_keys_have_lapsed_what_was_begun_is_found_and_nothing_is_begun(lab: MollieLab) -> None:
    first = request(lab)
    id = lab.payments().start(first).id
    lab.pass_time(timedelta(hours=2))
    late = lab.payments().start(first)
    assert (late.id, late.state) == (id, PaymentState.EXPIRED)
    with pytest.raises(Refused) as no:
        lab.payments().start(replace(first, reference="never asked"))
    assert no.value.code == "payment_late" and len(lab.mollie.rows) == 1


@pytest.mark.parametrize(("mood", "code"), [("busy", "payment_busy"), ("down", "payment_unknown")])
def test_who_is_told_to_wait_knows_whether_something_may_have_happened(lab: MollieLab, mood: str, code: str) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    for ask in (
        lambda: payments.start(request(lab, "r2")), lambda: payments.status(id), lambda: payments.find("r1"), lambda: payments.cancel(id),
        lambda: payments.refund(id, "b", Money(1), "linde"), lambda: list(payments.since(lab.now)), payments.examine,
    ):  # fmt: skip
        lab.wire.moods = [mood] * 5
        with pytest.raises(Unavailable) as wait:
            ask()
        assert wait.value.code == code


def test_nobody_there_and_a_wrong_key_are_no_answer_and_the_key_is_in_no_word_of_it(
    lab: MollieLab, caplog: pytest.LogCaptureFixture
) -> None:
    """Mollie's errors quote what they were given; not even the cause of ours keeps them."""
    caplog.set_level(logging.DEBUG)
    wrong = "test_from_another_shop"
    for payments, code in (
        (lab.payments(base="http://127.0.0.1:9"), "payment_unknown"), (lab.payments(key=wrong), "payment_busy"),
        (lab.payments(key="sk_" + wrong), "payment_busy"),
    ):  # fmt: skip
        with pytest.raises(Unavailable) as no:
            payments.start(request(lab))
        assert no.value.code == code and wrong not in str(no.value)
        assert no.value.__cause__ is None and no.value.__context__ is None
    assert wrong not in caplog.text and lab.mollie.key not in caplog.text


# --- what the visitor does -------------------------------------------------------------------------------------------


def test_a_visitor_pays_on_the_hosted_page_with_bancontact(lab: MollieLab) -> None:
    told: list[bytes] = []
    lab.mollie.send = lambda headers, body: told.append(body)
    payment = lab.payments().start(request(lab))
    with httpx.Client(follow_redirects=True) as browser:
        assert "€ 30.00" in browser.get(payment.url).text
        assert "Bevestigen" in browser.post(payment.url, data={"way": "bancontact"}).text
        back = browser.post(payment.url, data={"way": "confirmed"}, follow_redirects=False)
    assert back.headers["location"] == "https://linde.example/order/x"
    paid = lab.payments().status(payment.id)
    assert (paid.state, paid.paid_at, paid.url) == (PaymentState.PAID, lab.now, "")
    assert told == [f"id={payment.id}".encode()]


def test_words_that_nobody_knows_yet_change_nothing(lab: MollieLab) -> None:
    payments = lab.payments()
    id, other = payments.start(request(lab)).id, payments.start(request(lab, "r2")).id
    lab.mollie.pay(id, "wero_of_2030")
    lab.mollie.rows[other] |= {"status": "thinking", "moods": ["new"]}
    assert (payments.status(id).state, payments.status(other).state) == (PaymentState.PAID, PaymentState.OPEN)


def test_what_the_bank_has_yet_to_confirm_is_not_paid(lab: MollieLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.mollie.begin(id)
    assert (payments.status(id).state, payments.status(id).url) == (PaymentState.OPEN, "")
    lab.pay(id)
    assert payments.status(id).state is PaymentState.PAID


def test_a_page_that_can_be_closed_is_closed(lab: MollieLab) -> None:
    lab.mollie.cancelable = True
    id = lab.payments().start(request(lab)).id
    assert lab.payments().cancel(id).state is PaymentState.CANCELLED


def test_another_currency_or_somebody_elses_payment_pays_for_nothing(lab: MollieLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    row = lab.mollie.rows[id]
    row["amount"] = {"currency": "JPY", "value": "3000"}
    assert (payments.status(id).amount, payments.status(id).state) == (Money(0), PaymentState.PAID)
    row |= {"amount": {"currency": "EUR", "value": "30.00"}, "metadata": "of another shop"}
    assert (payments.status(id).reference, payments.status(id).shares) == ("", ())
    row["mode"] = "live"
    for strange in (id, "tr_ofNobody", "tr_../methods", "sb_1", ""):
        with pytest.raises(Refused) as no:
            payments.status(strange)
        assert no.value.code == "payment_absent"


# --- what comes back -------------------------------------------------------------------------------------------------


def test_a_refund_waits_for_money_on_the_balance_and_may_fail_days_later(lab: MollieLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    made = payments.refund(id, "back-1", Money(3000), "linde")
    assert made.state is Refunded.PENDING
    for status, state in (("processing", Refunded.PENDING), ("refunded", Refunded.DONE), ("failed", Refunded.FAILED)):
        lab.mollie.refunded(made.id, status)
        assert payments.status(id).refunds[0].state is state
    assert payments.status(id).back == Money(0)
    again = payments.refund(id, "back-1", Money(3000), "linde")
    assert again.state is Refunded.FAILED, "the same reference is the same refund"
    assert payments.refund(id, "back-2", Money(3000), "linde").state is Refunded.PENDING


def test_a_refund_whose_answer_was_lost_is_one_refund_also_when_its_key_lapsed(lab: MollieLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    lab.wire.moods = ["", "lost", "down"]  # read first, then asked, then looked for
    with pytest.raises(Unavailable):
        payments.refund(id, "back-1", Money(1000), "brug")
    lab.pass_time(timedelta(hours=2))
    assert payments.refund(id, "back-1", Money(1000), "brug").amount == Money(1000)
    with pytest.raises(Refused) as no:
        payments.refund(id, "back-1", Money(1000), "linde")
    assert no.value.code == "reference_used"
    assert payments.refund(id, "back-2", Money(1000), "brug").id != "", "as much for another house is no duplicate"
    assert payments.status(id).back == Money(2000)


def test_what_staff_gave_back_by_hand_and_what_a_bank_took_do_not_go_back_a_second_time(lab: MollieLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    lab.mollie.refund(id, {"amount": {"currency": "EUR", "value": "10.00"}, "description": "by hand"})
    taken = lab.mollie.take_back(id, "15.00")
    assert payments.status(id).back == Money(1000) and payments.status(id).state is PaymentState.PAID
    with pytest.raises(Refused) as no:
        payments.refund(id, "back-1", Money(600), "linde")
    assert no.value.code == "refund_too_large"
    lab.mollie.give_again(taken)
    assert payments.refund(id, "back-1", Money(600), "linde").amount == Money(600)


def test_many_payments_are_all_read(lab: MollieLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    for number in range(260):
        lab.mollie.create(
            {"amount": {"currency": "EUR", "value": "1.00"}, "description": f"s{number}", "redirectUrl": "x"}
        )
    assert payments.find("r1") == payments.status(id)
    assert len(list(payments.since(lab.now))) == 261


# --- what Mollie tells -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"", b"id=", b"id=tr_1&id=tr_2", b"id=../methods", b"id=re_1", b'{"id": "tr_1"}', b"\xff", b"hello", b"id=tr_" + b"a" * 99]
)  # fmt: skip
def test_what_is_no_call_of_mollies_is_refused(lab: MollieLab, body: bytes) -> None:
    with pytest.raises(Refused) as no:
        lab.payments().read_webhook({}, body)
    assert no.value.code == "webhook_forged" and not lab.wire.seen


def test_the_ways_to_pay_are_told(lab: MollieLab) -> None:
    assert lab.payments().examine() == ("bancontact", "creditcard", "kbc")
