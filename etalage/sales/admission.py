"""The waiting room: a number for who comes, a draw at the opening, the gate, and a pass for who is in.

Who waits has two cookies: a session, which is a word that nobody can guess, and a turn, which is signed and names that session,
a number and the peak. A turn without its session is worth nothing. A pass is no word at all, but a document of the session:
nobody can forge or lend it, and who lost the answer with which it came has it all the same.

A newcomer's trap: thousands look, and few are near. Whoever is not near is answered from what this process saw less than a
second ago. Only the gate is read and written, as one change, so that two processes never let in too many.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec

from etalage.model import peak as rules
from etalage.model.errors import EtalageError, Refused
from etalage.model.peak import Gate, Peak, Stage, Standing
from etalage.ports.records import ANY, Change, Put, Record, Records

QUEUE, GATE, PASS = "queue", "gate", "pass"
FRESH = timedelta(seconds=0.5)
"""For how long who is far away is told what this process saw of the gate."""
NEVER = datetime.min.replace(tzinfo=UTC), Gate()
KEPT = timedelta(days=1)
"""How long after its end a peak is remembered."""


class Book(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many came; and when it was drawn, how many of them before the opening (else -1), and the seed of the shuffle."""

    came: int = 0
    early: int = -1
    seed: str = ""


class Admission:
    """The rooms of all peaks. `random(n)` gives n bytes that nobody can guess; `sign` and `read` make and open a signed word.

    `read` raises an EtalageError for a word that was never signed.
    """

    def __init__(
        self, records: Records, peaks: Sequence[Peak], clock: Callable[[], datetime], random: Callable[[int], bytes],
        sign: Callable[[str], str], read: Callable[[str], str],
    ) -> None:  # fmt: skip
        self.records, self.peaks, self.clock, self.random, self.sign, self.read = (
            records,
            peaks,
            clock,
            random,
            sign,
            read,
        )
        self._drawn: dict[str, Book] = {}
        self._seen: dict[str, tuple[datetime, Gate]] = {}

    def on(self, performances: Iterable[str]) -> list[Peak]:
        """The peaks that are on now and that one of these is a part of."""
        now, wanted = self.clock(), set(performances)
        return [peak for peak in self.peaks if peak.is_on(now) and any(map(peak.covers, wanted))]

    def find(self, id: str) -> Peak | None:
        """A peak that is on now."""
        now = self.clock()
        return next((peak for peak in self.peaks if peak.id == id and peak.is_on(now)), None)

    def session(self) -> str:
        """A new session: 128 bits, as 22 letters."""
        return urlsafe_b64encode(self.random(16)).decode().rstrip("=")

    def has_pass(self, peak: Peak, session: str) -> bool:
        """Whether this session was let in, and may still buy."""
        return bool(session) and self.records.get(PASS, _pass(peak, session)) is not None

    def join(self, peak: Peak, session: str) -> str:
        """Stand at the end of the line; gives the turn."""

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], int]:
            book = self._draw(peak, _book(found[0]))
            return [self._kept(peak, QUEUE, msgspec.structs.replace(book, came=book.came + 1))], book.came

        number = self.records.change([(QUEUE, peak.id)], decide)
        return self.sign(f"{_digest(session)} {number} {peak.id}")

    def look(self, peak: Peak, session: str, turn: str) -> Standing:
        """Where this session stands; when it is its turn, let it in.

        Refuses `turn_wrong`: forged, of another session or of another peak; `turn_lost`: one was away for too long.
        """
        return self.glance(peak, session, turn) or self._approach(peak, session, self._number(peak, session, turn))

    def glance(self, peak: Peak, session: str, turn: str) -> Standing | None:
        """Where this session stands, when that can be told without asking the store: for who is far away. Refuses `turn_wrong`."""
        number, now = self._number(peak, session, turn), self.clock()
        if now < peak.opens:
            return rules.before_opening(peak, number, now)
        book, (seen, gate) = self._drawn.get(peak.id), self._seen.get(peak.id, NEVER)
        if book is None or not timedelta() <= now - seen < FRESH:
            return None
        place = _place(book, number)
        far = place >= rules.reach(peak, gate, now.timestamp())
        return rules.stand(peak, gate, place, now.timestamp()) if far else None

    def _approach(self, peak: Peak, session: str, number: int) -> Standing:
        """Look at the gate itself, and come to it."""
        now, place = self.clock(), self._place(peak, number)
        keys = [(GATE, peak.id), (PASS, _pass(peak, session))]

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], tuple[Gate, Standing]]:
            known = _gate(found[0])
            if found[1]:
                return [], (known, Standing(stage=Stage.IN))
            if rules.is_lost(peak, known, place):
                raise Refused("turn_lost", "You were away when it was your turn.")
            at = self.clock()  # a while may have gone by until it was our turn to write
            gate, standing = rules.come(peak, known, place, at.timestamp())
            changes: list[Change] = [] if gate is known else [self._kept(peak, GATE, gate)]
            if standing.stage is Stage.IN:
                changes.append(Put(kind=PASS, id=keys[1][1], value=b"", expect=ANY, expires=at + rules.PASS))
            return changes, (gate, standing)

        # Whoever changes nothing does not stand in the line of those who write.
        changes, (gate, standing) = decide(self.records.several(keys))
        if changes:
            gate, standing = self.records.change(keys, decide)
        self._seen[peak.id] = now, gate
        return standing

    def _number(self, peak: Peak, session: str, turn: str) -> int:
        try:
            owner, number, id = self.read(turn).split(" ", 2)
        except (EtalageError, ValueError) as error:
            raise _wrong() from error
        if owner != _digest(session) or id != peak.id:
            raise _wrong()
        return int(number)

    def _place(self, peak: Peak, number: int) -> int:
        book = self._drawn.get(peak.id)
        if book is None:
            book = self._drawn[peak.id] = self._settle(peak)
        return _place(book, number)

    def _settle(self, peak: Peak) -> Book:
        """The book after the draw; whoever looks first after the opening draws."""

        def decide(found: Sequence[Record | None]) -> tuple[Sequence[Change], Book]:
            known = _book(found[0])
            book = self._draw(peak, known)
            return [] if book == known else [self._kept(peak, QUEUE, book)], book

        return self.records.change([(QUEUE, peak.id)], decide)

    def _draw(self, peak: Peak, book: Book) -> Book:
        if book.early >= 0 or self.clock() < peak.opens:
            return book
        return Book(book.came, book.came, self.random(16).hex())

    def _kept(self, peak: Peak, kind: str, document: Book | Gate) -> Put:
        return Put(
            kind=kind, id=peak.id, value=msgspec.json.encode(document), expect=ANY, expires=peak.until + KEPT
        )  # fmt: skip


def _book(found: Record | None) -> Book:
    return msgspec.json.decode(found.value, type=Book) if found else Book()


def _place(book: Book, number: int) -> int:
    """The place in the line: drawn for who was there at the opening, in order of coming for all others."""
    return rules.draw(book.early, bytes.fromhex(book.seed))[number] if number < book.early else number


def _gate(found: Record | None) -> Gate:
    return msgspec.json.decode(found.value, type=Gate) if found else Gate()


def _pass(peak: Peak, session: str) -> str:
    return f"{_digest(session)} {peak.id}"


def _digest(session: str) -> str:
    return sha256(session.encode("utf-8", "surrogatepass")).hexdigest()


def _wrong() -> Refused:
    return Refused("turn_wrong", "This is no turn of yours.")
