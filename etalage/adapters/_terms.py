"""The words staff use for kinds, statuses, stock, languages, facilities, ages and yes or no, and what they mean here."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from etalage.model.errors import Refused
from etalage.model.offer import Stock, stock_of
from etalage.model.programme import FACILITIES, Kind, Status
from etalage.model.words import NO_SPOKEN_WORDS

Meaning = TypeVar("Meaning")


def _index(*rows: tuple[Meaning, str]) -> Mapping[str, Meaning]:
    """A row holds a meaning and the ways to write it, parted by "|"."""
    return {way: meaning for meaning, ways in rows for way in ways.split("|")}


_KINDS = _index(
    (
        Kind.SHOW,
        "show|voorstelling|theater|theatervoorstelling|concert|optreden|dans|circus|podium|performance|spectacle",
    ),
    (Kind.FILM, "film|cinema|movie|filmvoorstelling"),
    (Kind.EXPO, "expo|tentoonstelling|expositie|exhibition|exposition"),
    (Kind.COURSE, "course|cursus|workshop|les|lessenreeks|atelier|cours"),
    (Kind.CAMP, "camp|kamp|vakantiekamp|stage"),
    (Kind.SCHOOL, "school|schoolvoorstelling|scholen|onderwijs"),
    (Kind.TALK, "talk|lezing|debat|gesprek|conference|conférence"),
    (Kind.WALKIN, "walkin|walk-in|vrije inloop|inloop|doorlopend"),
    (Kind.ONLINE, "online|livestream|stream"),
)
_STATUSES = _index(
    (Status.SCHEDULED, "scheduled|gepland|gaat door|ok|bevestigd|confirmed|tentative|ingepland"),
    (Status.CANCELLED, "cancelled|canceled|geannuleerd|afgelast|geschrapt|annulé"),
    (Status.MOVED, "moved|rescheduled|verplaatst|verzet|déplacé"),
    (Status.POSTPONED, "postponed|uitgesteld|reporté"),
)
_STOCKS = _index(
    (Stock.PLENTY, "plenty|available|beschikbaar|vrij|tickets|ja|disponible"),
    (
        Stock.FEW,
        "few|laatste tickets|laatste plaatsen|bijna uitverkocht|beperkt|last tickets|derniers tickets",
    ),
    (Stock.NONE, "none|uitverkocht|volzet|vol|sold out|soldout|wachtlijst|nee|complet"),
    (Stock.UNKNOWN, "unknown|onbekend"),
)
_LANGUAGES = _index(
    ("nl", "nl|nederlands|nederlandstalig|dutch|néerlandais|vlaams"),
    ("fr", "fr|frans|franstalig|french|français"),
    ("en", "en|engels|engelstalig|english|anglais"),
    ("de", "de|duits|duitstalig|german|deutsch|allemand"),
    ("es", "es|spaans|spanish|español"),
    ("it", "it|italiaans|italian|italiano"),
    ("ar", "ar|arabisch|arabic"),
    ("tr", "tr|turks|turkish"),
    ("vgt", "vgt|vlaamse gebarentaal"),
    (
        NO_SPOKEN_WORDS,
        "zxx|geen|geen gesproken taal|zonder woorden|woordeloos|taalloos|taal geen probleem|no spoken words",
    ),
)
_FACILITIES = _index(
    ("wheelchair", "wheelchair|rolstoel|rolstoeltoegankelijk"),
    ("companion", "companion|begeleider|gratis begeleider"),
    ("hearing_loop", "hearing_loop|ringleiding|hearing loop"),
    ("sign_language", "sign_language|tolk|doventolk|gebarentolk|vlaamse gebarentaal|vgt|sign language"),
    ("audio_description", "audio_description|audiodescriptie|audio description"),
    ("captions", "captions|ondertiteling|boventiteling|schrijftolk"),
    ("relaxed", "relaxed|prikkelarm|relaxed performance"),
    ("adapted_toilet", "adapted_toilet|aangepast toilet|rolstoeltoilet"),
    ("reserved_parking", "reserved_parking|voorbehouden parking|parking"),
    ("assistance_dog", "assistance_dog|assistentiehond|hulphond"),
)
_YES = frozenset({"ja", "j", "x", "yes", "y", "true", "waar", "oui", "1", "v", "✓"})
_NO = frozenset({"nee", "neen", "n", "no", "false", "onwaar", "non", "0", "-"})
_ALL_AGES = frozenset({"alle leeftijden", "iedereen", "all ages", "tous"})
_AGE_RANGE = re.compile(
    r"(?:van\s+)?(\d{1,3})\s*(?:j\.?|jaar)?\s*(?:-|–|tot(?: en met)?|t/m|à|to)\s*(\d{1,3})\s*(?:j\.?|jaar|years|ans)?"
)
_AGE_FROM = re.compile(r"(?:vanaf\s+|from\s+|dès\s+)?(\d{1,3})\s*(?:\+|j\.?|jaar|years|ans)?\s*\+?")
_MOVED_FROM = re.compile(r"(?:verplaatst|verzet|moved|rescheduled|déplacé)\s*(?:van|from|de|:)\s*(.+)", re.IGNORECASE)


def kind(given: Any) -> Kind:
    """Read a kind ("voorstelling", "film"). Refuses `kind_unknown`."""
    return _find(_KINDS, given, "kind_unknown", "kind", Kind)


def status(given: Any) -> tuple[Status, str]:
    """Read a status and, for "verplaatst van …", what follows. Refuses `status_unknown`."""
    text = str(given).strip()
    if found := _MOVED_FROM.fullmatch(text):
        return Status.MOVED, found[1].strip()
    return _find(_STATUSES, given, "status_unknown", "status", ("scheduled", "cancelled", "moved", "postponed")), ""


def stock(given: Any) -> Stock:
    """Read what is left: a word ("laatste tickets") or the number of free places. Refuses `stock_unknown`."""
    text = str(given).strip().removesuffix(".0")
    if text.isdigit() and len(text) < 7 and not isinstance(given, bool):
        return stock_of(int(text))
    return _find(
        _STOCKS,
        given,
        "stock_unknown",
        "availability",
        ("uitverkocht", "laatste tickets", "beschikbaar", "a number"),
    )


def language(given: Any) -> str:
    """Read a language as its code. Refuses `language_unknown`."""
    return _find(_LANGUAGES, given, "language_unknown", "language", ("nl", "fr", "en", "de", "zxx"))


def facility(given: Any) -> str:
    """Read an accessibility facility. Refuses `facility_unknown`."""
    return _find(_FACILITIES, given, "facility_unknown", "facility", FACILITIES)


def yes(given: Any) -> bool:
    """Read yes or no. Refuses `yes_or_no`."""
    text = str(given).strip().casefold()
    if text in _YES or text in _NO:
        return text in _YES
    raise Refused("yes_or_no", f"{str(given)[:40]!r} is neither yes nor no; write ja or nee")


def holds(given: Any) -> bool:
    """Say whether a flag in a feed is up: anything but nothing, zero and a written no."""
    return bool(given) and str(given).strip().casefold() not in _NO


@lru_cache(maxsize=1_000)
def ages(text: str) -> tuple[int | None, int | None]:
    """Read for which ages: "8+", "6-10", "vanaf 6 jaar", "alle leeftijden". Refuses `age_unreadable`."""
    plain = text.strip().casefold().removesuffix(".0")
    if plain in _ALL_AGES:
        return None, None
    if found := _AGE_RANGE.fullmatch(plain):
        first, last = int(found[1]), int(found[2])
        if first <= last <= 120:
            return first, last
    elif (found := _AGE_FROM.fullmatch(plain)) and int(found[1]) <= 120:
        return int(found[1]), None
    raise Refused("age_unreadable", f"{text[:40]!r} is no age; write 8+ or 6-10")


def _find(index: Mapping[str, Meaning], given: Any, code: str, name: str, may_be: Iterable[str]) -> Meaning:
    try:
        return index[" ".join(str(given).split()).casefold()]
    except KeyError:
        raise Refused(code, f"{str(given)[:40]!r} is no {name} we know; write one of {', '.join(may_be)}") from None
