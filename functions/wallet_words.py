"""What stands on a ticket in the wallet of a phone, and which tickets of an order can be there."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from etalage.model.checkout import GOING_BACK, Checkout, Part, Share
from etalage.model.errors import Refused
from etalage.model.sale import Ticket
from etalage.model.wallet import WalletPass
from etalage.ports.wallet import Wallet
from functions.looks import look
from functions.order_words import Told

GONE = frozenset({Part.REFUNDED, *GOING_BACK})


def serial_of(order: Checkout, ticket: Ticket) -> str:
    """What names a ticket for ever, on the phone and in an address: a digest, since its code lets somebody in."""
    return blake2b(f"{order.key} {ticket.code}".encode(), digest_size=12).hexdigest()


def signer(wallets: Mapping[str, Wallet], order: Checkout, house: str, now: datetime) -> Wallet | None:
    """Who signs the tickets of a house: the house itself, else the site that sold them; None when neither can now."""
    known = (wallets.get(name) for name in (house, order.site))
    return next((wallet for wallet in known if wallet and wallet.until > now), None)


def serials(wallets: Mapping[str, Wallet], order: Checkout, now: datetime) -> dict[str, str]:
    """Ticket code → its serial, of those that a phone can have."""
    return {
        ticket.code: serial_of(order, ticket)
        for share, ticket in _tickets(order)
        if signer(wallets, order, share.house, now)
    }


def pack(wallets: Mapping[str, Wallet], desk: Told, output: Path, serial: str, now: datetime) -> bytes:
    """The file of one ticket, also of one that went back, so that a phone learns of it; refuses `order_unknown`."""
    order = desk.order
    share, ticket = next((one for one in _tickets(order) if serial_of(order, one[1]) == serial), (None, None))
    wallet = signer(wallets, order, share.house, now) if share else None
    if share is None or ticket is None or wallet is None:
        raise Refused("order_unknown", "This order is not here.")
    return wallet.pack(_card(desk, share, ticket, output))


def _card(desk: Told, share: Share, ticket: Ticket, output: Path) -> WalletPass:
    order, say = desk.order, desk.voice.say
    shown, sheet = desk.shown(ticket.performance), desk.sheet(share.house, ticket)
    front = ((say("Where"), shown.place), (say("Seat"), shown.seats.get(ticket.seat, ticket.seat)))
    back = (
        *(fact for fact in sheet.facts if fact not in front), (say("How to get there"), sheet.directions),
        (desk.sender, desk.note),
    )  # fmt: skip
    told = [sheet.title, sheet.when, shown.place, *(f"{label} {text}" for label, text in front[1:] if text)]
    return WalletPass(
        serial=serial_of(order, ticket), order=order.key, code=ticket.code, sender=desk.sender, house=sheet.house, title=sheet.title,
        told=", ".join(part for part in told if part), when=(say("When"), sheet.when), start=shown.start,
        front=tuple(fact for fact in front if fact[1]), back=tuple(fact for fact in back if fact[1]),
        void=ticket.cancelled or share.state in GONE or ticket.line in share.gone, look=look(output, (share.house, order.site)),
    )  # fmt: skip


def _tickets(order: Checkout) -> Iterator[tuple[Share, Ticket]]:
    """Those that were given out, good or not any more."""
    return ((share, ticket) for share in order.shares for ticket in share.tickets)
