"""One style sheet per theme: base in its cascade layers, every component, then the house's tokens."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import lightningcss

BROWSERS = ["chrome >= 120", "firefox >= 121", "safari >= 17"]
_URL = re.compile(r"""url\(\s*(["']?)([^)"']+)\1\s*\)""")


class Broken(Exception):
    """A style sheet that cannot be made."""

    def __init__(self, say: str, where: str = "") -> None:
        self.where = where
        super().__init__(say)


def bundle(themes: Path, folders: Sequence[Path], names: Mapping[str, str]) -> str:
    """The whole style sheet, minified; `url(…)` leads to the files of `names`, which stand beside it."""
    lines = [_import(themes / "base" / "static" / "css" / "main.css")]
    lines += [_import(css, "components") for css in sorted((themes / "base" / "components").glob("*/*.css"))]
    for folder in folders:
        if folder != themes / "base" and (folder / "tokens.css").exists():
            lines.append(_import(folder / "tokens.css", "house"))
    with tempfile.TemporaryDirectory() as beside:
        entry = Path(beside) / "entry.css"
        entry.write_text("".join(lines), "utf-8")
        try:
            css = str(lightningcss.bundle_css(str(entry), browsers_list=BROWSERS, minify=True))
        except ValueError as error:
            raise Broken(_first_line(error), _where(error, themes)) from error
    return _URL.sub(lambda found: f'url("{_beside(found[2], names)}")', css)


def _import(path: Path, layer: str = "") -> str:
    return f'@import "{path.as_posix()}"{f" layer({layer})" if layer else ""};\n'


def _beside(url: str, names: Mapping[str, str]) -> str:
    """The fingerprinted name of a file that a style sheet names; it is known by its last part."""
    last = url.rpartition("/")[2]
    for name, file in names.items():
        if name.rpartition("/")[2] == last:
            return file
    raise Broken(f"url({url}) names a file that is in no static/ folder of the theme", url)


def _first_line(error: ValueError) -> str:
    return str(error).splitlines()[0]


def _where(error: ValueError, themes: Path) -> str:
    """The file that lightningcss names, seen from themes/."""
    found = re.search(re.escape(str(themes)) + r"/?([^\s:,)\"']+\.css)", str(error))
    return found[1] if found else "css/main.css"
