"""Stories of letters: owed with the order, sent once, through a closed post and through crashes."""

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from etalage.model.checkout import Checkout, Shown, State
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.letter import Letter, Owed, What
from etalage.ports.records import ANY
from etalage.sales.letters import LETTER, letters_of
from etalage.sales.post import Post
from tests.sales.world import BUYER, World

SHOWN = {
    "toml:linde/a/1": Shown(title="Winterreis", start="2026-12-05T20:00+01:00"),
    "toml:brug/a/1": Shown(title="Oever", start="2026-12-06"),
}


class Sack:
    """A post that takes everything, unless it is told not to. `sent`: key by key."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Letter]] = []
        self.no: EtalageError | None = None
        self.unknown: set[str] = set()
        """Addresses that nobody has."""

    def send(self, letter: Letter, key: str) -> None:
        if letter.to in self.unknown:
            raise Refused("mail_undeliverable", "nobody is there")
        if self.no:
            raise self.no
        self.sent.append((key, letter))

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.sent]


def draft(owed: Owed, checkout: Checkout) -> Letter | None:
    """What a buyer gets; staff want no letters here."""
    if owed.what is What.ALERT:
        return None
    return Letter(to=checkout.buyer.email, subject=owed.what, text="", html="", written=owed.since)


class Office:
    """A shop with its post."""

    def __init__(self, folder: Path) -> None:
        self.world, self.sack = World(folder, places=50), Sack()
        self.post = self.another()

    def another(self, **more: object) -> Post:
        """The post of another process."""
        return Post(self.world.records, self.sack, draft, lambda: self.world.now, **more)

    def buy(self, key: str = "co1", **how: int) -> Checkout:
        self.world.basket(key=key, shown=SHOWN, **how)
        self.world.saga.run(key)
        self.world.pay(key)
        return self.world.saga.run(key)

    def wait(self, hours: float) -> None:
        """Let time go by, and the post look every half a minute."""
        for _ in range(int(hours * 120)):
            self.post.deliver()
            self.world.pass_time(seconds=30)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_letter_is_owed_with_the_order_and_sent_once(office: Office) -> None:
    office.world.basket()
    office.world.saga.run("co1")
    assert office.post.deliver() == [] and office.world.records.get(LETTER, "co1/order") is None
    office.world.pay()
    office.world.saga.run("co1")
    assert office.post.deliver() == ["co1/order"]
    office.wait(hours=1)
    assert office.sack.keys == ["co1/order"]
    told = letters_of(office.world.records, office.world.saga.read("co1"))["order"]
    assert told.sent and told.tries == 1 and told.begun is None


def test_what_is_owed_is_nobodys_name(office: Office) -> None:
    office.buy()
    office.post.deliver()
    kept = b"".join(record.value + record.id.encode() for record in office.world.records.walk(LETTER))
    assert b"co1" in kept
    for word in (
        BUYER.email,
        BUYER.name,
        *(ticket.code for share in office.world.saga.read("co1").shares for ticket in share.tickets),
    ):
        assert word.encode() not in kept


def test_two_processes_at_once_send_it_once(office: Office) -> None:
    keys = [f"co{number}" for number in range(8)]
    for key in keys:
        office.buy(key)
    start = threading.Barrier(4)

    def sweep(post: Post) -> None:
        start.wait()
        post.deliver()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep, [office.another() for _ in range(4)]))
    office.wait(hours=0.5)
    assert sorted(office.sack.keys) == [f"{key}/order" for key in keys]


def test_a_post_that_is_closed_for_half_an_hour_loses_and_doubles_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    office.sack.no = Unavailable("mail_closed", "come back later")
    for number in range(5):
        office.buy(f"co{number}")
    office.wait(hours=0.4)
    assert office.sack.keys == [] and not caplog.records
    office.sack.no = None
    office.wait(hours=0.4)
    assert sorted(office.sack.keys) == [f"co{number}/order" for number in range(5)]


class Killed(BaseException):
    """The process is no more."""


@pytest.mark.parametrize(
    ("place", "times"), [("letter begin", 1), ("letter begun", 1), ("letter sent", 2), ("letter over", 1)]
)
def test_whoever_dies_with_a_letter_in_hand_leaves_it_to_the_next(office: Office, place: str, times: int) -> None:
    """Between the server's answer and our writing it down nobody knows: then it goes again under the same key, which is its name."""

    def die(there: str) -> None:
        if there == place:
            raise Killed

    office.buy()
    with pytest.raises(Killed):
        office.another(crossing=die).deliver()
    office.wait(hours=0.2)
    assert office.sack.keys == ["co1/order"] * times
    assert letters_of(office.world.records, office.world.saga.read("co1"))["order"].sent


def test_who_gets_a_share_back_is_told_once(office: Office) -> None:
    office.buy()
    office.wait(hours=0.1)
    for _ in range(2):
        office.world.saga.give_back("co1", ["brug"])
        office.wait(hours=0.1)
    office.world.saga.give_back("co1")
    office.wait(hours=0.1)
    assert office.sack.keys == ["co1/order", "co1/refund-1", "co1/refund-2"]


def test_a_house_without_places_makes_one_letter_of_tickets_and_money(office: Office) -> None:
    office.world.houses["brug"].always["confirm"] = Refused("sold_out", "no")
    assert office.buy().state is State.DONE
    office.wait(hours=0.1)
    assert office.sack.keys == ["co1/order"]
    office.world.saga.give_back("co1")
    office.wait(hours=0.1)
    assert office.sack.keys == ["co1/order", "co1/refund-2"]


