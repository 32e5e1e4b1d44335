"""Prices as people write them: "Basis 18; -26 12; Kansentarief 3,60".

A newcomer's trap: "10 tot 15" and "18 -26 12" end in a number too. A name before an amount is believed only when it cannot be
part of an amount; a colon makes any name clear ("Rang 1: 25").
"""

import re
from functools import lru_cache

from etalage.model.errors import Refused
from etalage.model.money import Money, read_amount
from etalage.model.offer import Price, TariffKind
from etalage.model.words import Words

_PARTS = re.compile(r"[;\n|]")
_WITH_COLON = re.compile(r"(?P<name>.+?)\s*[:=]\s*(?P<amount>[^:=]+)")
_WITH_SPACE = re.compile(r"(?P<name>.*?\S)\s+(?P<amount>(?:€\s*|eur\s*)?\d[\d.,]*(?:,-)?(?:\s*(?:€|eur|euro))?|gratis|free|gratuit|kostenlos)", re.IGNORECASE)  # fmt: skip
# A bare number in a name ("18 -26") unless it is an age ("-26", "65+", "3-12 jaar"); a word that leads to an amount ("10 tot").
_UNCLEAR_NAME = re.compile(
    r"[€,/]|(?<![\w+<>.-])\d+(?!\w|\+|-|\s*(?:j|jaar|jarigen|ans|years|jahre)\b)"
    r"|(?:^|\s)(?:tot|à|a|of|en|ou|et|or|and|to|t/m|van|vanaf|from|-|–)\s*$|^\d+\s*[-–]\s*\d+$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_]|[-+<]\s?\d|\d\s?[-+]$")
_SOCIAL = re.compile(
    r"kansentarief|sociaal|uitpas|social|armoede|article 27|\bart\.? ?27\b|paspartoe|omnio", re.IGNORECASE
)
_REDUCED = re.compile(
    r"(?:^|\s)[-<]\s?\d{2}\b|\b\d{2}\s?(?:\+|-(?!\d))|abonn|reduct|korting|kind|student|jonger|jeugd|senior|scholi|leerling|lid\b|leden|vrienden|werkzoekend|groep"
    r"|réduit|enfant|jeune|étudiant|concession|child|youth|member|group|ermäßigt|kinder|schüler",
    re.IGNORECASE,
)


def tariff_kind(name: str, amount: Money) -> TariffKind:
    """Say who a tariff is for by its name ("Kansentarief", "-26") and its amount."""
    if _SOCIAL.search(name):
        return TariffKind.SOCIAL
    if not amount.cents:
        return TariffKind.FREE
    return TariffKind.REDUCTION if _REDUCED.search(name) else TariffKind.STANDARD


@lru_cache(maxsize=20_000)
def price(amount: str | float, tariff: str, language: str, category: str = "", note: str = "", kind: str = "", id: str = "") -> Price:  # fmt: skip
    """Make one price of what a source says of it. Refuses what `read_amount` refuses, and `tariff_kind_unknown`."""
    money = read_amount(amount)
    if kind and kind not in list(TariffKind):
        raise Refused("tariff_kind_unknown", f"{kind!r} is no kind of tariff; write one of {', '.join(TariffKind)}")
    return Price(
        amount=money, tariff=_words(tariff, language), category=_words(category, language), note=_words(note, language), id=id,
        kind=TariffKind(kind) if kind else tariff_kind(tariff, money),
    )  # fmt: skip


@lru_cache(maxsize=20_000)
def prices(text: str, language: str) -> tuple[Price, ...]:
    """Read one price or several, parted by ";": "18", "Basis 18; -26 12", "Rang 1 / Basis: 25". Refuses `price_unreadable`."""
    return tuple(_one(part.strip(), language) for part in _PARTS.split(text) if part.strip())


def _one(text: str, language: str) -> Price:
    try:
        return price(text, "", language)
    except Refused as refusal:
        if refusal.code == "price_negative":
            raise
    found = _WITH_COLON.fullmatch(text)
    if not found and (found := _WITH_SPACE.fullmatch(text)) and _UNCLEAR_NAME.search(found["name"]):
        found = None
    if not found or not _NAME.search(found["name"]):
        raise Refused("price_unreadable", f"{text[:60]!r} is no clear price; write Basis 18; -26 12, or Rang 1: 25")
    category, slash, tariff = found["name"].rpartition(" / ")
    return price(found["amount"].strip(), tariff.strip(), language, category.strip() if slash else "")


def _words(text: str, language: str) -> Words:
    return {language: text} if text else {}
