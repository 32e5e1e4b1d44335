"""Stripe keeps the laws of Payment, through its real SDK and over a wire; and what can happen on the way to it and after."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace

from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.payment import PaymentState, Refunded
from tests.adapters.stripe_lab import Line, StripeLab, line
from tests.laws.onward import OnwardLaws
from tests.laws.payment import PaymentLaws, request
from tests.simulators.stripe import API_VERSION

pytest.importorskip("stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock")


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture
def lab(wire: Line) -> StripeLab:
    return StripeLab(wire)


class TestStripe(PaymentLaws, OnwardLaws):
    @pytest.fixture
    def lab(self, wire: Line) -> StripeLab:
        return StripeLab(wire)


# --- asking ------------------------------------------------------------------------------------------------------------


def test_what_stripe_is_asked_for_names_no_visitor_and_says_which_api(lab: StripeLab) -> None:
    lab.payments().start(request(lab))
    (asked,) = lab.wire.seen
    assert asked.headers["stripe-version"] == API_VERSION and asked.headers["idempotency-key"] == "r1.1"
    assert asked.params == {
        "mode": "payment", "client_reference_id": "r1", "adaptive_pricing": {"enabled": "false"}, "locale": "nl",
        "line_items": [{"quantity": "1", "price_data": {"currency": "eur", "unit_amount": "3000", "product_data": {"name": "Tickets"}}}],
        "success_url": "https://linde.example/order/x", "cancel_url": "https://linde.example/order/x",
        "expires_at": str(int((lab.now + timedelta(minutes=40)).timestamp())),
        "metadata": {"share_1": "linde:2000:", "share_2": "brug:1000:"},
        "payment_intent_data": {"description": "Tickets r1", "metadata": {"reference": "r1"}, "transfer_group": "r1"},
    }  # fmt: skip


def test_an_answer_that_was_lost_is_asked_for_again_and_is_one_page(lab: StripeLab) -> None:
    lab.wire.moods = ["lost"]
    with pytest.raises(Unavailable) as doubt:
        lab.payments().start(request(lab))
    assert doubt.value.code == "payment_unknown"
    found = lab.payments().find("r1", lab.now)
    assert found and found == lab.payments().start(request(lab))
    assert len(lab.stripe.list("checkout.session", lambda _: True)) == 1


def test_the_sdk_itself_asks_again_under_the_same_key(lab: StripeLab) -> None:
    lab.wire.moods = ["lost"]
    assert lab.payments(retries=1).start(request(lab)).state is PaymentState.OPEN
    assert len(lab.stripe.list("checkout.session", lambda _: True)) == 1


def test_asked_again_after_it_was_paid_it_says_so(lab: StripeLab) -> None:
    """What Stripe repeats is its first answer; what stands now is another."""
    id = lab.payments().start(request(lab)).id
    lab.pay(id)
    assert lab.payments().start(request(lab)).state is PaymentState.PAID


def test_a_fault_that_its_key_repeats_is_left_behind_with_the_next_key(lab: StripeLab) -> None:
    lab.wire.moods, asked = ["broken"], request(lab)
    with pytest.raises(Unavailable):
        lab.payments().start(asked)
    assert lab.payments().start(asked).state is PaymentState.OPEN
    assert [one.headers["idempotency-key"] for one in lab.wire.seen if one.method == "POST"] == ["r1.1", "r1.1", "r1.2"]
    lab.pass_time(timedelta(minutes=1))
    assert lab.payments().start(asked).state is PaymentState.OPEN
    assert len(lab.stripe.list("checkout.session", lambda _: True)) == 1


def test_when_keys_have_lapsed_what_was_begun_is_found_and_nothing_is_begun(lab: StripeLab) -> None:
    first = request(lab)
    id = lab.payments().start(first).id
    lab.pass_time(timedelta(days=3))
    late = lab.payments().start(first)
    assert (late.id, late.state) == (id, PaymentState.EXPIRED)
    with pytest.raises(Refused) as no:
        lab.payments().start(replace(first, amount=Money(1), shares=(replace(first.shares[0], amount=Money(1)),)))
    assert no.value.code == "reference_used"
    with pytest.raises(Refused) as no:
        lab.payments().start(replace(first, reference="never asked"))
    assert no.value.code == "payment_late"
    assert len(lab.stripe.list("checkout.session", lambda _: True)) == 1


@pytest.mark.parametrize(("mood", "code"), [("busy", "payment_busy"), ("down", "payment_unknown")])
def test_who_is_told_to_wait_knows_whether_something_may_have_happened(lab: StripeLab, mood: str, code: str) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    for ask in (
        lambda: payments.start(request(lab, "r2")), lambda: payments.status(id), lambda: payments.find("r1"),
        lambda: payments.cancel(id), lambda: payments.refund(id, "b", Money(1), "linde"), lambda: list(payments.since(lab.now)),
    ):  # fmt: skip
        lab.wire.moods = [mood]
        with pytest.raises(Unavailable) as wait:
            ask()
        assert wait.value.code == code


def test_nobody_there_and_a_wrong_key_are_no_answer_and_the_key_is_in_no_word_of_it(
    lab: StripeLab, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "sk_test_from_another_shop"
    for payments, code in (
        (lab.payments(base="http://127.0.0.1:9"), "payment_unknown"), (lab.payments(key=wrong), "payment_busy"),
    ):  # fmt: skip
        with pytest.raises(Unavailable) as no:
            payments.start(request(lab))
        assert no.value.code == code and wrong not in str(no.value)
    assert wrong not in caplog.text and lab.stripe.key not in caplog.text


def test_too_little_for_stripe_is_refused(lab: StripeLab) -> None:
    small = request(lab)
    with pytest.raises(Refused) as no:
        lab.payments().start(replace(small, amount=Money(49), shares=(replace(small.shares[0], amount=Money(49)),)))
    assert no.value.code == "payment_wrong"


# --- what the visitor does -------------------------------------------------------------------------------------------


def test_a_visitor_pays_on_the_hosted_page_with_bancontact_after_a_card_was_refused(lab: StripeLab) -> None:
    told: list[bytes] = []
    lab.stripe.send = lambda headers, body: told.append(body)
    payment = lab.payments().start(request(lab))
    with httpx.Client(follow_redirects=True) as browser:
        assert "€ 30.00" in browser.get(payment.url).text
        assert "€ 30.00" in browser.post(payment.url, data={"way": "declined"}).text, "one may try again"
        assert lab.payments().status(payment.id).state is PaymentState.OPEN
        assert "Bevestigen" in browser.post(payment.url, data={"way": "bancontact"}).text
        back = browser.post(payment.url, data={"way": "confirmed"}, follow_redirects=False)
    assert back.headers["location"] == "https://linde.example/order/x"
    paid = lab.payments().status(payment.id)
    assert (paid.state, paid.paid_at, paid.url) == (PaymentState.PAID, lab.now, "")
    assert paid.fee == Money(67), "what Stripe keeps of it is read back"
    assert len(told) == 1


def test_a_method_of_payment_that_nobody_knows_yet_is_money_too(lab: StripeLab) -> None:
    id = lab.payments().start(request(lab)).id
    lab.stripe.pay(id, "wero_of_2030")
    assert lab.payments().status(id).state is PaymentState.PAID


def test_money_that_takes_days_is_not_paid_until_it_is_there(lab: StripeLab) -> None:
    """`completed` says only that the visitor is done: Stripe's own trap."""
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.stripe.begin(id)
    hint = payments.read_webhook(*_sent(lab, id, "checkout.session.completed"))
    assert payments.status(hint.id).state is PaymentState.OPEN
    assert payments.cancel(id).state is PaymentState.OPEN, "money that is under way cannot be stopped"
    lab.pass_time(timedelta(days=2))
    lab.stripe.settle(id)
    hint = payments.read_webhook(*_sent(lab, id, "checkout.session.async_payment_succeeded"))
    assert payments.status(hint.id).state is PaymentState.PAID


