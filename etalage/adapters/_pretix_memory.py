"""What was seen of pretix' shelf a moment ago, so that a rush of buyers does not ask for the same page each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

FRESH = timedelta(seconds=15)
"""How long a buyer's visit believes an earlier one. What costs how much, and whether there is room, is asked each time."""
MOST = 5_000
"""Things remembered at most; then it starts anew."""
T = TypeVar("T")


class Memory:
    """What was seen on the shelf a moment ago, for all who are buying: pretix.eu allows 360 calls a minute and organizer."""

    def __init__(self) -> None:
        self._seen: dict[tuple[object, ...], tuple[datetime, Any]] = {}

    def recall(self, key: tuple[object, ...], now: datetime, ask: Callable[[], T]) -> T:
        """What was seen under that key less than `FRESH` ago, or what is asked now."""
        seen = self._seen.get(key)
        if seen and now - FRESH < seen[0] <= now:
            return seen[1]  # type: ignore[no-any-return]
        if len(self._seen) > MOST:
            self._seen.clear()
        value = ask()
        self._seen[key] = now, value
        return value
