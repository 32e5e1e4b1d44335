"""Stands before a server, on a real socket, and lets go wrong what goes wrong on a wire: by plan, or at a rate from a seed.

with fault_proxy(httpx.HTTPTransport()) as proxy:          # or a simulator's transport
    proxy.plan("POST", "/orders/$", lost, nth=2)           # the second such request from now
    proxy.rate(0.6, seed=1)                                # any request, by chance
    proxy.down(); proxy.up()                               # nobody listens
"""

import random
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

PAGE = b"<!doctype html><title>Onderhoud</title><h1>Even geduld</h1>"


class FaultProxy:
    """`url` is where clients go; `inner` reaches the server as `home`. `met` counts the faults that happened, by name."""

    def __init__(self, inner: httpx.BaseTransport, home: str) -> None:
        self.inner, self.home = inner, home.rstrip("/")
        self.met: dict[str, int] = {}
        self._plans: list[list] = []
        self._chance, self._dice, self._lock = 0.0, random.Random(0), threading.Lock()
        self._port = 0
        self.up()

    @property
    def url(self) -> str:
        """Where it stands, whether or not it listens."""
        return f"http://127.0.0.1:{self._port}"

    def plan(self, method: str, path: str, fault: "Fault", *, nth: int = 1) -> None:
        """Let this fault happen to the nth request from now of that method to a path in which this pattern is found."""
        self._plans.append([method, re.compile(path), fault, nth])

    def rate(self, chance: float, seed: int = 0) -> None:
        """Let one of all faults happen to so many of the requests."""
        self._chance, self._dice = chance, random.Random(seed)

    def up(self) -> None:
        """Listen."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), type("Here", (Exchange,), {"proxy": self}))
        self._server.daemon_threads, self._server.block_on_close = True, False
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def down(self) -> None:
        """Refuse all connections."""
        self._server.shutdown()
        self._server.server_close()

    def choose(self, request: httpx.Request) -> "Fault":
        """What happens to this request."""
        fault = passed
        with self._lock:
            for plan in [one for one in self._plans if one[0] == request.method and one[1].search(request.url.path)]:
                plan[3] -= 1
                if not plan[3]:
                    self._plans.remove(plan)
                    fault = plan[2]
            if self._chance and self._dice.random() < self._chance:
                fault = self._dice.choice(QUICK)
            self.met[fault.__name__] = self.met.get(fault.__name__, 0) + 1
        return fault


class Exchange(BaseHTTPRequestHandler):
    """One request, and what can be done with it."""

    proxy: FaultProxy

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        self.asked = httpx.Request(self.command, self.proxy.home + self.path, headers=kept, content=body)
        with suppress(OSError):  # whoever asked may have gone
            self.proxy.choose(self.asked)(self)

    do_POST = do_PATCH = do_DELETE = do_PUT = do_GET  # noqa: N815 - the library's names

    def ask(self) -> httpx.Response:
        """Pass it on."""
        answer = self.proxy.inner.handle_request(self.asked)
        answer.read()
        return answer

    def give(self, status: int, kind: str, body: bytes, *, length: int | None = None) -> None:
        """Answer; `length` is what is said of it."""
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def pass_back(self, answer: httpx.Response, part: float = 1, *, honest: bool = True) -> None:
        """Answer what the server did, or a part of it; `honest`: say how long that part is."""
        body = answer.content[: int(len(answer.content) * part)]
        kind = answer.headers.get("content-type", "application/json")
        self.give(answer.status_code, kind, body, length=None if honest else len(answer.content) + 1)

    def drop(self) -> None:
        """Hang up."""
        self.connection.shutdown(socket.SHUT_RDWR)

    def say_nothing(self) -> None:
        """Until the other side gives up."""
        self.connection.recv(1)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


Fault = Callable[[Exchange], None]


def passed(one: Exchange) -> None:
    one.pass_back(one.ask())


def refused(one: Exchange) -> None:
    """Nothing is done, and the line is cut."""
    one.drop()


def hung(one: Exchange) -> None:
    """Nothing is done, and nothing is said."""
    one.say_nothing()


def lost(one: Exchange) -> None:
    """It is done, and the line is cut before the answer."""
    one.ask()
    one.drop()


def late(one: Exchange) -> None:
    """It is done, and nothing is said."""
    one.ask()
    one.say_nothing()


def cut_off(one: Exchange) -> None:
    """It is done, and the line is cut in the middle of the answer."""
    one.pass_back(one.ask(), 0.5, honest=False)


def garbled(one: Exchange) -> None:
    """It is done, and somebody on the way passes on half of the answer as if it were all."""
    one.pass_back(one.ask(), 0.5)


def page(one: Exchange) -> None:
    """Somebody on the way answers with a page of their own."""
    one.give(200, "text/html", PAGE)


def page_after(one: Exchange) -> None:
    """It is done, and somebody on the way answers with a page of their own."""
    one.ask()
    one.give(200, "text/html", PAGE)


def twice(one: Exchange) -> None:
    """Somebody on the way delivers it twice, and passes on the second answer."""
    one.ask()
    one.pass_back(one.ask())


def _says(status: int, *, done: bool) -> Fault:
    def fault(one: Exchange) -> None:
        if done:
            one.ask()
        one.give(status, "application/json", b'{"detail": "no"}')

    fault.__name__ = f"{'done_and_' if done else ''}{status}"
    return fault


SAID = tuple(_says(status, done=done) for status in (409, 429, 500) for done in (False, True))
QUICK = (refused, lost, cut_off, garbled, page, page_after, twice, *SAID)
"""Those that take no waiting."""
FAULTS = (*QUICK, hung, late)


@contextmanager
def fault_proxy(inner: httpx.BaseTransport, home: str) -> Iterator[FaultProxy]:
    """A proxy for as long as it is needed."""
    proxy = FaultProxy(inner, home)
    try:
        yield proxy
    finally:
        with suppress(OSError):
            proxy.down()
