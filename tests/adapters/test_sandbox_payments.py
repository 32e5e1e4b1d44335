"""The sandbox keeps the laws of Payment, and can do on demand what real providers do now and then."""

import os
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from msgspec.structs import replace

from etalage.adapters.sandbox_payments import SandboxPayments, post
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.money import Money
from etalage.model.payment import Act, Chargeback, Refunded
from tests.laws.onward import OnwardLaws
from tests.laws.payment import PaymentLaws, Sent, request


class SandboxLab:
    signs = True

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.splits: set[str] = set()
        self.records = SqliteRecords(folder / "records.db", lambda: self.now)

    def payments(self) -> SandboxPayments:
        return SandboxPayments(
            self.records, lambda: self.now, os.urandom, b"a secret of the sandbox", "http://localhost/sandbox/", splits=self.splits
        )  # fmt: skip

    def pay(self, id: str, *, late: bool = False) -> None:
        self.payments().act(id, Act.PAY_LATE if late else Act.PAY)

    def fail(self, id: str) -> None:
        self.payments().act(id, Act.FAIL)

    def call(self, id: str) -> Sent:
        _, headers, body = self.payments().call(id)
        return Sent(headers, body)

    def connect(self, *houses: str) -> None:
        self.splits |= {*houses}

    def shut(self, house: str) -> None:
        self.splits.remove(house)

    def lose(self, before: int = 0) -> None:
        """It lives in our own Records: what is done is told."""

    def fail_refund(self, id: str, refund: str) -> None:
        failed = [
            replace(one, state=Refunded.FAILED) if one.id == refund else one
            for one in self.payments().status(id).refunds
        ]
        self._become(id, refunds=tuple(failed))

    def take(self, id: str, cents: int) -> str:
        made = Chargeback(id=f"{id}_c1", amount=Money(cents), at=self.now)
        self._become(id, chargebacks=(made,))
        return made.id

    def give_again(self, id: str, chargeback: str) -> None:
        (taken,) = self.payments().status(id).chargebacks
        self._become(id, chargebacks=(replace(taken, returned=True),))

    def _become(self, id: str, **changed: Any) -> None:
        """What banks do stands in its books from now on."""
        self.payments()._change(id, lambda kept: replace(kept, payment=replace(kept.payment, **changed)))

    def pass_time(self, by: timedelta) -> None:
        self.now += by


class TestSandbox(PaymentLaws, OnwardLaws):
    @pytest.fixture
    def lab(self, tmp_path: Path) -> SandboxLab:
        return SandboxLab(tmp_path)


@pytest.fixture
def lab(tmp_path: Path) -> SandboxLab:
    return SandboxLab(tmp_path)


def test_a_call_that_waits_is_made_once_and_not_before_its_moment(lab: SandboxLab) -> None:
    sandbox = lab.payments()
    id = sandbox.start(request(lab)).id
    sandbox.call_later(id, lab.now + timedelta(minutes=10))
    assert sandbox.calls_due() == []
    lab.pass_time(timedelta(minutes=10))
    assert sandbox.calls_due() == [id] and sandbox.calls_due() == []


def test_a_payment_survives_a_restart(lab: SandboxLab, tmp_path: Path) -> None:
    payment = lab.payments().start(request(lab))
    lab.pay(payment.id)
    lab.records.close()
    assert SandboxLab(tmp_path).payments().find("r1").paid_at == lab.now


class Deaf(BaseHTTPRequestHandler):
    """Takes a call on a line that may be kept, and hangs up without a word when it has."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.heard.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def test_a_call_on_a_line_that_was_hung_up_meanwhile_is_made_again_and_one_to_nobody_is_lost() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Deaf)
    server.heard = []
    address = f"http://127.0.0.1:{server.server_port}/api/payments/sandbox/webhook"
    answering = Thread(target=server.serve_forever, daemon=True)
    answering.start()
    for word in (b"one", b"two", b"three"):
        post(address, {"content-type": "text/plain"}, word)
    assert server.heard == [("/api/payments/sandbox/webhook", word) for word in (b"one", b"two", b"three")]
    server.shutdown()
    server.server_close()
    post(address, {}, b"four")
    assert len(server.heard) == 3
