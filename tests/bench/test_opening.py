"""A crowd at an opening over HTTP: no more get in within a second than the house takes, by the shop's own records (A6)."""

import sys

import pytest

from bench.sale import opening


@pytest.mark.skipif(
    sys.platform != "linux", reason="each guest has an address of their own, 127.x.y.z, which Linux gives"
)
@pytest.mark.timeout(240)
def test_no_more_get_in_than_the_house_takes(capfd: pytest.CaptureFixture[str]) -> None:
    told = ["--guests", "60", "--admit", "5", "--seconds", "4", "--turns", "1", "--processes", "2"]
    assert opening.main(told) == 0, capfd.readouterr().out
