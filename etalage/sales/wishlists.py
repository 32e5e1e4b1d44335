"""Make a shared wishlist, read it, tick what one would join, take it away.

Who has the token may read; who has the secret that came with it may take the list away; a friend's own key changes or
withdraws what that friend ticked. We keep only digests of all three, so that a stolen copy of the records opens no list.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from etalage.model import wishlist as rules
from etalage.model.errors import Refused, Stale
from etalage.model.wishlist import Wishlist
from etalage.ports.records import ABSENT, Drop, Records

KIND = "wishlist"
BITS = 128
TRIES = 12
"""Friends who tick at the same moment wait for each other this often."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A list that was just made, and the only time its token and secret are seen."""

    token: str
    secret: str
    wishlist: Wishlist


class Wishlists:
    """The use case over Records. `random(n)` gives n bytes that nobody can guess."""

    def __init__(self, records: Records, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self.records, self.clock, self.random = records, clock, random

    def make(self, site: str, ids: Sequence[str], dates: Sequence[datetime]) -> Shared:
        """Share a snapshot of these ids; `dates` are the moments they stand for and decide how long it is kept."""
        token, secret, now = self.word(), self.word(), self.clock()
        made = Wishlist(
            site=site, performances=rules.snapshot(ids), made=now, expires=rules.expiry(now, dates), secret=_digest(secret)
        )  # fmt: skip
        self.records.put(KIND, _digest(token), rules.encode(made), expect=ABSENT, expires=made.expires)
        return Shared(token, secret, made)

    def read(self, token: str) -> Wishlist:
        """The list of a token; refuses `list_unknown` alike what never was, what is over and what was taken away."""
        return self._find(token)[0]

    def join(self, token: str, key: str, performances: Sequence[str], name: str = "") -> Wishlist:
        """Tick dates as the friend with this key, in place of what they ticked before."""
        return self._change(token, lambda known: rules.with_join(known, _digest(key), performances, name))

    def leave(self, token: str, key: str) -> Wishlist:
        """Withdraw what the friend with this key ticked."""
        return self._change(token, lambda known: rules.without_join(known, _digest(key)))

    def delete(self, token: str, secret: str) -> None:
        """Take the list away, with all that friends ticked; refuses `secret_wrong`."""
        for _ in range(TRIES):
            known, version = self._find(token)
            if not compare_digest(known.secret, _digest(secret)):
                raise Refused("secret_wrong", "Only who made this list can remove it.")
            try:
                self.records.transact([Drop(kind=KIND, id=_digest(token), expect=version)])
            except Stale:
                continue
            return
        raise _busy()

    def word(self) -> str:
        """A new token, secret or key: 128 bits, as 22 letters that an address can hold."""
        return urlsafe_b64encode(self.random(BITS // 8)).decode().rstrip("=")

    def _find(self, token: str) -> tuple[Wishlist, int]:
        found = self.records.get(KIND, _digest(token))
        if found is None:
            raise Refused("list_unknown", "This list is not here: it was removed, or its dates are long past.")
        return rules.decode(found.value), found.version

    def _change(self, token: str, change: Callable[[Wishlist], Wishlist]) -> Wishlist:
        """Read, change and write; when somebody was first, again."""
        for _ in range(TRIES):
            known, version = self._find(token)
            changed = change(known)
            if changed == known:
                return known
            try:
                self.records.put(KIND, _digest(token), rules.encode(changed), expect=version, expires=changed.expires)
            except Stale:
                continue
            return changed
        raise _busy()


def _busy() -> Stale:
    return Stale("list_busy", "Somebody else is changing this list. Try again in a moment.")


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
