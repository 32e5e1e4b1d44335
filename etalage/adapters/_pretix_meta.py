"""What a house fills in as "meta data" of a pretix event, under the names of docs/reference/pretix.md.

pretix keeps meta data as one line of text without a language; `subtitle_fr` is our way to give the French one too.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from etalage.adapters import _clean
from etalage.model.errors import Refused
from etalage.model.genres import GENRES
from etalage.model.house import House
from etalage.model.programme import FACTS, Genre, Kind, Link, Picture, Status
from etalage.model.record import Problem, Weight
from etalage.model.words import Words

STATUSES: Mapping[str, Status] = {
    **dict.fromkeys(
        ("geannuleerd", "afgelast", "annulé", "cancelled", "canceled", "abgesagt"), Status.CANCELLED
    ),
    **dict.fromkeys(("uitgesteld", "reporté", "postponed", "verschoben"), Status.POSTPONED),
    **dict.fromkeys(("verplaatst", "déplacé", "moved", "verlegt"), Status.MOVED),
}
KINDS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "voorstelling": Kind.SHOW,
    "concert": Kind.SHOW,
    "tentoonstelling": Kind.EXPO,
    "cursus": Kind.COURSE,
    "workshop": Kind.COURSE,
    "kamp": Kind.CAMP,
    "schoolvoorstelling": Kind.SCHOOL,
    "lezing": Kind.TALK,
}
YES = frozenset({"ja", "yes", "oui", "true", "1", "x"})
_NUMBER = re.compile(r"(\d{1,4})\s*(?:\+|jaar|ans|years|min\.?|minuten|minutes|')?", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
T = TypeVar("T")


class Notes:
    """The problems found while one record is read."""

    def __init__(self, source: str, record: str) -> None:
        self.source, self.record = source, record
        self.found: list[Problem] = []

    def add(
        self, field: str, code: str, reason: str, weight: Weight = Weight.FIELD, *, record: str = ""
    ) -> None:
        """Note one."""
        where = record or self.record
        self.found.append(
            Problem(source=self.source, record=where, field=field, code=code, reason=reason, weight=weight)
        )


class Meta:
    """The meta data of an event or a date, cleaned; what cannot be read goes into the notes and counts as not filled in."""

    def __init__(
        self, values: Mapping[str, str | None], house: House, notes: Notes, record: str = ""
    ) -> None:
        cleaned = {name.strip().casefold(): _clean.plain(value or "") for name, value in values.items()}
        self._values = {name: value for name, value in cleaned.items() if value}
        self._house, self._notes, self._record = house, notes, record

    def text(self, name: str) -> str:
        """The line as it is, or ''."""
        return self._values.get(name, "")

    def words(self, name: str) -> Words:
        """The line in the house's first language, and those under name_fr, name_en … in theirs."""
        first = self._house.languages[0]
        said = {code: self.text(f"{name}_{code}") for code in self._house.languages}
        said[first] = said[first] or self.text(name)
        return {code: line for code, line in said.items() if line}

    def list(self, name: str) -> tuple[str, ...]:
        """What stands between commas."""
        return tuple(part for part in map(str.strip, self.text(name).split(",")) if part)

    def number(self, name: str) -> int | None:
        """A whole number; "90 min" and "12+" are read as well."""
        line = self.text(name)
        found = _NUMBER.fullmatch(line)
        if line and not found:
            self._refuse(name, "number_unreadable", f"{line[:40]!r} is no whole number; write 90")
        return int(found[1]) if found else None

    def one_of(self, name: str, known: Mapping[str, T], otherwise: T) -> T:
        """One of a few words."""
        line = self.text(name).casefold()
        if line and line not in known:
            self._refuse(
                name, f"{name}_unknown", f"{line[:40]!r} is not known; write one of {', '.join(known)}"
            )
        return known.get(line, otherwise)

    def address(self, name: str) -> str:
        """A web address, or ''."""
        if not self.text(name):
            return ""
        try:
            return _clean.address(self.text(name))
        except Refused as refusal:
            self._refuse(name, refusal.code, refusal.say)
            return ""

    @property
    def status(self) -> Status:
        """What happened to it since it was announced."""
        return self.one_of("status", STATUSES, Status.SCHEDULED)

    @property
    def kind(self) -> Kind:
        """How one takes part."""
        return self.one_of("kind", KINDS, Kind.SHOW)

    @property
    def genres(self) -> tuple[Genre, ...]:
        """The shared genres, the house's names for them, or genres of its own."""
        return tuple(self._genre(name) for name in self.list("genre"))

    @property
    def languages(self) -> tuple[str, ...]:
        """Two- or three-letter codes; zxx for no words at all."""
        codes = tuple(code.lower() for code in self.list("language"))
        if not all(map(_LANGUAGE.fullmatch, codes)):
            self._refuse(
                "language", "language_unknown", f"{self.text('language')[:40]!r}: write codes, like nl, fr"
            )
            return ()
        return codes

    @property
    def facts(self) -> Mapping[str, Words]:
        """The extra facts that pages of some kind show."""
        return {name: self.words(name) for names in FACTS.values() for name in names if self.words(name)}

    @property
    def keys(self) -> Mapping[str, str]:
        """Names that other systems know it by."""
        return {"cdbid": self.text("cdbid")} if self.text("cdbid") else {}

    def links(self, name: str) -> tuple[Link, ...]:
        """A link, or none."""
        url = self.address(name)
        return (Link(url=url),) if url else ()

    def picture(self) -> tuple[Picture, ...]:
        """The picture that `image_url` names."""
        url = self.address("image_url")
        return (
            (Picture(src=url, alt=self.words("image_alt"), credit=self.text("image_credit")),) if url else ()
        )

    def _genre(self, name: str) -> Genre:
        id = self._house.genres.get(name.casefold()) or _clean.slug(name)
        return GENRES.get(id) or Genre(id=id, name={self._house.languages[0]: name})

    def _refuse(self, name: str, code: str, reason: str) -> None:
        self._notes.add(f"meta_data.{name}", code, reason, record=self._record)
