"""Each planted broken link is found, and the sound region has none."""

import pytest

from sitecheck import links
from tests.sitecheck.conftest import HEAD, SITES

SERVED = ("/search", "/basket", "/api/")


def codes(region):
    return [(problem.file, problem.code) for problem in links.check(region, SITES, served=SERVED)]


def test_a_sound_region_has_no_broken_links(region):
    assert links.check(region, SITES, served=SERVED) == []


@pytest.mark.parametrize(
    ("planted", "code"),
    [
        ('<a href="/weg/">x</a>', "broken-link"),
        ('<a href="weg.html">x</a>', "broken-link"),
        ('<a href="../zuid/">x</a>', "broken-link"),  # one site is not a folder of the other
        ('<a href="https://noord.example/weg/">x</a>', "broken-link"),
        ('<a href="http://127.0.0.1:8000/elders/">x</a>', "broken-link"),
        ('<a href="webcal://noord.example/weg.ics">x</a>', "broken-link"),
        ('<a href="/Kaas/">x</a>', "broken-link"),
        ('<a href="/searching">x</a>', "broken-link"),
        ('<a href="/kaas">x</a>', "missing-slash"),
        ('<a href="#nergens">x</a>', "broken-fragment"),
        ('<a href="/kaas/#nergens">x</a>', "broken-fragment"),
        ('<a href="http://127.0.0.1:8000/sites/zuid/#nergens">x</a>', "broken-fragment"),
        ('<svg><use href="/img/icons.svg#ster"/></svg>', "broken-fragment"),
        ('<img src="weg.jpg" alt="">', "broken-link"),
        ('<img src="" alt="">', "empty-source"),
        ('<img srcset="/img/a.jpg 1x, weg.jpg 2x" alt="">', "broken-link"),
        ('<source srcset="weg.avif">', "broken-link"),
        ('<link rel="preload" as="image" imagesrcset="weg.avif 1x" href="/img/a.jpg">', "broken-link"),
        ('<video poster="weg.jpg"></video>', "broken-link"),
        ('<script src="/js/weg.js"></script>', "broken-link"),
        ('<object data="weg.pdf"></object>', "broken-link"),
        ('<form action="/kopen/"></form>', "broken-link"),
        ('<meta http-equiv="refresh" content="0; url=/weg/">', "broken-link"),
        ('<meta property="og:image" content="https://noord.example/weg.jpg">', "broken-link"),
        ('<a href="javascript:void(0)">x</a>', "forbidden-scheme"),
        ('<a href="ftp://elders.example/">x</a>', "forbidden-scheme"),
        ('<a href="data:text/html,x">x</a>', "forbidden-scheme"),
        ('<a href="http://">x</a>', "malformed-link"),
        ('<a href="https://el ders.example/">x</a>', "malformed-link"),
        ('<a href="/kaas/?q=a b">x</a>', "malformed-link"),
        ('<a href="http://[half/">x</a>', "malformed-link"),
        ('<a href="mailto:nobody">x</a>', "malformed-link"),
        ('<a href="tel:bel-ons">x</a>', "malformed-link"),
    ],
)
def test_a_planted_defect_is_found(plant, planted, code):
    assert codes(plant(planted)) == [("noord/index.html", code)]


def test_a_base_moves_bare_fragments_too(plant):
    page = f'{HEAD}<base href="/kaas/"></head><body id="hier"><a href="#hier">x</a></body></html>'
    assert codes(plant(page, "noord/x/index.html")) == [("noord/x/index.html", "broken-fragment")]


def test_a_style_sheet_and_a_site_map_are_followed(plant):
    plant("a { background: url(weg.png) } @import 'weg.css';", "noord/css/main.css")
    found = codes(plant("<urlset><url><loc>https://noord.example/weg/</loc></url></urlset>", "noord/sitemap.xml"))
    assert found == [("noord/css/main.css", "broken-link")] * 2 + [("noord/sitemap.xml", "broken-link")]


def test_a_page_outside_every_site_is_checked_too(plant):
    page = f'{HEAD}</head><body><a href="/noord/kaas/">x</a><a href="/weg/">x</a></body></html>'
    assert codes(plant(page, "index.html")) == [("index.html", "broken-link")]


def test_without_sites_the_folder_is_one_site(region):
    assert links.check(region / "noord", served=SERVED) == []
    (region / "noord/kaas/index.html").unlink()
    assert {problem.code for problem in links.check(region / "noord", served=SERVED)} == {"broken-link"}


def test_links_in_comments_scripts_and_text_are_no_links(plant):
    quiet = """<!-- <a href="/weg/"> --><script>const a = '<a href="/weg/">';</script><p>&lt;a href="/weg/"&gt;</p>"""
    assert codes(plant(quiet)) == []


def test_what_a_problem_says_can_be_searched_for(plant):
    (problem,) = links.check(plant('<a href="/weg/">x</a>'), SITES, served=SERVED)
    assert str(problem) == 'noord/index.html: broken-link: <a href> "/weg/" leads to nothing'


def test_a_site_without_a_full_address_is_refused(region):
    with pytest.raises(ValueError, match="no base address"):
        links.check(region, {"/sites/noord/": "noord"})
