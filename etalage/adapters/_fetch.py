"""Bytes from the content folder or the web. Whatever goes wrong is `Unavailable`, in words that say what to do.

Two doors. `read_file` and `read_url` are for sources that staff wrote in house.toml. `fetch_public` is for addresses that
others wrote (pictures): it resolves the name itself, refuses what is not on the public internet, and connects to the very
address it checked, so that a name cannot point elsewhere a moment later (DNS rebinding).
"""

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from etalage.adapters import _clean
from etalage.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    import httpx

MEGABYTE = 1_000_000
REDIRECTS = 5
PAUSES = (1.0, 4.0)
"""Seconds before the second and the third try."""
PATIENCE = 120.0
"""Seconds that one answer may take in all."""
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_NAT64 = ip_network("64:ff9b::/96")

Sleep = Callable[[float], None]
Resolve = Callable[[str, int], list[str]]


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, and the two names by which a web server knows whether it is still the same."""

    data: bytes
    etag: str = ""
    modified: str = ""


def read_file(content: Path, path: str, limit: int = 200 * MEGABYTE) -> bytes:
    """Read a file of the content folder; refuses `path_outside` what lies elsewhere, also through a link."""
    file = place(content, path)
    try:
        if file.stat().st_size > limit:
            raise _too_big(path, limit)
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise Unavailable("source_missing", f"there is no file {path} in {content.name}/; put it there or mend the path") from error  # fmt: skip
    except OSError as error:
        raise Unavailable("source_missing", f"{path} cannot be read: {error.strerror}") from error
    return _sound(data, path)


def place(content: Path, path: str) -> Path:
    """The place of a path in the content folder."""
    file = (content / path).resolve()
    if not path or not file.is_relative_to(content.resolve()):
        raise Refused("path_outside", f"{path!r} lies outside {content.name}/; put the file in the house's folder")
    return file


def read_url(url: str, *, known: Fetched | None = None, limit: int = 200 * MEGABYTE, sleep: Sleep = time.sleep) -> Fetched | None:  # fmt: skip
    """Read a feed; None when the server says that it is still what `known` was. Tries again after a passing failure."""
    import httpx

    headers = {"User-Agent": "Etalage", "Accept": "*/*"}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.modified:
        headers["If-Modified-Since"] = known.modified
    with httpx.Client(follow_redirects=True, max_redirects=REDIRECTS, timeout=20, headers=headers) as client:
        for pause in (*PAUSES, None):
            try:
                return _answer(client, url, limit)
            except Unavailable as error:
                if pause is None or not error.detail.get("passing"):
                    raise
                sleep(pause)
    raise AssertionError("the last try returns or raises")


def is_public(number: str) -> bool:
    """Say whether an IP number is on the public internet, and so is any that it wraps (mapped, 6to4, Teredo, NAT64)."""
    address = ip_address(number.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        wrapped = [address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            wrapped.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(is_public(str(one)) for one in wrapped if one):
            return False
    return address.is_global and not address.is_multicast


def resolve_name(host: str, port: int) -> list[str]:
    """The IP numbers of a host, in the order in which to try them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetch_public(
    url: str,
    limit: int = 20 * MEGABYTE,
    timeout: float = 20.0,
    *,
    resolve: Resolve = resolve_name,
    allowed: Callable[[str], bool] = is_public,
) -> bytes:
    """Read what is at an address that an outsider wrote; refuses `address_private` what is not on the public internet.

    Every redirect is checked like the first address. Tests give their own `resolve` and `allowed`.
    """
    import httpx

    with httpx.Client(timeout=timeout, trust_env=False, headers={"User-Agent": "Etalage"}) as client:
        for _ in range(REDIRECTS + 1):
            with _spoken(url):
                here = httpx.URL(_clean.address(url))
                port = here.port or (443 if here.scheme == "https" else 80)
                checked = here.copy_with(host=_public(here.host, port, resolve, allowed)[0])
                name = {"Host": here.netloc.decode()}
                with client.stream("GET", checked, headers=name, extensions={"sni_hostname": here.host}) as response:  # fmt: skip
                    if not response.has_redirect_location:
                        _accepted(response, url)
                        return _body(response, url, limit, timeout * 3)
                    url = str(here.join(response.headers["location"]))
    raise Unavailable("source_refused", f"{url} sends us on more than {REDIRECTS} times")


def _public(host: str, port: int, resolve: Resolve, allowed: Callable[[str], bool]) -> list[str]:  # fmt: skip
    try:
        numbers = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise Unavailable("source_silent", f"{host} is not known; check the name") from error
    if not numbers or not all(map(allowed, numbers)):
        raise Refused(
            "address_private",
            f"{host} is not on the public internet; use an address that visitors can reach too",
        )
    return numbers


def _answer(client: "httpx.Client", url: str, limit: int) -> Fetched | None:
    with _spoken(url), client.stream("GET", url) as response:
        if response.status_code == 304:
            return None
        _accepted(response, url)
        data = _sound(_body(response, url, limit, PATIENCE), url)
        return Fetched(
            data=data,
            etag=response.headers.get("etag", ""),
            modified=response.headers.get("last-modified", ""),
        )


def _accepted(response: "httpx.Response", url: str) -> None:
    status = response.status_code
    if status in _PASSING:
        raise Unavailable("source_silent", f"{url} answers {status}; it may be back later", detail={"passing": "yes"})
    if status != 200:
        raise Unavailable("source_refused", f"{url} answers {status}; check the address and who may read it")


def _body(response: "httpx.Response", url: str, limit: int, patience: float) -> bytes:
    if int(response.headers.get("content-length") or 0) > limit:
        raise _too_big(url, limit)
    parts, size, until = [], 0, time.monotonic() + patience
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > limit:
            raise _too_big(url, limit)
        if time.monotonic() > until:
            raise Unavailable("source_silent", f"{url} was not done after {patience:.0f} seconds; try again later")
    return b"".join(parts)


@contextmanager
def _spoken(url: str) -> Iterator[None]:
    """Translate the client's errors."""
    import httpx

    passing = {"passing": "yes"}
    try:
        yield
    except httpx.RemoteProtocolError as error:
        raise Unavailable(
            "source_cut_off", f"the answer of {url} stopped halfway; try again", detail=passing
        ) from error
    except httpx.TooManyRedirects as error:
        raise Unavailable("source_refused", f"{url} sends us on more than {REDIRECTS} times") from error
    except httpx.TimeoutException as error:
        raise Unavailable("source_silent", f"{url} does not answer in time; try again later", detail=passing) from error
    except httpx.TransportError as error:
        raise Unavailable("source_silent", f"{url} cannot be reached ({error}); check the address and the connection", detail=passing) from error  # fmt: skip
    except (httpx.DecodingError, httpx.InvalidURL) as error:
        raise Unavailable("source_unreadable", f"{url} gives no readable answer: {error}") from error


def _sound(data: bytes, name: str) -> bytes:
    if not data or data.isspace():
        raise Unavailable("source_empty", f"{name} is empty; look at the export that makes it")
    if _PAGE.match(data[:2000].removeprefix(b"\xef\xbb\xbf")):
        raise Unavailable(
            "source_is_page",
            f"{name} is a web page, not a feed; check the address, perhaps it asks to log in",
        )
    return data


def _too_big(name: str, limit: int) -> Unavailable:
    return Unavailable(
        "source_too_big", f"{name} is larger than {limit / MEGABYTE:g} MB; raise limit_mb if that is right"
    )
