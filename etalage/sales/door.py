"""Who stands at the door: the places of one performance that are sold, by the name they were bought under."""

from collections.abc import Sequence
from dataclasses import dataclass

from etalage.model.checkout import Checkout, Shown
from etalage.model.enrolment import Participant
from etalage.ports.records import Records
from etalage.sales.orders import Orders, Wanted


@dataclass(frozen=True, slots=True)
class Guest:
    """One place that is sold. `code`: what stands on the ticket; `order`: what it was bought as; `participant`: who enrols."""

    name: str
    tariff: str
    seat: str
    code: str
    order: str
    participant: Participant | None = None


def guests(records: Records, performance: str) -> list[Guest]:
    """Everybody with a ticket that is good, by name. A house with a system of its own may have sold more there."""
    found = []
    for order in Orders(records).find(Wanted()).orders:
        seats, people = order.shown.get(performance, Shown()).seats, _participants(order, performance)
        found += [
            Guest(
                order.buyer.name,
                ticket.tariff,
                seats.get(ticket.seat, ticket.seat),
                ticket.code,
                order.key,
                people.get(ticket.line),
            )
            for ticket in order.good
            if ticket.performance == performance
        ]
    return sorted(found, key=lambda guest: (guest.name.casefold(), guest.seat, guest.code))


def table(found: Sequence[Guest]) -> tuple[list[str], list[list[str]]]:
    """The list as head and rows: a row per place. Of a course also who takes part, and a column for each question that was asked."""
    head = ["name", "tariff", "seat", "code", "order"]
    rows = [[one.name, one.tariff, one.seat, one.code, one.order] for one in found]
    people = [one.participant for one in found]
    if not any(people):
        return head, rows
    asked = list(dict.fromkeys(question for who in people if who for question in who.answers))
    more = [
        [who.name, "" if who.age is None else str(who.age), *(who.answers.get(question, "") for question in asked)]
        if who
        else [""] * (2 + len(asked))
        for who in people
    ]
    return [*head, "participant", "age", *asked], [row + said for row, said in zip(rows, more, strict=True)]


def _participants(order: Checkout, performance: str) -> dict[str, Participant]:
    """Line → who takes part: the first line of a performance is the first participant's."""
    lines = [line.key for share in order.shares for line in share.lines if line.performance == performance]
    return dict(zip(lines, order.participants.get(performance, ()), strict=False))
