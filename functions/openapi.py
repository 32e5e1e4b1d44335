"""GET /api/openapi.json: the description of all of /api (OpenAPI 3.1), drawn from the bodies that the functions read and give."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse

from etalage.search.filters import NAMES, SORTS
from functions import checkout, contract, passes, quote, wishlist
from functions.answers import STATUS

SHAPES = "#/components/schemas/"
BODY = ("content_type_wrong", "body_too_large", "body_unreadable", "body_wrong")
SEARCH = ("filter_unreadable", "language_unknown", "site_unknown", "search_missing")
BASKET = (
    "performance_unknown", "basket_empty", "too_many_places", "quantity_wrong", "not_sold_here", "sale_closed", "tariff_unknown",
    "tariff_missing", "extra_alone", "extra_too_many", "enrol_whole",
)  # fmt: skip
ENROL = (
    "participants_differ", "participant_unnamed", "age_missing", "age_refused", "age_unusual", "answer_missing", "answer_wrong", "answer_long",
)  # fmt: skip
PASS = ("discount_over", "discount_used", "discount_refused", "discount_changed")
HOUSE = (
    "sold_out", "hold_gone", "price_changed", "too_few", "seat_unknown", "seat_twice", "line_unknown", "reference_used", "amount_wrong",
    "house_refused", "house_silent", "not_paid", "payment_silent", "payment_wrong", "payment_absent",
)  # fmt: skip
SILENT = (
    "house_busy",
    "outcome_unknown",
    "records_unavailable",
    "records_busy",
    "record_stale",
    "record_wrong",
)
SALE = ("sale_missing", *SILENT)
LIST = ("list_unknown", "too_many", "site_unknown", "records_unavailable", "records_busy")
IDS = ("list_empty", "list_too_long", "performance_unknown")
BUSY = frozenset(
    {*SILENT, "discount_busy", "discount_unknown", "sale_missing", "search_missing"} - {"record_stale", "record_wrong"}
)
"""What is a 503: ask again in a while. All other codes have their status in functions/answers.py."""


class Way(NamedTuple):
    """One method of one address: what it takes, what it gives with `status`, and the codes with which it refuses."""

    method: str
    path: str
    says: str
    gives: Any
    codes: tuple[str, ...] = ()
    takes: type | None = None
    asks: tuple[dict[str, Any], ...] = ()
    status: int = 200


def ask(name: str, says: str, /, *, place: str = "query", required: bool = False, **schema: Any) -> dict[str, Any]:
    """A parameter; a text unless the schema says otherwise."""
    told = {"name": name, "in": place, "description": says, "schema": {"type": "string", **schema}}
    return told | ({"required": True} if required or place == "path" else {})


ID = ask("p", "The id of a date; may come several times.", type="array", items={"type": "string"})
TOKEN = ask("token", "The word that nobody can guess.", place="path")
QUESTION = (
    ask("q", "Words; an empty one lists by date."), ask("site", "Whose agenda; else the site of the host."),
    ask("language", "Of two letters; else the site's first."), *(ask(name, "A filter: docs/reference/search.md.") for name in NAMES),
)  # fmt: skip
PAGE = (
    ask("sort", "Relevance with words, else date.", enum=["", *SORTS]),
    ask("limit", "Results, 20 if not said.", type=["integer", "string"], minimum=1, maximum=100, maxLength=0),
    ask("offset", "Results to pass over.", type=["integer", "string"], minimum=0, maximum=99_999, maxLength=0),
)
"""A form sends what was not filled in as an empty text, and that is no mistake."""
KEY = ask(
    "idempotency-key", "The same key and body are one order.", place="header", required=True, minLength=8, maxLength=200
)
SECRET = ask("authorization", "Bearer, and the secret that came with the list.", place="header")

WAYS = (
    Way("get", "/health", "Whether the functions are up, and since when each site stands.", contract.Health),
    Way("get", "/openapi.json", "This description.", dict[str, Any]),
    Way("get", "/search", "What is on, by words and filters.", contract.Found, SEARCH, asks=(*QUESTION, *PAGE)),
    Way("get", "/agenda.ics", "A calendar to follow.", "text/calendar", (*SEARCH, "filter_unknown", "calendar_missing"), asks=QUESTION),
    Way("get", "/availability", "What is left now, by id.", dict[str, contract.Left], ("too_many_ids", "sale_missing"), asks=(ID,)),
    Way("post", "/quote", "What a basket costs now.", contract.QuoteTold, ("too_many", *BODY, *BASKET, *PASS, *SALE), quote.QuoteBody),
    Way(
        "post", "/uitpas/tariffs", "What a pass may have of a price. Its number goes to the pass's own system, and stands nowhere.", contract.PassTold,
        ("too_many", "cross_site", *BODY, *BASKET, "pass_unreadable", "discount_not_here", "discount_refused", "discount_busy", "discount_unknown", *SALE),
        passes.PassBody,
    ),
    Way(
        "post", "/checkout", "Hold the places and say where to pay.", contract.CheckoutTold,
        ("too_many", "cross_site", *BODY, *BASKET, *PASS, "discount_silent", "discount_busy", "discount_unknown", *ENROL, *HOUSE, *SALE, "key_missing", "key_used", "email_wrong", "name_missing", "language_unknown", "waiting"),
        checkout.CheckoutBody, (KEY,), 201,
    ),
    Way(
        "get", "/waiting", "Where this session stands, when it has to wait; it is let in when it is its turn.", contract.WaitingTold,
        ("room_unknown", "turn_wrong", "turn_lost", *SALE), asks=(ask("room", "What the refusal `waiting` was about.", required=True),),
    ),
    Way("get", "/orders/{token}", "An order, as far as it is now.", contract.OrderTold, ("order_unknown", "too_many", *SALE), asks=(TOKEN,)),
    Way(
        "post", "/payments/{provider}/webhook", "A provider's own signed call: a hint to look.", contract.Nothing,
        ("webhook_forged", "provider_unknown", "body_too_large", *SALE), asks=(ask("provider", "Its name.", place="path"),),
    ),
    Way(
        "post", "/wishlists", "Share a list.", contract.WishlistMade, ("cross_site", "too_many", "site_unknown", *BODY, *IDS, "records_unavailable", "records_busy"),
        wishlist.MakeBody, status=201,
    ),
    Way("get", "/wishlists", "What these dates are now.", contract.WishedDates, ("site_unknown",), asks=(ID,)),
    Way("get", "/wishlists/{token}", "A shared list.", contract.WishlistTold, LIST, asks=(TOKEN,)),
    Way("delete", "/wishlists/{token}", "Take it away.", None, ("cross_site", "secret_wrong", "list_busy", *LIST), asks=(TOKEN, SECRET), status=204),
    Way(
        "post", "/wishlists/{token}/joins", "Tick dates as a friend.", contract.Joined,
        ("cross_site", *BODY, *IDS, "join_empty", "name_refused", "list_full", "list_busy", *LIST), wishlist.JoinBody, (TOKEN,), 201,
    ),
    Way(
        "post", "/wishlists/{token}/leave", "Withdraw a tick.", None, ("cross_site", *BODY, "list_busy", *LIST), wishlist.LeaveBody, (TOKEN,), 204,
    ),
)  # fmt: skip


def openapi(request: Request) -> JSONResponse:
    """The description."""
    del request
    return JSONResponse(document(), headers={"cache-control": "public, max-age=300"})


@cache
def document() -> Mapping[str, Any]:
    """All ways, in the words of OpenAPI 3.1."""
    kinds = {repr(kind): kind for way in WAYS for kind in (way.takes, way.gives) if kind and not isinstance(kind, str)}
    refs, shapes = msgspec.json.schema_components([*kinds.values(), contract.Problem], ref_template=SHAPES + "{name}")
    schemas = dict(zip(kinds, refs, strict=False))
    paths: dict[str, dict[str, Any]] = {}
    for way in WAYS:
        paths.setdefault(f"/api{way.path}", {})[way.method] = _operation(way, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Etalage", "version": "1", "description": "Amounts are in cents, moments ISO 8601."},
        "servers": [{"url": "/"}, {"url": "/sites/{site}", "variables": {"site": {"default": "site"}}}],
        "paths": paths,
        "components": {"schemas": shapes},
    }


def status_of(code: str) -> int:
    """With which status a code is answered."""
    return 503 if code in BUSY else STATUS.get(code, 409 if code in ("record_stale", "list_busy") else 422)


def _operation(way: Way, schemas: Mapping[str, Any]) -> dict[str, Any]:
    refusals: dict[int, list[str]] = {}
    for code in (*way.codes, *(("not_found",) if "{" in way.path else ())):
        refusals.setdefault(404 if code == "not_found" else status_of(code), []).append(code)
    body = {"requestBody": {"required": True, "content": _content(way.takes, schemas)}} if way.takes else {}
    if way.path.endswith("/webhook"):
        body = {"requestBody": {"content": {"*/*": {}}}}
    return {
        "summary": way.says,
        "operationId": f"{way.method}{way.path.translate(str.maketrans('/.{}-', '_____'))}",
        **({"parameters": list(way.asks)} if way.asks else {}),
        **body,
        "responses": {
            str(way.status): {
                "description": way.says,
                **({"content": _content(way.gives, schemas)} if way.gives else {}),
            },
            **{str(status): _refusal(codes) for status, codes in sorted(refusals.items())},
        },
    }


def _content(kind: Any, schemas: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(kind, str):
        return {kind: {"schema": {"type": "string"}}}
    return {"application/json": {"schema": schemas[repr(kind)]}}


def _refusal(codes: list[str]) -> dict[str, Any]:
    named = {"properties": {"code": {"enum": codes}}}
    schema = {"allOf": [{"$ref": f"{SHAPES}Problem"}, named]}
    return {"description": ", ".join(codes), "content": {"application/problem+json": {"schema": schema}}}
