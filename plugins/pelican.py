"""Pelican without its reader of reStructuredText: no page here is written in that, and docutils takes a third of Pelican's start.

A newcomer's trap: import what you need of Pelican from here, or the first who does not brings docutils along.
"""

import sys
from types import ModuleType

_NOT_NEEDED = (
    "docutils", "docutils.core", "docutils.io", "docutils.parsers.rst.languages", "docutils.writers.html4css1", "pelican.rstdirectives",
)  # fmt: skip


class _Nothing:
    """What an absent module has under any name: something to inherit from, or to ask, in vain."""

    def __init__(self, *asked: object) -> None:
        del asked


class _Absent(ModuleType):
    """A module that is not there; Pelican leaves a reader aside whose module is not true."""

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> type:
        return _Nothing


_absent = {name: _Absent(name) for name in _NOT_NEEDED if name not in sys.modules}
sys.modules.update(_absent)
try:
    import pelican
    from pelican import Pelican, signals
    from pelican.generators import Generator
    from pelican.settings import read_settings
finally:
    for name in _absent:
        del sys.modules[name]

__all__ = ["Generator", "Pelican", "pelican", "read_settings", "signals"]
