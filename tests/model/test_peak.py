"""The rules of the gate, whatever its state: never above the limit, nobody delayed by who is behind, nobody held up by who is away."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalage.model import peak as rules
from etalage.model.peak import Gate, Peak, Stage
from tests.sales.opening import OPENS, peak_of

START = OPENS.timestamp() + rules.HEARD
NOW = START + 100.0


@st.composite
def gates(draw: st.DrawFn) -> tuple[Peak, Gate]:
    """A house that takes a few a second or a minute, and a gate as it may be."""
    peak = peak_of(draw(st.integers(1, 8)), draw(st.sampled_from([1, 60])))
    reached = draw(st.integers(-1, 30))
    times = draw(st.lists(st.floats(NOW - peak.per, NOW, exclude_min=True), max_size=peak.admit))
    here = draw(st.dictionaries(st.integers(0, 40), st.floats(NOW - 5, NOW + 30), max_size=12))
    return peak, Gate(reached, max(times, default=NOW - 70), tuple(sorted(times)), here)


@given(gates(), st.lists(st.tuples(st.integers(0, 45), st.floats(0, 20)), max_size=40))
def test_never_above_the_limit_in_any_window(known: tuple[Peak, Gate], looks: list[tuple[int, float]]) -> None:
    peak, gate = known
    let_in, now = list(gate.let_in), NOW
    for place, pause in looks:
        now += pause
        gate, standing = rules.come(peak, gate, place, now)
        if standing.stage is Stage.IN:
            let_in.append(now)
    for first in let_in:
        assert sum(first <= moment < first + peak.per for moment in let_in) <= peak.admit


@given(gates(), st.integers(0, 45))
def test_nobody_at_the_gate_waits_longer_because_somebody_behind_got_in(known: tuple[Peak, Gate], place: int) -> None:
    peak, gate = known
    after, standing = rules.come(peak, gate, place, NOW)
    for other, due in gate.here.items():
        if other < place and due >= NOW and standing.stage is Stage.IN:
            assert rules.stand(peak, after, other, NOW).wait <= rules.stand(peak, gate, other, NOW).wait


@given(gates(), st.integers(0, 45))
def test_who_looks_again_in_time_writes_nothing_new(known: tuple[Peak, Gate], place: int) -> None:
    peak, gate = known
    after, standing = rules.come(peak, gate, place, NOW)
    if standing.stage is Stage.WAITING:
        again, _ = rules.come(peak, after, place, NOW)
        assert again is after


@given(gates(), st.integers(0, 45))
def test_a_gate_is_the_same_after_it_was_kept(known: tuple[Peak, Gate], place: int) -> None:
    gate, _ = rules.come(*known, place, NOW)
    assert msgspec.json.decode(msgspec.json.encode(gate), type=Gate) == gate


def test_who_is_at_the_gate_and_does_not_come_holds_up_nobody_for_long() -> None:
    peak = peak_of(1, 1)
    gate, standing = rules.come(peak, Gate(at=NOW, let_in=(NOW,)), 0, NOW)
    assert standing.stage is Stage.WAITING and standing.wait == pytest.approx(1)
    gate, second = rules.come(peak, gate, 1, NOW)
    assert second.wait == pytest.approx(2), "there must be room for the first of them too"
    late = gate.here[0] + 0.1
    assert rules.come(peak, gate, 1, late)[1].stage is Stage.IN
    gate, _ = rules.come(peak, gate, 1, late)
    assert rules.come(peak, gate, 0, late + 1)[1].stage is Stage.IN, "who comes a little late is next"


def test_a_turn_is_lost_when_many_have_passed() -> None:
    peak = peak_of(1, 1)
    assert not rules.is_lost(peak, Gate(reached=rules.LATE), 0) and rules.is_lost(peak, Gate(reached=rules.LATE + 1), 0)
    assert not rules.is_lost(peak, Gate(reached=rules.LATE + 1, here={0: NOW}), 0)


def test_when_the_next_hundred_have_all_left_the_gate_comes_to_who_is_behind_them() -> None:
    peak, gate = peak_of(2, 1), Gate(reached=10, at=NOW)
    near = 10 + 1 + 2 * rules.NEAR
    assert rules.reach(peak, gate, NOW) == near and rules.reach(peak, gate, NOW + 50) == near + 100


def test_for_the_gate_time_never_goes_back() -> None:
    """A process whose clock is behind cannot let in more than one that is right."""
    peak, gate = peak_of(1, 1), Gate(reached=0, at=NOW, let_in=(NOW,))
    for behind in (0.5, 3.0, 400.0):
        assert rules.come(peak, gate, 1, NOW - behind)[1].stage is Stage.WAITING


def test_the_draw_is_a_shuffle_that_any_process_repeats() -> None:
    places = rules.draw(1000, b"seed")
    assert sorted(places) == list(range(1000)) and places != list(range(1000))
    rules.draw.cache_clear()
    assert rules.draw(1000, b"seed") == places != rules.draw(1000, b"other")


def test_every_place_is_as_likely_for_whoever_came_first() -> None:
    """Of 600 draws among 6, the first of the line has each place about a hundred times."""
    places = [rules.draw(6, b"%d" % seed)[0] for seed in range(600)]
    assert all(60 < places.count(place) < 140 for place in range(6))  # four times sigma


@pytest.mark.parametrize(
    ("id", "covered"),
    [
        ("toml:linde/a/1", True), ("pretix:linde/theater/3", True), ("json:linde.feed/a/1", True), ("toml:brug/a/1", False),
        ("toml:lindeboom/a/1", False),
    ],
)  # fmt: skip
def test_a_peak_is_of_its_house(id: str, covered: bool) -> None:
    assert peak_of().covers(id) is covered


def test_a_peak_may_be_of_some_productions() -> None:
    peak = peak_of(productions=("toml:linde/a", "toml:linde/expo"))
    assert peak.covers("toml:linde/a/1") and peak.covers("toml:linde/expo")
    assert not peak.covers("toml:linde/ab/1") and not peak.covers("toml:linde/b/1")


def test_a_peak_is_on_from_its_doors_to_its_end() -> None:
    peak, second = peak_of(), timedelta(seconds=1)
    assert not peak.is_on(peak.doors - second) and peak.is_on(peak.doors)
    assert peak.is_on(peak.until - second) and not peak.is_on(peak.until)
