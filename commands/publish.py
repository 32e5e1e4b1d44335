"""`build.py deploy`: the built sites to a folder that a web server shows, each text with its `.br` and `.gz` twins.

nginx (`gzip_static`, `brotli_static`), Caddy (`precompressed`) and our own functions send the twins as they are.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from etalage.config import Workspace
from functions.parcels import LEAST, TEXT, TWINS, squeeze


def copy(root: Path, folder: Path, sites: list[str] | None, output: Path | None) -> None:
    """Copy what differs: assets first and pages after, so that no page names a file that is not there yet."""
    source = Workspace.at(root, output=output).output
    names = sites or sorted(path.name for path in source.iterdir() if (path / "index.html").exists())
    for name in names:
        if not (source / name / "index.html").exists():
            print(f"error: {name} is not built; run build.py build --site {name}", file=sys.stderr)
            sys.exit(1)
        copied = sum(_copy(file, folder / name / file.relative_to(source / name)) for file in _in_order(source / name))
        removed = _tidy(source / name, folder / name)
        print(f"{name}: {copied} files copied, {removed} removed")


def _in_order(site: Path) -> Iterator[Path]:
    """Everything but pages, then pages, the front page last."""
    files = [path for path in site.rglob("*") if path.is_file()]
    yield from sorted(files, key=lambda path: (path.suffix == ".html", path == site / "index.html", path))


def _copy(file: Path, target: Path) -> bool:
    content = file.read_bytes()
    same = target.exists() and target.stat().st_size == len(content) and target.read_bytes() == content
    twins = [target.with_name(target.name + ending) for ending in TWINS.values()]
    if same and all(twin.exists() == _is_text(file, content) for twin in twins):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    _put(file, target, content)
    for way, ending in TWINS.items():
        twin = target.with_name(target.name + ending)
        if _is_text(file, content):
            _put(file, twin, squeeze(content, way, for_ever="assets" in file.parts))
        else:
            twin.unlink(missing_ok=True)
    return True


def _put(file: Path, target: Path, content: bytes) -> None:
    beside = target.with_name(target.name + ".new")
    beside.write_bytes(content)
    shutil.copymode(file, beside)
    beside.replace(target)


def _is_text(file: Path, content: bytes) -> bool:
    return file.suffix in TEXT and len(content) >= LEAST


def _is_twin(path: Path) -> bool:
    return path.suffix in TWINS.values() and path.with_suffix("").exists()


def _tidy(source: Path, target: Path) -> int:
    """Remove what the site no longer has; only in the site's own folder."""
    here = [path for path in target.rglob("*") if path.is_file()]
    gone = [path for path in here if not (source / path.relative_to(target)).exists() and not _is_twin(path)]
    for path in gone:
        path.unlink()
        for ending in TWINS.values():
            path.with_name(path.name + ending).unlink(missing_ok=True)
    return len(gone)
