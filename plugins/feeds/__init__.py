"""Feeds and calendars of the plan, the sitemap and robots.txt."""

from typing import Any

from plugins.feeds.generator import FeedsGenerator
from plugins.pelican import signals


def _generators(pelican: Any) -> type[FeedsGenerator]:
    del pelican
    return FeedsGenerator


def register() -> None:
    """Pelican calls this once; the generator comes after the agenda's because PLUGINS names it later."""
    signals.get_generators.connect(_generators)
