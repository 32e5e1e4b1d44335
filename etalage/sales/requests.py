"""The requests of schools: asked by a teacher, answered by staff, agreed by the teacher. A letter goes with each answer.

Nothing is held: a request is a letter between people, and the house's staff divide the places.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from etalage.model.checkout import Shown
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.model.letter import Owed, What
from etalage.model.school import ARROWS, SchoolRequest, Stage
from etalage.ports.records import ABSENT, Put, Record, Records
from etalage.sales.letters import owe

REQUEST = "request"
KEPT = timedelta(days=60)
"""So long after the last of its dates a request is gone; one that came to nothing, so long after that."""
TRIES = 4

_TELLS = {Stage.PROPOSED: What.PROPOSED, Stage.CONFIRMED: What.CONFIRMED, Stage.DECLINED: What.DECLINED}
"""What a teacher is written of a stage; who withdraws sees it on the page."""
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(SchoolRequest).decode


class Requests:
    """All requests in the records."""

    def __init__(self, records: Records, clock: Callable[[], datetime]) -> None:
        self.records, self.clock = records, clock

    def ask(self, made: SchoolRequest) -> SchoolRequest:
        """Write down a new request; the same one twice is one."""
        letters = [
            owe(Owed(order=made.key, what=what, since=made.made), what.value, made.made)
            for what in (What.ASKED, What.HOUSE)
        ]
        try:
            self.records.transact([_put(made, ABSENT), *letters])
        except Stale:
            return self.look(made.key)
        return made

    def look(self, key: str) -> SchoolRequest:
        """A request as it is now; refuses `request_unknown`."""
        return read(self._found(key))

    def all(self) -> tuple[list[SchoolRequest], list[str]]:
        """Every request, the newest first, and the keys of those that another version of us wrote. For a desk: it reads them all."""
        known, foreign = [], []
        for record in self.records.walk(REQUEST):
            try:
                known.append(read(record))
            except Unavailable:
                foreign.append(record.id)
        return sorted(known, key=lambda one: (one.made, one.key), reverse=True), sorted(foreign)

    def propose(self, key: str, date: str, shown: Shown, say: str = "") -> SchoolRequest:
        """The house names a date. `shown` is what the site says of it, in the teacher's language."""

        def change(known: SchoolRequest) -> SchoolRequest:
            return replace(known, stage=Stage.PROPOSED, proposed=date, shown={**known.shown, date: shown}, say=say)

        return self._move(key, change)

    def decline(self, key: str, say: str = "") -> SchoolRequest:
        """The house has no date for them."""
        return self._move(key, lambda known: replace(known, stage=Stage.DECLINED, say=say))

    def confirm(self, key: str, step: int) -> SchoolRequest:
        """The teacher says yes to the proposal of that step. Refuses `request_changed` when there is another one by now, and
        `request_over` when its date is past.
        """

        def change(known: SchoolRequest) -> SchoolRequest:
            if known.stage is Stage.PROPOSED and known.step != step:
                raise Refused("request_changed", "There is another proposal now. Look at it first.")
            if known.stage is Stage.PROPOSED and known.is_past(self.clock()):
                raise Refused("request_over", "This cannot be changed any more.")
            return replace(known, stage=Stage.CONFIRMED)

        return self._move(key, change)

    def withdraw(self, key: str) -> SchoolRequest:
        """The teacher does not want it any more."""
        return self._move(key, lambda known: replace(known, stage=Stage.WITHDRAWN))

    def _move(self, key: str, change: Callable[[SchoolRequest], SchoolRequest]) -> SchoolRequest:
        """Go on to another stage, and owe its letter. Twice is once; refuses `request_over` where no arrow leads."""
        for _ in range(TRIES):
            found = self._found(key)
            known, now = read(found), self.clock()
            after = change(known)
            if after == known:
                return known
            if after.stage not in ARROWS[known.stage]:
                raise Refused("request_over", "This cannot be changed any more.", where=key)
            after = replace(after, step=known.step + 1, changed=now)
            what = _TELLS.get(after.stage)
            owed = Owed(order=key, what=what, since=now, about=str(after.step)) if what else None
            letters = [owe(owed, f"{owed.what.value}-{after.step}", now)] if owed else []
            try:
                self.records.transact([_put(after, found.version), *letters])
            except Stale:  # staff and the teacher at the same moment
                continue
            return after
        raise Unavailable("record_stale", "others change this request all the time", where=key)

    def _found(self, key: str) -> Record:
        found = self.records.get(REQUEST, key)
        if found is None:
            raise Refused("request_unknown", "This request is not here.", where=key)
        return found


def read(record: Record) -> SchoolRequest:
    """The request in a record; Unavailable `request_foreign` when another version of us wrote it."""
    try:
        return _decode(record.value)
    except msgspec.ValidationError as error:
        raise Unavailable("request_foreign", "another version of us wrote this request", where=record.id) from error


def _put(request: SchoolRequest, expect: int) -> Put:
    over = request.changed if not ARROWS[request.stage] else None
    return Put(
        kind=REQUEST, id=request.key, value=_encode(request), expect=expect, expires=(over or request.last) + KEPT
    )
