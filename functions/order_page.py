"""An order for people: waiting for payment, paid, with its tickets, partly given back, or over. Who comes back from paying makes it go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from etalage.model.checkout import GOING_BACK, Checkout, Part, Share, Shown, State
from etalage.model.errors import Refused
from etalage.sales.letters import has_tickets
from functions import basket, cookies, frames, orders
from functions.answers import PRIVATE
from functions.frames import Place
from functions.sale import count, sale_of
from functions.shelves import Voice
from functions.sums import euros

WAITING = frozenset({State.HOLDING, State.PAYING, State.AWAITING, State.CONFIRMING, State.UNDOING})
"""Something is still to come: the page looks again by itself."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as the page shows it."""

    code: str
    seat: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Date:
    """A date of an order. `state`: confirmed, waiting, back (its money goes or went back), or over."""

    shown: Shown
    state: str
    number: int
    tickets: Sequence[Ticket]
    why: str


async def show(request: Request) -> Response:
    """GET /order/{token}."""
    place = frames.place_of(request)
    try:
        known = await run_in_threadpool(orders.look_up, request)
    except Refused as no:
        count(request, "order-miss", orders.MOST_MISSES)
        raise Refused("order_unknown", "This order is not here.") from no
    voice, language = Voice(place.shelf), place.shelf.language
    now = sale_of(request).saga.clock()
    wait = {"refresh": "15" if known.state is State.AWAITING else "3"} if known.state in WAITING else {}
    answer = frames.page(
        request, place, "order.html", 200, PRIVATE | wait, heading=_heading(known, voice), order=known, state=known.state.value, parts=_parts(known, voice),
        total=euros(known.total.cents, language), refunded=euros(known.refunded.cents, language) if known.refunded.cents else "",
        until=basket.time_of(known.window, place), left=basket.seconds(known.window, now),
        why=voice.say(known.say, **known.detail) if known.say else "", number=known.key[:8].upper(),
        tickets=place.way(f"order/{request.path_params['token']}") if has_tickets(known) else "",
    )  # fmt: skip
    if known.state in (State.CONFIRMING, State.DONE):
        await _forget(request, place, known, answer)
    return answer


async def _forget(request: Request, place: Place, known: Checkout, answer: Response) -> None:
    """What is paid is no longer in the basket."""
    token, drop = cookies.basket_of(request), sale_of(request).baskets.drop
    gone: bool = await run_in_threadpool(drop, token, known.key) if token else False
    if gone:
        cookies.forget(answer, place)


def _parts(known: Checkout, voice: Voice) -> list[Date]:
    """The order by date."""
    rows = []
    for share in known.shares:
        for performance in dict.fromkeys(line.performance for line in share.lines):
            shown = known.shown.get(performance, Shown())
            tickets = [
                Ticket(one.code, shown.seats.get(one.seat, one.seat), one.cancelled)
                for one in share.tickets
                if one.performance == performance
            ]
            number = sum(line.performance == performance for line in share.lines)
            why = voice.say(share.say, **share.detail) if share.say else ""
            rows.append(Date(shown, _state(known, share), number, tickets, why))
    return rows


def _state(known: Checkout, share: Share) -> str:
    if share.state is Part.CONFIRMED:
        return "confirmed"
    if share.state is Part.REFUNDED or share.state in GOING_BACK:
        return "back"
    return "over" if known.state is State.UNDONE else "waiting"


def _heading(known: Checkout, voice: Voice) -> str:
    """What the page is about now."""
    if known.state is State.DONE and known.refunded.cents:
        everything = known.refunded == known.total
        return voice.say("Your money goes back") if everything else voice.say("Your tickets, and some money back")
    return {
        State.AWAITING: voice.say("Waiting for your payment"),
        State.CONFIRMING: voice.say("Paid. Your tickets are being made"),
        State.DONE: voice.say("Your tickets"),
        State.UNDONE: voice.say("Nothing was bought"),
    }.get(known.state, voice.say("One moment"))


def routes(folder: str) -> list[Route]:
    """The page under a folder."""
    return [Route(f"{folder}/order/{{token}}", show, methods=["GET"])]
