"""A post that takes nothing: in place of one whose settings are wrong. The shop sells all the same, and letters wait."""

from etalage.model.errors import Unavailable
from etalage.model.letter import Letter


class ClosedMailer:
    """`why`: for staff."""

    def __init__(self, why: str) -> None:
        self.why = why

    def send(self, letter: Letter, key: str) -> None:
        """Nothing is sent."""
        del letter, key
        self.examine()

    def examine(self) -> None:
        """Say why."""
        raise Unavailable("mail_locked", self.why)
