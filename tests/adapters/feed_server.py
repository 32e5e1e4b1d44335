"""A small web server that answers as it is told, on this machine: for feeds and for pictures."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FeedServer(ThreadingHTTPServer):
    """`body` is the feed; `script` are answers to give first, once each: (status, headers, body)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body = b""
        self.headers: dict[str, str] = {}
        self.script: list[tuple[int, dict[str, str], bytes]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.cut_off = False

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: FeedServer

    def do_GET(self) -> None:
        server = self.server
        server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        status, headers, body = server.script.pop(0) if server.script else (200, server.headers, server.body)
        etag = headers.get("ETag")
        if status == 200 and etag and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if server.cut_off else body)

    def log_message(self, *said: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[FeedServer]:
    """A server for as long as it is needed."""
    server = FeedServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