def test_when_no_house_has_places_there_is_only_the_letter_of_the_money(office: Office) -> None:
    for house in office.world.houses.values():
        house.always["confirm"] = Refused("sold_out", "no")
    office.buy()
    office.wait(hours=0.1)
    assert office.sack.keys == ["co1/refund-2"]


def test_while_a_share_goes_back_no_letter_says_that_its_tickets_are_good(office: Office) -> None:
    office.buy()
    office.world.houses["brug"].always["cancel"] = Unavailable("house_silent", "silent")
    assert office.world.saga.give_back("co1", ["brug"]).state is State.CONFIRMING
    office.wait(hours=0.5)
    assert office.sack.keys == []
    del office.world.houses["brug"].always["cancel"]
    office.world.settle()
    office.wait(hours=0.1)
    assert sorted(office.sack.keys) == ["co1/order", "co1/refund-1"]


def test_an_address_that_nobody_has_is_for_staff_and_holds_up_nobody(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    office.sack.unknown.add(BUYER.email)
    office.buy()
    office.wait(hours=1)
    [line] = [json.loads(record.message) for record in caplog.records]
    assert line == {
        "alert": "letter_undeliverable",
        "letter": "co1/order",
        "order": "co1",
        "site": "regio",
        "code": "mail_undeliverable",
    }
    assert letters_of(office.world.records, office.world.saga.read("co1"))["order"].failed == "mail_undeliverable"
    assert office.sack.keys == [] and office.world.records.due(LETTER, office.world.now) == []


@pytest.mark.parametrize(("code", "minutes"), [("mail_closed", 30), ("mail_locked", 0)])
def test_a_letter_that_hangs_is_told_to_staff_once(
    office: Office, caplog: pytest.LogCaptureFixture, code: str, minutes: int
) -> None:
    caplog.set_level(logging.ERROR)
    office.sack.no = Unavailable(code, "no")
    office.buy()
    since = office.world.now
    while not caplog.records:
        office.wait(hours=1 / 120)
        assert office.world.now - since < timedelta(hours=2)
    assert office.world.now - since >= timedelta(minutes=minutes)
    office.wait(hours=2)
    assert [json.loads(record.message)["alert"] for record in caplog.records] == ["letter_stuck"]
    office.world.pass_time(days=4)
    office.wait(hours=0.2)
    assert json.loads(caplog.records[-1].message)["alert"] == "letter_undeliverable"
    office.sack.no = None
    office.wait(hours=1)
    assert office.sack.keys == []


def test_one_letter_that_cannot_be_written_holds_up_nobody(office: Office) -> None:
    office.buy("co1")
    office.buy("co2")

    def clumsy(owed: Owed, checkout: Checkout) -> Letter:
        if checkout.key == "co1":
            raise KeyError("a template of ours is broken")
        return draft(owed, checkout)

    office.post.draft = clumsy
    with pytest.raises(ExceptionGroup):
        office.post.deliver()
    assert office.sack.keys == ["co2/order"]
    office.post.draft = draft
    office.wait(hours=0.2)
    assert office.sack.keys == ["co2/order", "co1/order"]


def test_a_letter_with_nothing_to_say_any_more_is_not_sent(office: Office) -> None:
    office.buy()
    office.post.draft = lambda owed, checkout: None
    office.wait(hours=1)
    assert office.sack.keys == [] and letters_of(office.world.records, office.world.saga.read("co1"))["order"].void


def test_what_another_version_owes_is_left_as_it_is(office: Office) -> None:
    strange = b'{"order":"co1","what":"poem","since":"2026-11-22T12:00:00Z"}'
    office.world.records.put(LETTER, "co1/poem", strange, expect=ANY, due=office.world.now)
    office.wait(hours=2)
    found = office.world.records.get(LETTER, "co1/poem")
    assert found and found.value == strange and found.due


def test_the_day_before_a_visit_is_a_letter_of_its_own(office: Office) -> None:
    """One per performance and order; an exhibition without an hour has no day before."""
    office.buy()
    office.wait(hours=0.1)
    before = office.world.records.get(LETTER, "co1/before-toml:linde/a/1")
    assert before and before.due == datetime(2026, 12, 4, 9, tzinfo=UTC)
    assert office.world.records.get(LETTER, "co1/before-toml:brug/a/1") is None
    office.world.now = datetime(2026, 12, 4, 8, 59, tzinfo=UTC)
    office.post.deliver()
    assert office.sack.keys == ["co1/order"]
    office.wait(hours=0.5)
    assert office.sack.keys == ["co1/order", "co1/before-toml:linde/a/1"]


def test_who_buys_on_the_day_itself_needs_no_letter_before(office: Office) -> None:
    office.world.now = datetime(2026, 12, 4, 9, 1, tzinfo=UTC)
    office.buy()
    office.wait(hours=24)
    assert office.sack.keys == ["co1/order"]


def test_tickets_are_sent_again_at_most_once_an_hour(office: Office) -> None:
    office.buy()
    office.wait(hours=0.1)
    for _ in range(3):
        office.post.again("co1")
    office.wait(hours=1)
    office.post.again("co1")
    office.wait(hours=0.1)
    assert office.sack.keys == ["co1/order", "co1/again-2026112212", "co1/again-2026112213"]
    assert {letter.subject for _, letter in office.sack.sent[1:]} == {What.AGAIN}


def test_without_tickets_nothing_is_sent_again(office: Office) -> None:
    office.world.basket()
    office.world.saga.run("co1")
    office.buy("co2")
    office.world.saga.give_back("co2")
    office.wait(hours=0.1)
    was = len(office.sack.keys)
    for key in ("co1", "co2", "nothing"):
        office.post.again(key)
    office.wait(hours=0.1)
    assert len(office.sack.keys) == was
