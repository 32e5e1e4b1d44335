"""The single steps of a sale at pretix, each for one part: the lines of one pretix event.

Every step can be repeated: an order has a code of ours, which pretix takes once (400 on the field `code`); a payment is confirmed
once; a refund bears our mark, and of several with the same mark only the first is carried out. Carts have no such name: a
second one only holds too much until it lapses, and goes when the order is made, which consumes all carts with our id.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

import msgspec

from etalage.adapters._pretix_desk import GONE, Desk
from etalage.adapters._pretix_note import Note, Part
from etalage.adapters._pretix_offer import cents
from etalage.adapters._pretix_sale import RETURNED, CartPosition, Meta, PretixOrder, Refund, errors_of
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.sale import Buyer, Line, Paid

Wanted = Sequence[Mapping[str, Any]]
"""Positions as pretix takes them: item, variation, subevent, perhaps seat and price."""
PERSONAL = frozenset({"email", "locale", "invoice_address"})
SOLD_OUT = frozenset({"item", "seat", "non_field_errors", "detail"})
"""Where pretix says that a position cannot be had. All that could be wrong with it besides was examined before."""
LATE = timedelta(minutes=2)
"""How much older than our note a cart may look: clocks differ."""


class QuotedPosition(msgspec.Struct, frozen=True):
    """What a place would cost."""

    price: Decimal


class Quote(msgspec.Struct, frozen=True):
    """What an order would cost."""

    total: Decimal
    positions: tuple[QuotedPosition, ...]


class CartResult(msgspec.Struct, frozen=True):
    """What became of one position of a cart."""

    success: bool
    data: CartPosition | None = None
    errors: Mapping[str, Any] | Sequence[Any] | None = None


class CartResults(msgspec.Struct, frozen=True):
    """What became of a cart."""

    results: tuple[CartResult, ...]


class CartPage(msgspec.Struct, frozen=True):
    """A page of carts."""

    count: int
    next: str | None
    results: tuple[CartPosition, ...]


def quote(desk: Desk, part: Part, lines: Sequence[Line], wanted: Wanted) -> tuple[int, ...]:
    """What pretix would book for each line, its discounts among it. Refused `sold_out` when it could not be had now."""
    body = {"simulate": True, "positions": list(wanted)}
    answer = desk.write("POST", f"events/{part.event}/orders/", body, dry=True)
    if not answer.ok:
        raise refusal(answer.errors(), part, lines)
    told = answer.read(Quote, desk)
    prices = tuple(cents(one.price).cents for one in told.positions)
    if len(prices) != len(wanted) or sum(prices) != cents(told.total).cents:
        raise Refused("house_refused", f"pretix adds fees to {part.event} that belong to no ticket", where=part.event)
    return prices


def take(desk: Desk, part: Part, lines: Sequence[Line], wanted: Wanted, until: datetime) -> tuple[CartPosition, ...]:
    """Put all of it in a cart, or give back what there was of it; pretix answers 200 to half a cart too."""
    rows = [
        {**row, "price": amount(price), "cart_id": part.cart, "expires": until.isoformat()}
        for row, price in zip(wanted, part.cents, strict=True)
    ]
    answer = desk.write("POST", f"events/{part.event}/cartpositions/bulk_create/", rows)
    if not answer.ok:
        raise refusal(answer.errors(), part, lines)
    results = answer.read(CartResults, desk).results
    made = tuple(one.data for one in results if one.success and one.data)
    if len(made) == len(rows):
        return made
    give_back(desk, part.event, [one.id for one in made])
    wrong = [set(one.errors or ()) if isinstance(one.errors, Mapping) else {"detail"} for one in results]
    raise refusal_of([() if one.success else fields for one, fields in zip(results, wrong, strict=True)], part, lines)


def give_back(desk: Desk, event: str, carts: Sequence[int]) -> None:
    """Take positions out of a cart; one that is gone already is given back."""
    for number in carts:
        desk.write("DELETE", f"events/{event}/cartpositions/{number}/")


def carts(desk: Desk, part: Part, note: Note) -> tuple[CartPosition, ...]:
    """The positions that pretix has in this part's cart, lapsed ones too. By number where we know it, else by leafing."""
    path = f"events/{part.event}/cartpositions/"
    if part.carts:
        found = (desk.client.find(f"{path}{number}/", CartPosition, none=GONE) for number in part.carts)
        return tuple(one for one in found if one)
    pages: list[CartPosition] = []
    for page in range(1, 1000):
        query = {"ordering": "-datetime", "page": str(page)}
        told = desk.client.find(path, CartPage, query, none=GONE)
        pages.extend(told.results if told else ())
        if not told or not told.next or told.results[-1].datetime < note.begun - LATE:
            break
    return tuple({one.id: one for one in pages if one.cart_id == part.cart}.values())


