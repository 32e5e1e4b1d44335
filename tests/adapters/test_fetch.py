"""Bytes from a folder or the web: whole, or not at all."""

import gzip
import socket

import pytest

from etalage.adapters import _fetch
from etalage.adapters._fetch import Fetched
from etalage.model.errors import EtalageError, Refused, Unavailable
from tests.adapters.feed_server import FeedServer, serving
from tests.adapters.file_lab import PAGE


@pytest.fixture
def server():
    with serving() as server:
        server.body = b'{"a": 1}'
        yield server


def refusal(do) -> EtalageError:
    """What that is refused with."""
    with pytest.raises(EtalageError) as caught:
        do()
    assert caught.value.say
    return caught.value


def fetch(server: FeedServer, path: str = "/feed", **given) -> Fetched | None:
    """Read a feed of the server's; `pauses` are the seconds waited."""
    pauses = given.pop("pauses", [])
    return _fetch.read_url(server.url + path, sleep=pauses.append, **given)


def test_a_file_of_the_folder_is_read(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.csv").write_bytes(b"titel")
    assert _fetch.read_file(tmp_path, "source/a.csv") == b"titel"


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "source/../../secret", "", "link"])
def test_a_file_outside_the_folder_is_refused(tmp_path, path):
    content = tmp_path / "house"
    content.mkdir()
    (tmp_path / "secret").write_bytes(b"x")
    (content / "link").symlink_to(tmp_path / "secret")
    assert refusal(lambda: _fetch.read_file(content, path)).code == "path_outside"


def test_a_file_that_is_away_empty_a_page_or_too_big_is_unavailable(tmp_path):
    assert refusal(lambda: _fetch.read_file(tmp_path, "a")).code == "source_missing"
    assert refusal(lambda: _fetch.read_file(tmp_path, ".")).code == "source_missing"
    (tmp_path / "large").write_bytes(b"x" * 11)
    assert refusal(lambda: _fetch.read_file(tmp_path, "large", limit=10)).code == "source_too_big"
    for body, code in ((b" \n", "source_empty"), (PAGE, "source_is_page"), (b"\xef\xbb\xbf<HTML>", "source_is_page")):
        (tmp_path / "a").write_bytes(body)
        assert refusal(lambda: _fetch.read_file(tmp_path, "a")).code == code


def test_a_feed_is_read_whole(server):
    assert fetch(server).data == server.body
    server.script = [(200, {"Content-Encoding": "gzip"}, gzip.compress(b"titel"))]
    assert fetch(server).data == b"titel"


def test_a_feed_that_did_not_change_is_not_sent_again(server):
    server.headers = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 00:00:00 GMT"}
    first = fetch(server)
    assert (first.etag, first.modified) == ('"1"', "Sun, 22 Nov 2026 00:00:00 GMT")
    assert fetch(server, known=first) is None
    assert server.asked[-1][1]["if-modified-since"] == first.modified


def test_a_passing_failure_is_tried_again(server):
    pauses: list[float] = []
    server.script = [(503, {}, b""), (429, {}, b"")]
    assert fetch(server, pauses=pauses).data == server.body
    assert pauses == list(_fetch.PAUSES)
    server.script = [(500, {}, b"")] * 3
    assert refusal(lambda: fetch(server)).code == "source_silent"


def test_a_refusal_is_not_tried_again(server):
    server.script = [(404, {}, b"")]
    assert refusal(lambda: fetch(server)).code == "source_refused"
    assert len(server.asked) == 1


def test_an_answer_that_stops_halfway_is_no_answer(server):
    server.cut_off = True
    assert refusal(lambda: fetch(server)).code == "source_cut_off"
    assert len(server.asked) == 3


def test_a_web_page_is_no_feed(server):
    server.body = PAGE
    assert refusal(lambda: fetch(server)).code == "source_is_page"


def test_an_answer_without_end_is_not_read(server):
    server.body = b"x" * 1000
    assert refusal(lambda: fetch(server, limit=100)).code == "source_too_big"
    server.script = [(200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 1_000_000))]
    assert refusal(lambda: fetch(server, limit=10_000)).code == "source_too_big"


