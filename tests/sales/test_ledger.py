"""The books of an order's money: stories through a shop, and the lives of ten thousand baskets (A21)."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from etalage.model.back import Back, Way
from etalage.model.checkout import Checkout, Part, Share, State
from etalage.model.entry import Account, What
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.onward import Onward
from etalage.model.payment import Chargeback, Refunded
from etalage.sales import ledger, onwards, refunds
from etalage.sales.audit import EVERY, Auditor
from etalage.sales.reconciliation import reconcile
from etalage.sales.shares import each
from tests.sales.world import BUYER, NOON, PRICE, World

TILL, LINDE, BRUG = (Account.PROVIDER, "sandbox"), (Account.HOUSE, "linde"), (Account.HOUSE, "brug")
ELSEWHERE, FEES = (Account.ELSEWHERE, "sandbox"), (Account.FEES, "sandbox")


@pytest.fixture
def sold(tmp_path: Path) -> World:
    """Two places at De Linde and one at De Brug."""
    world = World(tmp_path)
    world.basket()
    world.saga.run("co1")
    assert not list(ledger.entries(world.records)), "nothing is paid yet"
    world.pay()
    assert world.saga.run("co1").state is State.DONE
    return world


def books(world: World, taken: int = 0) -> dict[tuple[Account, str], int]:
    """The balances that are not nothing, after a look that the provider's are the same but for what a bank took, and no entry is lopsided."""
    found = list(ledger.entries(world.records))
    assert not [entry for entry in found if sum(line.cents for line in entry.lines)]
    sums = ledger.balances(found)
    payment = world.sandbox.find("co1")
    assert sums[TILL] == payment.amount.cents - payment.back.cents - taken, "the provider's books say something else"
    return {account: cents for account, cents in sums.items() if cents}


def names(world: World) -> list[str]:
    return sorted(entry.name for entry in ledger.entries(world.records))


def test_a_sale_and_what_goes_back_of_it(sold: World) -> None:
    assert books(sold) == {TILL: 3 * PRICE, LINDE: -2 * PRICE, BRUG: -PRICE}
    (paid,) = ledger.entries(sold.records)
    assert (paid.order, paid.what, paid.at) == ("co1", What.PAID, sold.saga.read("co1").paid_at)
    sold.ticket_back(sold.codes("linde")[0])
    assert books(sold) == {TILL: 2 * PRICE, LINDE: -PRICE, BRUG: -PRICE}
    for _ in range(2):  # twice is once
        sold.saga.give_back("co1")
        assert books(sold) == {}
    assert names(sold) == ["co1-brug-back", "co1-linde-back", "co1-linde-back-1", "paid"]


def test_a_refund_that_fails_days_later_comes_home_and_leaves_again(sold: World) -> None:
    sold.saga.give_back("co1", ["brug"])
    sold.refund_goes("co1-brug-back", Refunded.FAILED)
    sold.saga.hear(sold.sandbox.find("co1"))
    assert books(sold) == {TILL: 3 * PRICE, LINDE: -2 * PRICE, BRUG: -PRICE}
    sold.pass_time(hours=2)
    sold.saga.sweep()
    assert books(sold) == {TILL: 2 * PRICE, LINDE: -2 * PRICE}
    assert names(sold) == ["co1-brug-back", "co1-brug-back-again-1", "co1-brug-back-failed", "paid"]


def test_money_that_somebody_gives_back_by_hand_waits_for_its_house(sold: World) -> None:
    sold.sandbox.refund(sold.sandbox.find("co1").id, "re_by_hand", Money(PRICE), "")
    Auditor(sold.saga).look()
    sold.pass_time(hours=EVERY / timedelta(hours=1))
    Auditor(sold.saga).look()
    assert books(sold) == {TILL: 2 * PRICE, LINDE: -2 * PRICE, BRUG: -PRICE, ELSEWHERE: PRICE}
    sold.saga.give_back("co1", ["brug"], elsewhere=True)
    assert books(sold) == {TILL: 2 * PRICE, LINDE: -2 * PRICE}


def test_tickets_are_taken_back_of_which_the_bank_has_the_money_already(sold: World) -> None:
    """Who has its places again bears it; nobody is asked to give back what is gone, and what is given again goes to who bore it."""
    sold.bank_takes("dp1", 2 * PRICE)
    sold.saga.hear(sold.sandbox.find("co1"))
    order = sold.saga.read("co1")
    assert (order.alert, order.taken, len(order.good)) == ("charged_back", Money(2 * PRICE), 3)
    assert sum(bears(sold).values()) == 2 * PRICE and bears(sold)["brug"] > 0
    sold.saga.give_back("co1", ["linde"])
    order = sold.saga.read("co1")
    assert (order.taken, len(order.good), order.alert) == (Money(0), 1, "") and not sold.sandbox.find("co1").refunds
    assert sold.free("linde") == 5 and bears(sold) == {"linde": 2 * PRICE, "brug": 0}
    assert books(sold, 2 * PRICE) == {TILL: PRICE, BRUG: -PRICE}
    sold.saga.give_back("co1", ["brug"])
    assert sold.sandbox.find("co1").back == Money(PRICE), "what the bank did not take goes by the provider"
    sold.bank_takes("dp1", 2 * PRICE, returned=True)
    assert sold.saga.hear(sold.sandbox.find("co1")).alert == "given_again"
    assert books(sold) == {TILL: 2 * PRICE, LINDE: -2 * PRICE}


