"""Which letters an order gives rise to, and when: written down by the saga, sent by the post."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta

import msgspec
from msgspec.structs import replace

from etalage.model.checkout import Checkout, Part
from etalage.model.errors import Stale
from etalage.model.letter import Owed, What
from etalage.ports.records import ABSENT, ANY, Put, Records

LETTER = "letter"
MORNING = time(10)
"""When a letter before a visit goes out, on the day before."""
KEPT = timedelta(days=400)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Owed).decode


def announce(checkout: Checkout, now: datetime) -> tuple[Checkout, list[Put]]:
    """An order that is done now: what its buyer is to be told, when that is anything new, and the order as it remembers that."""
    back, found = times_back(checkout), []
    if back > checkout.written:
        is_first = checkout.written < 0 and any(share.state is not Part.REFUNDED for share in checkout.shares)
        found.append((What.ORDER, "order", "") if is_first else (What.REFUND, f"refund-{back}", str(back)))
    if checkout.moves > checkout.moves_written:
        found.append((What.MOVED, f"moved-{checkout.moves}", str(checkout.moves)))
    letters = [
        owe(Owed(order=checkout.key, what=what, since=now, about=about), name, now) for what, name, about in found
    ]
    return replace(checkout, written=max(back, checkout.written), moves_written=checkout.moves), letters


def times_back(checkout: Checkout) -> int:
    """How often something went back of an order that is done; of a share from before that was noted, once."""
    return sum(len(share.backs) or share.state is Part.REFUNDED for share in checkout.shares)


def warn(checkout: Checkout, alert: str, now: datetime) -> Put:
    """What staff are to be told of an order that wants a look. The same alert again is told again."""
    return owe(Owed(order=checkout.key, what=What.ALERT, since=now, about=alert), f"{What.ALERT.value}-{alert}", now)


def owe(owed: Owed, name: str, due: datetime, expect: int = ANY) -> Put:
    """What is written to owe a letter. It goes with a change that happens once; else `expect` is ABSENT."""
    id = f"{owed.order}/{name}"
    return Put(kind=LETTER, id=id, value=_encode(owed), expect=expect, due=due, expires=due + KEPT)


def visits(checkout: Checkout, now: datetime) -> dict[str, datetime]:
    """Performance → when to write before the visit: in the morning of the day before, unless that is past."""
    held = {ticket.performance for ticket in checkout.good}
    found = {}
    for performance in sorted(held & checkout.shown.keys()):
        start = checkout.shown[performance].start
        if len(start) > 10:  # a moment, not a day: what one can visit for weeks has no day before
            moment = datetime.fromisoformat(start)
            due = datetime.combine(moment.date() - timedelta(days=1), MORNING, moment.tzinfo)
            if due > now:
                found[performance] = due
    return found


def ask_again(records: Records, checkout: Checkout, now: datetime) -> None:
    """Owe the tickets of an order once more, at most once an hour; nothing when there are none."""
    if checkout.good:
        name = f"{What.AGAIN.value}-{now:%Y%m%d%H}"
        with suppress(Stale):  # it was asked for this hour
            records.transact([owe(Owed(order=checkout.key, what=What.AGAIN, since=now), name, now, ABSENT)])


def letters_of(records: Records, checkout: Checkout) -> dict[str, Owed]:
    """What an order was and will be written, by name, but for what was asked for again: for staff."""
    names = [
        What.ORDER.value,
        *(f"{What.REFUND.value}-{back + 1}" for back in range(max(len(checkout.shares), times_back(checkout)))),
    ]
    names += [f"{What.MOVED.value}-{number + 1}" for number in range(checkout.moves)]
    names += [f"{What.BEFORE.value}-{performance}" for performance in checkout.shown]
    return owed_of(records, checkout.key, names)


def owed_of(records: Records, key: str, names: Sequence[str]) -> dict[str, Owed]:
    """Those of these letters that an order or a request was or will be written, by name."""
    found = records.several([(LETTER, f"{key}/{name}") for name in names])
    return {name: _decode(record.value) for name, record in zip(names, found, strict=True) if record}
