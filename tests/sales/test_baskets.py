"""A basket: what is put in is kept at once, every change keeps what was there, and one basket becomes one order."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from etalage.model.basket import Wish, add
from etalage.model.checkout import Part, State
from etalage.model.errors import Refused, Unavailable
from etalage.model.money import Money
from etalage.model.payment import Act
from etalage.sales.baskets import HELD, LONGEST, Baskets
from etalage.sales.counter import Counter, Place
from etalage.sales.quote import Quotes
from tests.sales.world import BUYER, PRICE, World, busy, no

LINDE, BRUG = "toml:linde/a/1", "toml:brug/a/1"
PLACE = Place(site="regio", back="https://regio.test/order/{token}", hook="https://regio.test/hook", provider="sandbox")


class Stand:
    """A world with baskets, and a visitor who has one."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        # The houses with their moods, but for what a quote asks.
        quotes = Quotes(lambda name: Asked(self.world, name), self.world._pool)
        counter = Counter(
            self.world.records, quotes, self.world.saga, lambda: self.world.now, os.urandom, lambda key: f"t-{key}"
        )
        self.baskets, self.token = Baskets(counter), "0" * 32

    def fill(self, linde: int = 0, brug: int = 0):
        wishes = [Wish(performance=one, quantity=n) for one, n in ((LINDE, linde), (BRUG, brug)) if n]
        return self.baskets.fill(self.token, "regio", wishes)

    def show(self):
        return self.baskets.show(self.token, "regio")

    def take(self):
        return self.baskets.take(self.token, "regio", BUYER, (), PLACE)

    def when(self, house: str, verb: str, then: Callable[[], object]) -> None:
        """Right after the house was first asked this, whatever it answers."""
        moody = self.world.houses[house]
        usual = getattr(moody, verb)

        def ask(*given: object) -> object:
            setattr(moody, verb, usual)
            try:
                return usual(*given)
            finally:
                then()

        setattr(moody, verb, ask)

    @property
    def free(self) -> tuple[int, int]:
        return self.world.free("linde"), self.world.free("brug")


class Asked:
    """A moody house that also tells its tariffs."""

    def __init__(self, world: World, name: str) -> None:
        self._moody, self._plain = world._seller(name), world.house(name)
        self.caps = self._plain.caps

    def __getattr__(self, verb: str):
        return getattr(self._moody if hasattr(self._moody, verb) else self._plain, verb)


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path)


def test_what_is_put_in_is_kept_at_once_and_for_a_while(stand: Stand) -> None:
    basket = stand.fill(linde=2, brug=1)
    assert stand.free == (3, 4) and basket.places == 3
    assert basket.until == stand.world.now + HELD and basket.is_kept(stand.world.now)
    assert stand.show() == basket
    stand.world.now += HELD
    assert not stand.show().is_kept(stand.world.now) and stand.free == (5, 5)
    assert stand.show().places == 3, "what was chosen is remembered"


def test_a_basket_of_another_site_is_not_seen(stand: Stand) -> None:
    stand.fill(linde=1)
    assert stand.baskets.show(stand.token, "linde").places == 0


def test_what_does_not_change_keeps_its_places(stand: Stand) -> None:
    before = stand.fill(linde=2)
    after = stand.fill(linde=2, brug=1)
    assert after.holds["linde"] == before.holds["linde"] and stand.free == (3, 4)
    emptied = stand.fill()
    assert not emptied.holds and stand.free == (5, 5)


def test_more_of_the_last_places_when_there_is_no_room_to_hold_both(stand: Stand) -> None:
    stand.fill(linde=3)
    assert stand.fill(linde=5).places == 5 and stand.free[0] == 0


def test_more_than_there_are_leaves_what_was_there(stand: Stand) -> None:
    stand.fill(linde=3, brug=1)
    stand.world.sell_elsewhere("linde", 1)
    with pytest.raises(Refused) as told:
        stand.fill(linde=5, brug=1)
    assert told.value.code == "sold_out"
    kept = stand.show()
    assert kept.wishes[0].quantity == 3 and kept.is_kept(stand.world.now) and stand.free == (1, 4)
    stand.world.pass_time(minutes=19)
    assert kept.is_kept(stand.world.now)


def test_places_that_somebody_else_took_meanwhile_are_not_promised(stand: Stand) -> None:
    stand.fill(linde=3)
    stand.world.sell_elsewhere("linde", 1)
    stand.when("linde", "release", lambda: stand.world.sell_elsewhere("linde", 3, "quicker"))
    with pytest.raises(Refused):
        stand.fill(linde=5)
    left = stand.show()
    assert left.places == 3 and not left.holds and not left.is_kept(stand.world.now) and stand.free[0] == 1


def test_what_made_room_at_one_house_comes_back_when_the_next_refuses(stand: Stand) -> None:
    stand.fill(linde=3)
    stand.world.sell_elsewhere("brug", 5)
    with pytest.raises(Refused):
        stand.fill(linde=5, brug=1)
    left = stand.show()
    assert left.places == 3 and left.is_kept(stand.world.now) and stand.free == (2, 0)


