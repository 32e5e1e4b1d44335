"""Every word of the interface is there in Dutch, French and German, and none that nobody uses."""

from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.theme.conftest import THEMES

ROOT = Path(__file__).parents[2]
LANGUAGES = ("nl", "fr", "de")
AT_RUN_TIME = {"say": None, "count": (1, 2), "Refused": (2,), "Stale": (2,), "ended": (3,)}
"""Where a function speaks: functions/shelves.py, and what a visitor can be refused."""
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def used():
    """Every message in templates, components and plugins."""
    templates = [
        *THEMES.glob("*/templates/*.html"),
        *THEMES.glob("*/components/*/*.html"),
        *THEMES.glob("*/mail/*.html"),
        *ROOT.glob("functions/templates/**/*.html"),
        *ROOT.glob("functions/templates/**/*.txt"),
        *ROOT.glob("commands/templates/*.html"),
    ]
    sources = [("jinja2.ext:babel_extract", path) for path in templates]
    sources += [("python", path) for path in (ROOT / "plugins").rglob("*.py")]
    for method, path in sources:
        for _, message, _, _ in extract(method, BytesIO(path.read_bytes()), keywords=KEYWORDS):
            yield message if isinstance(message, tuple) else (message,)
    speaking = [
        *ROOT.glob("functions/*.py"),
        *ROOT.glob("etalage/sales/*.py"),
        ROOT / "commands/statement_page.py",
        ROOT / "etalage/adapters/local_ticketing.py",
        ROOT / "etalage/adapters/_local_desk.py",
    ]
    speaking += [
        ROOT / "etalage" / "model" / f"{name}.py" for name in ("wishlist", "basket", "inventory", "enrolment", "extras")
    ]
    for path in speaking:
        for _, message, _, _ in extract("python", BytesIO(path.read_bytes()), keywords=AT_RUN_TIME):
            if message:
                yield message if isinstance(message, tuple) else (message,)


def translated(language):
    with (THEMES / "base" / "translations" / f"{language}.po").open("rb") as file:
        return {
            (m.id if isinstance(m.id, tuple) else (m.id,)): (m.string if isinstance(m.string, tuple) else (m.string,))
            for m in read_po(file, locale=language, abort_invalid=True)
            if m.id
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    known = translated(language)
    assert {message for message in used() if not all(known.get(message, ("",)))} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language):
    assert set(translated(language)) - set(used()) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_same_values(language):
    for message, texts in translated(language).items():
        for text in texts:
            assert _values(text) == _values(message[-1]), (message, text)


def _values(text):
    """The names in %(name)s."""
    return {
        name
        for _, name, _, _ in Formatter().parse(text.replace("%(", "{").replace(")s", "}").replace(")d", "}"))
        if name
    }
