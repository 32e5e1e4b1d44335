"""Reading a page: what counts as its ids and references, and what only looks like it."""

from selectolax.lexbor import LexborHTMLParser

from sitecheck import pages
from tests.sitecheck.conftest import NOORD


def test_reading_agrees_with_a_browsers_parser(region):
    page = next(page for page in pages.read(region) if page.file == "noord/index.html")
    tree = LexborHTMLParser(NOORD)
    hrefs = {node.attributes["href"] for node in tree.css("[href]")}
    assert {ref.target for ref in page.references if ref.attribute == "href"} == {href or "" for href in hrefs}
    assert page.ids == {node.attributes["id"] for node in tree.css("[id]")}


def test_of_a_repeated_attribute_the_first_counts(plant):
    region = plant('<a href="/kaas/" href="/weg/" id="een" id="twee">x</a>')
    page = next(page for page in pages.read(region) if page.file == "noord/index.html")
    assert "een" in page.ids
    assert "twee" not in page.ids
    assert "/weg/" not in {ref.target for ref in page.references}


def test_text_that_looks_like_tags_is_text(plant):
    page = """<!-- <p id="a"> --><title><p id="b"></title><textarea><p id="c"></textarea><style><p id="d"></style>
        <script>"<p id='e'>"</script><p title="> <p id='f'>" id='g'><P ID=h><p data-id="i" id><!-- <p id="j">"""
    region = plant(page, "x.html")
    page = next(page for page in pages.read(region) if page.file == "x.html")
    assert page.ids == {"g", "h"}


def test_a_srcset_may_hold_commas_in_its_addresses():
    assert pages.candidates("a,b.jpg 1x,c.jpg 2x , d.jpg") == ["a,b.jpg", "c.jpg", "d.jpg"]
