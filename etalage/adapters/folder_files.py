"""Files in a folder of this machine."""

from collections.abc import Iterator
from pathlib import Path

from etalage.adapters._writing import write
from etalage.model.errors import Refused


class FolderFiles:
    """The Files port on a folder; made when first written to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def read(self, name: str) -> bytes | None:
        """The bytes under that name, or None."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write beside, then rename over: a reader never sees half."""
        write(self._path(name), content)

    def list(self, prefix: str = "") -> Iterator[str]:
        """The names that begin with `prefix`, sorted."""
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())
        return iter(
            sorted(name for name in found if name.startswith(prefix) and not name.rpartition("/")[2].startswith("."))
        )

    def remove(self, name: str) -> None:
        """Forget the name."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        path = (self.folder / name).resolve()
        if not name or path == self.folder or not path.is_relative_to(self.folder):
            raise Refused("name_unsafe", f"{name!r} leaves the folder")
        return path
