"""A checkout: the recorded steps by which one basket becomes orders at one or more houses. Its states are one table, here.

Before the pivot (the payment is seen as paid) everything that was begun can be undone. After it nothing is undone by itself: each
house is asked to confirm until it answers, and a house that refuses gets its share given back while the rest stands.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from etalage.model.back import BANK, ELSEWHERE, Back
from etalage.model.discount import Batch
from etalage.model.enrolment import Participant
from etalage.model.money import Money
from etalage.model.onward import Onward
from etalage.model.payment import Chargeback
from etalage.model.sale import Buyer, Hold, Line, Ticket


class State(StrEnum):
    """Where a checkout stands."""

    HOLDING = "holding"
    REGISTERING = "registering"
    PAYING = "paying"
    AWAITING = "awaiting"
    CONFIRMING = "confirming"
    UNDOING = "undoing"
    DONE = "done"
    UNDONE = "undone"


ARROWS: Mapping[State, Mapping[State, str]] = {
    State.HOLDING: {
        State.PAYING: "every house holds its places",
        State.REGISTERING: "every house holds its places, and somebody has a pass",
        State.UNDOING: "a house refused, or took too long, or staff called it off",
    },
    State.REGISTERING: {
        State.PAYING: "every reduction is booked",
        State.UNDOING: "a pass may not have it, its system was silent, or staff called it off",
    },
    State.PAYING: {
        State.AWAITING: "the provider has a page for it",
        State.CONFIRMING: "there is nothing to pay",
        State.UNDOING: "the provider refused, or took too long, or staff called it off",
    },
    State.AWAITING: {
        State.CONFIRMING: "it is paid: the pivot",
        State.UNDOING: "it failed, was cancelled, its time is over, or staff called it off",
    },
    State.CONFIRMING: {State.DONE: "every house has confirmed, or its share went back"},
    State.UNDOING: {
        State.UNDONE: "nothing is held any more",
        State.CONFIRMING: "money came late: hold again, else give it back",
    },
    State.UNDONE: {State.CONFIRMING: "money came late: hold again, else give it back"},
    State.DONE: {State.CONFIRMING: "staff give tickets or a house's share back, or move it to another date"},
}
"""From a state to those that may follow, and why (docs/reference/checkout.md is drawn from it)."""

FINAL = frozenset({State.DONE, State.UNDONE})


class Part(StrEnum):
    """Where one house's part of a checkout stands."""

    WANTED = "wanted"
    HELD = "held"
    REFUSED = "refused"
    RELEASED = "released"
    CONFIRMED = "confirmed"
    LOST = "lost"
    """Paid, and the house has no places: its share is to go back."""
    RETURNING = "returning"
    """Staff take it back: the money is to go back, and the house is to cancel."""
    MOVING = "moving"
    """Staff want other places for it: the house is asked until it answers. Refused, it is confirmed as it was."""
    PARTLY = "partly"
    """Staff take some of its tickets back: their money is to go back, and the house is to cancel them. Then the rest is confirmed."""
    REFUNDED = "refunded"


GOING_BACK = frozenset({Part.LOST, Part.RETURNING})
UNSETTLED = frozenset({Part.HELD, Part.MOVING, Part.PARTLY, *GOING_BACK})
"""After the pivot: the house has still to answer."""


