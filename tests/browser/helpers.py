"""What several browser tests need: the main pages, dark in every engine, the keyboard, an app that is served."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette

from tests.browser.axe import axe
from tests.shop import GOLDEN_DAY

SITES = ("langsdeelve", "meerstoel", "klokzeel", "foelie")
COLOURS = ("color-contrast", "link-in-text-block")
"""What the colour scheme can change; every other rule of WCAG 2.2 A and AA is asked in light."""
SHOWS = {"langsdeelve": "zeshonderd-spiegels", "meerstoel": "wachtlijn", "klokzeel": "herstelcafe", "foelie": "zout"}


def main_pages(site: str) -> tuple[str, ...]:
    """Home, agenda, a production and the gallery, by their paths."""
    return ("/", "/agenda/", f"/programma/{SHOWS[site]}/", "/gallery/")


def live_on(context: Any, day: str = GOLDEN_DAY) -> Any:
    """The browser's day is the one that the pages were built for, from noon on: whatever day it is, none of its dates is over."""
    ahead = datetime.fromisoformat(f"{day}T12:00:00+01:00").timestamp() - time.time()
    context.add_init_script(
        """((ahead) => {
        const Real = Date;
        globalThis.Date = class Date extends Real {
            constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
            static now() { return Real.now() + ahead; }
        };
        })(AHEAD)""".replace("AHEAD", str(round(ahead * 1000)))
    )
    return context


def set_scheme(page: Any, scheme: str, engine: str) -> None:
    """Light or dark. A stock Firefox ignores Playwright's wish, so there the switches are set that a style sheet would."""
    if engine == "chromium":
        page.emulate_media(color_scheme=scheme)
        # On a busy machine the page hears of it later, and axe would read one colour before and another after.
        page.wait_for_function("scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", arg=scheme)
        return
    page.evaluate(
        """dark => { const style = document.documentElement.style;
        style.setProperty('--lightningcss-light', dark ? ' ' : 'initial');
        style.setProperty('--lightningcss-dark', dark ? 'initial' : ' ') }""",
        scheme == "dark",
    )


def tab_to(page: Any, wanted: Callable[[str, str], bool], most: int = 120) -> str:
    """Press Tab until an element is reached that is wanted by its name and address; give its name. What is passed is visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name, href, seen = page.evaluate(
            """() => { const e = document.activeElement; const r = e.getBoundingClientRect();
            return [(e.getAttribute('aria-label') || e.innerText || '').trim(), e.getAttribute('href') || '',
                    e.checkVisibility() && r.width > 1 && r.height > 1] }"""
        )
        assert seen, f"the keyboard is at something that cannot be seen: {name!r} {href}"
        if wanted(name, href):
            return str(name)
    raise AssertionError(f"not reached with {most} times Tab")


def ring(page: Any) -> float:
    """How thick the ring is around what the keyboard is at, in pixels; a card draws its own around itself."""
    return float(
        page.evaluate(
            """() => { const width = s => s.outlineStyle === 'none' || s.outlineColor === 'rgba(0, 0, 0, 0)' ? 0 : parseFloat(s.outlineWidth);
            const e = document.activeElement; return Math.max(width(getComputedStyle(e)), width(getComputedStyle(e, '::after'))) }"""
        )
    )


def accessible(page: Any, engine: str, reader: Any = None) -> None:
    """The page fits and is clean to axe, in light and in dark.

    axe is a script: where the page has none, a `reader` that has them opens what it shows, also the answer to a form. Once is
    enough there, for the colours are those of the same page with scripts.
    """
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    if reader:
        reader.route(
            page.url, lambda route: route.fulfill(body=page.content(), content_type="text/html; charset=utf-8")
        )
        reader.goto(page.url)
        reader.unroute(page.url)
        assert axe(reader) == []
        return
    set_scheme(page, "light", engine)
    assert axe(page) == []
    set_scheme(page, "dark", engine)
    assert axe(page, only=COLOURS) == []


HOSTILE = (
    "<script>window.hacked=1</script>", "\"><img src=x onerror=window.hacked=1>", "'-alert(1)-'", "{{ 7*7 }}", "javascript:alert(1)",
    "</title><svg/onload=window.hacked=1>", "\u202eevil", "=cmd|' /C calc'!A0", "A" * 120, "http://evil.example/x.png", "<!-- here -->",
    "&lt;b&gt;", "%(num)s %s %n", "Ünïcödé ☃ 𝔘",
)  # fmt: skip
"""Words as somebody might write them who means no good (A35)."""


@contextmanager
def served(app: Starlette, port: int) -> Iterator[None]:
    """An app on a port of this machine, in a thread of this process."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive(), "the server ended"
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
