"""More buyers than places at two web processes: exactly the places go, and without the store's guard more than that (A1, A3)."""

import sys

import pytest

from bench.sale import peak


@pytest.mark.skipif(
    sys.platform != "linux", reason="each buyer has an address of their own, 127.x.y.z, which Linux gives"
)
@pytest.mark.timeout(240)
def test_nobody_gets_a_place_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    assert peak.main(["--buyers", "200", "--places", "20", "--at-once", "40"]) == 0, capfd.readouterr().out
