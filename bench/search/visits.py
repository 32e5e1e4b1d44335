"""Ask each engine in Chromium: what it answers, what the first answer takes over the wire, and how long each keystroke takes."""

import gzip
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TEXT = (".js", ".json", ".html", ".css")


class _Server(SimpleHTTPRequestHandler):
    delay = 0.0
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # headers and body in one packet, or every answer waits for an acknowledgement
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        time.sleep(type(self).delay)
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(folder: Path, delay: float = 0.0) -> Iterator[str]:
    """Serve a folder; each answer waits `delay` seconds, so that what depends on what can be told apart."""
    handler = type("Handler", (_Server,), {"delay": delay})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def answers(browser: Any, folder: Path, page: str, texts: Sequence[str], now: str) -> list[list[str]]:
    """The ids of the first ten answers to each question."""
    with serving(folder) as base:
        tab = visit(browser, f"{base}/{page}")
        try:
            return [tab.evaluate("([text, now]) => window.ask(text, now)", [text, now]) for text in texts]
        finally:
            tab.context.close()


def first_answer(browser: Any, folder: Path, page: str, text: str, now: str) -> tuple[int, int]:
    """Bytes and dependent steps of a first question on an empty cache. Text counts as gzipped, and the page itself not at all."""
    with serving(folder, 0.06) as base:
        tab = browser.new_context().new_page()
        done: list[Any] = []
        tab.on("requestfinished", lambda request: done.append(request))  # noqa: PLW0108 - Playwright marks its handlers
        tab.goto(f"{base}/{page}")
        tab.wait_for_function("() => window.ready", timeout=120_000)
        tab.evaluate("([text, now]) => window.ask(text, now)", [text, now])
        tab.wait_for_timeout(100)
        seen = [request for request in done if not request.url.endswith(page) and "favicon" not in request.url]
        size = sum(_size(request) for request in seen)
        times = sorted((r.timing["startTime"], r.timing["startTime"] + r.timing["responseEnd"]) for r in seen)
        tab.context.close()
    depths: list[tuple[float, int]] = []
    for start, end in times:
        depths.append((end, 1 + max((depth for before, depth in depths if before <= start + 1), default=0)))
    return size, max((depth for _, depth in depths), default=0)


Spread = tuple[float, float]
"""p50 and p95."""


def keystrokes(browser: Any, folder: Path, page: str, texts: Sequence[str], now: str) -> tuple[Spread, Spread]:
    """Milliseconds from a keystroke to its answer, while every question is typed letter by letter.

    The first time with all that must be fetched for it (from a small file server in Python, which is most of it), then again.
    """
    with serving(folder) as base:
        tab = visit(browser, f"{base}/{page}")
        script = """async ([text, now]) => {
          const times = [];
          for (let n = 1; n <= text.length; n++) {
            const start = performance.now();
            await window.ask(text.slice(0, n), now);
            times.push(performance.now() - start);
          }
          return times;
        }"""
        turns = [[one for text in texts for one in tab.evaluate(script, [text, now])] for _ in range(2)]
        tab.context.close()
    first, again = ((statistics.median(times), statistics.quantiles(times, n=20)[-1]) for times in turns)
    return first, again


def visit(browser: Any, url: str) -> Any:
    """A page of its own, ready to be asked."""
    tab = browser.new_context().new_page()
    tab.goto(url)
    tab.wait_for_function("() => window.ready", timeout=120_000)
    return tab


def _size(request: Any) -> int:
    body = request.response().body()
    return len(gzip.compress(body, 9)) if request.url.split("?")[0].endswith(TEXT) else len(body)
