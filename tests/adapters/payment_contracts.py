"""What the providers publish about their APIs, read where it lies beside the project; it is not ours to keep.

`agree_request` and `agree_answer` say what a request or an answer has that the provider's own description has not.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

FOLDER = Path("shared") / "contracts" / "payments"


@cache
def data(name: str) -> Any:
    """A file of the contracts; the test is skipped where they are not."""
    for above in Path(__file__).resolve().parents:
        if (above / FOLDER / name).exists():
            return json.loads((above / FOLDER / name).read_text("utf-8"))
    pytest.skip(f"the providers' descriptions are not here: {FOLDER / name} in a folder above the project")


def path_of(paths: dict[str, Any], asked: str) -> str:
    """The template that an address fits, the most literal first."""
    parts = asked.strip("/").split("/")
    for template in sorted(paths, key=lambda one: one.count("{")):
        pieces = template.strip("/").split("/")
        if len(pieces) == len(parts) and all(
            piece.startswith("{") or piece == part for piece, part in zip(pieces, parts, strict=True)
        ):
            return template
    raise AssertionError(f"nothing is described at {asked}")


def faults(schema: Any, value: Any) -> list[str]:
    """What a value breaks of a JSON schema."""
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(value)]


def strangers(seen: Any, known: Any, at: str = "") -> Iterator[str]:
    """What an object has that the provider's own example has not, or has of another kind."""
    if isinstance(seen, dict) and isinstance(known, dict):
        for name, value in seen.items():
            if at.endswith(".metadata"):
                continue
            if name not in known:
                yield f"{at}.{name} is nothing of theirs"
            else:
                yield from strangers(value, known[name], f"{at}.{name}")
    elif seen is not None and known is not None and type(seen) is not type(known):
        yield f"{at} is {seen!r}, theirs is {known!r}"
