"""Paid in turn: each house of a basket has its own payment; all hold their places or none, and what is paid stands."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from etalage.adapters.sandbox_payments import SandboxPayments
from etalage.model.basket import Priced, Quote, Wish
from etalage.model.checkout import Checkout, Part, Shown, State
from etalage.model.enrolment import Participant
from etalage.model.errors import EtalageError, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Act
from etalage.sales import rounds
from etalage.sales.counter import Order
from etalage.sales.rounds import Round
from tests.sales.test_baskets import BRUG, LINDE, PLACE, Stand
from tests.sales.world import BUYER, PRICE, World, busy, change_price, no

IN_TURN = replace(
    PLACE,
    provider="nobody",
    each={"linde": "sandbox", "brug": "sandbox-brug"},
    hook="https://regio.test/{provider}/hook",
)
KEY = "a-key-of-a-browser"


class Square(Stand):
    """De Linde and De Brug with an account each and none together, and a visitor who buys at both."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.counter, self.saga = self.baskets.counter, self.world.saga
        self.saga.providers = {"sandbox": self.world.sandbox, "sandbox-brug": second(self.world)}

    def take(self, buyer=BUYER):
        return self.baskets.take(self.token, "regio", buyer, (), IN_TURN)

    def order(self, key: str = KEY, linde: int = 2, brug: int = 1):
        """As scripts do, without a basket."""
        lines = [Wish(performance=one, quantity=n) for one, n in ((LINDE, linde), (BRUG, brug)) if n]
        return self.counter.take(Order(lines=tuple(lines), buyer=BUYER), IN_TURN, key)

    def round(self, one: Checkout) -> Round:
        return rounds.show(self.saga, one)

    def pay(self, one: Checkout, act: Act = Act.PAY) -> Checkout:
        payments = self.saga.providers[one.provider]
        payments.act(payments.find(one.key).id, act)
        return self.saga.run(one.key)

    def states(self, one: Checkout) -> list[State]:
        return [self.saga.read(key).state for key in one.turn]

    @property
    def begun(self) -> list[Checkout]:
        return [self.saga.read(record.id) for record in self.world.records.walk("checkout")]

    @property
    def pages(self) -> list[str]:
        """The payment pages that were asked for."""
        found = [self.saga.providers[one.provider].find(one.key) for one in self.begun]
        return [payment.url for payment in found if payment]


def second(world: World) -> SandboxPayments:
    """A second account."""
    made = SandboxPayments(
        world.records, lambda: world.now, os.urandom, b"brug", "http://localhost/sandbox/", lambda *_: None
    )
    made.name, made.ours = "sandbox-brug", world.sandbox.ours
    return made


@pytest.fixture
def square(tmp_path: Path) -> Square:
    return Square(tmp_path)


def refused(do) -> str:
    with pytest.raises(EtalageError) as told:
        do()
    return told.value.code


def test_each_house_has_its_own_sale_and_its_own_money(square: Square) -> None:
    token, first = square.order()
    linde, brug = square.round(first)
    assert first == linde and token == f"t-{linde.key}" and linde.turn == brug.turn == (linde.key, brug.key)
    assert (linde.total, brug.total, square.free) == (Money(2 * PRICE), Money(PRICE), (3, 4))
    assert [share.house for one in (linde, brug) for share in one.shares] == ["linde", "brug"]
    assert linde.hook == "https://regio.test/sandbox/hook" and brug.hook == "https://regio.test/sandbox-brug/hook"
    assert brug.back.endswith(brug.key), "who pays comes back to its own order"
    for one in (linde, brug):
        payment = square.saga.providers[one.provider].find(one.key)
        assert payment.amount == one.total and one.pay_url == payment.url
        assert square.pay(one).state is State.DONE
    sold = square.round(square.saga.read(first.key))
    assert [len(one.good) for one in sold] == [2, 1] and square.free == (3, 4)
    assert [one.booked for one in sold] == [("paid",), ("paid",)]


def test_a_house_alone_is_an_ordinary_order_into_its_own_account(square: Square) -> None:
    _, order = square.order(linde=0)
    assert order.turn == () and order.provider == "sandbox-brug" and square.round(order) == (order,)
    assert square.pay(order).state is State.DONE


def test_one_that_refuses_takes_the_other_with_it(square: Square) -> None:
    square.world.sell_elsewhere("brug", 5)
    assert refused(square.order) == "sold_out"
    assert {one.state for one in square.begun} == {State.UNDONE} and square.free == (5, 0)
    assert not square.pages, "nobody was asked to pay before all held"
    assert refused(square.order) == "sold_out", "the same key is the same answer"
    assert len(square.begun) == 2


