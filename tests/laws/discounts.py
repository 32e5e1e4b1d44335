"""The laws of etalage/ports/discounts.py as tests: one class, bound to every system of passes and simulator."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Protocol

import pytest
from msgspec.structs import replace

from etalage.model.discount import Claim, Registered
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.money import Money
from etalage.ports.discounts import Discounts

REGULAR = Money(1800)


class Lab(Protocol):
    """What a law needs of a system of passes."""

    now: datetime
    event: str
    other: str
    """Another event of the same house."""
    number: str
    """Of a pass that may have one place at each event."""
    group: str
    """Of a pass that may have three places."""
    without: str
    """Of a pass that may have nothing."""
    unknown: str
    """Of no pass, though it looks like one."""
    is_outside: bool
    """Whether it is somebody else's system, that can be silent and lose answers."""

    def discounts(self) -> Discounts:
        """The system, as another process would open it."""
        ...

    def lose(self) -> None:
        """The next booking is done, and its answer is lost."""
        ...

    def silence(self, requests: int = 1) -> None:
        """The next requests are not answered, and nothing is done."""
        ...


def claim(lab: Lab, system: Discounts, number: str = "", event: str = "") -> Claim:
    """A claim of the first that a pass may have."""
    number, event = number or lab.number, event or lab.event
    first = system.entitlements(event, REGULAR, number).entitlements[0]
    return Claim(event=event, entitlement=first.id, regular=REGULAR, label="Basis", number=number)


def ids(sales: object) -> list[str]:
    """The ids of what was booked or found."""
    assert isinstance(sales, (list, tuple))
    return [one.id for one in sales if isinstance(one, Registered)]


