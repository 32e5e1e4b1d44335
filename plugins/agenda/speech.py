"""One language as visitors read it: dates, times, money, and the interface's words (gettext, English in the templates).

A newcomer's trap: Babel is slow per call and an agenda asks for the same day a thousand times; everything is remembered.
"""

from datetime import date, datetime
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

import markupsafe
from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_currency

from etalage.model.money import Money
from etalage.model.words import Words, pick

REGION = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_BE", "de": "de_BE"}


class Said(str):
    """Plain text with the language it is in; `attr` is its lang attribute where that is not the page's language."""

    __slots__ = ("attr",)
    attr: markupsafe.Markup


def said(text: str, language: str = "", page: str = "") -> Said:
    """Text as said in `language` on a page in the language `page`."""
    made = Said(text)
    made.attr = _NO_ATTR if language == page or not language else markupsafe.Markup(f' lang="{language}"')  # noqa: S704
    return made


_NO_ATTR = markupsafe.Markup("")
_NOTHING = said("")
_TWO = tuple(f"{number:02}" for number in range(60))
_SHORT = 40
"""Texts up to this length come back often (a role, a tariff, a genre): one Said does for all."""


class Translations(NullTranslations):
    """The messages of one .po file, read as it is: no compiled copy that can be out of date."""

    def __init__(self, path: Path, language: str) -> None:
        super().__init__()
        self.plural = lru_cache(maxsize=1024)(Locale.parse(language).plural_form)
        self.messages: dict[str, tuple[str, ...]] = {}
        if path.exists():
            with path.open("rb") as file:
                for message in read_po(file, locale=language):
                    if message.id and message.string:
                        single = isinstance(message.id, str)
                        key = message.id if single else message.id[0]
                        texts = [message.string] if single else list(message.string)
                        if all(texts):
                            self.messages[str(key)] = tuple(map(str, texts))

    def gettext(self, message: str) -> str:
        """The message in this language, or as it is."""
        found = self.messages.get(message)
        return found[0] if found else message

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The message for so many."""
        found = self.messages.get(one)
        if found and len(found) > 1:
            return found[0] if self.plural(count) == "one" else found[1]
        return one if count == 1 else many


class Speech:
    """How a site speaks one language; `fallbacks` are the languages content is taken from when it lacks this one."""

    def __init__(self, language: str, fallbacks: tuple[str, ...], translations: Path) -> None:
        self.language = language
        self.languages = (language, *(each for each in fallbacks if each != language))
        self.locale = Locale.parse(REGION.get(language, language))
        self.translations = Translations(translations / f"{language}.po", language)
        self.gettext = self.translations.gettext
        self._said: dict[str, Said] = {}
        self.ngettext = self.translations.ngettext
        for name in ("day", "day_short", "day_year", "month", "month_name", "weekday", "money_of"):
            setattr(self, name, lru_cache(maxsize=8192)(getattr(self, name)))

    def say(self, words: Words) -> Said:
        """The words in this language, else in the next best; with which it was."""
        text = words.get(self.language)
        if text:
            known = self._said.get(text)
            if known is None:
                known = said(text)
                if len(text) <= _SHORT:
                    self._said[text] = known
            return known
        if not words:
            return _NOTHING
        text, language = pick(words, self.languages)
        return said(text, language, self.language)

    def day(self, day: date) -> str:
        """Give "zaterdag 12 december"."""
        return format_date(day, "EEEE d MMMM", locale=self.locale)

    def day_year(self, day: date) -> str:
        """Give "zaterdag 12 december 2026"."""
        return format_date(day, "EEEE d MMMM y", locale=self.locale)

    def day_short(self, day: date) -> str:
        """Give "za 12 dec"."""
        return format_date(day, "EEE d MMM", locale=self.locale).replace(".", "")

    def weekday(self, number: int) -> str:
        """Give "maandag" for 0."""
        return str(self.locale.days["stand-alone"]["wide"][number])

    def month(self, month: str) -> str:
        """Give "december 2026" for "2026-12"."""
        return format_date(date.fromisoformat(month + "-01"), "LLLL y", locale=self.locale)

    def month_name(self, month: str) -> str:
        """Give "december" for "2026-12"."""
        return format_date(date.fromisoformat(month + "-01"), "LLLL", locale=self.locale)

    def clock(self, moment: datetime) -> str:
        """20:15, in French 20h15."""
        minutes = _TWO[moment.minute]
        return f"{moment.hour}h{minutes}" if self.language == "fr" else f"{_TWO[moment.hour]}:{minutes}"

    def money(self, amount: Money) -> str:
        """€ 12 or € 12,50, as the language writes it."""
        return self.money_of(amount.cents, amount.currency)

    def money_of(self, cents: int, currency: str) -> str:
        """The amount in words; whole euros without the zeros."""
        whole = cents % 100 == 0
        pattern = _whole(self.locale) if whole else None
        written = format_currency(cents / 100, currency, format=pattern, locale=self.locale, currency_digits=not whole)
        return written.replace("\u202f", "\u00a0")


@lru_cache(maxsize=16)
def _whole(locale: Locale) -> str:
    """The locale's way to write money, without decimals."""
    pattern = str(locale.currency_formats["standard"].pattern)
    return pattern.replace("0.00", "0").split(";")[0]
