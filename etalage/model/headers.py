"""What an answer says beside its content: what a page may load, who may frame it, how long it is kept.

One table for every server of a site: the functions put these headers on what they answer (functions/guard.py), and a build
writes the same for hosts that only know files (`_headers`, plugins/hosting.py). A path here is relative to its site's root,
without a slash in front: "", "agenda/", "assets/main.4f2d1c9a07.css".

A newcomer's trap: two Content-Security-Policies on one answer are both obeyed. A page that others may frame must never get
the general one as well, so `_headers` names folders and has no policy for everything.
"""

from collections.abc import Iterable, Mapping

POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'self'",  # 404.html names its own
    "frame-ancestors": "'self'",
}
"""All that our pages need. Nothing inline: JSON-LD is data, which no policy stops."""
_GENERAL, _FRAMED = (
    "; ".join(f"{name} {value}" for name, value in rules.items())
    for rules in (POLICY, {**POLICY, "frame-ancestors": "*"})
)
EVERYWHERE: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(self), microphone=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
"""Geolocation is for "near me", which asks first."""
OPEN: Mapping[str, str] = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""For pages of other sites: the embed, and everything that is there for programs."""
SECURE: Mapping[str, str] = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
"""Only over https: on plain http browsers ignore it, and a developer's machine must never promise it."""
FOREVER = "public, max-age=31536000, immutable"
"""For a file whose name says its content."""
REVALIDATE = "no-cache"
"""Keep it, but ask each time whether it is still the same: an unchanged page costs one small answer."""
A_DAY = "public, max-age=86400"
RULES = "speculation-rules.json"
"""Which pages a browser may fetch before they are asked for; beside the front page, so that its "./" is the site."""
PERSONAL = ("basket", "checkout", "door", "order", "organiser", "waiting", "wishlist")
"""Pages that concern one visitor."""
FRAMED = "embed"
"""The folder of pages made to stand in somebody else's; in every language the site has."""
_SHORTEST = 2
"""A language's folder is named with two letters."""


def of(path: str, *, root: str = "/", secure: bool = False, page: bool = True) -> dict[str, str]:
    """Every header of one path, names in small letters. `root`: where the site stands; `page`: whether it is HTML."""
    found = {**EVERYWHERE, "content-security-policy": policy(path), "cache-control": cache(path)}
    if page:
        found["speculation-rules"] = f'"{root}{RULES}"'
    if is_open(path):
        found |= OPEN
    return {**found, **SECURE} if secure else found


def policy(path: str) -> str:
    """The Content-Security-Policy of one path."""
    return _FRAMED if is_framed(path) else _GENERAL


def leading_to(*pages: str) -> str:
    """The Content-Security-Policy of a page whose form leads to these sources: a browser holds every redirect to it."""
    rules = {**POLICY, "form-action": " ".join((POLICY["form-action"], *pages))}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def cache(path: str) -> str:
    """How long the answer may be kept."""
    if path.startswith("assets/") or path.endswith(".bin"):  # a piece of the search index is named after what is in it
        return FOREVER
    return A_DAY if path == RULES else REVALIDATE


def is_open(path: str) -> bool:
    """What other sites may read."""
    return is_framed(path) or path.endswith((".json", ".jsonld", ".ics", "feed.xml"))


def is_framed(path: str) -> bool:
    """Whether other sites may frame it: embed/… and fr/embed/…."""
    first, _, rest = path.partition("/")
    second = rest.partition("/")[0]
    return first == FRAMED or (len(first) == _SHORTEST and second == FRAMED)


def speculation_rules() -> dict[str, object]:
    """Fetch a page of ours when a visitor is about to ask for it; never what concerns one visitor, nor a file.

    A pattern is relative to where this stands: "*" is the site, wherever that is. ("./*" matches nothing in Chromium 156.)
    """
    never = [f"{here}{name}{more}" for here in ("", "*/") for name in PERSONAL for more in ("", "?*", "/*")]
    never += ["api/*", "*.ics", "*.xml", "*.json", "*.csv"]
    return {
        "prefetch": [
            {"where": {"and": [{"href_matches": "*"}, {"not": {"href_matches": never}}]}, "eagerness": "moderate"},
        ]
    }


def as_file(paths: Iterable[str], root: str = "/", *, secure: bool = False) -> str:
    """The `_headers` file of a site (Netlify, Cloudflare Pages and others read it), for all of its pages' paths."""
    everywhere = {**EVERYWHERE, **(SECURE if secure else {})}
    blocks = [(f"{root}*", everywhere)]
    pages = sorted({_folder(path) for path in paths})
    own = {"content-security-policy", "cache-control", "speculation-rules", *OPEN}
    blocks += [(root + path, {k: v for k, v in of(path, root=root).items() if k in own}) for path in pages]
    blocks.append((f"{root}assets/*", {"cache-control": FOREVER}))
    blocks.append((root + RULES, {"cache-control": A_DAY, "content-type": "application/speculationrules+json"}))
    return "\n".join(f"{path}\n" + "".join(f"  {_title(k)}: {v}\n" for k, v in found.items()) for path, found in blocks)


def _folder(path: str) -> str:
    """The folder that one rule is for: "agenda/*", "fr/embed/*"; a page at the top is named itself."""
    first, _, rest = path.partition("/")
    if len(first) == _SHORTEST and rest:
        second, slash, _ = rest.partition("/")
        return f"{first}/{second}/*" if slash else path
    return f"{first}/*" if rest or (path.endswith("/") and len(first) != _SHORTEST) else path


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
