"""UiTPAS on the wire: a token that is kept and renewed once, time limits, and what each kind of answer means for us.

Sources: publiq's API description 4.0 and its guides on client tokens and errors. What a newcomer would get wrong: the number of a pass stands
in the address of a question, so addresses are never logged, and no error of the HTTP library leaves this file.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import msgspec

from etalage.model.errors import Refused, Unavailable

ASKING = httpx.Timeout(3.0, connect=2.0)
"""Somebody waits with a phone in their hand."""
WRITING = httpx.Timeout(8.0, connect=2.0)
EARLY = timedelta(minutes=5)
"""A token is renewed so long before its end: clocks differ."""
PASSING = frozenset({502, 503})
DOMAIN = "https://api.publiq.be/probs/uitpas/"


class Problem(msgspec.Struct, frozen=True):
    """An answer that is no. `status` may come as a text."""

    type: str = ""
    endUserMessage: Mapping[str, str] = {}  # noqa: N815 - as publiq spells it


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: int = 3600


class _Discreet(logging.Filter):
    """The HTTP library logs every address, and with it whose pass was asked about."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "uitpasNumber" not in record.getMessage()


logging.getLogger("httpx").addFilter(_Discreet())


class UitpasLine:
    """One account at UiTPAS. `api` and `accounts`: where the API and the token server stand."""

    def __init__(
        self, house: str, client: str, secret: str, api: str, accounts: str, clock: Callable[[], datetime],
        transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self.house, self.clock = house, clock
        self._client, self._secret, self._api, self._accounts = client, secret, api, accounts
        kept = httpx.Limits(
            keepalive_expiry=2.0
        )  # a line that the other side closed meanwhile would leave a booking in doubt
        self._http = httpx.Client(transport=transport, follow_redirects=False, timeout=ASKING, limits=kept)
        self._lock = threading.Lock()
        self._token, self._until = "", clock()

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def get(self, path: str, query: Mapping[str, str]) -> bytes:
        """Ask; once more when nobody was there. Raises as the port says."""
        for last in (False, True):
            try:
                return self._once("GET", path, query=query)
            except Unavailable as error:
                if last or error.detail.get("again") != "yes":
                    raise
        raise AssertionError("the second time is the last")

    def post(self, path: str, rows: object) -> bytes:
        """Write, and never twice: in doubt Unavailable `discount_unknown`."""
        return self._once("POST", path, body=json.dumps(rows, default=_euros).encode())

    def delete(self, path: str) -> None:
        """Take away; what is not there is gone."""
        self._once("DELETE", path)

    def _once(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> bytes:
        answer = self._send(method, path, query, body, self._bearer())
        if answer.status_code == 401:  # it was not done: with a new token it may be
            answer = self._send(
                method, path, query, body, self._bearer(instead_of=answer.request.headers["authorization"])
            )
        return self._judge(method, answer)

    def _send(
        self, method: str, path: str, query: Mapping[str, str] | None, body: bytes | None, bearer: str
    ) -> httpx.Response:  # fmt: skip
        headers = {"authorization": bearer, "accept": "application/json"}
        if body is not None:
            headers["content-type"] = "application/json"
        try:
            return self._http.request(
                method, self._api + path, params=query, content=body, headers=headers, timeout=ASKING if method == "GET" else WRITING
            )  # fmt: skip
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise self._busy("nobody is there", again="yes") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            again = method == "GET" and not isinstance(error, httpx.TimeoutException)
            if again:
                raise self._busy(type(error).__name__, again="yes") from None
            raise self._doubt(method, type(error).__name__) from None

    def _judge(self, method: str, answer: httpx.Response) -> bytes:
        status = answer.status_code
        if 200 <= status < 300 or (method == "DELETE" and status == 404):
            return answer.content
        if status in (401, 403):
            raise Refused("discount_locked", f"UiTPAS answers {status}: the account may not do this", where=self.house)
        if status == 429:
            raise self._busy("it is asked too much", wait=answer.headers.get("retry-after", ""))
        if status >= 500:
            if method == "GET" and status in PASSING:
                raise self._busy(f"it answers {status}", again="yes")
            raise self._doubt(method, f"it answers {status}")
        if 300 <= status < 400:
            raise Refused("discount_locked", "UiTPAS stands somewhere else: its address is wrong", where=self.house)
        problem = _problem(answer.content)
        say = f"UiTPAS says {problem.type.removeprefix(DOMAIN) or status}"
        raise Refused("discount_refused", say, where=self.house, detail=_words(problem))

    def _bearer(self, instead_of: str = "") -> str:
        """The token; who comes while it is renewed waits for the new one."""
        with self._lock:
            known = f"Bearer {self._token}"
            if self._token and known != instead_of and self.clock() < self._until - EARLY:
                return known
            token = self._renew()
            self._token, self._until = token.access_token, self.clock() + timedelta(seconds=token.expires_in)
            return f"Bearer {self._token}"

    def _renew(self) -> _Token:
        form = {"grant_type": "client_credentials", "client_id": self._client, "client_secret": self._secret}
        try:
            answer = self._http.post(f"{self._accounts}/realms/uitid/protocol/openid-connect/token", data=form)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise self._busy("its token server does not answer") from None
        if answer.status_code in (400, 401, 403):
            say = (
                "its token server does not know the account: the id or the secret is wrong, or of the other environment"
            )
            raise Refused("discount_locked", say, where=self.house)
        try:
            if answer.status_code == 200:
                return msgspec.json.decode(answer.content, type=_Token)
        except msgspec.DecodeError:
            pass
        raise self._busy(f"its token server answers {answer.status_code}")

    def _busy(self, why: str, **detail: str) -> Unavailable:
        return Unavailable("discount_busy", f"UiTPAS: {why}", where=self.house, detail=detail)

    def _doubt(self, method: str, why: str) -> Unavailable:
        """A question that was not answered changed nothing; of anything else nobody knows."""
        return Unavailable(
            "discount_busy" if method == "GET" else "discount_unknown", f"UiTPAS: {why}", where=self.house
        )


def _problem(content: bytes) -> Problem:
    try:
        return msgspec.json.decode(content, type=Problem, strict=False)
    except msgspec.DecodeError:
        return Problem()


def _words(problem: Problem) -> dict[str, str]:
    """What its holder should read, as plain text."""
    return {language: text for language, text in problem.endUserMessage.items() if language in ("nl", "fr", "de", "en")}


def _euros(amount: Any) -> float:
    """An amount as a JSON number: of two decimals, so that no binary fraction is seen."""
    if isinstance(amount, Decimal):
        return float(amount)
    raise TypeError(type(amount))
