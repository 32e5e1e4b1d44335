"""Which house exports what, and where it lies in the content folder."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from demo.exports import as_csv, as_icalendar, as_json, as_toml
from demo.season import HOUSES, announcements
from etalage.model.programme import Venue

SETTINGS = Path(__file__).parent.parent / "content"
"""Where the houses' own settings are: their genre names and their addresses."""


def write(content: Path, today: date) -> Iterator[Path]:
    """Write the export files whose bytes differ from what is there."""
    for name, data in exports(today).items():
        path = content / "houses" / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            yield path


def exports(today: date) -> Mapping[str, bytes]:
    """Every export file by its path in houses/."""
    meerstoel, klokzeel, foelie = (announcements(house, today) for house in HOUSES)
    own, clubs = ([one for one in klokzeel if one.file == file] for file in ("huis", "verenigingen"))
    away = [place for house in ("klokzeel", "foelie") for place in venues(house)]
    return {
        "meerstoel/source/programma.toml": as_toml.write(meerstoel, genres("meerstoel"), away),
        "klokzeel/source/programma.csv": as_csv.write(own, genres("klokzeel")),
        "klokzeel/source/verenigingen.ics": as_icalendar.write(clubs, genres("klokzeel")),
        "foelie/source/feed.json": as_json.write(foelie, genres("foelie"), today),
    }


def posters(content: Path, today: date) -> Mapping[Path, tuple[str, str, Mapping[str, Any]]]:
    """Every poster of the season: file → house, production id, what is asked."""
    return {
        content / picture.src: (house, one.production.id, one.poster)
        for house in HOUSES
        for one in announcements(house, today)
        for picture in one.production.pictures
    }


def genres(house: str) -> Mapping[str, str]:
    """The house's own names by genre id: the other way round than its house.toml reads them."""
    return {genre: name for name, genre in _settings(house).get("genres", {}).items()}


def venues(house: str) -> tuple[Venue, ...]:
    """The house's places, without the way there."""
    tables = [
        {name: value for name, value in table.items() if name != "directions"} for table in _settings(house)["venues"]
    ]
    return msgspec.convert(tables, tuple[Venue, ...])


def _settings(house: str) -> dict[str, Any]:
    return tomllib.loads((SETTINGS / "houses" / house / "house.toml").read_text("utf-8"))
