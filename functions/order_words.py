"""An order in words, for who bought it: what it is for, what went back, and what stands on each ticket."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from etalage.model.booklet import Sheet
from etalage.model.checkout import Checkout, Part, Share, Shown
from etalage.model.house import Contact, House
from etalage.model.programme import Venue
from etalage.model.sale import Line, Ticket
from etalage.model.shelf import Shelf
from etalage.model.words import pick
from functions.back_words import of_share
from functions.shelves import Voice
from functions.sums import euros


class Visit(msgspec.Struct, frozen=True):
    """One performance of an order, as a letter tells it. `number` of tickets; `seats` in one line, "" where none are chosen."""

    title: str
    lang: str
    when: str
    place: str
    house: str
    number: int
    seats: str
    directions: str


class Back(msgspec.Struct, frozen=True):
    """What of a share went back. `said`: how far its money is; `lost`: its house had no places any more."""

    house: str
    amount: str
    said: Sequence[str]
    visits: Sequence[Visit]
    lost: bool


class Told(msgspec.Struct, frozen=True):
    """One order on the desk, with the words for it."""

    order: Checkout
    shelf: Shelf
    voice: Voice
    houses: Mapping[str, House]
    contact: Contact
    colour: str

    @property
    def sender(self) -> str:
        """Who writes."""
        return self.shelf.name

    @property
    def home(self) -> str:
        """Where the site stands, ending in "/"."""
        return self.order.back.partition("/order/")[0] + "/"

    @property
    def note(self) -> str:
        """What stands on each ticket to find the order by."""
        return self.voice.say("Order %(number)s", number=self.order.key[:8].upper())

    def titles(self, visits: Sequence[Visit]) -> str:
        """The first visit, and how many more."""
        titles = list(dict.fromkeys(visit.title for visit in visits))
        return "".join(titles[:1]) + (f" (+{len(titles) - 1})" if len(titles) > 1 else "")

    def visits(self, tickets: Mapping[str, Iterable[Ticket | Line]]) -> list[Visit]:
        """House → its tickets, by performance, the first to come on top."""
        found: dict[tuple[str, str], list[Ticket | Line]] = {}
        for house, some in tickets.items():
            for ticket in some:
                found.setdefault((house, ticket.performance), []).append(ticket)
        made = []
        for (house, performance), some in sorted(found.items(), key=lambda one: self.shown(one[0][1]).start or "9"):
            shown = self.shown(performance)
            made.append(
                Visit(
                    shown.title or self.voice.say("Ticket"), self.lang(shown), shown.when, shown.place, shown.house, len(some),
                    ", ".join(shown.seats.get(ticket.seat, ticket.seat) for ticket in some if ticket.seat), self.directions(house, shown),
                )
            )  # fmt: skip
        return made

    def back(self) -> list[Back]:
        """The shares that went back, and what went of others."""
        return [
            Back(
                self.house(share), self.amount(share.amount.cents), of_share(share, self.house(share), self.voice),
                self.visits({share.house: _gone(share)}), lost=share.state is Part.REFUNDED and bool(share.code),
            )
            for share in self.order.shares
            if share.state is Part.REFUNDED or share.backs
        ]  # fmt: skip

    def sheet(self, house: str, ticket: Ticket) -> Sheet:
        """A ticket to print. A social tariff is nobody's business but the buyer's: it was left out of `shown` (needs.md, 35)."""
        shown, say = self.shown(ticket.performance), self.voice.say
        facts = (
            (say("Where"), shown.place), (say("Seat"), shown.seats.get(ticket.seat, ticket.seat)), (say("Tariff"), shown.tariffs.get(ticket.tariff, "")),
            (say("Address"), self.street(house, shown)),
        )  # fmt: skip
        return Sheet(
            code=ticket.code, title=shown.title or say("Ticket"), lang=self.lang(shown), house=shown.house or self.sender, when=shown.when,
            facts=tuple(fact for fact in facts if fact[1]), directions=self.directions(house, shown),
        )  # fmt: skip

    def shown(self, performance: str) -> Shown:
        """What was bought, as it was shown; orders of before have nothing."""
        return self.order.shown.get(performance, Shown())

    def house(self, share: Share) -> str:
        """A house's name."""
        names = (self.shown(line.performance).house for line in share.lines)
        known = self.houses[share.house].name if share.house in self.houses else {}
        return next((name for name in names if name), "") or pick(known, (self.voice.language,))[0] or share.house

    def lang(self, shown: Shown) -> str:
        """The language of a title, when it is another than the letter's."""
        return "" if shown.lang == self.voice.language else shown.lang

    def directions(self, house: str, shown: Shown) -> str:
        """How one gets to the door, where the house says so in this language."""
        venue = _venue(self.houses.get(house), shown.place)
        return venue.directions.get(self.voice.language, "") if venue else ""

    def street(self, house: str, shown: Shown) -> str:
        """Street and town."""
        venue = _venue(self.houses.get(house), shown.place)
        parts = (venue.street, f"{venue.postal} {venue.city}".strip()) if venue else ()
        return ", ".join(part for part in parts if part)

    def amount(self, cents: int) -> str:
        """An amount as this language writes it."""
        return euros(cents, self.voice.language)


def _gone(share: Share) -> Sequence[Ticket | Line]:
    """The places of a share that are not the buyer's any more; lines where there never were tickets."""
    if share.state is Part.REFUNDED:
        return share.tickets or share.lines
    return [one for one in share.tickets if one.cancelled or one.line in share.gone]


def good_tickets(order: Checkout, about: str = "") -> dict[str, list[Ticket]]:
    """House → its tickets that are good; `about` one performance only."""
    return {
        share.house: [one for one in share.good if about in ("", one.performance)]
        for share in order.shares
        if share.state in (Part.CONFIRMED, Part.PARTLY)
    }


def _venue(house: House | None, place: str) -> Venue | None:
    """The venue of a place as the site shows it: "hall, venue, town"."""
    parts = {part.strip().casefold() for part in place.split(",")}
    return next((venue for venue in house.venues if venue.name.casefold() in parts), None) if house else None
