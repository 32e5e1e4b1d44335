"""Markdown files with YAML front matter, and their names: `winterreis.md`, `winterreis.fr.md`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from etalage.model.errors import Refused

_FENCE = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z]{2}")
_LARGEST = 512 * 1024


class Sheet(msgspec.Struct, frozen=True):
    """One file: its path in content/, its name without language and ending, its language ("" when not said), its parts."""

    path: str
    name: str
    language: str
    head: dict[str, Any]
    body: str
    raw: bytes


def sheets(folder: Path, content: Path) -> Iterator[Sheet | Refused]:
    """Every Markdown file of a folder, by name; a file that cannot be read comes as the reason why."""
    for path in sorted(folder.glob("*.md")):
        try:
            yield read(path, content)
        except Refused as refused:
            yield refused


def read(path: Path, content: Path) -> Sheet:
    """Read one file, or refuse with `file_unreadable` or `front_matter_wrong`."""
    where = path.relative_to(content).as_posix()
    stem, _, language = path.stem.rpartition(".")
    if not stem or not _LANGUAGE.fullmatch(language):
        stem, language = path.stem, ""
    raw = path.read_bytes()
    if len(raw) > _LARGEST:
        raise Refused("file_unreadable", f"the file is over {_LARGEST // 1024} kB", where=where)
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused("file_unreadable", "the file is not UTF-8; save it as UTF-8", where=where) from error
    fence = _FENCE.match(text)
    try:
        head = yaml.safe_load(fence[1]) if fence else {}
    except yaml.YAMLError as error:
        spot = getattr(error, "problem_mark", None)
        line = f" (line {spot.line + 2})" if spot else ""
        raise Refused(
            "front_matter_wrong", f"the part between the --- lines is not valid YAML{line}", where=where
        ) from error
    if head is None:
        head = {}
    if not isinstance(head, dict):
        raise Refused("front_matter_wrong", "the part between the --- lines must be `name: value` lines", where=where)
    return Sheet(where, stem, language, head, text[fence.end() :] if fence else text, raw)
