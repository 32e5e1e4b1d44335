"""What a page weighs is what the browser fetches at once, and too much of it is said."""

import random

from sitecheck import check, weight
from sitecheck.weight import Budget, weigh
from tests.sitecheck.conftest import SITES


def of(region, file):
    return next(weight for weight in weigh(region, SITES) if weight.file == file)


def noise(size):
    """Return text that does not compress below about three quarters of its size."""
    chance = random.Random(1)
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", k=size))


def test_a_page_weighs_its_styles_and_the_modules_it_imports_at_once(region, plant):
    light = of(region, "noord/index.html")
    plant("/* " + noise(4000) + " */", "noord/js/part.js")
    plant("/* " + noise(9000) + " */", "noord/js/later.js")
    heavy = of(region, "noord/index.html")
    assert 3000 < heavy.js - light.js < 4000
    assert heavy.total - light.total == heavy.js - light.js
    assert of(region, "zuid/index.html").js == 0


def test_preloaded_fonts_count(plant):
    font = '<link rel="preload" as="font" href="/fonts/a.woff2" crossorigin>'
    assert of(plant(font), "noord/index.html").fonts == len("font")


def test_a_heavy_style_sheet_is_found_on_every_page_that_uses_it(region, plant):
    assert weight.check(region, SITES) == []
    plant("/* " + noise(30000) + " */", "noord/css/main.css")
    assert [(problem.file, problem.code) for problem in weight.check(region, SITES)] == [
        ("noord/index.html", "heavy-css")
    ]


def test_the_budget_is_the_callers_to_set(region):
    assert {problem.code for problem in weight.check(region, SITES, budget=Budget(html=10))} == {"heavy-html"}


def test_one_call_asks_all_the_questions(plant):
    assert check(plant(""), SITES, served=("/search", "/basket")) == []
    plant('<feed xmlns="http://www.w3.org/2005/Atom"/>', "noord/agenda.atom")
    plant("/* " + noise(30000) + " */", "noord/css/main.css")
    region = plant('<a href="/weg/">x</a><script type="application/ld+json">{</script>')
    codes = {problem.code for problem in check(region, SITES, served=("/search", "/basket"))}
    assert codes == {"broken-link", "not-json", "id", "title", "updated", "link", "heavy-css"}