def test_redirects_are_followed_but_not_for_ever(server):
    server.script = [(302, {"Location": "/elsewhere"}, b"")]
    assert fetch(server).data == server.body
    server.script = [(302, {"Location": "/again"}, b"")] * 20
    assert refusal(lambda: fetch(server)).code == "source_refused"


def test_a_server_that_is_not_there_is_unavailable():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    error = refusal(lambda: _fetch.read_url(url, sleep=lambda _: None))
    assert isinstance(error, Unavailable)
    assert error.code == "source_silent"


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::80ff:fffe",
    ],
)  # fmt: skip
def test_a_number_that_is_not_on_the_public_internet_is_known(number):
    assert not _fetch.is_public(number)


@pytest.mark.parametrize("number", ["193.190.1.1", "2a02:a03f::1", "64:ff9b::c1be:101", "::ffff:193.190.1.1"])
def test_a_number_on_the_public_internet_is_known(number):
    assert _fetch.is_public(number)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://0x7f000001/", "http://2130706433/"]
)
def test_a_picture_is_not_fetched_from_inside(url):
    assert refusal(lambda: _fetch.fetch_public(url)).code in ("address_private", "address_unsafe")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.be/", "http://a@127.0.0.1/", "javascript:x"])
def test_a_picture_has_a_web_address(url):
    assert refusal(lambda: _fetch.fetch_public(url)).code == "address_unsafe"


def outside(server: FeedServer, names: dict[str, list[str]] | None = None, private: tuple[str, ...] = ()):
    """Options for a fetch in which the server passes for the public internet, and `private` for the inside."""
    return {
        "resolve": lambda host, port: (names or {}).get(host, ["127.0.0.1"]),
        "allowed": lambda number: number == "127.0.0.1" and number not in private,
    }


def test_a_picture_is_fetched_from_the_address_that_was_checked(server):
    port = server.server_address[1]
    assert _fetch.fetch_public(f"http://foto.example:{port}/a.jpg", **outside(server)) == server.body
    assert server.asked[0][1]["host"] == f"foto.example:{port}"


def test_a_redirect_is_checked_like_the_first_address(server):
    server.script = [(302, {"Location": "http://binnen.example/secret"}, b"")]
    port = server.server_address[1]
    options = outside(server, {"binnen.example": ["169.254.169.254"]})
    assert refusal(lambda: _fetch.fetch_public(f"http://foto.example:{port}/", **options)).code == "address_private"
    server.script = [(302, {"Location": "/elders.jpg"}, b"")]
    assert _fetch.fetch_public(f"http://foto.example:{port}/", **outside(server)) == server.body
    server.script = [(302, {"Location": "/rond"}, b"")] * 20
    assert (
        refusal(lambda: _fetch.fetch_public(f"http://foto.example:{port}/", **outside(server))).code == "source_refused"
    )


def test_one_private_number_among_public_ones_is_enough_to_refuse(server):
    options = outside(server, {"dubbel.example": ["127.0.0.1", "10.0.0.1"]})
    assert refusal(lambda: _fetch.fetch_public("http://dubbel.example/", **options)).code == "address_private"


def test_a_name_is_resolved_once(server):
    """A second answer, with another number, would be DNS rebinding."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    port = server.server_address[1]
    assert _fetch.fetch_public(
        f"http://foto.example:{port}/", resolve=resolve, allowed=lambda number: number == "127.0.0.1"
    )
    assert asked == ["foto.example"]


def test_a_picture_too_big_or_gone_is_unavailable(server):
    port = server.server_address[1]
    server.body = b"x" * 1000
    assert (
        refusal(lambda: _fetch.fetch_public(f"http://foto.example:{port}/", limit=10, **outside(server))).code
        == "source_too_big"
    )
    server.script = [(404, {}, b"")]
    assert (
        refusal(lambda: _fetch.fetch_public(f"http://foto.example:{port}/", **outside(server))).code == "source_refused"
    )


def test_a_name_that_nobody_knows_is_unavailable():
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("unknown")

    error = refusal(lambda: _fetch.fetch_public("http://nergens.example/", resolve=unknown))
    assert not isinstance(error, Refused)
    assert error.code == "source_silent"
