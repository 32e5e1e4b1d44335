"""A function that starts cold brings nothing that it may not need; bench/imports.py says what it costs."""

import pytest

from bench.imports import FUNCTIONS, cost


@pytest.mark.parametrize("name", ["app", "on_lambda"])
def test_no_function_brings_an_sdk_or_a_renderer_before_it_is_asked(name: str) -> None:
    assert name in FUNCTIONS
    assert cost(f"functions.{name}")[1] == ()


def test_what_is_heavy_is_seen() -> None:
    assert cost("jinja2")[1] == ("jinja2",) and cost("PIL")[1] == ("PIL",)
