"""The pretix counter under the laws: on the simulator, and on a real pretix of our own."""

from pathlib import Path

import pytest

from tests.adapters.pretix_till import RealTill, SimulatedTill
from tests.laws.ticketing import TicketingLaws
from tests.servers.fixtures import pretix  # noqa: F401
from tests.servers.pretix import Pretix


class TestSimulatedPretix(TicketingLaws):
    @pytest.fixture
    def lab(self, tmp_path: Path):
        lab = SimulatedTill(tmp_path)
        yield lab
        lab.close()


@pytest.mark.server
@pytest.mark.timeout(600)
class TestRealPretix(TicketingLaws):
    @pytest.fixture
    def lab(self, pretix: Pretix, tmp_path: Path):
        lab = RealTill(pretix, tmp_path)
        yield lab
        lab.close()
