"""Which order a ticket's code belongs to: a digest of each code, written in the commit in which its house has confirmed.

The door asks by it, so that nobody has to look through all orders, and a copy of these documents holds no code.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from etalage.model.checkout import Checkout
from etalage.ports.records import ANY, Put, Records

CODE = "ticket-code"


class Sold(msgspec.Struct, frozen=True):
    """The order that a code was given in; whether it is still good stands there, and there alone."""

    order: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Sold).decode


def notes(checkout: Checkout, expires: datetime | None) -> list[Put]:
    """What is written for the tickets of an order that are good. Twice is once."""
    value = _encode(Sold(checkout.key))
    return [
        Put(kind=CODE, id=_digest(share.house, ticket.code), value=value, expect=ANY, expires=expires)
        for share in checkout.shares
        for ticket in share.good
    ]


def orders_of(records: Records, house: str, codes: Sequence[str]) -> list[tuple[str, str]]:
    """Of these codes of a house those that were ever given, each with its order."""
    found = records.several([(CODE, _digest(house, code)) for code in codes])
    return [(code, _decode(one.value).order) for code, one in zip(codes, found, strict=True) if one]


def _digest(house: str, code: str) -> str:
    return sha256(f"{house}\0{code}".encode()).hexdigest()
