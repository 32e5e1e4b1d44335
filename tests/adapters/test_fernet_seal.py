"""Our seal under the laws of Seal."""

import pytest

from etalage.adapters.fernet_seal import FernetSeal
from tests.laws.seal import Laws, Make


class TestFernetSeal(Laws):
    @pytest.fixture
    def make(self) -> Make:
        return FernetSeal
