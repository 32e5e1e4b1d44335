"""One value of a mapping: where it is in the feed and how it is to be taken. Compiled to a closure over an environment.

A value is a path, a rule (a table), a list of these of which the first that gives something counts, a table by language, or a
number or yes/no that is always so.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Literal

import msgspec

from etalage.adapters import _paths, _terms, _when
from etalage.adapters._memo import Memo
from etalage.adapters._paths import Get
from etalage.model.errors import Refused

At = Callable[[str], Get]
"""Compiles a path within the scopes of a table."""
Work = Callable[[Any], Any]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a value comes from (one of the first three), when, and what is done to it, in this order."""

    path: str | list[str] = ""
    text: str = ""
    """Parts joined: "{straat} {huisnummer}"."""
    value: Any = None
    """Always this."""
    when: str | dict[str, Any] = ""
    """Only when that path says yes, or is this: {soort = "dag"}."""
    unless: str | dict[str, Any] = ""
    split: str = ""
    map: dict[str, Any] = {}
    """The feed's words → ours; "*" for all others, which else stay as they are."""
    format: str = ""
    """Of a date or time: unix, unix-ms, or like %d/%m/%Y."""
    offset: Literal["", "ignore"] = ""
    """`ignore`: the clock is right, the offset behind it is not."""
    join: str = ""

    def __post_init__(self) -> None:
        if [bool(self.path), bool(self.text), self.value is not None].count(True) != 1:
            raise ValueError("give one of path, text and value")


_RULE_KEYS = frozenset(Rule.__struct_fields__)
_HOLE = re.compile(r"\{([^{}]*)\}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_OFFSET = re.compile(r"(?<=\d)\s*(?:Z|[+-]\d\d:?\d\d)$")
_DAYS = frozenset({"date", "end_date", "opens", "closes", "day"})
_CLOCKS = re.compile(r"%[HIMSpXc]")
_DATES = re.compile(r"%[dDjYyxcF]")


def is_rule(given: Any) -> bool:
    """Say whether a table of the settings is one value, rather than a table of values."""
    return isinstance(given, Mapping) and not given.keys() - _RULE_KEYS


def paths_in(given: Any) -> Iterator[str]:
    """Every path that a value, or a table of values, looks at."""
    if isinstance(given, str):
        yield given
    elif isinstance(given, list):
        for one in given:
            yield from paths_in(one)
    elif is_rule(given):
        yield from paths_in(given.get("path", []))
        yield from _HOLE.findall(given.get("text", ""))
        for condition in (given.get("when"), given.get("unless")):
            yield from condition if isinstance(condition, dict) else [condition] if condition else []
    elif isinstance(given, Mapping):
        for one in given.values():
            yield from paths_in(one)


def compile_value(given: Any, at: At, zone: str, field: str) -> Get:
    """Compile a value of the settings for that field. Refuses `settings_wrong`."""
    if isinstance(given, str):
        return at(given)
    if isinstance(given, bool | int | float):
        return lambda _: given
    if isinstance(given, list):
        return first([compile_value(one, at, zone, field) for one in given])
    if isinstance(given, Mapping) and given and all(map(_LANGUAGE.fullmatch, given)):
        tongues = {name: compile_value(one, at, zone, field) for name, one in given.items()}
        return lambda env: {name: value for name, get in tongues.items() if (value := get(env)) is not None} or None
    try:
        return _compile_rule(msgspec.convert(given, Rule), at, zone, field)
    except msgspec.ValidationError as error:
        raise Refused("settings_wrong", f"{field}: {error}; a rule has {', '.join(Rule.__struct_fields__)}") from error


def first(getters: list[Get]) -> Get:
    """The first that gives something."""
    if len(getters) == 1:
        return getters[0]

    def get(env: Any) -> Any:
        for one in getters:
            value = one(env)
            if value is not None:
                return value
        return None

    return get


def condition(when: str | dict[str, Any], unless: str | dict[str, Any], at: At) -> Get | None:
    """Compile `when` and `unless` to a yes or no; None when there is neither."""
    positive, negative = _holds(when, at), _holds(unless, at)
    if positive and negative:
        return lambda env: positive(env) and not negative(env)
    return (lambda env: not negative(env)) if negative else positive


def _holds(asked: str | dict[str, Any], at: At) -> Get | None:
    if not asked:
        return None
    if isinstance(asked, str):
        path = at(asked)
        return lambda env: _terms.holds(path(env))
    tests = [(at(path), {str(one) for one in _paths.each(wanted)}) for path, wanted in asked.items()]
    return lambda env: all(str(get(env)) in wanted for get, wanted in tests)


def _compile_rule(rule: Rule, at: At, zone: str, field: str) -> Get:
    get, asked = _source(rule, at), condition(rule.when, rule.unless, at)
    steps: list[Work] = []
    if rule.split:
        steps.append(partial(_split, rule.split))
    if rule.map:
        steps.append(partial(_for_each, partial(_translate, rule.map)))
    if rule.offset:
        steps.append(partial(_for_each, lambda value: _OFFSET.sub("", str(value))))
    if rule.format:
        steps.append(partial(_for_each, partial(_in_format, rule.format, zone, field in _DAYS)))
    if rule.join:
        steps.append(lambda value: rule.join.join(map(str, _paths.each(value))))
    worked = Memo(partial(_in_turn, steps)) if steps else None

    def get_worked(env: Any) -> Any:
        if asked and not asked(env):
            return None
        value = get(env)
        if value is None or worked is None:
            return value
        try:
            return worked[value]
        except TypeError:  # a list cannot be remembered
            return worked.read(value)

    return get_worked


def _in_turn(steps: list[Work], value: Any) -> Any:
    for step in steps:
        value = step(value)
    return value


def _source(rule: Rule, at: At) -> Get:
    if rule.value is not None:
        return lambda _: rule.value
    if rule.path:
        return first([at(path) for path in ([rule.path] if isinstance(rule.path, str) else rule.path)])
    holes = [at(path) for path in _HOLE.findall(rule.text)]
    between = "{}".join(part.replace("{", "{{").replace("}", "}}") for part in _HOLE.sub("\0", rule.text).split("\0"))

    def joined(env: Any) -> Any:
        values = [hole(env) for hole in holes]
        if None in values:
            if all(value is None for value in values):
                return None
            values = ["" if value is None else value for value in values]
        return between.format(*values).strip()

    return joined


def _for_each(work: Work, value: Any) -> Any:
    return [work(one) for one in value] if isinstance(value, list) else work(value)


def _split(at: str, value: Any) -> list[str]:
    return [part.strip() for one in _paths.each(value) for part in re.split(at, str(one)) if part.strip()]


def _translate(words: Mapping[str, Any], value: Any) -> Any:
    return words.get(str(value), words.get("*", value))


def _in_format(form: str, zone: str, day_only: bool, value: Any) -> Any:
    """A moment in a format; what is not in it becomes a text that no reader takes for one, and so is reported."""
    try:
        if form in ("unix", "unix-ms"):
            moment = _when.moment(_when.from_unix(value, 0.001 if form == "unix-ms" else 1.0), zone)[0]
            return moment.date() if day_only else moment
        read = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007 - the house's zone is put to it when it is read
    except (ValueError, Refused):
        return f"{value} (not {form})"
    if not _CLOCKS.search(form):
        return read.date()
    return read if _DATES.search(form) or read.tzinfo else read.time()
