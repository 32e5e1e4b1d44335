"""Outside text is hostile until it has been through here. Used by every adapter that reads what others wrote."""

import html
import re
import unicodedata
from urllib.parse import urlsplit

import nh3
import pyromark

from etalage.model.errors import Refused

TITLE_LIMIT = 200
TAGS = frozenset("p br strong em b i u s ul ol li h3 h4 blockquote a sub sup abbr".split())
_DEMOTED = (("h1", "h3"), ("h2", "h3"), ("h5", "h4"), ("h6", "h4"))
# Control characters but tab and line ends; zero-width and bidirectional controls (the marks that make text lie about its
# order, Unicode TR 36); lone surrogates; private use.
_HARMFUL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff]"
)
_SPACES = re.compile(r"\s+")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^>]*>|&[a-zA-Z#0-9]+;")
_NOT_TEXT = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "noscript",
    "template",
    "svg",
    "math",
    "head",
    "title",
}
_PARAGRAPH = re.compile(r"\n\s*\n")
_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=_NOT_TEXT,
    attributes={"a": {"href", "hreflang"}, "abbr": {"title"}, "p": {"lang"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
    strip_comments=True,
)


def plain(text: str) -> str:
    """One line of plain text: no control characters, no tags, no entities, white space folded, composed (NFC)."""
    if "<" in text or "&" in text:
        text = without_tags(text)
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", _HARMFUL.sub("", text))
    return _SPACES.sub(" ", text).strip()


def lines(text: str) -> str:
    """Plain text whose line ends matter (an address): like `plain`, line by line."""
    return "\n".join(line for line in map(plain, text.splitlines()) if line)


def without_tags(text: str) -> str:
    """Take tags away and read entities, when it is HTML at all; "3 < 5 & meer" stays what it is."""
    if not _LOOKS_LIKE_HTML.search(text):
        return text
    bare = nh3.clean(text, tags=set(), clean_content_tags=_NOT_TEXT, strip_comments=True)
    return html.unescape(bare)


def prose(text: str, markup: str = "html") -> str:
    """Safe HTML from what a source calls its description. `markup`: html, text (blank lines part paragraphs) or markdown."""
    if not text or not text.strip():
        return ""
    text = _HARMFUL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if markup == "markdown":
        text = pyromark.html(text)
    elif markup == "text" or not _LOOKS_LIKE_HTML.search(text):
        text = "".join(
            "<p>" + html.escape(part.strip(), quote=False).replace("\n", "<br>") + "</p>"
            for part in _PARAGRAPH.split(text)
            if part.strip()
        )
        return unicodedata.normalize("NFC", text)
    if "<h" in text or "<H" in text:
        for old, new in _DEMOTED:
            text = re.sub(rf"<(/?){old}\b", rf"<\1{new}", text, flags=re.IGNORECASE)
    return unicodedata.normalize("NFC", _cleaner.clean(text)).strip()


def address(text: str) -> str:
    """An http or https address that can be linked to; refuses `address_unsafe` (javascript:, data:, no host, user names)."""
    url = _HARMFUL.sub("", text).strip().replace(" ", "%20")
    if url.lower().startswith("www."):
        url = "https://" + url
    try:
        parts = urlsplit(url)
        fine = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and parts.port != 0
        )
    except ValueError:
        fine = False
    if not fine or any(sign in url for sign in "\"'<>\\`{}|^\n\t"):
        raise Refused(
            "address_unsafe", f"{text[:80]!r} is no web address; write one that begins with https://"
        )
    return url


def identifier(text: str) -> str:
    """A part of an id as its source gives it; refuses `id_unsafe` for what could leave a folder or break an address."""
    name = str(text).strip()
    if not _IDENTIFIER.fullmatch(name) or ".." in name or len(name) > 120:
        raise Refused(
            "id_unsafe", f"{name[:60]!r} cannot be an id; use letters, digits, dot, dash and underscore"
        )
    return name
