"""What a house asks of who enrols, as staff write it in the front matter of a production (docs/reference/overlays.md)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from etalage.adapters import _clean
from etalage.model.enrolment import AGE, AWARE, NAME, Ages, Form, Option, Question, Rule
from etalage.model.errors import Refused
from etalage.model.words import Words

MOST = 20
_KNOWN = ("id", "words", "reason", "kind", "required", "choices")

Say = Callable[[Any], Words]
"""How words are read: a sentence, or one per language."""


def questions(given: Any, say: Say, complain: Callable[[str], None]) -> tuple[Question, ...]:
    """The questions in their order. One that is wrong is left out, and `complain` hears which and why."""
    found: dict[str, Question] = {}
    several = given if isinstance(given, list) else [given]
    if len(several) > MOST:
        complain(f"{len(several)} questions; nobody fills in more than {MOST}, so the others are left out")
    for number, one in enumerate(several[:MOST], 1):
        try:
            question = _question(one, say)
            if question.id in found:
                raise _wrong(f"the id {question.id!r} is that of an earlier question; give each its own")
            found[question.id] = question
        except Refused as no:
            name = one.get("id", "") if isinstance(one, dict) else ""
            complain(f"question {number}{f' ({name})' if name else ''}: {no.say}")
    return tuple(found.values())


def ages(given: Any) -> Ages:
    """For whom it is; refuses `overlay_wrong`."""
    if not isinstance(given, dict) or not given or not given.keys() <= {"from", "to", "rule"}:
        raise _wrong("write ages: {from: 6, to: 9, rule: warn}; from or to may be left out, and rule is warn or limit")
    years = {name: given[name] for name in ("from", "to") if given.get(name) is not None}
    for name, year in years.items():
        if isinstance(year, bool) or not isinstance(year, int) or not 0 <= year <= 120:
            raise _wrong(f"{name}: {year!r} is no age; write whole years")
    rule = given.get("rule", Rule.WARN.value)
    if rule not in list(Rule):
        raise _wrong(f"rule: {rule!r}; write warn (they are told, and may go on) or limit (they may not)")
    found = Ages(since=years.get("from"), until=years.get("to"), rule=Rule(rule))
    if not years or (found.since or 0) > (120 if found.until is None else found.until):
        raise _wrong("write from which age, to which age, or both, the youngest under from")
    return found


def _question(given: Any, say: Say) -> Question:
    if not isinstance(given, dict):
        raise _wrong("write id, words and reason under each other, as docs/reference/overlays.md shows")
    for strange in (name for name in given if name not in _KNOWN):
        raise _wrong(f"{strange!r} means nothing here; there are {', '.join(_KNOWN)}")
    identity, words, reason = _id(given.get("id")), _said(given, "words", say), _said(given, "reason", say)
    if identity in (NAME, AGE, AWARE):
        raise _wrong(f"the id {identity!r} is taken; name and age are asked by themselves")
    kind, required = given.get("kind", Form.TEXT.value), given.get("required", True)
    if kind not in list(Form):
        raise _wrong(f"kind: {kind!r}; write text, choice or yes_no")
    if not isinstance(required, bool):
        raise _wrong(f"required: {required!r}; write true or false")
    choices = _choices(given.get("choices") or (), say)
    if bool(choices) != (kind == Form.CHOICE.value) or len(choices) == 1:
        raise _wrong("write two or more choices under choices when the kind is choice, and none otherwise")
    return Question(id=identity, words=words, reason=reason, kind=Form(kind), required=required, choices=choices)


def _said(given: Mapping[str, Any], name: str, say: Say) -> Words:
    words = say(given.get(name))
    if not words:
        why = "why do you ask it? Everybody reads this beside the question" if name == "reason" else "what do you ask?"
        raise _wrong(f"{name} is missing: {why}")
    return words


def _choices(given: Any, say: Say) -> tuple[Option, ...]:
    """`[{id: …, words: …}]`, or `{id: words}`."""
    pairs: Iterable[tuple[Any, Any]] = (
        given.items() if isinstance(given, dict)
        else [(one.get("id"), one.get("words")) if isinstance(one, dict) else (None, None) for one in given]
    )  # fmt: skip
    found = {}
    for identity, words in pairs:
        said = say(words)
        if not said or _id(identity) in found:
            raise _wrong(f"choices: {identity!r}; give each choice an id of its own and its words")
        found[_id(identity)] = Option(id=_id(identity), words=said)
    return tuple(found.values())


def _id(given: Any) -> str:
    text = "" if given is None or isinstance(given, bool) else str(given)
    try:
        found = _clean.identifier(text)
    except Refused as no:
        raise _wrong(f"the id {text!r}: write letters, digits and dashes") from no
    if found != text or "." in text or ":" in text:
        raise _wrong(f"the id {text!r}: write letters, digits and dashes")
    return text


def _wrong(say: str) -> Refused:
    return Refused("overlay_wrong", say)
