"""What comes in: a body of the right kind and size, from a page of ours, from somebody who does not knock too often."""

import hmac
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar, get_origin
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.requests import Request

from etalage.model.errors import Refused

LARGEST = 32_000
"""Bytes of a body: sixty of the longest ids and a name fit."""
FIELDS = 200
"""Fields of a form."""
KNOWN = 20_000
"""Visitors we count at a time; the one we heard least of lately is forgotten."""

_Kind = TypeVar("_Kind")


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong with a field, and where it is."""

    field: str
    words: str


class Limits:
    """How often one client may ask. Kept in memory only: an address is known by a keyed digest that dies with the process.

    `ticks` gives seconds that only go forward; `key` should be new for every process.
    """

    def __init__(self, key: bytes, ticks: Callable[[], float] = time.monotonic) -> None:
        self._key, self._ticks, self._lock = key, ticks, Lock()
        self._asked: OrderedDict[bytes, list[float]] = OrderedDict()

    def count(self, what: str, client: str, most: int, seconds: int, *, look: bool = False) -> None:
        """Count one; refuses `too_many` when there were `most` in so many seconds before it. `look`: only see whether there were."""
        now = self._ticks()
        name = hmac.digest(self._key, f"{what} {_network(client)}".encode(), "sha256")
        with self._lock:
            times = [moment for moment in self._asked.pop(name, []) if moment > now - seconds]
            self._asked[name] = times
            if len(self._asked) > KNOWN:
                self._asked.popitem(last=False)
            if len(times) >= most:
                wait = int(times[0] + seconds - now) + 1
                raise Refused("too_many", "That was a lot at once. Try again in a moment.", detail={"wait": str(wait)})
            if not look:
                times.append(now)


async def read_json(request: Request, kind: type[_Kind]) -> _Kind:
    """A JSON body as `kind`, a closed struct: an unknown field is refused, with its name."""
    body = await _body(request, "application/json")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": str(error)[:300]}) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("body_unreadable", "This is no JSON.") from error


async def read_form(request: Request, kind: type[_Kind]) -> _Kind:
    """A form as `kind`: a field that may be there often is a tuple, and a table has all that are called "its name.something"."""
    body = await _body(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError as error:
        raise Refused("body_unreadable", "This form cannot be read.") from error
    found: dict[str, str | list[str] | dict[str, str]] = {}
    fields = msgspec.structs.fields(kind)  # type: ignore[arg-type]
    tables = {field.name: dict[str, str]() for field in fields if get_origin(field.type) is dict}
    lists = {field.name for field in fields if field.type is not str} - tables.keys()
    for name, value in pairs:
        table, _, key = name.partition(".")
        if key and table in tables:
            tables[table][key] = value
            continue
        if name in lists:
            several = found.setdefault(name, [])
            if isinstance(several, list):
                several.append(value)
        elif found.setdefault(name, value) != value:
            raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": f"two of {name[:50]}"})
    try:
        return msgspec.convert(found | tables, kind)
    except msgspec.ValidationError as error:
        raise Refused("body_wrong", "This is not what we expect: %(why)s", detail={"why": str(error)[:300]}) from error


def from_our_page(request: Request) -> None:
    """Refuse `cross_site` what another site's page sends. No browser, no origin: a script may ask for itself.

    Browsers say where a request comes from (Sec-Fetch-Site, else Origin: fetch.spec.whatwg.org), and pages cannot change that.
    """
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    ours = site in ("same-origin", "none") if site else not origin or urlsplit(origin).netloc == request.url.netloc
    if not ours:
        raise Refused("cross_site", "Another site sent this, not a page of ours.")


def client_of(request: Request) -> str:
    """The address that asked."""
    return request.client.host if request.client else ""


async def _body(request: Request, kind: str) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise Refused("content_type_wrong", "Send this as %(kind)s.", detail={"kind": kind})
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise Refused("body_too_large", "This is too much to read.")
    return body


def _network(client: str) -> str:
    """One visitor's addresses: an IPv4 address, or the /64 that a house gets in IPv6."""
    if ":" not in client:
        return client
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
    return str(address)
