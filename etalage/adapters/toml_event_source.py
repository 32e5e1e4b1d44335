"""A programme that staff write by hand: `[[production]]` with `[[production.performance]]` below it.

The richest of the file formats: every field of the model can be written here. See docs/reference/sources.md.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from etalage.adapters import _drafts, _fields, _places
from etalage.adapters._clerk import Clerk
from etalage.adapters._fields import Draft
from etalage.adapters._file_source import FileSource
from etalage.model.errors import Refused, Unavailable
from etalage.model.programme import Venue
from etalage.model.record import Weight

_PRODUCTIONS = ("production", "productie")
_PERFORMANCES = ("performance", "performances", "voorstelling", "voorstellingen")
_VENUES = ("venue", "locatie")


class TomlEventSource(FileSource):
    """The EventSource port on a TOML file."""

    def drafts(self, data: bytes, clerk: Clerk) -> Iterator[tuple[Draft, str]]:
        """Every production, "production 3" by its place in the file."""
        try:
            document = tomllib.loads(data.decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Unavailable("source_unreadable", f"{self.name} is no valid TOML ({error}); mend that line") from error
        unknown = [name for name in document if name not in (*_PRODUCTIONS, *_VENUES)]
        if unknown:
            raise Unavailable(
                "source_unreadable",
                f"{self.name} has {unknown[0]!r} at the top; a programme has [[production]] and [[venue]]",
            )
        clerk.places.add(venue for name in _VENUES for venue in self._venues(document.get(name), clerk))
        tables = [table for name in _PRODUCTIONS for table in _tables(document.get(name))]
        for number, table in enumerate(tables, 1):
            yield self._draft(table, f"production {number}", clerk), f"production {number}"

    def _draft(self, table: Mapping[str, Any], label: str, clerk: Clerk) -> Draft:
        dates = [date for name in _PERFORMANCES for date in _tables(table.get(name))]
        rest = {name: value for name, value in table.items() if name not in _PERFORMANCES}
        draft = self._gather(rest, label, clerk)
        draft["performances"] = [self._gather(date, label, clerk) for date in dates]
        return draft

    def _gather(self, table: Mapping[str, Any], label: str, clerk: Clerk) -> Draft:
        given = []
        for name, value in table.items():
            field, language = _fields.field_of(name)
            if not field:
                say = f"{name!r} is no field; docs/reference/sources.md lists them all"
                clerk.report(
                    f"{self.id}/{table['id']}" if "id" in table else label,
                    name,
                    Refused("field_unknown", say),
                )
            given.append((field, language, value))
        return _drafts.gather(given, clerk.readers.language)

    def _venues(self, tables: Any, clerk: Clerk) -> Iterator[Venue]:
        for number, table in enumerate(_tables(tables), 1):
            try:
                yield self._venue(table, clerk)
            except Refused as refusal:
                clerk.report(str(table.get("id", f"venue {number}")), "venue", refusal, Weight.RECORD)

    def _venue(self, table: Mapping[str, Any], clerk: Clerk) -> Venue:
        lists: dict[str, Any] = {
            name: clerk.readers.texts(table[name]) for name in ("halls", "aliases") if name in table
        }
        if "facilities" in table:
            lists["facilities"] = clerk.readers.facilities(table["facilities"])
        rest = {name: value for name, value in table.items() if name not in (*lists, "directions")}
        venue = _places.make(self.id, rest)
        return msgspec.structs.replace(venue, directions=clerk.readers.words(table.get("directions", "")), **lists)


def _tables(given: Any) -> list[Mapping[str, Any]]:
    return [given] if isinstance(given, dict) else [one for one in given or () if isinstance(one, dict)]
