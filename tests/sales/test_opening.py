"""A6 of the reliability plan: five thousand wait, fifty a second are let in, many leave, many reload, some cheat; by a clock of our own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from etalage.model import peak as rules
from functions.links import Links
from tests.sales.opening import OPENS, Guest, Room, busiest, peak_of, refusal

pytestmark = pytest.mark.slow
GUESTS, WAITED, ADMIT = 5_000, 4_000, 50
RELOAD = 0.05
"""The share of those who wait that reloads, each second."""


@dataclass
class Evening:
    """How an opening went."""

    room: Room
    guests: list[Guest]

    @property
    def stayed(self) -> list[Guest]:
        return [guest for guest in self.guests if guest.leaves is None]


def crowd(number: int, waited: int, dice: Random) -> list[Guest]:
    """So many come before the opening, the others in the minute after it; three of ten leave at some moment."""
    guests = []
    for at in range(number):
        late = at >= waited
        came = OPENS + timedelta(seconds=dice.uniform(0, 60) if late else -dice.uniform(0, 120))
        leaves = came + timedelta(seconds=dice.uniform(0, 200)) if dice.random() < 0.3 else None
        guests.append(Guest(at, f"session {at}", came=came, leaves=leaves))
    return guests


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    room = Room(tmp_path_factory.mktemp("a6"), peak_of(ADMIT))
    guests = crowd(GUESTS, WAITED, room.dice)
    room.play(guests, OPENS + timedelta(minutes=5), RELOAD, room.admission, room.process())
    yield Evening(room, guests)
    room.records.close()


def places(evening: Evening) -> dict[int, int]:
    """Each guest's place in the line, by number."""
    room = evening.room
    numbers = {
        guest.number: room.admission._number(room.peak, guest.session, guest.turn)
        for guest in evening.guests
        if guest.turn
    }
    return {guest: room.admission._place(room.peak, number) for guest, number in numbers.items()}


def test_never_more_are_let_in_than_the_house_takes_and_hardly_fewer(evening: Evening) -> None:
    assert busiest(evening.guests, 1) == ADMIT
    let_in = sorted(guest.at for guest in evening.guests if guest.at)
    assert let_in[0] >= OPENS
    lasted = (let_in[-1] - let_in[0]).total_seconds()
    assert len(let_in) / lasted > 0.85 * ADMIT, "who left kept places from the others"


def test_everybody_who_stayed_got_in(evening: Evening) -> None:
    assert all(guest.at for guest in evening.stayed) and len(evening.stayed) > 3_000


def test_nobody_overtakes_outside_the_shuffle(evening: Evening) -> None:
    """Who is ahead is in first, or in the same moment: when there is room for both, whoever looks first goes first."""
    place = places(evening)
    stayed = sorted(evening.stayed, key=lambda guest: place[guest.number])
    soonest = None
    for guest in reversed(stayed):
        assert guest.at
        assert soonest is None or guest.at - soonest < timedelta(seconds=2), f"place {place[guest.number]} was passed"
        soonest = guest.at if soonest is None else min(soonest, guest.at)


def test_who_waited_before_the_opening_is_shuffled_and_who_came_later_is_not(evening: Evening) -> None:
    place = places(evening)
    early = sorted(
        (guest for guest in evening.guests if guest.turn and guest.came < OPENS), key=lambda guest: guest.came
    )
    later = sorted(
        (guest for guest in evening.guests if guest.turn and guest.came >= OPENS), key=lambda guest: guest.came
    )
    assert sorted(place[guest.number] for guest in early) == list(range(len(early)))
    assert [place[guest.number] for guest in later] == list(range(len(early), len(early) + len(later)))
    halves = [
        sum(place[guest.number] < len(early) / 2 for guest in half)
        for half in (early[: len(early) // 2], early[len(early) // 2 :])
    ]
    assert abs(halves[0] - halves[1]) < 250, f"who came first has {halves}: that is no lottery"  # eight times sigma


def test_forged_foreign_and_worn_turns_are_all_refused(evening: Evening) -> None:
    room, dice = evening.room, Random(200)
    room.now = OPENS + timedelta(seconds=30)
    honest = [guest for guest in evening.guests if guest.turn]
    stranger = Links(["a secret of theirs"])
    codes: list[str] = []
    for number in range(200):
        an, bo = dice.sample(honest, 2)
        word = stranger.sign("turn", room.links.read("turn", an.turn))
        worn = room.links.sign("turn", room.links.read("turn", an.turn).replace("2026-06-01", "2025-06-01"))
        changed = an.turn[:70] + "0" + an.turn[71:] if an.turn[70] != "0" else an.turn[:70] + "1" + an.turn[71:]
        session, turn = [
            (an.session, bo.turn), (an.session, word), (an.session, worn), (an.session, changed), (bo.session, an.turn), ("", an.turn),
            (an.session, ""), (an.session, room.links.sign("order", room.links.read("turn", an.turn))),
        ][number % 8]  # fmt: skip
        codes.append(refusal(room, session, turn))
    assert codes == ["turn_wrong"] * 200
    assert refusal(room, honest[0].session, honest[0].turn) == ""


def test_control_without_the_gate_too_many_get_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same story with the guard off must fail, or the others prove nothing."""
    monkeypatch.setattr(rules, "_turn", lambda *_: 0.0)
    room = Room(tmp_path, peak_of(ADMIT))
    guests = crowd(400, 400, room.dice)
    room.play(guests, OPENS + timedelta(minutes=2), RELOAD)
    assert busiest(guests, 1) > ADMIT
    room.records.close()
