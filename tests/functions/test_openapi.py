"""The description of /api is all of it, and true; test_fuzz.py holds the answers to it."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route

from functions import openapi
from functions.answers import STATUS
from functions.app import make_app
from tests.shop import ROOT
from tests.visitor import Visitor

CODES = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs/reference/problems.md").read_text("utf-8")))


@pytest.fixture
def description(tmp_path: Path) -> dict[str, Any]:
    answer = Visitor(make_app(tmp_path)).get("/api/openapi.json")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/json"
    return answer.json()


def test_every_way_of_the_app_is_in_it_and_there_are_no_others(tmp_path: Path, description: dict[str, Any]) -> None:
    (api,) = [one for one in make_app(tmp_path).routes if isinstance(one, Mount) and one.path == "/api"]
    ways = {
        (f"/api{route.path}", method.lower())
        for route in api.routes
        if isinstance(route, Route)
        for method in route.methods - {"HEAD"}
    }
    assert ways == {(path, method) for path, methods in description["paths"].items() for method in methods}
    assert len(ways) > 12


def test_every_table_in_it_is_closed(description: dict[str, Any]) -> None:
    tables = [one for one in description["components"]["schemas"].values() if one.get("type") == "object"]
    assert tables and all(one["additionalProperties"] is False for one in tables)


def test_every_code_is_explained_and_stands_at_its_status(description: dict[str, Any]) -> None:
    for way in openapi.WAYS:
        assert set(way.codes) <= CODES, set(way.codes) - CODES
        assert len(set(way.codes)) == len(way.codes), f"{way.path} says one twice"
        told = description["paths"][f"/api{way.path}"][way.method]["responses"]
        for code in way.codes:
            assert code in told[str(openapi.status_of(code))]["description"].split(", ")
    assert {openapi.status_of(code) for code in STATUS} == set(STATUS.values())


def test_every_reference_in_it_leads_somewhere(description: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/([\w.]+)", str(description)))
    assert named <= set(description["components"]["schemas"]) and "QuoteBody" in named and "CheckoutBody" in named
