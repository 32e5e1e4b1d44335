"""GET /search: the search for visitors without JavaScript, on the page that the build wrote for those who have it.

The same form, filters, words and rows: the function fills them in where the script would. A filter that cannot be read is
named and left out, the rest counts.
"""

import html
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from etalage.catalogue.addresses import FOLDERS, Addresses
from etalage.model import moments
from etalage.model.errors import Refused, Unavailable
from etalage.search.desk import Desk
from etalage.search.filters import NAMES, SORTS, Filters, read, write
from etalage.search.finder import Answer, Finder
from functions import frames, search_form
from functions.search import LONGEST, desk_of
from functions.search_lines import Line, Words, count, line, unlisted, when

SIZE = 20
MOST_PAIRS = 100
MOST_ASKED, MOST_HELP, MOST_INSTEAD = 12, 4, 3
MOST_PAGES = 99
HEADERS = {"cache-control": "no-cache"}
ONE_OF_MANY = {**HEADERS, "x-robots-tag": "noindex"}
"""Where one can search may be found; the answers, without end, may not."""
_THEME = Path(__file__).parents[1] / "themes" / "base"


class Question(msgspec.Struct, frozen=True):
    """What a visitor asks; `unreadable` names filters of the address that say nothing."""

    text: str
    filters: Filters
    sort: str = ""
    page: int = 1
    unreadable: Sequence[str] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filters as they stand in an address."""
        return write(self.filters)

    def address(self, pairs: Iterable[tuple[str, str]] | None = None, page: int = 1) -> str:
        """The address of this question, with other filters or another page."""
        asked = [
            ("q", self.text),
            *(self.pairs if pairs is None else pairs),
            ("sort", self.sort),
            ("page", str(page) if page > 1 else ""),
        ]
        return "?" + urlencode([(name, value) for name, value in asked if value])


def question(given: Sequence[tuple[str, str]]) -> Question:
    """Read an address; what cannot be read is named and left out."""
    good, unreadable = [], []
    for name, value in given[:MOST_PAIRS]:
        for part in value.split(",") if name in NAMES else ():
            try:
                read([(name, part)])
                good.append((name, part))
            except Refused:
                unreadable.append(name)
    first = dict(reversed(given[:MOST_PAIRS]))
    sort, page = first.get("sort", ""), first.get("page", "1")
    if sort not in ("", *SORTS):
        unreadable.append("sort")
    if not (page.isascii() and page.isdigit() and 0 < int(page[:6]) <= MOST_PAGES):
        unreadable.append("page")
        page = "1"
    text = "".join(sign if sign.isprintable() else " " for sign in first.get("q", ""))[:LONGEST]
    return Question(text, read(good), sort if sort in SORTS else "", int(page), tuple(dict.fromkeys(unreadable)))


def search_page(request: Request, language: str = "") -> Response:
    """Answer with the site's search page, in its first language or in this one."""
    site, asked = request.path_params["site"], question(request.query_params.multi_items())
    try:
        answer = _Answering(desk_of(request), site, language, asked)
    except Refused as error:
        raise Refused("site_unknown", "There is no such site here.") from error
    first, page = _page(request.app.state.output / site, answer.language)
    base = f"/sites/{site}/" if request.url.path.startswith("/sites/") else "/"
    root = "../" * Addresses(answer.language, first).search().count("/")
    page = _speak(search_form.move(page, root, base), base, answer.language, asked)
    headers = ONE_OF_MANY if request.url.query else HEADERS
    return HTMLResponse(answer.draw(page, base), 400 if asked.unreadable else 200, headers)


def elsewhere(request: Request) -> Response:
    """/search on the server's own host: to the site that is named, else to the one that shows most."""
    finder, _ = desk_of(request).find(request.query_params.get("site", ""), "", "", Filters(), limit=0)
    rest = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "site"])
    return RedirectResponse(f"/sites/{finder.shelf.site}/search{'?' + rest if rest else ''}", 303)


