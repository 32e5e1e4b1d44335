"""An order for people: waiting for payment, paid, with its tickets, partly given back, or over. Who comes back from paying makes it go on."""

from collections.abc import Sequence

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from etalage.model.checkout import GOING_BACK, Checkout, Part, Share, Shown, State
from etalage.model.errors import Refused
from etalage.model.house import Contact
from etalage.model.sale import Ticket as Bought
from etalage.sales import rounds
from etalage.sales.terms import CALLED_OFF
from functions import clocks, cookies, frames, keeping, orders, turns
from functions.answers import PRIVATE
from functions.back_words import notices
from functions.frames import Place
from functions.letters import Secretary
from functions.order_words import Told
from functions.sale import count, sale_of
from functions.shelves import Voice
from functions.sums import euros
from functions.turns import Turn

WAITING = frozenset({State.HOLDING, State.REGISTERING, State.PAYING, State.AWAITING, State.CONFIRMING, State.UNDOING})
"""Something is still to come: the page looks again by itself."""


class Ticket(msgspec.Struct, frozen=True):
    """A ticket as the page shows it."""

    code: str
    seat: str
    cancelled: bool
    picture: str = ""
    """Its QR, as SVG of our own printer."""
    serial: str = ""
    """By which name a phone may have it in its wallet; "" where it may not."""


class Date(msgspec.Struct, frozen=True):
    """A date of an order. `state`: confirmed, waiting, back (its money goes or went back), owed (it is to, and did not yet), or over."""

    shown: Shown
    state: str
    number: int
    tickets: Sequence[Ticket]
    why: str
    doors: str = ""
    street: str = ""
    directions: str = ""


async def show(request: Request) -> Response:
    """GET /order/{token}."""
    place = frames.place_of(request)
    try:
        known = await run_in_threadpool(orders.look_up, request)
    except Refused as no:
        count(request, "order-miss", orders.MOST_MISSES)
        raise Refused("order_unknown", "This order is not here.") from no
    voice, language, sale = Voice(place.shelf), place.shelf.language, sale_of(request)
    now = sale.saga.clock()
    found = await run_in_threadpool(rounds.show, sale.saga, known)
    turn = turns.turn_of(known, found, place, sale, now)
    wait = _wait(known, turn)
    until = keeping.until(known, now)
    kept = {keeping.HEADER: until.isoformat()} if until and not keeping.is_unwanted(request) else {}
    parts = await run_in_threadpool(_parts, known, place, voice, sale.secretary)
    way = place.way(f"order/{request.path_params['token']}")
    answer = frames.page(
        request, place, "order.html", 200, PRIVATE | wait | kept, heading=_heading(known, voice, turn), order=known, turn=turn, token=request.path_params["token"], state=known.state.value, parts=parts,
        total=euros(known.total.cents, language), refunded=euros(known.refunded.cents, language) if known.refunded.cents else "",
        backs=notices(known, voice, now) if known.state is State.DONE else (),
        until=clocks.time_of(known.window, place), left=clocks.seconds(known.window, now),
        why=voice.say(known.say, **known.detail) if known.say else "", number=known.key[:8].upper(),
        way=way, tickets=way if known.good else "",
        keeps=bool(kept) if until else None, lingers=_lingers(known, request),
    )  # fmt: skip
    if turns.is_over(found):
        await _forget(request, place, known, answer)
    return answer


def _wait(known: Checkout, turn: Turn | None) -> dict[str, str]:
    """When the page looks again by itself."""
    if known.state in WAITING:
        return {"refresh": "15" if known.state is State.AWAITING else "3"}
    return {"refresh": "60"} if turn and turn.next else {}


def _lingers(known: Checkout, request: Request) -> bool:
    """Whether somebody may still pay on a page that we cannot close, for what is over."""
    provider = sale_of(request).providers.get(known.provider)
    if known.state is not State.UNDONE or not known.payment or known.code == CALLED_OFF or provider is None:
        return False
    return not provider.closes


async def _forget(request: Request, place: Place, known: Checkout, answer: Response) -> None:
    """What is paid is no longer in the basket."""
    token, drop = cookies.basket_of(request), sale_of(request).baskets.drop
    gone: bool = await run_in_threadpool(drop, token, known.turn or (known.key,)) if token else False
    if gone:
        cookies.forget(answer, place)


def _parts(known: Checkout, place: Place, voice: Voice, secretary: Secretary | None) -> list[Date]:
    """The order by date."""
    rows = []
    told = Told(known, place.shelf, voice, secretary.houses if secretary else {}, Contact(), "")
    serials = secretary.serials(known) if secretary else {}
    for share in known.shares:
        for performance in dict.fromkeys(line.performance for line in share.lines):
            shown, item = known.shown.get(performance, Shown()), place.shelf.items.get(performance)
            tickets = [
                _ticket(share, one, shown, secretary if share.good else None, serials.get(one.code, ""))
                for one in share.tickets
                if one.performance == performance
            ]
            number = sum(line.performance == performance for line in share.lines)
            why = voice.say(share.say, **share.detail) if share.say else ""
            rows.append(
                Date(
                    shown, _state(known, share), number, tickets, why, item.doors if item else "",
                    told.street(share.house, shown), told.directions(share.house, shown),
                )
            )  # fmt: skip
    return rows


def _ticket(share: Share, one: Bought, shown: Shown, secretary: Secretary | None, serial: str) -> Ticket:
    """A ticket, with its QR while it is good."""
    gone = one.cancelled or one.line in share.gone
    picture = secretary.picture(one.code) if secretary and not gone else ""
    return Ticket(one.code, shown.seats.get(one.seat, one.seat), gone, picture, serial)


def _state(known: Checkout, share: Share) -> str:
    if share.state in (Part.CONFIRMED, Part.PARTLY):
        return "confirmed"
    if share.state is Part.REFUNDED:
        return "back" if share.refunded == share.amount else "owed"
    if share.state in GOING_BACK:
        return "back"
    return "over" if known.state is State.UNDONE else "waiting"


def _heading(known: Checkout, voice: Voice, turn: Turn | None) -> str:
    """What the page is about now."""
    if turn and turn.next and turn.paid and known.state in rounds.PAID and not known.refunded.cents:
        return voice.count("%(num)s of %(all)s is paid", "%(num)s of %(all)s are paid", turn.paid, all=len(turn.steps))
    if turn and turn.paid and known.state is State.UNDONE:
        return voice.say("Not everything was bought")
    if known.state is State.DONE and all(share.state is Part.REFUNDED for share in known.shares):
        sent = known.total.cents and known.refunded == known.total
        return voice.say("Your money goes back") if sent else voice.say("Your order was cancelled")
    if known.state is State.DONE and known.refunded.cents:
        return voice.say("Your tickets, and some money back")
    return {
        State.AWAITING: voice.say("Waiting for your payment"),
        State.CONFIRMING: voice.say("Paid. Your tickets are being made"),
        State.DONE: voice.say("Your tickets"),
        State.UNDONE: voice.say("Nothing was bought"),
    }.get(known.state, voice.say("One moment"))


def routes(folder: str) -> list[Route]:
    """The page under a folder."""
    return [Route(f"{folder}/order/{{token}}", show, methods=["GET"])]
