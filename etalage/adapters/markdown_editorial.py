"""The Editorial port on Markdown files in content/."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from etalage.adapters import _clean, _questions, _redirects
from etalage.adapters._curated_list import read_list
from etalage.adapters._front_matter import Sheet, sheets
from etalage.model.curation import CuratedList
from etalage.model.enrolment import Ages, Question
from etalage.model.errors import Refused
from etalage.model.genres import GENRES
from etalage.model.house import Cluster, House
from etalage.model.overlay import Addition, Overlay, Place, Wins
from etalage.model.programme import FACILITIES, Credit, Genre, Kind, Link, Picture, PressQuote
from etalage.model.record import Problem, Weight
from etalage.model.redirect import OldAddress
from etalage.model.site import Text
from etalage.model.tip import Wishes
from etalage.model.words import Words

Reader = Callable[["_Reading", Any], Any]


class MarkdownEditorial:
    """Reads houses/<house>/productions/*.md as overlays, pages/*.md with shared/*.md as texts, lists/*.md as curated lists."""

    def __init__(self, content: Path, houses: Mapping[str, House], clusters: Mapping[str, Cluster]) -> None:
        self.content, self.houses, self.clusters = content, houses, clusters

    def overlays(self, house: str) -> tuple[Sequence[Overlay], Sequence[Problem]]:
        """The additions to the productions of a house; files of other languages are joined to the first."""
        problems: list[Problem] = []
        found: dict[str, Overlay] = {}
        for sheet in self._sheets(self.content / "houses" / house / "productions", problems):
            overlay = _Reading(sheet, self.houses[house], problems).overlay()
            if overlay is None:
                continue
            first = found.get(overlay.production)
            found[overlay.production] = _join(first, overlay) if first else overlay
        return list(found.values()), problems

    def texts(self, site: str) -> tuple[Sequence[Text], Sequence[Problem]]:
        """The pages of a site in menu order; its own file wins over a shared one of the same name."""
        problems: list[Problem] = []
        kind, who = ("houses", self.houses[site]) if site in self.houses else ("clusters", self.clusters[site])
        own = list(self._sheets(self.content / kind / site / "pages", problems))
        names = {sheet.name for sheet in own}
        shared = [s for s in self._sheets(self.content / "shared", problems) if s.name not in names]
        pages: dict[str, list[Sheet]] = {}
        for sheet in (*own, *shared):
            pages.setdefault(sheet.name, []).append(sheet)
        texts = [_text(name, parts, who, problems) for name, parts in pages.items()]
        return sorted((t for t in texts if t), key=lambda text: (text.order, text.id)), problems

    def redirects(self, site: str) -> tuple[Sequence[OldAddress], Sequence[Problem]]:
        """The old addresses of a site: redirects.csv in its folder."""
        kind = "houses" if site in self.houses else "clusters"
        return _redirects.read(self.content / kind / site / _redirects.NAME, self.content)

    def lists(self, site: str) -> tuple[Sequence[CuratedList], Sequence[Problem]]:
        """The curated lists of a site; files of other languages are joined to the first."""
        problems: list[Problem] = []
        kind, who = ("houses", self.houses[site]) if site in self.houses else ("clusters", self.clusters[site])
        parts: dict[str, list[Sheet]] = {}
        for sheet in self._sheets(self.content / kind / site / "lists", problems):
            parts.setdefault(sheet.name, []).append(sheet)
        found = [read_list(name, some, who.languages[0], f"{kind}/{site}", problems) for name, some in parts.items()]
        return [one for one in found if one], problems

    def _sheets(self, folder: Path, problems: list[Problem]) -> list[Sheet]:
        read = list(sheets(folder, self.content))
        problems += [_broken(one) for one in read if isinstance(one, Refused)]
        return [one for one in read if isinstance(one, Sheet)]


class _Reading:
    """One overlay file being read: knows whose it is and where to complain."""

    def __init__(self, sheet: Sheet, house: House, problems: list[Problem]) -> None:
        self.sheet, self.house, self.problems = sheet, house, problems
        self.language = sheet.language or house.languages[0]

    def overlay(self) -> Overlay | None:
        head = dict(self.sheet.head)
        production = head.pop("production", None)
        if not isinstance(production, str) or not production:
            self.complain("production", "which production is this for? write production: <its id>")
            return None
        place = head.pop("place", Place.AFTER.value)
        if place not in list(Place):
            self.complain("place", f"{place!r}: write after, before or instead")
            place = Place.AFTER
        tips = self.tips(head.pop("tips", None))
        fields = {name: found for name, value in head.items() if (found := self.addition(name, value)) is not None}
        body = _clean.prose(self.sheet.body, "markdown")
        return Overlay(
            production=production, file=self.sheet.path, fields=fields, place=Place(place),
            text={self.language: body} if body else {}, stamp=blake2b(self.sheet.raw, digest_size=9).hexdigest(),
            tips=tips,
        )  # fmt: skip

    def tips(self, value: Any) -> Wishes:
        """What to propose beside it, and what never."""
        if value is None:
            return Wishes()
        if not isinstance(value, dict) or not value.keys() <= {"pin", "ban"}:
            self.complain("tips", "write tips: {pin: [<ids>], ban: [<ids>]}, either may be left out")
            return Wishes()
        return Wishes(**{name: self.strings(ids) for name, ids in value.items() if ids})

    def addition(self, name: str, value: Any) -> Addition | None:
        """One field; `{value: …, wins: editor}` or the value alone."""
        reader = READERS.get(name)
        if reader is None:
            self.complain(name, f"there is no such field; the fields are {', '.join(sorted(READERS))}")
            return None
        wins = Wins.SOURCE
        if isinstance(value, dict) and "wins" in value and value.keys() <= {"value", "wins"}:
            if value["wins"] not in list(Wins):
                self.complain(name, f"wins: {value['wins']!r}: write source, editor or once")
                return None
            wins, value = Wins(value["wins"]), value.get("value")
        try:
            return Addition(value=None if value is None else reader(self, value), wins=wins)
        except Refused as refused:
            self.complain(name, refused.say, refused.code)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            self.complain(name, f"this is not written as it should be ({error}); see docs/reference/overlays.md")
        return None

    def complain(self, field: str, reason: str, code: str = "overlay_wrong") -> None:
        """Report a field that is left out."""
        self.problems.append(
            Problem(source=f"overlay:{self.sheet.path}", record=str(self.sheet.head.get("production", "")), field=field,
                    code=code, reason=reason, weight=Weight.FIELD)
        )  # fmt: skip

    def words(self, value: Any) -> Words:
        """A sentence in the file's language, or one per language."""
        if isinstance(value, dict):
            return {str(language): _clean.plain(str(text)) for language, text in value.items() if text}
        return {self.language: _clean.plain(str(value))} if value not in (None, "") else {}

    def line(self, value: Any) -> str:
        return _clean.plain(str(value))

    def number(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise Refused("number_wrong", f"{value!r} is not a whole number of 0 or more")
        return value

    def strings(self, value: Any) -> tuple[str, ...]:
        return tuple(self.line(one) for one in self.many(value))

    def many(self, value: Any) -> list[Any]:
        return value if isinstance(value, list) else [value]

    def genres(self, value: Any) -> tuple[Genre, ...]:
        return tuple(self.genre(self.line(one)) for one in self.many(value))

    def genre(self, name: str) -> Genre:
        identity = self.house.genres.get(name.casefold(), name.casefold())
        if identity in GENRES:
            return GENRES[identity]
        raise Refused("genre_unknown", f"{name!r} is no genre; write one of {', '.join(GENRES)}")

    def facilities(self, value: Any) -> tuple[str, ...]:
        names = self.strings(value)
        unknown = [name for name in names if name not in FACILITIES]
        if unknown:
            raise Refused("facility_unknown", f"{unknown[0]!r}; write one of {', '.join(FACILITIES)}")
        return names

    def credits(self, value: Any) -> tuple[Credit, ...]:
        return tuple(Credit(name=self.line(c["name"]), role=self.words(c.get("role"))) for c in self.many(value))

    def press(self, value: Any) -> tuple[PressQuote, ...]:
        return tuple(
            PressQuote(
                text=self.words(q["text"]), source=self.line(q["source"]), day=self.day(q["day"]) if q.get("day") else None,
                stars=self.number(q["stars"]) if q.get("stars") is not None else None,
                url=_clean.address(q["url"]) if q.get("url") else "",
            )
            for q in self.many(value)
        )  # fmt: skip

    def links(self, value: Any) -> tuple[Link, ...]:
        return tuple(
            Link(url=_clean.address(one)) if isinstance(one, str)
            else Link(url=_clean.address(one["url"]), label=self.words(one.get("label")))
            for one in self.many(value)
        )  # fmt: skip

    def pictures(self, value: Any) -> tuple[Picture, ...]:
        return tuple(picture for one in self.many(value) if (picture := self.picture(one)) is not None)

    def picture(self, one: Any) -> Picture | None:
        given = {"src": one} if isinstance(one, str) else one
        src = str(given["src"]).strip()
        alt = self.words(given.get("alt"))
        if not alt:
            self.complain("pictures", f"{src}: say what one sees under alt:, for who cannot see it", "alt_missing")
            return None
        if "://" in src:
            src = _clean.address(src)
        elif src.startswith("/") or ".." in src.split("/"):
            raise Refused("path_unsafe", f"{src!r} leaves the house's folder; write a path such as images/foto.jpg")
        else:
            src = f"houses/{self.house.id}/{src}"
        x, y = (float(part) for part in given.get("focus", (0.5, 0.5)))
        return Picture(
            src=src, alt=alt, credit=self.line(given.get("credit", "")), focus=(min(max(x, 0), 1), min(max(y, 0), 1))
        )

    def facts(self, value: Any) -> Mapping[str, Words]:
        return {_clean.identifier(name): self.words(text) for name, text in dict(value).items()}

    def day(self, value: Any) -> date:
        return value if isinstance(value, date) else date.fromisoformat(str(value))

    def flag(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Refused("flag_wrong", f"{value!r}: write true or false")
        return value

    def kind(self, value: Any) -> Kind:
        return Kind(str(value))

    def address(self, value: Any) -> str:
        return _clean.address(str(value))

    def questions(self, value: Any) -> tuple[Question, ...]:
        return _questions.questions(value, self.words, lambda why: self.complain("questions", why))

    def ages(self, value: Any) -> Ages:
        return _questions.ages(value)


READERS: Mapping[str, Reader] = {
    "title": _Reading.words, "subtitle": _Reading.words, "summary": _Reading.words, "kind": _Reading.kind,
    "company": _Reading.line, "organiser": _Reading.line, "slug": _Reading.line, "genres": _Reading.genres,
    "tags": _Reading.strings, "languages": _Reading.strings, "surtitles": _Reading.strings, "age_min": _Reading.number,
    "age_max": _Reading.number, "duration": _Reading.number, "interval": _Reading.number, "facts": _Reading.facts,
    "credits": _Reading.credits, "press": _Reading.press, "videos": _Reading.links, "links": _Reading.links,
    "pictures": _Reading.pictures, "facilities": _Reading.facilities, "opens": _Reading.day, "closes": _Reading.day,
    "uitpas": _Reading.flag, "purchase_url": _Reading.address, "questions": _Reading.questions, "ages": _Reading.ages,
}  # fmt: skip
"""The fields an overlay may fill, each with how it is read."""


def _join(first: Overlay, other: Overlay) -> Overlay:
    """The same production's overlay in a further language: words are added, the rest is the first file's."""
    fields = dict(first.fields)
    for name, addition in other.fields.items():
        mine = fields.get(name)
        if mine is None:
            fields[name] = addition
        elif isinstance(mine.value, dict) and isinstance(addition.value, dict):
            fields[name] = msgspec.structs.replace(mine, value={**addition.value, **mine.value})
    stamp = blake2b((first.stamp + other.stamp).encode(), digest_size=9).hexdigest()
    tips = Wishes(first.tips.pin + other.tips.pin, first.tips.ban + other.tips.ban)
    return msgspec.structs.replace(first, fields=fields, text={**other.text, **first.text}, stamp=stamp, tips=tips)


def _text(name: str, parts: Sequence[Sheet], who: House | Cluster, problems: list[Problem]) -> Text | None:
    title: dict[str, str] = {}
    body: dict[str, str] = {}
    summary: dict[str, str] = {}
    head: dict[str, Any] = {}
    for sheet in sorted(parts, key=lambda sheet: bool(sheet.language)):
        language = sheet.language or who.languages[0]
        head = {**sheet.head, **head}
        title[language] = _clean.plain(str(sheet.head.get("title") or name.replace("-", " ").capitalize()))
        body[language] = _raised(_clean.prose(_replace(sheet.body, who), "markdown"))
        if sheet.head.get("summary"):
            summary[language] = _clean.plain(str(sheet.head["summary"]))
    try:
        identity = _clean.identifier(name)
        order = int(head.get("order", 100))
    except (Refused, ValueError) as error:
        problems.append(_broken(Refused("file_unreadable", str(error), where=parts[0].path)))
        return None
    stamp = blake2b(b"\0".join(sheet.raw for sheet in parts), digest_size=9).hexdigest()
    return Text(
        id=identity, title=title, body=body, summary=summary, menu=bool(head.get("menu", False)), order=order, stamp=stamp,
    )  # fmt: skip


def _raised(body: str) -> str:
    """On a page of its own, under the title as h1, the text's headings begin at h2."""
    for old, new in (("h3", "h2"), ("h4", "h3")):
        body = body.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>")
    return body


def _replace(body: str, who: House | Cluster) -> str:
    """Shared texts name the house they stand on: {name}, {url}, {email}, {phone}."""
    name = next(iter(who.name.values()), who.id)
    for key, value in (("name", name), ("url", who.url), ("email", who.contact.email), ("phone", who.contact.phone)):
        body = body.replace("{" + key + "}", value)
    return body


def _broken(refused: Refused) -> Problem:
    return Problem(
        source=f"file:{refused.where}", record="", field="", code=refused.code, reason=refused.say, weight=Weight.RECORD
    )  # fmt: skip
