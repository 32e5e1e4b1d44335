"""What goes out when the answer is no: a problem (RFC 9457) for scripts, a page in the site's look for people."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etalage.model.errors import EtalageError, Refused, Stale, Unavailable
from etalage.model.words import pick
from etalage.sales.discretion import for_visitors
from functions import frames, shelves
from functions.shelves import Voice

STATUS = {
    "list_unknown": 404, "site_unknown": 404, "calendar_missing": 404, "secret_wrong": 403, "cross_site": 403, "too_many": 429, "content_type_wrong": 415,
    "body_too_large": 413, "body_unreadable": 400,
    "order_unknown": 404, "link_unknown": 404, "payment_absent": 404, "provider_unknown": 404, "webhook_forged": 400, "discount_refused": 409, "discount_changed": 409, "discount_over": 409, "discount_used": 409, "discount_silent": 503, "key_missing": 400,
    "house_silent": 503, "payment_silent": 503, "sold_out": 409, "hold_gone": 409, "price_changed": 409, "sale_closed": 409,
    "request_unknown": 404, "not_requested_here": 404, "request_over": 409, "request_changed": 409,
    "filter_unreadable": 400, "filter_unknown": 400, "language_unknown": 400, "waiting": 503, "turn_wrong": 403, "turn_lost": 403, "room_unknown": 404,
}  # fmt: skip
"""Whatever else is refused is a 422: we understood, and it cannot be done."""
PRIVATE = {"cache-control": "no-store", "referrer-policy": "same-origin", "x-robots-tag": "noindex"}
"""For all that is behind a token: kept nowhere, found by nobody, and told to no other site."""


def refuse(request: Request, error: Exception) -> Response:
    """The app's answer to an error of ours."""
    if not isinstance(error, EtalageError):
        raise error
    error = for_visitors(error)
    status = STATUS.get(error.code, 503 if isinstance(error, Unavailable) else 409 if isinstance(error, Stale) else 422)
    headers = dict(PRIVATE)
    if status in (429, 503):
        headers["retry-after"] = error.detail.get("wait", "5")
    voice, place = voice_of(request)
    words = words_of(error, voice)
    if isinstance(error, Unavailable):  # its own words are for staff
        words = voice.say("We cannot look that up now. Try again in a moment.")
    if place and "/api/" not in request.url.path and "text/html" in request.headers.get("accept", ""):
        return frames.page(request, place, "refused.html", status, headers, heading=words, code=error.code)
    where = error.where if isinstance(error, Refused) and status != 404 else ""
    return problem(status, error.code, words, headers, where=where)


def explain(error: EtalageError, voice: Voice) -> str:
    """Why not, in the visitor's words, for a page that goes on: what a silent house or a house's system says is for its staff."""
    if isinstance(error, Unavailable):
        return voice.say("The house does not answer now. Try again in a moment.")
    return words_of(for_visitors(error), voice)


def words_of(error: EtalageError, voice: Voice) -> str:
    """What a visitor reads: ours, or what the system of their pass has to say to them, word for word."""
    if error.code == "discount_refused" and (own := pick(error.detail, (voice.language, "nl"))[0]):
        return own
    return voice.say(error.say, **error.detail)


def stopped(request: Request, error: Exception) -> Response:
    """The app's answer when there is no such way, or not by this method; and when we broke."""
    del request
    status, title, headers = (
        (error.status_code, error.detail, error.headers) if isinstance(error, HTTPException) else (500, "", None)
    )
    return problem(status, {404: "not_found", 405: "method_not_allowed"}.get(status, "error"), title, headers)


def problem(
    status: int, code: str, title: str, headers: Mapping[str, str] | None = None, *, where: str = ""
) -> Response:
    """Tell what is wrong as application/problem+json (RFC 9457); `where`: the house, date or field that it is about."""
    body = {"type": "about:blank", "title": title, "status": status, "code": code} | ({"where": where} if where else {})
    return JSONResponse(body, status_code=status, headers=headers, media_type="application/problem+json")


def voice_of(request: Request) -> tuple[Voice, frames.Place | None]:
    """The words for who asks, and where they are; without a site of its own, the words of the first."""
    try:
        place = frames.place_of(request, strict=False)
    except EtalageError:
        known = shelves.of(request).sites()
        return Voice(shelves.of(request).shelf(known[0], frames.spoken(request)) if known else None), None
    return Voice(place.shelf), place
