"""Browsers for the tests: hermetic, on a phone or a desktop, light or dark, with or without JavaScript.

Ask for `open_page` rather than Playwright's `page`: its pages fail the test when a script throws, the console shows
an error, or anything is asked of another machine. `site_url` says where a site of the demo region is served; it
takes that from `ETALAGE_SITE_URL` (say `http://{site}.localhost:8000`, a demo that already runs) or else from the
fixture `demo_server` of tests/conftest.py, which builds and serves the region and returns the same kind of pattern.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.helpers import live_on
from tests.shop import GOLDEN_DAY
from tools.browser import launch_args

SCREENS: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 3,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}
expect.set_options(timeout=30_000)  # as long as any other wait: a busy machine is no fault of the page
AT_HOME = re.compile(r"^(localhost|.+\.localhost|127\.0\.0\.1|)$")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test, whether or not it says so."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_name: str, playwright: Playwright, pytestconfig: pytest.Config) -> dict[str, Any]:
    """Start the browser that tools/browser.py finds, to be seen with --headed; if there is none, fail."""
    return launch_args(browser_name, playwright) | {"headless": not pytestconfig.getoption("--headed")}


@pytest.fixture(scope="session")
def site_url(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Return a function from the name of a site to its base address, without a slash at the end."""
    pattern: str = os.environ.get("ETALAGE_SITE_URL") or request.getfixturevalue("demo_server")
    return lambda site: pattern.format(site=site).rstrip("/")


@pytest.fixture(scope="module")
def firefox(playwright: Playwright) -> Iterator[Any]:
    """A stock Firefox, whatever browser the other tests have."""
    browser = playwright.firefox.launch(**launch_args("firefox", playwright))
    yield browser
    browser.close()


@pytest.fixture
def open_page(new_context: Callable[..., Any], browser_name: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page: `open_page("phone", colour_scheme="dark", javascript=False)`.

    `tolerate` is a pattern for the troubles that a test expects, such as a 404 that it asks for. `day` is the browser's own, "" for
    today's.
    """
    troubles: list[str] = []

    def open_one(
        screen: str = "desktop",
        *,
        colour_scheme: str = "light",
        javascript: bool = True,
        tolerate: str = "(?!)",
        day: str = GOLDEN_DAY,
        **more: Any,
    ) -> Page:
        shape = dict(SCREENS[screen])
        if browser_name == "firefox":
            shape.pop("is_mobile", None)  # unknown to Firefox
            if not javascript:
                pytest.skip("Playwright cannot read a page of a stock Firefox whose JavaScript is off")
        wishes = {
            "color_scheme": colour_scheme,
            "java_script_enabled": javascript,
            "locale": "nl-BE",
            "timezone_id": "Europe/Brussels",
            "reduced_motion": "reduce",
            "service_workers": "block",  # a test that wants the site's worker says "allow"
        }
        context = new_context(**(shape | wishes | more))
        page: Page = (live_on(context, day) if day and javascript else context).new_page()
        watch(page, troubles, re.compile(tolerate))
        return page

    yield open_one
    assert not troubles, "\n".join(["the pages of this test were in trouble:", *troubles])


def watch(page: Page, troubles: list[str], tolerated: re.Pattern[str]) -> None:
    """Note what a visitor would not see and should not happen."""

    def note(words: str) -> None:
        if not tolerated.search(words):
            troubles.append(words)

    def note_stranger(url: str) -> None:
        if not AT_HOME.match(urlsplit(url).hostname or ""):
            note(f"asked another machine for {url}")

    page.on("pageerror", lambda error: note(f"a script threw: {error}"))
    page.on("console", lambda said: note(f"the console says: {said.text}") if said.type == "error" else None)
    page.on("request", lambda request: note_stranger(request.url))
