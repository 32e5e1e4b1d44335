"""The sandbox keeps the laws of Payment, and can do on demand what real providers do now and then."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from etalage.adapters.sandbox_payments import SandboxPayments
from etalage.adapters.sqlite_records import SqliteRecords
from etalage.model.payment import Act
from tests.laws.payment import PaymentLaws, Sent, request


class SandboxLab:
    signs = True

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.records = SqliteRecords(folder / "records.db", lambda: self.now)

    def payments(self) -> SandboxPayments:
        return SandboxPayments(
            self.records, lambda: self.now, os.urandom, b"a secret of the sandbox", "http://localhost/sandbox/"
        )

    def pay(self, id: str, *, late: bool = False) -> None:
        self.payments().act(id, Act.PAY_LATE if late else Act.PAY)

    def fail(self, id: str) -> None:
        self.payments().act(id, Act.FAIL)

    def call(self, id: str) -> Sent:
        _, headers, body = self.payments().call(id)
        return Sent(headers, body)

    def pass_time(self, by: timedelta) -> None:
        self.now += by


class TestSandbox(PaymentLaws):
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