class Share(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """What of a checkout is at one house. `reference` is what the house knows it by."""

    house: str
    reference: str
    lines: tuple[Line, ...]
    state: Part = Part.WANTED
    hold: Hold | None = None
    tickets: tuple[Ticket, ...] = ()
    code: str = ""
    say: str = ""
    """Why the house refused: a permanent code, and the visitor's words."""
    detail: Mapping[str, str] = {}
    amount: Money = Money(0)
    wanted: tuple[Line, ...] = ()
    """While it moves: its lines as they should be, with the same keys."""
    doubt: str = ""
    """Why the house gave no answer that we can use, the last time that it was asked: an Alert."""
    backs: tuple[Back, ...] = ()
    """What goes or went back of it, in parts or all; together never more than `amount`."""
    onward: Onward | None = None
    """What is passed on of it to the house's own account at the provider, where joint money is split."""

    @property
    def good(self) -> tuple[Ticket, ...]:
        """The tickets that open a door now."""
        if self.state not in (Part.CONFIRMED, Part.PARTLY):
            return ()
        gone = self.gone
        return tuple(one for one in self.tickets if not one.cancelled and one.line not in gone)

    @property
    def gone(self) -> frozenset[str]:
        """The keys of the lines whose money goes or went back."""
        return frozenset(line for back in self.backs for line in back.lines)

    @property
    def rest(self) -> Money:
        """What of it did not go back, and is not to."""
        return Money(self.amount.cents - sum(back.amount.cents for back in self.backs))

    @property
    def refunded(self) -> Money:
        """What has left of it to the buyer, whether or not it has arrived."""
        if not self.backs:  # as orders were written before these were noted
            return self.amount if self.state is Part.REFUNDED else Money(0)
        return Money(sum(back.amount.cents for back in self.backs if back.is_sent))


class Shown(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """A date as the site showed it when it was bought, in the buyer's language: for letters and tickets, whatever the site shows later.

    `start` and `end` are ISO moments, or days; `when` says it in words; `url` is relative to the site's root; `house` is its name.
    `seats`: what stands on a ticket for each seat that was bought.
    """

    title: str = ""
    lang: str = ""
    when: str = ""
    start: str = ""
    end: str = ""
    place: str = ""
    house: str = ""
    url: str = ""
    seats: Mapping[str, str] = {}
    tariffs: Mapping[str, str] = {}
    """Tariff → what may be printed of it: where one sits and who it is for, but not that it is a social one."""
    prices: Mapping[str, int] = {}
    """Tariff → what a place cost, in cents."""
    vat: Mapping[str, int] = {}
    """Tariff → the VAT rate in that, in hundredths of a percent, where its house tells."""

    @property
    def last(self) -> datetime | None:
        """When it is over, near enough: a day without an hour counts as UTC."""
        given = self.end or self.start
        moment = datetime.fromisoformat(given) if given else None
        return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


class Checkout(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """All that is known of one sale. `key` names it at every outside system and is no secret; the page's token is not in it.

    What a newcomer would get wrong: a field that is not known here was written by a later version, and must not be dropped by
    writing the rest; so it is refused, and who meets it leaves the checkout alone.

    `window`: until when a visitor may pay. `tries`: how often the present step was tried in vain.
    """

    key: str
    site: str
    state: State
    shares: tuple[Share, ...]
    buyer: Buyer
    made: datetime
    back: str
    hook: str
    provider: str = ""
    total: Money = Money(0)
    payment: str = ""
    pay_url: str = ""
    window: datetime | None = None
    paid_at: datetime | None = None
    asked: bool = False
    """A payment was asked for, so that there may be one, whatever was answered."""
    late: bool = False
    """The money came when all was undone, so the places are held again first."""
    code: str = ""
    say: str = ""
    detail: Mapping[str, str] = {}
    consent: tuple[str, ...] = ()
    tries: int = 0
    shown: Mapping[str, Shown] = {}
    """Performance → what was bought, as it was shown."""
    postcode: str = ""
    """Where the buyer lives, when a house asks and they told: to be counted, and for nothing else."""
    participants: Mapping[str, tuple[Participant, ...]] = {}
    """Performance → who enrols for it, in the order of its lines. For who runs the course, and nobody else."""
    written: int = -1
    """How often something had gone back when the buyer was last written to; -1: nobody wrote yet."""
    moves: int = 0
    """How often a share moved to another date."""
    moves_written: int = 0
    """How many of these the buyer was written of."""
    elsewhere: Money = Money(0)
    """What somebody gave back of it at the provider, without us."""
    fee: Money | None = None
    """What the provider kept of it, None as long as it does not say."""
    chargebacks: tuple[Chargeback, ...] = ()
    """What the buyer's bank took back of it."""
    booked: tuple[str, ...] = ()
    """The names of its entries in the books."""
    alert: str = ""
    """What staff should look at, as a code; "" when all is well."""
    told: str = ""
    """The alert that staff were told of."""
    batches: tuple[Batch, ...] = ()
    """The reductions of passes in it, by house."""
    turn: tuple[str, ...] = ()
    """The keys of all that were begun together and are paid one after the other, this one's too; nothing of one that stands alone."""

    def share(self, house: str) -> Share:
        """The part at a house."""
        return next(share for share in self.shares if share.house == house)

    @property
    def good(self) -> tuple[Ticket, ...]:
        """The tickets of all houses that open a door now."""
        return tuple(ticket for share in self.shares for ticket in share.good)

    @property
    def refunded(self) -> Money:
        """What went back of it, or is on its way."""
        return Money(sum(share.refunded.cents for share in self.shares))

    @property
    def unexplained(self) -> Money:
        """What somebody gave back at the provider, and staff have not said yet of which tickets."""
        return Money(max(0, self.elsewhere.cents - self._without_provider(ELSEWHERE)))

    @property
    def taken(self) -> Money:
        """What the buyer's bank took back of it, less what was decided for us and what its tickets were taken back for."""
        lost = sum(one.amount.cents for one in self.chargebacks if not one.returned)
        return Money(max(0, lost - self._without_provider(BANK)))

    def _without_provider(self, why: str) -> int:
        return sum(back.amount.cents for back in self.backs if back.why == why)

    @property
    def backs(self) -> tuple[Back, ...]:
        """All money of it that goes or went back."""
        return tuple(back for share in self.shares for back in share.backs)


class Alert(StrEnum):
    """What a member of staff should look at."""

    HOUSE_SILENT = "house_silent"
    """It is paid, and a house has not answered for a while."""
    HOUSE_LOCKED = "house_locked"
    """It does not let us in: its token is wrong, or may not do enough."""
    HOUSE_UNREADABLE = "house_unreadable"
    """It answers, but in a form that we do not know."""
    HOUSE_DIFFERS = "house_differs"
    """It gave other places than were asked for."""
    PAYMENT_SILENT = "payment_silent"
    """The provider has not said for a while whether it is paid."""
    REFUND_STUCK = "refund_stuck"
    """A share is to go back, and the provider or the house does not do it."""
    BALANCE_LOW = "balance_low"
    """Money is to go back, and the provider has not so much of ours."""
    REFUNDED_ELSEWHERE = "refunded_elsewhere"
    """Money went back that nobody asked us for, so that its tickets are still good."""
    CHARGED_BACK = "charged_back"
    """The buyer's bank took money back, so that its tickets are still good."""
    GIVEN_AGAIN = "given_again"
    """It was decided for us, and the tickets were taken back meanwhile."""
    NOT_PASSED_ON = "not_passed_on"
    """The provider does not pass on to a house what is its own: something is wrong with the house's account there."""
    DISCOUNT_LOCKED = "discount_locked"
    """A system of passes does not let a house in; in the log alone."""
    DISCOUNT_STUCK = "discount_stuck"
    """A reduction of a pass was booked for which nobody has a ticket, and its system does not take it back."""
    AMOUNT_DIFFERS = "amount_differs"
    """Another amount, currency or reference was paid than was asked; nothing is sold for it."""
    NOT_COMPLETED = "not_completed"
    """It is paid, and a house had no places any more: its share goes back."""
    UNMATCHED = "unmatched"
    """Money came for a share of which neither we nor the house know anything, after a restore."""
    FOREIGN = "foreign"
    """Another version of us wrote it, and this one cannot read it."""


LASTING = frozenset({
    Alert.HOUSE_DIFFERS, Alert.AMOUNT_DIFFERS, Alert.NOT_COMPLETED, Alert.UNMATCHED, Alert.REFUNDED_ELSEWHERE, Alert.CHARGED_BACK,
    Alert.GIVEN_AGAIN,
})  # fmt: skip
"""These stay until staff have looked; the others are over when the other side answers."""
