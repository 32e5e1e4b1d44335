"""A programme in a file, for the laws: what the house changes, the lab writes anew."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from etalage.adapters._file_source import FileSource
from etalage.model.house import House
from etalage.model.programme import Venue
from etalage.model.record import Changes, Problem

TODAY = dt.date(2026, 11, 22)
PAGE = b"<!DOCTYPE html>\n<html><head><title>Aanmelden</title></head><body><h1>Meld u aan</h1></body></html>"
HOUSE = House(
    id="lab",
    name={"nl": "Proefhuis"},
    languages=("nl", "fr", "en"),
    venues=(Venue(id="lab", name="Proefhuis", aliases=("Het Proefhuis",), halls=("Grote zaal", "Foyer")),),
    genres={"toneel": "theater"},
)


class FileLab:
    """A house whose programme is one file. A format says how to write the rows, and what a broken one is."""

    kind: ClassVar[type[FileSource]]
    file: ClassVar[str]
    settings: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, tuple[str, str]] = {}
        self.broken = 0
        self.write()

    @abstractmethod
    def content(self) -> bytes:
        """The whole file."""

    def source(self) -> FileSource:
        return self.kind(
            id=f"{self.file.partition('.')[2]}:lab", house=HOUSE, settings={"path": self.file, **self.settings}, content=self.folder, today=TODAY,
            sleep=lambda _: None,
        )  # fmt: skip

    def write(self) -> None:
        (self.folder / self.file).write_bytes(self.content())

    def add_production(self, title: str, description: str = "") -> str:
        key = f"stuk-{len(self.rows) + 1}"
        self.rows[key] = (title, description)
        self.write()
        return f"{self.source().id}/{key}"

    def change_title(self, record: str, title: str) -> None:
        key = record.rpartition("/")[2]
        self.rows[key] = (title, self.rows[key][1])
        self.write()

    def remove(self, record: str) -> None:
        del self.rows[record.rpartition("/")[2]]
        self.write()

    def break_record(self) -> None:
        self.broken += 1
        self.write()

    def fall_silent(self) -> None:
        (self.folder / self.file).unlink()

    def answer_html(self) -> None:
        (self.folder / self.file).write_bytes(PAGE)

    def answer_half(self) -> None:
        whole = self.content()
        (self.folder / self.file).write_bytes(whole[: len(whole) // 2])

    def speak(self) -> None:
        self.write()

    def while_reading(self, change: Callable[[], object]) -> None:
        change()  # a small file is read at once


def read(
    kind: type[FileSource], folder: Path, content: bytes, house: House = HOUSE, today: dt.date = TODAY, **settings: Any
) -> Changes:
    """What a source reads in a file with that content."""
    (folder / "programma").write_bytes(content)
    source = kind(id="x:lab", house=house, settings={"path": "programma", **settings}, content=folder, today=today)
    return source.changes_since(None)


def told(changes: Changes) -> list[tuple[str, str, str, str]]:
    """The problems, as (record without the source, field, code, weight)."""
    return [(one.record.removeprefix("x:lab/"), one.field, one.code, one.weight.value) for one in changes.problems]


def codes(problems: tuple[Problem, ...] | list[Problem]) -> set[str]:
    """The codes of some problems."""
    return {one.code for one in problems}
