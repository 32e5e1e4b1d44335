"""A component is a folder: a macro, its style sheet, and a description whose examples are drawn here."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from plugins.agenda import gallery
from tests.make import production
from tests.theme.conftest import THEMES

FOLDER = THEMES / "base" / "components"
NAMES = sorted(path.name for path in FOLDER.iterdir())
WHOLE = {"about": "production", "dates": "production"}
"""Parts of one page that take a whole view: test_pages.py draws them with real ones."""


def described(name):
    return gallery.described(FOLDER, name)


def macro_of(name):
    return name.replace("-", "_")


EXAMPLES = [(name, number) for name in NAMES for number in range(len(described(name)["examples"]))]


@pytest.mark.parametrize("name", NAMES)
def test_its_description_names_what_its_macro_takes(name):
    source = (FOLDER / name / f"{name}.html").read_text("utf-8")
    found = re.search(rf"{{% macro {macro_of(name)}\((.*?)\) %}}", source)
    assert found, f"{name}.html has no macro {macro_of(name)}"
    assert list(described(name)["parameters"]) == re.findall(r"(\w+)(?:=[^,]+)?", re.sub(r"=[^,]+", "", found[1]))
    assert described(name)["about"]


@pytest.mark.parametrize("name", NAMES)
def test_every_class_of_its_style_sheet_is_used_somewhere(name):
    css = FOLDER / name / f"{name}.css"
    if not css.exists():
        return
    everything = " ".join(
        p.read_text("utf-8")
        for p in (
            *THEMES.glob("base/**/*.html"),
            *THEMES.glob("base/**/*.js"),
            *THEMES.glob("../functions/templates/*.html"),
        )
    )
    classes = set(
        re.findall(r"\.([a-z][a-z-]+)", re.sub(r"/\*.*?\*/|url\([^)]*\)", "", css.read_text("utf-8"), flags=re.DOTALL))
    )
    tones = {
        "badge-cancelled",
        "badge-removed",
        "badge-moved",
        "badge-postponed",
        "badge-few",
        "badge-none",
        "notice-bad",
        "notice-warn",
    }
    assert {each for each in classes - tones if each not in everything} == set()


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_its_examples_are_drawn(drawn, name, number):
    frame = drawn(production("toml:linde/a")).frames["nl"]
    html = gallery.drawn(frame.env, name, described(name)["examples"][number])
    assert Tree(f"<main>{html}</main>").css("main")
    assert html.count("<") == html.count(">")
    if name != "pager":
        assert html.strip()
