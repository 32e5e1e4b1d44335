"""A season opens: who is let in now, who waits, and for how long. Rules only; etalage/sales/admission.py keeps the books.

A newcomer's trap: nobody comes exactly when called. So there is a gate. Who is far away in the line only looks. Who is near comes
to the gate and is counted on for a moment; and who is at the gate gets in when there is room for them *and for everybody there
before them*. So nobody ever waits longer because of somebody behind, and whoever stays away holds up nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from math import ceil

import msgspec

from etalage.model.basket import house_of

HEARD = 5
"""Seconds after the opening in which everybody hears their place, before the first is let in: else quick browsers win."""
NEAR = 5
"""Seconds before their turn in which visitors come to the gate."""
GRACE = 3
"""Seconds that somebody at the gate may come later than their turn before we no longer count on them."""
LATE = 300
"""Seconds' worth of visitors who may pass somebody silent before the turn is lost."""
SOONEST, LATEST = 0.1, 30
"""Seconds until the next look, at least and at most."""
EARLY = 60
"""The same, before the opening."""
SPREAD = 4
"""Seconds over which those who waited look at the opening: less than HEARD."""
PASS = timedelta(hours=1)
"""How long one may buy when one is in: as long as a basket can be held."""


class Peak(msgspec.Struct, frozen=True, kw_only=True):
    """A moment at which many come: `admit` visitors per `per` seconds, from `opens` to `until`; `doors` is when one may begin to wait.

    It is about all that `houses` sell, or only about `productions`, by id.
    """

    id: str
    houses: tuple[str, ...]
    opens: datetime
    until: datetime
    doors: datetime
    admit: int
    per: int
    productions: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """Visitors per second."""
        return self.admit / self.per

    def is_on(self, now: datetime) -> bool:
        """Whether there is a queue."""
        return self.doors <= now < self.until

    def covers(self, performance: str) -> bool:
        """Whether this performance is a part of it."""
        if self.productions:  # what is visited as one whole has the production's own id
            return performance in self.productions or performance.rpartition("/")[0] in self.productions
        return house_of(performance) in self.houses


class Gate(msgspec.Struct, frozen=True, omit_defaults=True):
    """The head of the line. `reached`: the last place that was let in; `let_in`: when, within the last `per` seconds; `at`: the last of them.

    `here`: the places of who is at the gate → until when we count on them. Moments are seconds since 1970.
    """

    reached: int = -1
    at: float = 0.0
    let_in: tuple[float, ...] = ()
    here: Mapping[int, float] = {}


class Stage(StrEnum):
    """How far somebody is."""

    EARLY = "early"
    WAITING = "waiting"
    IN = "in"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands: `ahead`, how many are before them (None before the draw).

    `wait`: in how many seconds it is about their turn; `again`: after how many they should look again.
    """

    stage: Stage
    ahead: int | None = None
    wait: float = 0.0
    again: float = 0.0


@lru_cache(maxsize=8)
def draw(early: int, seed: bytes) -> Sequence[int]:
    """The places of the `early` visitors who were there at the opening, by their number: a shuffle that any process can repeat."""
    drawn = sorted(range(early), key=lambda number: blake2b(b"%d" % number, key=seed, digest_size=16).digest())
    places = [0] * early
    for place, number in enumerate(drawn):
        places[number] = place
    return places


def before_opening(peak: Peak, number: int, now: datetime) -> Standing:
    """Where number `number` stands while all still wait for the opening: nowhere yet."""
    left = (peak.opens - now).total_seconds()
    spread = number * 7 % 40 / 40 * SPREAD
    return Standing(stage=Stage.EARLY, wait=left, again=min(EARLY, left + spread))


def reach(peak: Peak, gate: Gate, now: float) -> int:
    """The first place that is too far back to come to the gate. It moves on by itself, for the next hundred may all have left."""
    near = max(peak.admit, ceil(peak.rate * NEAR))
    silent = max(0.0, now - max(gate.at, _starts(peak)))
    return gate.reached + 1 + near + int(silent * peak.rate)


def is_lost(peak: Peak, gate: Gate, place: int) -> bool:
    """Whether somebody was away for so long that the turn is gone."""
    return place not in gate.here and place + LATE * peak.rate < gate.reached


def stand(peak: Peak, gate: Gate, place: int, now: float) -> Standing:
    """Where a place in the line stands, when nothing changes."""
    between, far = place - gate.reached - 1, place + 1 - reach(peak, gate, now)
    if far > 0:
        wait = max(0.0, _starts(peak) - now) + between / peak.rate
        # Half of the time that it takes at least: those before may have left, and then it goes faster.
        again = min(LATEST, max(1.0, far / peak.rate / 2))
        return Standing(stage=Stage.WAITING, ahead=between, wait=wait, again=again)
    before = sum(one < place and due >= now for one, due in gate.here.items())
    wait = _turn(peak, gate, before, now)
    again = max(SOONEST, min(wait, NEAR))
    return Standing(stage=Stage.WAITING, ahead=max(between, before), wait=wait, again=again)


def come(peak: Peak, gate: Gate, place: int, now: float) -> tuple[Gate, Standing]:
    """Somebody looks: the gate as it is then (the very same one when nothing has to be written), and where they stand."""
    now = max(now, gate.at)  # clocks differ: for the gate time never goes back
    standing = stand(peak, gate, place, now)
    if place >= reach(peak, gate, now):
        return gate, standing
    if standing.wait <= 0:
        here = {one: due for one, due in gate.here.items() if one != place and due >= now}
        times = (*_recent(peak, gate, now), now)
        return Gate(max(gate.reached, place), now, times, here), Standing(stage=Stage.IN)
    if gate.here.get(place, 0.0) >= now + standing.wait:
        return gate, standing
    here = {one: due for one, due in gate.here.items() if due >= now}
    here[place] = now + ceil(standing.wait) + GRACE
    return Gate(gate.reached, gate.at, _recent(peak, gate, now), here), standing


def _starts(peak: Peak) -> float:
    return peak.opens.timestamp() + HEARD


def _recent(peak: Peak, gate: Gate, now: float) -> tuple[float, ...]:
    return tuple(moment for moment in gate.let_in if moment > now - peak.per)


def _turn(peak: Peak, gate: Gate, before: int, now: float) -> float:
    """Seconds until there is room for somebody at the gate, and for the `before` who are there before them; 0 for now."""
    if now < _starts(peak):
        return _starts(peak) - now + before // peak.admit * peak.per
    recent = _recent(peak, gate, now)
    free = peak.admit - len(recent)
    rounds, rest = divmod(before, peak.admit)
    return rounds * peak.per + (0.0 if rest < free else recent[rest - free] + peak.per - now)
