"""One visit to pretix: what is read and written while one verb is done, and what is known of it when something fails.

What a newcomer would get wrong: whether a failure was without effect depends on what the same visit sent before. Only when
nothing was written and the failing call provably did nothing is it `house_busy`; all doubt is `outcome_unknown`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
import msgspec

from etalage.adapters._pretix_client import PretixClient, retry_after
from etalage.adapters._pretix_sale import PretixOrder
from etalage.model.errors import Refused, Unavailable

WAIT = 5
"""Seconds to wait when pretix does not say; it says five itself when a lock is taken (api/exception.py)."""
ALL_POSITIONS = {"include_canceled_positions": "true"}
T = TypeVar("T")
UNREADABLE = frozenset({"source_unreadable", "source_cut_off", "source_is_page", "source_refused"})
"""Readings that brought something else than pretix' data."""
GONE = frozenset({403, 404})
"""An event that is not there (any more): pretix forbids what it does not know."""


class Desk:
    """Writes at pretix; `wrote`: something may have changed there."""

    def __init__(self, client: PretixClient) -> None:
        self.client, self.wrote = client, False

    def write(self, method: str, path: str, body: object = None, *, dry: bool = False) -> "Answer":
        """Send once. Gives every answer that is one (also 400 and 404); `dry`: pretix only pretends."""
        try:
            answer = self.client.send(method, path, body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise self.doubt("it cannot be reached") from error
        except httpx.RequestError as error:
            self.wrote |= not dry
            raise self.doubt("no answer came") from error
        status = answer.status_code
        if status in (409, 429):
            raise self.doubt("it is busy", retry_after(answer.headers))
        if status >= 500 or answer.is_redirect or not _is_data(answer):
            self.wrote |= not dry
            raise self.doubt(f"it answers {status}", readable=status >= 500)
        if status == 401:
            raise Refused("token_wrong", f"pretix at {self.client.base_url} does not know this token")
        if status == 403:
            raise Refused("token_powerless", f"pretix does not let this token {method} {path}; give its team the right to change orders")  # fmt: skip
        if status < 400 and not dry:
            self.wrote = True
        return Answer(status, answer.content)

    def order(self, code: str) -> PretixOrder | None:
        """An order of whatever event, with what was taken back of it; None when there is none."""
        return self.client.find(f"orders/{code}/", PretixOrder, ALL_POSITIONS)

    def doubt(self, why: str, wait: float = 0, *, readable: bool = True) -> Unavailable:
        """What to say of a failure, after what was sent before. Not `readable`: waiting will not mend it, staff must look."""
        say = f"pretix at {self.client.base_url}: {why}"
        detail = {"wait": str(round(wait) or WAIT)} | ({} if readable else {"why": "unreadable"})
        if self.wrote:
            return Unavailable("outcome_unknown", say, where=self.client.organizer, detail=detail)
        return Unavailable("house_busy", say, where=self.client.organizer, detail=detail)


class Answer(msgspec.Struct, frozen=True):
    """What pretix answered: 2xx, or why not."""

    status: int
    content: bytes

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.status < 400

    def read(self, kind: type[T], desk: Desk) -> T:
        """What was answered, as this."""
        try:
            return msgspec.json.decode(self.content, type=kind, strict=False)
        except msgspec.DecodeError as error:
            raise desk.doubt(f"it answers in a form we do not know ({error})", readable=False) from error

    def errors(self, desk: Desk) -> Mapping[str, Any]:
        """What was wrong, by field."""
        try:
            found = json.loads(self.content or b"{}")
        except ValueError as error:
            raise desk.doubt("it says no in a form we do not know", readable=False) from error
        return found if isinstance(found, dict) else {"detail": found}


@contextmanager
def visit(client: PretixClient) -> Iterator[Desk]:
    """Go to the desk; whatever stays unanswered there is one of the port's two words for it."""
    desk = Desk(client)
    try:
        yield desk
    except Unavailable as error:
        if not error.code.startswith("source_"):
            raise
        raise desk.doubt(error.say, readable=error.code not in UNREADABLE) from error


def _is_data(answer: httpx.Response) -> bool:
    return not answer.content or "json" in answer.headers.get("content-type", "")
