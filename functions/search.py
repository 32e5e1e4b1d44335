"""GET /api/search: what is on, by words and filters, for scripts. docs/reference/search.md describes it.

The page /search for visitors without JavaScript asks the same desk.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.errors import EtalageError, Refused
from etalage.search.desk import Desk
from etalage.search.filters import SORTS, read, whole

LONGEST = 200
"""Letters of a question that are read."""
MOST, MOST_DATES = 100, 1000


def search(request: Request) -> Response:
    """Answer in JSON."""
    try:
        return JSONResponse(_answer(request), headers={"cache-control": "no-store"})
    except EtalageError as error:
        status = 503 if not isinstance(error, Refused) else 404 if error.code == "site_unknown" else 400
        body = {"type": "about:blank", "title": error.say, "status": status, "code": error.code}
        return JSONResponse(body, status_code=status, media_type="application/problem+json")


def _answer(request: Request) -> dict[str, Any]:
    desk: Desk | None = request.app.state.desk
    if desk is None:
        raise EtalageError("search_missing", "this server has no search")
    asked = request.query_params
    sort = asked.get("sort", "")
    if sort and sort not in SORTS:
        raise Refused("filter_unreadable", f"sort={sort[:40]!r} cannot be read: write {', '.join(SORTS)}", where="sort")
    finder, answer = desk.find(
        asked.get("site") or request.path_params.get("site", ""), asked.get("language", ""), asked.get("q", "")[:LONGEST],
        read(asked.multi_items()), sort=sort, offset=whole("offset", asked.get("offset") or "0", 0, 99_999),
        limit=whole("limit", asked.get("limit") or "20", 1, MOST), most_dates=MOST_DATES,
    )  # fmt: skip
    return {
        "total": answer.total, "results": finder.for_scripts(answer), "counts": answer.counts, "understood": answer.understood,
    }  # fmt: skip