def test_a_price_that_changed_at_one_undoes_both(square: Square) -> None:
    real = square.world.houses["brug"].hold
    square.world.houses["brug"].hold = lambda *given: replace(real(*given), amount=Money(1))
    assert refused(square.order) == "price_changed" and square.free == (5, 5)


def test_a_provider_that_does_not_work_undoes_both(square: Square) -> None:
    """De Brug's account is closed when De Linde has a page already: nobody has seen that page."""
    square.saga.providers["sandbox-brug"].start = lambda _: (_ for _ in ()).throw(no("payment_wrong"))
    assert refused(square.order) == "payment_wrong"
    assert {one.state for one in square.begun} == {State.UNDONE} and square.free == (5, 5)


def test_a_house_that_is_silent_keeps_the_round_waiting_and_the_same_key_goes_on(square: Square) -> None:
    square.world.houses["brug"].before["hold"] = [busy()]
    with pytest.raises(Unavailable):
        square.order()
    assert not square.pages and square.free == (3, 5)
    square.world.pass_time(seconds=5)
    _, order = square.order()
    assert square.states(order) == [State.AWAITING] * 2 and square.free == (3, 4) and len(square.begun) == 2


def test_the_same_key_is_the_same_round_even_at_once(square: Square) -> None:
    with ThreadPoolExecutor(6) as many:
        told = list(many.map(lambda _: square.order(), range(6)))
    assert len({token for token, _ in told}) == 1 and len(square.begun) == 2 and square.free == (3, 4)
    assert refused(lambda: square.order(brug=2)) == "key_used"


def test_the_same_key_after_the_first_is_paid_tells_of_the_first(square: Square) -> None:
    token, order = square.order()
    square.pay(order)
    again, known = square.order()
    assert (again, known.state) == (token, State.DONE) and square.states(order) == [State.DONE, State.AWAITING]


def test_the_first_paid_stands_when_the_second_expires(square: Square) -> None:
    _, order = square.order()
    square.pay(order)
    for _ in range(60):
        square.world.pass_time(minutes=1)
        square.saga.sweep()
    assert square.states(order) == [State.DONE, State.UNDONE] and square.free == (3, 5)
    assert rounds.again(square.round(order)) == (Wish(performance=BRUG, tariff="zaal.basis"),)


def test_late_money_for_the_second_finds_places_or_goes_back(square: Square) -> None:
    _, order = square.order()
    brug = square.round(order)[1]
    square.pay(order)
    assert square.pay(brug, Act.EXPIRE).state is State.UNDONE
    assert square.pay(brug, Act.PAY_LATE).state is State.DONE and square.free == (3, 4)
    _, other = square.order("another-key")
    later = square.round(other)[1]
    square.pay(other)
    square.pay(later, Act.EXPIRE)
    square.world.sell_elsewhere("brug", 4)
    assert square.pay(later, Act.PAY_LATE).shares[0].state is Part.REFUNDED
    assert square.saga.providers["sandbox-brug"].find(later.key).back == Money(PRICE)
    assert square.saga.read(other.key).state is State.DONE, "and what was paid stands"


# --- with a basket ------------------------------------------------------------------------------------------------


def test_a_basket_becomes_a_round_with_the_places_that_it_kept(square: Square) -> None:
    basket = square.fill(linde=2, brug=1)
    token, order = square.take()
    assert square.take() == (token, order) and len(square.begun) == 2 and square.free == (3, 4)
    held = {share.reference for one in square.round(order) for share in one.shares}
    assert held == {hold.reference for hold in basket.holds.values()}
    square.pay(order)
    square.pay(square.round(order)[1])
    assert square.baskets.drop(square.token, order.turn) and square.show().places == 0


def test_going_back_before_anything_is_paid_withdraws_all(square: Square) -> None:
    square.fill(linde=2, brug=1)
    _, order = square.take()
    square.fill(linde=1, brug=1)
    assert square.states(order) == [State.UNDONE] * 2 and square.free == (4, 4)
    assert square.take()[1].total == Money(PRICE)


def test_filled_in_otherwise_it_is_a_new_round(square: Square) -> None:
    square.fill(linde=2, brug=1)
    _, order = square.take()
    _, other = square.take(replace(BUYER, name="Iemand Anders"))
    assert square.states(order) == [State.UNDONE] * 2 and square.states(other) == [State.AWAITING] * 2
    assert {one.buyer.name for one in square.round(other)} == {"Iemand Anders"} and square.free == (3, 4)