def place(desk: Desk, part: Part, note: Note, wanted: Wanted, *, reference: str, until: datetime, payment: str,
          buyer: Buyer | None = None, paid: Paid | None = None) -> PretixOrder:  # fmt: skip
    """Make the part's carts a pending order until then. Refused `sold_out` when there are none left and no room either."""
    meta = Meta(
        reference=reference, part=note.parts.index(part), parts=len(note.parts), paid=_mark(paid) if paid else "",
        lines=tuple((number, note.lines[number].key) for number in part.lines),
    )  # fmt: skip
    body = {
        "code": part.code, "status": "n", "expires": until.isoformat(), "consume_carts": [part.cart], "send_email": False,
        "payment_provider": payment, "api_meta": {"etalage": msgspec.to_builtins(meta)}, **_person(buyer),
        "positions": [{**row, "price": amount(price)} for row, price in zip(wanted, part.cents, strict=True)],
    }  # fmt: skip
    errors = _insist(desk, "POST", f"events/{part.event}/orders/", body)
    order = desk.order(part.code)
    if order is None:
        raise refusal(errors, part, [note.lines[number] for number in part.lines])
    return order


def name_buyer(desk: Desk, order: PretixOrder, buyer: Buyer, paid: Paid) -> None:
    """Say for whom an order is that was made before that was known."""
    meta = msgspec.structs.replace(order.api_meta.etalage, paid=_mark(paid))
    body = {**_person(buyer), "api_meta": {"etalage": msgspec.to_builtins(meta)}}
    _insist(desk, "PATCH", f"events/{order.event}/orders/{order.code}/", body)


def pay(desk: Desk, order: PretixOrder) -> None:
    """Confirm the order's payment. What pretix answers says nothing: read the order afterwards."""
    path = f"events/{order.event}/orders/{order.code}/"
    quiet = {"send_email": False}
    if order.paid - order.refunded >= order.total:
        # Its money is there, but it is not paid: it was expired, or moved to pending by an extension that came too late.
        desk.write("POST", f"{path}mark_paid/", quiet)
        return
    waiting = next((one for one in order.payments if one.state in ("created", "pending")), None)
    if waiting:
        desk.write("POST", f"{path}payments/{waiting.local_id}/confirm/", quiet)


def expire(desk: Desk, order: PretixOrder) -> None:
    """Give back the places of a pending order; pretix itself waits for its periodic job."""
    if order.status == "n":
        desk.write("POST", f"events/{order.event}/orders/{order.code}/mark_expired/", {})


def prolong(desk: Desk, order: PretixOrder, until: datetime, zone: Any) -> bool:
    """Let a pending order live until the end of that day (pretix takes no hour), an expired one too if there is room."""
    body = {"expires": until.astimezone(zone).date().isoformat()}
    return desk.write("POST", f"events/{order.event}/orders/{order.code}/extend/", body).ok


