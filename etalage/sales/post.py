"""The post: letters are owed from the moment that an order is done, and sent until the mail server has taken them.

What is owed is written in one commit with the order's state, so that neither can be without the other. Each try is written down
before and after; whoever finds a try that nobody ended does it again under the same key, which is the same letter.

A newcomer's trap: a letter is drafted when it is sent, not when it is owed. Who gets a share back while the post is closed gets no
letter with its tickets any more.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from etalage.model.checkout import Checkout, State
from etalage.model.errors import EtalageError, Refused, Stale, Unavailable
from etalage.model.letter import OF_SCHOOLS, Letter, Owed, What
from etalage.model.school import SchoolRequest
from etalage.ports.mailer import Mailer
from etalage.ports.records import Change, Put, Record, Records
from etalage.sales import alarm, requests
from etalage.sales.letters import LETTER, ask_again, owe, visits
from etalage.sales.saga import read
from etalage.sales.terms import CHECKOUT

LEASE = timedelta(minutes=3)
"""A try that was begun is left to who began it for so long; all that a mail server may take, and more."""
SLOWEST = timedelta(minutes=10)
"""So long after the post is open again the last letter goes out."""
LONG = timedelta(minutes=30)
"""A letter that hangs for so long is told to staff."""
GIVEN_UP = timedelta(days=4)
"""As mail servers do (RFC 5321, 4.5.4.1)."""
LETTERS = 20
"""Letters sent at one look."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Owed).decode


Subject = Checkout | SchoolRequest
"""What a letter is about."""
Draft = Callable[[Owed, Subject], Letter | None]
"""Writes a letter from the order or request as it is now; None when there is nothing to say any more."""


class Post:
    """Sends what is owed. `crossing`: where a test may stop a process, as in the saga."""

    def __init__(
        self, records: Records, mailer: Mailer, draft: Draft, clock: Callable[[], datetime],
        crossing: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self.records, self.mailer, self.draft, self.clock, self.crossing = records, mailer, draft, clock, crossing

    def again(self, key: str) -> None:
        """Send the tickets of an order once more, at most once an hour; nothing when there are none."""
        found = self.records.get(CHECKOUT, key)
        if found is not None:
            ask_again(self.records, read(found), self.clock())

    def deliver(self, limit: int = LETTERS) -> list[str]:
        """Send what is due; the ids of what was sent. When the post is closed the rest waits for the next look."""
        sent: list[str] = []
        broken: list[Exception] = []
        for record in self.records.due(LETTER, self.clock(), limit):
            try:
                if self._deliver_one(record):
                    sent.append(record.id)
            except Unavailable as silent:
                if silent.code == "mail_closed":
                    break
            except Exception as error:  # one that cannot be written does not stop the others; all are told below
                broken.append(error)
        if broken:
            raise ExceptionGroup("letters that could not be written", broken)
        return sent

    def _deliver_one(self, record: Record) -> bool:
        """Try one letter; whether it was sent now."""
        try:
            owed = _decode(record.value)
            checkout = self._subject(owed)
        except (msgspec.ValidationError, Unavailable):  # another version of us wrote it: it waits for who can read it
            self._put(record, record.value, record.version, self.clock() + timedelta(hours=1))
            return False
        if checkout is None:
            self._end(record, record.version, replace(owed, void=True))
            return False
        moving = isinstance(checkout, Checkout) and checkout.state is State.CONFIRMING
        if moving and owed.what is not What.ALERT:  # a share is going back just now: what is true is known in a moment
            self._put(record, record.value, record.version, self.clock() + timedelta(minutes=1))
            return False
        owed = replace(owed, tries=owed.tries + 1, begun=self.clock())
        self.crossing("letter begin")
        version = self._put(record, _encode(owed), record.version, self.clock() + max(LEASE, _back_off(owed.tries)))
        self.crossing("letter begun")
        return version is not None and self._send(record, version, owed, checkout)

    def _subject(self, owed: Owed) -> Subject | None:
        """What it is about, as that is now; None when it is not kept any more."""
        if owed.what in OF_SCHOOLS:
            found = self.records.get(requests.REQUEST, owed.order)
            return requests.read(found) if found else None
        found = self.records.get(CHECKOUT, owed.order)
        return read(found) if found else None

    def _send(self, record: Record, version: int, owed: Owed, checkout: Subject) -> bool:
        owed, now = replace(owed, begun=None), self.clock()
        try:
            letter = self.draft(owed, checkout)
        except EtalageError as error:  # the site is being built, say
            self._later(record, version, owed, checkout, error.code)
            return False
        if letter is None:
            self._end(record, version, replace(owed, void=True))
            return False
        try:
            self.mailer.send(letter, record.id)
        except Refused as no:
            self._end(record, version, replace(owed, failed=no.code))
            alarm.letter("letter_undeliverable", record.id, checkout, no.code)
            return False
        except Unavailable as silent:
            self._later(record, version, owed, checkout, silent.code)
            raise
        self.crossing("letter sent")
        is_visit = owed.what in (What.ORDER, What.MOVED)
        before = visits(checkout, now) if isinstance(checkout, Checkout) and is_visit else {}
        more = [
            owe(Owed(order=owed.order, what=What.BEFORE, since=due, about=one), f"{What.BEFORE.value}-{one}", due)
            for one, due in before.items()
        ]
        self._end(record, version, replace(owed, sent=self.clock()), more)
        self.crossing("letter over")
        return True

    def _later(self, record: Record, version: int, owed: Owed, checkout: Subject, code: str) -> None:
        """It is tried again, later each time; when that lasts too long staff are told, and in the end we give up."""
        waited = self.clock() - owed.since
        if waited >= GIVEN_UP:
            self._end(record, version, replace(owed, failed=code))
            alarm.letter("letter_undeliverable", record.id, checkout, code)
            return
        hangs = not owed.told and (waited >= LONG or code == "mail_locked")
        after = replace(owed, told=owed.told or hangs)
        if self._put(record, _encode(after), version, self.clock() + _back_off(owed.tries)) and hangs:
            alarm.letter("letter_stuck", record.id, checkout, code)

    def _put(self, record: Record, value: bytes, version: int, due: datetime | None) -> int | None:
        """The new version; None when somebody else was first."""
        try:
            return self.records.put(LETTER, record.id, value, expect=version, due=due, expires=record.expires)
        except Stale:
            return None

    def _end(self, record: Record, version: int, owed: Owed, more: Sequence[Put] = ()) -> None:
        """Nobody needs to look at it any more; with what is owed from now on."""
        over = Put(kind=LETTER, id=record.id, value=_encode(owed), expect=version, expires=record.expires)
        changes: list[Change] = [over, *more]
        with suppress(Stale):
            self.records.transact(changes)


def _back_off(tries: int) -> timedelta:
    """10, 20, 40 … seconds, ten minutes at most."""
    return min(SLOWEST, timedelta(seconds=5 * 2 ** min(tries, 9)))
