"""Any JSON feed, through a mapping in house.toml; no code. The language is in docs/reference/sources.md.

The list of items is cut into slices without decoding them; each slice, or group of slices, has a digest in the cursor, and the
next time only what differs is decoded and mapped. A newcomer's trap: an item's records may depend on that item alone (not on
its neighbours, not on its place), else a reader who follows the changes ends up with something else than a newcomer.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from etalage import hands
from etalage.adapters import _paths
from etalage.adapters._clerk import Clerk
from etalage.adapters._file_source import Cursor, FileSettings, FileSource, close_cursor, open_cursor
from etalage.adapters._mapping import Mapped
from etalage.adapters._paths import Tree
from etalage.model.errors import Refused, Unavailable
from etalage.model.record import Changes, Problem, Record, Weight, pack, unpack


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the items are, how they belong together, and where in them our fields are."""

    production: dict[str, Any]
    performance: dict[str, Any]
    items: str = ""
    group_by: str = ""
    empty: tuple[str, ...] = ()


class JsonSettings(FileSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A feed and its mapping."""

    mapping: Mapping


class JsonCursor(Cursor, frozen=True, array_like=True):
    """`marks` and `ids` are of the same length: what each record was made of, and its id.

    `whole`: some problem belongs to no record, so that only a whole read can tell whether it still stands.
    """

    marks: str = ""
    ids: tuple[str, ...] = ()
    whole: bool = False

    def known(self) -> dict[str, str]:
        """Mark → id."""
        return {self.marks[at * MARK : (at + 1) * MARK]: identity for at, identity in enumerate(self.ids)}


class _Apart(NamedTuple):
    """What a second process read: records packed, for bytes travel and open quickest, and open into what the next build will find."""

    packed: list[bytes]
    made: dict[str, str]
    registered: dict[str, str]
    problems: tuple[Problem, ...]


ENOUGH_FOR_TWO = 1500
"""With fewer items than this, a second process costs more than it brings."""
MARK = 12
"""Characters of a mark: 72 bits, so that two of a million items look alike once in ten billion feeds."""


class JsonEventSource(FileSource):
    """The EventSource port on a JSON feed."""

    Settings = JsonSettings

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        mapping: Mapping = self.settings.mapping
        self.dated = bool(mapping.group_by)
        self.mapped = Mapped(
            mapping.production, mapping.performance,
            zone=self.house.timezone, hoist=not mapping.group_by, empty=frozenset(mapping.empty),
        )  # fmt: skip
        self._items = _only(mapping.items, list[Raw] | dict[str, Raw])
        self._key = _only(mapping.group_by, Any)

    def changes_since(self, cursor: str | None) -> Changes:
        """Nothing when the bytes are those of the cursor, else the items that differ."""
        before = open_cursor(cursor, JsonCursor)
        fetched = self.fetch(before)
        digest = sha256(fetched.data).hexdigest()[:32] if fetched else ""
        if before and (fetched is None or digest == before.digest):
            return Changes(records=(), cursor=cursor or "", complete=False)
        if fetched is None:
            raise Unavailable("source_unreadable", f"{self.name} says that nothing changed, but was not asked")
        known = before.known() if before and not before.whole else {}
        clerk = self.clerk()
        records, made, packed = self._read(fetched.data, known, clerk)
        now = JsonCursor(
            digest=digest, etag=fetched.etag, modified=fetched.modified, marks="".join(made.values()), ids=tuple(made),
            whole=_without_record(clerk.problems, made),
        )  # fmt: skip
        gone = tuple(identity for identity in known.values() if identity not in made)
        return Changes(
            records=tuple(records),
            cursor=close_cursor(now),
            complete=not known,
            gone=gone,
            problems=clerk.problems,
            packed=tuple(packed),
        )

    def _read(
        self, data: bytes, known: dict[str, str], clerk: Clerk
    ) -> tuple[list[Record], dict[str, str], list[bytes]]:
        """The records of what is not known, for every id what it was made of, and with two pairs of hands the records packed."""
        bundles = list(enumerate(self._bundles(data), 1))
        if known or len(bundles) < ENOUGH_FOR_TWO or not hands.are_there():
            return *self._records(bundles, known, clerk), []
        half = len(bundles) // 2
        (records, made, packed), theirs = hands.in_two(
            lambda: self._packed(bundles[:half], clerk), lambda: self._read_apart(bundles[half:])
        )
        if clerk.registered.keys() & theirs.registered.keys():  # an id in each half: let one clerk see both
            clerk.forget()
            return *self._records(bundles, known, clerk), []
        clerk.take_over(theirs.registered, theirs.problems)
        return records + list(_open(theirs.packed)), made | theirs.made, packed + theirs.packed

    def _read_apart(self, bundles: Sequence[tuple[int, Sequence[Raw]]]) -> _Apart:
        """What a second process does."""
        clerk = self.clerk()
        _, made, packed = self._packed(bundles, clerk)
        return _Apart(packed, made, clerk.registered, clerk.problems)

    def _packed(
        self, bundles: Sequence[tuple[int, Sequence[Raw]]], clerk: Clerk
    ) -> tuple[list[Record], dict[str, str], list[bytes]]:
        records, made = self._records(bundles, {}, clerk)
        return records, made, [pack(record) for record in records]

    def _records(
        self, bundles: Iterable[tuple[int, Sequence[Raw]]], known: dict[str, str], clerk: Clerk
    ) -> tuple[list[Record], dict[str, str]]:
        records: list[Record] = []
        made: dict[str, str] = {}
        for number, bundle in bundles:
            mark = _mark(bundle)
            identity = known.get(mark)
            if identity and identity not in clerk.registered:
                clerk.registered[identity] = f"item {number}"
                made[identity] = mark
                continue
            record = self._record(bundle, f"item {number}", clerk)
            if record:
                records.append(record)
                made[record.production.id] = mark
        return records, made

    def _bundles(self, data: bytes) -> Iterable[Sequence[Raw]]:
        """The items as slices of the feed, those of one group together, in order of the first of each."""
        try:
            found = self._items(data.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.MsgspecError, RecursionError) as error:
            if "truncated" in str(error):
                raise Unavailable("source_cut_off", f"{self.name} stops halfway; try again") from error
            raise self._unreadable(error) from error
        if found is None:
            raise self._unreadable("there is nothing")
        items: list[Raw] = list(found.values()) if isinstance(found, dict) else found
        if not self.settings.mapping.group_by:
            return ((item,) for item in items)
        groups: dict[str, list[Raw]] = {}
        for number, item in enumerate(items):
            groups.setdefault(self._group_of(item) or f"\0{number}", []).append(item)
        return groups.values()

    def _unreadable(self, why: object) -> Unavailable:
        place = self.settings.mapping.items or "the top"
        return Unavailable(
            "source_unreadable",
            f"{self.name} is not the JSON that the mapping expects, with a list at {place} ({why})",
        )

    def _group_of(self, item: Raw) -> str:
        try:
            key = self._key(item)
        except (msgspec.MsgspecError, RecursionError):
            return ""  # reported when it is read
        return "" if _paths.is_empty(key) else str(key)

    def _record(self, bundle: Sequence[Raw], label: str, clerk: Clerk) -> Record | None:
        try:
            items = [self.mapped.decode(item) for item in bundle]
        except (msgspec.MsgspecError, RecursionError) as error:
            clerk.report(label, "item", Refused("item_unreadable", f"it is no JSON object ({error})"), Weight.RECORD)
            return None
        draft = self.mapped.work(items[0])
        for item in items[1:]:
            more = self.mapped.work(item)
            if more.get("title") != draft.get("title"):
                say = f"{more.get('title')!r} belongs to the same production; the first title counts"
                clerk.report(label, "title", Refused("group_differs", say), Weight.DOUBT)
            draft = more | {field: value for field, value in draft.items() if not _paths.is_empty(value)}
        draft["performances"] = [date for item in items for date in self.mapped.dates(item)]
        return clerk.register(draft, label)


def _open(packed: Iterable[bytes]) -> Iterator[Record]:
    """Records out of their packing. What many have alike (a hall, a genre, prices) they share again, which spares memory."""
    known: dict[bytes, Any] = {}

    def share(given: Any) -> Any:
        return known.setdefault(pack(given), given)

    for one in packed:
        record = unpack(one)
        production = record.production
        performances = tuple(replace(each, prices=share(each.prices)) for each in production.performances)
        production = replace(production, genres=share(production.genres), performances=performances)
        yield replace(record, production=production, venues=share(record.venues))


def _only(path: str, kind: Any) -> Callable[[bytes | Raw], Any]:
    """Compile a decoder that reads what is at a path of names, and skips everything else; None when it is not there."""
    steps = _paths.parse(path)
    if not all(isinstance(step, str) for step in steps):
        raise Refused("settings_wrong", f"mapping: {path!r} must be names parted by dots")
    if not steps:
        return msgspec.json.Decoder(kind).decode
    tree = Tree()
    get = tree.getter(steps)
    decoder = msgspec.json.Decoder(tree.struct(kind))
    return lambda data: get(decoder.decode(data))


def _mark(bundle: Sequence[Raw]) -> str:
    """What an item was when it was read. SHA-256 rather than BLAKE2: most processors do it in hardware, twice as fast."""
    digest = sha256()
    for item in bundle:
        digest.update(item)
    return b64encode(digest.digest()[: MARK * 3 // 4]).decode()


def _without_record(problems: Iterable[Problem], made: dict[str, str]) -> bool:
    return any(one.record not in made and one.record.rpartition("/")[0] not in made for one in problems)
