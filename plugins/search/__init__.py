"""The search of a site: a static index for the browser, and a shelf of the same for the function."""

from typing import Any

from plugins.pelican import signals
from plugins.search.generator import SearchGenerator


def _generators(pelican: Any) -> type[SearchGenerator]:
    del pelican
    return SearchGenerator


def register() -> None:
    """Pelican calls this once; signals are global, so every site of a process gets it."""
    signals.get_generators.connect(_generators)
