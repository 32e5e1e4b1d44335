"""pretix over HTTP: asked again when it is busy, never believed when it answers with something else.

What a newcomer would get wrong: a list is not a snapshot, so a list that moved between two pages is read again; pages are
counted, `next` is never followed, so that a token goes to the configured host only; and pretix says 403, not 404, for an
organizer or event that does not exist.
"""

import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Self, TypeVar

import httpx
import msgspec

from etalage.adapters import _clean
from etalage.model.errors import Refused, Stale, Unavailable

PAGE = 50
"""Rows a page; pretix gives no more, whatever is asked (2026.8)."""
TRIES = 4
PAUSE = 0.5
"""Seconds before the second try, doubled before each further one, then cut by chance so that readers spread."""
LONGEST_PAUSE = 60.0
"""Seconds that we let pretix make us wait (Retry-After); pretix.eu allows 360 calls a minute and organizer."""
SETTLED = 60.0
"""Last-Modified counts whole seconds: it names a list for sure only when the last change is well past (RFC 9110 §8.8.2.2)."""
_PASSING = frozenset({408, 429, 500, 502, 503, 504})


T = TypeVar("T")


class _Page(msgspec.Struct):
    count: int
    next: str | None
    results: tuple[msgspec.Raw, ...]


class _Kept(msgspec.Struct, frozen=True):
    modified: str
    body: bytes


