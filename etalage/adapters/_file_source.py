"""What sources that are read whole have in common: where they are, whether they changed, and how their drafts become changes."""

import time
import types
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar, get_args

import msgspec

from etalage.adapters import _fetch
from etalage.adapters._clerk import Clerk
from etalage.adapters._fetch import Fetched, Sleep
from etalage.adapters._fields import Draft
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.model.house import House
from etalage.model.record import Changes, Problem, Weight

Settings = TypeVar("Settings", bound=msgspec.Struct)


class FileSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a file is, and how its texts are to be taken. `path` is relative to the house's folder."""

    path: str = ""
    url: str = ""
    language: str = ""
    markup: Literal["html", "text", "markdown"] = "html"
    end_rolls_over: bool = False
    limit_mb: float = 200

    def __post_init__(self) -> None:
        if bool(self.path) == bool(self.url):
            raise ValueError("give either path (a file in the house's folder) or url")


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """What was read last: a digest of its bytes, the web server's names for it, and what else the records depend on."""

    digest: str
    etag: str = ""
    modified: str = ""
    salt: str = ""


class FileSource:
    """A source that is one file: the same bytes bring no news, other bytes are read whole.

    A cursor belongs to its settings: who changes those reads without one, as the harvest does.
    An adapter gives its `Settings` and `drafts`. `salt` is what the records depend on besides the bytes.
    """

    Settings: ClassVar[type[FileSettings]] = FileSettings
    dated: bool = False
    salt: str = ""

    def __init__(self, *, id: str, house: House, settings: Mapping[str, Any], content: Path, today: date, sleep: Sleep = time.sleep) -> None:  # fmt: skip
        self.id, self.house, self.content, self.today, self.sleep = id, house, content, today, sleep
        self.settings: Any = settle(settings, self.Settings, id)

    def changes_since(self, cursor: str | None) -> Changes:
        """Nothing when the bytes are those of the cursor, else everything."""
        known = open_cursor(cursor, Cursor)
        known = known if known and known.salt == self.salt else None
        fetched = self.fetch(known)
        digest = blake2b(fetched.data, digest_size=16).hexdigest() if fetched else ""
        if known and (fetched is None or digest == known.digest):
            return Changes(records=(), cursor=cursor or "", complete=False)
        if fetched is None:
            raise Unavailable("source_unreadable", f"{self.name} says that nothing changed, but was not asked")
        clerk = self.clerk()
        found = (clerk.register(draft, label) for draft, label in self.drafts(fetched.data, clerk))
        records = tuple(record for record in found if record)
        now = Cursor(digest=digest, etag=fetched.etag, modified=fetched.modified, salt=self.salt)
        return Changes(records=records, cursor=close_cursor(now), complete=True, problems=tuple(clerk.problems))

    def examine(self) -> list[Problem]:
        """Everything that staff should mend, a source that cannot be read included."""
        try:
            return list(self.changes_since(None).problems)
        except EtalageError as error:
            return [
                Problem(
                    source=self.id,
                    record=self.name,
                    field="source",
                    code=error.code,
                    reason=error.say,
                    weight=Weight.RECORD,
                )
            ]

    def drafts(self, data: bytes, clerk: Clerk) -> Iterable[tuple[Draft, str]]:
        """Every draft in the file, with what to call it while it has no id."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The file's path or address."""
        return str(self.settings.path or self.settings.url)

    def clerk(self) -> Clerk:
        """A clerk for one reading."""
        given = self.settings
        return Clerk(
            self.id, self.house, language=given.language, markup=given.markup, rolls_over=given.end_rolls_over, dated=self.dated
        )  # fmt: skip

    def fetch(self, known: Cursor | None) -> Fetched | None:
        """The bytes; None when the web server says that they are those of `known`."""
        limit = int(self.settings.limit_mb * _fetch.MEGABYTE)
        if self.settings.path:
            return Fetched(data=_fetch.read_file(self.content, self.settings.path, limit))
        before = Fetched(data=b"", etag=known.etag, modified=known.modified) if known else None
        return _fetch.read_url(self.settings.url, known=before, limit=limit, sleep=self.sleep)


def open_cursor(cursor: str | None, kind: type[Settings]) -> Settings | None:
    """Read a cursor of ours; one we do not understand (an older version's) counts as none."""
    try:
        return msgspec.json.decode(cursor, type=kind) if cursor else None
    except msgspec.MsgspecError:
        return None


def close_cursor(cursor: msgspec.Struct) -> str:
    """Write a cursor as text."""
    return msgspec.json.encode(cursor).decode()


def settle(table: Mapping[str, Any], kind: type[Settings], source: str) -> Settings:
    """Read a source's table of house.toml; refuses `settings_wrong`, and says what may stand there."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        may_be = ", ".join(_allowed(kind, path.strip("`.").split(".")))
        raise Refused(
            "settings_wrong", f"{source}{path.rstrip('`')}: {problem}. Here may stand: {may_be}", where=source
        ) from error


def _allowed(kind: type[msgspec.Struct], path: list[str]) -> list[str]:
    """The fields of the table at that path."""
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    step = path[0].partition("[")[0]
    inner = next(
        (one for one in _parts(fields.get(step)) if isinstance(one, type) and issubclass(one, msgspec.Struct)),
        None,
    )
    return _allowed(inner, path[1:] or [""]) if inner else list(fields)


def _parts(kind: Any) -> Iterable[Any]:
    """A type and the types in it: of a union, of a list."""
    yield kind
    if isinstance(kind, types.UnionType | types.GenericAlias):
        for inner in get_args(kind):
            yield from _parts(inner)
