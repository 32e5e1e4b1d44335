"""GET /choose?p=ID: choose tickets of one date, or a time slot, or enrol. What one can choose is asked at the house, now.

What goes with a ticket (a free workshop, a slot of the expo) is offered here too, in the same form.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from etalage.model.basket import house_of
from etalage.model.errors import EtalageError, Unavailable
from etalage.model.sale import Availability, Seat, Tariff
from etalage.model.seating import rows
from etalage.model.shelf import Item
from etalage.ports.ticketing import Ticketing
from functions import enrolling, extras, frames, waiting
from functions.answers import PRIVATE, explain
from functions.quote import name_of, said
from functions.sale import Sale, in_agenda, sale_of
from functions.shelves import Voice
from functions.sums import euros

MOST = 10
"""So many of one tariff can be chosen at once, where the house sets no limit of its own."""
FEW = 10
"""From so few places left a page says how many there are."""


class Choice(msgspec.Struct, frozen=True):
    """A tariff as the page shows it. `numbers`: how many one may choose."""

    id: str
    name: str
    note: str
    price: str
    numbers: Sequence[int]
    seated: bool
    sold_out: bool


class Extra(msgspec.Struct, frozen=True):
    """What goes with a ticket, at one of its prices."""

    item: Item
    choice: Choice


class Offer(msgspec.Struct, frozen=True):
    """What a house told of a date. `left` also of the time slots beside it; `extras`: what goes with it, date → its tariffs."""

    tariffs: Sequence[Tariff] = ()
    left: Mapping[str, Availability] = msgspec.field(default_factory=dict)
    seats: Sequence[Seat] = ()
    extras: Mapping[str, Sequence[Tariff]] = msgspec.field(default_factory=dict)


async def choose(request: Request) -> Response:
    """The page."""
    place, id = frames.place_of(request), request.query_params.get("p", "")
    enrolment = place.shelf.enrolment(id)
    if enrolment and id != enrolment.performance:
        query = urlencode({"p": enrolment.performance})
        return RedirectResponse(place.way(f"choose?{query}"), 303, headers=PRIVATE)
    if stop := await waiting.admitted(request, [id]):
        return stop
    return await page(request, place, id)


async def page(
    request: Request, place: frames.Place, id: str, *, problem: str = "", status: int = 200, chosen: Mapping[str, int] | None = None
) -> Response:  # fmt: skip
    """The page of a date; with a `problem`, what was `chosen` stays so: "performance tariff" → how many."""
    item = in_agenda(request, [id], place.shelf.language)[id]
    voice, sale = Voice(place.shelf), sale_of(request)
    try:
        offer = await run_in_threadpool(_ask, request, place, sale, id)
    except EtalageError as no:
        problem, status = explain(no, voice), 503 if isinstance(no, Unavailable) else 200
        offer = Offer()
    language, shelf = place.shelf.language, place.shelf
    slots = extras.slots_of(request, shelf, id, offer.left)
    left = offer.left.get(id)
    free = left.free if left and not slots else None
    few = free if free is not None and 0 < free <= FEW else 0
    if not offer.tariffs and not problem:
        problem = voice.say("This performance is not on sale now.")
    more = {
        "item": item, "id": id, "choices": _choices(offer.tariffs, None if slots else left, language), "few": few,
        "rows": rows(offer.seats), "marked": any(seat.wheelchair or seat.companion for seat in offer.seats), "problem": problem, "chosen": chosen or {}, "limits": _limits(offer.tariffs, voice), "slots": slots, "said": said,
        "extras": _extras(request, place, offer), "shows": extras.dates_of(request, shelf, extras.shows_of(offer.tariffs), item),
        "goes": {one.id: _goes_with(request, place, one, item) for one in offer.tariffs},
        "enrolment": place.shelf.enrolment(id), "ages": _ages(place, id),
    }  # fmt: skip
    return frames.page(request, place, "choose.html", status, PRIVATE, heading=item.title, **more)


def _ask(request: Request, place: frames.Place, sale: Sale, id: str) -> Offer:
    item = in_agenda(request, [id], place.shelf.language)[id]

    def look(house: Ticketing) -> Offer:
        tariffs = house.tariffs(id)
        seats = house.seatmap(id) if any(one.seated for one in tariffs) else ()
        named = sorted({dates for one in tariffs for dates in one.extras}, key=lambda dates: (len(dates), dates))
        beside = {
            one: house.tariffs(one) for dates in named for one in extras.dates_of(request, place.shelf, dates, item)
        }
        left = house.availability([*dict.fromkeys((id, *extras.day_of(place.shelf, id), *beside))])
        return Offer(tariffs, left, seats, beside)

    return sale.quotes.ask(house_of(id), look).result()


def _extras(request: Request, place: frames.Place, offer: Offer) -> list[Extra]:
    """What goes with a ticket of this date, at each of its prices that do; seats are not chosen here."""
    items = in_agenda(request, offer.extras, place.shelf.language)
    return [
        Extra(items[id], _choice(one, offer.left.get(id), place.shelf.language))
        for id, tariffs in offer.extras.items()
        for one in tariffs
        if one.extra and not one.seated
    ]


def _goes_with(request: Request, place: frames.Place, tariff: Tariff, item: Item) -> list[Item]:
    """What one needs a ticket of for this price, each title once."""
    shows = tariff.extra.shows if tariff.extra else ()
    return list({show.title: show for show in extras.dates_of(request, place.shelf, shows, item).values()}.values())


def _ages(place: frames.Place, id: str) -> str:
    enrolment = place.shelf.enrolment(id)
    return enrolling.ages_in_words(enrolment.ages, Voice(place.shelf)) if enrolment else ""


def _choices(tariffs: Sequence[Tariff], left: Availability | None, language: str) -> list[Choice]:
    """Each price; of those that share a least number, one alone may be fewer."""
    alone = {one.id for some in _shared(tariffs) if not some[1:] for one in some}
    return [
        _choice(one if not one.shared or one.id in alone else replace(one, least=1), left, language) for one in tariffs
    ]


def _shared(tariffs: Sequence[Tariff]) -> list[list[Tariff]]:
    """Those that share their limits."""
    found: dict[str, list[Tariff]] = {}
    for one in tariffs:
        if one.shared:
            found.setdefault(one.shared, []).append(one)
    return [*found.values()]


def _limits(tariffs: Sequence[Tariff], voice: Voice) -> list[str]:
    """How many of several prices together go in one order, in words; what holds for one price, its own numbers say."""
    most = [one.together for one in tariffs[1:] if one.together]
    told = []
    for some in (some for some in _shared(tariffs) if some[1:]):
        one, whole = some[0], len(some) == len(tariffs)
        name = "" if whole else said(one.category, voice.language)
        lead = f"{name}: " if name else ""
        if one.least > 1:
            told.append(lead + voice.say("At least %(number)s together in one order.", number=str(one.least)))
        if one.most and whole:
            most.append(one.most)
        elif one.most:
            told.append(lead + voice.say("At most %(number)s together in one order.", number=str(one.most)))
    return [*told, *(voice.say("At most %(number)s together in one order.", number=str(min(most))) for _ in most[:1])]


def _choice(tariff: Tariff, said_left: Availability | None, language: str) -> Choice:
    left = said_left.per_tariff.get(tariff.id) if said_left else None
    most = min(tariff.most or MOST, tariff.together or MOST, MOST if left is None else left)
    numbers = [0, *(number for number in range(1, most + 1) if number >= tariff.least)]
    return Choice(
        id=tariff.id, name=name_of(tariff, language), note=said(tariff.note, language), price=euros(tariff.price.cents, language), numbers=numbers,
        seated=tariff.seated, sold_out=left == 0,
    )  # fmt: skip