def test_a_provider_that_refuses_for_a_bank_of_which_we_had_not_heard(sold: World) -> None:
    sold.bank_takes("dp1", 3 * PRICE)
    cashier = sold.let_provider_have_moods()
    cashier.always["refund"] = Refused("refund_too_large", "the payment was charged back")
    order = sold.saga.give_back("co1")
    assert (order.state, order.alert, order.good) == (State.DONE, "", ())
    sold.saga.hear(sold.sandbox.find("co1"))
    assert books(sold, 3 * PRICE) == {} and sold.saga.read("co1").refunded == Money(3 * PRICE)


def bears(world: World) -> dict[str, int]:
    """What each house bears of what the bank took."""
    found = dict.fromkeys(("linde", "brug"), 0)
    for entry in ledger.entries(world.records):
        for line in entry.lines:
            if line.account is Account.HOUSE and (entry.what is What.CHARGED_BACK or entry.name.endswith("-elsewhere")):
                found[line.name] += line.cents
    return found


def test_an_order_written_anew_after_a_restore_finds_its_entries(sold: World) -> None:
    sold.saga.give_back("co1", ["brug"])
    before = sorted(ledger.entries(sold.records), key=lambda entry: entry.name)
    kept = sold.records.get("checkout", "co1")
    sold.records.put("checkout", "co1", kept.value, expect=kept.version, expires=sold.now)
    sold.pass_time(minutes=1)
    assert reconcile(sold.saga, sold.now - timedelta(days=1)).written == ["co1"]
    assert sorted(ledger.entries(sold.records), key=lambda entry: entry.name) == before
    assert books(sold) == {TILL: 2 * PRICE, LINDE: -2 * PRICE}


def test_what_was_sold_before_there_were_books_is_booked_when_it_is_next_written() -> None:
    share = Share(house="brug", reference="co1-brug", lines=(), amount=Money(700), state=Part.REFUNDED)
    found = ledger.news(_paid_order((share,)), NOON)
    assert [(entry.name, entry.lines[0].cents) for entry in found] == [("paid", 700), ("co1-brug-back", 700)]


def test_ten_thousand_baskets_never_lose_or_make_a_cent() -> None:
    dice, met, met_whole = Random(21), set(), 0
    for _ in range(10_000):
        life = Life(dice)
        for _ in range(dice.randrange(12)):
            life.go_on()
        sums = ledger.balances(life.entries)
        assert sums[TILL] == life.at_provider
        assert sums[FEES] == life.fees
        assert sums[ELSEWHERE] == life.by_hand - life.told
        owed = {
            share.house: -sums[Account.HOUSE, share.house] + life.at_house[share.house] for share in life.order.shares
        }
        lost = sum(one.amount.cents for one in life.order.chargebacks if not one.returned)
        kept = {share.house: share.amount.cents - life.back_of(share) for share in life.order.shares}
        by_bank = sum(back.amount.cents for back in life.order.backs if back.why == "bank")
        assert sum(owed.values()) == sum(kept.values()) + by_bank - lost
        if not lost and not by_bank:
            assert owed == kept
        if by_bank and by_bank == lost == sum(one.amount.cents for one in life.order.chargebacks):
            assert owed == kept, "who has the places again bears it, and nobody else"
            met_whole += 1
        assert not sum(sums.values()) and not [one for one in life.entries if sum(line.cents for line in one.lines)]
        assert len({entry.id for entry in life.entries}) == len(life.entries)
        met |= {entry.what for entry in life.entries}
    assert met == set(What) - {What.SETTLED}, "every kind of thing happened"
    assert met_whole > 5