class PretixClient:
    """Reads what one token may read of one organizer, inside a `with` block."""

    def __init__(
        self,
        base_url: str,
        organizer: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        timeout: float = 30.0,
        longest: float = LONGEST_PAUSE,
    ) -> None:
        self.base_url = _clean.address(base_url).rstrip("/")
        self.organizer = _clean.identifier(organizer)
        if not (token.isascii() and token.isprintable() and token.strip()):
            raise Refused("token_wrong", "the token is empty or holds signs that no token has; copy it again")
        self._sleep, self._chance, self._longest = sleep, chance, longest
        self._kept: dict[str, _Kept] = {}
        self._open = partial(
            httpx.Client,
            base_url=f"{self.base_url}/api/v1/organizers/{self.organizer}/",
            headers={
                "Authorization": f"Token {token.strip()}",
                "Accept": "application/json",
                "User-Agent": "Etalage",
            },
            timeout=httpx.Timeout(timeout, connect=10),
            transport=transport,
        )

    def __enter__(self) -> Self:
        """Keep one connection for all that is asked inside the block."""
        self._http = self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def one(self, path: str, kind: type[T]) -> T:
        """Read one thing."""
        return self._read(self._get(path), kind, path)

    def find(self, path: str, kind: type[T], query: Mapping[str, str] = {}, *, none: frozenset[int] = frozenset({404})) -> T | None:  # fmt: skip
        """Read one thing that may not be there: then pretix answers one of `none` (403 for an event that does not exist)."""
        answer = self._ask(str(httpx.URL(path, params=query)), {})
        if answer.status_code in none and "json" in answer.headers.get("content-type", ""):
            return None
        self._accept(answer, path, further=False)
        return self._read(answer.content, kind, path)

    def send(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Send once what may change something, and never again by itself. Raises what httpx raises; judges no answer.

        Without an idempotency key: pretix keeps one locked for a day when its worker dies (docs/decisions/0035).
        """
        return self._http.request(method, path, json=body, headers={"Accept-Language": "en"})

    def count(self, path: str, **query: str) -> int:
        """Count a list without reading it."""
        return self._read(self._get(path, query | {"page_size": "1"}), _Page, path).count

    def all(
        self,
        path: str,
        kind: type[T],
        key: Callable[[T], object],
        query: Mapping[str, str] = {},
        *,
        keep: bool = False,
    ) -> tuple[T, ...]:
        """Read a whole list, each row once; again when it moved while we read, until it is whole.

        `keep`: the list carries Last-Modified; then ask only whether it changed since we last read it.
        """
        for _ in range(TRIES):
            try:
                return self._leaf_through(path, kind, key, keep, query)
            except Stale:
                continue
        raise Unavailable("source_restless", f"{path} of pretix changed at each of {TRIES} readings; try again later")

    def _leaf_through(
        self, path: str, kind: type[T], key: Callable[[T], object], keep: bool, query: Mapping[str, str]
    ) -> tuple[T, ...]:
        found: dict[object, T] = {}
        number, more, count = 0, True, None
        while more:
            number += 1
            paging = {**query, "page_size": str(PAGE), "page": str(number)}
            page = self._read(self._get(path, paging, keep), _Page, path)
            rows = [self._read(raw, kind, path) for raw in page.results]
            found.update((key(row), row) for row in rows)
            moved = count not in (None, page.count) or (not rows and page.next)
            if moved:
                raise Stale("source_moved", f"{path} changed while we read it")
            count, more = page.count, bool(page.next)
        if len(found) != count:
            raise Stale("source_moved", f"{path} has {count} rows, we saw {len(found)}")
        return tuple(found.values())

    def _get(self, path: str, query: Mapping[str, str] = {}, keep: bool = False) -> bytes:
        url = str(httpx.URL(path, params=query))
        kept = self._kept.get(url) if keep else None
        answer = self._ask(url, {"If-Modified-Since": kept.modified} if kept else {})
        if kept and answer.status_code == 304:
            return kept.body
        self._accept(answer, path, query.get("page", "1") != "1")
        if keep and _is_settled(answer.headers):
            self._kept[url] = _Kept(answer.headers["last-modified"], answer.content)
        return answer.content

    def _ask(self, url: str, headers: dict[str, str]) -> httpx.Response:
        """Ask until there is an answer that waiting does not improve; reading twice does no harm."""
        failure = Unavailable("source_silent", f"pretix at {self.base_url} was not asked")
        for attempt in range(TRIES):
            pause = PAUSE * 2**attempt * (0.5 + self._chance() / 2)
            try:
                answer = self._http.get(url, headers=headers)
            except httpx.RequestError as error:
                failure = Unavailable("source_silent", f"pretix at {self.base_url} does not answer ({str(error) or 'time is up'}); try again later")  # fmt: skip
                failure.__cause__ = error
            else:
                if answer.status_code not in _PASSING:
                    return answer
                failure = Unavailable("source_silent", f"pretix at {self.base_url} answers {answer.status_code}; try again later")  # fmt: skip
                asked = retry_after(answer.headers)
                if asked > self._longest:
                    break
                pause = max(pause, asked)
            if attempt + 1 < TRIES:
                self._sleep(pause)
        raise failure

    def _read(self, body: bytes | msgspec.Raw, kind: type[T], path: str) -> T:
        try:
            return msgspec.json.decode(body, type=kind, strict=False)
        except msgspec.ValidationError as error:
            raise Unavailable("source_unreadable", f"pretix answers {path} in a form we do not know: {error}; tell Etalage's developers which version it is") from error  # fmt: skip
        except msgspec.DecodeError as error:
            raise Unavailable("source_cut_off", f"the answer of pretix at {self.base_url} to {path} is no whole JSON; try again") from error  # fmt: skip

    def _accept(self, answer: httpx.Response, path: str, further: bool) -> None:
        """Pass an answer that is one; translate the others into what to do."""
        what = path or "the organizer"
        status, where = answer.status_code, self.base_url
        if answer.has_redirect_location:
            raise Unavailable("source_refused", f"{where} sends us on to {answer.headers['location'][:200]!r}; write pretix' own address as url")  # fmt: skip
        if "json" not in answer.headers.get("content-type", ""):
            raise Unavailable("source_is_page", f"{where} answers {what} with a web page ({status}), not with data; is url the address of pretix itself?")  # fmt: skip
        if status == 401:
            raise Refused("token_wrong", f"pretix at {where} does not know this token; make one under Teams, API tokens, and put it in the environment")  # fmt: skip
        if status == 403:
            raise Refused("token_powerless", f"pretix at {where} does not let this token read {what}; check the organizer {self.organizer!r}, and that the token's team has all events")  # fmt: skip
        if status == 404 and further:
            raise Stale("source_moved", f"{path} became shorter while we read it")
        if status != 200:
            raise Refused("source_refused", f"pretix at {where} answers {what} with {status}; its version may be too old")  # fmt: skip


def retry_after(headers: httpx.Headers) -> float:
    """Seconds that the answer asks us to wait, written as a number or as a moment."""
    asked = headers.get("retry-after", "0")
    try:
        return float(asked)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(asked) - parsedate_to_datetime(headers["date"])).total_seconds()
    except (ValueError, TypeError, KeyError):
        return 0.0


def _is_settled(headers: httpx.Headers) -> bool:
    try:
        age = parsedate_to_datetime(headers["date"]) - parsedate_to_datetime(headers["last-modified"])
    except (KeyError, ValueError, TypeError):
        return False
    return age.total_seconds() >= SETTLED
