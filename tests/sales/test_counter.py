"""Stories of the counter: a basket is priced by the houses, taken once per key, and an order is shown to who has its link."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from etalage.model.basket import Priced, Quote, Wish, house_of
from etalage.model.checkout import Shown, State
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.offer import TariffKind
from etalage.model.sale import Tariff
from etalage.sales.counter import Counter, Order, Place, with_tariffs
from etalage.sales.quote import Quotes
from tests.sales.world import BUYER, PRICE, World

PLACE = Place(site="regio", back="https://regio.test/order/{token}", hook="https://regio.test/hook", provider="sandbox")
LINDE, BRUG = "toml:linde/a/1", "toml:brug/a/1"


class Shop:
    def __init__(self, world: World) -> None:
        self.world = world
        self.quotes = Quotes(world.house, world._pool)
        self.counter = Counter(
            world.records, self.quotes, world.saga, lambda: world.now, os.urandom, lambda key: f"signed-{key}"
        )

    def take(self, key: str = "key-of-a-browser", linde: int = 2, brug: int = 1) -> tuple[str, object]:
        lines = (Wish(performance=LINDE, quantity=linde), Wish(performance=BRUG, quantity=brug))
        return self.counter.take(Order(lines=lines, buyer=BUYER), PLACE, key)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(World(tmp_path))


def refused(call) -> str:
    with pytest.raises(Refused) as no:
        call()
    return no.value.code


def test_a_basket_is_priced_by_the_houses(shop: Shop) -> None:
    quote = shop.quotes.quote([Wish(performance=LINDE, quantity=2), Wish(performance=BRUG)])
    assert [(line.house, line.tariff, line.quantity, line.price) for line in quote.lines] == [
        ("linde", "zaal.basis", 2, PRICE), ("brug", "zaal.basis", 1, PRICE),
    ]  # fmt: skip
    assert quote.total == Money(3 * PRICE)


@pytest.mark.parametrize(
    ("wishes", "code"),
    [([], "basket_empty"), ([Wish(performance="x")], "performance_unknown"), ([Wish(performance="toml:linde/b/1")], "sale_closed"),
     ([Wish(performance=LINDE, tariff="zaal.x")], "tariff_unknown"), ([Wish(performance=LINDE, quantity=0)], "quantity_wrong"),
     ([Wish(performance=LINDE, quantity=51)], "too_many_places"), ([Wish(performance=LINDE, quantity=3, seats=("a", "b"))], "quantity_wrong")],
)  # fmt: skip
def test_what_cannot_be_sold_is_refused_in_words(shop: Shop, wishes: list[Wish], code: str) -> None:
    assert refused(lambda: shop.quotes.quote(wishes)) == code


def test_an_id_says_whose_performance_it_is() -> None:
    assert house_of("pretix:ccnoord/theater/3") == "ccnoord"
    assert house_of("icalendar:klokzeel.verenigingen/kaarting/1") == "klokzeel"
    for text in ("", "linde/a", "toml:/a", "toml:Linde/a", "toml:../a"):
        assert refused(lambda text=text: house_of(text)) == "performance_unknown"


def test_the_same_submit_twice_is_one_order(shop: Shop) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: shop.take(), range(20)))
    assert len({token for token, _ in answers}) == 1 and answers[0][1].state is State.AWAITING
    assert (shop.world.free("linde"), shop.world.free("brug")) == (3, 4)
    assert refused(lambda: shop.take(linde=1)) == "key_used"
    assert refused(lambda: shop.take(key="short")) == "key_missing"


def test_a_refusal_is_told_with_its_house_and_nothing_is_kept(shop: Shop) -> None:
    shop.world.sell_elsewhere("brug", 5)
    with pytest.raises(Refused) as no:
        shop.take()
    assert (no.value.code, no.value.where) == ("sold_out", "brug")
    assert shop.world.free("linde") == 5
    with pytest.raises(Refused):  # and again, with the same key
        shop.take()


def test_who_pays_sees_tickets(shop: Shop) -> None:
    token, checkout = shop.take()
    assert token == f"signed-{checkout.key}" and checkout.back.endswith(token)
    shop.world.pay(checkout.key)
    done = shop.counter.show(checkout.key)
    assert done.state is State.DONE and sum(len(share.tickets) for share in done.shares) == 3


def test_an_order_remembers_what_may_be_printed_and_no_social_tariff() -> None:
    names = {"basis": TariffKind.STANDARD, "uitpas": TariffKind.SOCIAL}
    tariffs = tuple(
        Tariff(
            id=id,
            price=Money(900),
            name={"nl": id.title(), "fr": f"{id} fr"},
            category={"nl": "Rang 1"},
            kind=kind,
            vat=600,
        )
        for id, kind in names.items()
    )
    lines = tuple(
        Priced(performance=LINDE, house="linde", tariff=id, quantity=1, price=900, tariffs=tariffs) for id in names
    )
    shown = with_tariffs({LINDE: Shown(title="A"), BRUG: Shown(title="B")}, Quote(lines=lines, total=Money(1800)), "fr")
    prices = {"basis": 900, "uitpas": 900}
    assert shown[LINDE] == Shown(
        title="A",
        tariffs={"basis": "Rang 1, basis fr", "uitpas": "Rang 1"},
        prices=prices,
        vat=dict.fromkeys(prices, 600),
    )
    assert shown[BRUG] == Shown(title="B")