def cancel(desk: Desk, order: PretixOrder, positions: Sequence[int] = ()) -> None:
    """Take back these positions (their ids), or all of it. pretix keeps the last one until the order goes (complete_cancel)."""
    living = {one.id for one in order.positions if not one.canceled}
    if order.status == "c" or (positions and not living & set(positions)):
        return
    if not positions or living <= set(positions):
        path = f"events/{order.event}/orders/{order.code}/mark_canceled/"
        desk.write("POST", path, {"send_email": False})
        return
    for number in sorted(living & set(positions)):
        desk.write("DELETE", f"events/{order.event}/orderpositions/{number}/")


def book_refund(desk: Desk, order: PretixOrder, refund: Paid, share: Money, payment: str) -> None:
    """Note that money went back, once per refund.

    pretix has no unique name for a refund: it is entered as "created" with our mark, and carried out only if it is the first.
    """
    path = f"events/{order.event}/orders/{order.code}/refunds/"
    if not _marked(order, refund):
        paid = next((one.local_id for one in order.payments if one.state == "confirmed"), None)
        body = {
            "state": "created", "source": "external", "amount": amount(share.cents), "payment": paid, "provider": payment,
            "comment": _mark(refund),
        }  # fmt: skip
        answer = desk.write("POST", path, body)
        if not answer.ok:
            raise Refused("house_refused", f"pretix books no refund: {answer.errors()}", where=order.code)
        order = desk.order(order.code) or order
    first, *others = sorted(_marked(order, refund), key=attrgetter("local_id"))
    for one in others:
        if one.state == "created":
            desk.write("POST", f"{path}{one.local_id}/cancel/", {})
    if first.state == "created":
        desk.write("POST", f"{path}{first.local_id}/done/", {})


def booked(order: PretixOrder, refund: Paid) -> int:
    """The cents of this refund that the order has booked already."""
    return sum(cents(one.amount).cents for one in _marked(order, refund)[:1])


def refusal(errors: Mapping[str, Any], part: Part, lines: Sequence[Line]) -> Refused:
    """Why pretix says no, as one of our words."""
    of_positions, of_order = errors_of(errors, len(lines))
    if of_order:
        return Refused("house_refused", f"pretix refuses a sale of {part.event}: {errors}", where=part.event)
    return refusal_of(of_positions, part, lines)


def refusal_of(wrong: Sequence[Any], part: Part, lines: Sequence[Line]) -> Refused:
    """The same, from the fields that are wrong of each line."""
    out = [line.key for line, fields in zip(lines, wrong, strict=True) if fields]
    if out and all(set(fields) <= SOLD_OUT for fields in wrong):
        return Refused("sold_out", "There are not so many places left.", detail={"lines": " ".join(out)})
    return Refused(
        "house_refused", f"pretix refuses a sale of {part.event}: {[sorted(f) for f in wrong]}", where=part.event
    )


def _insist(desk: Desk, method: str, path: str, body: dict[str, Any]) -> Mapping[str, Any]:
    """Write; once more without what pretix does not take of the buyer: a ticket matters more than its language. The errors."""
    answer = desk.write(method, path, body)
    if answer.ok:
        return {}
    wrong = answer.errors()
    if wrong.keys() & PERSONAL and not wrong.keys() - PERSONAL:
        answer = desk.write(method, path, {key: value for key, value in body.items() if key not in wrong})
        return {} if answer.ok else answer.errors()
    return wrong


def _person(buyer: Buyer | None) -> dict[str, Any]:
    if buyer is None:
        return {}
    return {"email": buyer.email, "locale": buyer.language, "invoice_address": {"name": buyer.name}}


def _marked(order: PretixOrder, refund: Paid) -> list[Refund]:
    return [one for one in order.refunds if one.comment == _mark(refund) and one.state in RETURNED]


def _mark(money: Paid) -> str:
    return f"Etalage: {money.provider} {money.id}"


def amount(cents: int) -> str:
    """Cents as pretix writes them."""
    return f"{cents // 100}.{cents % 100:02d}"


def moment_of(orders: Sequence[datetime]) -> datetime:
    """The first of these moments; far away when there is none."""
    return min(orders, default=datetime.max.replace(tzinfo=UTC))