def test_another_currency_or_somebody_elses_page_pays_for_nothing(lab: StripeLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    row = lab.stripe.rows[id]
    row["currency"] = "jpy"
    assert (payments.status(id).amount, payments.status(id).state) == (Money(0), PaymentState.PAID)
    row |= {"currency": "eur", "client_reference_id": None, "metadata": {"shop": "books"}}
    assert (payments.status(id).reference, payments.status(id).shares) == ("", ())
    row["livemode"] = True
    for strange in (id, "cs_test_of_nobody", "../charges", "sb_1", ""):
        with pytest.raises(Refused) as no:
            payments.status(strange)
        assert no.value.code == "payment_absent"


# --- what comes back -------------------------------------------------------------------------------------------------


def test_a_refund_that_fails_days_later_says_so_and_its_money_may_go_back_again(lab: StripeLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    made = payments.refund(id, "back-1", Money(3000), "linde")
    assert made.state is Refunded.DONE
    lab.pass_time(timedelta(days=4))
    lab.stripe.fail_refund(made.id)
    hint = payments.read_webhook(*_sent(lab, made.id, "refund.failed"))
    assert hint.id == id, "what Stripe tells about a refund leads to its payment"
    (failed,) = payments.status(id).refunds
    assert failed.state is Refunded.FAILED and payments.status(id).back == Money(0)
    assert payments.refund(id, "back-1", Money(3000), "linde").state is Refunded.FAILED, (
        "the same reference is the same refund"
    )
    assert payments.refund(id, "back-2", Money(3000), "linde").state is Refunded.DONE


def test_a_refund_whose_answer_was_lost_is_one_refund_also_when_its_key_lapsed(lab: StripeLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    lab.wire.moods = ["", "lost"]  # read first, then asked
    with pytest.raises(Unavailable):
        payments.refund(id, "back-1", Money(1000), "brug")
    lab.pass_time(timedelta(days=2))
    assert payments.refund(id, "back-1", Money(1000), "brug").amount == Money(1000)
    with pytest.raises(Refused) as no:
        payments.refund(id, "back-1", Money(1000), "linde")
    assert no.value.code == "reference_used"
    assert payments.status(id).back == Money(1000)


def test_what_staff_gave_back_by_hand_at_stripe_counts(lab: StripeLab) -> None:
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    lab.stripe.refund({"payment_intent": lab.stripe.rows[id]["payment_intent"], "amount": "2500"})
    assert payments.status(id).back == Money(2500)
    with pytest.raises(Refused) as no:
        payments.refund(id, "back-1", Money(600), "linde")
    assert no.value.code == "refund_too_large"


def test_many_refunds_and_many_payments_are_all_read(lab: StripeLab) -> None:
    """Stripe gives ten refunds with a charge and a hundred Sessions on a page."""
    payments = lab.payments()
    id = payments.start(request(lab)).id
    lab.pay(id)
    for number in range(12):
        payments.refund(id, f"back-{number}", Money(10), "linde")
    assert [one.reference for one in payments.status(id).refunds] == [f"back-{number}" for number in range(12)]
    for number in range(110):
        lab.stripe.create_session({
            "success_url": "x", "client_reference_id": f"s{number}", "line_items": [{"price_data": {"currency": "eur", "unit_amount": "100"}}],
        })  # fmt: skip
    assert payments.find("r1") == payments.status(id)
    assert len(list(payments.since(lab.now))) == 111


# --- what Stripe tells -----------------------------------------------------------------------------------------------


def test_a_call_about_something_else_is_a_hint_of_nothing(lab: StripeLab) -> None:
    payments = lab.payments()
    lab.pay(payments.start(request(lab)).id)
    for row in [one for one in lab.stripe.rows.values() if one["object"] in ("charge", "payment_intent")]:
        body = lab.stripe.event("payout.paid", row)
        assert payments.read_webhook(lab.stripe.sign(body), body).id == ""
    for odd in (b"[]", b"{}", b'"x"', b'{"data": {"object": null}}', b"\xff"):
        with pytest.raises(Refused) as no:
            payments.read_webhook(lab.stripe.sign(odd), odd)
        assert no.value.code == "webhook_forged"


def test_an_old_call_does_not_become_new_with_another_time_behind_its_own(lab: StripeLab) -> None:
    payments = lab.payments()
    headers, body = _sent(lab, payments.start(request(lab)).id, "checkout.session.completed")
    lab.pass_time(timedelta(days=1))
    now = int(lab.now.timestamp())
    for again in (f"{headers['stripe-signature']},t={now}", f"t={now},{headers['stripe-signature']}"):
        with pytest.raises(Refused) as no:
            payments.read_webhook({"stripe-signature": again}, body)
        assert no.value.code == "webhook_forged"


def _sent(lab: StripeLab, id: str, kind: str) -> tuple[dict[str, str], bytes]:
    sent = lab.call(id, kind)
    return dict(sent.headers), sent.body
