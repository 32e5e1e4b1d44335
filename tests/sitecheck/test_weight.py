"""What a page weighs is what the browser fetches at once, and too much of it is said."""

import random

import pytest

from sitecheck import check, weight
from sitecheck.budgets import Budget, Budgets, read
from sitecheck.weight import weigh
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


def test_each_kind_of_page_has_its_own_budget(region, plant):
    plant('<body data-page="production">' + noise(4000))
    tight = Budgets(kinds={"production": Budget(html=1000, together=2000)})
    assert {problem.code for problem in weight.check(region, SITES, budget=tight)} == {"heavy-html", "heavy-together"}
    assert weight.check(region, SITES, budget=Budgets(kinds={"agenda": Budget(html=10)})) == []


def test_the_project_holds_an_event_page_to_forty_kilobytes():
    of = read().of("production")
    assert of.together <= 40_000 and of.js <= 25_000 and of.css <= 20_000
    assert read().of("nothing of its own") == read().every


@pytest.mark.parametrize("line", ["[every]\nhmtl = 3", '[page.home]\ncss = "veel"'])
def test_a_budget_that_means_nothing_is_refused_with_its_name(tmp_path, line):
    (tmp_path / "budgets.toml").write_text(line)
    with pytest.raises(ValueError, match=r"(every\.hmtl|page\.home\.css) is no weight"):
        read(tmp_path / "budgets.toml")


def test_pictures_that_are_seen_at_once_count_as_a_phone_takes_them(region, plant):
    for width in (400, 800, 1600):
        plant("x" * width, f"noord/p/{width}.avif")
    plant("x" * 5000, "noord/p/800.jpg")
    eager = (
        '<picture><source type="image/avif" srcset="/p/400.avif 400w, /p/800.avif 800w, /p/1600.avif 1600w">'
        '<img src="/p/800.jpg" alt=""></picture>'
    )
    before = of(region, "noord/index.html").pictures
    assert of(plant(eager), "noord/index.html").pictures - before == 800
    assert of(plant(eager.replace("<img", '<img loading="lazy"')), "noord/index.html").pictures == before
    assert of(plant('<img src="/p/800.jpg" alt="">'), "noord/index.html").pictures - before == 5000
