"""What keeps the numbers of passes unreadable for everybody else, while a sale is open."""

from typing import Protocol


class Seal(Protocol):
    """Seals with our own secret words.

    Laws (tests/laws/seal.py):

    1. What was closed can be opened, also after a newer secret word came first; by nobody who has other words: Refused `seal_broken`.
    2. The same number closed twice does not look the same.
    3. `mark` is the same for the same number, and another for another; neither it nor what is closed has any digit of the number as it was.
    """

    def close(self, number: str) -> str:
        """The number, sealed."""
        ...

    def open(self, sealed: str) -> str:
        """What is in it."""
        ...

    def mark(self, number: str) -> str:
        """A word for a number, from which nobody gets the number."""
        ...
