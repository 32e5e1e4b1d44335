"""From named values to a draft: names houses write become ours, "Titel (fr)" and "foto-alt" find their place."""

from collections.abc import Iterable
from typing import Any

from etalage.adapters import _fields
from etalage.adapters._fields import Draft


def gather(given: Iterable[tuple[str, str, Any]], language: str) -> Draft:
    """Put together a draft of (our field, language or "", value); empty values leave no trace.

    "facts.director" goes into the table `facts`; a text in a language makes the field a table by language.
    """
    draft: Draft = {}
    for field, tongue, value in given:
        if not field or value is None or value == "":
            continue
        table, dot, key = field.partition(".")
        if dot:
            draft.setdefault(table, {})[key] = value
        elif tongue or isinstance(draft.get(field), dict):
            before = draft.get(field)
            words = before if isinstance(before, dict) else {language: before} if before else {}
            draft[field] = words | (value if isinstance(value, dict) else {tongue or language: value})
        else:
            draft.setdefault(field, value)
    return _picture(draft)


def _picture(draft: Draft) -> Draft:
    alt, credit = draft.pop("photo_alt", ""), draft.pop("photo_credit", "")
    pictures = draft.get("pictures")
    if isinstance(pictures, str):
        draft["pictures"] = [{"src": pictures, "alt": alt, "credit": credit}]
    return draft


def divide(draft: Draft) -> tuple[Draft, Draft]:
    """Part what is said of the work from what is said of the date."""
    of_date = _fields.OF_PERFORMANCE | _fields.BOTH.keys()
    work = {field: value for field, value in draft.items() if field not in of_date}
    return work, {field: value for field, value in draft.items() if field in of_date}
