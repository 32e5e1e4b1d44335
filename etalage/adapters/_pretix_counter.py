"""The single steps of a sale at pretix, each for one part: the lines of one pretix event.

Every step can be repeated: an order has a code of ours, which pretix takes once (400 on the field `code`); a payment is confirmed
once; a refund bears our mark, and of several with the same mark only the first is carried out. Carts have no such name: a
second one only holds too much until it lapses, and goes when the order is made, which consumes all carts with our id.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec

from etalage.adapters._pretix_cart import Wanted, amount, refusal
from etalage.adapters._pretix_desk import Desk
from etalage.adapters._pretix_note import Note, Part
from etalage.adapters._pretix_offer import cents
from etalage.adapters._pretix_sale import MARK, RETURNED, Meta, PretixOrder, Refund
from etalage.model.errors import Refused
from etalage.model.money import Money
from etalage.model.sale import Buyer, Paid

PERSONAL = frozenset({"email", "locale", "invoice_address"})


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


def is_paid(order: PretixOrder) -> bool:
    """Whether its money is there, whatever its status."""
    return order.paid - order.refunded >= order.total


def pay(desk: Desk, order: PretixOrder) -> None:
    """Confirm the order's payment. What pretix answers says nothing: read the order afterwards."""
    path = f"events/{order.event}/orders/{order.code}/"
    quiet = {"send_email": False}
    if is_paid(order):
        # Its money is there, but its status is another: it was expired, or made pending by an extension that came too late.
        desk.write("POST", f"{path}mark_paid/", quiet)
        return
    waiting = next((one for one in order.payments if one.state in ("created", "pending")), None)
    if waiting:
        desk.write("POST", f"{path}payments/{waiting.local_id}/confirm/", quiet)


def expire(desk: Desk, order: PretixOrder) -> None:
    """Give back the places of a pending order; pretix itself waits for its periodic job."""
    if order.status == "n":
        desk.write("POST", f"events/{order.event}/orders/{order.code}/mark_expired/", {})


def undo(desk: Desk, order: PretixOrder) -> None:
    """Take back an order that was just made: one that costs nothing is paid already."""
    if order.status == "p":
        cancel(desk, order)
    else:
        expire(desk, order)


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


def exchange(desk: Desk, order: PretixOrder, wanted: Mapping[int, Mapping[str, object]]) -> bool:
    """Give positions (their ids) another date and seat, all or none; whether pretix did. What they cost stays."""
    changes = [{"position": number, "body": body} for number, body in wanted.items()]
    body = {"patch_positions": changes, "send_email": False}
    return desk.write("POST", f"events/{order.event}/orders/{order.code}/change/", body).ok


def recode(desk: Desk, order: PretixOrder, worn: Collection[str]) -> None:
    """Give the positions that have one of these codes another. pretix keeps a code when only the date changes."""
    for one in order.positions:
        if one.secret in worn and not one.canceled:
            answer = desk.write("POST", f"events/{order.event}/orderpositions/{one.id}/regenerate_secrets/", {})
            if not answer.ok:
                raise Refused("house_refused", f"pretix gives no new code: {answer.errors(desk)}", where=order.code)


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
            raise Refused("house_refused", f"pretix books no refund: {answer.errors(desk)}", where=order.code)
        order = desk.order(order.code) or order
    first, *others = sorted(_marked(order, refund), key=attrgetter("local_id"))
    for one in others:
        if one.state == "created":
            desk.write("POST", f"{path}{one.local_id}/cancel/", {})
    if first.state == "created":
        desk.write("POST", f"{path}{first.local_id}/done/", {})


def shared(orders: Sequence[PretixOrder], refund: Paid) -> dict[str, int]:
    """Code of an order → the cents of this refund that are to be booked there still."""
    found = {order.code: 0 for order in orders}
    rest = refund.amount.cents - sum(booked(order, refund) for order in orders)
    new = [order for order in orders if not booked(order, refund)]
    for has in ({one.code: one.too_much for one in new}, {one.code: one.paid - one.refunded for one in new}):
        for code, money in has.items():
            here = min(rest, max(0, cents(money).cents - found[code]))
            found[code] += here
            rest -= here
    if new:
        found[new[-1].code] += rest
    return found


def booked(order: PretixOrder, refund: Paid) -> int:
    """The cents of this refund that the order has booked already."""
    return sum(cents(one.amount).cents for one in _marked(order, refund)[:1])


def _insist(desk: Desk, method: str, path: str, body: dict[str, Any]) -> Mapping[str, Any]:
    """Write; once more without what pretix does not take of the buyer: a ticket matters more than its language. The errors."""
    answer = desk.write(method, path, body)
    if answer.ok:
        return {}
    wrong = answer.errors(desk)
    if wrong.keys() & PERSONAL and not wrong.keys() - PERSONAL:
        answer = desk.write(method, path, {key: value for key, value in body.items() if key not in wrong})
        return {} if answer.ok else answer.errors(desk)
    return wrong


def _person(buyer: Buyer | None) -> dict[str, Any]:
    if buyer is None:
        return {}
    return {"email": buyer.email, "locale": buyer.language, "invoice_address": {"name": buyer.name}}


def _marked(order: PretixOrder, refund: Paid) -> list[Refund]:
    return [one for one in order.refunds if one.comment == _mark(refund) and one.state in RETURNED]


def _mark(money: Paid) -> str:
    return f"{MARK}{money.provider} {money.id}"


def examine_amount(orders: Sequence[PretixOrder], paid: Paid) -> None:
    """Refuse `amount_wrong` when pretix would book something else than what was paid."""
    total = sum(cents(order.total).cents for order in orders)
    if total != paid.amount.cents:
        said = {"paid": str(paid.amount.cents), "total": str(total)}
        raise Refused("amount_wrong", "What was paid is not what the house will book.", where=paid.id, detail=said)
