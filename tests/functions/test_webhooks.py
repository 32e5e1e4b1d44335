"""What a provider tells us, and how: many times at once, out of order, too early, too late, never, or by somebody else (A15, A16, A45)."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from msgspec.structs import replace

from etalage.model.checkout import Part, State
from etalage.model.payment import Act, Payment, PaymentState
from tests.functions.test_sale import Till, till  # noqa: F401 - a fixture
from tests.sales.world import busy

Call = tuple[str, Mapping[str, str], bytes]


@pytest.fixture
def order(till: Till) -> dict[str, Any]:
    return till.buy().json()


def key_of(order: Mapping[str, Any]) -> str:
    return str(order["order"]).partition(".")[0]


def payment_of(order: Mapping[str, Any]) -> str:
    return str(order["pay_url"]).rpartition("/")[2]


def deliver(till: Till, call: Call) -> int:
    _, headers, body = call
    return till.visitor.post("/api/payments/sandbox/webhook", headers=headers, content=body).status_code


def check_sold(till: Till, order: Mapping[str, Any]) -> set[str]:
    """It is done, once; its tickets."""
    key = key_of(order)
    done = till.world.saga.read(key)
    assert done.state is State.DONE and {share.state for share in done.shares} == {Part.CONFIRMED}
    till.world.audit(key)
    return {ticket.code for share in done.shares for ticket in share.tickets}


def test_the_same_twenty_times_at_once_is_one_set_of_tickets(till: Till, order: dict[str, Any]) -> None:
    till.world.sandbox.act(payment_of(order), Act.PAY)
    call = till.world.sandbox.call(payment_of(order))
    with ThreadPoolExecutor(20) as many:
        assert set(many.map(lambda _: deliver(till, call), range(20))) == {200}
    tickets = check_sold(till, order)
    assert len(tickets) == 3
    with ThreadPoolExecutor(20) as many:
        list(many.map(lambda _: deliver(till, call), range(20)))
    assert check_sold(till, order) == tickets, "they are the same ones later"


def test_failed_after_paid_does_not_undo_it(till: Till, order: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The state never goes back: not while a house is still silent, and not at the end."""
    sandbox, id = till.world.sandbox, payment_of(order)
    earlier = sandbox.call(id)
    till.world.houses["brug"].always["confirm"] = busy()
    sandbox.act(id, Act.PAY)
    assert deliver(till, sandbox.call(id)) == 200
    assert till.world.saga.read(key_of(order)).state is State.CONFIRMING
    real = sandbox.status

    def failed(name: str) -> Payment:
        return replace(real(name), state=PaymentState.FAILED, paid_at=None)

    monkeypatch.setattr(sandbox, "status", failed)
    assert deliver(till, earlier) == 200 == deliver(till, sandbox.call(id))
    half = till.world.saga.read(key_of(order))
    assert (half.state, half.share("linde").state) == (State.CONFIRMING, Part.CONFIRMED)
    till.world.houses["brug"].always.clear()
    assert deliver(till, earlier) == 200
    monkeypatch.undo()
    tickets = check_sold(till, order)
    monkeypatch.setattr(sandbox, "status", failed)
    assert deliver(till, earlier) == 200
    monkeypatch.undo()
    assert check_sold(till, order) == tickets


def test_failed_and_then_paid_sells_what_is_still_there(till: Till, order: dict[str, Any]) -> None:
    sandbox, id = till.world.sandbox, payment_of(order)
    sandbox.act(id, Act.CANCEL)
    cancelled = sandbox.call(id)
    assert deliver(till, cancelled) == 200
    assert till.world.saga.read(key_of(order)).state is State.UNDONE
    sandbox.act(id, Act.PAY_LATE)
    assert deliver(till, cancelled) == 200, "the old word makes us look, and we see the new state"
    assert len(check_sold(till, order)) == 3


def test_paid_and_told_before_our_own_call_has_returned(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, start = till.world.sandbox, till.world.sandbox.start
    heard: list[int] = []

    def quick(request: Any) -> Payment:
        made = start(request)
        if not heard:
            heard.append(0)
            sandbox.act(made.id, Act.PAY)
            heard[0] = deliver(till, sandbox.call(made.id))
        return made

    monkeypatch.setattr(sandbox, "start", quick)
    order = till.buy().json()
    assert heard == [200] and order["state"] == "done" and order["pay_url"] == ""
    assert len(check_sold(till, order)) == 3


def test_three_days_late_finds_that_all_was_done(till: Till, order: dict[str, Any]) -> None:
    sandbox, id = till.world.sandbox, payment_of(order)
    sandbox.act(id, Act.PAY)
    signed_then = sandbox.call(id)
    till.world.pass_time(minutes=2)
    till.world.settle(key_of(order))
    tickets = check_sold(till, order)
    till.world.pass_time(days=3)
    assert deliver(till, sandbox.call(id)) == 200 and check_sold(till, order) == tickets
    assert deliver(till, signed_then) == 400, "a signature of three days ago is nobody's"
    assert check_sold(till, order) == tickets


def test_never_is_found_by_the_sweep(till: Till, order: dict[str, Any]) -> None:
    till.world.sandbox.act(payment_of(order), Act.PAY)
    till.world.pass_time(minutes=2)
    till.world.saga.sweep()
    assert len(check_sold(till, order)) == 3


def test_forged_changes_nothing_and_asks_nobody(
    till: Till, order: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox, id = till.world.sandbox, payment_of(order)
    sandbox.act(id, Act.PAY)
    _, headers, body = sandbox.call(id)
    (name, signed), *_ = headers.items()
    stamp, _, mark = signed.partition(",v1=")
    asked: list[str] = []
    monkeypatch.setattr(sandbox, "status", asked.append)
    forged = [
        ({}, body), ({name: ""}, body), ({name: f"{stamp},v1={mark[:-1]}"}, body), ({name: f"{stamp},v1="}, body),
        ({name: f"t=1,v1={mark}"}, body), ({name: f"t=٣,v1={mark}".encode()}, body), ({name: signed}, body + b" "),
        ({name: signed}, json.dumps({"id": "another"}).encode()), ({name: signed}, b""),
    ]  # fmt: skip
    for headers, sent in forged:
        assert deliver(till, ("", headers, sent)) == 400, headers
    assert deliver(till, ("", {name: signed}, b"x" * 5_000_000)) == 413
    assert not asked and till.world.saga.read(key_of(order)).state is State.AWAITING


def test_about_somebody_elses_payment_a_stranger_learns_nothing(till: Till, order: dict[str, Any]) -> None:
    """Signed, and about a payment that is not there: the same 200 as for one that is."""
    sandbox = till.world.sandbox
    body = json.dumps({"id": "sb_of_another_shop"}).encode()
    stamp = str(int(till.world.now.timestamp()))
    headers = {"sandbox-signature": f"t={stamp},v1={sandbox._sign(stamp, body)}"}
    assert deliver(till, ("", headers, body)) == 200
    assert till.world.saga.read(key_of(order)).state is State.AWAITING
