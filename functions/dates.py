"""GET /api/agenda.ics: the dates that answer a question, to follow in one's own calendar.

    /api/agenda.ics?site=langsdeelve&genre=jazz&genre=klassiek&day=5&price=0

It asks what /api/search asks (docs/reference/search.md) and cuts the agenda.ics that the build left to the dates that were found,
so that a date is the same event in both.
"""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from etalage.model import icalendar
from etalage.model.errors import Refused
from etalage.search.filters import NAMES, read
from etalage.search.finder import Finder
from functions.search import LONGEST, desk_of

OTHERS = ("q", "site", "language")
ALL = 1_000_000
HEADERS = {"cache-control": "public, max-age=900", "access-control-allow-origin": "*"}
_EVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_UID = re.compile(r"^(UID:.*)\r$", re.MULTILINE)
_NAME = re.compile(r"^(NAME|X-WR-CALNAME):((?:.|\r\n )*?)\r\n(?! )", re.MULTILINE)


def agenda(request: Request) -> Response:
    """A calendar of what was found. A filter that we do not know is refused: its calendar would be followed for years."""
    asked = request.query_params.multi_items()
    unknown = sorted({name for name, _ in asked}.difference(NAMES, OTHERS))
    if unknown:
        known = ", ".join(("q", *NAMES))
        raise Refused("filter_unknown", f"there is no filter {unknown[0][:40]!r}; there are {known}", where=unknown[0])
    text = request.query_params.get("q", "")[:LONGEST]
    site = request.path_params.get("site") or request.query_params.get("site", "")
    language = request.query_params.get("language", "")
    finder, answer = desk_of(request).find(site, language, text, read(asked), limit=ALL, most_dates=ALL)
    content = _calendar(request.app.state.output / finder.shelf.site, finder.shelf.language)
    wanted = {_uid(date["performance"], finder.shelf.site) for result in answer.results for date in result["dates"]}
    events = _EVENT.findall(content)
    if not events:
        return Response(content, media_type="text/calendar; charset=utf-8", headers=HEADERS)
    head, *_ = _EVENT.split(content, maxsplit=1)
    named = _named(head.decode(), [text, *_values(asked, finder)]).encode()
    body = b"".join((named, *(event for event in events if _uid_of(event) in wanted), b"END:VCALENDAR\r\n"))
    return Response(body, media_type="text/calendar; charset=utf-8", headers=HEADERS)


def _calendar(site: Path, language: str) -> bytes:
    """The calendar of all dates, in this language; the site's first one has no folder."""
    for folder in (site / language, site):
        if (folder / "agenda.ics").is_file():
            return (folder / "agenda.ics").read_bytes()
    raise Refused("calendar_missing", f"{site.name} has no calendar", where="site")


def _uid(performance: str, site: str) -> str:
    return f"UID:{icalendar.text(performance)}@{site}.etalage"


def _uid_of(event: bytes) -> str:
    found = _UID.search(event.replace(b"\r\n ", b"").decode())
    return found[1] if found else ""


def _values(asked: list[tuple[str, str]], finder: Finder) -> list[str]:
    """What was filtered by, by its name where it has one."""
    table = finder.shelf.table
    names = {("venue", place.id): place.name for place in table.venues}
    for name, pairs in (("genre", table.genres), ("house", table.houses), ("town", table.towns)):
        names |= {(name, key): shown for key, shown in pairs}
    return [
        names.get((name, value), name if value == "1" and name != "day" else value)
        for name, several in asked
        if name in NAMES
        for value in several.split(",")
    ]


def _named(head: str, words: list[str]) -> str:
    """The calendar's name, and what it was cut to."""
    said = icalendar.text(" + ".join(filter(None, words)))

    def rename(found: re.Match[str]) -> str:
        name = found[2].replace("\r\n ", "")
        return "".join(f"{part}\r\n" for part in icalendar.fold(f"{found[1]}:{name} · {said}"))

    return _NAME.sub(rename, head) if said else head
