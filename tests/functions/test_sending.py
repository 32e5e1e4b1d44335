"""How a file reaches a visitor: strict headers, as small as their browser can read, and once."""

import gzip
import os
from pathlib import Path

import brotli
import pytest

from functions import parcels
from functions.app import make_app
from tests.visitor import Visitor

PAGE = "<!doctype html><title>De Linde</title>" + "<p>Vanavond om acht uur.</p>" * 200


@pytest.fixture
def output(tmp_path: Path) -> Path:
    site = tmp_path / "output" / "linde"
    for name, content in {
        "index.html": PAGE, "embed/agenda/index.html": PAGE, "404.html": '<base href="/">' + PAGE,
        "assets/main.0123456789.css": "a { color: red }\n" * 100, "speculation-rules.json": "{}", "klein.txt": "klein",
    }.items():  # fmt: skip
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content)
    (site / "assets" / "text.0123456789.woff2").write_bytes(b"x" * 5000)
    return tmp_path / "output"


@pytest.fixture
def client(output: Path) -> Visitor:
    return Visitor(make_app(output))


@pytest.mark.parametrize("path", ["", "agenda/niets/", "assets/main.0123456789.css"])
def test_every_answer_of_a_site_is_strict(client: Visitor, path: str) -> None:
    said = client.get(f"/sites/linde/{path}").headers
    assert said["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'self'" in said["content-security-policy"]
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "strict-origin-when-cross-origin"
    assert said["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in said["permissions-policy"]


def test_functions_and_their_errors_are_strict_too(client: Visitor) -> None:
    for answer in (client.get("/api/health"), client.get("/api/niets"), client.get("/")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_embed_may_be_framed_wherever_the_site_stands(client: Visitor) -> None:
    for path, host in (("/sites/linde/embed/agenda/", "127.0.0.1"), ("/embed/agenda/", "linde.localhost")):
        said = client.get(path, headers={"host": host}).headers["content-security-policy"]
        assert "frame-ancestors *" in said


def test_https_is_remembered_only_when_one_came_by_it(client: Visitor) -> None:
    assert "strict-transport-security" not in client.get("/sites/linde/").headers
    assert "strict-transport-security" in client.get("/sites/linde/", headers={"x-forwarded-proto": "https"}).headers


def test_pages_say_where_the_rules_for_fetching_ahead_are(client: Visitor) -> None:
    assert client.get("/sites/linde/").headers["speculation-rules"] == '"/sites/linde/speculation-rules.json"'
    here = client.get("/", headers={"host": "linde.localhost"})
    assert here.headers["speculation-rules"] == '"/speculation-rules.json"'
    rules = client.get("/sites/linde/speculation-rules.json")
    assert rules.headers["content-type"] == "application/speculationrules+json"


@pytest.mark.parametrize(
    ("accepted", "way"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("identity", ""),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("", ""),
    ],
)
def test_a_text_comes_as_small_as_the_browser_can_read(client: Visitor, accepted: str, way: str) -> None:
    plain = client.get("/sites/linde/", headers={"accept-encoding": "identity"})
    answer = client.get("/sites/linde/", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding", "") == way
    assert answer.headers["content-type"] == plain.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert answer.text == plain.text == PAGE
    assert (answer.headers["etag"] == plain.headers["etag"]) is (way == "")
    if way:
        assert int(answer.headers["content-length"]) < len(PAGE) / 5


def test_what_is_small_or_compressed_already_goes_as_it_is(client: Visitor) -> None:
    for name in ("assets/text.0123456789.woff2", "klein.txt"):
        assert "content-encoding" not in client.get(f"/sites/linde/{name}", headers={"accept-encoding": "br"}).headers


def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(client: Visitor, output: Path) -> None:
    for accepted in ("br", "gzip", "identity"):
        asked = {"accept-encoding": accepted}
        first = client.get("/sites/linde/", headers=asked)
        again = client.get("/sites/linde/", headers=asked | {"if-none-match": first.headers["etag"]})
        assert again.status_code == 304 and not again.content
        assert again.headers["etag"] == first.headers["etag"] and again.headers["cache-control"] == "no-cache"
    page = output / "linde" / "index.html"
    page.write_text(PAGE.replace("acht", "half"))
    os.utime(page, ns=(1, page.stat().st_mtime_ns + 1_000_000))
    after = client.get("/sites/linde/", headers={"accept-encoding": "br", "if-none-match": first.headers["etag"]})
    assert after.status_code == 200 and "half uur" in after.text


def test_a_twin_beside_the_file_is_sent_unless_it_is_older(client: Visitor, output: Path) -> None:
    page = output / "linde" / "index.html"
    twin = page.with_name("index.html.br")
    twin.write_bytes(brotli.compress(b"de tweeling"))
    assert client.get("/sites/linde/", headers={"accept-encoding": "br"}).text == "de tweeling"
    os.utime(twin, ns=(1, page.stat().st_mtime_ns - 1_000_000))
    assert client.get("/sites/linde/", headers={"accept-encoding": "br"}).text == PAGE


def test_the_shelf_forgets_what_was_used_longest_ago(tmp_path: Path) -> None:
    shelf = parcels.Shelf(room=60)
    files = [tmp_path / f"{n}.html" for n in range(3)]
    for number, file in enumerate(files):
        file.write_text(f"{number}" * 3000)
        assert gzip.decompress(shelf.get(file, file.stat(), "gzip")) == file.read_bytes()
    assert shelf.used <= 60 and [key[0] for key in shelf.kept] == [str(file) for file in files[-len(shelf.kept) :]]
    assert len(shelf.kept) < 3
