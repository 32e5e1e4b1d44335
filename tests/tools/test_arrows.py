"""The arrows between folders can be broken, and a broken one is told with its line."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CONTRACTS = """
    [tool.importlinter]
    root_packages = ["shop"]
    include_external_packages = true
    contract_types = ["may_import: tools.arrows.MayImport", "strangers: tools.arrows.Strangers"]
    [[tool.importlinter.contracts]]
    name = "model"
    type = "may_import"
    sources = ["shop.model", "shop.not_written_yet"]
    allowed = ["msgspec"]
    [[tool.importlinter.contracts]]
    name = "adapters"
    type = "may_import"
    sources = ["shop.adapters"]
    allowed = ["shop.model", "*"]
    never = ["pelican"]
    [[tool.importlinter.contracts]]
    name = "strangers"
    type = "strangers"
    folder = "shop.adapters"
"""


def lint(tmp_path, **files):
    (tmp_path / "pyproject.toml").write_text(textwrap.dedent(CONTRACTS))
    sound = {"model__money": "import decimal", "adapters___clean": "", "adapters__pretix_events": ""}
    for name, text in (sound | files).items():
        path = tmp_path / "shop" / f"{name.replace('__', '/', 1)}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(f"{text}\n")
    (tmp_path / "shop/__init__.py").touch()
    program = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint(['--no-cache']))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "COLUMNS": "200", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, " ".join(done.stdout.split())


def test_what_is_allowed_passes(tmp_path):
    code, words = lint(
        tmp_path,
        model__offer="import msgspec\nfrom shop.model.money import x",
        adapters__pretix_events="import httpx\nimport shop.model.money\nfrom shop.adapters import _clean",
        adapters__pretix_ticketing="from shop.adapters import pretix_events",
    )
    assert (code, "3 kept, 0 broken" in words) == (0, True)


@pytest.mark.parametrize(
    ("file", "text", "offence"),
    [
        ("model__offer", "import httpx", "shop.model.offer imports httpx (line 1)"),
        ("model__offer", "def f():\n    import httpx", "shop.model.offer imports httpx (line 2)"),
        (
            "model__offer",
            "from shop.adapters import _clean",
            "shop.model.offer imports shop.adapters._clean (line 1)",
        ),
        ("adapters__pretix_events", "import pelican", "shop.adapters.pretix_events imports pelican (line 1)"),
        ("adapters__uitpas_discounts", "import shop.adapters.pretix_events", "another system's adapter"),
    ],
)
def test_a_forbidden_arrow_is_told(tmp_path, file, text, offence):
    code, words = lint(tmp_path, **{file: text})
    assert code == 1
    assert offence in words
