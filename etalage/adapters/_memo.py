"""What was read once need not be read again."""

from collections.abc import Callable
from typing import Any


class Memo(dict[Any, Any]):
    """A table that fills itself: `memo[given]` reads what it does not know yet. What is refused is asked again each time.

    Lives as long as one reading of one source, so that it need not forget. Not functools.cache: a hit here costs a third.
    """

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, given: Any) -> Any:
        found = self[given] = self.read(given)
        return found
