"""Read HTML pages into what the checks ask about: ids, references to other files, JSON-LD, size.

A page is first cut into tags, and each distinct tag is given to `html.parser` once: a site repeats its menus on
every page, and reading ten thousand of them whole takes four times as long. Whether the markup itself is right is
the Nu checker's question, not ours.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

LINKING = ("href", "src", "poster", "action", "formaction", "data")
CANDIDATES = ("srcset", "imagesrcset")
CANDIDATE = re.compile(r"[\s,]*(\S*[^\s,])(?:\s+[^,]*)?(?:,|$)")
REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
KIND = re.compile(r'<body\b[^>]*?\bdata-page="([a-z0-9-]+)"')
SHARED = ("og:image", "og:url", "twitter:image")

# A comment; an element whose content is text and not tags, with that text; or any other start tag.
INSIDE = r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+"""
PIECE = re.compile(
    rf"<!--.*?(?:-->|\Z)"
    rf"|(?P<verbatim><(?P<name>script|style|textarea|title)\b{INSIDE}>)(?P<text>.*?)(?:</(?P=name)\b|\Z)"
    rf"|<[a-z]{INSIDE}>",
    re.IGNORECASE | re.DOTALL,
)


class Reference(NamedTuple):
    """One address a page mentions, and where: `<tag attribute=target>`, with the link's `rel` if it has one."""

    tag: str
    attribute: str
    target: str
    rel: str = ""


class Tag(NamedTuple):
    """What one start tag says."""

    ids: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    base: str = ""
    is_linked_data: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page; `file` is its path inside the output folder, always with forward slashes."""

    file: str
    size: int
    base: str
    ids: frozenset[str]
    references: tuple[Reference, ...]
    linked_data: tuple[str, ...]
    kind: str = ""


def read(folder: Path) -> list[Page]:
    """Read every HTML page below `folder`, in order of path."""
    return [read_page(folder, file) for file in sorted(list_files(folder)) if file.endswith(".html")]


def list_files(folder: Path) -> list[str]:
    """Return every file below `folder` by its path inside it; exact case, also on a Mac."""
    found = []
    for here, _, names in os.walk(folder):
        inside = Path(here).relative_to(folder).as_posix()
        found += names if inside == "." else [f"{inside}/{name}" for name in names]
    return found


def read_page(folder: Path, file: str) -> Page:
    """Read one page, given by its path inside `folder`."""
    content = (folder / file).read_bytes()
    text = content.decode("utf-8", errors="replace")
    tags = [(read_tag(piece["verbatim"] or piece[0]), piece["text"]) for piece in PIECE.finditer(text)]
    return Page(
        file=file,
        size=len(content),
        base=next((tag.base for tag, _ in tags if tag.base), ""),
        ids=frozenset(identity for tag, _ in tags for identity in tag.ids),
        references=tuple(dict.fromkeys(reference for tag, _ in tags for reference in tag.references)),
        linked_data=tuple(inside for tag, inside in tags if tag.is_linked_data),
        kind=found[1] if (found := KIND.search(text)) else "",
    )


@lru_cache(maxsize=100_000)
def read_tag(text: str) -> Tag:
    """Read one start tag, or a comment, which says nothing."""
    if text.startswith("<!") or "=" not in text:
        return Tag()
    reader = Reader()
    reader.feed(text)
    return reader.tag


class Reader(HTMLParser):
    """Turns the one start tag it is fed into a `Tag`."""

    tag = Tag()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in reversed(attributes)}  # of a repeated one the first counts
        if tag == "base":
            self.tag = Tag(base=known.get("href", ""))
        else:
            self.tag = Tag(
                ids=tuple(filter(None, (known.get("id"), known.get("name") if tag == "a" else None))),
                references=(*references_of_meta(tag, known), *references_of(tag, known)),
                is_linked_data=tag == "script" and known.get("type", "").lower() == "application/ld+json",
            )


def references_of(tag: str, attributes: dict[str, str]) -> Iterator[Reference]:
    """Yield the addresses in one start tag; `data` is an address on <object> only."""
    for attribute, value in attributes.items():
        if attribute in LINKING and (attribute != "data" or tag == "object"):
            yield Reference(tag, attribute, value.strip(), attributes.get("rel", ""))
        elif attribute in CANDIDATES:
            for target in candidates(value):
                yield Reference(tag, attribute, target)


def candidates(srcset: str) -> list[str]:
    """Return the addresses in a srcset, whose commas may also stand inside an address."""
    return CANDIDATE.findall(srcset.strip())


def references_of_meta(tag: str, attributes: dict[str, str]) -> Iterator[Reference]:
    """Yield where a page sends its visitor on to, and what it shows when it is shared."""
    content = attributes.get("content", "")
    name = attributes.get("property") or attributes.get("name") or ""
    if tag != "meta":
        return
    if attributes.get("http-equiv", "").lower() == "refresh" and (found := REFRESH.match(content)):
        yield Reference("meta", "refresh", found[1].strip())
    elif name in SHARED:
        yield Reference("meta", name, content.strip())