def test_a_refusal_in_one_tab_holds_nothing_when_the_other_tab_was_first(stand: Stand) -> None:
    stand.fill(linde=1)
    stand.world.sell_elsewhere("brug", 5)
    stand.when("brug", "hold", lambda: stand.fill(linde=3))
    with pytest.raises(Refused):
        stand.fill(linde=2, brug=1)
    assert stand.show().places == 3 and stand.free == (2, 0)


def test_a_house_that_refuses_takes_nothing_of_the_other(stand: Stand) -> None:
    stand.fill(linde=1)
    stand.world.sell_elsewhere("brug", 5)
    with pytest.raises(Refused):
        stand.fill(linde=2, brug=1)
    assert stand.show().places == 1 and stand.free == (4, 0)


def test_a_house_that_is_silent_changes_nothing(stand: Stand) -> None:
    stand.fill(linde=1)
    stand.world.houses["brug"].always["hold"] = busy()
    with pytest.raises(Unavailable):
        stand.fill(linde=2, brug=1)
    assert stand.show().places == 1 and stand.free == (4, 5)


def test_it_can_be_kept_for_longer_but_not_for_ever(stand: Stand) -> None:
    begun = stand.world.now
    stand.fill(linde=1)
    for _ in range(3):
        stand.world.pass_time(minutes=15)
        assert stand.baskets.extend(stand.token, "regio").is_kept(stand.world.now + timedelta(minutes=14))
    assert stand.show().until == begun + LONGEST
    with pytest.raises(Refused, match="longer"):
        stand.baskets.extend(stand.token, "regio")
    stand.world.pass_time(minutes=15)
    with pytest.raises(Refused, match="free again"):
        stand.baskets.extend(stand.token, "regio")


def test_one_basket_becomes_one_order_with_the_places_that_it_kept(stand: Stand) -> None:
    basket = stand.fill(linde=2, brug=1)
    token, order = stand.take()
    assert order.state is State.AWAITING and order.total == Money(3 * PRICE) and stand.free == (3, 4)
    assert {share.reference for share in order.shares} == {hold.reference for hold in basket.holds.values()}
    assert stand.take() == (token, order), "a second click, a second tab"
    assert len(list(stand.world.records.walk("checkout"))) == 1
    stand.world.pay(order.key)
    done = stand.world.saga.run(order.key)
    assert {share.state for share in done.shares} == {Part.CONFIRMED} and stand.free == (3, 4)
    assert stand.baskets.drop(stand.token, {order.key}) and stand.show().places == 0


def test_who_waited_too_long_gets_the_places_that_are_still_there(stand: Stand) -> None:
    stand.fill(linde=2)
    stand.world.pass_time(minutes=30)
    _, order = stand.take()
    assert order.state is State.AWAITING and stand.free == (3, 5)


def test_who_waited_too_long_hears_that_they_are_gone(stand: Stand) -> None:
    stand.fill(linde=2, brug=1)
    stand.world.pass_time(minutes=30)
    stand.world.sell_elsewhere("linde", 4)
    with pytest.raises(Refused) as told:
        stand.take()
    assert told.value.code == "sold_out" and stand.free == (1, 5)


def test_a_change_of_mind_at_the_payment_page_lets_go_of_the_old_order(stand: Stand) -> None:
    stand.fill(linde=2)
    _, order = stand.take()
    after = stand.fill(linde=1, brug=1)
    assert stand.world.saga.read(order.key).state is State.UNDONE and stand.free == (4, 4)
    assert not after.order
    _, other = stand.take()
    assert other.key != order.key and other.total == Money(2 * PRICE)


def test_what_is_paid_cannot_be_changed_any_more(stand: Stand) -> None:
    stand.fill(linde=2)
    _, order = stand.take()
    stand.world.pay(order.key)
    with pytest.raises(Refused) as told:
        stand.fill(linde=1)
    assert told.value.code == "already_paid"
    assert stand.world.saga.read(order.key).state is State.DONE and stand.free == (3, 5)


def test_an_order_that_was_not_paid_can_be_taken_again(stand: Stand) -> None:
    stand.fill(linde=2)
    _, order = stand.take()
    stand.world.pay(order.key, Act.CANCEL)
    assert stand.world.saga.run(order.key).state is State.UNDONE
    _, other = stand.take()
    assert other.key != order.key and other.state is State.AWAITING and stand.free == (3, 5)


def test_the_price_of_a_house_is_what_counts(stand: Stand) -> None:
    stand.fill(linde=1)
    stand.world.houses["brug"].always["hold"] = no("sale_closed")
    with pytest.raises(Refused) as told:
        stand.fill(brug=1)
    assert told.value.code == "sale_closed" and stand.show().places == 1


def test_the_same_tariff_twice_is_one_line_and_a_seat_is_there_once() -> None:
    a, seats = Wish(performance="p", tariff="t", quantity=2), Wish(performance="p", tariff="s", seats=("1", "2"))
    merged = add([a, seats], [Wish(performance="p", tariff="t"), Wish(performance="p", tariff="s", seats=("2", "3"))])
    assert [(one.number, one.seats) for one in merged] == [(3, ()), (3, ("1", "2", "3"))]
