"""Where bytes are kept: what a harvest remembers, what a build wrote."""

from collections.abc import Iterator
from typing import Protocol


class Files(Protocol):
    """Named bytes. A name is a relative path with "/" between its parts.

    Laws:

    1. `read` gives exactly the bytes that `write` was given last, or None when there are none.
    2. A reader sees the old bytes or the new, never a part; also when the writer is killed.
    3. `list(prefix)` gives the names that begin with it, sorted, each once.
    4. A name that leaves the store (`..`, absolute) is refused with `name_unsafe`.
    5. `remove` of what is not there is no error.
    """

    def read(self, name: str) -> bytes | None:
        """The bytes under that name."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Keep the bytes under that name, in place of what was there."""
        ...

    def list(self, prefix: str = "") -> Iterator[str]:
        """The names that begin with `prefix`."""
        ...

    def remove(self, name: str) -> None:
        """Forget the name."""
        ...
