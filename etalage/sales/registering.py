"""Reductions of passes in a sale: booked at their system between the places and the payment, and taken back until that is done. Steps of the saga.

Booking has no key that makes it once. So that we are about to is written first; who finds that written never books again, but looks
what became of it. What is found late is taken back, however long it takes: it is somebody's right to a ticket that they would miss.

A newcomer's trap: the system may be silent for hours while the order is long over. Money and places do not wait for it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from etalage.model.checkout import FINAL, Alert, Checkout, Part, State
from etalage.model.discount import Batch, Piece, Registered, Step, assign
from etalage.model.errors import Refused, Stale, Unavailable
from etalage.ports.discounts import Discounts
from etalage.ports.records import ABSENT, Change, Put
from etalage.sales.pass_notes import Notes, refused
from etalage.sales.shares import ended
from etalage.sales.terms import PATIENCE, SLOWEST, Known

if TYPE_CHECKING:
    from etalage.sales.saga import Saga

SALE = "pass-sale"
"""Whose order a sale of a pass's system is."""
TRIES = 3
"""Before the payment a system is asked or looked at so often, about ten seconds; then the buyer may try again."""
DOUBT = timedelta(minutes=15)
"""So long after it was sent a batch may still turn up; then there is none."""
OFTEN = timedelta(minutes=1)
AHEAD = timedelta(minutes=2)
"""By so much another system's clock may be behind ours."""


def register(saga: "Saga", checkout: Checkout, version: int) -> Known | None:
    """Book the reductions of all houses, each in its own system; nobody is asked to pay before all are booked."""
    fresh = {batch.house for batch in checkout.batches if batch.step is Step.WANTED}
    if fresh:
        now = saga.clock()
        asked = tuple(
            replace(one, step=Step.ASKED, asked=now) if one.step is Step.WANTED else one for one in checkout.batches
        )
        checkout, version = saga.write(replace(checkout, batches=asked), version)
    told = [_one(saga, batch, new=batch.house in fresh) for batch in checkout.batches]
    after = replace(checkout, batches=tuple(batch for batch, _ in told))
    codes = [code for _, code in told if code]
    if codes:
        why = codes[0]
        return saga.go(ended(after, why, WHY[why]), version, State.UNDOING)
    if all(batch.step is Step.REGISTERED for batch in after.batches):
        return saga.go(replace(after, asked=bool(checkout.total.cents)), version, State.PAYING)
    if checkout.tries + 1 >= TRIES:
        return saga.go(ended(after, SILENT, WHY[SILENT]), version, State.UNDOING)
    saga.wait(after, version)
    return None


SILENT = "discount_silent"
WHY: Mapping[str, str] = {
    "discount_silent": Refused(
        "discount_silent", "The reduction could not be booked now. Try again in a moment, or pay the regular price."
    ).say,
    "discount_refused": Refused(
        "discount_refused", "This pass gives no reduction here any more. Choose another price."
    ).say,
    "discount_changed": Refused(
        "discount_changed", "The price with your pass has changed. Look at your basket again."
    ).say,
}
"""Why a sale ends here; in a Refused, so that the translations are checked for it. The system's own words stay in its note."""


def _one(saga: "Saga", batch: Batch, *, new: bool) -> tuple[Batch, str]:
    """A batch after its system was asked, and why the sale must end; "" when it need not."""
    if batch.step is not Step.ASKED:
        return batch, ""
    if not new:
        return _found(saga, batch)[0], ""
    saga.crossing(f"register {batch.house}")
    try:
        claims = saga.passes.claims(batch.pieces)
        made = saga.passes.ask(batch.house, batch.system, lambda one: one.register(claims))
    except Refused as no:
        _close(saga, batch, no)
        return replace(batch, step=Step.ABSENT), "discount_refused"
    except Unavailable as error:
        if error.code == "discount_busy":  # nothing happened
            return replace(batch, step=Step.WANTED), ""
        return _found(saga, batch)[0], ""
    finally:
        saga.crossing(f"registered {batch.house}")
    pieces = tuple(replace(piece, sale=one.id) for piece, one in zip(batch.pieces, made, strict=True))
    after = replace(batch, step=Step.REGISTERED, pieces=pieces)
    return after, "" if all(map(_is_told, batch.pieces, made)) else "discount_changed"


def _is_told(piece: Piece, sale: Registered) -> bool:
    """Whether it was booked as the buyer was told."""
    return (sale.event, sale.price) == (piece.event, piece.price)


def _found(saga: "Saga", batch: Batch) -> tuple[Batch, bool]:
    """A batch with what its system has of it, as it was while that has nothing; and whether the system said so."""
    since = (batch.asked or saga.clock()) - AHEAD
    saga.crossing(f"look up {batch.house}")
    try:
        claims = saga.passes.claims(batch.pieces)
        found = saga.passes.ask(batch.house, batch.system, lambda one: one.lookup(claims, since))
    except (Refused, Unavailable):
        return batch, False
    pieces = assign(batch.pieces, [[one for one in sales if not _is_elsewhere(saga, batch, one)] for sales in found])
    return (replace(batch, step=Step.REGISTERED, pieces=pieces) if pieces else batch), True