class _Answering:
    """A question and its answer, while it is drawn."""

    def __init__(self, desk: Desk, site: str, language: str, asked: Question) -> None:
        self.desk, self.site, self.given, self.asked = desk, site, language, asked
        finder, self.answer = self.find(asked.text, asked.filters, SIZE, (asked.page - 1) * SIZE)
        pages = max(1, -(-self.answer.total // SIZE))
        if asked.page > pages:
            self.asked = msgspec.structs.replace(asked, page=pages)
            _, self.answer = self.find(asked.text, asked.filters, SIZE, (pages - 1) * SIZE)
        self.language, self.pages = finder.shelf.language, pages
        self.today = moments.local(desk.clock(), finder.shelf.timezone).date()

    def find(self, text: str, filters: Filters, limit: int, offset: int = 0) -> tuple[Finder, Answer]:
        """Ask the desk about this site."""
        sort = "" if self.asked.sort == "distance" and not filters.town else self.asked.sort
        return self.desk.find(self.site, self.given, text, filters, sort=sort, offset=offset, limit=limit)

    def draw(self, page: str, base: str) -> str:
        """The page with all of it."""
        words, asked, answer = search_form.words_of(page), self.asked, self.answer
        self.labels = search_form.labels_of(page)
        page = search_form.ask(page, asked.text, asked.pairs, asked.sort, words)
        page = search_form.count(page, answer.counts)
        chosen = self._chosen(words)
        page = page.replace("<agenda-search ", "<agenda-search data-answered ", 1)
        if chosen:
            page = page.replace(
                '<span class="search-number"></span>', f'<span class="search-number">({len(chosen)})</span>', 1
            )
        return search_form.put(page, {
            "total": html.escape(self._total(words)), "notices": self._notices(words),
            "chips": _macro("chips", [(label, href) for label, href, _ in chosen], asked.address(()), words),
            "list": self._list(words, base) if answer.total else self._help(words, base, chosen), "next": self._next(words),
        })  # fmt: skip

    def _total(self, words: Words) -> str:
        if self.answer.total:
            return count(words["total"], self.answer.total, self.language)
        return str(words["none_for"] % {"text": self.asked.text}) if self.asked.text else str(words["none"])

    def _notices(self, words: Words) -> str:
        said = [words["unreadable"] % {"name": words["names"].get(name, name)} for name in self.asked.unreadable]
        understood: Mapping[str, Any] = self.answer.understood
        if understood["corrected"] and self.answer.total:
            said.append(words["corrected"] % understood["corrected"])
        if understood["when"]:
            said.append(words["understood"] % {"when": when(understood["when"], words)})
        return "".join(_macro("notice", text) for text in said)

    def _chosen(self, words: Words) -> list[tuple[str, str, Filters]]:
        """Each filter that is on: its name, the address without it, and the filters without it."""
        pairs = self.asked.pairs
        found = []
        for pair in pairs:
            if pair[0] == "km" and not self.asked.filters.town:
                continue
            rest = read([other for other in pairs if other != pair])
            if not rest.town:
                rest = msgspec.structs.replace(rest, km=None)
            label = self.labels.get(pair) or unlisted(*pair, words)
            found.append((label, self.asked.address(write(rest)), rest))
        return found

    def _lines(self, answer: Answer, words: Words) -> list[Line]:
        return [line(result, words, self.today) for result in answer.results]

    def _list(self, words: Words, base: str) -> str:
        rows = "".join(_macro("found", base, one) for one in self._lines(self.answer, words))
        return f'<ul class="rows">{rows}</ul>'

    def _help(self, words: Words, base: str, chosen: Sequence[tuple[str, str, Filters]]) -> str:
        totals = [
            (label, href, self.find(self.asked.text, rest, 0)[1].total) for label, href, rest in chosen[:MOST_ASKED]
        ]
        without = [(words["without"] % {"name": label}, href, total) for label, href, total in totals if total]
        nearest = self.find("", self.asked.filters, MOST_INSTEAD)[1] if self.asked.text else None
        if nearest is None or not nearest.total:
            _, nearest = self.find("", Filters(), MOST_INSTEAD)
        best = sorted(without, key=lambda one: -one[2])[:MOST_HELP]
        return _macro("search_help", base, best, self._lines(nearest, words), words)

    def _next(self, words: Words) -> str:
        if self.pages < 2:
            return ""
        here = self.asked.page
        parts = [f"<span>{html.escape(words['page'] % {'number': here, 'of': self.pages})}</span>"]
        if here > 1:
            parts.insert(0, _way(self.asked.address(page=here - 1), words["previous"], "prev"))
        if here < self.pages:
            parts.append(_way(self.asked.address(page=here + 1), words["next"], "next"))
        return " ".join(parts)


def _way(href: str, label: str, rel: str) -> str:
    return f'<a class="button button-quiet" rel="{rel}" href="{html.escape(href)}">{html.escape(label)}</a>'


def _macro(name: str, *values: object) -> str:
    """A component of the theme, drawn."""
    folder = name.replace("_", "-")
    template = frames.templates(_THEME).get_template(f"components/{folder}/{folder}.html")
    return str(getattr(template.module, name)(*values))


def _page(folder: Path, language: str) -> tuple[bool, str]:
    """The search page that the build wrote, and whether its language is the site's first."""
    for first in (True, False):
        file = folder / Addresses(language, first).search() / "index.html"
        if file.is_file():
            return first, file.read_text("utf-8")
    raise Unavailable("search_missing", "the search page is not built yet")


def _speak(page: str, base: str, language: str, asked: Question) -> str:
    """Other languages lead to this same question; the title says what it is."""
    for other, folder in FOLDERS["search"].items():
        for prefix in ("", f"{other}/") if other != language else ():
            way = html.escape(f"{base}{prefix}search{asked.address()}")
            page = page.replace(f'href="{base}{prefix}{folder}/"', f'href="{way}"')
    return page.replace("<title>", f"<title>{html.escape(asked.text)} · ", 1) if asked.text else page


def routes(root: str = "") -> list[Route]:
    """The page in a site's first language and in each of the others; `root` is the way to a site under a path."""
    others = [Route(f"{root}/{code}/search", partial(search_page, language=code)) for code in FOLDERS["search"]]
    return [Route(f"{root}/search", search_page), *others]
