"""What a place costs and whether there are any left."""

from dataclasses import dataclass, field
from enum import StrEnum

from etalage.model.money import Money
from etalage.model.words import Words


class TariffKind(StrEnum):
    """Who a tariff is for."""

    STANDARD = "standard"
    REDUCTION = "reduction"
    SOCIAL = "social"
    FREE = "free"


class Stock(StrEnum):
    """What is left now, as coarse as a static page may say it. The live number is the Ticketing port's business."""

    PLENTY = "plenty"
    FEW = "few"
    NONE = "none"
    UNKNOWN = "unknown"


FEW_PLACES = 10
"""At or below this many free places the last tickets are being sold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One price a visitor can choose: where you sit (`category`), who you are (`tariff`). `id` is the source's own."""

    amount: Money
    tariff: Words = field(default_factory=dict)
    category: Words = field(default_factory=dict)
    kind: TariffKind = TariffKind.STANDARD
    note: Words = field(default_factory=dict)
    id: str = ""


def stock_of(free: int | None) -> Stock:
    """Say how many places are left in words; `free=None` means without limit."""
    if free is None:
        return Stock.PLENTY
    if free <= 0:
        return Stock.NONE
    return Stock.FEW if free <= FEW_PLACES else Stock.PLENTY