def test_going_back_when_the_first_is_paid_withdraws_the_rest_alone(square: Square) -> None:
    square.fill(linde=2, brug=1)
    _, order = square.take()
    square.pay(order)
    assert refused(lambda: square.fill(linde=2, brug=2)) == "already_paid"
    assert square.states(order) == [State.DONE, State.UNDONE] and square.free == (3, 5)
    assert square.show().wishes == (Wish(performance=BRUG),), "what is paid is not bought again"
    square.fill(brug=2)
    _, other = square.take()
    assert other.turn == () and other.provider == "sandbox-brug" and other.total == Money(2 * PRICE)


def test_cancelled_at_the_first_page_the_basket_can_be_taken_again(square: Square) -> None:
    square.fill(linde=2, brug=1)
    _, order = square.take()
    assert square.pay(order, Act.CANCEL).state is State.UNDONE
    assert square.states(order) == [State.UNDONE, State.AWAITING], "the other may still be paid"
    _, other = square.take()
    assert square.states(order) == [State.UNDONE] * 2 and square.states(other) == [State.AWAITING] * 2
    assert square.free == (3, 4)


def test_taken_again_when_the_second_is_over_it_is_the_first_that_is_told(square: Square) -> None:
    square.fill(linde=2, brug=1)
    token, order = square.take()
    square.pay(order)
    square.pay(square.round(order)[1], Act.CANCEL)
    assert square.take()[0] == token and square.free == (3, 5)


def test_one_of_them_that_is_forgotten_is_left_out(square: Square) -> None:
    _, order = square.order()
    kept = square.world.records.get("checkout", order.turn[1])
    square.world.records.put("checkout", kept.id, kept.value, expect=kept.version, expires=square.world.now)
    square.world.pass_time(seconds=1)
    assert square.round(order) == (square.saga.read(order.key),)


def test_each_order_knows_of_its_own_dates_participants_and_consent_alone(square: Square) -> None:
    square.fill(linde=2, brug=1)
    who = {LINDE: (Participant(name="Lou"), Participant(name="Mia")), BRUG: (Participant(name="Noor"),)}
    shown = {LINDE: Shown(title="A"), BRUG: Shown(title="B")}
    place = replace(IN_TURN, participants=who, shown=shown)

    def take():
        return square.baskets.take(square.token, "regio", BUYER, ("brug", "linde"), place)

    _, order = take()
    linde, brug = square.round(order)
    assert (linde.participants, brug.participants) == ({LINDE: who[LINDE]}, {BRUG: who[BRUG]})
    assert (set(linde.shown), set(brug.shown)) == ({LINDE}, {BRUG}) and (linde.consent, brug.consent) == (
        ("linde",),
        ("brug",),
    )
    assert take()[1] == order, "filled in the same it is the same"


# --- what is paid at once -----------------------------------------------------------------------------------------


def quote(**prices: int) -> Quote:
    lines = [
        Priced(performance=f"toml:{house}/a/1", house=house, tariff="t", quantity=2, price=price, tariffs=())
        for house, price in prices.items()
    ]
    return Quote(lines=tuple(lines), total=Money(2 * sum(prices.values())))


def test_free_places_come_with_the_first_payment() -> None:
    told = rounds.portions(quote(gids=0, linde=500, brug=300), {"gids": "a", "linde": "b", "brug": "c"})
    assert told == [("linde", ("linde", "gids"), Money(1000)), ("brug", ("brug",), Money(600))]


@pytest.mark.parametrize("prices", [{"gids": 0, "linde": 500}, {"gids": 0, "linde": 0}, {"linde": 500}])
def test_where_one_house_at_most_asks_money_it_is_one_order(prices: dict[str, int]) -> None:
    (told,) = rounds.portions(quote(**prices), dict.fromkeys(prices, "x"))
    assert told.houses == tuple(prices) and told.total == quote(**prices).total


def test_where_one_takes_all_it_is_one_payment() -> None:
    assert len(rounds.portions(quote(linde=500, brug=300), {})) == 1


def test_a_free_house_beside_one_that_is_paid(square: Square) -> None:
    change_price(square.world, "brug", 0)
    _, order = square.order()
    assert order.turn == () and order.provider == "sandbox" and order.total == Money(2 * PRICE)
    assert {share.state for share in square.pay(order).shares} == {Part.CONFIRMED}
