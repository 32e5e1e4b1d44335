"""GET /choose?p=ID: choose tickets of one date. What one can choose is asked at the house, now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from etalage.model.basket import house_of
from etalage.model.errors import EtalageError, Unavailable
from etalage.model.sale import Availability, Seat, Tariff
from etalage.model.seating import rows
from etalage.ports.ticketing import Ticketing
from functions import frames, waiting
from functions.answers import PRIVATE, explain
from functions.quote import name_of, said
from functions.sale import Sale, in_agenda, sale_of
from functions.shelves import Voice
from functions.sums import euros

MOST = 10
"""So many of one tariff can be chosen at once, where the house sets no limit of its own."""
FEW = 10
"""From so few places left a page says how many there are."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A tariff as the page shows it. `numbers`: how many one may choose."""

    id: str
    name: str
    note: str
    price: str
    numbers: Sequence[int]
    seated: bool
    sold_out: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What a house told of a date."""

    tariffs: Sequence[Tariff]
    left: Availability | None
    seats: Sequence[Seat]


async def choose(request: Request) -> Response:
    """The page."""
    place, id = frames.place_of(request), request.query_params.get("p", "")
    if stop := await waiting.admitted(request, [id]):
        return stop
    return await page(request, place, id)


async def page(
    request: Request, place: frames.Place, id: str, *, problem: str = "", status: int = 200, chosen: Mapping[str, int] | None = None
) -> Response:  # fmt: skip
    """The page of a date; with a `problem`, what was chosen stays chosen."""
    item = in_agenda(request, [id], place.shelf.language)[id]
    voice, sale = Voice(place.shelf), sale_of(request)
    try:
        offer = await run_in_threadpool(_ask, sale, id)
    except EtalageError as no:
        problem, status = explain(no, voice), 503 if isinstance(no, Unavailable) else 200
        offer = Offer((), None, ())
    language = place.shelf.language
    free = offer.left.free if offer.left else None
    few = free if free is not None and 0 < free <= FEW else 0
    if not offer.tariffs and not problem:
        problem = voice.say("This performance is not on sale now.")
    more = {
        "item": item, "id": id, "choices": [_choice(one, offer, language) for one in offer.tariffs], "few": few,
        "rows": rows(offer.seats), "marked": any(seat.wheelchair or seat.companion for seat in offer.seats), "problem": problem, "chosen": chosen or {},
        "said": said,
    }  # fmt: skip
    return frames.page(request, place, "choose.html", status, PRIVATE, heading=item.title, **more)


def _ask(sale: Sale, id: str) -> Offer:
    def look(house: Ticketing) -> Offer:
        tariffs = house.tariffs(id)
        seats = house.seatmap(id) if any(one.seated for one in tariffs) else ()
        return Offer(tariffs, house.availability([id]).get(id), seats)

    return sale.quotes.ask(house_of(id), look).result()


def _choice(tariff: Tariff, offer: Offer, language: str) -> Choice:
    left = offer.left.per_tariff.get(tariff.id) if offer.left else None
    most = min(one for one in (tariff.most or MOST, MOST, MOST if left is None else left))
    numbers = [0, *(number for number in range(1, most + 1) if number >= tariff.least)]
    return Choice(
        id=tariff.id, name=name_of(tariff, language), note=said(tariff.note, language), price=euros(tariff.price.cents, language), numbers=numbers,
        seated=tariff.seated, sold_out=left == 0,
    )  # fmt: skip
