"""Time words: "vrijdag", "dit weekend", "12 december" become a When and leave the words.

A newcomer's trap: a month or a day without a year is the next one; a weekday alone is every one of them, "deze vrijdag" one.
Ported in themes/base/static/js/search/times.js.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from etalage.search.holidays import holiday
from etalage.search.languages import Language
from etalage.search.sieve import ANY_TIME, When
from etalage.search.table import number_of

EVENING = 68
"""17:00, in quarters."""
_NUMERIC = re.compile(
    r"(?<![\w/.-])(?:([0-9]{4})-([0-9][0-9])-([0-9][0-9])|([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}))?|([0-9]{1,2})[.-]([0-9]{1,2})[.-]([0-9]{4}))(?![\w/-])"
)
_NUMBER = re.compile(r"^([0-9]{1,2})(?:st|nd|rd|th|e|er|ste|de)?$")
_YEAR = re.compile(r"^20[0-9][0-9]$")
LONGEST = 3
"""Words in the longest phrase."""


def numeric(text: str, today: date) -> tuple[When, str]:
    """Take dates in figures out of the text: 12/12, 12/12/2026, 2026-12-12."""
    when = ANY_TIME
    for found in _NUMERIC.finditer(text):
        part = [int(group) if group else 0 for group in found.groups()]
        year, month, day = (
            (part[0], part[1], part[2])
            if part[0]
            else (part[5], part[4], part[3])
            if part[3]
            else (part[8], part[7], part[6])
        )
        one = _day(year, month, day, today)
        if one is not None:
            when = both(when, one)
            text = text.replace(found[0], " ", 1)
    return when, text


def read(words: Sequence[str], language: Language, today: date) -> tuple[When, list[str]]:
    """Take the time words out; give the time they ask for and the words that are left."""
    when, left, at, after_time = ANY_TIME, list[str](), 0, False
    while at < len(words):
        taken, found = _phrase(words, at, language, today, after_time)
        if taken:
            when, at, after_time = both(when, found), at + taken, True
        else:
            left.append(words[at])
            at, after_time = at + 1, after_time and words[at] in language.stop
    return when, left


def both(one: When, other: When) -> When:
    """Both at once."""
    return When(
        first=max(one.first, other.first), last=min(one.last, other.last), weekdays=one.weekdays & other.weekdays,
        quarter=max(one.quarter, other.quarter),
    )  # fmt: skip


def _phrase(words: Sequence[str], at: int, language: Language, today: date, after_time: bool) -> tuple[int, When]:
    """How many words from here are a time, and which; (0, …) when none."""
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        code = language.times.get(" ".join(words[at : at + length]))
        if code and (code != "n" or after_time):
            return length, _span(code, today)
    here, following = words[at], words[at + 1] if at + 1 < len(words) else ""
    if here in language.this or here in language.next:
        code = language.times.get(following, "")
        if code[:1] in ("y", "z"):
            return 2, _one_weekday(code, today, here in language.next)
    return _calendar(words, at, language, today)


def _calendar(words: Sequence[str], at: int, language: Language, today: date) -> tuple[int, When]:
    """12 december 2026, december 12, december 2026, december."""
    here, following, third = (words[at + n] if at + n < len(words) else "" for n in range(3))
    number = _NUMBER.match(here)
    if number and following in language.months:
        year = int(third) if _YEAR.match(third) else 0
        one = _day(year, language.months[following], int(number[1]), today)
        return (3 if year else 2, one) if one else (0, ANY_TIME)
    month = language.months.get(here, 0)
    if not month:
        return 0, ANY_TIME
    number = _NUMBER.match(following)
    if number:
        year = int(third) if _YEAR.match(third) else 0
        one = _day(year, month, int(number[1]), today)
        return (3 if year else 2, one) if one else (0, ANY_TIME)
    if here in language.shy and not (at and words[at - 1] in language.into):
        return 0, ANY_TIME
    year = int(following) if _YEAR.match(following) else 0
    first = date(year or today.year + (month < today.month), month, 1)
    return (2 if year else 1), _days(first, _month_end(first))


def _span(code: str, today: date) -> When:
    kind, rest = code[0], code[1:]
    monday = today - timedelta(days=today.weekday())
    if kind in "de":
        day = number_of(today) + int(rest)
        return When(first=day, last=day, quarter=EVENING if kind == "e" else 0)
    if kind == "n":
        return When(quarter=EVENING)
    if kind == "f":
        if not rest:
            return When(weekdays=0b1100000)
        saturday = monday + timedelta(days=5 + 7 * int(rest))
        return _days(max(saturday, today), saturday + timedelta(days=1))
    if kind == "k":
        return (
            _days(today, monday + timedelta(days=6))
            if rest == "0"
            else _days(monday + timedelta(days=7), monday + timedelta(days=13))
        )
    if kind == "m":
        end = _month_end(today)
        return _days(today, end) if rest == "0" else _days(end + timedelta(days=1), _month_end(end + timedelta(days=1)))
    if kind == "h":
        spans = (holiday(rest, today.year + years) for years in (-1, 0, 1))
        return _days(*next(span for span in spans if span[1] >= today))
    return When(weekdays=1 << int(rest) - 1, quarter=EVENING if kind == "z" else 0)


def _one_weekday(code: str, today: date, following: bool) -> When:
    """The coming Friday, or that of the week after this one."""
    weekday = int(code[1]) - 1
    if following:
        day = today + timedelta(days=7 - today.weekday() + weekday)
    else:
        day = today + timedelta(days=(weekday - today.weekday()) % 7)
    return When(first=number_of(day), last=number_of(day), quarter=EVENING if code[0] == "z" else 0)


def _day(year: int, month: int, day: int, today: date) -> When | None:
    """That day; without a year the next one."""
    for this in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(this, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return _days(found, found)
    return None


def _days(first: date, last: date) -> When:
    return When(first=number_of(first), last=number_of(last))


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
