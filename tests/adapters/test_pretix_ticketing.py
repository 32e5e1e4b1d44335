"""The pretix counter under the laws: on the simulator, and on a real pretix of our own."""

from pathlib import Path

import pytest

from tests.adapters.pretix_till import RealTill
from tests.laws.ticketing import TicketingLaws
from tests.servers.fixtures import pretix  # noqa: F401
from tests.servers.pretix import Pretix


@pytest.mark.server
@pytest.mark.timeout(600)
class TestRealPretix(TicketingLaws):
    @pytest.fixture
    def lab(self, pretix: Pretix, tmp_path: Path):
        lab = RealTill(pretix, tmp_path)
        yield lab
        lab.close()
