"""A breaker: lets nobody wait for a system that did not answer a few times just now."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from etalage.model.errors import Unavailable

IN_VAIN, REST = 3, timedelta(seconds=30)
"""After so many times without an answer nobody asks a system for so long."""


class Breaker:
    """Lets nobody wait for what did not answer a few times; then one may try again."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._vain = 0
        self._until: datetime | None = None

    def look(self, where: str) -> None:
        """Unavailable `discount_busy` while nobody should ask."""
        if self._until is not None and self._clock() < self._until:
            raise Unavailable("discount_busy", "it did not answer a few times, so nobody asks it for a moment", where=where)  # fmt: skip

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Wait for an answer inside; what comes of it is counted."""
        try:
            yield
        except Unavailable as error:
            self._vain += 1
            if self._vain >= IN_VAIN:
                rest = max(REST, timedelta(seconds=_seconds(error.detail.get("wait", ""))))
                self._until, self._vain = self._clock() + rest, IN_VAIN - 1  # one more in vain, and it rests again
            raise
        self._vain, self._until = 0, None


def _seconds(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