class Laws:
    """Bind it: a fixture `lab` that gives a fresh Lab."""

    def test_1_looking_uses_nothing_up(self, lab: Lab) -> None:
        system = lab.discounts()
        told = [system.entitlements(lab.event, REGULAR, lab.number) for _ in range(3)]
        assert told[0] == told[2] and told[0].entitlements and told[0].entitlements[0].remaining == 1
        assert system.entitlements(lab.event, REGULAR, lab.group).entitlements[0].remaining == 3

    def test_2_a_price_lies_between_nothing_and_the_regular_one(self, lab: Lab) -> None:
        for regular in (Money(1), Money(250), REGULAR, Money(12_345)):
            for one in lab.discounts().entitlements(lab.event, regular, lab.number).entitlements:
                assert 0 <= one.price.cents <= regular.cents and one.name

    def test_3_all_claims_are_booked_each_with_an_id(self, lab: Lab) -> None:
        system = lab.discounts()
        claims = [claim(lab, system), *[claim(lab, system, lab.group, lab.other)] * 3]
        told = [system.entitlements(one.event, REGULAR, one.number).entitlements[0].price for one in claims]
        made = system.register(claims)
        assert len(set(ids(made))) == 4 and [one.event for one in made] == [one.event for one in claims]
        assert [one.entitlement for one in made] == [one.entitlement for one in claims]
        assert [one.price for one in made] == told, "what was told is what is booked"

    def test_3_or_none(self, lab: Lab) -> None:
        system = lab.discounts()
        good, wrong = claim(lab, system, lab.group), claim(lab, system)
        with pytest.raises(Refused) as no:
            system.register([good, wrong, wrong])
        assert no.value.code == "discount_refused"
        assert list(system.sold(lab.event)) == []
        assert system.entitlements(lab.event, REGULAR, lab.group).entitlements[0].remaining == 3

    def test_4_what_is_booked_counts(self, lab: Lab) -> None:
        system = lab.discounts()
        one = claim(lab, system)
        system.register([one])
        assert all(
            two.id != one.entitlement for two in system.entitlements(lab.event, REGULAR, lab.number).entitlements
        )
        with pytest.raises(Refused) as no:
            lab.discounts().register([one])
        assert no.value.code == "discount_refused"
        group = claim(lab, system, lab.group)
        system.register([group, group])
        assert system.entitlements(lab.event, REGULAR, lab.group).entitlements[0].remaining == 1

    def test_4_whoever_asks_at_once(self, lab: Lab) -> None:
        system = lab.discounts()
        one = claim(lab, system, lab.group)

        def book(_: int) -> bool:
            try:
                return bool(lab.discounts().register([one]))
            except Refused:
                return False

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(book, range(6))) == 3
        assert len(list(system.sold(lab.event))) == 3

    def test_5_cancelled_it_may_be_had_again(self, lab: Lab) -> None:
        system = lab.discounts()
        one = claim(lab, system)
        (made,) = system.register([one])
        for _ in range(2):
            lab.discounts().cancel(made.id)
        assert list(system.sold(lab.event)) == []
        assert ids(system.register([one])) != [made.id]
        system.cancel("nothing-like-it")

    def test_6_after_any_doubt_it_can_be_looked_up(self, lab: Lab) -> None:
        system = lab.discounts()
        since = lab.now - timedelta(minutes=2)
        one, group = claim(lab, system), claim(lab, system, lab.group, lab.other)
        assert [list(found) for found in system.lookup([one, group], since)] == [[], []]
        before = system.register([group])
        made = system.register([one, group, group])
        mine, *theirs = lab.discounts().lookup([one, group, group], since)
        assert ids(mine) == ids(made)[:1]
        assert [set(ids(found)) for found in theirs] == [{*ids(before), *ids(made)[1:]}] * 2
        system.cancel(made[0].id)
        assert [list(found) for found in system.lookup([one], since)] == [[]]

    def test_6_also_when_the_answer_was_lost(self, lab: Lab) -> None:
        if not lab.is_outside:
            pytest.skip("its books are our own records")
        system = lab.discounts()
        one = claim(lab, system)
        lab.lose()
        with pytest.raises(Unavailable) as doubt:
            system.register([one])
        assert doubt.value.code == "discount_unknown"
        (found,) = system.lookup([one], lab.now - timedelta(minutes=2))
        assert len(found) == 1 and ids(list(found)) == ids(list(system.sold(lab.event)))

    def test_silence_says_nothing(self, lab: Lab) -> None:
        if not lab.is_outside:
            pytest.skip("its books are our own records")
        system = lab.discounts()
        one = claim(lab, system)
        for ask in (
            lambda: system.entitlements(lab.event, REGULAR, lab.number), lambda: system.register([one]),
            lambda: system.lookup([one], lab.now), lambda: system.cancel("1"), lambda: list(system.sold(lab.event)),
        ):  # fmt: skip
            lab.silence(3)
            with pytest.raises(Unavailable) as silent:
                ask()
            assert silent.value.code in ("discount_busy", "discount_unknown")
            lab.silence(0)
        assert list(system.sold(lab.event)) == []

    def test_7_everything_that_stands_is_told(self, lab: Lab) -> None:
        system = lab.discounts()
        made = [*system.register([claim(lab, system)]), *system.register([claim(lab, system, lab.group)] * 2)]
        system.register([claim(lab, system, lab.group, lab.other)])
        assert sorted(ids(list(lab.discounts().sold(lab.event)))) == sorted(ids(made))

    def test_8_who_may_have_nothing_is_told_and_it_is_no_error(self, lab: Lab) -> None:
        system = lab.discounts()
        for number in (lab.without, lab.unknown):
            assert system.reads(number) == number
            assert system.entitlements(lab.event, REGULAR, number).entitlements == ()
            with pytest.raises(Refused) as no:
                system.register([replace(claim(lab, system), number=number)])
            assert no.value.code == "discount_refused"
        assert system.reads("twaalf") == system.reads("") == system.reads("1" * 40) == ""
        assert system.reads(f" {lab.number[:4]} {lab.number[4:]} ") == lab.number

    def test_9_no_number_stands_anywhere(self, lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
        said: list[object] = []
        numbers = (lab.number, lab.group, lab.without, lab.unknown)
        with caplog.at_level(logging.DEBUG):
            system = lab.discounts()
            first = claim(lab, system)
            for number in numbers:
                said += _everything_said(lab, system, replace(first, number=number))
        text = repr(said) + caplog.text
        assert not [number for number in numbers if number in text or number[-6:] in text]


def _everything_said(lab: Lab, system: Discounts, one: Claim) -> list[object]:
    """All that is given or raised about a claim, from every verb that gets its number."""
    said: list[object] = [repr(one)]
    for ask in (
        lambda: system.entitlements(one.event, one.regular, one.number), lambda: system.register([one]),
        lambda: system.lookup([one], lab.now), lambda: system.register([one] * 9),
    ):  # fmt: skip
        try:
            said.append(ask())
        except EtalageError as error:
            said += [str(error), error.detail, repr(error.__cause__), repr(error.__context__)]
    return said
