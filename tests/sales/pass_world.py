"""The small shop of world.py, where both houses take a card: each has a system of its own for it, with its own books and moods."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from etalage.adapters.fernet_seal import FernetSeal
from etalage.adapters.local_discounts import Card, LocalDiscounts
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.basket import Quote, Wish, lines_of
from etalage.model.checkout import Checkout, State
from etalage.model.discount import Claim, Registered, Step, Told
from etalage.model.errors import Unavailable
from etalage.model.money import Money
from etalage.sales.pass_notes import Notes
from etalage.sales.passes import Passes
from etalage.sales.queues import Here
from etalage.sales.quote import Quotes
from tests.sales.world import PRICE, Moods, Store, World

NUMBERS = {"linde": "7712345672", "brug": "7712345672"}
GROUPS = {"linde": "7792345675", "brug": "7792345675"}
REDUCED = PRICE * 3 // 4
CARD = Card(name={"nl": "Ledenkaart"}, begins="77", digits=10, percent=25, most=1, group="779", group_most=3)


class MoodyCards(Moods):
    """A system of passes with moods."""

    name, key = "card", ""

    def __init__(self, inner: LocalDiscounts) -> None:
        super().__init__()
        self.inner = inner
        self.asked: list[str] = []
        """The verbs that were asked of it, also in vain."""

    def reads(self, given: str) -> str:
        return self.inner.reads(given)

    def entitlements(self, event: str, regular: Money, number: str) -> Told:
        return self._do("entitlements", event, regular, number)

    def register(self, claims: Sequence[Claim]) -> Sequence[Registered]:
        return self._do("register", claims)

    def lookup(self, claims: Sequence[Claim], since: datetime) -> Sequence[Sequence[Registered]]:
        return self._do("lookup", claims, since)

    def cancel(self, sale: str) -> None:
        return self._do("cancel", sale)

    def sold(self, event: str) -> Iterator[Registered]:
        return self.inner.sold(event)

    def examine(self, event: str = "") -> tuple[str, ...]:
        return self.inner.examine(event)

    def _do(self, verb: str, *given: object) -> Any:
        self.asked.append(verb)
        return self.moody(self.inner, verb, *given)


class PassWorld(World):
    """`cards`: house → the system of its card, with moods."""

    def __init__(
        self, folder: Path, crossing: Callable[[str], None] = lambda _: None, store: Store | None = None, places: int = 5, *,
        ours: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(folder, crossing, store, places, ours=ours)
        books = SqliteRecords(folder / "cards.db", lambda: self.now)
        self.cards = {
            house: MoodyCards(LocalDiscounts(house, CARD, books, b"key", lambda: self.now, os.urandom))
            for house in self.houses
        }
        self.passes = Passes(
            Notes(self.records, lambda: self.now), {house: {"card": one} for house, one in self.cards.items()}, FernetSeal(["secret"]),
            os.urandom, self._queue,
        )  # fmt: skip
        self.saga.passes = self.passes
        self.quotes = Quotes(self.house, self._pool, self.passes.notes)

    def _queue(self, house: str, system: str) -> Executor:
        return Here()

    def wish(self, house: str, number: int = 1, card: str = "") -> Wish:
        """So many places of a house at the price of its card."""
        id = f"toml:{house}/a/1"
        (line,) = self.quotes.quote([Wish(performance=id)]).lines
        name, told = self.passes.look(line, "Basis", {}, card or (NUMBERS if number == 1 else GROUPS)[house])
        return Wish(
            performance=id, tariff=line.tariff, quantity=number, quote=name, entitlement=told.entitlements[0].id
        )

    def with_passes(
        self, linde: int = 2, brug: int = 1, key: str = "co1", passes: Mapping[str, int] | None = None
    ) -> Checkout:
        """A checkout that was just begun, in which the first places of each house have the price of a card."""
        counts = {"linde": 1, "brug": 1} if passes is None else passes
        wishes = []
        for house, number in (("linde", linde), ("brug", brug)):
            if counts.get(house):
                wishes.append(self.wish(house, counts[house]))
            if number > counts.get(house, 0):
                wishes.append(Wish(performance=f"toml:{house}/a/1", quantity=number - counts.get(house, 0)))
        made = self.sale_of(self.quotes.quote(wishes), key)
        self.saga.begin(made)
        return made

    def sale_of(self, quote: Quote, key: str) -> Checkout:
        """A checkout of these lines that is not written down yet."""
        draft = self.draft(1, 1, key)
        shares = tuple(replace(one, lines=lines) for one in draft.shares if (lines := lines_of(quote, one.house)))
        return replace(draft, shares=shares, total=quote.total, batches=self.passes.batches(quote, shares))

    def booked(self, house: str) -> list[Registered]:
        """What the system of a house's card has."""
        return list(self.cards[house].inner.sold(f"toml:{house}/a/1"))

    def _price(self, checkout: Checkout, line: str) -> int:
        found = next(one for share in checkout.shares for one in share.lines if one.key == line)
        return PRICE if found.price is None else found.price.cents

    def _audit(self, key: str) -> int:
        """And as many reductions stand as there are tickets that have one; when all is over nothing sealed is left."""
        checkout = self.saga.read(key)
        for house in self.cards:
            good = [share.good for share in checkout.shares if share.house == house]
            reduced = [one for one in (good[0] if good else ()) if self._price(checkout, one.line) != PRICE]
            assert len(self.booked(house)) == len(reduced), (
                f"{house}: {len(self.booked(house))} reductions are booked for {len(reduced)} reduced tickets"
            )
        if checkout.state in (State.DONE, State.UNDONE):
            assert not [
                piece
                for batch in checkout.batches
                for piece in batch.pieces
                if piece.sealed and batch.step is not Step.ASKED
            ], "a number is still there"
        return super()._audit(key)

    def settle(self, key: str = "co1", hours: int = 3) -> Checkout:
        """Until it is over, and what was to be taken back is."""
        super().settle(key, hours)
        for _ in range(40):
            self.saga.sweep()
            self.pass_time(minutes=1)
        return self.saga.read(key)


def silent() -> Unavailable:
    return Unavailable("discount_busy", "nobody is there")


def doubtful() -> Unavailable:
    return Unavailable("discount_unknown", "the answer was lost")
