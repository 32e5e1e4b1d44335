"""A house is asked in its own queue and nowhere else: by every page, whatever that page wants to know."""

from collections.abc import Sequence
from pathlib import Path
from threading import current_thread

import pytest
from msgspec.structs import replace

from etalage.model.errors import Refused, Unavailable
from etalage.model.sale import Seat
from etalage.sales.organisers import Organisers
from functions.links import Links
from tests.functions.guest import SITE
from tests.functions.test_counter_pages import Client
from tests.functions.test_sale import BRUG, BUYER, KEY, LINDE, Till, till  # noqa: F401 - a fixture
from tests.sales.world import World


class Watched:
    """A house with numbered places that notes in which thread it is asked. `silent`: what it does not answer."""

    def __init__(self, world: World, name: str, asked: list[tuple[str, str]]) -> None:
        self._world, self._name, self._asked = world, name, asked
        self.silent: set[str] = set()
        self.caps = world.house(name).caps

    def __getattr__(self, verb: str):
        def ask(*given: object):
            self._asked.append((verb, current_thread().name.partition("_")[0]))
            if verb in self.silent:
                raise Unavailable("house_silent", "it hangs", where=self._name)
            told = getattr(self._world.house(self._name), verb)(*given)
            return [_numbered(one) for one in told] if verb == "tariffs" else told

        return ask

    def seatmap(self, performance: str) -> Sequence[Seat]:
        self._asked.append(("seatmap", current_thread().name.partition("_")[0]))
        if "seatmap" in self.silent:
            raise Unavailable("house_silent", "it hangs", where=self._name)
        return [Seat(id=f"s{n}", row="A", number=str(n)) for n in range(1, 6)]


def _numbered(tariff):
    return replace(tariff, seated=True)


@pytest.fixture
def guest(till: Till, tmp_path: Path) -> Client:
    return Client(till, tmp_path)


@pytest.fixture
def asked(guest: Client) -> list[tuple[str, str]]:
    """What the houses were asked, and by the threads of whom."""
    notes: list[tuple[str, str]] = []
    guest.houses = {name: Watched(guest.world, name, notes) for name in ("linde", "brug")}
    guest.till.visitor.app.state.sale.quotes.houses = guest.houses.__getitem__
    return notes


def test_every_page_asks_a_house_in_its_own_queue(guest: Client, asked: list[tuple[str, str]]) -> None:
    guest.get(f"choose?p={LINDE}")
    guest.post("basket", {"act": "add", "p": LINDE, "t": "zaal.basis", "n": "2"})
    guest.put_in(BRUG, 1, seat="s4")
    guest.get("basket")
    guest.till.post("/api/checkout", {"lines": [{"performance": LINDE, "seats": ["s1"]}], "buyer": BUYER}, **KEY)
    organisers = Organisers(guest.world.records, lambda: guest.world.now, bytes)
    assert guest.get(f"organiser/{organisers.allow([LINDE, BRUG])}").status_code == 200
    guest.till.visitor.get(f"/api/availability?p={LINDE}")
    assert {"tariffs", "seatmap", "availability"} <= {verb for verb, _ in asked}
    assert {where for _, where in asked} <= {"linde", "brug"}


def test_an_order_is_taken_when_the_house_does_not_tell_what_its_seats_are_called(guest: Client, asked: list) -> None:
    guest.houses["linde"].silent.add("seatmap")
    lines = [{"performance": LINDE, "seats": ["s1"]}]
    answer = guest.till.post("/api/checkout", {"lines": lines, "buyer": BUYER}, **KEY)
    assert ("seatmap", "linde") in asked and answer.json().get("code") != "house_silent"


def test_a_houses_own_words_are_not_on_a_page(guest: Client, asked: list) -> None:
    own = Refused("house_refused", "pretix: quota 7 is closed", where="linde")
    guest.world.houses["linde"]._house.hold = _refusing(own)
    page = guest.put_in(LINDE, 1, seat="s1")
    assert "quota 7" not in page.text and "cannot sell this now" in page.text


def test_a_form_that_was_open_while_our_key_was_replaced_still_goes_through(guest: Client) -> None:
    guest.put_in(LINDE, 1)
    form = guest.get("checkout").text.partition('name="form" value="')[2].partition('"')[0]
    links: Links = guest.till.links
    links.secrets.append("a secret of tomorrow")  # the library signs with the last
    answer = guest.check_out(form=form)
    assert answer.status_code == 303 and answer.headers["location"] != f"{SITE}basket"


def _refusing(no: Refused):
    def hold(*given: object):
        raise no

    return hold
