"""Laws 10, 11 and 12 of etalage/ports/payment.py as tests: what is passed on to the houses, taken back out of there, and taken by banks."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import cast

import pytest

from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.payment import PaymentState, Refunded, Transfer
from etalage.ports.payment import Payments
from tests.laws.payment import Lab, request


class OnwardLaws:
    @pytest.fixture
    def paid(self, lab: Lab) -> str:
        """A payment of thirty euro, twenty of them for De Linde and ten for De Brug, which have accounts of their own."""
        lab.connect("linde", "brug")
        id = lab.payments().start(request(lab)).id
        lab.pay(id)
        return id

    def test_10_a_share_is_passed_on_once_per_reference(self, lab: Lab, paid: str) -> None:
        with ThreadPoolExecutor(8) as pool:
            made = list(
                pool.map(lambda _: lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde"), range(16))
            )
        assert len({one.id for one in made}) == 1
        provider = lab.payments()
        provider.pass_on(paid, "r1-brug-on", Money(1000), "brug")
        assert passed(provider, paid) == {("r1-linde-on", "linde", 2000, 0), ("r1-brug-on", "brug", 1000, 0)}
        with pytest.raises(Refused) as no:
            provider.pass_on(paid, "r1-brug-on", Money(900), "brug")
        assert no.value.code == "reference_used"
        assert provider.status(paid).state is PaymentState.PAID and provider.status(paid).back == Money(0)
        assert [one.transfers for one in provider.since(lab.now)] == [provider.status(paid).transfers]

    def test_10_after_a_lost_answer_it_is_passed_on_once(self, lab: Lab, paid: str) -> None:
        lab.lose()
        with suppress(Unavailable):
            lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde")
        again = lab.payments().pass_on(paid, "r1-linde-on", Money(2000), "linde")
        assert lab.payments().status(paid).transfers == (again,)

    def test_10_never_more_than_was_paid_is_passed_on_and_nothing_before(self, lab: Lab, paid: str) -> None:
        provider = lab.payments()
        provider.pass_on(paid, "r1-linde-on", Money(2001), "linde")
        for cents in (1000, 0, -1):
            with pytest.raises(Refused) as no:
                provider.pass_on(paid, "r1-brug-on", Money(cents), "brug")
            assert no.value.code == "transfer_too_large"
        other = provider.start(request(lab, "r2")).id
        with pytest.raises(Refused) as no:
            provider.pass_on(other, "r2-linde-on", Money(2000), "linde")
        assert no.value.code == "not_paid"
        assert passed(provider, paid) == {("r1-linde-on", "linde", 2001, 0)} and passed(provider, other) == set()

    def test_10_a_house_without_an_account_or_with_one_that_is_shut_gets_nothing(self, lab: Lab, paid: str) -> None:
        provider = lab.payments()
        assert provider.passes_on("linde") and not provider.passes_on("kassa")
        lab.shut("brug")
        for house in ("kassa", "brug"):
            with pytest.raises(Refused) as no:
                lab.payments().pass_on(paid, f"r1-{house}-on", Money(1000), house)
            assert no.value.code == "account_unknown"
        assert passed(provider, paid) == set()
        lab.connect("brug")
        assert lab.payments().pass_on(paid, "r1-brug-on", Money(1000), "brug").amount == Money(1000)

    def test_11_money_goes_back_out_of_what_was_passed_on_in_parts(self, lab: Lab, paid: str) -> None:
        provider = lab.payments()
        provider.pass_on(paid, "r1-linde-on", Money(2000), "linde")
        with ThreadPoolExecutor(8) as pool:
            ask = lambda _: lab.payments().refund(paid, "r1-linde-back-1", Money(500), "linde", "r1-linde-on")  # noqa: E731
            assert len({one.id for one in pool.map(ask, range(16))}) == 1
        assert passed(provider, paid) == {("r1-linde-on", "linde", 2000, 500)}
        provider.refund(paid, "r1-linde-back-2", Money(1500), "linde", "r1-linde-on")
        provider.refund(paid, "r1-brug-back", Money(400), "brug")
        assert passed(provider, paid) == {("r1-linde-on", "linde", 2000, 2000)}
        assert provider.status(paid).back == Money(2400)

    def test_11_what_cannot_be_taken_back_does_not_go_back(self, lab: Lab, paid: str) -> None:
        provider = lab.payments()
        provider.pass_on(paid, "r1-linde-on", Money(2000), "linde")
        for reference, cents, onward, code in (
            ("r1-linde-back-1", 2001, "r1-linde-on", "refund_too_large"), ("r1-linde-back-2", 3001, "r1-linde-on", "refund_too_large"),
            ("r1-brug-back", 1000, "r1-brug-on", "transfer_absent"),
        ):  # fmt: skip
            with pytest.raises(Refused) as no:
                provider.refund(paid, reference, Money(cents), "linde", onward)
            assert no.value.code == code
        assert provider.status(paid).refunds == () and passed(provider, paid) == {("r1-linde-on", "linde", 2000, 0)}

    @pytest.mark.parametrize("before", [0, 1])
    def test_11_after_any_doubt_it_ends_as_if_it_was_asked_once(self, lab: Lab, paid: str, before: int) -> None:
        provider = lab.payments()
        provider.pass_on(paid, "r1-linde-on", Money(2000), "linde")
        lab.lose(before)
        for _ in range(3):
            with suppress(Unavailable):
                lab.payments().refund(paid, "r1-linde-back", Money(700), "linde", "r1-linde-on")
        assert passed(provider, paid) == {("r1-linde-on", "linde", 2000, 700)}
        assert [one.reference for one in provider.status(paid).refunds] == ["r1-linde-back"]

    def test_11_a_refund_that_failed_takes_nothing_again_when_it_is_tried_again(self, lab: Lab, paid: str) -> None:
        provider = lab.payments()
        provider.pass_on(paid, "r1-linde-on", Money(2000), "linde")
        for tries in range(3):
            name = f"r1-linde-back-again-{tries}" if tries else "r1-linde-back"
            made = provider.refund(paid, name, Money(2000), "linde", "r1-linde-on")
            lab.fail_refund(paid, made.id)
            assert passed(provider, paid) == {("r1-linde-on", "linde", 2000, 2000)}
        last = provider.refund(paid, "r1-linde-back-again-3", Money(2000), "linde", "r1-linde-on")
        assert last.state is not Refunded.FAILED and provider.status(paid).back == Money(2000)

    def test_12_what_a_bank_takes_is_no_refund_and_may_be_given_again(self, lab: Lab, paid: str) -> None:
        provider = lab.payments()
        assert provider.status(paid).chargebacks == ()
        id = lab.take(paid, 2500)
        (taken,) = provider.status(paid).chargebacks
        assert (taken.id, taken.amount, taken.at, taken.returned) == (id, Money(2500), lab.now, False)
        assert provider.status(paid).state is PaymentState.PAID and provider.status(paid).refunds == ()
        lab.give_again(paid, id)
        (again,) = provider.status(paid).chargebacks
        assert again.returned and again.amount == Money(2500) and provider.status(paid).back == Money(0)


def passed(provider: Payments, id: str) -> set[tuple[str, str, int, int]]:
    """What was passed on of a payment: reference, house, cents, and cents that were taken back."""
    found = cast(tuple[Transfer, ...], provider.status(id).transfers)
    return {(one.reference, one.house, one.amount.cents, one.back.cents) for one in found}
