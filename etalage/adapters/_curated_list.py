"""Curated lists in Markdown: who chose, what, and why. A file per language; items are matched by what they name."""

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

from etalage.adapters import _clean
from etalage.adapters._front_matter import Sheet
from etalage.model.curation import CuratedList, Curator, Pick
from etalage.model.errors import Refused
from etalage.model.programme import Picture
from etalage.model.record import Problem, Weight
from etalage.model.words import Words

KEYS = ("title", "summary", "curator", "items", "from", "until", "order")


def read_list(
    name: str, parts: Sequence[Sheet], first: str, folder: str, problems: list[Problem]
) -> CuratedList | None:
    """One list from its files; `first` is the site's first language, `folder` where its pictures are ("houses/linde")."""
    parts = sorted(parts, key=lambda sheet: bool(sheet.language))
    reading = _Reading(name, parts[0].path, problems)
    title: dict[str, str] = {}
    intro: dict[str, str] = {}
    summary: dict[str, str] = {}
    for sheet in parts:
        language = sheet.language or first
        for key in sheet.head.keys() - set(KEYS):
            reading.wrong(str(key), f"there is no such field; the fields are {', '.join(KEYS)}", file=sheet.path)
        title |= reading.words(sheet.head.get("title"), language)
        summary |= reading.words(sheet.head.get("summary"), language)
        body = _clean.prose(sheet.body, "markdown")
        intro |= {language: body} if body else {}
    head: dict[str, Any] = {key: value for sheet in reversed(parts) for key, value in sheet.head.items()}
    try:
        identity = _clean.identifier(name)
        curator = reading.curator([(sheet.head.get("curator"), sheet.language or first) for sheet in parts], folder)
    except Refused as refused:
        reading.complain("curator", refused.say, refused.code, Weight.RECORD)
        return None
    return CuratedList(
        id=identity, title=title or {first: name.replace("-", " ").capitalize()}, curator=curator, summary=summary, intro=intro,
        picks=reading.picks([(sheet.head.get("items"), sheet.language or first) for sheet in parts]),
        opens=reading.day("from", head.get("from")), closes=reading.day("until", head.get("until")),
        order=reading.number("order", head.get("order", 100)), file=parts[0].path,
        stamp=blake2b(b"\0".join(sheet.raw for sheet in parts), digest_size=9).hexdigest(),
    )  # fmt: skip


class _Reading:
    """One list being read: knows where to complain."""

    def __init__(self, name: str, file: str, problems: list[Problem]) -> None:
        self.name, self.file, self.problems = name, file, problems

    def complain(self, field: str, reason: str, code: str, weight: Weight = Weight.FIELD, file: str = "") -> None:
        """Report what is left out."""
        problem = Problem(
            source=f"list:{file or self.file}", record=self.name, field=field, code=code, reason=reason, weight=weight
        )
        self.problems.append(problem)

    def wrong(self, field: str, reason: str, file: str = "") -> None:
        """Report what is not written as it should be."""
        self.complain(field, reason, "list_wrong", file=file)

    @staticmethod
    def words(value: Any, language: str) -> Words:
        """A sentence in the file's language, or one per language."""
        if isinstance(value, dict):
            return {str(code): text for code, given in value.items() if (text := _clean.plain(str(given or "")))}
        text = _clean.plain(str(value)) if value is not None else ""
        return {language: text} if text else {}

    def curator(self, given: Sequence[tuple[Any, str]], folder: str) -> Curator:
        """Who chose; refuses `curator_missing`: a list stands under somebody's name."""
        name, role, picture = "", dict[str, str](), None
        for value, language in given:
            table = {"name": value} if isinstance(value, str) else value if isinstance(value, dict) else {}
            name = name or _clean.plain(str(table.get("name") or ""))
            role = {**self.words(table.get("role"), language), **role}
            picture = picture or self.picture(table, language, folder)
        if not name:
            raise Refused("curator_missing", "who chose this? write curator: {name: …, role: …}")
        return Curator(name=name, role=role, picture=picture)

    def picture(self, table: dict[str, Any], language: str, folder: str) -> Picture | None:
        """A portrait, only with its description."""
        src = str(table.get("picture") or "").strip()
        if not src:
            return None
        alt = self.words(table.get("alt"), language)
        if not alt:
            self.complain(
                "curator.picture", f"{src}: say what one sees under alt:, for who cannot see it", "alt_missing"
            )
            return None
        if "://" in src or src.startswith("/") or ".." in src.split("/"):
            self.complain(
                "curator.picture", f"{src!r} is not in this folder; write a path such as images/nele.jpg", "path_unsafe"
            )
            return None
        return Picture(src=f"{folder}/{src}", alt=alt)

    def picks(self, given: Sequence[tuple[Any, str]]) -> tuple[Pick, ...]:
        """The items in the order of the first file; other languages add their reasons, and what only they name."""
        because: dict[str, Words] = {}
        for items, language in given:
            for at, item in enumerate(items if isinstance(items, list) else (), 1):
                table = {"production": item} if isinstance(item, str) else item
                if not isinstance(table, dict) or not isinstance(table.get("production"), str):
                    self.wrong(f"items[{at}]", "write - {production: <its id or the address of its page>, because: …}")
                    continue
                name = table["production"].strip()
                because[name] = {**self.words(table.get("because"), language), **because.get(name, {})}
        if not because:
            self.wrong("items", "nothing is chosen yet; write items: with one or more - {production: …, because: …}")
        for name, words in because.items():
            if not words:
                self.complain(
                    name,
                    "why did you choose this? write because: …; it is shown without a reason",
                    "reason_missing",
                    Weight.DOUBT,
                )
        return tuple(Pick(name, words) for name, words in because.items())

    def day(self, field: str, value: Any) -> date | None:
        """A day as YAML reads it; nothing is forever."""
        if value is None or type(value) is date:
            return value
        self.wrong(field, f"{value!r} is no day; write one like 2026-12-01")
        return None

    def number(self, field: str, value: Any) -> int:
        """A place in the order."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(field, f"{value!r} is no whole number")
        return 100
