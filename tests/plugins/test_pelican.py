"""A start brings along only what a build uses."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def fresh(code: str) -> str:
    """What code says in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_drawing_a_site_brings_no_reader_of_other_markup_and_no_calendars() -> None:
    ask = "import sys, plugins.site, plugins.feeds; print([m for m in ('docutils', 'icalendar') if m in sys.modules])"
    assert fresh(ask) == "[]"


def test_who_wants_docutils_itself_still_gets_it() -> None:
    ask = "import plugins.pelican, docutils.core; print(docutils.core.publish_string('*x*', writer='null') is not None, bool(docutils))"
    assert fresh(ask).endswith("True")


def test_pelican_leaves_a_page_in_restructured_text_aside() -> None:
    ask = "import plugins.pelican; from pelican.readers import RstReader; print(RstReader.enabled)"
    assert fresh(ask) == "False"


def test_who_has_docutils_already_keeps_it() -> None:
    ask = "import docutils, sys, plugins.pelican; print(sys.modules['docutils'] is docutils, hasattr(docutils, '__version__'))"
    assert fresh(ask) == "True True"
