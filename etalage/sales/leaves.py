"""Links that let somebody look at one thing, until the house takes them back: at a door, or into an organiser's figures.

We keep only a digest of a link's word, so that nobody finds a link in our records.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Generic, TypeVar

import msgspec

from etalage.model.errors import Refused
from etalage.ports.records import ABSENT, ANY, Drop, Records

KEPT = timedelta(days=400)
What = TypeVar("What", bound=msgspec.Struct)


class Leaves(Generic[What]):
    """The links of one kind; `what` is what each of them says. `random(n)` gives bytes that nobody can guess."""

    def __init__(
        self, kind: str, what: type[What], records: Records, clock: Callable[[], datetime], random: Callable[[int], bytes]
    ) -> None:  # fmt: skip
        self.kind, self.records, self.clock, self.random = kind, records, clock, random
        self._decode = msgspec.json.Decoder(what).decode

    def give(self, leave: What) -> str:
        """The word of a new link, which is seen only now."""
        token, value = self.random(16).hex(), msgspec.json.encode(leave)
        self.records.put(self.kind, _digest(token), value, expect=ABSENT, expires=self.clock() + KEPT)
        return token

    def take_back(self, token: str) -> None:
        """End a link. Twice is once."""
        self.records.transact([Drop(kind=self.kind, id=_digest(token), expect=ANY)])

    def read(self, token: str) -> What:
        """What a link says; refuses `link_unknown` alike what never was and what was taken back."""
        found = self.records.get(self.kind, _digest(token))
        if found is None:
            raise Refused("link_unknown", "There is nothing under this link.")
        return self._decode(found.value)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
