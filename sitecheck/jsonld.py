"""The JSON-LD that tells search engines about events: complete, of known types, in schema.org's own words.

Plain rules, no schema library: they are the ones that decide whether an event is shown at all. What a newcomer
would get wrong: a start needs its UTC offset, a price is a string, and a status is a full schema.org address.
Places and offers may be given once in a `@graph` and referred to by `@id`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sitecheck.pages import Page, read
from sitecheck.problem import Problem
from sitecheck.rules import Node, Trouble, listed, rule_of
from sitecheck.vocabulary import TYPES

ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|#\d+|#x[0-9a-f]+);", re.IGNORECASE)


def check(folder: Path, *, pages: Sequence[Page] | None = None) -> list[Problem]:
    """Return what is wrong with the JSON-LD on the pages in `folder`."""
    pages = read(folder) if pages is None else pages
    found = {
        Problem(page.file, code, words) for page in pages for text in page.linked_data for code, words in judge(text)
    }
    return sorted(found)


def judge(text: str) -> Iterator[Trouble]:
    """Yield what is wrong with one JSON-LD script."""
    try:
        data = json.loads(text)
    except ValueError as reason:
        yield "not-json", f"the JSON-LD is no JSON: {reason}"
        return
    tops = data if isinstance(data, list) else [data]
    nodes = [node for top in tops for node in walk(top)]
    known = {node["@id"]: node for node in nodes if "@id" in node and "@type" in node}
    for top in tops:
        context = top.get("@context") if isinstance(top, dict) else None
        if not re.fullmatch(r"https?://schema\.org/?", str(context)):
            yield "context", f"@context is {context!r} and should be https://schema.org"
    for node in nodes:
        yield from judge_node(with_references(node, known))


def walk(value: object) -> Iterator[Node]:
    """Yield each object inside a value, outermost first."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from walk(item)


def with_references(node: Node, known: dict[str, Node]) -> Node:
    """Return a node with what it refers to by `@id` in its place, one level deep."""
    full = dict(node)
    for key, value in node.items():
        if any(is_reference(item) for item in listed(value)):
            full[key] = [known.get(item["@id"], item) if is_reference(item) else item for item in listed(value)]
    return full


def is_reference(value: object) -> bool:
    """Say whether a value only names an object that is described elsewhere."""
    return isinstance(value, dict) and set(value) == {"@id"}


def judge_node(node: Node) -> Iterator[Trouble]:
    """Yield what is wrong with one object, by the rules of its types."""
    for key, value in node.items():
        if isinstance(value, str) and ESCAPED.search(value):
            yield "escaped", f"{key} holds HTML's escapes, which JSON-LD shows as they are: {value[:60]!r}"
    types = listed(node.get("@type"))
    for unknown in (kind for kind in types if kind not in TYPES):
        yield "unknown-type", f"{unknown!r} is not a type that sitecheck/vocabulary.py knows"
    if not types and set(node) - {"@id", "@context", "@graph", "@value", "@language"}:
        yield "no-type", f"an object with {', '.join(sorted(node))[:60]} has no @type"
    for rule in dict.fromkeys(rule_of(kind) for kind in types):
        if rule:
            label = f"{types[0]} {node.get('name') or node.get('@id') or ''}".strip()
            yield from ((code, f"{label}: {words}") for code, words in rule(node))
