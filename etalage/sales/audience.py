"""From where a house's visitors come: tickets counted by the postcode that buyers gave, without a name."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from etalage.ports.records import Records
from etalage.sales.orders import Orders, Wanted


@dataclass(frozen=True, slots=True)
class Origin:
    """How many tickets that are good were bought from a postcode; "" is who did not say."""

    postcode: str
    tickets: int


def origins(records: Records, house: str, since: datetime | None = None) -> list[Origin]:
    """Where the tickets of a house went, the most first, of orders since a moment."""
    found: Counter[str] = Counter()
    for order in Orders(records).find(Wanted(house=house, since=since)).orders:
        if good := order.share(house).good:
            found[order.postcode] += len(good)
    return [Origin(*one) for one in sorted(found.items(), key=lambda one: (-one[1], one[0]))]
