"""GET /api/search: what is on, by words and filters, for scripts. docs/reference/search.md describes it.

The page /search for visitors without JavaScript asks the same desk, and so does a calendar to follow.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.errors import Refused, Unavailable
from etalage.search.desk import Desk
from etalage.search.filters import SORTS, read, whole

LONGEST = 200
"""Letters of a question that are read."""
MOST, MOST_DATES = 100, 1000


def search(request: Request) -> Response:
    """Answer in JSON."""
    asked = request.query_params
    sort = asked.get("sort", "")
    if sort and sort not in SORTS:
        raise Refused("filter_unreadable", f"sort={sort[:40]!r} cannot be read: write {', '.join(SORTS)}", where="sort")
    finder, answer = desk_of(request).find(
        asked.get("site") or request.path_params.get("site", ""), asked.get("language", ""), asked.get("q", "")[:LONGEST],
        read(asked.multi_items()), sort=sort, offset=whole("offset", asked.get("offset") or "0", 0, 99_999),
        limit=whole("limit", asked.get("limit") or "20", 1, MOST), most_dates=MOST_DATES,
    )  # fmt: skip
    body = {
        "total": answer.total, "results": finder.for_scripts(answer), "counts": answer.counts, "understood": answer.understood,
    }  # fmt: skip
    return JSONResponse(body, headers={"cache-control": "no-store"})


def desk_of(request: Request) -> Desk:
    """The information desk of this server; without one, Unavailable `search_missing`."""
    desk: Desk | None = request.app.state.desk
    if desk is None:
        raise Unavailable("search_missing", "this server has no search")
    return desk