class Life:
    """What happens to the money of a basket by chance, with the provider's books kept beside it, by hand."""

    def __init__(self, dice: Random) -> None:
        self.dice, self.now = dice, NOON
        shares = tuple(
            Share(house=f"h{number}", reference=f"co1-h{number}", lines=(), state=Part.CONFIRMED, amount=Money(dice.choice((0, 1, 1250, dice.randrange(1, 99_999)))))
            for number in range(dice.randrange(1, 6))
        )  # fmt: skip
        self.order, self.entries = _paid_order(shares), []
        self.at_provider, self.by_hand, self.told = sum(share.amount.cents for share in shares), 0, 0
        self.fees, self.at_house = 0, dict.fromkeys((share.house for share in shares), 0)
        self._book()

    def back_of(self, share: Share) -> int:
        return sum(back.amount.cents for back in share.backs if back.is_sent)

    def go_on(self) -> None:
        self.now += timedelta(hours=1)
        share = self.dice.choice(self.order.shares)
        acts = (
            self._ask,
            self._answer,
            self._answer,
            self._by_hand,
            self._tell,
            self._fee,
            self._pass_on,
            self._charge_back,
            self._by_bank,
        )
        self.dice.choice(acts)(share)
        self._book()

    def _ask(self, share: Share) -> None:
        if share.rest.cents:
            amount = Money(self.dice.choice((share.rest.cents, self.dice.randint(1, share.rest.cents))))
            reference = f"{share.reference}-back-{len(share.backs) + 1}"
            self._change(share, (*share.backs, Back(reference=reference, lines=(), amount=amount, made=self.now, at=self.now)))  # fmt: skip

    def _answer(self, share: Share) -> None:
        """The provider takes a refund, does it, or fails at it, some time after it said that it was done."""
        able = [back for back in share.backs if back.way is not Way.FAILED and back.why not in ("elsewhere", "bank")]
        if not able:
            return
        back = self.dice.choice(able)
        states = [Refunded.FAILED, Refunded.DONE] + [Refunded.PENDING] * (back.way is not Way.DONE)
        after = refunds.told(back, self.dice.choice(states), self.now)
        if not back.is_sent and not back.tries and not back.onward and (source := onwards.source(share)):
            after = replace(after, onward=source)  # the first answer: it came out of what the house had
            self.at_provider += back.amount.cents
            self.at_house[share.house] -= back.amount.cents
        self.at_provider += (back.is_sent - after.is_sent) * back.amount.cents
        self._change(share, tuple(after if one == back else one for one in share.backs))

    def _fee(self, share: Share) -> None:
        del share
        if self.order.fee is None:
            self.fees += (cents := self.dice.randrange(0, 200))
            self.at_provider -= cents
            self.order = replace(self.order, fee=Money(cents))

    def _pass_on(self, share: Share) -> None:
        """What is left of a share, while none of it is on its way back."""
        if share.onward or not share.rest.cents:
            return
        done = Onward(reference=f"{share.reference}-on", amount=share.rest, made=self.now, at=self.now, way=Way.DONE)
        self.at_provider -= share.rest.cents
        self.at_house[share.house] += share.rest.cents
        self.order = each(self.order, lambda one: replace(one, onward=done) if one.house == share.house else one)

    def _left(self) -> int:
        return sum(share.rest.cents for share in self.order.shares)

    def _charge_back(self, share: Share) -> None:
        """The bank takes some of it; or what it took is given again."""
        del share
        known, total = self.order.chargebacks, self.order.total.cents
        taken = [one for one in known if not one.returned]
        if taken and self.dice.random() < 0.5:
            one = self.dice.choice(taken)
            self.at_provider += one.amount.cents
            known = tuple(replace(each, returned=True) if each == one else each for each in known)
        elif total and len(known) < 3:
            one = Chargeback(
                id=f"dp{len(known)}", amount=Money(self.dice.choice((self.dice.randint(1, total), self._left() or total))), at=self.now, fee=Money(self.dice.choice((0, 2000)))
            )  # fmt: skip
            self.at_provider -= one.amount.cents + one.fee.cents
            self.fees += one.fee.cents
            known = (*known, one)
        self.order = replace(self.order, chargebacks=known)

    def _by_bank(self, share: Share) -> None:
        """Staff take back what the bank has taken already."""
        del share
        self.order = refunds.by_bank(self.order, self.now)

    def _by_hand(self, share: Share) -> None:
        cents = self.dice.randrange(1, 500)
        self.at_provider -= cents
        self.by_hand += cents
        self.order = replace(self.order, elsewhere=Money(self.order.elsewhere.cents + cents))

    def _tell(self, share: Share) -> None:
        """Staff say that what did not leave went back in another way, as far as somebody gave it back by hand."""
        cents = sum(back.amount.cents for back in share.backs if not back.is_sent)
        if 0 < cents <= self.order.unexplained.cents:
            self.order = refunds.elsewhere(self.order, [share.house], self.now)
            self.told += cents

    def _change(self, share: Share, backs: tuple[Back, ...]) -> None:
        self.order = each(self.order, lambda one: replace(one, backs=backs) if one.house == share.house else one)

    def _book(self) -> None:
        new = ledger.news(self.order, self.now)
        self.order = replace(self.order, booked=(*self.order.booked, *(entry.name for entry in new)))
        self.entries += new


def _paid_order(shares: tuple[Share, ...]) -> Checkout:
    total = Money(sum(share.amount.cents for share in shares))
    return Checkout(
        key="co1", site="regio", state=State.DONE, shares=shares, buyer=BUYER, made=NOON, back="", hook="", provider="sandbox",
        payment="p1", paid_at=NOON, total=total,
    )  # fmt: skip
