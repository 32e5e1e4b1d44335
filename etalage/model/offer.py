"""What a place costs and whether there are any left."""

from enum import StrEnum

import msgspec

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


class Price(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One price a visitor can choose: where you sit (`category`), who you are (`tariff`). `id` is the source's own."""

    amount: Money
    tariff: Words = {}
    category: Words = {}
    kind: TariffKind = TariffKind.STANDARD
    note: Words = {}
    id: str = ""


def stock_of(free: int | None) -> Stock:
    """Say how many places are left in words; `free=None` means without limit."""
    if free is None:
        return Stock.PLENTY
    if free <= 0:
        return Stock.NONE
    return Stock.FEW if free <= FEW_PLACES else Stock.PLENTY
