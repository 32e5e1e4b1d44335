"""An opening as it might be: thousands at the door, some leave, some reload all the time, some try what they should not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from random import Random

from etalage.model.errors import EtalageError
from etalage.model.peak import Peak, Stage
from etalage.sales.admission import Admission
from functions.links import Links
from tests.sales.world import Store, file_in

OPENS = datetime(2026, 6, 1, 10, tzinfo=UTC)


def peak_of(admit: int = 50, per: int = 1, **more: object) -> Peak:
    """The season of De Linde, from ten to noon; the doors open at half past nine."""
    given = {"id": "linde/2026-06-01", "houses": ("linde",), "opens": OPENS, "until": OPENS + timedelta(hours=2)}
    return Peak(**(given | {"doors": OPENS - timedelta(minutes=30), "admit": admit, "per": per} | more))


@dataclass
class Guest:
    """Somebody with a session and a turn; `leaves`: when they give up, `at`: when they were let in."""

    number: int
    session: str
    turn: str = ""
    leaves: datetime | None = None
    came: datetime | None = None
    place: int = -1
    at: datetime | None = None
    looked: list[datetime] = field(default_factory=list)


class Room:
    """A room with a clock of its own, over a real store."""

    def __init__(self, folder: Path, peak: Peak, store: Store | None = None) -> None:
        self.now, self.peak, self.dice = peak.doors, peak, Random(6)
        self.records = (store or file_in)(folder, lambda: self.now)
        self.links = Links(["today", "yesterday"])
        self.admission = self.process()
        self.writes = 0

    def process(self, ahead: float = 0.0) -> Admission:
        """A web process on this store, whose clock may be ahead."""
        return Admission(
            self.records, [self.peak], lambda: self.now + timedelta(seconds=ahead), self.dice.randbytes,
            lambda word: self.links.sign("turn", word), lambda word: self.links.read("turn", word),
        )  # fmt: skip

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def join(self, guest: Guest) -> None:
        guest.came = self.now
        guest.turn = self.admission.join(self.peak, guest.session)

    def look(self, guest: Guest, desk: Admission | None = None) -> float:
        """Look once; gives after how many seconds to look again, 0 when they are in."""
        standing = (desk or self.admission).look(self.peak, guest.session, guest.turn)
        guest.looked.append(self.now)
        if standing.stage is Stage.IN:
            guest.at = guest.at or self.now
            return 0.0
        return standing.again

    def play(self, guests: Sequence[Guest], until: datetime, reload: float = 0.0, *desks: Admission) -> None:
        """Everybody comes, looks as often as told, and some a share `reload` of them each second besides, until that moment."""
        events: list[tuple[datetime, int, bool]] = [(guest.came, guest.number, False) for guest in guests if guest.came]
        events.sort()
        known = {guest.number: guest for guest in guests}
        offices = desks or (self.admission,)

        def one(at: datetime, number: int, extra: bool) -> None:
            guest = known[number]
            if guest.at or (guest.leaves and guest.leaves <= at):
                return
            self.now = at
            if not guest.turn:
                self.join(guest)
                if reload:
                    heappush(events, (at + timedelta(seconds=self.dice.expovariate(reload)), number, True))
            again = self.look(guest, offices[number % len(offices)])
            if extra:
                again = self.dice.expovariate(reload)
            if again:
                heappush(events, (at + timedelta(seconds=again + self.dice.uniform(0, 0.05)), number, extra))

        def second() -> None:
            end = events[0][0] + timedelta(seconds=1)
            while events and events[0][0] < end:
                one(*heappop(events))

        while events and events[0][0] < until:
            self.records.together(second)  # one commit: thousands of them would take a minute, and prove nothing more


def busiest(guests: Sequence[Guest], per: int) -> int:
    """The most who were let in within any `per` seconds."""
    times = sorted(guest.at for guest in guests if guest.at)
    best = first = 0
    for last, moment in enumerate(times):
        while times[first] <= moment - timedelta(seconds=per):
            first += 1
        best = max(best, last - first + 1)
    return best


def refusal(room: Room, session: str, turn: str) -> str:
    """The code with which a turn is refused; "" when it is not."""
    try:
        room.admission.look(room.peak, session, turn)
    except EtalageError as error:
        return error.code
    return ""
