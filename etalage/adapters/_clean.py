"""Outside text is hostile until it has been through here. Used by every adapter that reads what others wrote.

A newcomer's trap: composing (NFC) after cleaning can swallow the ">" of a tag (">" and U+0338 make "≯") and give its
attributes back. So text is composed and freed of harmful signs first, and the cleaner has the last word.
"""

import html
import re
import unicodedata
from hashlib import blake2b
from urllib.parse import urlsplit

import nh3
import pyromark

from etalage.model.errors import Refused

TITLE_LIMIT = 200
ID_LIMIT = 120
TAGS = frozenset("p br strong em b i u s ul ol li h3 h4 blockquote a sub sup abbr".split())
_DEMOTED = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
_HEADING = re.compile(r"(</?)(h[1256])\b", re.IGNORECASE)
# Control characters but tab and line ends; zero-width and bidirectional controls (the marks that make text lie about its
# order, Unicode TR 36); lone surrogates; private use. The joiners U+200C and U+200D stay: Persian and emoji need them.
_HARMFUL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff]"
)
_FINE = bytes(range(0x20, 0x7F)) + b"\n\t"
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^>]*>|&[a-zA-Z#0-9]+;")
_BLOCK = re.compile(r"<(?=/?(?:br|p|div|li|ul|ol|tr|td|h[1-6])\b)", re.IGNORECASE)
_NOT_TEXT = set("script style iframe object embed noscript template svg math head title".split())
_PARAGRAPH = re.compile(r"\n\s*\n")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~!$&()*+,;=:@%/?#-]*)?")
# A tag that is not one of those the Markdown renderer writes for plain prose, which can do no harm and are balanced. Without
# one, text needs no second pass; `test_the_quick_way_gives_what_the_cleaner_gives` holds this to the cleaner.
_FOREIGN_TAG = re.compile(
    r"""<(?!/?(?:p|em|strong|ul|ol|li|blockquote|a)>|br />|a href="https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/?=%#:+-]*)?">)"""
)
_SPELLINGS = (('">', '" rel="noopener">'), ("&quot;", '"'), ("<br />", "<br>"), ("\xa0", "&nbsp;"))
_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=_NOT_TEXT,
    attributes={"a": {"href", "hreflang"}, "abbr": {"title"}, "p": {"lang"}},
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener",
    strip_comments=True,
)


def plain(text: str) -> str:
    """One line of plain text: no control characters, no tags, no entities, white space folded, composed (NFC)."""
    if "<" in text or "&" in text:
        text = without_tags(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if text.isprintable() and "  " not in text:  # the one printable space is " "
        return text.strip(" ")
    harmless = _HARMFUL.sub("", _LINE_END.sub(" ", text))
    return unicodedata.normalize("NFC", " ".join(harmless.split()))


def lines(text: str) -> str:
    """Plain text whose line ends matter (an address): like `plain`, line by line."""
    return "\n".join(line for line in map(plain, text.splitlines()) if line)


def without_tags(text: str) -> str:
    """Take tags away and read entities, when it is HTML at all; "3 < 5 & meer" stays what it is."""
    if not _LOOKS_LIKE_HTML.search(text):
        return text
    bare = nh3.clean(_BLOCK.sub(" <", text), tags=set(), clean_content_tags=_NOT_TEXT, strip_comments=True)
    return html.unescape(bare)


def shorten(text: str, limit: int = TITLE_LIMIT) -> str:
    """At most `limit` characters, cut at a word, with an ellipsis when something was cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rpartition(" ")[0]
    return (at_word if len(at_word) > limit // 2 else head).rstrip(" ,;:-–") + "…"


def prose(text: str, markup: str = "html") -> str:
    """Safe HTML from what a source calls its description. `markup`: html, text (blank lines part paragraphs) or markdown."""
    if not text or not text.strip():
        return ""
    if text.isascii():  # each way is the quickest through a long text of its kind
        suspect = bool(text.encode().translate(None, _FINE))
    else:
        text = unicodedata.normalize("NFC", text)
        suspect = not text.replace("\n", " ").isprintable()
    if suspect:
        text = unicodedata.normalize("NFC", _HARMFUL.sub("", _LINE_END.sub("\n", text)))
    if markup == "markdown":
        return _markdown(text)
    if markup == "text" or not _LOOKS_LIKE_HTML.search(text):
        return "".join(
            "<p>" + html.escape(part.strip(), quote=False).replace("\n", "<br>") + "</p>"
            for part in _PARAGRAPH.split(text)
            if part.strip()
        )
    return _clean(text)


def _markdown(text: str) -> str:
    rendered = pyromark.html(text)
    # "<" may begin HTML of the writer's own, "&" an entity that hides a harmful sign.
    if "<" in text or "&" in text or _FOREIGN_TAG.search(rendered):
        return _clean(rendered)
    # The rest is how the cleaner would have written the same; `">` ends a link only, in text it is `"&gt;`.
    for written, cleaned in _SPELLINGS:
        rendered = rendered.replace(written, cleaned)
    return rendered.strip()


def _clean(text: str) -> str:
    if "<h" in text or "<H" in text:
        text = _HEADING.sub(lambda found: found[1] + _DEMOTED[found[2].lower()], text)
    cleaned = _cleaner.clean(text)
    # Entities are read by the cleaner: what they hid is taken out, and the rest judged again without it.
    while _HARMFUL.search(cleaned):
        cleaned = _cleaner.clean(_HARMFUL.sub("", cleaned))
    return cleaned.strip()


def address(text: str) -> str:
    """An http or https address that can be linked to; refuses `address_unsafe` (javascript:, data:, no host, user names)."""
    if _ADDRESS.fullmatch(text):
        return text
    url = _HARMFUL.sub("", text).strip().replace(" ", "%20")
    if url.lower().startswith("www."):
        url = "https://" + url
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        fine = False
    if not fine or any(sign in url for sign in "\"'<>\\`{}|^\n\t\r"):
        raise Refused("address_unsafe", f"{text[:80]!r} is no web address; write one that begins with https://")
    scheme, colon, rest = url.partition(":")
    return scheme.lower() + colon + rest


def identifier(given: str | float) -> str:
    """A part of an id as its source gives it; refuses `id_unsafe` for what could leave a folder or break an address."""
    name = str(int(given) if isinstance(given, float) and given.is_integer() else given).strip()
    if not _IDENTIFIER.fullmatch(name) or ".." in name or len(name) > ID_LIMIT:
        raise Refused("id_unsafe", f"{name[:60]!r} cannot be an id; use letters, digits, dot, dash and underscore")
    return name


def slug(text: str, limit: int = 80) -> str:
    """A part of an id made from a name: lower case a-z, digits and dashes. A name without such letters gives a digest."""
    if len(text) <= limit and _SLUG.fullmatch(text):
        return text
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:limit].rstrip("-")
    return made or "x" + blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()
