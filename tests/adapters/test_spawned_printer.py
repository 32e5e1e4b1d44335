"""A printer in a process of its own keeps the laws of Printer, whatever becomes of that process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from etalage.adapters.fpdf_printer import FpdfPrinter
from etalage.adapters.spawned_printer import YIELDS, SpawnedPrinter
from tests.laws.printer import SHEET, PrinterLaws, booklet, many

HERE = FpdfPrinter()


@pytest.fixture(scope="module")
def beside() -> Iterator[SpawnedPrinter]:
    made = SpawnedPrinter(FpdfPrinter)
    yield made
    made.close()


class TestSpawnedPrinter(PrinterLaws):
    @pytest.fixture
    def printer(self, beside: SpawnedPrinter) -> SpawnedPrinter:
        return beside


def process(printer: SpawnedPrinter) -> subprocess.Popen[bytes]:
    assert printer._beside and printer._beside.poll() is None, "it was not printed here"
    return printer._beside


def test_it_yields_to_whoever_sells_and_knows_no_secret(
    beside: SpawnedPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside.close()
    monkeypatch.setenv("LINDE_STRIPE_KEY", "sk_test_geheim")
    beside.print(many(1))
    pid = process(beside).pid
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + YIELDS)
    assert b"geheim" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_many_at_once_each_get_their_own(beside: SpawnedPrinter) -> None:
    wanted = [many(number) for number in range(1, 9)]
    with ThreadPoolExecutor(8) as crowd:
        assert list(crowd.map(beside.print, wanted)) == [HERE.print(one) for one in wanted]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_killed_it_is_replaced_and_no_ticket_is_lost(beside: SpawnedPrinter, how: signal.Signals) -> None:
    beside.print(many(1))
    first = process(beside)
    first.send_signal(how)
    first.wait()
    assert beside.print(many(3)) == HERE.print(many(3))
    assert process(beside).pid != first.pid


def test_where_none_can_be_started_it_is_printed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nothing/is/here")
    printer = SpawnedPrinter(FpdfPrinter)
    assert printer.print(many(2)) == HERE.print(many(2))
    assert printer._beside is None


def test_signs_that_are_no_text_go_nowhere_and_are_printed(beside: SpawnedPrinter) -> None:
    strange = booklet(SHEET, note="half a sign: \ud83d")
    assert beside.print(strange) == HERE.print(strange)
    assert beside.print(many(1)) == HERE.print(many(1)), "and the next are as ever"


def test_when_its_shop_is_killed_it_ends() -> None:
    story = (
        "import sys, time; from etalage.adapters.spawned_printer import SpawnedPrinter; from etalage.adapters.fpdf_printer import FpdfPrinter; from tests.laws.printer import many\n"
        "printer = SpawnedPrinter(FpdfPrinter); printer.print(many(1)); print(printer._beside.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", story], stdout=subprocess.PIPE, text=True) as shop:
        assert shop.stdout
        pid = int(shop.stdout.readline())
        shop.kill()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.1)
    else:
        pytest.fail("it lives on")
