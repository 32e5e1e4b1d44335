"""The one place where an adapter is chosen. Adapters are imported when they are needed: an SDK costs start-up time."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path

import msgspec

from etalage.config import HouseSettings, Settings, SourceSettings, Workspace, secret
from etalage.model.errors import Refused
from etalage.ports.editorial import Editorial
from etalage.ports.event_source import EventSource
from etalage.ports.files import Files
from etalage.ports.pictures import Pictures
from etalage.ports.records import Records
from etalage.sales.wishlists import Wishlists
from etalage.search.desk import Desk


def files(workspace: Workspace) -> Files:
    """Where harvests are kept."""
    from etalage.adapters.folder_files import FolderFiles

    return FolderFiles(workspace.var)


def editorial(settings: Settings) -> Editorial:
    """Where staff write."""
    from etalage.adapters.markdown_editorial import MarkdownEditorial

    houses = {name: given.house for name, given in settings.houses.items()}
    clusters = {name: given.cluster for name, given in settings.clusters.items()}
    return MarkdownEditorial(settings.workspace.content, houses, clusters)


def desk(workspace: Workspace, clock: Callable[[], datetime]) -> Desk:
    """Where visitors without JavaScript, and scripts, ask what is on."""
    from etalage.adapters.whoosh_search_index import WhooshSearchIndex

    def open_index(site: str, language: str) -> WhooshSearchIndex:
        return WhooshSearchIndex(workspace.var / "whoosh" / site / language)

    return Desk(files(workspace), open_index, clock)


def pictures(workspace: Workspace) -> Pictures:
    """What makes pictures ready for the web."""
    from etalage.adapters.pillow_pictures import PillowPictures

    return PillowPictures(workspace.var / "pictures")


def clock() -> datetime:
    """Now, for what answers visitors; a build is given its moment."""
    return datetime.now(UTC)  # noqa: TID251 - functions live in the present


def records(workspace: Workspace) -> Records:
    """What must be remembered for certain: shared wishlists."""
    from etalage.adapters.sqlite_records import SqliteRecords

    return SqliteRecords(workspace.var / "records.sqlite", clock)


def wishlists(workspace: Workspace) -> Wishlists:
    """Shared wishlists."""
    return Wishlists(records(workspace), clock, os.urandom)


def source(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    """The adapter for a `[[sources]]` table; refuses what its settings lack."""
    return _SOURCES[given.kind](given, house, today)


def fingerprint(given: SourceSettings, house: HouseSettings) -> str:
    """Changes when the same data would be read otherwise: other settings, or other code of ours."""
    here = Path(__file__).parent
    code = [path.read_bytes() for folder in ("adapters", "model") for path in sorted((here / folder).glob("*.py"))]
    parts = [msgspec.json.encode([given.id, given.table, house.house]), *code]
    return blake2b(b"".join(parts), digest_size=9).hexdigest()


def _toml(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.toml_event_source import TomlEventSource

    return TomlEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


def _csv(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.csv_event_source import CsvEventSource

    return CsvEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


def _xlsx(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.xlsx_event_source import XlsxEventSource

    return XlsxEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


def _icalendar(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.icalendar_event_source import IcalendarEventSource

    return IcalendarEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


def _json(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.json_event_source import JsonEventSource

    return JsonEventSource(id=given.id, house=house.house, settings=given.table, content=house.folder, today=today)


class _Pretix(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    url: str
    organizer: str
    token_env: str
    since: date | None = None


def _pretix(given: SourceSettings, house: HouseSettings, today: date) -> EventSource:
    from etalage.adapters.pretix_event_source import PretixEventSource

    del today
    try:
        table = msgspec.convert(dict(given.table), _Pretix)
    except msgspec.ValidationError as error:
        raise Refused("settings_wrong", f"{given.id}: {error}", where=str(house.folder / "house.toml")) from error
    return PretixEventSource(
        id=given.id, house=house.house, base_url=table.url, organizer=table.organizer, token=secret(table.token_env),
        since=table.since,
    )  # fmt: skip


_SOURCES: Mapping[str, Callable[[SourceSettings, HouseSettings, date], EventSource]] = {
    "toml": _toml, "csv": _csv, "xlsx": _xlsx, "icalendar": _icalendar, "json": _json, "pretix": _pretix,
}  # fmt: skip
