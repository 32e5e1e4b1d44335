"""What a page costs a visitor: compressed bytes of its HTML, CSS and JavaScript, held against a budget.

Counted is what the page makes the browser fetch at once: style sheets, scripts, preloads, and the modules that those
scripts import; of pictures those that are not lazy, as a phone takes them (360 px wide, two dots a pixel).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from sitecheck.budgets import Budget, Budgets
from sitecheck.budgets import read as read_budgets
from sitecheck.pages import Page, Reference, read
from sitecheck.places import Places
from sitecheck.problem import Problem

# `import x from "./y.js"`, `export * from "./y.js"` and `import "./y.js"`; not `import("./y.js")`, which is later.
IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';()]*["']([^"']+)["']""", re.MULTILINE)
GZIP = 31
PARTS = ("html", "css", "js", "fonts", "pictures", "together")
PICTURE = re.compile(r"<picture\b.*?</picture>|<img\b[^>]*>", re.DOTALL)
SRCSET = re.compile(r'\bsrcset="([^"]+)"')
SOURCE = re.compile(r'<img\b[^>]*?\bsrc="([^"]+)"')
PHONE = 720
KINDS = {".css": "css", ".js": "js", ".mjs": "js", ".woff2": "fonts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What one page weighs, in compressed bytes; `total` is what a first visit fetches before pictures."""

    file: str
    html: int
    css: int
    js: int
    fonts: int
    pictures: int = 0
    kind: str = ""

    @property
    def together(self) -> int:
        return self.html + self.css + self.js

    @property
    def total(self) -> int:
        return self.together + self.fonts


def check(
    folder: Path,
    sites: Mapping[str, str] | None = None,
    *,
    budget: Budget | Budgets | None = None,
    pages: Sequence[Page] | None = None,
) -> list[Problem]:
    """Return the pages in `folder` that weigh more than their budget (budgets.toml); see `links.check` for `sites`."""
    budgets = Budgets(budget) if isinstance(budget, Budget) else budget or read_budgets()
    return [
        Problem(weight.file, f"heavy-{part}", f"{has:,} bytes of {part} compressed, {most:,} allowed")
        for weight in weigh(folder, sites, pages=pages)
        for part in PARTS
        if (has := getattr(weight, part)) > (most := getattr(budgets.of(weight.kind), part)) > 0
    ]


def weigh(folder: Path, sites: Mapping[str, str] | None = None, *, pages: Sequence[Page] | None = None) -> list[Weight]:
    """Return what each page in `folder` weighs."""
    scale = Scale(folder, Places(folder, sites))
    return [scale.weigh(page) for page in (read(folder) if pages is None else pages)]


class Scale:
    """Weighs pages; every file they share is compressed once."""

    def __init__(self, folder: Path, places: Places) -> None:
        self.folder = folder
        self.places = places
        self._sizes: dict[str, int] = {}
        self._imports: dict[str, list[str]] = {}

    def weigh(self, page: Page) -> Weight:
        """Return what one page weighs."""
        address = urljoin(self.places.address_of(page.file), page.base)
        wanted = [self._file_of(address, reference.target) for reference in page.references if is_fetched(reference)]
        sums = {"css": 0, "js": 0, "fonts": 0}
        for file in self._with_imports([file for file in wanted if file]):
            sums[KINDS[Path(file).suffix]] += self._size_of(file)
        content = (self.folder / page.file).read_bytes()
        pictures = sum(self._picture(address, target) for target in first_pictures(content.decode("utf-8", "replace")))
        return Weight(file=page.file, html=compressed(content), pictures=pictures, kind=page.kind, **sums)

    def _picture(self, address: str, target: str) -> int:
        file = self.places.find(urljoin(address, target)).file
        return (self.folder / file).stat().st_size if file else 0

    def _file_of(self, address: str, target: str) -> str:
        file = self.places.find(urljoin(address, target)).file
        return file if Path(file).suffix in KINDS else ""

    def _with_imports(self, files: list[str]) -> set[str]:
        found: set[str] = set()
        while files:
            file = files.pop()
            if file not in found:
                found.add(file)
                files += self._imports_of(file)
        return found

    def _imports_of(self, file: str) -> list[str]:
        if KINDS[Path(file).suffix] != "js":
            return []
        if file not in self._imports:
            text = (self.folder / file).read_text(encoding="utf-8")
            address = self.places.address_of(file)
            imported = [self._file_of(address, target) for target in IMPORT.findall(text)]
            self._imports[file] = [other for other in imported if other]
        return self._imports[file]

    def _size_of(self, file: str) -> int:
        if file not in self._sizes:
            text = (self.folder / file).read_bytes()
            self._sizes[file] = len(text) if file.endswith(".woff2") else compressed(text)
        return self._sizes[file]


def is_fetched(reference: Reference) -> bool:
    """Say whether a page makes the browser fetch this at once."""
    rel = reference.rel.lower().split()
    return (reference.tag == "script" and reference.attribute == "src") or (
        reference.tag == "link" and any(word in ("stylesheet", "modulepreload", "preload") for word in rel)
    )


def first_pictures(html: str) -> list[str]:
    """Return what a phone fetches of the pictures that are not lazy: of the first format, the first that is wide enough."""
    found = []
    for piece in PICTURE.findall(html):
        if 'loading="lazy"' in piece:
            continue
        sets = SRCSET.search(piece)
        if sets:
            widths = sorted((int(width.rstrip("w")), name) for name, width in map(str.split, sets[1].split(", ")))
            found.append(next((name for width, name in widths if width >= PHONE), widths[-1][1]))
        elif source := SOURCE.search(piece):
            found.append(source[1])
    return found


def compressed(text: bytes) -> int:
    """Return the size of a text as gzip sends it; Brotli sends a little less."""
    squeeze = zlib.compressobj(level=6, wbits=GZIP)
    return len(squeeze.compress(text)) + len(squeeze.flush())
