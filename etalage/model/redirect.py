"""Addresses that were, and where they lead now."""

from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from etalage.model.errors import Refused


class OldAddress(msgspec.Struct, frozen=True, kw_only=True):
    """A line that staff wrote: the old path (decoded, from the site's root, with its slash in front), the query that must be
    there too, and the target as written: a path of this site, an http(s) address, or a production's id. `where`: file and line.
    """

    path: str
    target: str
    where: str
    query: tuple[tuple[str, str], ...] = ()


class Redirect(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A settled one: `new` is relative to the site's root, or an http(s) address."""

    path: str
    new: str
    query: tuple[tuple[str, str], ...] = ()


def split(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The path and the query of an old address, written in full or from the root; refuses what no server is ever asked for."""
    try:
        parts = urlsplit(text.strip())
    except ValueError as error:
        raise Refused("redirect_wrong", f"{text!r} is no address ({error})") from error
    if parts.fragment:
        raise Refused("redirect_wrong", f"{text!r}: what follows # never reaches a server; leave it out")
    path = unquote(parts.path)
    if parts.scheme not in ("", "http", "https") or not path.startswith("/") or (parts.netloc and not parts.scheme):
        raise Refused(
            "redirect_wrong", f"{text!r}: write the old address from its first slash, such as /agenda.php?id=12"
        )
    if ".." in path.split("/") or "//" in path or any(ord(sign) < 33 or sign in '\\<>"|*' for sign in path):
        raise Refused("redirect_wrong", f"{text!r} has signs that an address of ours cannot have")
    return path, tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))


def file_of(path: str) -> str:
    """The file that can stand in for a server's own redirect; "" where a browser would not take it for a page."""
    inside = path.lstrip("/")
    last = inside.rpartition("/")[2]
    if not last or "." not in last:
        return f"{inside.rstrip('/')}/index.html".lstrip("/")
    return inside if last.endswith((".html", ".htm")) else ""


def key_of(path: str) -> str:
    """Two addresses that differ in their last slash or an index.html are one."""
    return path.removesuffix("index.html").rstrip("/") or "/"