def _is_elsewhere(saga: "Saga", batch: Batch, sale: Registered) -> bool:
    """Whether a sale is another order's of ours."""
    return saga.records.get(SALE, _name(batch, sale.id)) is not None


# --- what is remembered --------------------------------------------------------------------------------------------


def settled(checkout: Checkout, notes: Notes, expires: datetime) -> tuple[Checkout, list[Change]]:
    """An order as it is written down, and what is written with it: whose each sale is. When it is over, no number is left."""
    changes: list[Change] = []
    batches = []
    for batch in checkout.batches:
        fresh = batch.step is Step.REGISTERED and not batch.noted
        if fresh:
            names = (_name(batch, piece.sale) for piece in batch.pieces)
            value = checkout.key.encode()
            changes += [Put(kind=SALE, id=name, value=value, expect=ABSENT, expires=expires) for name in names]
        pieces = batch.pieces
        if checkout.state in FINAL and batch.step is not Step.ASKED:
            if checkout.state is State.DONE:
                changes += notes.gone([piece.quote for piece in pieces if piece.quote])
            pieces = tuple(replace(piece, sealed="", quote="", entitlement="") for piece in pieces)
        batches.append(replace(batch, pieces=pieces, noted=batch.noted or fresh))
    return (replace(checkout, batches=tuple(batches)) if batches else checkout), changes


def _name(batch: Batch, sale: str) -> str:
    return f"{batch.system}/{batch.house}/{sale}"


def _close(saga: "Saga", batch: Batch, no: Refused) -> None:
    """Let the pages know which lines it was: each pass is asked again what it may have. Where all may have it, it was all of them together."""
    notes = saga.passes.notes
    known = {piece.quote: note for piece in batch.pieces if (note := notes.read(piece.quote))}
    wrong = []
    for name, note in known.items():
        with suppress(Unavailable):
            if saga.passes.told_again(name, note).over:
                wrong.append(name)
    for name, note in known.items():
        if not wrong:
            notes.write(name, replace(note, over=True, message=refused(no.detail, "").detail))


# --- taken back ----------------------------------------------------------------------------------------------------


def unwanted(checkout: Checkout, batch: Batch) -> tuple[Piece, ...]:
    """What the system has of a batch for which nobody has a ticket, or will have."""
    if checkout.state in (State.UNDOING, State.UNDONE):
        return batch.standing
    if checkout.state not in (State.CONFIRMING, State.DONE):
        return ()
    share = checkout.share(batch.house)
    if share.state in (Part.LOST, Part.RETURNING, Part.REFUNDED):
        return batch.standing
    return tuple(piece for piece in batch.standing if piece.line in share.gone)


def is_open(checkout: Checkout, batch: Batch) -> bool:
    """Whether something of it has to be looked up, or taken back."""
    lost = batch.step is Step.ASKED and checkout.state is not State.REGISTERING
    return lost or bool(unwanted(checkout, batch))


def due(checkout: Checkout, now: datetime) -> datetime | None:
    """When a batch of it is to be looked after; None when nothing is."""
    return min((batch.due or now for batch in checkout.batches if is_open(checkout, batch)), default=None)


def look_after(saga: "Saga", checkout: Checkout, version: int) -> Known:
    """Take back what nobody has a ticket for, of an order that is over."""
    moment = due(checkout, saga.clock())
    if moment is None or moment > saga.clock():
        return checkout, version
    batches = tuple(_let_go(saga, checkout, batch) for batch in checkout.batches)
    stuck = any(is_open(checkout, batch) and batch.tries >= PATIENCE for batch in batches)
    known = "" if checkout.alert == Alert.DISCOUNT_STUCK else checkout.alert
    after = replace(checkout, batches=batches, alert=Alert.DISCOUNT_STUCK.value if stuck and not known else known)
    if after == checkout:
        return checkout, version
    with suppress(Stale):
        return saga.write(after, version)
    return saga.known(checkout.key)


def _let_go(saga: "Saga", checkout: Checkout, batch: Batch) -> Batch:
    """A batch of which that was taken back which can be now."""
    now = saga.clock()
    if not is_open(checkout, batch) or (batch.due and batch.due > now):
        return batch
    if batch.step is Step.ASKED:
        batch, answered = _found(saga, batch)
        if batch.step is Step.ASKED and answered:
            over = now - (batch.asked or now) > DOUBT
            return replace(batch, step=Step.ABSENT, due=None) if over else replace(batch, due=now + OFTEN, tries=0)
    for piece in unwanted(checkout, batch):
        saga.crossing(f"cancel sale {batch.house}")
        try:
            saga.passes.ask(batch.house, batch.system, _cancelling(piece.sale))
        except (Refused, Unavailable):
            break
        saga.crossing(f"cancelled sale {batch.house}")
        batch = replace(batch, pieces=tuple(replace(one, gone=True) if one is piece else one for one in batch.pieces))
    if not is_open(checkout, batch):
        return replace(batch, due=None, tries=0)
    return replace(
        batch, tries=batch.tries + 1, due=now + min(SLOWEST, timedelta(seconds=2 ** min(batch.tries + 1, 9)))
    )


def _cancelling(sale: str) -> Callable[[Discounts], None]:
    return lambda system: system.cancel(sale)
