"""Forty differences planted between our books and a provider's: all are found, with their codes, and none is invented (A23)."""

from random import Random

from msgspec.structs import replace

from etalage.model.entry import Entry
from etalage.model.money import Money
from etalage.model.payment import Chargeback, Payment, PaymentState, Refund, Refunded, Share, Transfer
from etalage.sales.comparison import Difference, compare
from tests.sales.test_ledger import Life
from tests.sales.world import NOON

Books = tuple[list[Entry], list[Payment]]


def lives(number: int, seed: int = 23) -> Books:
    """Orders that lived, each with the payment as the provider has it."""
    dice, entries, payments = Random(seed), [], []
    while len(payments) < number:
        life, key = Life(dice), f"co{len(payments)}"
        if not life.order.total.cents:
            continue
        for _ in range(dice.randrange(8)):
            life.go_on()
        entries += [replace(entry, order=key) for entry in life.entries]
        refunds = [
            Refund(reference=back.name, id=back.name, amount=back.amount, house=share.house, state=Refunded.DONE)
            for share in life.order.shares
            for back in share.backs
            if back.is_sent and back.why not in ("elsewhere", "bank")
        ]
        if life.by_hand:
            refunds.append(refund("re_by_hand", life.by_hand))
        transfers = tuple(
            Transfer(
                reference=share.onward.name, id=share.onward.name, amount=share.onward.amount, house=share.house,
                back=Money(share.onward.amount.cents - life.at_house[share.house]),
            )
            for share in life.order.shares
            if share.onward
        )  # fmt: skip
        made = paid(key, life.order.total.cents, tuple(refunds))
        payments.append(replace(made, transfers=transfers, chargebacks=life.order.chargebacks, fee=life.order.fee))
    return entries, payments


def paid(key: str, cents: int, refunds: tuple[Refund, ...] = (), id: str = "") -> Payment:
    return Payment(
        id=id or f"p-{key}", reference=key, state=PaymentState.PAID, amount=Money(cents), paid_at=NOON, refunds=refunds,
        shares=(Share(house="linde", amount=Money(cents)),),
    )  # fmt: skip


def refund(name: str, cents: int, state: Refunded = Refunded.DONE) -> Refund:
    return Refund(reference=name, id=name, amount=Money(cents), house="", state=state)


def codes(found: list[Difference]) -> list[tuple[str, str]]:
    return sorted((one.order, one.code) for one in found)


def test_books_that_agree_have_no_difference() -> None:
    entries, payments = lives(1000)
    foreign = replace(paid("theirs", 100), shares=())  # another shop of the same account
    unpaid = replace(paid("open", 100), paid_at=None, state=PaymentState.OPEN)
    assert compare(entries, [*payments, foreign, unpaid], "sandbox") == []


def test_planted_differences_are_found_and_none_is_invented() -> None:
    entries, payments = lives(1000)
    refunded = iter([one for one in payments if any(back.reference.startswith("co1-h") for back in one.refunds)])
    quiet = [one for one in payments if not one.refunds]
    plain = iter([one for one in quiet if not one.transfers])
    unreturned = [one for one in quiet if one.transfers and not any(each.back.cents for each in one.transfers)]
    split, whole = iter(unreturned[::2]), iter(unreturned[1::2])
    planted: list[tuple[str, str]] = []

    def plant(code: str, old: Payment, *new: Payment) -> None:
        payments.remove(old)
        payments.extend(new)
        planted.append((old.reference, code))

    for number in range(5):
        old = next(plain)
        plant("payment_missing", old)
        old = next(plain)
        plant("payment_double", old, old, replace(old, id="twice"))
        old = next(plain)
        plant("payment_differs", old, replace(old, amount=Money(old.amount.cents + 1)))
        payments.append(paid(f"strange{number}", 100))
        planted.append((f"strange{number}", "payment_unknown"))
        old = next(plain)
        plant("refund_unknown", old, replace(old, refunds=(refund("re_x", 1),)))
        old = next(refunded)
        first = next(one for one in old.refunds if one.reference.startswith("co1-h"))
        if number % 2:
            less = tuple(one for one in old.refunds if one != first)
            plant("refund_missing", old, replace(old, refunds=less))
        else:
            other = replace(first, amount=Money(first.amount.cents + 1))
            plant("refund_differs", old, replace(old, refunds=tuple(other if one == first else one for one in old.refunds)))  # fmt: skip
    for number in range(3):
        old = next(plain)
        plant("fee_differs" if old.fee and old.fee.cents else "fee_unknown", old, replace(old, fee=Money(1000)))
        old = next(split)
        first, *others = old.transfers
        if number % 2:
            plant("transfer_missing", old, replace(old, transfers=tuple(others)))
        else:
            less = replace(first, amount=Money(first.amount.cents + 1))
            plant("transfer_differs", old, replace(old, transfers=(less, *others)))
        old = next(whole)
        first, *others = old.transfers
        plant("return_unknown", old, replace(old, transfers=(replace(first, back=Money(5)), *others)))
        old = next(plain)
        taken = Chargeback(id="dp_x", amount=Money(7), at=NOON)
        plant("chargeback_unknown", old, replace(old, chargebacks=(*old.chargebacks, taken)))
    found = compare(entries, payments, "sandbox")
    assert len(planted) == 42 and codes(found) == sorted(planted)
