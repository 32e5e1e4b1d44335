"""What a check reports: one sentence about one file, with a code that tests and reports can rely on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in one file of the output folder, named by its path inside that folder."""

    file: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.code}: {self.message}"
