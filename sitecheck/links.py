"""Every internal link leads to a file, and its #fragment to an id; every external one is well formed.

External pages are never fetched: a build must not depend on somebody else's server. What a newcomer would get
wrong: `<base>` also moves a bare `#fragment`; a folder without its slash works on a laptop and not on S3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from sitecheck.pages import Page, Reference, read, read_page
from sitecheck.places import Places
from sitecheck.problem import Problem

SCHEMES = ("http", "https", "mailto", "tel", "webcal")
MAY_BE_DATA = ("src", "srcset", "imagesrcset", "poster", "data")
ON_TOP = ("", "top")
HOST = re.compile(r"^(?:[^@\s]*@)?(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d+)?$", re.IGNORECASE)
TELEPHONE = re.compile(r"^\+?[\d().\-\s]{3,}$")
POST = re.compile(r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")
IN_CSS = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)|@import\s+['"]([^'"]+)""")
LOCATION = re.compile(r"<loc>\s*([^<]+?)\s*</loc>")


def check(
    folder: Path,
    sites: Mapping[str, str] | None = None,
    *,
    served: Sequence[str] = (),
    pages: Sequence[Page] | None = None,
) -> list[Problem]:
    """Return the broken links of the sites in `folder`.

    `sites` maps each base address to its folder inside `folder` (`{"https://noord.example": "noord"}`); without
    it the whole folder is one site. `served` lists the paths that functions answer (`/api`, `/basket`).
    """
    pages = read(folder) if pages is None else pages
    checker = Checker(folder, Places(folder, sites, served), pages)
    found = [problem for page in pages for problem in checker.check_page(page)]
    found += [problem for file in sorted(checker.places.files) for problem in checker.check_file(file)]
    return sorted(set(found))


class Checker:
    """Remembers the ids of each page while the links of all pages are followed."""

    def __init__(self, folder: Path, places: Places, pages: Sequence[Page]) -> None:
        self.folder = folder
        self.places = places
        self.ids = {page.file: page.ids for page in pages}
        self._judged: dict[tuple[str, str], tuple[str, str] | None] = {}

    def check_page(self, page: Page) -> Iterator[Problem]:
        """Yield what is wrong with the links of one page."""
        own = self.places.address_of(page.file)
        address = urljoin(own, page.base)
        for reference in page.references:
            target = reference.target
            if target.startswith("#") and not page.base:  # the common case, answered at once
                if unquote(target[1:]) not in page.ids and target[1:].split(":~:")[0] not in ON_TOP:
                    yield problem_of(page.file, reference, "broken-fragment", "names no id on this page")
            elif trouble := self.follow(address, reference):
                yield problem_of(page.file, reference, *trouble)

    def check_file(self, file: str) -> Iterator[Problem]:
        """Yield what is wrong with the addresses in a style sheet or a site map."""
        if file.endswith(".css"):
            text = self._text(file)
            targets = [url or imported for url, imported in IN_CSS.findall(text)]
            references = [Reference("css", "src", target.strip()) for target in targets]
        elif file.endswith(".xml") and "sitemap" in file.rsplit("/", 1)[-1]:
            text = self._text(file)
            references = [Reference("sitemap", "loc", target) for target in LOCATION.findall(text)]
        else:
            return
        address = self.places.address_of(file)
        for reference in references:
            if trouble := self.follow(address, reference):
                yield problem_of(file, reference, *trouble)

    def follow(self, address: str, reference: Reference) -> tuple[str, str] | None:
        """Return the code and the words for what is wrong with one reference, or nothing."""
        target = reference.target
        if not target:
            is_page = reference.attribute in ("href", "action")  # an empty one means this very page
            return None if is_page else ("empty-source", "is empty: the browser would fetch the page itself")
        if target.startswith("data:"):
            is_resource = reference.attribute in MAY_BE_DATA or reference.tag == "link"
            return None if is_resource else ("forbidden-scheme", "links to data")
        # What does not depend on the page is judged once for a whole site: its menus, above all.
        if not (target.startswith("/") or "://" in target):
            return self.judge(address, target)
        key = address.split("/", 3)[2], target
        if key not in self._judged:
            self._judged[key] = self.judge(address, target)
        return self._judged[key]

    def judge(self, address: str, target: str) -> tuple[str, str] | None:
        """Return what is wrong with an address that is not empty and holds no data, or nothing."""
        try:
            url = urljoin(address, target)
            parts = urlsplit(url)
        except ValueError as reason:
            return "malformed-link", f"is no address ({reason})"
        if trouble := malformed(target, parts.scheme, parts.netloc, unquote(parts.path)):
            return trouble
        place = self.places.find(url) if parts.netloc else None
        if place is None or not (place.file or place.trouble):
            return None
        if place.trouble:
            return place.code, place.trouble
        return self._missing_id(place.file, unquote(parts.fragment.split(":~:")[0]))

    def _missing_id(self, file: str, fragment: str) -> tuple[str, str] | None:
        if fragment in ON_TOP:
            return None
        if file.endswith(".svg") and file not in self.ids:
            self.ids[file] = read_page(self.folder, file).ids
        if file not in self.ids or fragment in self.ids[file]:
            return None
        return "broken-fragment", f"names no id in {file}"

    def _text(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8", errors="replace")


def malformed(target: str, scheme: str, host: str, path: str) -> tuple[str, str] | None:
    """Return what is wrong with the form of an address, wherever it leads."""
    if scheme not in SCHEMES:
        return "forbidden-scheme", f"uses {scheme}:, and only {', '.join(SCHEMES)} are allowed"
    if re.search(r"[\s<>\"]", target):
        return "malformed-link", "holds a space or a sign that should be percent-encoded"
    if scheme in ("http", "https", "webcal") and not HOST.match(host):
        return "malformed-link", "has no proper host name"
    if scheme == "mailto" and not all(POST.match(part) for part in path.split(",")):
        return "malformed-link", "holds no proper mail address"
    if scheme == "tel" and not TELEPHONE.match(path.partition(";")[0]):
        return "malformed-link", "holds no proper telephone number"
    return None


def problem_of(file: str, reference: Reference, code: str, words: str) -> Problem:
    """Put a problem in one sentence that a developer can search the page for."""
    where = f"<{reference.tag} {reference.attribute}>"
    return Problem(file, code, f'{where} "{reference.target[:120]}" {words}')
