"""The Pelican generator of the search."""

from pathlib import Path
from typing import Any

from plugins.pelican import Generator
from plugins.search.indexes import Indexes


class SearchGenerator(Generator):  # type: ignore[misc]
    """Makes the indexes when Pelican writes its output."""

    def generate_output(self, writer: Any) -> None:
        """Pelican's call."""
        del writer
        Indexes(self.settings["ETALAGE"], Path(self.output_path), self.settings["ETALAGE_SEARCH"]).make()
