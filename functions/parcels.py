"""A file of a site on its way to a visitor: as small as their browser can read, and not at all when they have it already.

A deploy puts `.br` and `.gz` twins beside a file (commands/publish.py) and they are sent as they are. Without them (a build on
this machine) a file is compressed when it is first asked for, and remembered.
"""

import gzip
from collections import OrderedDict
from os import stat_result
from pathlib import Path
from threading import Lock

import brotli
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from etalage.model import headers

TWINS = {"br": ".br", "gzip": ".gz"}
"""What we send, best first, and how a twin's name ends."""
TEXT = frozenset({".html", ".css", ".js", ".mjs", ".svg", ".json", ".xml", ".txt", ".ics", ".webmanifest", ".csv"})
"""What becomes smaller; pictures and fonts are compressed in their own way."""
BEST, QUICK = 11, 5
"""Brotli's effort: files that stay for ever deserve the best (50 ms); a page gets 0.4 ms and is 9 % larger than it could be."""
LEAST = 256
"""Bytes below which compressing brings nothing."""
ROOM = 64 * 1024 * 1024


def squeeze(content: bytes, way: str, *, for_ever: bool) -> bytes:
    """The content, compressed in that way ("br", "gzip")."""
    if way == "br":
        return bytes(brotli.compress(content, quality=BEST if for_ever else QUICK))
    return gzip.compress(content, compresslevel=9 if for_ever else 6, mtime=0)


class Shelf:
    """Remembers compressed files, the latest used, in at most ROOM bytes."""

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.used = room, 0
        self.kept: OrderedDict[tuple[str, str, int, int], bytes] = OrderedDict()
        self.lock = Lock()

    def get(self, file: Path, stat: stat_result, way: str) -> bytes:
        """The file's content, compressed; of the file as it is now."""
        twin = file.with_name(file.name + TWINS[way])
        try:
            if twin.stat().st_mtime_ns >= stat.st_mtime_ns:
                return twin.read_bytes()
        except OSError:
            pass
        key = (str(file), way, stat.st_mtime_ns, stat.st_size)
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        made = squeeze(file.read_bytes(), way, for_ever="assets" in file.parts)
        with self.lock:
            if key not in self.kept:
                self.kept[key] = made
                self.used += len(made)
            while self.used > self.room and len(self.kept) > 1:
                self.used -= len(self.kept.popitem(last=False)[1])
        return made


def send(request: Request, shelf: Shelf, file: Path, path: str) -> Response:
    """The file, as this visitor's browser wants it; 304 when it has it already."""
    stat, asked = file.stat(), Headers(scope=request.scope)
    wanted = way_of(asked.get("accept-encoding", "")) if file.suffix in TEXT and stat.st_size >= LEAST else ""
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}{wanted and "-" + wanted}"'
    said = {"etag": tag, "cache-control": headers.cache(path)}
    if file.suffix in TEXT:
        said["vary"] = "Accept-Encoding"
    if tag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=said)
    if path == headers.RULES:
        said["content-type"] = "application/speculationrules+json"
    if not wanted:
        return FileResponse(file, stat_result=stat, headers=said)
    kind = FileResponse(file, stat_result=stat).headers["content-type"]
    content = shelf.get(file, stat, wanted)
    return Response(content, headers={"content-type": kind, **said, "content-encoding": wanted})


def way_of(accepted: str) -> str:
    """The best way that an Accept-Encoding allows, or ""."""
    found = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        found[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((way for way in TWINS if found.get(way, found.get("*", False))), "")
