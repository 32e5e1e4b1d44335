"""The laws of Payment at the true Stripe and Mollie, in test mode: only with `pytest -m provider` and keys in the environment.

Whether the labs that do this are right is tried here without any key, against the simulators over HTTP, and so is which laws they leave out.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from etalage.model.money import Money
from etalage.model.payment import PaymentState, Share
from etalage.ports.payment import Payments
from tests.adapters.hosted_lab import MollieHosted, StripeHosted, mollie_lab, stripe_lab
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import Line, StripeLab, line
from tests.conftest import pytest_collection_modifyitems
from tests.laws.payment import Lab, PaymentLaws, request
from tests.simulators.mollie_screens import MollieScreens

for _sdk in ("stripe", "mollie"):
    pytest.importorskip(_sdk, reason="the SDKs are not installed: pip install -r requirements/payments.lock")

NO_PAYING = "Stripe lets nobody but a person in a browser pay a Checkout Session"
NO_TIME = "time does not pass faster at a provider"
NO_FAILING = "at Stripe a card that is refused leaves the page open: nothing a test can do makes a Session fail"


class HostedLaws(PaymentLaws):
    """Law 9 is tried without letting time pass."""

    def test_9_what_was_begun_since_is_told_with_its_shares(self, lab: Lab, provider: Payments) -> None:
        made = {one: provider.start(request(lab, one, cents)) for one, cents in (("first", 3000), ("second", 4000))}
        told = {one.reference: one for one in provider.since(lab.now)}
        assert told == {one: provider.status(payment.id) for one, payment in made.items()}
        assert told["second"].shares == (Share("linde", Money(3000)), Share("brug", Money(1000)))


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.provider
class TestStripeItself(HostedLaws):
    @pytest.fixture
    def lab(self) -> StripeHosted:
        return stripe_lab(os.environ, now)


@pytest.mark.provider
class TestMollieItself(HostedLaws):
    @pytest.fixture
    def lab(self) -> MollieHosted:
        return mollie_lab(os.environ, now)


# --- whether these labs are right --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


@pytest.fixture
def stripe(wire: Line) -> StripeLab:
    return StripeLab(wire)


@pytest.fixture
def mollie(wire: Line) -> MollieLab:
    """A Mollie that shows its test screens."""
    made = MollieLab(wire)
    wire.app = MollieScreens(made.wire).app
    return made


def left_out(make: Callable[[], object]) -> dict[str, str]:
    """The laws that are kept only in part, or not at all, and why; each is tried in an account that remembers those before."""
    found = {}
    for name in sorted(one for one in dir(HostedLaws) if one.startswith("test_")):
        lab: Lab = make()  # type: ignore[assignment]
        try:
            getattr(HostedLaws(), name)(lab, lab.payments())
        except pytest.skip.Exception as left:
            found[name] = str(left)
    return found


def test_at_stripe_the_laws_are_kept_as_far_as_nobody_has_to_pay(stripe: StripeLab) -> None:
    account = stripe.stripe
    assert left_out(lambda: StripeHosted(account.key, account.secret, stripe.clock, stripe.line.base)) == {
        "test_2_a_payment_that_fails_says_so": NO_FAILING,
        "test_2_what_was_paid_stays_paid": NO_PAYING,
        "test_4_a_page_may_be_asked_for_no_longer_than_it_must_be_open": NO_TIME,
        "test_4_who_is_late_cannot_pay_and_money_that_comes_all_the_same_is_told": NO_TIME,
        "test_5_what_is_paid_is_not_cancelled": NO_PAYING,
        "test_6_money_goes_back_once_per_reference_and_never_more_than_came": NO_PAYING,
        "test_7_a_call_is_a_hint_and_a_forged_one_is_nothing": NO_TIME,
    }
    assert "open" in stripe.pages() and "expired" in stripe.pages(), "pages were opened, and closed by us"
    with pytest.raises(pytest.skip.Exception, match="STRIPE_TEST_WEBHOOK_SECRET is not set"):
        StripeHosted(account.key, "", stripe.clock, stripe.line.base).call("cs_test_any")


def test_at_mollie_all_laws_are_kept_that_need_no_time_to_pass(mollie: MollieLab) -> None:
    account = mollie.mollie
    assert left_out(lambda: MollieHosted(account.key, mollie.clock, mollie.line.base)) == {
        "test_4_a_page_may_be_asked_for_no_longer_than_it_must_be_open": NO_TIME,
        "test_4_who_is_late_cannot_pay_and_money_that_comes_all_the_same_is_told": NO_TIME,
    }
    assert {"paid", "failed", "open"} <= set(mollie.pages()) and len(mollie.backs()) == 3
    assert not any(row["webhookUrl"] for row in account.rows.values()), "no house that does not exist is called"


def test_screens_of_mollies_that_changed_are_said_to_be_so_and_not_that_a_law_is_broken(wire: Line) -> None:
    mollie = MollieLab(wire)
    screens = MollieScreens(mollie.wire)
    screens.changed, wire.app = True, screens.app
    lab = MollieHosted(mollie.mollie.key, mollie.clock, wire.base)
    id = lab.payments().start(request(lab)).id  # type: ignore[arg-type]
    with pytest.raises(pytest.skip.Exception, match="not as they were"):
        lab.pay(id)
    assert lab.payments().status(id).state is PaymentState.OPEN


@pytest.mark.parametrize(("make", "name"), [(stripe_lab, "STRIPE_TEST_KEY"), (mollie_lab, "MOLLIE_TEST_KEY")])
def test_without_a_key_it_says_which_and_with_a_live_key_nothing_is_asked(
    make: Callable[..., object], name: str
) -> None:
    with pytest.raises(pytest.skip.Exception, match=f"{name} is not set"):
        make({}, now)
    for live in ("sk_live_real", "live_real"):
        with pytest.raises(pytest.fail.Exception, match="no key of test mode") as no:
            make({name: live}, now)
        assert live not in str(no.value)


def test_no_account_is_asked_unless_somebody_wants_it(request: pytest.FixtureRequest) -> None:
    asking = [*pytest.Class.from_parent(request.node.parent, name="TestStripeItself").collect()]
    assert asking
    for expression, kept in (("", []), ("not browser and not server", []), ("provider", asking)):
        items, left = [*asking, request.node], list[object]()
        hook = SimpleNamespace(pytest_deselected=lambda items, left=left: left.extend(items))
        config = SimpleNamespace(option=SimpleNamespace(markexpr=expression), hook=hook)
        pytest_collection_modifyitems(config, items)  # type: ignore[arg-type]
        assert items == [*kept, request.node] and len(left) == len(asking) - len(kept)
