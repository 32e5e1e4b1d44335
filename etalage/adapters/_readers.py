"""One field's value, as a sheet or a feed writes it, into the model's type. Refuses, with what to write instead.

A value may be a text ("Theater, humor"), a list, or a table by language (`{nl = "…", fr = "…"}`); every text is cleaned.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec

from etalage.adapters import _clean, _tariffs, _terms, _when
from etalage.adapters._memo import Memo
from etalage.adapters._paths import is_empty
from etalage.model.errors import Refused
from etalage.model.genres import GENRES
from etalage.model.house import House
from etalage.model.offer import Price
from etalage.model.programme import Credit, Genre, Link, Opening, Picture, PressQuote
from etalage.model.words import Words

_BY_NAME = {name.casefold(): genre for genre in GENRES.values() for name in (genre.id, *genre.name.values())}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LIST = re.compile(r"[,;\n]")
_CREDITS = re.compile(r"[;\n]")
_PATH = re.compile(r"[^\\:\x00-\x1f]+")


class Rows(NamedTuple):
    """A list of tables with the same columns, as a feed has them: quick to make, and one can tell that it was seen before."""

    names: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()

    def tables(self) -> list[dict[str, Any]]:
        """Each row as a table; what is empty in the feed is empty here."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


def remembering(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Read a text, or rows, that come again and again only once."""
    memo = Memo(read)

    def get(given: Any) -> Any:
        if type(given) is str:
            return memo[given]
        if type(given) is Rows:
            try:
                return memo[given]
            except TypeError:  # a table by language stands in a row, and cannot be looked up
                return read(given)
        return read(given)

    return get


class Readers:
    """Reads fields for one source: knows its house, the language its texts are in and the markup of its descriptions."""

    def __init__(self, source: str, house: House, language: str = "", markup: str = "html") -> None:
        self.source, self.house, self.markup = source, house, markup
        self.language = language or house.languages[0]
        self.genre = Memo(self._genre)
        self.role = remembering(self.words)
        self.name = remembering(self.text)

    def text(self, given: Any) -> str:
        """One line of plain text; numbers are welcome. Refuses `text_expected`."""
        if isinstance(given, str):
            return _clean.plain(given)
        if isinstance(given, int | float | date) and not isinstance(given, bool):
            return str(given).removesuffix(".0")
        raise Refused("text_expected", f"{str(given)[:40]!r} is no text")

    def words(self, given: Any) -> Words:
        """A text in the source's language, or a table by language."""
        if isinstance(given, dict):
            return _by_language(given, self.text)
        text = self.text(given)
        return {self.language: text} if text else {}

    def prose(self, given: Any) -> Words:
        """A description as safe HTML, by language."""
        if isinstance(given, dict):
            return _by_language(given, lambda text: _clean.prose(str(text), self.markup))
        text = _clean.prose(str(given), self.markup)
        return {self.language: text} if text else {}

    def texts(self, given: Any) -> tuple[str, ...]:
        """Several short texts: a list, or one text parted by commas; each once."""
        return tuple(dict.fromkeys(filter(None, map(self.name, _several(given)))))

    def languages(self, given: Any) -> tuple[str, ...]:
        """Languages by code or by name."""
        return tuple(dict.fromkeys(map(_terms.language, _several(given))))

    def facilities(self, given: Any) -> tuple[str, ...]:
        """Accessibility facilities by our name or the houses' words."""
        return tuple(dict.fromkeys(map(_terms.facility, _several(given))))

    def genres(self, given: Any) -> tuple[Genre, ...]:
        """Genres by name: the house's own mapping first, then the shared list, else a genre of the house's own."""
        found = [
            self._own_genre(one) if isinstance(one, dict) else self.genre[self.name(one)]
            for one in _several(given)
            if one
        ]
        return tuple({genre.id: genre for genre in found if genre.name}.values())

    def _own_genre(self, given: dict[str, Any]) -> Genre:
        name = self.words(given)
        return Genre(id=_clean.slug(next(iter(name.values()), "")), name=name)

    def _genre(self, name: str) -> Genre:
        ours = self.house.genres.get(name.casefold(), name).casefold()
        return GENRES.get(ours) or _BY_NAME.get(ours) or self._own_genre({self.language: name})

    def openings(self, given: Any) -> tuple[Opening, ...]:
        """Opening hours: "di-vr 10:00-17:00; za 13:00-18:00", or a list of such texts."""
        return _when.openings("; ".join(map(self.text, _listed(given))))

    def credits(self, given: Any) -> tuple[Credit, ...]:
        """Who did what: "regie: Bo Simons; muziek: Arthur Baert", or a list of {role, name}."""
        pairs: Iterable[tuple[Any, ...]]
        if isinstance(given, str):
            parts = [part.rpartition(":") for part in _CREDITS.split(given) if part.strip()]
            pairs = [(name, role) for role, _, name in parts]
        elif type(given) is Rows and given.names == ("name", "role"):
            pairs = given.rows
        else:
            pairs = [(one.get("name"), one.get("role")) for one in _tables(given, "name")]
        return tuple([Credit(name=self.name(name), role=self.role(role or "")) for name, role in pairs if name])

    def pictures(self, given: Any) -> tuple[Picture, ...]:
        """Pictures by file or address, or a list of {src, alt, credit, focus}."""
        return tuple(map(self._picture, _tables(given, "src")))

    def _picture(self, given: Mapping[str, Any]) -> Picture:
        focus = given.get("focus") or (0.5, 0.5)
        if len(focus) != 2 or not all(isinstance(part, int | float) and 0 <= part <= 1 for part in focus):
            raise Refused(
                "picture_focus",
                f"{focus!r} is no point; write focus = [0.5, 0.3], parts from the left and the top",
            )
        src = str(given.get("src", "")).strip()
        return Picture(
            src=_clean.address(src) if "://" in src else _inside(src), alt=self.words(given.get("alt") or ""),
            credit=self.text(given.get("credit") or ""), focus=(float(focus[0]), float(focus[1])),
        )  # fmt: skip

    def press(self, given: Any) -> tuple[PressQuote, ...]:
        """What papers wrote: a list of {text, source, day, stars, url}."""
        return tuple(map(self._quote, _tables(given, "text")))

    def _quote(self, given: dict[str, Any]) -> PressQuote:
        if not given.get("text") or not given.get("source"):
            raise Refused("press_incomplete", "a press quote needs its text and its source")
        stars = given.get("stars")
        if stars is not None and stars not in range(6):
            raise Refused("press_stars", f"{stars!r} stars: write a whole number from 0 to 5")
        return PressQuote(
            text=self.words(given["text"]), source=self.text(given["source"]), stars=stars,
            day=_when.day(given["day"]) if given.get("day") else None, url=self.url(given.get("url")),
        )  # fmt: skip

    def links(self, given: Any) -> tuple[Link, ...]:
        """Web addresses, or a list of {url, label}."""
        found = _tables(_several(given, _CREDITS) if isinstance(given, str) else given, "url")
        return tuple(Link(url=_clean.address(str(one.get("url", "")).strip()), label=self.words(one.get("label") or "")) for one in found)  # fmt: skip

    def url(self, given: Any) -> str:
        """One web address, or ""."""
        return _clean.address(str(given).strip()) if given else ""

    def facts(self, given: Any) -> Mapping[str, Words]:
        """Further facts by name; a list becomes "a, b"."""
        if not isinstance(given, dict):
            raise Refused("table_expected", "facts are a table of names and texts")
        return {
            name: read
            for name, value in given.items()
            if value and (read := self.words(", ".join(map(self.text, value)) if isinstance(value, list) else value))
        }

    def keys(self, given: Any) -> Mapping[str, str]:
        """The names other systems have for it ("cdbid")."""
        if not isinstance(given, dict):
            raise Refused("table_expected", "keys are a table of names and texts")
        return {name: self.text(value) for name, value in given.items() if value}

    def prices(self, given: Any) -> tuple[Price, ...]:
        """Prices as a text ("Basis 18; -26 12"), a number, or a list of {amount, tariff, category, kind, note, id}."""
        if isinstance(given, str):
            return _tariffs.prices(_clean.lines(given), self.language)
        return tuple(map(self._price, _tables(given, "amount")))

    def _price(self, given: Mapping[str, Any]) -> Price:
        amount, kind, id = given.get("amount"), given.get("kind"), given.get("id")
        if isinstance(amount, bool) or not isinstance(amount, str | int | float):
            raise Refused("price_unreadable", f"{amount!r} is no amount; write 12.50, 12,50 € or gratis")
        named = [given.get("tariff"), given.get("category"), given.get("note")]
        tariff, category, note = [_clean.plain(name) if isinstance(name, str) else "" for name in named]
        price = _tariffs.price(amount, tariff, self.language, category, note, str(kind or ""), str(id or ""))
        tables = zip(("tariff", "category", "note"), named, strict=True)
        by_language = {field: self.words(name) for field, name in tables if isinstance(name, dict)}
        return msgspec.structs.replace(price, **by_language) if by_language else price


def _by_language(given: dict[str, Any], read: Callable[[Any], str]) -> Words:
    wrong = [name for name in given if not _LANGUAGE.fullmatch(name)]
    if wrong:
        raise Refused("language_unknown", f'{wrong[0]!r} is no language; write {{nl = "…", fr = "…"}}')
    return {name: text for name, value in given.items() if value and (text := read(value))}


def _several(given: Any, parting: re.Pattern[str] = _LIST) -> Iterable[Any]:
    if isinstance(given, str):
        return [part for part in map(str.strip, parting.split(given)) if part]
    return _listed(given)


def _tables(given: Any, main: str) -> list[dict[str, Any]]:
    """What is told as a list of tables; what is no table is its main column. Of a feed, rows without that tell nothing."""
    if type(given) is Rows:
        return [one for one in given.tables() if not is_empty(one.get(main))]
    return [one if isinstance(one, dict) else {main: one} for one in _listed(given)]


def _listed(given: Any) -> Iterable[Any]:
    return given if isinstance(given, list | tuple) else [given]


def _inside(path: str) -> str:
    """A file in the content folder."""
    if not _PATH.fullmatch(path) or path.startswith("/") or ".." in path.split("/"):
        raise Refused("path_outside", f"{path[:60]!r} is no file of the house's folder and no web address")
    return path
