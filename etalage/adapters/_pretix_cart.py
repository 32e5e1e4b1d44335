"""Carts at pretix: what places would cost, putting them in a cart, and giving them back.

What a newcomer would get wrong: pretix answers 200 to half a cart; and it has no look-up for carts, so one whose answer was lost
is found by leafing through the newest.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from etalage.adapters._pretix_desk import GONE, Desk
from etalage.adapters._pretix_note import Note, Part
from etalage.adapters._pretix_offer import cents
from etalage.adapters._pretix_sale import CartPosition, errors_of
from etalage.adapters._pretix_shelf import Shelf
from etalage.model.errors import Refused
from etalage.model.sale import Line

Wanted = Sequence[Mapping[str, Any]]
"""Positions as pretix takes them: item, variation, subevent, perhaps seat and price."""
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


def wanted_of(shelf: Shelf, lines: Sequence[Line], *, prices: bool = False) -> Wanted:
    """Lines as pretix' positions; `prices`: with those of ours."""
    rows = []
    for line in lines:
        item, _, variation = line.tariff.partition("/")
        _, date = shelf.split(line.performance) or ("", None)
        row: dict[str, Any] = {"item": int(item), "variation": int(variation) if variation else None, "subevent": date}
        row |= {"seat": line.seat} if line.seat else {}
        rows.append(row | ({"price": amount(line.price.cents)} if prices and line.price else {}))
    return rows


def quote(desk: Desk, part: Part, lines: Sequence[Line], wanted: Wanted) -> tuple[int, ...]:
    """What pretix would book for each line, its discounts among it. Refused `sold_out` when it could not be had now."""
    body = {"simulate": True, "positions": list(wanted)}
    answer = desk.write("POST", f"events/{part.event}/orders/", body, dry=True)
    if not answer.ok:
        raise refusal(answer.errors(desk), part, lines)
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
        raise refusal(answer.errors(desk), part, lines)
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


def refusal(errors: Mapping[str, Any], part: Part, lines: Sequence[Line]) -> Refused:
    """Why pretix says no, as one of our words."""
    of_positions, of_order = errors_of(errors, len(lines))
    if of_order:
        return Refused("house_refused", f"pretix refuses a sale of {part.event}: {errors}", where=part.event)
    return refusal_of(of_positions, part, lines)


def refusal_of(wrong: Sequence[Any], part: Part, lines: Sequence[Line]) -> Refused:
    """The same, from the fields that are wrong of each line."""
    out = [line for line, fields in zip(lines, wrong, strict=True) if fields]
    if out and all(set(fields) <= SOLD_OUT for fields in wrong):
        return sold_out(out)
    return Refused(
        "house_refused", f"pretix refuses a sale of {part.event}: {[sorted(f) for f in wrong]}", where=part.event
    )


def sold_out(lines: Sequence[Line]) -> Refused:
    """These cannot be had."""
    keys = " ".join(line.key for line in lines)
    return Refused("sold_out", "There are not so many places left.", detail={"lines": keys})


def amount(cents: int) -> str:
    """Cents as pretix writes them."""
    return f"{cents // 100}.{cents % 100:02d}"
