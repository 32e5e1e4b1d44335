"""Hold JSON-LD to OSLO's shapes: a small reader of the JSON-LD we write, and the rules of SHACL that the shapes use.

`expanded` follows the document's own context and nothing on the network: terms, `@type` coercion, language maps, `@graph`.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SHAPES = ROOT.parent / "shared" / "contracts" / "publiq" / "oslo" / "cultuurparticipatie-shapes.json"
WHY_NOT = f"the shapes are not at {SHAPES}; they are not part of the project"
LANGUAGE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
MOMENT = "http://www.w3.org/2001/XMLSchema#dateTime"
Node = dict[str, Any]


class Unknown(Exception):
    """A word that the context does not explain."""


def expanded(text: bytes) -> list[Node]:
    """Every node of a document: `@id`, `@type` as addresses, and per property address a list of values."""
    document = json.loads(text)
    context = document.pop("@context")
    found: list[Node] = []
    _node(document, context, found)
    return found


def _node(given: Node, context: Node, found: list[Node]) -> Node:
    node: Node = {}
    for key, value in given.items():
        term = context.get(key)
        if key == "@id":
            node["@id"] = value
        elif key == "@type":
            if value not in context:
                raise Unknown(value)
            node["@type"] = context[value]
        elif term == "@graph":
            for each in value:
                _node(each, context, found)
        elif term is None:
            raise Unknown(key)
        else:
            rule = {"@id": term} if isinstance(term, str) else term
            node[rule["@id"]] = list(_values(value, rule, context, found))
    if len(node.keys() - {"@id"}):
        found.append(node)
    return node


def _values(value: Any, rule: Node, context: Node, found: list[Node]) -> Iterator[Node]:
    if rule.get("@container") == "@language":
        yield from ({"@value": text, "@language": language} for language, text in value.items())
        return
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield _node(each, context, found)
        elif rule.get("@type") == "@id":
            yield {"@id": each}
        else:
            yield {"@value": each} | ({"@type": rule["@type"]} if "@type" in rule else {})


def judge(nodes: list[Node]) -> list[str]:
    """What is wrong with the nodes, by the shapes."""
    shapes = json.loads(SHAPES.read_bytes())["shapes"]
    types = {node["@id"]: node.get("@type") for node in nodes if "@id" in node}
    return [
        f"{node.get('@id', node.get('@type'))}: {words}"
        for node in nodes
        for shape in shapes.values()
        if shape["targetClass"] == node.get("@type")
        for words in _judge(node, shape["properties"], types)
    ]


def _judge(node: Node, properties: list[Node], types: Node) -> Iterator[str]:
    for rule in properties:
        values = node.get(rule["path"], [])
        low, high = int(rule["min"] or 0), int(rule["max"] or 10**9)
        if not low <= len(values) <= high:
            yield f"{rule['path']} occurs {len(values)} times, wanted {low} to {rule['max'] or 'any'}"
        for value in values:
            if rule["datatype"]:
                yield from _literal(rule, value)
            if (
                rule["class"]
                and (kind := value.get("@type", types.get(value.get("@id"), rule["class"]))) != rule["class"]
            ):
                yield f"{rule['path']} is a {kind}, wanted {rule['class']}"


def _literal(rule: Node, value: Node) -> Iterator[str]:
    if "@value" not in value:
        yield f"{rule['path']} is no literal"
    elif rule["datatype"] == LANGUAGE:
        if not value.get("@language") or not value["@value"].strip():
            yield f"{rule['path']} is no text in a language: {value}"
    elif rule["datatype"] != "http://www.w3.org/2001/XMLSchema#string" and value.get("@type") != rule["datatype"]:
        yield f"{rule['path']} is of {value.get('@type')}, wanted {rule['datatype']}"
    elif rule["datatype"] == MOMENT and datetime.fromisoformat(value["@value"]).tzinfo is None:
        yield f"{rule['path']} has no offset: {value['@value']}"
