"""Stories of the waiting room: drawn and in order, near and far, away and back, in two processes at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from etalage.model import peak as rules
from etalage.model.errors import Refused
from etalage.model.peak import PASS, Gate, Peak, Stage
from etalage.sales import admission as room_of
from tests.sales.crash import lay
from tests.sales.opening import OPENS, Guest, Room, busiest, peak_of, refusal
from tests.servers.fixtures import ministack  # noqa: F401

Open = Callable[..., Room]


on_both = pytest.mark.parametrize("open_room", ["file", pytest.param("table", marks=pytest.mark.server)], indirect=True)
"""With the line in a file, and on DynamoDB."""


@pytest.fixture
def open_room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    on_table = getattr(request, "param", "file") == "table"
    store = lay(tmp_path, request.getfixturevalue("ministack") if on_table else "")
    rooms: list[Room] = []

    def open_one(peak: Peak) -> Room:
        rooms.append(Room(tmp_path, peak, store))
        return rooms[-1]

    yield open_one
    for room in rooms if store is None else ():
        room.records.close()


def line(room: Room, number: int) -> list[Guest]:
    """So many, one after the other."""
    guests = [Guest(at, f"session {at}") for at in range(number)]
    for guest in guests:
        room.join(guest)
    return guests


def opened(room: Room, seconds: float = rules.HEARD) -> None:
    room.now = OPENS + timedelta(seconds=seconds)


def test_before_the_opening_nobody_is_told_a_place_and_nothing_is_written(open_room: Open) -> None:
    room = open_room(peak_of())
    (guest,) = line(room, 1)
    before = room.records.get(room_of.QUEUE, room.peak.id)
    standing = room.admission.look(room.peak, guest.session, guest.turn)
    assert (standing.stage, standing.ahead, standing.wait) == (
        Stage.EARLY,
        None,
        1800,
    ) and standing.again == rules.EARLY
    assert room.records.get(room_of.QUEUE, room.peak.id) == before and not room.records.get(room_of.GATE, room.peak.id)


def test_at_the_opening_everybody_hears_a_place_before_the_first_is_let_in(open_room: Open) -> None:
    room = open_room(peak_of(2, 1))
    guests = line(room, 40)
    opened(room, rules.HEARD - 0.1)
    standings = [room.admission.look(room.peak, guest.session, guest.turn) for guest in guests]
    assert {one.stage for one in standings} == {Stage.WAITING}
    assert sorted(one.ahead for one in standings if one.ahead is not None) == list(range(40))


def test_who_comes_after_the_opening_is_behind_all_who_waited(open_room: Open) -> None:
    room = open_room(peak_of(1, 60))
    line(room, 5)
    opened(room, 1)
    late = [Guest(at, f"late {at}") for at in range(5)]
    for guest in late:
        room.join(guest)
    assert [room.admission.look(room.peak, one.session, one.turn).ahead for one in late] == [5, 6, 7, 8, 9]


@on_both
def test_two_processes_draw_the_same_places(open_room: Open) -> None:
    room = open_room(peak_of())
    guests = line(room, 50)
    opened(room, 1)
    desks = room.admission, room.process()
    seen = [[desk.look(room.peak, guest.session, guest.turn).ahead for guest in guests] for desk in desks]
    assert seen[0] == seen[1]


def test_who_is_far_away_reads_next_to_nothing_and_writes_nothing(
    open_room: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = open_room(peak_of(1, 60))
    guests = line(room, 30)
    opened(room)
    standings = {guest.number: room.admission.look(room.peak, guest.session, guest.turn) for guest in guests}
    far = max(guests, key=lambda guest: standings[guest.number].ahead or 0)
    asked: list[str] = []

    def overheard(verb: str, ask: Callable[..., object]) -> Callable[..., object]:
        def listen(*given: object) -> object:
            asked.append(verb)
            return ask(*given)

        return listen

    for verb in ("get", "several", "change", "transact", "put"):
        monkeypatch.setattr(room.records, verb, overheard(verb, getattr(room.records, verb)))
    for _ in range(100):
        room.look(far)
        room.pass_time(0.1)
    assert set(asked) == {"several", "get"} and asked.count("several") <= 21, "once in half a second, whoever looks"


@on_both
def test_who_polls_at_the_gate_writes_once(open_room: Open) -> None:
    room = open_room(peak_of(1, 60))
    guests = line(room, 2)
    opened(room)
    second = max(guests, key=room.look)
    assert sum(guest.at is not None for guest in guests) == 1
    room.pass_time(1)
    room.look(second)
    known = room.records.get(room_of.GATE, room.peak.id)
    for _ in range(50):
        room.pass_time(1)
        room.look(second)
    assert room.records.get(room_of.GATE, room.peak.id) == known


@on_both
def test_who_leaves_is_passed_and_the_next_gets_the_turn(open_room: Open) -> None:
    room = open_room(peak_of(1, 1))
    guests = line(room, 60)
    opened(room)
    by_place = sorted(guests, key=lambda guest: room.admission.look(room.peak, guest.session, guest.turn).ahead or 0)
    stayed = by_place[1::2]
    for guest in stayed:
        guest.came = room.now
    room.play(stayed, room.now + timedelta(minutes=5))
    times = [guest.at for guest in stayed]
    assert all(times) and times == sorted(times, key=str)
    assert times[-1] and times[-1] - OPENS < timedelta(seconds=60), (
        "thirty got in, one a second, and nobody waited for the others"
    )


def test_who_was_away_a_while_is_next_and_who_was_away_long_has_lost_it(open_room: Open) -> None:
    room = open_room(peak_of(1, 1))
    guests = line(room, 400)
    opened(room)
    by_place = sorted(guests, key=lambda guest: room.admission.look(room.peak, guest.session, guest.turn).ahead or 0)
    away, long_away, others = by_place[1], by_place[2], by_place[3:]
    for guest in others:
        guest.came = room.now
    room.play(others, room.now + timedelta(seconds=60))
    room.now = OPENS + timedelta(seconds=66)
    while room.look(away):
        room.pass_time(1)
    assert room.now - OPENS < timedelta(seconds=72)
    for guest in others:
        guest.came = room.now
    room.play([guest for guest in others if not guest.at], room.now + timedelta(seconds=400))
    assert refusal(room, long_away.session, long_away.turn) == "turn_lost"


@on_both
def test_a_pass_ends_and_a_lost_answer_is_given_again(open_room: Open) -> None:
    room = open_room(peak_of())
    (guest,) = line(room, 1)
    opened(room)
    assert not room.admission.has_pass(room.peak, guest.session)
    assert room.look(guest) == 0.0 == room.look(guest), "the answer was lost, and they ask again"
    known = room.records.get(room_of.GATE, room.peak.id)
    assert known and len(msgspec.json.decode(known.value, type=Gate).let_in) == 1, "they were let in once"
    assert room.process().has_pass(room.peak, guest.session)
    room.pass_time(PASS.total_seconds() - 1)
    assert room.admission.has_pass(room.peak, guest.session)
    room.pass_time(1)
    assert not room.admission.has_pass(room.peak, guest.session) and not room.admission.has_pass(room.peak, "")


def test_a_turn_that_an_older_secret_signed_is_good(open_room: Open) -> None:
    room = open_room(peak_of())
    (guest,) = line(room, 1)
    room.links.secrets.append("tomorrow's")
    opened(room)
    assert room.look(guest) == 0.0


@on_both
@pytest.mark.parametrize("ahead", [0.0, 0.7])
def test_many_at_once_in_two_processes_never_get_past_the_limit(open_room: Open, ahead: float) -> None:
    """When one of two clocks is ahead there may be a few more at first, and never again: for the gate time never goes back."""
    room = open_room(peak_of(3, 1))
    guests = line(room, 30)
    opened(room, 20)
    desks = room.admission, room.process(ahead)
    let_in = []
    with ThreadPoolExecutor(8) as hands:
        while sum(let_in) < 30 and len(let_in) < 60:
            before = sum(guest.at is not None for guest in guests)
            list(hands.map(lambda guest: room.look(guest, desks[guest.number % 2]), guests))
            let_in.append(sum(guest.at is not None for guest in guests) - before)
            room.pass_time(1)
    assert sum(let_in) == 30, "everybody comes in"
    if ahead:
        assert 3 <= let_in[0] <= 6 and max(let_in[1:]) <= 3
    else:
        assert let_in == [3] * 10


def test_a_slow_room_takes_one_a_minute(open_room: Open) -> None:
    room = open_room(peak_of(1, 60))
    guests = [Guest(at, f"session {at}", came=OPENS + timedelta(seconds=at)) for at in range(8)]
    room.play(guests, OPENS + timedelta(minutes=10))
    times = [guest.at for guest in guests if guest.at]
    assert len(times) == 8 and times == sorted(times) and busiest(guests, 60) == 1


def test_whoever_signs_nothing_has_no_turn(open_room: Open) -> None:
    room = open_room(peak_of())
    with pytest.raises(Refused, match="no turn of yours"):
        room.admission.look(room.peak, room.admission.session(), "")
    assert len(room.admission.session()) == 22 and room.admission.session() != room.admission.session()
