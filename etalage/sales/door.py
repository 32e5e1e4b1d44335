"""Who stands at the door: the places of one performance that are sold, by the name they were bought under."""

from dataclasses import dataclass

from etalage.model.checkout import Part, Shown
from etalage.ports.records import Records
from etalage.sales.orders import Orders, Wanted


@dataclass(frozen=True, slots=True)
class Guest:
    """One place that is sold. `code`: what stands on the ticket; `order`: what it was bought as."""

    name: str
    tariff: str
    seat: str
    code: str
    order: str


def guests(records: Records, performance: str) -> list[Guest]:
    """Everybody with a ticket that is good, by name. A house with a system of its own may have sold more there."""
    found = []
    for order in Orders(records).find(Wanted()).orders:
        seats = order.shown.get(performance, Shown()).seats
        found += [
            Guest(order.buyer.name, ticket.tariff, seats.get(ticket.seat, ticket.seat), ticket.code, order.key)
            for share in order.shares
            if share.state is Part.CONFIRMED
            for ticket in share.tickets
            if ticket.performance == performance and not ticket.cancelled
        ]
    return sorted(found, key=lambda guest: (guest.name.casefold(), guest.seat, guest.code))
