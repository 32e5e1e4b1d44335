"""Money as integer cents, and how a price is read from what people write."""

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from etalage.model.errors import Refused

FREE = frozenset({"gratis", "free", "gratuit", "vrije toegang", "gratis toegang", "entrée libre", "kostenlos"})
_AMOUNT = re.compile(
    r"^(?:€|eur)?\s*(\d{1,3}(?:[.\s]\d{3})+|\d+)(?:[.,](\d{1,2}|-))?\s*(?:€|eur|euro)?\s*(?:p\.?p\.?)?$"
)


class Money(msgspec.Struct, frozen=True, omit_defaults=True, order=True):
    """An amount in cents; `currency` is ISO 4217. Never negative on a price."""

    cents: int
    currency: str = "EUR"


def read_amount(text: str | float) -> Money:
    """Read a price as houses write it: 12, "12.5", "12,50 €", "€ 1.250,00", "gratis".

    Refuses with `price_unreadable` what is not one clear amount ("10 tot 15"), and with `price_negative`.
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        if text < 0:
            raise Refused("price_negative", f"the price {text} is below zero")
        return Money(round(text * 100))
    plain = str(text).replace("\u00a0", " ").strip().casefold()
    if plain in FREE:
        return Money(0)
    if plain.startswith("-") and _AMOUNT.match(plain[1:].strip()):
        raise Refused("price_negative", f"the price {text!r} is below zero")
    found = _AMOUNT.match(plain)
    if not found:
        raise Refused("price_unreadable", f"{text!r} is not one clear amount; write 12.50, 12,50 € or gratis")
    whole = int(re.sub(r"[.\s]", "", found[1]))
    decimals = (found[2] or "").replace("-", "")
    return Money(whole * 100 + int(decimals.ljust(2, "0") or 0))


def parts_of(cents: int, weights: Sequence[int]) -> list[int]:
    """An amount in parts as heavy as these, which together are exactly that amount; equal ones where nothing weighs."""
    if not sum(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    edges = [cents * sum(weights[:place]) // whole for place in range(len(weights) + 1)]
    return [after - before for before, after in pairwise(edges)]
