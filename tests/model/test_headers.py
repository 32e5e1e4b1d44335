"""One table of headers: strict everywhere, but for pages that are made to stand in somebody else's."""

import re

import pytest

from etalage.model import headers


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed():
    for path in ("", "agenda/", "embed/agenda/", "404.html", "api/search"):
        policy = headers.policy(path)
        assert "unsafe" not in policy and "http" not in policy, path
        assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize(("path", "framed"), [
    ("embed/agenda/", True), ("fr/embed/agenda/", True), ("embed", True), ("", False), ("agenda/", False),
    ("programma/embed/", False), ("embedding/", False), ("pagina/embed/x/", False),
])  # fmt: skip
def test_only_embed_pages_stand_in_other_sites(path, framed):
    assert ("frame-ancestors *" in headers.policy(path)) is framed
    assert ("frame-ancestors 'self'" in headers.policy(path)) is not framed


def test_what_has_its_content_in_its_name_stays_and_the_rest_is_asked_again():
    assert headers.cache("assets/main.4f2d1c9a07.css") == "public, max-age=31536000, immutable"
    assert headers.cache("") == headers.cache("agenda.ics") == headers.cache("sw.js") == "no-cache"
    assert headers.cache("programma/assets/") == "no-cache"


def test_https_is_promised_only_over_https():
    assert "strict-transport-security" not in headers.of("", secure=False)
    assert "strict-transport-security" in headers.of("", secure=True)


def read(text):
    """A `_headers` file as hosts read it: every rule that matches a path, in order, adds its lines."""
    rules, path = [], ""
    for line in text.splitlines():
        if line and not line.startswith(" "):
            path = line
            rules.append((path, {}))
        elif line:
            name, _, value = line.strip().partition(": ")
            rules[-1][1][name.lower()] = value

    def of(asked):
        said = []
        for pattern, found in rules:
            if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), asked):
                said += found.items()
        return said

    return of


PAGES = [
    "",
    "agenda/",
    "agenda/2026-11/",
    "404.html",
    "embed/agenda/",
    "fr/",
    "fr/agenda/",
    "fr/embed/agenda/",
    "fr/404.html",
]


def test_the_file_for_hosts_says_what_the_functions_say():
    of = read(headers.as_file(PAGES, "/"))
    for path in PAGES:
        said = of(f"/{path}")
        assert dict(said) == headers.of(path), path
        assert len(said) == len(dict(said)), f"{path} gets a header twice, and of two policies both are obeyed"
    assert dict(of("/assets/main.4f2d1c9a07.css"))["cache-control"] == headers.FOREVER


def test_a_site_below_a_path_keeps_to_its_own_folder():
    of = read(headers.as_file(PAGES, "/uit/", secure=True))
    assert dict(of("/uit/agenda/"))["speculation-rules"] == '"/uit/speculation-rules.json"'
    assert "strict-transport-security" in dict(of("/uit/agenda/"))
    assert of("/agenda/") == []


def test_what_concerns_one_visitor_is_never_fetched_ahead():
    rule = headers.speculation_rules()["prefetch"][0]
    never = rule["where"]["and"][1]["not"]["href_matches"]
    for name in ("basket", "checkout", "wishlist", "order"):
        assert {name, f"{name}/*", f"{name}?*", f"*/{name}/*"} <= set(never)
    assert "api/*" in never
    assert not any(pattern.startswith(("./", "/")) for pattern in never)
