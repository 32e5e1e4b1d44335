"""A house is down for ten minutes: its neighbours go on selling, its own dates say so soon, and it is back soon after (A28)."""

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from etalage.model.checkout import Part, State
from etalage.model.errors import Unavailable
from etalage.ports.ticketing import Ticketing
from functions.availability import Memory
from functions.letterbox import Limits
from tests.functions.guest import Guest
from tests.functions.test_sale import BRUG, LINDE, open_till
from tests.visitor import Visitor

STEP, NORMAL, DOWN = timedelta(seconds=20), timedelta(minutes=5), timedelta(minutes=10)


class Plug:
    """A house that can be pulled out of the wall: whatever it is asked, it does not answer."""

    def __init__(self, house: Ticketing) -> None:
        self.house, self.caps, self._inside, self.out = house.house, house.caps, house, False

    def __getattr__(self, verb: str):
        if self.out:
            raise Unavailable("house_silent", "nobody is there", where="linde")
        return getattr(self._inside, verb)


class Street:
    """The shop of two houses, its clock, and the visitors of every twenty seconds: one for each house, and one for both."""

    def __init__(self, folder: Path) -> None:
        self.site, self.till = folder / "output" / "regio", open_till(folder, places=2_000)
        self.world, self.app = self.till.world, self.till.visitor.app
        self.linde = self.world.houses["linde"]._house = Plug(self.world.house("linde"))
        self.opened, self.people = self.world.now, 0
        self.app.state.memory = Memory(self._ticks)
        self.app.state.limits = Limits(b"key", self._ticks)

    def _ticks(self) -> float:
        return (self.world.now - self.opened).total_seconds()

    def visitor(self) -> Guest:
        """Somebody new, from a network of their own."""
        self.people += 1
        return Guest(Visitor(self.app, f"10.0.{self.people // 250}.{self.people % 250}"), self.site)

    def buy(self, visitor: Guest) -> None:
        """Pay for whatever is in the basket, and come back."""
        paying = visitor.check_out()
        if paying.status_code == 303 and "/sandbox/" in paying.headers["location"]:
            self.till.press(paying.headers["location"])
            self.till.deliver()

    def visit(self, *dates: str) -> None:
        """Put these in the basket as far as that goes, and buy that."""
        visitor = self.visitor()
        if [date for date in dates if visitor.put_in(date, 1).status_code == 303]:
            self.buy(visitor)

    def live(self) -> Counter[str]:
        """Sell for a step; the tickets of each house."""
        before = self.sold()
        for dates in ((LINDE,), (BRUG,), (BRUG, LINDE)):
            self.visit(*dates)
        self.world.saga.sweep()
        sold = self.sold()
        self.world.now += STEP
        return sold - before

    def sold(self) -> Counter[str]:
        shares = (share for order in self.orders() for share in order.shares if share.state is Part.CONFIRMED)
        return Counter(share.house for share in shares for _ in share.tickets)

    def orders(self):
        return [self.world.saga.read(record.id) for record in self.world.records.walk("checkout")]

    def live_for(self, time: timedelta) -> Counter[str]:
        return sum((self.live() for _ in range(time // STEP)), Counter())

    def says(self) -> str:
        """What a page hears of De Linde's date."""
        return self.till.visitor.get(f"/api/availability?p={LINDE}&p={BRUG}").json()[LINDE]["state"]

    def seconds_until(self, unknown: bool) -> int:
        """How long it takes till every page that is opened has heard of it: from us, past what browsers keep."""
        began: datetime = self.world.now
        while (self.says() == "unknown") is not unknown:
            self.world.now += timedelta(seconds=1)
        answer = self.till.visitor.get(f"/api/availability?p={LINDE}").headers["cache-control"]
        browsers = int(re.search(r"max-age=(\d+)", answer)[1])
        return int((self.world.now - began).total_seconds()) + browsers


@pytest.fixture
def street(tmp_path: Path) -> Street:
    return Street(tmp_path)


def test_a_house_is_down_for_ten_minutes(street: Street) -> None:
    normal = street.live_for(NORMAL)
    assert normal == {"linde": 30, "brug": 30}
    begun = [street.visitor() for _ in range(5)]
    for visitor in begun:
        assert [visitor.put_in(date, 1).status_code for date in (BRUG, LINDE)] == [303, 303]
    assert street.says() == "plenty"

    street.linde.out = True
    before = street.sold()
    marked = street.seconds_until(unknown=True)
    page = street.visitor().get(f"choose?p={LINDE}")
    assert page.status_code == 503 and "does not answer" in page.text, "who asks for it hears at once"
    for visitor in begun:  # they have places at both, take De Linde's out, and go on with the rest
        stopped = Tree(visitor.get("checkout").text)
        assert "does not answer" in stopped.css_first('[role="alert"]').text() and not stopped.css_first(".till-total")
        assert len(stopped.css('button[value="remove"]')) == 2, "what is in it can be taken out"
        assert visitor.post("basket", {"act": "remove", "line": "1"}).status_code == 303
        street.buy(visitor)
    street.live_for(DOWN)
    down = street.sold() - before
    share = down["brug"] / (2 * normal["brug"] + len(begun))

    street.linde.out = False
    back = street.seconds_until(unknown=False)
    after = street.live_for(NORMAL)
    print(f"brug {share:.1%} of normal, linde {down['linde']} tickets; marked after {marked} s, back after {back} s")
    assert share >= 0.95 and down["linde"] == 0
    assert marked <= 30 and back <= 60
    assert after["brug"] == normal["brug"] and after["linde"] >= normal["linde"]
    for _ in range(120):  # what was paid and could not be confirmed is now, or goes back
        street.world.saga.sweep()
        street.world.now += timedelta(minutes=1)
    assert {order.state for order in street.orders()} <= {State.DONE, State.UNDONE}
    for order in street.orders():
        kept = street.world.sandbox.find(order.key)
        good = sum(share.amount.cents for share in order.shares if share.state is Part.CONFIRMED)
        assert kept is None or order.state is State.UNDONE or kept.amount.cents - kept.back.cents == good


def test_who_paid_both_when_one_fell_silent_gets_both_when_it_is_back(street: Street) -> None:
    visitor = street.visitor()
    for date in (BRUG, LINDE):
        visitor.put_in(date, 1)
    paying = visitor.check_out().headers["location"]
    street.linde.out = True
    street.till.press(paying)
    street.till.deliver()
    assert street.sold() == {"brug": 1}, "De Brug does not wait for its neighbour"
    for _ in range(10):
        street.world.now += timedelta(minutes=1)
        street.world.saga.sweep()
    street.linde.out = False
    for _ in range(6):
        street.world.now += timedelta(minutes=1)
        street.world.saga.sweep()
    assert street.sold() == {"brug": 1, "linde": 1}
