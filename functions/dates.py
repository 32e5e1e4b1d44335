"""GET /api/agenda.ics: the dates of a site that fit any filter, to follow in one's own calendar.

    /api/agenda.ics?site=langsdeelve&genre=jazz&genre=klassiek&weekday=5&free=1

The same name twice means either; two names mean both. It reads the agenda.ics that the build left, in which every date says what
it can be filtered by (X-ETALAGE-FACETS, plugins/feeds/calendars.py), so it needs no index and is as fresh as the site.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

NAMED = ("genre", "house", "venue", "kind", "weekday")
MARKS = ("free", "uitpas", "weekend", "adapted")
OTHERS = ("site", "language")
_EVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_FACETS = re.compile(rb"^X-ETALAGE-FACETS:(.*)\r$", re.MULTILINE)
_NAME = re.compile(rb"^(NAME|X-WR-CALNAME):((?:.|\r\n )*?)\r\n(?! )", re.MULTILINE)
_PLAIN = re.compile(r"[a-z0-9.-]{1,80}")
MOST = 20
"""So many values in one filter; nobody ticks more."""


def agenda(request: Request) -> Response:
    """A calendar of what fits."""
    asked = request.query_params.multi_items()
    unknown = sorted({name for name, _ in asked} - {*NAMED, *MARKS, *OTHERS})
    if unknown:
        return _refuse("filter_unknown", f"there is no filter {unknown[0]!r}; there are {', '.join((*NAMED, *MARKS))}")
    wrong = [value for name, value in asked if name not in OTHERS and not _PLAIN.fullmatch(value)]
    if wrong or len(asked) > MOST:
        return _refuse(
            "filter_wrong", f"{wrong[0][:80]!r} is no value of a filter" if wrong else "too many filters at once"
        )
    content = _calendar(request)
    filters: dict[str, set[str]] = {}
    for name, value in asked:
        if name in NAMED or (name in MARKS and value not in ("0", "false")):
            filters.setdefault(name, set()).add(f"{name}={value}" if name in NAMED else name)
    head, *_ = _EVENT.split(content, maxsplit=1)
    kept = [event for event in _EVENT.findall(content) if _fits(event, filters)]
    if filters:
        head = _NAME.sub(lambda found: _renamed(found, filters), head)
    body = b"".join((head, *kept, b"END:VCALENDAR\r\n")) if _EVENT.search(content) else content
    headers = {"cache-control": "public, max-age=900", "access-control-allow-origin": "*"}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _calendar(request: Request) -> bytes:
    """The calendar of all dates of the site that was asked for, by its host or by name."""
    output: Path = request.app.state.output
    site = request.path_params.get("site") or request.query_params.get("site", "")
    language = request.query_params.get("language", "")
    if not _PLAIN.fullmatch(site) or ".." in site or not re.fullmatch(r"([a-z]{2})?", language):
        raise HTTPException(404, "which site? write site= and its name")
    for folder in (output / site / language, output / site):
        file = folder / "agenda.ics"
        if file.is_file():
            return file.read_bytes()
    raise HTTPException(404, f"{site} has no calendar")


def _fits(event: bytes, filters: Mapping[str, set[str]]) -> bool:
    found = _FACETS.search(event.replace(b"\r\n ", b""))
    facets = set(found[1].decode().split(";")) if found else set()
    return all(not wanted.isdisjoint(facets) for wanted in filters.values())


def _renamed(found: re.Match[bytes], filters: Mapping[str, set[str]]) -> bytes:
    """The calendar's name with what it was filtered by, in lines of at most 75 bytes (RFC 5545, 3.1)."""
    words = " + ".join(sorted(value.partition("=")[2] or value for wanted in filters.values() for value in wanted))
    name = found[2].replace(b"\r\n ", b"").decode()
    line = f"{found[1].decode()}:{name} · {words}"
    return "".join(f"{part}\r\n" for part in _folded(line)).encode()


def _folded(line: str) -> Iterator[str]:
    start, size = 0, 0
    for at, sign in enumerate(line):
        size += len(sign.encode())
        if size > 74:
            yield (" " if start else "") + line[start:at]
            start, size = at, len(sign.encode()) + 1
    yield (" " if start else "") + line[start:]


def _refuse(code: str, detail: str) -> Response:
    body = {"type": "about:blank", "title": detail, "status": 400, "code": code}
    return JSONResponse(body, status_code=400, media_type="application/problem+json")
