"""Renders the plan: every page of a site, only those that changed."""

from typing import Any

from plugins.agenda.generator import AgendaGenerator
from plugins.pelican import signals


def _generators(pelican: Any) -> type[AgendaGenerator]:
    del pelican
    return AgendaGenerator


def register() -> None:
    """Pelican calls this once; signals are global, so every site of a process gets it."""
    signals.get_generators.connect(_generators)
