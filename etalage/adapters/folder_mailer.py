"""Letters as .eml files in a folder, where any mail program opens them: for the demo and for trying out. Nothing leaves the machine."""

import re
from pathlib import Path

from etalage.adapters._envelope import address, as_bytes, seal
from etalage.adapters._writing import write
from etalage.model.errors import Unavailable
from etalage.model.letter import Letter

_OTHER = re.compile(r"[^A-Za-z0-9.-]+")


class FolderMailer:
    """A folder that letters are put in, one file per key. `from_`: the address that they come from."""

    def __init__(self, folder: Path, from_: str) -> None:
        address(from_)
        self.folder, self.from_ = folder, from_

    def send(self, letter: Letter, key: str) -> None:
        """Write the letter, unless it is there."""
        mail = seal(letter, key, self.from_)
        path = self.path(key)
        try:
            if not path.exists():
                write(path, as_bytes(mail))
        except OSError as error:
            raise Unavailable("mail_closed", f"the folder for letters cannot be written: {error.strerror}") from error

    def path(self, key: str) -> Path:
        """The file of a key."""
        return self.folder / f"{_OTHER.sub('-', key)[:150]}.eml"

    def examine(self) -> None:
        """See whether letters can be put here; raises Unavailable when they cannot."""
        try:
            write(self.folder / ".doctor", b"well")
            (self.folder / ".doctor").unlink()
        except OSError as error:
            raise Unavailable("mail_closed", f"the folder for letters cannot be written: {error.strerror}") from error
