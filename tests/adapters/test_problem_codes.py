"""Every code that etalage can say stands in docs/reference/problems.md, and every code there can be said."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
REFUSALS = {"Refused", "Unavailable", "Stale", "Unreadable", "__init__"}
ELSEWHERE = {"missing_", "transfer_", "return_", "fee_", "chargeback_", "refund_differs", "basket_changed"}
"""Codes put together from a field's name, `missing_genre`, from what differs, `fee_missing`, or said by a name."""


def said() -> set[str]:
    """The codes in the source: of a refusal, of a Problem, and those handed to a function that makes one."""
    found: set[str] = set()
    for file in (path for part in ("etalage", "plugins", "functions") for path in (ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found.update(codes_in(node))
    return found


def codes_in(call: ast.Call) -> Iterator[str]:
    """The codes that a call hands over."""
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if name in REFUSALS and texts and call.args[0].__class__ is ast.Constant:
        yield texts[0]
    if name in ("_find", "_problem", "complain", "ended"):
        yield from (text for text in texts if re.fullmatch(r"[a-z]+(_[a-z]+)+", text))
    for keyword in call.keywords:
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
            yield str(keyword.value.value)


def written() -> set[str]:
    """The codes in the first column of the page's tables."""
    page = (ROOT / "docs" / "reference" / "problems.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    return {code for row in rows for code in re.findall(r"`([a-z_]+)[…]?`", row)}


def test_every_code_that_can_be_said_is_explained():
    assert said() - written() == set()


def test_every_code_that_is_explained_can_be_said():
    assert written() - said() - ELSEWHERE == set()
