"""The helpers of the browser tests can fail: planted trouble is found."""

import re

import pytest

from tests.browser.axe import axe
from tests.browser.conftest import watch

SOUND = """<!doctype html><html lang="nl"><head><title>Agenda</title><meta name="color-scheme" content="light dark">
    <meta name="viewport" content="width=device-width">
    <style>p { color: #222; background: #fff } @media (prefers-color-scheme: dark) { p { background: #333 } }</style>
    </head><body><main><h1>Agenda</h1><p>Vanavond</p></main></body></html>"""


def test_axe_finds_a_picture_without_words(open_page):
    page = open_page()
    page.set_content(SOUND.replace("<p>", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p>'))
    assert [(found.rule, found.where) for found in axe(page)] == [("image-alt", "img")]
    assert axe(page, inside="p") == []
    assert axe(page, without=("image-alt",)) == []


def test_axe_judges_the_colours_that_are_shown(open_page, browser_name):
    light, dark = open_page(), open_page(colour_scheme="dark")
    light.set_content(SOUND)
    dark.set_content(SOUND)
    assert axe(light) == []
    if browser_name == "chromium":  # Firefox over WebDriver BiDi has no dark scheme
        assert [found.rule for found in axe(dark)] == ["color-contrast"]


def test_a_phone_is_narrow_and_touched(open_page, browser_name):
    page = open_page("phone")
    page.set_content(SOUND)
    assert page.evaluate("innerWidth") <= 360 or browser_name == "firefox"
    assert page.evaluate("navigator.maxTouchPoints > 0") or browser_name == "firefox"


def test_without_javascript_no_script_runs(open_page):
    page = open_page(javascript=False)
    page.set_content("<p>stil</p><script>document.body.textContent = 'luid'</script>")
    assert page.text_content("p") == "stil"


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        ("<script>throw new Error('kapot')</script>", "a script threw: kapot"),
        ("<script>console.error('oei')</script>", "the console says: oei"),
        (
            '<img src="https://elders.example/x.gif" alt="">',
            "asked another machine for https://elders.example/x.gif",
        ),
    ],
)
def test_trouble_on_a_page_is_noted(open_page, planted, words):
    page, noted = open_page(tolerate="."), []
    watch(page, noted, re.compile("net::|Could not|NetworkError"))
    page.set_content(SOUND.replace("<p>", planted + "<p>"))
    for _ in range(50):
        if noted:
            break
        page.wait_for_timeout(100)
    assert words in [line.removeprefix("Error: ") for line in noted]
